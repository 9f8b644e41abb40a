"""The OpenAPI document passes a public linter; `make linter` installs it."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
REDOCLY = ROOT / "node_modules" / ".bin" / "redocly"
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


def test_a_linter_finds_nothing_in_the_document(
    document: dict[str, Any], tmp_path: Path
) -> None:
    if not REDOCLY.exists() and os.environ.get("CI") == "true":
        pytest.fail("there is no linter, which CI must have: make linter")
    if not REDOCLY.exists():
        pytest.skip("there is no linter: make linter")
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document))

    linted = subprocess.run(
        [REDOCLY, "lint", "--config", ROOT / "redocly.yaml", path],
        env={**os.environ, **QUIET},
        capture_output=True,
        text=True,
        check=False,
    )

    assert linted.returncode == 0, linted.stdout + linted.stderr
