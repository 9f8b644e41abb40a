"""Jobs of a second on two slots, and jobs of ten seconds beside plain Celery tasks."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from statistics import median
from subprocess import DEVNULL, Popen
from typing import Any

import psutil

from app.leash import leashed
from app.spec import JobRequest
from benchmarks.celery_peer import celery, train_job
from tests.live.service import LiveService
from tests.live.workers import more_workers
from worker.child import child_environment

SPEC: dict[str, Any] = {"batch_size": 64, "validation_size": 256, "seed": 5}
SLOTS = 2
SHORT_SECONDS, LONG_SECONDS = 1.0, 10.0
PATIENCE_SECONDS = 1200.0
IDLE_PERCENT = 15.0


def epochs_for(service: LiveService, seconds: float) -> int:
    """Return how many epochs last about so long, from the quicker of two jobs."""
    tried = 8
    ids = [service.submit(**SPEC, epochs=tried) for _job in range(2)]
    quicker = min(lasted(finished(service, job_id)) for job_id in ids)
    return max(1, round(seconds * tried / quicker))


def lasted(job: dict[str, Any]) -> float:
    return between(job, "started_at", "finished_at")


def between(job: dict[str, Any], begin: str, end: str) -> float:
    return (moment(job, end) - moment(job, begin)).total_seconds()


def moment(job: dict[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(job[name])


def measure_sweep(service: LiveService, count: int) -> float:
    """Run jobs of a second on two slots; return the share of time that they train."""
    epochs = epochs_for(service, SHORT_SECONDS)
    with more_workers(service, {}):
        ids = [service.submit(**SPEC, epochs=epochs) for _job in range(count)]
        jobs = [finished(service, job_id) for job_id in ids]
    begin = min(moment(job, "started_at") for job in jobs)
    end = max(moment(job, "finished_at") for job in jobs)
    return sum(map(lasted, jobs)) / (SLOTS * (end - begin).total_seconds())


def finished(service: LiveService, job_id: str) -> dict[str, Any]:
    """Look seldom: each look costs the two slots some time."""
    while not (job := service.job(job_id))["is_terminal"]:
        time.sleep(0.5)
    if job["status"] != "succeeded":
        raise SystemExit(f"A job failed: {job['error']}")
    return job


def measure_overhead(service: LiveService, rounds: int) -> tuple[float, float]:
    """Return the median seconds of ten-second jobs, ours and as plain Celery tasks."""
    epochs = epochs_for(service, LONG_SECONDS)
    spec = JobRequest(**SPEC, epochs=epochs).training_spec().model_dump_json()
    ours, plain = [], []
    with celery_peer(service):
        run_plainly(spec)  # the first imports torch
        for _round in range(rounds):
            let_settle()
            job = finished(service, service.submit(**SPEC, epochs=epochs))
            ours.append(between(job, "created_at", "finished_at"))
            let_settle()
            begin = time.perf_counter()
            run_plainly(spec)
            plain.append(time.perf_counter() - begin)
    return median(ours), median(plain)


def let_settle() -> None:
    """Wait until the spare for the next job is ready: neither side pays for it."""
    while psutil.cpu_percent(interval=1) > IDLE_PERCENT:
        pass


def run_plainly(spec: str) -> None:
    train_job.delay(spec).get(timeout=PATIENCE_SECONDS)


@contextmanager
def celery_peer(service: LiveService) -> Iterator[None]:
    """Start a worker of the peer on the service's broker, in a database of its own."""
    broker = f"redis+socket://{service.data_dir / 'redis.sock'}?virtual_host=1"
    celery.conf.update(broker_url=broker, result_backend=broker)
    environment = {
        **child_environment(),
        "PEER_BROKER": broker,
        "PEER_DATASETS": str(service.data_dir / "datasets"),
    }
    command = [sys.executable, "-m", "celery", "-A", "benchmarks.celery_peer", "worker"]
    options = ["--concurrency=1", "--loglevel=error"]
    peer = Popen(leashed([*command, *options]), env=environment, stdout=DEVNULL)
    try:
        yield
    finally:
        peer.terminate()
        peer.wait()
