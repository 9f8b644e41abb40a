"""The audit log: entries stored, found, forgotten; none is ever changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, tuple_
from sqlmodel import Session, col, select

from app.audit_models import AuditEntry
from app.errors import UnknownCursor
from app.models import now


@dataclass(frozen=True)
class Sought:
    """Which entries are asked for; None is no matter."""

    key_id: str | None = None
    action: str | None = None
    target: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class AuditPage:
    """One page, newest first, and whether older ones follow."""

    found: list[AuditEntry]
    has_more: bool


def store_entries(session: Session, entries: Sequence[AuditEntry]) -> None:
    session.add_all(entries)
    session.commit()


def list_entries(
    session: Session, sought: Sought, limit: int, after: UUID | None
) -> AuditPage:
    """Return up to limit that are older than `after`, by keyset (created_at, id).

    A target is found with all that is below it: a model with its aliases.
    """
    created_at, entry_id = col(AuditEntry.created_at), col(AuditEntry.id)
    newest = (created_at.desc(), entry_id.desc())
    statement = select(AuditEntry).where(*conditions(sought)).order_by(*newest)
    if after is not None:
        cursor = session.get(AuditEntry, after)
        if cursor is None:
            raise UnknownCursor
        older = tuple_(created_at, entry_id) < (cursor.created_at, cursor.id)
        statement = statement.where(older)
    found = list(session.exec(statement.limit(limit + 1)))
    return AuditPage(found[:limit], has_more=len(found) > limit)


def conditions(sought: Sought) -> Iterator[ColumnElement[bool]]:
    if sought.key_id is not None:
        yield col(AuditEntry.key_id) == sought.key_id
    if sought.action is not None:
        yield col(AuditEntry.action) == sought.action
    if sought.target is not None:
        target = col(AuditEntry.target)
        below = target.startswith(f"{sought.target}/", autoescape=True)
        yield or_(target == sought.target, below)
    if sought.since is not None:
        yield col(AuditEntry.created_at) >= sought.since
    if sought.until is not None:
        yield col(AuditEntry.created_at) < sought.until


def forget_entries(session: Session, age: timedelta) -> None:
    """Delete what is older."""
    session.exec(delete(AuditEntry).where(col(AuditEntry.created_at) < now() - age))
    session.commit()
