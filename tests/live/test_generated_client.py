"""Whoever makes a client of our document has one that works."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from app.datasets.mnist import load_mnist
from app.key_file import read_key_file
from tests.live.service import live_service

GENERATOR = Path(__file__).parents[2] / ".venv-generator" / "bin"
PROGRAM = Path(__file__).with_name("generated_job.py")
PACKAGE = "modelmill_client"
# What is neither JSON nor text, the generator knows by this name only.
BYTES = ("image/png", "image/jpeg", "image/webp", "image/svg+xml", "application/zip")

pytestmark = pytest.mark.live


def run(*command: object, **environment: str) -> str:
    done = subprocess.run(
        [*map(str, command)],
        env={**os.environ, "PATH": f"{GENERATOR}:{os.environ['PATH']}", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def generate(document: bytes, folder: Path) -> str:
    """Make the client; return what the generator said."""
    source, settings = folder / "openapi.json", folder / "generator.json"
    source.write_bytes(document)
    overrides = dict.fromkeys(BYTES, "application/octet-stream")
    settings.write_text(json.dumps({"content_type_overrides": overrides}))
    options = ["--meta=none", f"--path={source}", f"--config={settings}"]
    target = f"--output-path={folder / PACKAGE}"
    return run(GENERATOR / "openapi-python-client", "generate", *options, target)


def test_a_generated_client_runs_a_whole_job(data_dir: Path, tmp_path: Path) -> None:
    if not GENERATOR.is_dir():
        assert "CI" not in os.environ, "run `make generator` first"
        pytest.skip("there is no generator: make generator")
    picture = tmp_path / "seven.png"
    images = load_mnist(data_dir / "datasets" / "mnist").test_images
    Image.fromarray(images[0]).save(picture)

    with live_service(data_dir, auth="on") as service:
        key = read_key_file(data_dir)
        said = generate(service.get("/openapi.json").content, tmp_path)
        python = GENERATOR / "python"
        found = json.loads(
            run(python, PROGRAM, service.url, key, picture, PYTHONPATH=str(tmp_path))
        )

    assert "WARNING" not in said
    assert found["status"] == "succeeded"
    assert found["checkpoints"] == found["epochs"] == [1, 2]
    assert found["weights"] > 1_000_000
    assert found["answered_by"] == found["job"]
    assert found["label"] in "0123456789"
