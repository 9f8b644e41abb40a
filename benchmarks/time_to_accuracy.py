"""Seconds from a submit to 99.2 %, ours against the tutorial's TensorFlow program.

`python -m benchmarks.time_to_accuracy [--preset NAME] [--seed N] [--json]`

Ours is a job over HTTP on an idle service with a warm worker; its time ends with the
job, all epochs and the test of the best included. The program's time is of training,
validating and saving alone, and it stops at the first epoch after which the checkpoint
that is best by validation reaches the accuracy.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.settings import Settings
from benchmarks.latency import is_spare_warm
from benchmarks.report import Target, at_least, print_rows, print_targets
from benchmarks.tensorflow_peer import (
    HOW_TO_GET_IT,
    find_tensorflow,
    start_program,
)
from tests.live.service import LiveService, live_service, wait_until

ACCURACY = 0.992
SOONER = 25.0
MOST_EPOCHS = 20
PATIENCE_SECONDS = 3600.0


@dataclass(frozen=True)
class Reached:
    """When, and with which test accuracy, whether or not it is enough."""

    seconds: float
    test_accuracy: float
    epoch: int

    def row(self) -> str:
        percent = f"{self.test_accuracy:.2%}"
        return f"{self.seconds:.1f} s, {percent} on test images, epoch {self.epoch}"


def run_ours(datasets: Path, preset: str, seed: int) -> Reached:
    with warm_service(datasets) as service:
        job_id = service.submit(preset=preset, seed=seed)
        # The stream ends with the job, and costs less than to look again and again.
        service.get(f"/jobs/{job_id}/events", timeout=PATIENCE_SECONDS)
        return reached_by(service.job(job_id))


def reached_by(job: dict[str, Any]) -> Reached:
    """Read a finished job as the time from its submit to its end."""
    if job["status"] != "succeeded":
        raise SystemExit(f"the job ended {job['status']}: {job['error']}")
    submitted, finished = (
        datetime.fromisoformat(job[name]) for name in ("created_at", "finished_at")
    )
    seconds = (finished - submitted).total_seconds()
    return Reached(seconds, job["test_accuracy"], job["best_epoch"])


@contextmanager
def warm_service(datasets: Path) -> Iterator[LiveService]:
    """Start a service on the real data, and wait for its spare child to be ready."""
    with tempfile.TemporaryDirectory(prefix="accuracy-", dir="/tmp") as folder:
        data_dir = Path(folder)
        (data_dir / "datasets").symlink_to(datasets.absolute())
        with live_service(data_dir) as service:
            wait_until(lambda: is_spare_warm(service), service.log)
            yield service


def run_program(python: Path, mnist: Path) -> Reached:
    """Train epoch by epoch until what validation chose is good enough."""
    seconds, best = 0.0, {"val_accuracy": 0.0, "test_accuracy": 0.0}
    epoch = 0
    with start_program(python, mnist) as program:
        while best["test_accuracy"] < ACCURACY and epoch < MOST_EPOCHS:
            epoch += 1
            result = program.ask("epoch")
            seconds += result["seconds"]
            best = max(best, result, key=lambda one: one["val_accuracy"])
            percent = f"{result['test_accuracy']:.2%}"
            print(f"TensorFlow, epoch {epoch}: {percent}", file=sys.stderr)
    return Reached(seconds, best["test_accuracy"], epoch)


def compare(ours: Reached, peer: Reached) -> dict[str, Target]:
    """Return the promised ratio; nothing is sooner that does not get there."""
    sooner = peer.seconds / ours.seconds if ours.test_accuracy >= ACCURACY else 0.0
    return {"time_to_accuracy_vs_tensorflow": at_least(sooner, SOONER)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="fast")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tensorflow-python", type=Path, help="to start the peer with")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    datasets = Settings().datasets_dir
    ours = run_ours(datasets, arguments.preset, arguments.seed)
    rows = [(f"modelmill, preset {arguments.preset}", ours.row())]
    targets: dict[str, Target] = {}
    python = find_tensorflow(arguments.tensorflow_python)
    if python is None:
        print(HOW_TO_GET_IT, file=sys.stderr)
    else:
        peer = run_program(python, datasets / "mnist")
        rows.append(("TensorFlow program", peer.row()))
        targets = compare(ours, peer)
    print_rows(rows)
    print_targets(targets, as_json=arguments.json)


if __name__ == "__main__":
    main()
