"""The one statement that changes a job, and the event that tells of it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col

from app.models import Job, JobEvent
from app.outbox import tell_of_job
from app.states import CLAIMABLE, WRITABLE, JobStatus


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
    """The fence: true only for the attempt that owns the job, while it may write."""
    return [
        col(Job.id) == claim.job_id,
        col(Job.attempt) == claim.attempt,
        col(Job.status).in_(WRITABLE),
        col(Job.lease_expires_at).is_not(None),
    ]


def waits() -> list[ColumnElement[bool]]:
    """A job that a worker should take: queued, or stopped while nobody held it."""
    return [col(Job.status).in_(CLAIMABLE), col(Job.lease_expires_at).is_(None)]


def stands_at(job_id: UUID, status: JobStatus) -> list[ColumnElement[bool]]:
    return [col(Job.id) == job_id, col(Job.status) == status]


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
        .returning(col(Job.id), col(Job.event_count), col(Job.attempt), col(Job.key_id))
    )
    row = session.exec(statement).one_or_none()
    if row is None:
        return None
    event = JobEvent(
        job_id=row[0], number=row[1], attempt=row[2], kind=news.kind, data=news.data
    )
    add_event(session, event, owner=row[3])
    return event


def add_event(session: Session, event: JobEvent, owner: str | None) -> None:
    """Add an event to the open transaction, and what webhooks are told of it."""
    session.add(event)
    told = {
        "job_id": str(event.job_id),
        "number": event.number,
        "attempt": event.attempt,
    }
    tell_of_job(session, event.kind, told, owner)
