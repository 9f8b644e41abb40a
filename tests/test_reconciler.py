"""A pass of the reconciler puts right what died, and does nothing else."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from app import jobs
from app.database.disk import RESERVE_NAME
from app.database.engine import open_database, read_session, write_session
from app.models import Worker, now
from app.reconciler import WORKER_MEMORY, Reconciler
from app.settings import Settings
from tests.conftest import FakeDoorbell, FakeQueue
from tests.database.otherdb import URL
from tests.factories import succeeded_job


@pytest.fixture
def reconciler(
    engine: Engine, queue: FakeQueue, doorbell: FakeDoorbell, settings: Settings
) -> Reconciler:
    return Reconciler(engine, queue, doorbell, settings)


def test_a_worker_that_was_silent_for_long_is_forgotten(
    engine: Engine, reconciler: Reconciler
) -> None:
    gone = Worker(id="gone", host="h", pid=1, device="cpu")
    gone.heartbeat_at = now() - 2 * WORKER_MEMORY
    with write_session(engine) as session:
        session.add(gone)
        jobs.show_worker(session, Worker(id="here", host="h", pid=2, device="cpu"))

    reconciler.reconcile()

    with write_session(engine) as session:
        found = jobs.list_workers(session, WORKER_MEMORY)
    assert [view.worker.id for view in found] == ["here"]


def test_a_reserve_is_kept_beside_sqlite_alone(
    reconciler: Reconciler, settings: Settings, tmp_path: Path
) -> None:
    reserve = settings.data_dir / RESERVE_NAME
    other = open_database(f"{URL}/{tmp_path / 'other'}")
    SQLModel.metadata.create_all(other)

    Reconciler(other, FakeQueue(), FakeDoorbell(), settings).reconcile()
    assert not reserve.exists()

    reconciler.reconcile()
    assert reserve.exists()
    other.dispose()


@pytest.mark.parametrize(
    ("budget", "epochs"), [(None, [1, 2, 3]), (0, [3]), (2**40, [1, 2, 3])]
)
def test_checkpoints_beyond_the_budget_are_freed(
    engine: Engine, settings: Settings, budget: int | None, epochs: list[int]
) -> None:
    job = succeeded_job(engine, epochs=3)
    bounded = settings.model_copy(update={"checkpoint_budget_bytes": budget})

    Reconciler(engine, FakeQueue(), FakeDoorbell(), bounded).reconcile()

    with read_session(engine) as session:
        kept = [found.epoch for found in jobs.list_checkpoints(session, job.id)]
    assert kept == epochs
