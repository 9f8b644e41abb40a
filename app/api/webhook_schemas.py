"""Bodies about webhooks: what is asked for, answered, and sent to them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas import Public
from app.strict import Strict
from app.webhook_models import DeliveryStatus, DisabledReason, EventType

Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2048,
        description="Where to send to: `https://…` or `http://…`, on the public "
        "internet or in a network that the service's settings name.",
    ),
]
Events = Annotated[
    list[Annotated[EventType, Field(strict=False)]],
    Field(max_length=len(EventType), description="What to be told of; empty: of all."),
]
Description = Annotated[str, Field(max_length=200, description="What it is for.")]


class WebhookRequest(Strict):
    """An address that wants to be told."""

    url: Url
    events: Events = Field(default=[])
    description: Description | None = None


class WebhookEdit(Strict):
    """What is to be another; what is left out stays."""

    url: Url | None = None
    events: Events | None = None
    description: Description | None = None
    is_enabled: bool | None = Field(
        default=None, description="Disabled, what still waits for it has failed."
    )


class WebhookPublic(Public):
    """A webhook without its secret."""

    object: Literal["webhook"] = "webhook"
    id: UUID
    created_at: datetime
    key_id: str | None = Field(description="The key by which it was made.")
    url: str
    description: str | None
    events: list[EventType] = Field(description="Empty: all.")
    is_enabled: bool
    disabled_reason: DisabledReason | None = Field(
        description="`gone`: the receiver answered 410; `key_ended`: its key was "
        "revoked or has expired."
    )


class NewWebhook(WebhookPublic):
    """A webhook with a secret that was just made."""

    secret: str = Field(description="Verify signatures with it; it is shown this once.")


class DeliveryPublic(Public):
    """One message for one webhook, and what came of sending it."""

    object: Literal["webhook_delivery"] = "webhook_delivery"
    id: UUID
    webhook_id: UUID
    message_id: str = Field(
        validation_alias="message_name",
        description="The header `webhook-id`; the same when it is sent again.",
    )
    type: EventType
    data: dict[str, Any]
    created_at: datetime
    status: DeliveryStatus
    attempts: int
    last_attempt_at: datetime | None
    next_attempt_at: datetime | None
    finished_at: datetime | None
    answer_status: int | None = Field(description="HTTP status of the last answer.")
    error: str | None = Field(description="Why the last attempt came to nothing.")


class JobNews(BaseModel):
    """What a webhook is told of a job; `GET /jobs/{job_id}` has the rest."""

    job_id: UUID
    number: int = Field(description="Of the event among the job's: they may overtake.")
    attempt: int


class VersionNews(BaseModel):
    """What a webhook is told of a new version of a model."""

    model: str
    version: int
    checkpoint_id: UUID


class AliasNews(BaseModel):
    """What a webhook is told when an alias moves."""

    model: str
    alias: str
    number: int = Field(description="Counts the moves of this alias from 1.")
    version: int | None = Field(description="Null: it was removed.")


class PingNews(BaseModel):
    """What `POST /webhooks/{webhook_id}/test` sends."""

    webhook_id: UUID
