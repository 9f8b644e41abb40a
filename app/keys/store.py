"""Keys in the database: made, listed, found, revoked."""

import secrets
from collections.abc import Sequence, Set
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from app.errors import KeyNotFound, PreconditionFailed
from app.keys.scope import Scope
from app.keys.secret import digest, id_of, new_id, new_key
from app.models import ApiKey, now
from app.tickets import Ticket, keep_ticket

# Written no oftener, so that a busy key costs no write a request.
LAST_USE_SECONDS = 60


def create_key(
    session: Session,
    name: str,
    scopes: Sequence[Scope],
    expires_at: datetime | None = None,
    ticket: Ticket | None = None,
) -> tuple[ApiKey, str]:
    """Store a new key; return its row, and the key itself, which is kept nowhere."""
    key_id = new_id()
    key = new_key(key_id)
    row = ApiKey(
        id=key_id,
        name=name,
        scopes=sorted({scope.value for scope in scopes}),
        digest=digest(key),
        expires_at=expires_at,
    )
    session.add(row)
    keep_ticket(session, ticket, key_id)
    session.commit()
    return row, key


def list_keys(session: Session) -> list[ApiKey]:
    """Return every key that was ever made, the newest first."""
    newest = select(ApiKey).order_by(col(ApiKey.created_at).desc(), col(ApiKey.id))
    return list(session.exec(newest))


def get_key(session: Session, key_id: str) -> ApiKey:
    row = session.get(ApiKey, key_id, populate_existing=True)
    if row is None:
        raise KeyNotFound
    return row


def edit_key(
    session: Session,
    key_id: str,
    values: dict[str, Any],
    edits: Set[int] | None = None,
) -> ApiKey:
    """Set a key's name or its own quotas.

    Raises:
        KeyNotFound: There is no key with this id.
        PreconditionFailed: It was edited another number of times.
    """
    where = [col(ApiKey.id) == key_id]
    if edits is not None:
        where.append(col(ApiKey.edit_count).in_(edits))
    counted = {**values, "edit_count": col(ApiKey.edit_count) + 1}
    is_edited = session.exec(update(ApiKey).where(*where).values(**counted)).rowcount
    row = get_key(session, key_id)
    session.commit()
    if not is_edited:
        raise PreconditionFailed
    return row


def revoke_key(session: Session, key_id: str) -> ApiKey:
    """End a key for good; one that has ended already stays as it was.

    Raises:
        KeyNotFound: There is no key with this id.
    """
    row = get_key(session, key_id)
    still = [col(ApiKey.id) == key_id, col(ApiKey.revoked_at).is_(None)]
    session.exec(update(ApiKey).where(*still).values(revoked_at=now()))
    session.commit()
    session.refresh(row)
    return row


def find_key(session: Session, key: str) -> ApiKey | None:
    """Return the row of a key, whether or not it has ended; None if it is not ours."""
    key_id = id_of(key)
    row = None if key_id is None else session.get(ApiKey, key_id)
    if row is None or not secrets.compare_digest(row.digest, digest(key)):
        return None
    return row


def note_use(session: Session, key_id: str) -> None:
    """Write that a key was used, unless that was written a moment ago."""
    moment = now()
    lately = moment - timedelta(seconds=LAST_USE_SECONDS)
    used = func.coalesce(col(ApiKey.last_used_at), lately)
    statement = update(ApiKey).where(col(ApiKey.id) == key_id, used <= lately)
    session.exec(statement.values(last_used_at=moment))
    session.commit()


def has_ended(row: ApiKey, moment: datetime) -> bool:
    if row.revoked_at is not None:
        return True
    return row.expires_at is not None and row.expires_at <= moment
