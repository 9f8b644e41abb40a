"""A receiver, webhooks that lead to it, and the sender, run by hand."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.database.engine import read_session, write_session
from app.settings import Settings
from app.webhook_models import Webhook, WebhookDelivery
from app.webhooks.attempt import Post
from app.webhooks.sender import WebhookSender
from app.webhooks.signing import new_secret
from app.webhooks.store import create_webhook
from tests.clock import Clock
from tests.webhooks.receiver import Receiver, receiving

MakeWebhook = Callable[..., Webhook]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    allowed = (ip_network("127.0.0.0/8"),)
    return settings.model_copy(update={"webhook_networks": allowed})


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def make_webhook(engine: Engine, receiver: Receiver) -> MakeWebhook:
    def make(**values: Any) -> Webhook:
        wanted: dict[str, Any] = {
            "url": receiver.url,
            "events": [],
            "secret": new_secret(),
        } | values
        with write_session(engine) as session:
            return create_webhook(session, Webhook(**wanted))

    return make


@pytest.fixture
def webhook(make_webhook: MakeWebhook) -> Webhook:
    return make_webhook()


@pytest.fixture
def office(engine: Engine, settings: Settings) -> Post:
    return Post(engine, settings.webhook_networks, random.Random(7))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sender(engine: Engine, settings: Settings, clock: Clock) -> WebhookSender:
    return WebhookSender(engine, settings, Event(), clock)


def look(sender: WebhookSender) -> None:
    """Take one look, and wait for all that it sends."""
    with ThreadPoolExecutor(2) as threads:
        sender.look(threads)


def read_deliveries(engine: Engine) -> list[WebhookDelivery]:
    with read_session(engine) as session:
        oldest = select(WebhookDelivery).order_by(WebhookDelivery.happened_at)  # type: ignore[arg-type]  # a column at run time
        return list(session.exec(oldest))
