"""Schemathesis against the running service: every check, links, thousands of cases.

`python -m benchmarks.probe [--examples N] [--seed N] [--phases LIST]`
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx2

from app.datasets.mnist import write_subset
from app.key_file import read_key_file
from app.settings import Settings
from tests.live.service import live_service

OWN_KEY = "PROBE_KEY_ID"
CONFIGURATION = Path(__file__).with_suffix(".toml")
COMMAND = [sys.executable, "-c", "from schemathesis.cli import schemathesis as s; s()"]
PHASES = "examples,coverage,fuzzing,stateful"
SUBSET = (384, 100)  # training and test images: what is submitted ends soon
# The cases submit hundreds of jobs; no spare child takes the cores from the api.
CALM: dict[str, object] = {
    "auth": "on",
    "training_threads": 1,
    "spare_seconds": 60,
    "webhook_networks": "127.0.0.1/32",  # where nobody listens
}


def probe(url: str, key: str, options: list[str]) -> int:
    """Try the service at a URL; return how schemathesis ended."""
    configured = [*COMMAND, f"--config-file={CONFIGURATION}", "run"]
    header = f"--header=Authorization: Bearer {key}"
    command = [*configured, f"{url}/openapi.json", header, *options]
    known = {**os.environ, OWN_KEY: id_of(url, key)}
    return subprocess.run(command, env=known, check=False).returncode


def id_of(url: str, key: str) -> str:
    headers = {"Authorization": f"Bearer {key}"}
    own: str = httpx2.get(f"{url}/keys/me", headers=headers).json()["id"]
    return own


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=50, help="of each operation")
    parser.add_argument("--seed", type=int, default=20260801)
    parser.add_argument("--phases", default=PHASES)
    arguments = parser.parse_args()
    options = [
        f"--max-examples={arguments.examples}",
        f"--seed={arguments.seed}",
        f"--phases={arguments.phases}",
    ]

    with tempfile.TemporaryDirectory(prefix="probe-", dir="/tmp") as root:
        data_dir = Path(root)
        mnist = Settings().datasets_dir / "mnist"
        write_subset(mnist, data_dir / "datasets" / "mnist", *SUBSET)
        with live_service(data_dir, **CALM) as service:
            key = read_key_file(data_dir)
            assert key is not None, service.log()
            ended = probe(service.url, key, options)
    sys.exit(ended)


if __name__ == "__main__":
    main()
