"""Signatures hold before the published library."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from app.models import now
from app.webhook_models import EventType, Webhook, WebhookDelivery
from app.webhooks.signing import body_of, new_secret, signed_headers

NAME = "msg_1"


def webhook(**values: Any) -> Webhook:
    return Webhook(url="https://example.com", events=[], secret=new_secret(), **values)


def test_a_secret_has_256_bits_of_its_own() -> None:
    secrets = {new_secret() for _ in range(100)}

    assert len(secrets) == 100
    assert all(secret.startswith("whsec_") for secret in secrets)
    assert len(Verifier(secrets.pop())._whsecret) == 32


def test_a_signature_holds_for_this_body_alone() -> None:
    hook = webhook()
    headers = signed_headers(hook, NAME, '{"a":1}', now())

    assert Verifier(hook.secret).verify('{"a":1}', headers) == {"a": 1}
    with pytest.raises(WebhookVerificationError):
        Verifier(hook.secret).verify('{"a":2}', headers)


def test_after_a_rotation_both_secrets_verify_for_a_while() -> None:
    old, moment = new_secret(), now()
    hook = webhook(previous_secret=old, previous_until=moment + timedelta(hours=1))

    headers = signed_headers(hook, NAME, "{}", moment)
    later = signed_headers(hook, NAME, "{}", moment + timedelta(hours=2))

    for secret in (old, hook.secret):
        assert Verifier(secret).verify("{}", headers) == {}
    assert len(later["webhook-signature"].split(" ")) == 1


def test_a_body_is_thin_and_says_when_it_happened() -> None:
    delivery = WebhookDelivery(
        webhook_id=UUID(int=1),
        message_id=UUID(int=2),
        type=EventType.JOB_FAILED,
        data={"job_id": str(UUID(int=3))},
        happened_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )

    assert json.loads(body_of(delivery)) == {
        "type": "job.failed",
        "timestamp": "2026-01-02T03:04:05Z",
        "data": {"job_id": "00000000-0000-0000-0000-000000000003"},
    }
