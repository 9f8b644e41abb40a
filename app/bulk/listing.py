"""Reading bulk predictions and their results; every list has an order and a limit."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.bulk.record import FINAL, BulkClaim, BulkLease
from app.database.engine import read_session
from app.database.pages import Page, last_seen, newest_first, older_than
from app.errors import BulkNotFound
from app.models import BulkPrediction, BulkRows, now
from app.states import BulkStatus

MOST_AT_ONCE = 100


def find_bulk(session: Session, bulk_id: UUID) -> BulkPrediction | None:
    return session.get(BulkPrediction, bulk_id, populate_existing=True)


def get_bulk(session: Session, bulk_id: UUID) -> BulkPrediction:
    bulk = find_bulk(session, bulk_id)
    if bulk is None:
        raise BulkNotFound
    return bulk


def list_bulks(
    session: Session, limit: int, after: UUID | None, key_id: str | None
) -> Page[BulkPrediction]:
    """Return up to limit that are older than `after`; those of one key, if it is given.

    Raises:
        UnknownCursor: There is no such one to begin after, or that key has not.
    """
    last = last_seen(session, BulkPrediction, after, key_id=key_id)
    statement = older_than(select(BulkPrediction), BulkPrediction, last)
    if key_id is not None:
        statement = statement.where(col(BulkPrediction.key_id) == key_id)
    return newest_first(session, statement, BulkPrediction, limit)


def waiting_bulks(session: Session) -> list[UUID]:
    """Return those that wait, the first in line first."""
    oldest = (col(BulkPrediction.created_at), col(BulkPrediction.id))
    waiting = select(BulkPrediction.id).where(
        col(BulkPrediction.status) == BulkStatus.QUEUED
    )
    return list(session.exec(waiting.order_by(*oldest).limit(MOST_AT_ONCE)))


def held_bulks(session: Session) -> list[BulkLease]:
    held = select(
        BulkPrediction.id, BulkPrediction.attempt, BulkPrediction.lease_expires_at
    ).where(col(BulkPrediction.status) == BulkStatus.RUNNING)
    found = session.exec(held.order_by(col(BulkPrediction.id)).limit(MOST_AT_ONCE))
    return [
        BulkLease(BulkClaim(bulk_id, attempt), expires_at)
        for bulk_id, attempt, expires_at in found
        if expires_at is not None
    ]


def old_bulks(session: Session, retention: timedelta) -> list[UUID]:
    """Return those that ended longer ago than results are kept."""
    old = select(BulkPrediction.id).where(
        col(BulkPrediction.status).in_(FINAL),
        col(BulkPrediction.finished_at) < now() - retention,
    )
    by_end = old.order_by(col(BulkPrediction.finished_at))
    return list(session.exec(by_end.limit(MOST_AT_ONCE)))


def read_parts(engine: Engine, bulk_id: UUID) -> Iterator[bytes]:
    """Yield the packed rows in order, each in a session of its own.

    A client may read as slowly as it likes, and holds no transaction open.
    """
    first = -1
    while True:
        following = select(BulkRows).where(
            col(BulkRows.bulk_id) == bulk_id, col(BulkRows.first) > first
        )
        with read_session(engine) as session:
            statement = following.order_by(col(BulkRows.first)).limit(1)
            rows = session.exec(statement).one_or_none()
        if rows is None:
            return
        first = rows.first
        yield rows.data
