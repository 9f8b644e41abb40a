"""Workers on machines of their own: a cut cable costs a job nothing but time."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live import processes
from tests.live.cluster import WORKERS, Cluster, cluster
from tests.live.history import JobHistory, read_history
from tests.live.network import MISSING, can_make_namespaces
from tests.live.service import QUICK, wait_until
from tests.postgres_server import MISSING as NO_POSTGRES
from tests.postgres_server import find_binaries

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

SHORT: dict[str, Any] = {"epochs": 1, "batch_size": 64, "validation_size": 256}
LONG: dict[str, Any] = {"epochs": 6, "batch_size": 32, "validation_size": 256}
JOBS = 20
SEED = 9
LEASE_SECONDS = float(str(QUICK["lease_seconds"]))
# A connection that leads nowhere is given up after 5 s, and the lease is over by then.
GIVING_UP_SECONDS = LEASE_SECONDS + 5 + 5
# Until the other worker has the job: its lease stood unrenewed, then a message.
MOVING_SECONDS = 3 * LEASE_SECONDS + 5


@pytest.fixture
def service(data_dir: Path) -> Iterator[Cluster]:
    if not can_make_namespaces():
        pytest.skip(MISSING)
    binaries = find_binaries()
    if binaries is None:
        pytest.skip(NO_POSTGRES)
    with cluster(data_dir, data_dir / "datasets", binaries) as service:
        yield service


def test_a_job_outlives_the_cable_of_its_worker(service: Cluster) -> None:
    train_many(service)
    undisturbed = finished(service, service.submit(**LONG, seed=SEED))

    disturbed = service.submit(**LONG, seed=SEED)
    job = service.wait_for(disturbed, lambda job: job["epoch"] >= 1)
    lost = service.host_of(job["history"][-1]["worker_id"])
    training = processes.runners(service.data_dir / lost)[:1]
    service.network.cut(lost)
    cut_at = time.monotonic()
    service.wait_for(disturbed, lambda job: job["attempt"] == 2)
    moved_after = time.monotonic() - cut_at
    left = processes.survivors(training, GIVING_UP_SECONDS)
    assert not left, f"trains on without a database: {left}"
    assert moved_after < MOVING_SECONDS

    resumed = finished(service, disturbed)
    assert service.host_of(holder_of(resumed)) != lost
    assert resumed.digests == undisturbed.digests
    service.network.mend(lost)
    wait_until(lambda: takes_work(service, lost), service.log)
    # What came of the mended host changed nothing of the job that it had lost.
    assert finished(service, disturbed) == resumed


def train_many(service: Cluster) -> None:
    """Run short jobs over both workers."""
    jobs = [service.submit(**SHORT, seed=number) for number in range(JOBS)]
    histories = [finished(service, job_id) for job_id in jobs]
    hosts = {service.host_of(holder_of(history)) for history in histories}
    assert hosts == set(WORKERS)


def finished(service: Cluster, job_id: str) -> JobHistory:
    """Wait for a job's end; every epoch is there once, and so is every event."""
    service.wait_for_end(job_id)
    history = read_history(service, job_id)
    epochs = list(range(1, history.job["spec"]["epochs"] + 1))
    assert history.job["status"] == "succeeded", history.story()
    assert history.told_epochs == history.metrics_epochs == epochs, history.story()
    assert history.checkpoint_epochs == epochs, history.story()
    return history


def holder_of(history: JobHistory) -> str:
    workers = [change["worker_id"] for change in history.job["history"]]
    worker_id: str = [worker for worker in workers if worker][-1]
    return worker_id


def takes_work(service: Cluster, host: str) -> bool:
    """Submit a job for each worker, and say whether the host took one."""
    jobs = [service.submit(**SHORT, seed=SEED) for _worker in WORKERS]
    takers = {service.host_of(holder_of(finished(service, job_id))) for job_id in jobs}
    return host in takers
