"""Idempotency keys: a submit that was sent twice makes one job.

The key's row commits with the job's, so there is no moment in which one of them is
there alone, and nothing to wait for while the first request still runs.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from app.errors import IdempotencyKeyReused
from app.jobs.listing import find_job
from app.models import IdempotencyKey, Job, now


@dataclass(frozen=True)
class Ticket:
    """A client's own name for a request, and a digest of all that it asked."""

    owner: str
    key: str
    digest: str


def job_of_ticket(session: Session, ticket: Ticket | None) -> Job | None:
    """Return the job that a request with this key has made; None if there was none.

    Raises:
        IdempotencyKeyReused: It asked for something else, or its job was deleted.
    """
    if ticket is None:
        return None
    row = session.get(IdempotencyKey, (ticket.owner, ticket.key))
    if row is None:
        return None
    job = find_job(session, row.job_id)
    if row.digest != ticket.digest:
        raise IdempotencyKeyReused
    if job is None:
        raise IdempotencyKeyReused("The job of this Idempotency-Key was deleted.")
    return job


def keep_ticket(session: Session, ticket: Ticket, job: Job) -> None:
    """Store a key with its job, in the transaction that stores the job."""
    session.add(
        IdempotencyKey(
            owner=ticket.owner, key=ticket.key, digest=ticket.digest, job_id=job.id
        )
    )


def forget_tickets(session: Session, age: timedelta) -> None:
    """Delete the keys that are older: nobody sends those again."""
    old = col(IdempotencyKey.created_at) < now() - age
    session.exec(delete(IdempotencyKey).where(old))
    session.commit()
