"""From the outbox to the webhooks: a delivery for each that wants a message."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.keys.scope import Scope
from app.keys.store import has_ended
from app.models import ApiKey, now
from app.webhook_models import (
    DisabledReason,
    OutboxMessage,
    Webhook,
    WebhookDelivery,
)
from app.webhooks.store import disable

AT_ONCE = 100


@dataclass(frozen=True)
class Listener:
    """A webhook, and the key by which it was made; None where keys are not asked."""

    webhook: Webhook
    key: ApiKey | None

    @property
    def may_listen(self) -> bool:
        return self.key is None or not has_ended(self.key, now())

    def hears(self, message: OutboxMessage, *, sees_all: bool) -> bool:
        """Say whether it wants a message, and its key sees what that tells of."""
        events = self.webhook.events
        if events and message.type not in events:
            return False
        if sees_all or self.key is None or Scope.ADMIN in self.key.scopes:
            return True
        return not message.type.is_of_jobs or message.owner == self.key.id


def has_messages(session: Session) -> bool:
    return session.exec(select(OutboxMessage.id).limit(1)).first() is not None


def fan_out(session: Session, *, sees_all: bool) -> int:
    """Turn the oldest messages into deliveries, in one transaction; count them.

    Of two processes that do so at once one deletes a message, and only it delivers.
    """
    oldest = (col(OutboxMessage.created_at), col(OutboxMessage.id))
    messages = session.exec(
        select(OutboxMessage).order_by(*oldest).limit(AT_ONCE)
    ).all()
    if not messages:
        session.rollback()
        return 0
    listeners = list(listening(session))
    for message in messages:
        this = col(OutboxMessage.id) == message.id
        if session.exec(delete(OutboxMessage).where(this)).rowcount == 1:
            session.add_all(deliveries_of(message, listeners, sees_all=sees_all))
    session.commit()
    return len(messages)


def listening(session: Session) -> Iterable[Listener]:
    """Yield who may be told; whose key has ended is told nothing any more."""
    statement = (
        select(Webhook, ApiKey)
        .join(ApiKey, col(ApiKey.id) == col(Webhook.key_id), isouter=True)
        .where(col(Webhook.disabled_reason).is_(None))
    )
    for webhook, key in session.exec(statement).all():
        listener = Listener(webhook, key)
        if listener.may_listen:
            yield listener
        else:
            disable(session, webhook.id, DisabledReason.KEY_ENDED)


def deliveries_of(
    message: OutboxMessage, listeners: Iterable[Listener], *, sees_all: bool
) -> list[WebhookDelivery]:
    return [
        delivery_of(message, listener.webhook)
        for listener in listeners
        if listener.hears(message, sees_all=sees_all)
    ]


def delivery_of(message: OutboxMessage, webhook: Webhook) -> WebhookDelivery:
    return WebhookDelivery(
        webhook_id=webhook.id,
        message_id=message.id,
        type=message.type,
        data=message.data,
        happened_at=message.created_at,
    )
