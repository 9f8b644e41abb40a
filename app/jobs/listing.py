"""Reading jobs and what they left; every list has an order and a limit."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists
from sqlmodel import Session, col, select

from app.database.pages import Page, last_seen, newest_first, older_than
from app.errors import CheckpointNotFound, JobNotFound, NoCheckpointYet
from app.models import (
    Checkpoint,
    CheckpointWeights,
    EpochMetrics,
    Job,
    JobEvent,
    TrainingState,
)
from app.states import JobStatus


def find_job(session: Session, job_id: UUID) -> Job | None:
    return session.get(Job, job_id, populate_existing=True)


def get_job(session: Session, job_id: UUID) -> Job:
    job = find_job(session, job_id)
    if job is None:
        raise JobNotFound
    return job


def list_jobs(
    session: Session,
    limit: int,
    after: UUID | None,
    status: JobStatus | None,
    key_id: str | None = None,
) -> Page[Job]:
    """Return up to limit jobs older than `after`; of one key alone, if it is given.

    Raises:
        UnknownCursor: There is no such job to begin after, or that key has not.
    """
    last = last_seen(session, Job, after, key_id=key_id)
    statement = older_than(select(Job), Job, last)
    if status is not None:
        statement = statement.where(col(Job.status) == status)
    if key_id is not None:
        statement = statement.where(col(Job.key_id) == key_id)
    return newest_first(session, statement, Job, limit)


def list_metrics(session: Session, job_id: UUID) -> list[EpochMetrics]:
    statement = select(EpochMetrics).where(col(EpochMetrics.job_id) == job_id)
    return list(session.exec(statement.order_by(col(EpochMetrics.epoch))))


def list_events(session: Session, job_id: UUID, after: int) -> list[JobEvent]:
    """Return the events with a number above `after`, in order."""
    statement = select(JobEvent).where(
        col(JobEvent.job_id) == job_id, col(JobEvent.number) > after
    )
    return list(session.exec(statement.order_by(col(JobEvent.number))))


@dataclass(frozen=True)
class StatusChange:
    """One change of a job's status, as its event tells it."""

    status: JobStatus
    at: datetime
    reason: str | None
    attempt: int
    worker_id: str | None


def status_history(session: Session, job_id: UUID) -> list[StatusChange]:
    """Return every change of a job's status, first to last."""
    kinds = {status.value: status for status in JobStatus}
    kinds["requeued"] = JobStatus.QUEUED
    return [
        StatusChange(
            status=kinds[event.kind],
            at=event.created_at,
            reason=event.data.get("reason") or event.data.get("requested"),
            attempt=event.attempt,
            worker_id=event.data.get("worker_id"),
        )
        for event in list_events(session, job_id, after=0)
        if event.kind in kinds
    ]


def list_checkpoints(session: Session, job_id: UUID) -> list[Checkpoint]:
    statement = select(Checkpoint).where(col(Checkpoint.job_id) == job_id)
    return list(session.exec(statement.order_by(col(Checkpoint.epoch))))


def checkpoint_of_epoch(session: Session, job_id: UUID, epoch: int) -> Checkpoint:
    statement = select(Checkpoint).where(
        col(Checkpoint.job_id) == job_id, col(Checkpoint.epoch) == epoch
    )
    checkpoint = session.exec(statement).one_or_none()
    if checkpoint is None:
        raise CheckpointNotFound(f"The job has no checkpoint of epoch {epoch}.")
    return checkpoint


def get_checkpoint(session: Session, checkpoint_id: UUID) -> Checkpoint:
    checkpoint = session.get(Checkpoint, checkpoint_id)
    if checkpoint is None:
        raise CheckpointNotFound(f"There is no checkpoint {checkpoint_id}.")
    return checkpoint


def best_checkpoint(
    session: Session, job_id: UUID | None, key_id: str | None = None
) -> Checkpoint:
    """Return the best checkpoint of a job, by default of the newest that succeeded.

    A job whose files were deleted does not answer for the others.

    Raises:
        JobNotFound: There is no such job.
        CheckpointNotFound: The job has not finished an epoch.
        NoCheckpointYet: No job was named and none has succeeded.
    """
    if job_id is None:
        job = newest_succeeded(session, key_id)
    else:
        job = get_job(session, job_id)
    if job.best_epoch is None:
        raise CheckpointNotFound("The job has not finished its first epoch yet.")
    return checkpoint_of_epoch(session, job.id, job.best_epoch)


def newest_succeeded(session: Session, key_id: str | None = None) -> Job:
    statement = select(Job).where(
        col(Job.status) == JobStatus.SUCCEEDED,
        exists().where(
            col(Checkpoint.job_id) == Job.id, col(Checkpoint.epoch) == Job.best_epoch
        ),
    )
    if key_id is not None:
        statement = statement.where(col(Job.key_id) == key_id)
    newest = statement.order_by(col(Job.finished_at).desc(), col(Job.id)).limit(1)
    job = session.exec(newest).one_or_none()
    if job is None:
        raise NoCheckpointYet
    return job


def read_weights(session: Session, checkpoint_id: UUID) -> bytes:
    statement = select(CheckpointWeights.data).where(
        col(CheckpointWeights.checkpoint_id) == checkpoint_id
    )
    data = session.exec(statement).one_or_none()
    if data is None:
        raise CheckpointNotFound(f"There is no checkpoint {checkpoint_id}.")
    return data


def read_training_state(session: Session, job_id: UUID) -> bytes | None:
    statement = select(TrainingState.data).where(col(TrainingState.job_id) == job_id)
    return session.exec(statement).one_or_none()
