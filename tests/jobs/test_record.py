"""An epoch is recorded whole, once and in order, or not at all."""

import hashlib

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DataError, IntegrityError
from sqlmodel import Session

from app import jobs
from app.database.engine import read_session, write_session
from app.jobs import Claim, SavedState
from app.jobs.record import checkpoint_row
from app.states import JobStatus
from tests.jobs.examples import (
    PROGRESS,
    an_epoch,
    claimed,
    every_row,
    kinds,
    last_event,
    look,
    release,
)

# No database has such a number, so that saving the state fails after all the rest.
IMPOSSIBLE = SavedState(epoch=1, step=2**80, data=b"")


def test_progress_is_shown_without_an_event(
    engine: Engine, session: Session, claim: Claim
) -> None:
    assert jobs.record_progress(session, claim, PROGRESS)

    assert look(engine, claim.job_id).progress == PROGRESS
    assert kinds(engine, claim.job_id) == ["queued", "running"]


def test_an_epoch_leaves_its_metrics(
    engine: Engine, session: Session, claim: Claim
) -> None:
    record = an_epoch(claim)

    assert jobs.record_epoch(session, claim, record)

    with read_session(engine) as reader:
        [metrics] = jobs.list_metrics(reader, claim.job_id)
    assert metrics.model_dump() == record.metrics.model_dump()


def test_an_epoch_leaves_a_checkpoint_with_its_weights(
    session: Session, claim: Claim
) -> None:
    record = an_epoch(claim)

    jobs.record_epoch(session, claim, record)

    [checkpoint] = jobs.list_checkpoints(session, claim.job_id)
    assert jobs.read_weights(session, checkpoint.id) == record.weights
    assert checkpoint.size_bytes == len(record.weights)
    assert checkpoint.sha256 == hashlib.sha256(record.weights).hexdigest()
    assert (checkpoint.epoch, checkpoint.attempt) == (1, claim.attempt)
    assert checkpoint.val_accuracy == record.metrics.val_accuracy
    assert checkpoint.val_loss == record.metrics.val_loss


def test_an_epoch_tells_its_metrics(
    engine: Engine, session: Session, claim: Claim
) -> None:
    jobs.record_epoch(session, claim, an_epoch(claim))

    assert kinds(engine, claim.job_id)[-1] == "epoch"
    assert last_event(engine, claim.job_id) == {
        "epoch": 1,
        "train_loss": 0.5,
        "train_accuracy": 0.8,
        "val_loss": 0.25,
        "val_accuracy": 0.901,
        "seconds": 2.0,
        "images_per_second": 27500.0,
    }


def test_the_training_state_is_that_of_the_last_epoch(
    session: Session, claim: Claim
) -> None:
    for epoch in (1, 2):
        state = SavedState(epoch=epoch, step=0, data=b"state %d" % epoch)
        jobs.record_epoch(session, claim, an_epoch(claim, epoch, state=state))

    assert jobs.read_training_state(session, claim.job_id) == b"state 2"


def test_only_a_better_epoch_becomes_the_best(
    engine: Engine, session: Session, claim: Claim
) -> None:
    jobs.record_epoch(session, claim, an_epoch(claim))
    jobs.record_epoch(session, claim, an_epoch(claim, 2, is_best=False))

    job = look(engine, claim.job_id)
    assert (job.epoch, job.best_epoch) == (2, 1)
    assert (job.best_val_accuracy, job.best_val_loss) == (0.901, 0.25)


@pytest.mark.parametrize("epoch", [1, 3, 0])
def test_an_epoch_out_of_its_turn_is_refused(
    engine: Engine, session: Session, claim: Claim, epoch: int
) -> None:
    jobs.record_epoch(session, claim, an_epoch(claim))
    before = every_row(engine)

    assert not jobs.record_epoch(session, claim, an_epoch(claim, epoch))

    assert every_row(engine) == before


def test_an_epoch_whose_checkpoint_is_there_already_leaves_nothing(
    engine: Engine, claim: Claim
) -> None:
    with write_session(engine) as session:
        session.add(checkpoint_row(an_epoch(claim).metrics, b"other weights"))
        session.commit()
    before = every_row(engine)

    with write_session(engine) as session, pytest.raises(IntegrityError):
        jobs.record_epoch(session, claim, an_epoch(claim))

    assert every_row(engine) == before


def test_an_epoch_whose_state_cannot_be_saved_leaves_nothing(
    engine: Engine, claim: Claim
) -> None:
    before = every_row(engine)

    with write_session(engine) as session, pytest.raises((OverflowError, DataError)):
        jobs.record_epoch(session, claim, an_epoch(claim, state=IMPOSSIBLE))

    assert every_row(engine) == before


def test_nobody_sees_half_an_epoch(
    engine: Engine, session: Session, claim: Claim
) -> None:
    before = every_row(engine)
    with read_session(engine) as reader:
        jobs.get_job(reader, claim.job_id)
        jobs.record_epoch(session, claim, an_epoch(claim))

        assert jobs.get_job(reader, claim.job_id).epoch == 0
        assert jobs.list_metrics(reader, claim.job_id) == []
    assert every_row(engine) != before


def test_the_epochs_of_an_earlier_attempt_are_gone_on_from(
    engine: Engine, session: Session, claim: Claim
) -> None:
    jobs.record_epoch(session, claim, an_epoch(claim))
    release(session, claim)
    again = claimed(session, claim.job_id)

    assert jobs.record_epoch(session, again, an_epoch(again, 2))

    job = look(engine, claim.job_id)
    assert (job.status, job.epoch, job.attempt) == (JobStatus.RUNNING, 2, 2)
