"""A pass of the reconciler puts right what died, and does nothing else."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from app import jobs
from app.database.disk import RESERVE_NAME
from app.database.engine import open_database, write_session
from app.jobs import Claim, Ending
from app.models import Worker, now
from app.reconciler import WORKER_MEMORY, Reconciler
from app.settings import Settings
from app.states import Action, JobStatus, Outcome
from tests.conftest import FakeDoorbell, FakeQueue
from tests.database.otherdb import URL
from tests.jobs.examples import EXPIRED, LEASE, look, start


class RivalDoorbell(FakeDoorbell):
    """A doorbell at whose ring something else happens to the jobs."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__()
        self._act = act

    def ring(self, job_id: UUID) -> None:
        super().ring(job_id)
        self._act()


@pytest.fixture
def reconciler(
    engine: Engine, queue: FakeQueue, doorbell: FakeDoorbell, settings: Settings
) -> Reconciler:
    return Reconciler(engine, queue, doorbell, settings)


def test_a_job_with_a_lost_lease_is_put_back_and_sent_again(
    engine: Engine, reconciler: Reconciler, queue: FakeQueue, doorbell: FakeDoorbell
) -> None:
    job_id = start(engine, EXPIRED).job_id

    reconciler.reconcile()

    assert look(engine, job_id).status is JobStatus.QUEUED
    assert (queue.enqueued, doorbell.rung) == ([job_id], [job_id])


def test_a_job_that_is_lost_too_often_fails(
    engine: Engine, queue: FakeQueue, doorbell: FakeDoorbell, settings: Settings
) -> None:
    once = settings.model_copy(update={"max_attempts": 1})
    job_id = start(engine, EXPIRED).job_id

    Reconciler(engine, queue, doorbell, once).reconcile()

    assert look(engine, job_id).status is JobStatus.FAILED
    assert (queue.enqueued, doorbell.rung) == ([], [job_id])


def test_a_job_whose_lease_holds_is_left_alone(
    engine: Engine, reconciler: Reconciler, queue: FakeQueue, doorbell: FakeDoorbell
) -> None:
    job_id = start(engine, LEASE).job_id

    reconciler.reconcile()

    assert look(engine, job_id).status is JobStatus.RUNNING
    assert (queue.enqueued, doorbell.rung) == ([], [])


def test_two_reconcilers_put_a_job_back_once(
    engine: Engine, reconciler: Reconciler, doorbell: FakeDoorbell, settings: Settings
) -> None:
    first, second = (start(engine, EXPIRED * n).job_id for n in (2, 1))
    late = RivalDoorbell(reconciler.reconcile)

    Reconciler(engine, FakeQueue(), late, settings).reconcile()

    assert (late.rung, doorbell.rung) == ([first], [second])
    assert look(engine, second).crashes == 1


def test_a_job_that_is_settled_and_deleted_meanwhile_stops_nothing(
    engine: Engine, settings: Settings
) -> None:
    first, second, third = (start(engine, EXPIRED * n).job_id for n in (3, 2, 1))

    def settle_and_delete() -> None:
        with write_session(engine) as session:
            if jobs.read_status(session, second) is None:
                return
            jobs.request_action(session, second, Action.CANCEL)
            lost = Ending(Outcome.LOST, "lease_expired", 5)
            jobs.settle_job(session, Claim(second, 1), lost)
            jobs.delete_job(session, second, files_only=False)

    late = RivalDoorbell(settle_and_delete)
    Reconciler(engine, FakeQueue(), late, settings).reconcile()

    assert late.rung == [first, third]
    assert look(engine, third).status is JobStatus.QUEUED


def test_a_job_that_was_being_cancelled_is_cancelled_when_its_worker_is_lost(
    engine: Engine, reconciler: Reconciler, queue: FakeQueue
) -> None:
    job_id = start(engine, EXPIRED).job_id
    with write_session(engine) as session:
        jobs.request_action(session, job_id, Action.CANCEL)

    reconciler.reconcile()

    assert look(engine, job_id).status is JobStatus.CANCELLED
    assert queue.enqueued == []


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
