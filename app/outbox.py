"""What webhooks are to be told, stored in the transaction of what it tells.

Costs one statement, and nothing is written while no webhook listens.
"""

from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    ColumnElement,
    String,
    Uuid,
    bindparam,
    exists,
    insert,
    select,
)
from sqlmodel import Session, SQLModel, col

from app.models import UtcDateTime, now
from app.webhook_models import EVENT_TYPE, EventType, OutboxMessage, Webhook

TOLD = frozenset(EventType)

# Put together once: that costs three times as much as to run it.
MESSAGE: dict[str, ColumnElement[Any]] = {
    "id": bindparam("id", type_=Uuid()),
    "created_at": bindparam("created_at", type_=UtcDateTime()),
    "type": bindparam("type", type_=EVENT_TYPE),
    "data": bindparam("data", type_=JSON()),
    "owner": bindparam("owner", type_=String()),
}
LISTENS = exists().where(col(Webhook.disabled_reason).is_(None))
# Into the table, not the class, whose every execution the ORM takes to pieces.
TABLE = SQLModel.metadata.tables[str(OutboxMessage.__tablename__)]
STORE = insert(TABLE).from_select([*MESSAGE], select(*MESSAGE.values()).where(LISTENS))


def tell(
    session: Session, kind: EventType, data: dict[str, Any], owner: str | None = None
) -> None:
    """Add a message to the open transaction; `owner` is the key that sees it."""
    message = {"id": uuid4(), "created_at": now(), "type": kind, "data": data}
    session.execute(STORE, {**message, "owner": owner})


def tell_of_job(
    session: Session, kind: str, data: dict[str, Any], owner: str | None
) -> None:
    """Tell of a job's event, if it is of a kind that webhooks are told of."""
    name = f"job.{kind}"
    if name in TOLD:
        tell(session, EventType(name), data, owner)
