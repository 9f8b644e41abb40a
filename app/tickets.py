"""Idempotency keys: a request that was sent twice makes one thing.

The key's row commits with what it has made, so there is no moment in which one of them
is there alone, and nothing to wait for while the first request still runs.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from app.errors import IdempotencyKeyReused, ModelExists
from app.models import IdempotencyKey, now

Made = TypeVar("Made")


@dataclass(frozen=True)
class Ticket:
    """A client's own name for a request, and a digest of all that it asked."""

    owner: str
    key: str
    digest: str

    def part(self, name: object) -> "Ticket":
        """Return the ticket of one of several things that a request asks for."""
        key = hashlib.sha256(f"{self.key}/{name}".encode()).hexdigest()
        return replace(self, key=key)


def once(
    session: Session,
    ticket: Ticket | None,
    find: Callable[[str], Made | None],
    make: Callable[[], Made],
) -> Made:
    """Find what a request with this ticket has made already, or make it.

    Raises:
        IdempotencyKeyReused: It asked for something else, or that was deleted.
    """
    known = resource_of(session, ticket)
    if known is not None:
        return found(find(known))
    try:
        return make()
    except (IntegrityError, ModelExists):
        session.rollback()
        known = resource_of(session, ticket)
        if known is None:
            raise
        return found(find(known))  # the same request was faster


def found(made: Made | None) -> Made:
    if made is None:
        message = "What this Idempotency-Key has made was deleted."
        raise IdempotencyKeyReused(message)
    return made


def resource_of(session: Session, ticket: Ticket | None) -> str | None:
    """Return what names the thing that a request with this key has made, if any.

    Raises:
        IdempotencyKeyReused: It asked for something else.
    """
    if ticket is None:
        return None
    row = session.get(IdempotencyKey, (ticket.owner, ticket.key))
    if row is not None and row.digest != ticket.digest:
        raise IdempotencyKeyReused
    return None if row is None else row.resource


def keep_ticket(session: Session, ticket: Ticket | None, resource: object) -> None:
    """Store a key, in the transaction that stores what it has made."""
    if ticket is not None:
        kept = IdempotencyKey(
            owner=ticket.owner,
            key=ticket.key,
            digest=ticket.digest,
            resource=str(resource),
        )
        session.add(kept)


def void_ticket(session: Session, ticket: Ticket | None) -> None:
    """Let a key be used again: what it had made was refused after all."""
    if ticket is not None:
        this = [
            col(IdempotencyKey.owner) == ticket.owner,
            col(IdempotencyKey.key) == ticket.key,
        ]
        session.exec(delete(IdempotencyKey).where(*this))


def forget_tickets(session: Session, age: timedelta) -> None:
    """Delete the keys that are older: nobody sends those again."""
    old = col(IdempotencyKey.created_at) < now() - age
    session.exec(delete(IdempotencyKey).where(old))
    session.commit()
