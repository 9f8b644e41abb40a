"""How an attempt ends: released with its state, finished without it, or failed."""

from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.jobs import Claim
from app.spec import JobStatus
from tests.conftest import FakeQueue
from tests.jobs.examples import (
    DIVERGED,
    REDELIVERY,
    STATE,
    an_epoch,
    claimed,
    kinds,
    last_event,
    look,
)


def test_a_released_job_is_held_by_nobody_and_has_not_crashed(
    engine: Engine, session: Session, claim: Claim
) -> None:
    assert jobs.release_job(session, claim, STATE)

    job = look(engine, claim.job_id)
    assert (job.status, job.crashes) == (JobStatus.QUEUED, 0)
    assert (job.worker_id, job.lease_expires_at) == (None, None)


def test_a_released_job_is_due_at_once(
    session: Session, job_id: UUID, queue: FakeQueue
) -> None:
    jobs.dispatch_job(session, queue, job_id, REDELIVERY)
    claim = claimed(session, job_id)

    jobs.release_job(session, claim, STATE)

    assert jobs.find_undelivered(session) == [job_id]


def test_a_released_job_keeps_where_it_stood(
    engine: Engine, session: Session, claim: Claim
) -> None:
    jobs.release_job(session, claim, STATE)

    assert jobs.read_training_state(session, claim.job_id) == STATE.data
    told = {"reason": "worker_stopped", "epoch": STATE.epoch, "step": STATE.step}
    assert last_event(engine, claim.job_id) == told


def test_a_finished_job_has_its_test_result(
    engine: Engine, session: Session, claim: Claim
) -> None:
    assert jobs.finish_job(session, claim, test_loss=0.03, test_accuracy=0.99)

    job = look(engine, claim.job_id)
    assert job.status is JobStatus.SUCCEEDED
    assert (job.test_loss, job.test_accuracy) == (0.03, 0.99)
    assert (job.worker_id, job.lease_expires_at) == (None, None)
    assert job.finished_at is not None
    assert last_event(engine, job.id) == {"test_loss": 0.03, "test_accuracy": 0.99}


def test_a_finished_job_drops_its_state_and_keeps_its_checkpoints(
    session: Session, claim: Claim
) -> None:
    jobs.record_epoch(session, claim, an_epoch(claim))
    assert jobs.read_training_state(session, claim.job_id) is not None

    jobs.finish_job(session, claim, test_loss=0.03, test_accuracy=0.99)

    assert jobs.read_training_state(session, claim.job_id) is None
    assert len(jobs.list_checkpoints(session, claim.job_id)) == 1


def test_a_finished_job_leaves_the_state_of_others(
    session: Session, claim: Claim
) -> None:
    spec = jobs.get_job(session, claim.job_id).spec
    other_id = jobs.submit_job(session, spec).id
    other = claimed(session, other_id)
    jobs.record_epoch(session, other, an_epoch(other))

    jobs.finish_job(session, claim, test_loss=0.03, test_accuracy=0.99)

    assert jobs.read_training_state(session, other_id) == STATE.data


def test_a_failed_job_tells_why(engine: Engine, session: Session, claim: Claim) -> None:
    assert jobs.fail_job(session, claim, DIVERGED)

    job = look(engine, claim.job_id)
    assert (job.status, job.error) == (JobStatus.FAILED, DIVERGED)
    assert (job.worker_id, job.lease_expires_at) == (None, None)
    assert job.finished_at is not None
    assert last_event(engine, job.id) == {"error": DIVERGED.model_dump()}


def test_a_failed_job_keeps_its_checkpoints_and_state(
    session: Session, claim: Claim
) -> None:
    jobs.record_epoch(session, claim, an_epoch(claim))

    jobs.fail_job(session, claim, DIVERGED)

    assert len(jobs.list_checkpoints(session, claim.job_id)) == 1
    assert jobs.read_training_state(session, claim.job_id) == STATE.data


def test_a_life_is_told_from_its_beginning_to_its_end(
    engine: Engine, session: Session, claim: Claim
) -> None:
    jobs.record_epoch(session, claim, an_epoch(claim))
    jobs.finish_job(session, claim, test_loss=0.03, test_accuracy=0.99)

    told = ["queued", "running", "epoch", "succeeded"]
    assert kinds(engine, claim.job_id) == told
