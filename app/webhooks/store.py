"""Webhooks themselves: made, listed, changed, deleted."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, update
from sqlmodel import Session, col, select

from app.errors import PreconditionFailed, TooManyWebhooks, WebhookNotFound
from app.models import now
from app.tickets import Ticket, keep_ticket
from app.webhook_models import (
    DeliveryStatus,
    DisabledReason,
    Webhook,
    WebhookDelivery,
)
from app.webhooks.signing import new_secret

MOST_WEBHOOKS = 100
# So long an old secret signs beside the new one.
OVERLAP = timedelta(days=1)


@dataclass(frozen=True)
class Changes:
    """What is to be set anew, each by the name of its column."""

    values: dict[str, Any]
    is_enabled: bool | None = None


def create_webhook(
    session: Session, webhook: Webhook, ticket: Ticket | None = None
) -> Webhook:
    """Store a webhook.

    Raises:
        TooManyWebhooks: There are as many as are told in time.
    """
    if session.exec(select(func.count()).select_from(Webhook)).one() >= MOST_WEBHOOKS:
        raise TooManyWebhooks
    session.add(webhook)
    keep_ticket(session, ticket, webhook.id)
    session.commit()
    return webhook


def list_webhooks(session: Session, key_id: str | None) -> list[Webhook]:
    """Return those of one key, or of all if it is None, the newest first."""
    statement = select(Webhook).limit(MOST_WEBHOOKS)
    if key_id is not None:
        statement = statement.where(col(Webhook.key_id) == key_id)
    newest = (col(Webhook.created_at).desc(), col(Webhook.id).desc())
    return list(session.exec(statement.order_by(*newest)))


def get_webhook(session: Session, webhook_id: UUID, key_id: str | None) -> Webhook:
    """Return a webhook; one of another key is as unknown as one that is not there."""
    webhook = session.get(Webhook, webhook_id, populate_existing=True)
    if webhook is None or key_id not in (None, webhook.key_id):
        raise WebhookNotFound
    return webhook


def edit_webhook(
    session: Session,
    webhook_id: UUID,
    changes: Changes,
    edits: Set[int] | None = None,
) -> None:
    """Set what the changes name; enabled again, it is told of what happens from now.

    Raises:
        PreconditionFailed: It was edited another number of times.
    """
    values = {**changes.values, "edit_count": col(Webhook.edit_count) + 1}
    if changes.is_enabled is True:
        values["disabled_reason"] = None
    this = [col(Webhook.id) == webhook_id]
    if edits is not None:
        this.append(col(Webhook.edit_count).in_(edits))
    if not session.exec(update(Webhook).where(*this).values(**values)).rowcount:
        raise PreconditionFailed
    if changes.is_enabled is False:
        disable(session, webhook_id, DisabledReason.BY_USER)
    session.commit()


def disable(session: Session, webhook_id: UUID, reason: DisabledReason) -> None:
    """Send it nothing more; what still waits for it has failed.

    Leaves the transaction open.
    """
    this = [col(Webhook.id) == webhook_id, col(Webhook.disabled_reason).is_(None)]
    session.exec(update(Webhook).where(*this).values(disabled_reason=reason))
    waiting: list[ColumnElement[bool]] = [
        col(WebhookDelivery.webhook_id) == webhook_id,
        col(WebhookDelivery.status) == DeliveryStatus.WAITING,
    ]
    values = {
        "status": DeliveryStatus.FAILED,
        "error": "the webhook was disabled",
        "next_attempt_at": None,
        "finished_at": now(),
    }
    session.exec(update(WebhookDelivery).where(*waiting).values(**values))


def rotate_secret(session: Session, webhook_id: UUID) -> str:
    """Give a webhook a new secret; the old one signs as well for a day."""
    secret = new_secret()
    values = {
        "previous_secret": col(Webhook.secret),
        "previous_until": now() + OVERLAP,
        "secret": secret,
    }
    this = col(Webhook.id) == webhook_id
    session.exec(update(Webhook).where(this).values(**values))
    session.commit()
    return secret


def delete_webhook(session: Session, webhook_id: UUID) -> None:
    """Forget a webhook with its deliveries; one on its way arrives nevertheless."""
    of_webhook = col(WebhookDelivery.webhook_id) == webhook_id
    session.exec(delete(WebhookDelivery).where(of_webhook))
    session.exec(delete(Webhook).where(col(Webhook.id) == webhook_id))
    session.commit()
