"""Which checkpoint answers: one that was named, else the best of the newest job."""

from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from app import jobs
from app.errors import CheckpointNotFound, JobNotFound, NoCheckpointYet
from app.jobs import Claim
from app.models import Checkpoint
from app.spec import JobRequest
from tests.jobs.examples import an_epoch, claimed, fail, finish


@pytest.fixture
def submitted(session: Session) -> list[UUID]:
    """Give two jobs in the order of their submission."""
    return [jobs.submit_job(session, JobRequest()).id for _ in range(2)]


def train(session: Session, job_id: UUID, epochs: int = 1) -> Claim:
    claim = claimed(session, job_id)
    for epoch in range(1, epochs + 1):
        jobs.record_epoch(session, claim, an_epoch(claim, epoch))
    return claim


def succeed(session: Session, job_id: UUID) -> None:
    finish(session, train(session, job_id))


def place(checkpoint: Checkpoint) -> tuple[UUID | None, int]:
    return checkpoint.job_id, checkpoint.epoch


def test_the_best_checkpoint_of_a_job_is_that_of_its_best_epoch(
    session: Session, job_id: UUID
) -> None:
    claim = train(session, job_id, epochs=2)
    jobs.record_epoch(session, claim, an_epoch(claim, 3, is_best=False))

    assert place(jobs.best_checkpoint(session, job_id)) == (job_id, 2)


def test_a_job_that_failed_still_answers_by_name(
    session: Session, job_id: UUID
) -> None:
    fail(session, train(session, job_id))

    assert place(jobs.best_checkpoint(session, job_id)) == (job_id, 1)


def test_without_a_name_the_last_to_succeed_answers(
    session: Session, submitted: list[UUID]
) -> None:
    first, second = submitted
    succeed(session, second)
    succeed(session, first)

    assert place(jobs.best_checkpoint(session, None)) == (first, 1)


def test_without_a_name_no_job_answers_whose_files_were_deleted(
    session: Session, submitted: list[UUID]
) -> None:
    first, second = submitted
    succeed(session, first)
    succeed(session, second)
    jobs.delete_job(session, second, files_only=True)

    assert place(jobs.best_checkpoint(session, None)) == (first, 1)


def test_without_a_name_no_running_or_failed_job_answers(
    session: Session, submitted: list[UUID]
) -> None:
    first, second = submitted
    train(session, first)
    fail(session, train(session, second))

    with pytest.raises(NoCheckpointYet):
        jobs.best_checkpoint(session, None)


def test_a_job_in_its_first_epoch_has_no_checkpoint(
    session: Session, claim: Claim
) -> None:
    with pytest.raises(CheckpointNotFound, match="first epoch"):
        jobs.best_checkpoint(session, claim.job_id)


def test_an_unknown_job_has_no_best_checkpoint(session: Session) -> None:
    with pytest.raises(JobNotFound):
        jobs.best_checkpoint(session, uuid4())


def test_checkpoints_are_listed_by_epoch(session: Session, job_id: UUID) -> None:
    train(session, job_id, epochs=3)

    epochs = [found.epoch for found in jobs.list_checkpoints(session, job_id)]
    metrics = [found.epoch for found in jobs.list_metrics(session, job_id)]

    assert epochs == metrics == [1, 2, 3]


def test_a_checkpoint_is_found_by_its_epoch_and_by_its_id(
    session: Session, job_id: UUID
) -> None:
    train(session, job_id, epochs=2)

    checkpoint = jobs.checkpoint_of_epoch(session, job_id, 2)

    assert place(checkpoint) == (job_id, 2)
    assert jobs.get_checkpoint(session, checkpoint.id) == checkpoint


def test_an_epoch_that_was_not_recorded_has_no_checkpoint(
    session: Session, job_id: UUID
) -> None:
    train(session, job_id)

    with pytest.raises(CheckpointNotFound, match="epoch 2"):
        jobs.checkpoint_of_epoch(session, job_id, 2)


def test_an_unknown_checkpoint_is_not_found(session: Session) -> None:
    unknown = uuid4()

    with pytest.raises(CheckpointNotFound, match=str(unknown)):
        jobs.get_checkpoint(session, unknown)
