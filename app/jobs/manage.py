"""Changing, repeating and deleting jobs on a client's word."""

from collections.abc import Set
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.errors import JobNotFinished, PreconditionFailed, WrongStatus
from app.jobs.listing import get_job
from app.jobs.moves import update_job
from app.jobs.pins import demand_unpinned
from app.jobs.retention import free_pages
from app.jobs.submit import UNKNOWN, Origin, submit_job
from app.models import (
    Checkpoint,
    CheckpointWeights,
    EpochMetrics,
    Job,
    JobAttempt,
    JobEvent,
    JobLog,
    JobReport,
    TrainingState,
)
from app.quotas import UNLIMITED, Quotas
from app.spec import JobEdit, JobRequest
from app.states import TERMINAL, JobStatus
from app.tickets import Ticket

COLUMNS = {"metadata": "user_metadata"}
EMPTY: dict[str, Any] = {"tags": [], "metadata": {}, "priority": 0}


def edit_job(
    session: Session, job_id: UUID, edit: JobEdit, edits: Set[int] | None = None
) -> Job:
    """Set what the edit names, to nothing where it says null.

    A queued job moves in line with its priority.

    Raises:
        JobNotFound: There is no such job.
        PreconditionFailed: It was edited another number of times.
    """
    given = edit.model_dump(exclude_unset=True)
    values = {
        COLUMNS.get(name, name): EMPTY.get(name) if value is None else value
        for name, value in given.items()
    }
    where = [col(Job.id) == job_id]
    if edits is not None:
        where.append(col(Job.edit_count).in_(edits))
    values["edit_count"] = col(Job.edit_count) + 1
    is_edited = update_job(session, where, values)
    job = get_job(session, job_id)
    session.commit()
    if not is_edited:
        raise PreconditionFailed
    return job


def request_again(job: Job, overrides: dict[str, Any]) -> JobRequest:
    """Return the request that makes a new job from an old one's resolved spec.

    Raises:
        ValidationError: The overrides do not make a valid request.
    """
    again = {
        **job.spec.model_dump(),
        "name": job.name,
        "tags": job.tags,
        "metadata": job.user_metadata,
        "priority": job.priority,
        "init_from": job.init_from,
    }
    return JobRequest.model_validate({**again, **overrides})


def submit_reproduction(
    session: Session,
    job_id: UUID,
    origin: Origin = UNKNOWN,
    ticket: Ticket | None = None,
    quotas: Quotas = UNLIMITED,
) -> Job:
    """Store a job that runs another's lineage again; its end brings a verdict.

    Raises:
        JobNotFound: There is no such job.
        WrongStatus: It has not succeeded.
        QuotaExceeded: The key has no room for another one.
    """
    job = get_job(session, job_id)
    if job.status is not JobStatus.SUCCEEDED:
        raise WrongStatus(
            f"The job is {job.status}; only one that succeeded can be reproduced."
        )
    again = request_again(job, {})
    origin = replace(origin, reproduces=job_id)
    return submit_job(session, again, origin, ticket, quotas)


def delete_job(session: Session, job_id: UUID, *, files_only: bool) -> None:
    """Remove a finished job's bytes and, unless files_only, every trace of it.

    Raises:
        JobNotFound: There is no such job.
        JobNotFinished: It has not ended; cancel it first.
        CheckpointInUse: A model's version points at one of its checkpoints.
    """
    job = get_job(session, job_id)
    if job.status not in TERMINAL:
        raise JobNotFinished(f"The job is {job.status}; cancel it before deleting it.")
    demand_unpinned(session, job_id)
    checkpoints = select(Checkpoint.id).where(col(Checkpoint.job_id) == job_id)
    weights = col(CheckpointWeights.checkpoint_id).in_(checkpoints)
    session.exec(delete(CheckpointWeights).where(weights))
    for table in (TrainingState, Checkpoint):
        session.exec(delete(table).where(col(table.job_id) == job_id))
    if not files_only:
        for kept in (JobAttempt, JobLog, JobReport, EpochMetrics, JobEvent):
            session.exec(delete(kept).where(col(kept.job_id) == job_id))
        session.exec(delete(Job).where(col(Job.id) == job_id))
    session.commit()
    free_pages(session)
