"""The audit log: entries stored, found, forgotten; none is ever changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_
from sqlmodel import Session, col, select

from app.audit_models import AuditEntry
from app.database.pages import Page, last_seen, newest_first, older_than
from app.models import now


@dataclass(frozen=True)
class Sought:
    """Which entries are asked for; None is no matter."""

    key_id: str | None = None
    action: str | None = None
    target: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def store_entries(session: Session, entries: Sequence[AuditEntry]) -> None:
    session.add_all(entries)
    session.commit()


def list_entries(
    session: Session, sought: Sought, limit: int, after: UUID | None
) -> Page[AuditEntry]:
    """Return up to limit that are older than `after`.

    A target is found with all that is below it: a model with its aliases.
    """
    statement = select(AuditEntry).where(*conditions(sought))
    last = last_seen(session, AuditEntry, after)
    rows = older_than(statement, AuditEntry, last)
    return newest_first(session, rows, AuditEntry, limit)


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
