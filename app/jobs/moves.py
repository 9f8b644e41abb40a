"""The one statement that changes a job, and the event that tells of it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col

from app.models import Job, JobEvent
from app.spec import REACHED_FROM, JobStatus


@dataclass(frozen=True)
class Claim:
    """The right to write to a job: valid while the job's attempt is still this one."""

    job_id: UUID
    attempt: int


@dataclass(frozen=True)
class News:
    """What an event says: a kind and its particulars, as JSON."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)


def held_by(claim: Claim) -> list[ColumnElement[bool]]:
    """The fence: true only for the attempt that owns the running job."""
    return [
        col(Job.id) == claim.job_id,
        col(Job.attempt) == claim.attempt,
        col(Job.status) == JobStatus.RUNNING,
    ]


def may_become(job_id: UUID, status: JobStatus) -> list[ColumnElement[bool]]:
    return [col(Job.id) == job_id, col(Job.status).in_(REACHED_FROM[status])]


def update_job(
    session: Session, where: list[ColumnElement[bool]], values: dict[str, Any]
) -> bool:
    """Change a job without telling; say whether the condition held."""
    statement = update(Job).where(*where).values(**values)
    return session.exec(statement).rowcount == 1


def change_job(
    session: Session,
    where: list[ColumnElement[bool]],
    values: dict[str, Any],
    news: News,
) -> JobEvent | None:
    """Change a job and add its event to the open transaction; None if refused.

    The event takes its number from the same UPDATE, so numbers have no gap and
    no two writers can take the same one.
    """
    statement = (
        update(Job)
        .where(*where)
        .values(**values, event_count=col(Job.event_count) + 1)
        .returning(col(Job.id), col(Job.event_count), col(Job.attempt))
    )
    row = session.exec(statement).one_or_none()
    if row is None:
        return None
    event = JobEvent(
        job_id=row[0], number=row[1], attempt=row[2], kind=news.kind, data=news.data
    )
    session.add(event)
    return event
