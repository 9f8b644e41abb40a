"""The queue with ten jobs and with ten thousand, and what our record keeping costs.

`python -m benchmarks.scale [--queue N] [--sweep N] [--rounds N] [--json]`. Submits,
pages and claims with few and with many jobs that wait; a sweep of jobs of a second on
two slots; jobs of ten seconds beside the same training as plain Celery tasks.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

from sqlalchemy import Engine

from app.database.engine import open_database, write_session
from app.datasets.mnist import write_subset
from app.jobs.leases import Lease, claim_next
from app.settings import Settings
from benchmarks.report import Target, at_least, at_most, print_rows, print_targets
from benchmarks.serving import SUBSET
from benchmarks.sweep import SPEC, measure_overhead, measure_sweep
from tests.live import processes
from tests.live.service import QUICK, LiveService, live_service

FEW = 10
BUSY, OVERHEAD, GROWTH = 0.90, 0.10, 2.0
LOOKS = 30
# As an installation has them: the tests' own are for impatient tests.
DEFAULTS = {
    name: Settings.model_fields[name].default
    for name in QUICK
    if name.endswith("_seconds")
}


@dataclass(frozen=True)
class Queue:
    """What the service does while so many jobs wait."""

    submits_per_second: float
    page_ms: float
    claim_ms: float


def milliseconds(ask: Callable[[], object], times: int) -> float:
    """Return the median time that asking takes."""
    taken = []
    for _time in range(times):
        begin = time.perf_counter()
        ask()
        taken.append(1000 * (time.perf_counter() - begin))
    return median(taken)


def submit_many(service: LiveService, count: int) -> float:
    """Submit one job after the other; return how many a second."""
    begin = time.perf_counter()
    for _job in range(count):
        service.submit(**SPEC, epochs=1)
    return count / (time.perf_counter() - begin)


def claim_one(engine: Engine) -> None:
    with write_session(engine) as session:
        if claim_next(session, Lease("benchmark", timedelta(hours=1))) is None:
            raise SystemExit("Nobody waits.")


def measure_queue(service: LiveService, count: int) -> list[Queue]:
    """Measure with few jobs that wait, then with many; the workers stand still."""
    workers = [
        one.pid
        for one in processes.processes_on(service.data_dir)
        if processes.says(one, "celery")
    ]
    processes.suspend(workers)
    engine = open_database(f"sqlite:///{service.data_dir / 'modelmill.sqlite3'}")
    found = [measure_once(service, engine, more) for more in (FEW, count - FEW)]
    engine.dispose()
    return found


def measure_once(service: LiveService, engine: Engine, more: int) -> Queue:
    return Queue(
        submits_per_second=submit_many(service, more),
        page_ms=milliseconds(partial(service.get, f"/jobs?limit={FEW}"), LOOKS),
        claim_ms=milliseconds(partial(claim_one, engine), FEW // 2),
    )


def targets_of(queue: list[Queue], busy: float, overhead: float) -> dict[str, Target]:
    few, many = queue
    return {
        "scale_submits_kept": at_least(
            many.submits_per_second / few.submits_per_second, 1 / GROWTH
        ),
        "scale_page_growth": at_most(many.page_ms / few.page_ms, GROWTH),
        "scale_claim_growth": at_most(many.claim_ms / few.claim_ms, GROWTH),
        "scale_slots_busy": at_least(busy, BUSY),
        "scale_overhead": at_most(overhead, OVERHEAD),
    }


@contextmanager
def service_on_a_subset() -> Iterator[LiveService]:
    with tempfile.TemporaryDirectory(prefix="scale-", dir="/tmp") as folder:
        target = Path(folder) / "datasets" / "mnist"
        write_subset(Settings().datasets_dir / "mnist", target, *SUBSET)
        with live_service(Path(folder), training_threads=1, **DEFAULTS) as service:
            yield service


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queue", type=int, default=10_000)
    parser.add_argument("--sweep", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    with service_on_a_subset() as service:
        ours, plain = measure_overhead(service, arguments.rounds)
        busy = measure_sweep(service, arguments.sweep)
        queue = measure_queue(service, arguments.queue)

    rows = [
        (
            f"{jobs} jobs wait",
            f"{one.submits_per_second:.0f} submits/s, a page of ten in "
            f"{one.page_ms:.1f} ms, a claim in {one.claim_ms:.1f} ms",
        )
        for jobs, one in zip((FEW, arguments.queue), queue, strict=True)
    ]
    rows.append((f"{arguments.sweep} jobs of a second", f"slots busy {busy:.1%}"))
    rows.append(("a job of ten seconds", f"{ours:.2f} s, as a task {plain:.2f} s"))
    print_rows(rows)
    targets = targets_of(queue, busy, ours / plain - 1)
    print_targets(targets, as_json=arguments.json)


if __name__ == "__main__":
    main()
