"""An attempt that is no longer current writes nothing at all."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.database.engine import write_session
from app.jobs import Claim, TestResult
from app.spec import JobRequest
from app.states import Action, JobStatus, Outcome
from tests.jobs.examples import (
    DIVERGED,
    LEASE,
    PROGRESS,
    STATE,
    an_epoch,
    claimed,
    crash,
    every_row,
    look,
    release,
    settle,
)

Write = Callable[[Session, Claim], object]


def record_epoch(session: Session, claim: Claim) -> bool:
    return jobs.record_epoch(session, claim, an_epoch(claim))


OF_THE_CHILD: dict[str, Write] = {
    "progress": partial(jobs.record_progress, progress=PROGRESS),
    "epoch": record_epoch,
    "state": partial(jobs.save_state, state=STATE),
    "result": partial(jobs.record_result, result=TestResult(0.1, 0.99)),
    "error": partial(jobs.record_error, error=DIVERGED),
}
OF_THE_SUPERVISOR: dict[str, Write] = {
    "renew": partial(jobs.renew_lease, duration=LEASE),
    **{kind: partial(settle, outcome=kind) for kind in Outcome},
}
WRITES = OF_THE_CHILD | OF_THE_SUPERVISOR
every_write = pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))


@every_write
@pytest.mark.parametrize("action", [None, Action.PAUSE, Action.STOP])
def test_the_attempt_that_holds_the_job_may_write(
    engine: Engine, session: Session, claim: Claim, write: Write, action: Action | None
) -> None:
    if action is not None:
        jobs.request_action(session, claim.job_id, action)
    before = every_row(engine)

    assert write(session, claim)

    assert every_row(engine) != before


@pytest.mark.parametrize("write", OF_THE_CHILD.values(), ids=list(OF_THE_CHILD))
def test_the_child_of_a_job_that_is_being_cancelled_writes_nothing(
    engine: Engine, session: Session, claim: Claim, write: Write
) -> None:
    jobs.request_action(session, claim.job_id, Action.CANCEL)
    before = every_row(engine)

    assert not write(session, claim)

    assert every_row(engine) == before


@pytest.mark.parametrize("name", OF_THE_SUPERVISOR)
def test_a_job_that_is_being_cancelled_is_held_until_it_is_settled(
    session: Session, claim: Claim, name: str
) -> None:
    jobs.request_action(session, claim.job_id, Action.CANCEL)

    assert OF_THE_SUPERVISOR[name](session, claim)


@every_write
def test_an_attempt_that_was_succeeded_by_another_writes_nothing(
    engine: Engine, session: Session, claim: Claim, write: Write
) -> None:
    crash(session, claim)
    claimed(session, claim.job_id)
    before = every_row(engine)

    assert not write(session, claim)

    assert every_row(engine) == before


@every_write
@pytest.mark.parametrize("action", [None, Action.PAUSE, Action.STOP])
def test_an_attempt_that_gave_the_job_back_writes_nothing(
    engine: Engine, session: Session, claim: Claim, write: Write, action: Action | None
) -> None:
    if action is not None:
        jobs.request_action(session, claim.job_id, action)
    release(session, claim)
    before = every_row(engine)

    assert not write(session, claim)

    assert every_row(engine) == before


@every_write
@pytest.mark.parametrize("ending", [Outcome.FINISHED, Outcome.FAILED])
def test_nothing_is_written_to_a_job_that_is_over(
    engine: Engine, session: Session, claim: Claim, write: Write, ending: Outcome
) -> None:
    settle(session, claim, ending)
    before = every_row(engine)

    assert not write(session, claim)

    assert every_row(engine) == before


@every_write
def test_a_claim_of_another_job_writes_nothing(
    engine: Engine, session: Session, claim: Claim, write: Write
) -> None:
    other = jobs.submit_job(session, JobRequest())
    before = every_row(engine)

    assert not write(session, Claim(other.id, claim.attempt))

    assert every_row(engine) == before


@every_write
def test_a_claim_of_a_job_that_was_deleted_writes_nothing(
    engine: Engine, session: Session, claim: Claim, write: Write
) -> None:
    settle(session, claim, Outcome.FAILED)
    jobs.delete_job(session, claim.job_id, files_only=False)
    before = every_row(engine)

    assert not write(session, claim)

    assert every_row(engine) == before


@every_write
def test_a_refused_write_holds_no_lock(
    engine: Engine, session: Session, claim: Claim, write: Write
) -> None:
    write(session, Claim(claim.job_id, claim.attempt + 1))

    assert not session.in_transaction()
    with write_session(engine) as other:
        assert jobs.renew_lease(other, claim, LEASE)


def test_a_child_never_moves_its_job(
    engine: Engine, session: Session, claim: Claim
) -> None:
    for write in OF_THE_CHILD.values():
        write(session, claim)

    job = look(engine, claim.job_id)
    assert (job.status, job.worker_id) == (JobStatus.RUNNING, "worker-1")
    assert job.finished_at is None
