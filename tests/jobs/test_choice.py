"""What a client names decides which checkpoint answers; the rest is free."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.database.engine import read_session
from app.errors import (
    CheckpointMismatch,
    CheckpointNotFound,
    JobNotFound,
    NoCheckpointYet,
)
from app.jobs import Choice, Claim, choose_checkpoint
from app.models import Checkpoint
from tests.factories import finish_job, record_epoch, running_job, submitted_job


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Give a session that holds up no writer."""
    with read_session(engine) as session:
        yield session


@pytest.fixture
def claim(engine: Engine) -> Claim:
    """Give a running job whose second of three epochs is its best."""
    claim = running_job(engine)
    for epoch, is_best in ((1, True), (2, True), (3, False)):
        record_epoch(engine, claim, epoch, is_best=is_best)
    return claim


@pytest.fixture
def second(session: Session, claim: Claim) -> Checkpoint:
    return choose_checkpoint(session, Choice(job_id=claim.job_id, epoch=2))


@pytest.mark.parametrize(
    ("epoch", "expected"), [(None, 2), ("best", 2), ("last", 3), (1, 1)]
)
def test_an_epoch_of_a_running_job_answers(
    session: Session, claim: Claim, epoch: int | None, expected: int
) -> None:
    chosen = choose_checkpoint(session, Choice(job_id=claim.job_id, epoch=epoch))

    assert (chosen.job_id, chosen.epoch) == (claim.job_id, expected)


@pytest.mark.parametrize(("epoch", "expected"), [("best", 2), ("last", 3), (1, 1)])
def test_an_epoch_alone_is_one_of_the_newest_success(
    engine: Engine, session: Session, claim: Claim, epoch: int | None, expected: int
) -> None:
    finish_job(engine, claim)

    chosen = choose_checkpoint(session, Choice(epoch=epoch))

    assert (chosen.job_id, chosen.epoch) == (claim.job_id, expected)


@pytest.mark.parametrize("epoch", [None, "best", 2])
def test_a_checkpoint_may_be_named_with_what_it_is_of(
    session: Session, claim: Claim, second: Checkpoint, epoch: int | None
) -> None:
    choice = Choice(claim.job_id, second.id, epoch)

    assert choose_checkpoint(session, choice).id == second.id


@pytest.mark.parametrize("epoch", ["last", 1])
def test_a_checkpoint_of_another_epoch_is_a_contradiction(
    session: Session, second: Checkpoint, epoch: int
) -> None:
    with pytest.raises(CheckpointMismatch):
        choose_checkpoint(session, Choice(checkpoint_id=second.id, epoch=epoch))


def test_a_checkpoint_of_another_job_is_a_contradiction(
    engine: Engine, session: Session, second: Checkpoint
) -> None:
    session.rollback()
    other = submitted_job(engine)

    with pytest.raises(CheckpointMismatch):
        choose_checkpoint(session, Choice(other.id, second.id))


@pytest.mark.parametrize("epoch", ["last", 4])
def test_an_epoch_that_is_not_there_is_not_found(
    engine: Engine, session: Session, epoch: int
) -> None:
    job = submitted_job(engine)

    with pytest.raises(CheckpointNotFound):
        choose_checkpoint(session, Choice(job_id=job.id, epoch=epoch))


@pytest.mark.parametrize("epoch", [None, "last", 1])
def test_an_epoch_of_an_unknown_job_is_not_found(
    session: Session, epoch: int | None
) -> None:
    with pytest.raises(JobNotFound):
        choose_checkpoint(session, Choice(job_id=uuid4(), epoch=epoch))


@pytest.mark.parametrize("epoch", [None, "last", 1])
def test_before_any_success_an_epoch_alone_is_nobodys(
    session: Session, claim: Claim, epoch: int | None
) -> None:
    with pytest.raises(NoCheckpointYet):
        choose_checkpoint(session, Choice(epoch=epoch))
