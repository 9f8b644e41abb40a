"""The section `webhooks` of the document: what the service sends by itself."""

from datetime import UTC, datetime

from pydantic import BaseModel

from app.api.openapi.answers import JSON, Json
from app.api.openapi.examples import CHECKPOINT_ID, JOB_ID
from app.api.openapi.refusals import SCHEMAS
from app.api.openapi.webhooks import WEBHOOK_ID
from app.api.webhook_schemas import AliasNews, JobNews, PingNews, VersionNews
from app.webhook_models import EventType

MOMENT = datetime(2026, 8, 1, 12, tzinfo=UTC).isoformat().replace("+00:00", "Z")
NEWS: tuple[type[BaseModel], ...] = (JobNews, VersionNews, AliasNews, PingNews)
OTHERS: dict[EventType, tuple[str, BaseModel]] = {
    EventType.MODEL_VERSION_CREATED: (
        "A model has a new version",
        VersionNews(model="digits", version=1, checkpoint_id=CHECKPOINT_ID),
    ),
    EventType.MODEL_ALIAS_MOVED: (
        "An alias of a model has moved",
        AliasNews(model="digits", alias="champion", number=1, version=1),
    ),
    EventType.WEBHOOK_PING: (
        "Somebody tries whether messages arrive",
        PingNews(webhook_id=WEBHOOK_ID),
    ),
}
OF_JOBS = JobNews(job_id=JOB_ID, number=5, attempt=1)
HEADERS: dict[str, tuple[str, str]] = {
    "webhook-id": (
        "Names the message: the same when it is sent again.",
        "msg_5c9f5b1f0f3a4d0c9a3f8c8a2a6d7e11",
    ),
    "webhook-timestamp": ("When this attempt was made, in Unix seconds.", "1785585600"),
    "webhook-signature": (
        "Signatures of `ID.TIMESTAMP.BODY`, one for each secret in use.",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
}
ABOUT = (
    "Signed as [Standard Webhooks](https://www.standardwebhooks.com) has it. Answer "
    "2xx within 15 s; else the message comes again, for three days."
)


def messages() -> Json:
    """Describe each message under the name of its type."""
    return {kind.value: {"post": message(kind)} for kind in EventType}


def message(kind: EventType) -> Json:
    summary, news = OTHERS.get(kind) or (f"A job is {status_of(kind)} now", OF_JOBS)
    return {
        "operationId": f"tell_{kind.replace('.', '_')}",
        "summary": summary,
        "description": ABOUT,
        "tags": ["webhooks"],
        "security": [],
        "parameters": [header(name, *words) for name, words in HEADERS.items()],
        "requestBody": {"required": True, "content": {JSON: body(kind, news)}},
        "responses": {
            "2XX": {"description": "It has arrived."},
            "410": {"description": "Nothing more is wanted: the webhook is disabled."},
        },
    }


def status_of(kind: EventType) -> str:
    _job, _dot, status = kind.partition(".")
    return status


def header(name: str, description: str, example: str) -> Json:
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": description,
        "schema": {"type": "string"},
        "example": example,
    }


def body(kind: EventType, news: BaseModel) -> Json:
    schema = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"const": kind.value},
            "timestamp": {
                "type": "string",
                "format": "date-time",
                "description": "When it happened.",
            },
            "data": {"$ref": f"{SCHEMAS}{type(news).__name__}"},
        },
    }
    value = {"type": kind, "timestamp": MOMENT, "data": news.model_dump(mode="json")}
    return {"schema": schema, "examples": {"news": {"summary": kind, "value": value}}}
