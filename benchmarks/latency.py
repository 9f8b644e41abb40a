"""Seconds from a submit to the first training step, on an idle and warm worker.

`python -m benchmarks.latency [--jobs N] [--json]`
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from uuid import UUID

from sqlalchemy import Engine

from app import jobs
from app.database.engine import open_database, read_session
from app.settings import Settings
from benchmarks.report import at_most, print_rows, print_targets
from tests.live.processes import runners
from tests.live.service import LiveService, live_service, wait_until

PROMISED_SECONDS = 0.5
LOOK_SECONDS = 0.002
IDLE_SECONDS = 0.5
WARM_CPU_SECONDS = 1.0
# The first of a new service has nothing of its files in memory.
WARM_UP_JOBS = 1


@dataclass(frozen=True)
class Start:
    """Seconds from just before the request, to each thing on the way."""

    answered: float
    claimed: float
    loaded: float
    first_step: float


def measure(service: LiveService, engine: Engine) -> Start:
    """Submit a job, see its first step in the database, then cancel it."""
    wait_until(lambda: is_spare_warm(service), service.log)
    sent_at = datetime.now(UTC)
    job_id = UUID(service.submit(preset="tutorial", seed=11))
    answered_at = datetime.now(UTC)
    wait_for_progress(engine, job_id)
    stepped_at = datetime.now(UTC)
    service.post(f"/jobs/{job_id}/cancel")
    service.wait_for_end(str(job_id))
    with read_session(engine) as session:
        events = jobs.list_events(session, job_id, after=0)
        lines = jobs.list_log_lines(session, job_id, after=0)
    claimed_at = next(event.created_at for event in events if event.kind == "running")
    moments = (answered_at, claimed_at, lines[0].created_at, stepped_at)
    return Start(*((moment - sent_at).total_seconds() for moment in moments))


def wait_for_progress(engine: Engine, job_id: UUID) -> None:
    while True:
        with read_session(engine) as session:
            if jobs.get_job(session, job_id).progress is not None:
                return
        time.sleep(LOOK_SECONDS)


def is_spare_warm(service: LiveService) -> bool:
    """Say whether the only child has done its imports and waits."""
    children = runners(service.data_dir)
    if len(children) != 1:
        return False
    before = sum(children[0].cpu_times()[:2])
    time.sleep(IDLE_SECONDS)
    after = sum(children[0].cpu_times()[:2])
    return before == after > WARM_CPU_SECONDS


@contextmanager
def idle_service() -> Iterator[tuple[LiveService, Engine]]:
    """Start a service with its default settings on the whole of MNIST."""
    with tempfile.TemporaryDirectory(prefix="latency-", dir="/tmp") as folder:
        data_dir = Path(folder)
        (data_dir / "datasets").symlink_to(Settings().datasets_dir.absolute())
        with live_service(data_dir) as service:
            engine = open_database(f"sqlite:///{data_dir / 'modelmill.sqlite3'}")
            yield service, engine
            engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    with idle_service() as (service, engine):
        starts = [
            measure(service, engine) for _ in range(arguments.jobs + WARM_UP_JOBS)
        ][WARM_UP_JOBS:]

    print(f"{len(starts)} jobs, one after the other; seconds since the request")
    columns = zip(*map(astuple, starts), strict=True)
    rows = [
        (field.name, f"median {median(column):.3f}, worst {max(column):.3f}")
        for field, column in zip(fields(Start), columns, strict=True)
    ]
    print_rows(rows)
    middle = median(start.first_step for start in starts)
    targets = {"submit_to_first_step_seconds": at_most(middle, PROMISED_SECONDS)}
    print_targets(targets, as_json=arguments.json)


if __name__ == "__main__":
    main()
