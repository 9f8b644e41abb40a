"""Schemathesis against the running service: every check, links, thousands of cases.

`python -m benchmarks.probe [--examples N] [--seed N] [--phases LIST]`
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

from app.datasets.mnist import write_subset
from app.key_file import read_key_file
from app.settings import Settings
from tests.live.service import LiveService, live_service

OWN_KEY = "PROBE_KEY_ID"
CONFIGURATION = Path(__file__).with_suffix(".toml")
COMMAND = [sys.executable, "-c", "from schemathesis.cli import schemathesis as s; s()"]
PHASES = "examples,coverage,fuzzing,stateful"
# Every place of every operation once, and so many walks along links; minutes less.
SHORT = ("--max-examples=15", "--phases=examples,coverage,stateful")
SUBSET = (384, 100)  # training and test images: what is submitted ends soon
# The cases submit hundreds of jobs; no spare child takes the cores from the api.
CALM: dict[str, object] = {
    "auth": "on",
    "training_threads": 1,
    "spare_seconds": 60,
    "webhook_networks": "127.0.0.1/32",  # where nobody listens
}
# For jobs that wait and do not train: no worker is told of them again and again.
IDLE: dict[str, object] = {
    "reconcile_seconds": 60,
    "redelivery_seconds": 600,
    "spare_seconds": 600,
}

Report = dict[str, Any]


def probe(service: LiveService, options: Sequence[str]) -> Report:
    """Try a service; return what schemathesis reports, beside what it prints."""
    authorization = service.client.headers["Authorization"]
    report = service.data_dir / "probe.json"
    command = [
        *COMMAND,
        f"--config-file={CONFIGURATION}",
        "run",
        f"{service.url}/openapi.json",
        f"--header=Authorization: {authorization}",
        "--report=json",
        f"--report-json-path={report}",
        *options,
    ]
    known = {**os.environ, OWN_KEY: own_key(service)}
    subprocess.run(command, env=known, check=False)
    found: Report = json.loads(report.read_text())
    return found


def own_key(service: LiveService) -> str:
    key_id: str = service.get("/keys/me").json()["id"]
    return key_id


def stock(service: LiveService) -> None:
    """Give the service a network that it has trained, and a name for it."""
    job_id = service.submit(epochs=1, validation_size=100, seed=3)
    service.wait_for_end(job_id)
    [checkpoint] = service.get(f"/jobs/{job_id}/checkpoints").json()["data"]
    service.post("/models", json={"name": "digits"})
    version = {"checkpoint_id": checkpoint["id"]}
    made = service.post("/models/digits/versions", json=version)
    assert made.status_code == HTTPStatus.CREATED, made.text


def hold(service: LiveService) -> None:
    """Let what is submitted from now on wait: no case is about training."""
    quotas = {"quotas": {"running_jobs": 0}}
    held = service.request("PATCH", f"/keys/{own_key(service)}", json=quotas)
    assert held.is_success, held.text


@contextmanager
def probed_service(data_dir: Path, **settings: object) -> Iterator[LiveService]:
    """Start a service that bears thousands of machine-made requests."""
    mnist = Settings().datasets_dir / "mnist"
    write_subset(mnist, data_dir / "datasets" / "mnist", *SUBSET)
    with live_service(data_dir, **{**CALM, **settings}) as service:
        key = read_key_file(data_dir)
        service.client.headers["Authorization"] = f"Bearer {key}"
        yield service


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

    with (
        tempfile.TemporaryDirectory(prefix="probe-", dir="/tmp") as root,
        probed_service(Path(root)) as service,
    ):
        stock(service)
        report = probe(service, options)
    sys.exit(report["exit_code"])


if __name__ == "__main__":
    main()
