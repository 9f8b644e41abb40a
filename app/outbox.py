"""What webhooks are to be told, stored in the transaction of what it tells.

Costs one statement, and nothing is written while no webhook listens.
"""

from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, ColumnElement, Uuid, exists, insert, literal, select
from sqlmodel import Session, col

from app.models import UtcDateTime, now
from app.webhook_models import EVENT_TYPE, EventType, OutboxMessage, Webhook

TOLD = frozenset(EventType)


def tell(
    session: Session, kind: EventType, data: dict[str, Any], owner: str | None = None
) -> None:
    """Add a message to the open transaction; `owner` is the key that sees it."""
    values: dict[str, ColumnElement[Any]] = {
        "id": literal(uuid4(), Uuid()),
        "created_at": literal(now(), UtcDateTime()),
        "type": literal(kind, EVENT_TYPE),
        "data": literal(data, JSON()),
        "owner": literal(owner),
    }
    listens = exists().where(col(Webhook.disabled_reason).is_(None))
    message = select(*values.values()).where(listens)
    session.exec(insert(OutboxMessage).from_select([*values], message))


def tell_of_job(
    session: Session, kind: str, data: dict[str, Any], owner: str | None
) -> None:
    """Tell of a job's event, if it is of a kind that webhooks are told of."""
    name = f"job.{kind}"
    if name in TOLD:
        tell(session, EventType(name), data, owner)
