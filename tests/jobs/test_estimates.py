"""A waiting job knows its place, and when it starts once epochs were measured."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.jobs import Claim, QueuePlace
from app.jobs.estimates import error_of_estimate
from app.models import Job, Worker, now
from app.spec import JobEdit, TrainingSpec
from app.states import Action, Outcome
from tests.jobs.examples import (
    PROGRESS,
    an_epoch,
    claimed,
    crash,
    look,
    release,
    settle,
    submit,
)

FRESH = timedelta(seconds=10)
EPOCH_SECONDS = 2.0  # as an_epoch says
EPOCHS = 10


def add_workers(session: Session, *silent_for: timedelta) -> None:
    for number, silence in enumerate(silent_for):
        row = Worker(id=f"w{number}", host="h", pid=number, device="cpu")
        row.heartbeat_at = now() - silence
        session.add(row)
    session.commit()


def place(session: Session, job_id: UUID) -> QueuePlace:
    found = jobs.place_in_queue(session, jobs.get_job(session, job_id), FRESH)
    assert found is not None
    return found


def seconds_until_start(session: Session, job_id: UUID) -> float:
    at = place(session, job_id).estimated_start_at
    assert at is not None
    return (at - now()).total_seconds()


def about(seconds: float) -> object:
    return pytest.approx(seconds, abs=1)


def test_a_job_that_does_not_wait_has_no_place(session: Session, claim: Claim) -> None:
    job = jobs.get_job(session, claim.job_id)

    assert jobs.place_in_queue(session, job, FRESH) is None


def test_jobs_stand_in_the_order_in_which_they_are_taken(
    engine: Engine, session: Session
) -> None:
    ids = [submit(engine) for _ in range(4)]
    jobs.edit_job(session, ids[3], JobEdit(priority=1))

    assert [place(session, job_id).position for job_id in ids] == [2, 3, 4, 1]
    assert [place(session, job_id).jobs_ahead for job_id in ids] == [1, 2, 3, 0]
    taken = [claimed(session, ids[n]).job_id for n in (3, 0)]
    assert taken == [ids[3], ids[0]]
    assert place(session, ids[1]).position == 1


def test_jobs_of_one_moment_stand_in_the_order_of_their_ids(session: Session) -> None:
    moment = now()
    for number in (2, 1, 3):
        spec = TrainingSpec()
        session.add(Job(id=UUID(int=number), created_at=moment, spec=spec))
    session.commit()

    places = [place(session, UUID(int=number)).position for number in (1, 2, 3)]
    assert places == [1, 2, 3]


def test_without_a_worker_that_lives_nobody_knows_when(
    session: Session, job_id: UUID
) -> None:
    assert place(session, job_id).estimated_start_at is None

    add_workers(session, 2 * FRESH)
    assert place(session, job_id).estimated_start_at is None


def test_a_job_that_is_first_starts_now(session: Session, job_id: UUID) -> None:
    add_workers(session, timedelta())

    assert seconds_until_start(session, job_id) == about(0)


def test_before_an_epoch_was_measured_nobody_knows_when(
    engine: Engine, session: Session, claim: Claim
) -> None:
    add_workers(session, timedelta())

    assert place(session, submit(engine)).estimated_start_at is None


def test_the_epochs_before_a_job_are_shared_by_the_workers(
    engine: Engine, session: Session, claim: Claim
) -> None:
    add_workers(session, timedelta(), timedelta(), 2 * FRESH)
    jobs.record_epoch(session, claim, an_epoch(claim))
    submit(engine)

    waiting = ((EPOCHS - 1) + EPOCHS) * EPOCH_SECONDS / 2
    assert seconds_until_start(session, submit(engine)) == about(waiting)


def test_a_stopped_job_that_nobody_holds_is_counted_once(
    engine: Engine, session: Session, claim: Claim
) -> None:
    add_workers(session, timedelta())
    jobs.record_epoch(session, claim, an_epoch(claim))
    release(session, claim)
    jobs.request_action(session, claim.job_id, Action.STOP)
    last = submit(engine)

    assert place(session, last).jobs_ahead == 1
    assert seconds_until_start(session, last) == about((EPOCHS - 1) * EPOCH_SECONDS)


def test_the_first_progress_is_the_estimate(
    engine: Engine, session: Session, claim: Claim
) -> None:
    jobs.record_progress(session, claim, PROGRESS)
    job = look(engine, claim.job_id)
    first, spent = job.estimated_seconds, now() - (job.started_at or now())
    later = PROGRESS.model_copy(update={"seconds_left": 9999.0})
    jobs.record_progress(session, claim, later)

    assert first is not None
    assert 0 <= first - PROGRESS.seconds_left <= spent.total_seconds()
    assert look(engine, claim.job_id).estimated_seconds == first


def test_the_error_is_the_part_by_which_the_estimate_was_too_short() -> None:
    job = Job(spec=TrainingSpec(), estimated_seconds=100)
    job.started_at = now() - timedelta(seconds=110)

    assert error_of_estimate(job) == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize(
    "job",
    [
        Job(spec=TrainingSpec(), estimated_seconds=1.0),
        Job(spec=TrainingSpec(), started_at=now()),
    ],
)
def test_without_an_estimate_there_is_no_error(job: Job) -> None:
    assert error_of_estimate(job) is None


@pytest.mark.parametrize(("stopped", "is_told"), [(False, True), (True, False)])
def test_only_a_job_that_went_the_whole_way_tells_the_error(
    engine: Engine, session: Session, claim: Claim, *, stopped: bool, is_told: bool
) -> None:
    jobs.record_progress(session, claim, PROGRESS)
    if stopped:
        jobs.request_action(session, claim.job_id, Action.STOP)
    settle(session, claim, Outcome.FINISHED)

    assert (look(engine, claim.job_id).estimate_error is not None) is is_told


def test_a_crash_keeps_the_first_estimate(
    engine: Engine, session: Session, claim: Claim
) -> None:
    jobs.record_progress(session, claim, PROGRESS)
    first = look(engine, claim.job_id).estimated_seconds
    crash(session, claim)

    jobs.record_progress(session, claimed(session, claim.job_id), PROGRESS)

    assert look(engine, claim.job_id).estimated_seconds == first
