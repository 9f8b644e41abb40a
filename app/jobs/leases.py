"""Who may run a job: claims, renewals, and the leases that are held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlmodel import Session, col

from app.jobs.moves import Claim, News, change_job, update_job, waits
from app.models import Job, now
from app.quotas import has_room_to_run
from app.states import CLAIMABLE, HELD, JobStatus

__all__ = [
    "Claim",
    "HeldLease",
    "Lease",
    "claim_next",
    "list_held_leases",
    "read_status",
    "renew_lease",
]


@dataclass(frozen=True)
class Lease:
    """Who takes a job, and for how long without a sign of life."""

    worker_id: str
    duration: timedelta


@dataclass(frozen=True)
class HeldLease:
    """A lease as it stands: every renewal makes it another one.

    Its expiry is by its worker's clock, which nobody else's may be compared with.
    """

    claim: Claim
    expires_at: datetime


def claim_next(
    session: Session, lease: Lease, most_running: int | None = None
) -> Claim | None:
    """Take the job whose turn it is; None if none waits.

    A message is only a bell: whichever job it named, the first in line is taken, so
    that priorities hold and a message delivered twice does nothing. Jobs of a key that
    has as many running as it may are passed over, and announced again in a moment.
    """
    full: list[str] = []
    while (first := first_in_line(session, full)) is not None:
        job_id, key_id = first
        if key_id is not None and not has_room_to_run(session, key_id, most_running):
            update_job(
                session, [col(Job.id) == job_id, *waits()], {"dispatch_at": now()}
            )
            full.append(key_id)
            continue
        claim = claim_job(session, job_id, lease)
        if claim is not None:
            return claim
    session.commit()
    return None


def first_in_line(
    session: Session, full: Sequence[str] = ()
) -> tuple[UUID, str | None] | None:
    """Return the waiting job with the highest priority; of equals, the oldest.

    With the key that it is of, which is none of those that are full.
    """
    firsts = (
        session.execute(first_with(status, full)).one_or_none() for status in CLAIMABLE
    )
    found = min((tuple(row) for row in firsts if row is not None), default=None)
    return None if found is None else found[-2:]


def first_with(
    status: JobStatus, full: Sequence[str]
) -> Select[int, datetime, UUID, str | None]:
    """Select the first of a status, with what it is compared by.

    By one status, and by the highest priority before anything else, an index has the
    answer; otherwise the database would sort all that wait.
    """
    waiting = [col(Job.status) == status, col(Job.lease_expires_at).is_(None)]
    if full:
        key_id = col(Job.key_id)
        waiting.append(or_(key_id.is_(None), key_id.not_in(full)))
    priority, created_at, job_id = col(Job.priority), col(Job.created_at), col(Job.id)
    highest = select(priority).where(*waiting).order_by(priority.desc()).limit(1)
    return (
        select(-priority, created_at, job_id, col(Job.key_id))
        .where(*waiting, priority == highest.scalar_subquery())
        .order_by(created_at, job_id)
        .limit(1)
    )


def claim_job(session: Session, job_id: UUID, lease: Lease) -> Claim | None:
    """Take one job if it still waits; a job that is being stopped stays so."""
    started = now()
    values: dict[str, Any] = {
        "attempt": col(Job.attempt) + 1,
        "worker_id": lease.worker_id,
        "lease_expires_at": started + lease.duration,
        "started_at": func.coalesce(col(Job.started_at), started),
        "error": None,
    }
    for source, target in CLAIMS.items():
        where = [
            col(Job.id) == job_id,
            col(Job.status) == source,
            col(Job.lease_expires_at).is_(None),
        ]
        news = News(target, {"worker_id": lease.worker_id})
        event = change_job(session, where, {**values, "status": target}, news)
        if event is not None:
            session.commit()
            return Claim(job_id, event.attempt)
    session.commit()
    return None


CLAIMS = {
    JobStatus.QUEUED: JobStatus.RUNNING,
    JobStatus.STOPPING: JobStatus.STOPPING,
}


def renew_lease(session: Session, claim: Claim, duration: timedelta) -> bool:
    """Keep the job for another lease; False once it belongs to somebody else."""
    where = [
        col(Job.id) == claim.job_id,
        col(Job.attempt) == claim.attempt,
        col(Job.lease_expires_at).is_not(None),
    ]
    renewed = update_job(session, where, {"lease_expires_at": now() + duration})
    session.commit()
    return renewed


def read_status(session: Session, job_id: UUID) -> JobStatus | None:
    """Return what is asked of a job now; None if it was deleted."""
    statement = select(col(Job.status)).where(col(Job.id) == job_id)
    return session.scalars(statement).one_or_none()


def list_held_leases(session: Session) -> list[HeldLease]:
    """Return the lease of every job that is held, the longest unrenewed first."""
    statement = select(col(Job.id), col(Job.attempt), col(Job.lease_expires_at)).where(
        col(Job.status).in_(HELD), col(Job.lease_expires_at).is_not(None)
    )
    found = session.execute(statement.order_by(col(Job.lease_expires_at)))
    return [HeldLease(Claim(job_id, attempt), at) for job_id, attempt, at in found]
