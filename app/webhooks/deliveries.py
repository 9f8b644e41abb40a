"""Deliveries: claimed, settled, asked for again; each change is one statement."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col, select

from app.database.pages import Page, last_seen, newest_first, older_than
from app.errors import DeliveryNotFound, WebhookDisabled
from app.models import now
from app.tickets import Ticket, keep_ticket
from app.webhook_models import (
    DeliveryStatus,
    EventType,
    Webhook,
    WebhookDelivery,
)

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class SendClaim:
    """The right to send a delivery: valid for this attempt alone."""

    delivery_id: UUID
    attempt: int


@dataclass(frozen=True)
class Result:
    """What came of an attempt, and when the next one is; None: there is none."""

    status: DeliveryStatus
    answer_status: int | None = None
    error: str | None = None
    next_attempt_at: datetime | None = None


def due_deliveries(session: Session) -> list[tuple[UUID, UUID]]:
    """Return the ids of a delivery that is due and of its webhook, the longest first.

    One for each webhook, so that a receiver that is slow holds up nobody else.
    """
    due = (
        select(WebhookDelivery.id, WebhookDelivery.webhook_id)
        .where(
            col(WebhookDelivery.status) == DeliveryStatus.WAITING,
            col(WebhookDelivery.next_attempt_at) <= now(),
        )
        .order_by(col(WebhookDelivery.next_attempt_at), col(WebhookDelivery.created_at))
    )
    first_of: dict[UUID, UUID] = {}
    for delivery_id, webhook_id in session.exec(due.limit(MOST_AT_ONCE)):
        first_of.setdefault(webhook_id, delivery_id)
    return [(delivery_id, webhook_id) for webhook_id, delivery_id in first_of.items()]


def claim_delivery(session: Session, delivery_id: UUID) -> SendClaim | None:
    """Take a delivery that still waits, so that nobody else sends it."""
    statement = (
        update(WebhookDelivery)
        .where(
            col(WebhookDelivery.id) == delivery_id,
            col(WebhookDelivery.status) == DeliveryStatus.WAITING,
        )
        .values(
            status=DeliveryStatus.SENDING,
            attempts=col(WebhookDelivery.attempts) + 1,
            last_attempt_at=now(),
        )
        .returning(col(WebhookDelivery.attempts))
    )
    attempt = session.exec(statement).scalar_one_or_none()
    session.commit()
    return None if attempt is None else SendClaim(delivery_id, attempt)


def held_deliveries(session: Session) -> list[SendClaim]:
    """Return what is being sent, here or elsewhere."""
    held = select(WebhookDelivery.id, WebhookDelivery.attempts).where(
        col(WebhookDelivery.status) == DeliveryStatus.SENDING
    )
    return [SendClaim(*row) for row in session.exec(held)]


def settle_delivery(session: Session, claim: SendClaim, result: Result) -> bool:
    """Write what came of an attempt; False if another process has gone on already."""
    is_final = result.next_attempt_at is None
    statement = update(WebhookDelivery).where(
        col(WebhookDelivery.id) == claim.delivery_id,
        col(WebhookDelivery.attempts) == claim.attempt,
        col(WebhookDelivery.status) == DeliveryStatus.SENDING,
    )
    values: dict[str, Any] = vars(result) | {"finished_at": now() if is_final else None}
    settled = session.exec(statement.values(**values)).rowcount == 1
    session.commit()
    return settled


def get_delivery(
    session: Session, webhook_id: UUID, delivery_id: UUID
) -> WebhookDelivery:
    delivery = session.get(WebhookDelivery, delivery_id, populate_existing=True)
    if delivery is None or delivery.webhook_id != webhook_id:
        raise DeliveryNotFound
    return delivery


def list_deliveries(
    session: Session,
    webhook_id: UUID,
    limit: int,
    after: UUID | None,
    status: DeliveryStatus | None,
) -> Page[WebhookDelivery]:
    """Return up to limit of a webhook's that are older than `after`.

    Raises:
        UnknownCursor: It has no such delivery to begin after.
    """
    last = last_seen(session, WebhookDelivery, after, webhook_id=webhook_id)
    statement = older_than(select(WebhookDelivery), WebhookDelivery, last).where(
        col(WebhookDelivery.webhook_id) == webhook_id
    )
    if status is not None:
        statement = statement.where(col(WebhookDelivery.status) == status)
    return newest_first(session, statement, WebhookDelivery, limit)


def deliver_again(
    session: Session,
    webhook: Webhook,
    old: WebhookDelivery,
    ticket: Ticket | None = None,
) -> WebhookDelivery:
    """Send an old message once more, under its own id.

    Raises:
        WebhookDisabled: Nothing is sent to it.
    """
    again = WebhookDelivery(
        webhook_id=webhook.id,
        message_id=old.message_id,
        type=old.type,
        data=old.data,
        happened_at=old.happened_at,
    )
    return store(session, webhook, again, ticket)


def ping(
    session: Session, webhook: Webhook, ticket: Ticket | None = None
) -> WebhookDelivery:
    """Send a message that tells nothing, whatever the webhook listens to.

    Raises:
        WebhookDisabled: Nothing is sent to it.
    """
    hello = WebhookDelivery(
        webhook_id=webhook.id,
        message_id=uuid4(),
        type=EventType.WEBHOOK_PING,
        data={"webhook_id": str(webhook.id)},
        happened_at=now(),
    )
    return store(session, webhook, hello, ticket)


def store(
    session: Session,
    webhook: Webhook,
    delivery: WebhookDelivery,
    ticket: Ticket | None,
) -> WebhookDelivery:
    if not webhook.is_enabled:
        raise WebhookDisabled
    session.add(delivery)
    keep_ticket(session, ticket, delivery.id)
    session.commit()
    return delivery


def has_old_deliveries(session: Session, age: timedelta) -> bool:
    old = select(WebhookDelivery.id).where(ended_before(age))
    return session.exec(old.limit(1)).first() is not None


def forget_deliveries(session: Session, age: timedelta) -> None:
    """Delete what ended longer ago."""
    session.exec(delete(WebhookDelivery).where(ended_before(age)))
    session.commit()


def ended_before(age: timedelta) -> ColumnElement[bool]:
    return col(WebhookDelivery.finished_at) < now() - age
