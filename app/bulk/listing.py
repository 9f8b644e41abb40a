"""Reading bulk predictions and their results; every list has an order and a limit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine, tuple_
from sqlmodel import Session, col, select

from app.bulk.record import FINAL, BulkClaim, BulkLease
from app.database.engine import read_session
from app.errors import BulkNotFound, UnknownCursor
from app.models import BulkPrediction, BulkRows, now
from app.states import BulkStatus

MOST_AT_ONCE = 100


@dataclass(frozen=True)
class BulkPage:
    """One page, newest first, and whether older ones follow."""

    found: list[BulkPrediction]
    has_more: bool


def find_bulk(session: Session, bulk_id: UUID) -> BulkPrediction | None:
    return session.get(BulkPrediction, bulk_id, populate_existing=True)


def get_bulk(session: Session, bulk_id: UUID) -> BulkPrediction:
    bulk = find_bulk(session, bulk_id)
    if bulk is None:
        raise BulkNotFound
    return bulk


def list_bulks(
    session: Session, limit: int, after: UUID | None, key_id: str | None
) -> BulkPage:
    """Return up to limit that are older than `after`, by keyset (created_at, id).

    Those of one key, if it is given.
    """
    place = tuple_(col(BulkPrediction.created_at), col(BulkPrediction.id))
    newest = (col(BulkPrediction.created_at).desc(), col(BulkPrediction.id).desc())
    statement = select(BulkPrediction).order_by(*newest)
    if key_id is not None:
        statement = statement.where(col(BulkPrediction.key_id) == key_id)
    if after is not None:
        cursor = session.get(BulkPrediction, after)
        if cursor is None or key_id not in (None, cursor.key_id):
            raise UnknownCursor
        statement = statement.where(place < (cursor.created_at, cursor.id))
    found = list(session.exec(statement.limit(limit + 1)))
    return BulkPage(found[:limit], has_more=len(found) > limit)


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
