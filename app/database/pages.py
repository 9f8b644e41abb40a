"""Lists in pages, the newest first: what comes meanwhile moves nothing.

By keyset (created_at, id), so that the last page costs as little as the first.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import Session, col
from sqlmodel.sql.expression import SelectOfScalar

from app.errors import UnknownCursor


class Dated(Protocol):
    """A row that has a place in such a list."""

    id: UUID
    created_at: datetime


Row = TypeVar("Row", bound=Dated)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page, newest first, and whether older ones follow."""

    found: list[Row]
    has_more: bool


def last_seen(
    session: Session, model: type[Row], after: UUID | None, **owner: object
) -> Row | None:
    """Return the row that ended the page before; `owner` is whose it has to be.

    Raises:
        UnknownCursor: There is no such row, or it is of somebody else.
    """
    if after is None:
        return None
    row = session.get(model, after)
    if row is None:
        raise UnknownCursor
    for name, value in owner.items():
        if value is not None and getattr(row, name) != value:
            raise UnknownCursor
    return row


def newest_first(
    session: Session, rows: SelectOfScalar[Row], model: type[Row], limit: int
) -> Page[Row]:
    """Return the first page of rows of a model."""
    newest = (col(model.created_at).desc(), col(model.id).desc())
    found = list(session.exec(rows.order_by(*newest).limit(limit + 1)))
    return Page(found[:limit], has_more=len(found) > limit)


def older_than(
    rows: SelectOfScalar[Row], model: type[Row], last: Row | None
) -> SelectOfScalar[Row]:
    """Leave those that come after the last one that was seen."""
    if last is None:
        return rows
    place = tuple_(col(model.created_at), col(model.id))
    return rows.where(place < (last.created_at, last.id))
