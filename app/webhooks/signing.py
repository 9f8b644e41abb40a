"""Signatures as Standard Webhooks has them: a secret of ours, and the headers."""

import base64
import json
import secrets
from datetime import datetime

from standardwebhooks import Webhook as Signer

from app.webhook_models import Webhook, WebhookDelivery

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def body_of(delivery: WebhookDelivery) -> str:
    """Return what is sent: a few words and ids; whoever wants more asks the API."""
    payload = {
        "type": delivery.type,
        "timestamp": delivery.happened_at.isoformat().replace("+00:00", "Z"),
        "data": delivery.data,
    }
    return json.dumps(payload, separators=(",", ":"))


def signed_headers(
    webhook: Webhook, name: str, body: str, moment: datetime
) -> dict[str, str]:
    """Sign with the secret and, for a while after a rotation, with the old one too."""
    known = [webhook.secret]
    if webhook.previous_secret is not None and (
        webhook.previous_until is not None and moment < webhook.previous_until
    ):
        known.append(webhook.previous_secret)
    signatures = [Signer(secret).sign(name, moment, body) for secret in known]
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
