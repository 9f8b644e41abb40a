"""Examples of webhooks and their messages, as they stand in the document."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from fastapi.openapi.models import Example

from app.api.openapi.answers import Json, shown
from app.api.openapi.examples import JOB_ID
from app.api.schemas import Listing
from app.api.webhook_schemas import (
    DeliveryPublic,
    JobNews,
    NewWebhook,
    WebhookPublic,
)
from app.webhook_models import (
    DeliveryStatus,
    DisabledReason,
    EventType,
    WebhookDelivery,
)

MOMENT = datetime(2026, 8, 1, 12, tzinfo=UTC)
WEBHOOK_ID = UUID("7d0c1c2e-3a55-4a8e-9d1f-5b7f3c2a9e10")
DELIVERY_ID = UUID("c2a7a4f6-6c0b-4a64-8f0e-2d8f5f6a1b33")
URL = "https://example.com/modelmill"

REQUESTS: dict[str, Example] = {
    "ends": {
        "summary": "When a job ends, however it does",
        "value": {
            "url": URL,
            "events": ["job.succeeded", "job.failed", "job.cancelled"],
        },
    },
    "all": {"summary": "Everything", "value": {"url": URL, "description": "chat"}},
}
EDITS: dict[str, Example] = {
    "off": {"summary": "Disable it", "value": {"is_enabled": False}},
    "more": {"summary": "Everything", "value": {"events": []}},
}

CHAT = WebhookPublic(
    id=WEBHOOK_ID,
    created_at=MOMENT,
    key_id="5f1c09a7be32",
    url=URL,
    description=None,
    events=[EventType.JOB_SUCCEEDED, EventType.JOB_FAILED],
    is_enabled=True,
    disabled_reason=None,
)
GONE = CHAT.model_copy(
    update={"is_enabled": False, "disabled_reason": DisabledReason.GONE}
)
NEW = NewWebhook(**CHAT.model_dump(), secret=f"whsec_{'x' * 43}=")

JOB_NEWS = JobNews(job_id=JOB_ID, number=5, attempt=1)
ARRIVED = DeliveryPublic.model_validate(
    WebhookDelivery(
        id=DELIVERY_ID,
        webhook_id=WEBHOOK_ID,
        message_id=UUID("5c9f5b1f-0f3a-4d0c-9a3f-8c8a2a6d7e11"),
        type=EventType.JOB_SUCCEEDED,
        data=JOB_NEWS.model_dump(mode="json"),
        created_at=MOMENT,
        happened_at=MOMENT,
        status=DeliveryStatus.DELIVERED,
        attempts=1,
        last_attempt_at=MOMENT,
        next_attempt_at=None,
        finished_at=MOMENT,
        answer_status=204,
    )
)
WAITING = ARRIVED.model_copy(
    update={
        "status": DeliveryStatus.WAITING,
        "attempts": 2,
        "next_attempt_at": MOMENT + timedelta(minutes=5),
        "finished_at": None,
        "answer_status": 500,
        "error": "it answered 500",
    }
)
HELLO = WAITING.model_copy(
    update={
        "type": EventType.WEBHOOK_PING,
        "data": {"webhook_id": str(WEBHOOK_ID)},
        "attempts": 0,
        "last_attempt_at": None,
        "next_attempt_at": MOMENT,
        "answer_status": None,
        "error": None,
    }
)
PLACE: Json = {
    "Location": {
        "description": "Where it is shown.",
        "schema": {"type": "string", "format": "uri-reference"},
    }
}
CREATED: Json = {
    **shown("The webhook, with the secret that is shown this once.", created=NEW),
    "headers": PLACE,
}
CREATED_SECRET = shown("The webhook, with its new secret.", rotated=NEW)
WEBHOOK = shown("The webhook.", enabled=CHAT, gone=GONE)
WEBHOOKS = shown(
    "The webhooks.",
    one_webhook=Listing[WebhookPublic](
        data=[CHAT], first_id=str(CHAT.id), last_id=str(CHAT.id)
    ),
    none_yet=Listing[WebhookPublic](data=[]),
)
PINGED: Json = {**shown("The message, on its way.", ping=HELLO), "headers": PLACE}
DELIVERY = shown("The delivery.", delivered=ARRIVED, waiting=WAITING)
SENT_AGAIN: Json = {
    **shown("The message, on its way again.", again=HELLO),
    "headers": PLACE,
}
DELIVERIES = shown(
    "One page of deliveries.",
    one_page=Listing[DeliveryPublic](
        data=[ARRIVED], first_id=str(ARRIVED.id), last_id=str(ARRIVED.id)
    ),
    none_yet=Listing[DeliveryPublic](data=[]),
)
