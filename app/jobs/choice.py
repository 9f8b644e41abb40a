"""Which checkpoint answers, of all that there are."""

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import CheckpointMismatch, CheckpointNotFound, JobNotFound
from app.jobs.listing import (
    best_checkpoint,
    checkpoint_of_epoch,
    find_job,
    get_checkpoint,
    get_job,
    newest_succeeded,
)
from app.jobs.origins import origin_of
from app.models import Checkpoint
from app.registry import ModelReference, Named, resolve_reference


@dataclass(frozen=True)
class Choice:
    """What a client named; whatever it left out is free."""

    job_id: UUID | None = None
    checkpoint_id: UUID | None = None
    epoch: Literal["best", "last"] | int | None = None
    key_id: str | None = None  # only what this key has trained
    model: ModelReference | None = None


@dataclass(frozen=True)
class Answering:
    """The checkpoint that answers, and the version whose it is if a model was named."""

    checkpoint: Checkpoint
    named: Named | None = None


def choose_answering(session: Session, choice: Choice) -> Answering:
    """Return the version of the model that was named, or else the checkpoint.

    Raises:
        ModelNotFound, AliasNotFound, VersionNotFound: Nothing has that name.
        CheckpointMismatch: A checkpoint was named besides a model.
    """
    if choice.model is None:
        return Answering(choose_checkpoint(session, choice))
    if choice != Choice(model=choice.model, key_id=choice.key_id):
        raise CheckpointMismatch("Name a model, or a checkpoint, but not both.")
    named = resolve_reference(session, choice.model)
    return Answering(get_checkpoint(session, named.checkpoint_id), named)


def choose_checkpoint(session: Session, choice: Choice) -> Checkpoint:
    """Return the checkpoint that was named, by default the best of the newest success.

    Raises:
        JobNotFound: There is no such job.
        CheckpointNotFound: There is no such checkpoint, or none yet.
        NoCheckpointYet: No job was named and none has succeeded.
        CheckpointMismatch: Job, epoch and checkpoint do not belong together.
    """
    if choice.checkpoint_id is None:
        if choice.job_id is not None:
            demand_own(session, choice.job_id, choice.key_id)
        return checkpoint_of_job(session, choice)
    checkpoint = get_checkpoint(session, choice.checkpoint_id)
    if choice.key_id not in (None, origin_of(session, checkpoint).key_id):
        raise CheckpointNotFound
    if choice.job_id not in (None, checkpoint.job_id):
        raise CheckpointMismatch
    if choice.epoch is not None:
        demand_epoch(session, checkpoint, choice)
    return checkpoint


def demand_epoch(session: Session, checkpoint: Checkpoint, choice: Choice) -> None:
    """Raise CheckpointMismatch unless it is of that epoch of its job."""
    if checkpoint.job_id is None:
        raise CheckpointMismatch("An imported checkpoint has no epochs.")
    of_job = replace(choice, job_id=checkpoint.job_id)
    if checkpoint_of_job(session, of_job).id != checkpoint.id:
        raise CheckpointMismatch


def demand_own(session: Session, job_id: UUID, key_id: str | None) -> None:
    """Raise JobNotFound if the choice is among one key's jobs without this one."""
    if key_id is None:
        return
    job = find_job(session, job_id)
    if job is None or job.key_id != key_id:
        raise JobNotFound


def checkpoint_of_job(session: Session, choice: Choice) -> Checkpoint:
    if choice.epoch is None or choice.epoch == "best":
        return best_checkpoint(session, choice.job_id, choice.key_id)
    if choice.job_id is None:
        job = newest_succeeded(session, choice.key_id)
    else:
        job = get_job(session, choice.job_id)
    if choice.epoch == "last":
        return last_checkpoint(session, job.id)
    return checkpoint_of_epoch(session, job.id, choice.epoch)


def last_checkpoint(session: Session, job_id: UUID) -> Checkpoint:
    of_job = select(Checkpoint).where(col(Checkpoint.job_id) == job_id)
    newest = of_job.order_by(col(Checkpoint.epoch).desc()).limit(1)
    checkpoint = session.exec(newest).one_or_none()
    if checkpoint is None:
        raise CheckpointNotFound("The job has no checkpoint.")
    return checkpoint
