"""Writing bulk predictions: each change is one statement that says if it happened."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, update
from sqlmodel import Session, col, select

from app.errors import BulkBusy, BulkNotFound
from app.models import BulkError, BulkPrediction, BulkRows, now
from app.states import BulkStatus
from app.tickets import Ticket, keep_ticket

FINAL = [status for status in BulkStatus if status.is_terminal]


@dataclass(frozen=True)
class BulkClaim:
    """The right to go on with a bulk prediction: valid for this attempt alone."""

    bulk_id: UUID
    attempt: int


@dataclass(frozen=True)
class BulkLease:
    """A lease as it stands; whoever looks times it by a clock of his own."""

    claim: BulkClaim
    expires_at: datetime


@dataclass(frozen=True)
class Part:
    """The rows of the pictures from `first` on, packed."""

    first: int
    images: int
    refused: int
    data: bytes


def submit_bulk(
    session: Session, bulk: BulkPrediction, most: int, ticket: Ticket | None = None
) -> BulkPrediction:
    """Store it in the line.

    Raises:
        BulkBusy: As many as are taken wait already, or run.
    """
    unfinished = select(func.count()).where(col(BulkPrediction.status).not_in(FINAL))
    if (session.scalar(unfinished) or 0) >= most:
        raise BulkBusy
    session.add(bulk)
    keep_ticket(session, ticket, bulk.id)
    session.commit()
    return bulk


def claim_bulk(
    session: Session, bulk_id: UUID, lease: timedelta
) -> BulkPrediction | None:
    """Take one if it still waits."""
    where = [
        col(BulkPrediction.id) == bulk_id,
        col(BulkPrediction.status) == BulkStatus.QUEUED,
    ]
    moment = now()
    values = {
        "status": BulkStatus.RUNNING,
        "attempt": col(BulkPrediction.attempt) + 1,
        "lease_expires_at": moment + lease,
        "started_at": func.coalesce(col(BulkPrediction.started_at), moment),
    }
    taken = change(session, where, values)
    session.commit()
    return session.get(BulkPrediction, bulk_id) if taken else None


def renew_bulk(session: Session, claim: BulkClaim, lease: timedelta) -> bool:
    """Keep it for another lease; False once it is somebody else's, or deleted."""
    kept = change(session, held_by(claim), {"lease_expires_at": now() + lease})
    session.commit()
    return kept


def record_part(
    session: Session, claim: BulkClaim, part: Part, lease: timedelta
) -> bool:
    """Store rows and count them in one transaction; False if it is not ours to do."""
    values = {
        "images_done": part.first + part.images,
        "images_refused": col(BulkPrediction.images_refused) + part.refused,
        "lease_expires_at": now() + lease,
    }
    where = [*held_by(claim), col(BulkPrediction.images_done) == part.first]
    kept = change(session, where, values)
    if kept:
        session.add(BulkRows(bulk_id=claim.bulk_id, first=part.first, data=part.data))
    session.commit()
    return kept


def finish_bulk(session: Session, claim: BulkClaim, error: BulkError | None) -> bool:
    status = BulkStatus.SUCCEEDED if error is None else BulkStatus.FAILED
    return settle(session, held_by(claim), status, error)


def release_bulk(session: Session, claim: BulkClaim) -> bool:
    """Put it back in the line, from where it stands."""
    return settle(session, held_by(claim), BulkStatus.QUEUED, None)


def settle_lost(session: Session, lease: BulkLease, most_attempts: int) -> bool:
    """Put back what nobody goes on with; after too many attempts it has failed."""
    where = [
        *held_by(lease.claim),
        col(BulkPrediction.lease_expires_at) == lease.expires_at,
    ]
    if lease.claim.attempt < most_attempts:
        return settle(session, where, BulkStatus.QUEUED, None)
    message = f"The service died {most_attempts} times while it worked on this zip."
    error = BulkError(code="service_lost", message=message)
    return settle(session, where, BulkStatus.FAILED, error)


def settle(
    session: Session,
    where: list[ColumnElement[bool]],
    status: BulkStatus,
    error: BulkError | None,
) -> bool:
    values = {
        "status": status,
        "lease_expires_at": None,
        "error": error,
        "finished_at": now() if status.is_terminal else None,
    }
    moved = change(session, where, values)
    session.commit()
    return moved


def delete_bulk(session: Session, bulk_id: UUID) -> None:
    """Remove it with its rows; whoever works on it finds its claim void.

    Raises:
        BulkNotFound: There is none with this id.
    """
    # First, so that no writer adds rows after they were deleted.
    where = [col(BulkPrediction.id) == bulk_id]
    if not change(session, where, {"status": BulkStatus.FAILED}):
        raise BulkNotFound
    session.exec(delete(BulkRows).where(col(BulkRows.bulk_id) == bulk_id))
    session.exec(delete(BulkPrediction).where(*where))
    session.commit()


def change(
    session: Session, where: list[ColumnElement[bool]], values: dict[str, Any]
) -> bool:
    statement = update(BulkPrediction).where(*where).values(**values)
    return session.exec(statement).rowcount == 1


def held_by(claim: BulkClaim) -> list[ColumnElement[bool]]:
    return [
        col(BulkPrediction.id) == claim.bulk_id,
        col(BulkPrediction.attempt) == claim.attempt,
        col(BulkPrediction.status) == BulkStatus.RUNNING,
    ]
