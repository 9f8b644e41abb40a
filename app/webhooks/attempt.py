"""One attempt to deliver a message, from its claim to what came of it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy import Engine
from sqlmodel import Session

from app.database.engine import read_session, write_session
from app.models import ApiKey, now
from app.webhook_models import (
    DeliveryStatus,
    DisabledReason,
    Webhook,
    WebhookDelivery,
)
from app.webhooks.address import Network
from app.webhooks.deliveries import Result, SendClaim, settle_delivery
from app.webhooks.fan_out import Listener
from app.webhooks.road import Answer, NotSent, post
from app.webhooks.schedule import pause_after
from app.webhooks.signing import body_of, signed_headers
from app.webhooks.store import disable

HEADERS = {"Content-Type": "application/json", "User-Agent": "Modelmill-Webhooks"}
LONGEST_ERROR = 300


@dataclass(frozen=True)
class Post:
    """What sending needs: the database, where it may go, and chance for the pauses."""

    engine: Engine
    networks: Sequence[Network]
    chance: random.Random


def attempt(office: Post, claim: SendClaim) -> None:
    """Send a claimed delivery, and write what came of it."""
    with read_session(office.engine) as session:
        delivery = session.get(WebhookDelivery, claim.delivery_id)
        if delivery is None:  # deleted with its webhook
            return
        listener = listener_of(session, delivery)
    result, reason = outcome(office, listener, delivery, claim)
    with write_session(office.engine) as session:
        if reason is not None:
            disable(session, listener.webhook.id, reason)
        settle_delivery(session, claim, result)


def listener_of(session: Session, delivery: WebhookDelivery) -> Listener:
    webhook = session.get_one(Webhook, delivery.webhook_id)
    key_id = webhook.key_id
    return Listener(webhook, None if key_id is None else session.get(ApiKey, key_id))


def outcome(
    office: Post, listener: Listener, delivery: WebhookDelivery, claim: SendClaim
) -> tuple[Result, DisabledReason | None]:
    """Return what came of it, and why the webhook is disabled, if it is to be."""
    if not listener.may_listen:
        return refused("its key has ended"), DisabledReason.KEY_ENDED
    if not listener.webhook.is_enabled:
        return refused("the webhook was disabled"), None
    try:
        answer = send(listener.webhook, delivery, office.networks)
    except NotSent as error:
        return later(office, claim, Answer(0), str(error)[:LONGEST_ERROR]), None
    return judged(office, claim, answer)


def judged(
    office: Post, claim: SendClaim, answer: Answer
) -> tuple[Result, DisabledReason | None]:
    """Return what an answer means: 2xx is thanks, 410 never again."""
    status = answer.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Result(DeliveryStatus.DELIVERED, status), None
    if status == HTTPStatus.GONE:
        return refused("it answered 410", status), DisabledReason.GONE
    return later(office, claim, answer, f"it answered {status}"), None


def send(
    webhook: Webhook, delivery: WebhookDelivery, networks: Sequence[Network]
) -> Answer:
    body = body_of(delivery)
    signed = signed_headers(webhook, delivery.message_name, body, now())
    return post(webhook.url, HEADERS | signed, body.encode(), networks)


def refused(error: str, status: int | None = None) -> Result:
    return Result(DeliveryStatus.FAILED, status, error)


def later(office: Post, claim: SendClaim, answer: Answer, error: str) -> Result:
    """Let it wait for its next attempt, or give up after the last one."""
    pause = pause_after(claim.attempt, answer.retry_after_seconds, office.chance)
    status = answer.status or None
    if pause is None:
        return Result(DeliveryStatus.FAILED, status, error)
    return Result(DeliveryStatus.WAITING, status, error, now() + pause)
