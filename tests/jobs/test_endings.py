"""How an attempt ends: what each cell of the table of outcomes does to the job."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.jobs import Claim
from app.models import now
from app.spec import JobRequest
from app.states import (
    HELD,
    OUTCOMES,
    Action,
    JobStatus,
    Outcome,
    StopReason,
)
from tests.jobs.examples import (
    DIVERGED,
    STATE,
    an_epoch,
    claimed,
    crash,
    fail,
    finish,
    kinds,
    last_event,
    look,
    release,
    settle,
)

ASKED = {
    JobStatus.RUNNING: None,
    JobStatus.PAUSING: Action.PAUSE,
    JobStatus.STOPPING: Action.STOP,
    JobStatus.CANCELLING: Action.CANCEL,
}
CELLS = [
    (source, outcome, target)
    for outcome, row in OUTCOMES.items()
    for source, target in row.items()
]
R, P, S, C = ASKED
# Spelled out once more, so that a change of the table is a change of two places.
SAID = """
running finished succeeded | pausing finished succeeded
stopping finished succeeded | cancelling finished cancelled
running failed failed | pausing failed failed
stopping failed failed | cancelling failed cancelled
running released queued | pausing released paused
stopping released stopping | cancelling released cancelled
running lost queued | pausing lost paused
stopping lost stopping | cancelling lost cancelled
"""


def held_as(session: Session, claim: Claim, status: JobStatus) -> Claim:
    """Ask for what brings a held job to the status."""
    action = ASKED[status]
    if action is not None:
        jobs.request_action(session, claim.job_id, action)
    return claim


def test_the_table_says_what_was_decided() -> None:
    said = [tuple(cell.split()) for cell in SAID.replace("|", "\n").split("\n") if cell]

    assert sorted(CELLS) == sorted(cell for cell in said if cell)
    assert all(set(row) == HELD for row in OUTCOMES.values())


@pytest.mark.parametrize("cell", CELLS)
def test_every_outcome_leads_where_the_table_says(
    engine: Engine,
    session: Session,
    claim: Claim,
    cell: tuple[JobStatus, Outcome, JobStatus],
) -> None:
    source, outcome, target = cell
    before = now()

    assert settle(session, held_as(session, claim, source), outcome) is target

    job = look(engine, claim.job_id)
    assert job.status is target
    assert (job.worker_id, job.lease_expires_at) == (None, None)
    assert (job.finished_at is not None) is target.is_terminal
    assert target.is_terminal or job.dispatch_at >= before
    told = "requeued" if target is JobStatus.QUEUED else target
    assert kinds(engine, job.id)[-1] == told
    assert last_event(engine, job.id)["reason"] == outcome
    waits = target in {JobStatus.QUEUED, JobStatus.STOPPING}
    assert jobs.find_undelivered(session) == ([job.id] if waits else [])
    counted = outcome is Outcome.LOST and waits
    assert job.crashes == (1 if counted else 0)


@pytest.mark.parametrize(
    ("ended", "reason"),
    [
        ((R, Outcome.FINISHED), StopReason.COMPLETED),
        ((P, Outcome.FINISHED), StopReason.COMPLETED),
        ((S, Outcome.FINISHED), StopReason.STOPPED_BY_USER),
        ((R, Outcome.FAILED), None),
        ((R, Outcome.RELEASED), None),
        *(((C, outcome), StopReason.CANCELLED_BY_USER) for outcome in Outcome),
    ],
)
def test_a_job_that_was_ended_says_why(
    engine: Engine,
    session: Session,
    claim: Claim,
    ended: tuple[JobStatus, Outcome],
    reason: StopReason | None,
) -> None:
    source, outcome = ended
    settle(session, held_as(session, claim, source), outcome)

    assert look(engine, claim.job_id).stop_reason is reason


def test_a_paused_job_is_not_counted_as_crashed_however_often_it_is_lost(
    engine: Engine, session: Session, claim: Claim
) -> None:
    held_as(session, claim, JobStatus.PAUSING)

    assert crash(session, claim, max_attempts=1) is JobStatus.PAUSED

    assert look(engine, claim.job_id).crashes == 0


def test_a_stopping_job_that_was_released_is_taken_again_to_be_measured(
    engine: Engine, session: Session, claim: Claim
) -> None:
    settle(session, held_as(session, claim, S), Outcome.RELEASED)

    again = claimed(session, claim.job_id)

    assert look(engine, claim.job_id).status is JobStatus.STOPPING
    assert settle(session, again, Outcome.FINISHED) is JobStatus.SUCCEEDED


def test_a_released_job_keeps_where_it_stood(session: Session, claim: Claim) -> None:
    release(session, claim)

    assert jobs.read_training_state(session, claim.job_id) == STATE.data


def test_a_finished_job_has_its_test_result(
    engine: Engine, session: Session, claim: Claim
) -> None:
    finish(session, claim)

    job = look(engine, claim.job_id)
    assert job.status is JobStatus.SUCCEEDED
    assert (job.test_loss, job.test_accuracy) == (0.03, 0.99)


def test_a_finished_job_drops_its_state_alone_and_keeps_its_checkpoints(
    session: Session, claim: Claim
) -> None:
    other = claimed(session, jobs.submit_job(session, JobRequest()).id)
    for each in (claim, other):
        jobs.record_epoch(session, each, an_epoch(each))

    finish(session, claim)

    assert jobs.read_training_state(session, claim.job_id) is None
    assert jobs.read_training_state(session, other.job_id) == STATE.data
    assert len(jobs.list_checkpoints(session, claim.job_id)) == 1


def test_a_failed_job_tells_why_and_keeps_what_it_has(
    engine: Engine, session: Session, claim: Claim
) -> None:
    jobs.record_epoch(session, claim, an_epoch(claim))
    fail(session, claim)

    job = look(engine, claim.job_id)
    assert (job.status, job.error) == (JobStatus.FAILED, DIVERGED)
    told = {"reason": "failed", "error": DIVERGED.model_dump()}
    assert last_event(engine, job.id) == told
    assert len(jobs.list_checkpoints(session, claim.job_id)) == 1
    assert jobs.read_training_state(session, claim.job_id) == STATE.data
