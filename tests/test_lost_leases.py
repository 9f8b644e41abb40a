"""A lease that stands unrenewed for its time is lost, whatever any clock says."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine

from app import jobs
from app.database.engine import write_session
from app.jobs import Claim, Ending
from app.reconciler import Reconciler
from app.settings import Settings
from app.states import Action, JobStatus, Outcome
from tests.clock import Clock
from tests.conftest import FakeDoorbell, FakeQueue
from tests.jobs.examples import LEASE, look, start

PATIENCE: float = Settings.model_fields["lease_seconds"].default
WRONG_CLOCKS = [timedelta(hours=-1), timedelta(hours=1)]


class RivalDoorbell(FakeDoorbell):
    """A doorbell at whose ring something else happens to the jobs."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__()
        self._act = act

    def ring(self, job_id: UUID) -> None:
        super().ring(job_id)
        self._act()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reconciler(
    engine: Engine,
    queue: FakeQueue,
    doorbell: FakeDoorbell,
    settings: Settings,
    clock: Clock,
) -> Reconciler:
    return Reconciler(engine, queue, doorbell, settings, clock)


def wait_in_vain(
    clock: Clock, *reconcilers: Reconciler, seconds: float = PATIENCE
) -> None:
    for reconciler in reconcilers:
        reconciler.reconcile()
    clock.seconds += seconds


def test_a_job_with_a_lost_lease_is_put_back_and_sent_again(
    engine: Engine,
    reconciler: Reconciler,
    queue: FakeQueue,
    doorbell: FakeDoorbell,
    clock: Clock,
) -> None:
    job_id = start(engine).job_id
    wait_in_vain(clock, reconciler)

    reconciler.reconcile()

    assert look(engine, job_id).status is JobStatus.QUEUED
    assert (queue.enqueued, doorbell.rung) == ([job_id], [job_id])


def test_a_job_that_is_lost_too_often_fails(
    engine: Engine,
    queue: FakeQueue,
    doorbell: FakeDoorbell,
    settings: Settings,
    clock: Clock,
) -> None:
    once = settings.model_copy(update={"max_attempts": 1})
    reconciler = Reconciler(engine, queue, doorbell, once, clock)
    job_id = start(engine).job_id
    wait_in_vain(clock, reconciler)

    reconciler.reconcile()

    assert look(engine, job_id).status is JobStatus.FAILED
    assert (queue.enqueued, doorbell.rung) == ([], [job_id])


def test_a_job_whose_lease_is_renewed_is_left_alone(
    engine: Engine,
    reconciler: Reconciler,
    queue: FakeQueue,
    doorbell: FakeDoorbell,
    clock: Clock,
) -> None:
    claim = start(engine)

    for _beat in range(3):
        wait_in_vain(clock, reconciler)
        with write_session(engine) as session:
            assert jobs.renew_lease(session, claim, LEASE)
        reconciler.reconcile()

    assert look(engine, claim.job_id).status is JobStatus.RUNNING
    assert (queue.enqueued, doorbell.rung) == ([], [])


@pytest.mark.parametrize("error_of_clock", WRONG_CLOCKS, ids=["behind", "ahead"])
def test_a_worker_whose_clock_is_wrong_keeps_its_job_while_it_lives(
    engine: Engine, reconciler: Reconciler, clock: Clock, error_of_clock: timedelta
) -> None:
    claim = start(engine, LEASE + error_of_clock)
    wait_in_vain(clock, reconciler, seconds=PATIENCE - 1)

    reconciler.reconcile()

    assert look(engine, claim.job_id).status is JobStatus.RUNNING


@pytest.mark.parametrize("error_of_clock", WRONG_CLOCKS, ids=["behind", "ahead"])
def test_a_worker_whose_clock_is_wrong_loses_its_job_in_time_when_it_dies(
    engine: Engine, reconciler: Reconciler, clock: Clock, error_of_clock: timedelta
) -> None:
    claim = start(engine, LEASE + error_of_clock)
    wait_in_vain(clock, reconciler)

    reconciler.reconcile()

    assert look(engine, claim.job_id).status is JobStatus.QUEUED


def test_a_reconciler_that_has_just_started_waits_for_a_lease_s_time(
    engine: Engine, reconciler: Reconciler, clock: Clock
) -> None:
    clock.seconds = 10 * PATIENCE
    job_id = start(engine).job_id

    reconciler.reconcile()

    assert look(engine, job_id).status is JobStatus.RUNNING


def test_two_reconcilers_put_a_job_back_once(
    engine: Engine,
    reconciler: Reconciler,
    doorbell: FakeDoorbell,
    settings: Settings,
    clock: Clock,
) -> None:
    first, second = (start(engine).job_id for _ in range(2))
    late = RivalDoorbell(reconciler.reconcile)
    rival = Reconciler(engine, FakeQueue(), late, settings, clock)
    wait_in_vain(clock, reconciler, rival)

    rival.reconcile()

    assert (late.rung, doorbell.rung) == ([first], [second])
    assert look(engine, second).crashes == 1


def test_a_job_that_is_settled_and_deleted_meanwhile_stops_nothing(
    engine: Engine, settings: Settings, clock: Clock
) -> None:
    first, second, third = (start(engine).job_id for _ in range(3))

    def settle_and_delete() -> None:
        with write_session(engine) as session:
            if jobs.read_status(session, second) is None:
                return
            jobs.request_action(session, second, Action.CANCEL)
            lost = Ending(Outcome.LOST, "lease_expired", 5)
            jobs.settle_job(session, Claim(second, 1), lost)
            jobs.delete_job(session, second, files_only=False)

    late = RivalDoorbell(settle_and_delete)
    reconciler = Reconciler(engine, FakeQueue(), late, settings, clock)
    wait_in_vain(clock, reconciler)

    reconciler.reconcile()

    assert late.rung == [first, third]
    assert look(engine, third).status is JobStatus.QUEUED


def test_a_job_that_was_being_cancelled_is_cancelled_when_its_worker_is_lost(
    engine: Engine, reconciler: Reconciler, queue: FakeQueue, clock: Clock
) -> None:
    job_id = start(engine).job_id
    with write_session(engine) as session:
        jobs.request_action(session, job_id, Action.CANCEL)
    wait_in_vain(clock, reconciler)

    reconciler.reconcile()

    assert (look(engine, job_id).status, queue.enqueued) == (JobStatus.CANCELLED, [])
