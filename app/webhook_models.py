"""The tables of webhooks: what is to be told, to whom, and what came of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from app.models import UtcDateTime, now, text_enum


class EventType(StrEnum):
    """What a webhook can be told of; jobs by the kind of their event."""

    JOB_QUEUED = "job.queued"
    JOB_REQUEUED = "job.requeued"
    JOB_RUNNING = "job.running"
    JOB_PAUSING = "job.pausing"
    JOB_PAUSED = "job.paused"
    JOB_STOPPING = "job.stopping"
    JOB_CANCELLING = "job.cancelling"
    JOB_SUCCEEDED = "job.succeeded"
    JOB_FAILED = "job.failed"
    JOB_CANCELLED = "job.cancelled"
    MODEL_VERSION_CREATED = "model.version_created"
    MODEL_ALIAS_MOVED = "model.alias_moved"
    WEBHOOK_PING = "webhook.ping"

    @property
    def is_of_jobs(self) -> bool:
        return self.startswith("job.")


EVENT_TYPE = text_enum(EventType, 32)


class DeliveryStatus(StrEnum):
    """Where a delivery stands; the last two are final."""

    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"


class DisabledReason(StrEnum):
    """Why nothing is sent to a webhook any more."""

    BY_USER = "by_user"
    GONE = "gone"
    KEY_ENDED = "key_ended"


class OutboxMessage(SQLModel, table=True):
    """Something that happened, stored with it, until it was told to every webhook."""

    __tablename__ = "outbox_message"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
    type: EventType = Field(sa_column=Column(EVENT_TYPE, nullable=False))
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    owner: str | None = Field(default=None, max_length=32)  # the key of the job


class Webhook(SQLModel, table=True):
    """An address that wants to be told; its secret signs, and so is kept as it is."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    key_id: str | None = Field(default=None, max_length=32)  # whose it is
    url: str = Field(max_length=2048)
    description: str | None = Field(default=None, max_length=200)
    events: list[str] = Field(sa_column=Column(JSON, nullable=False))  # empty: all
    disabled_reason: DisabledReason | None = Field(
        default=None, sa_column=Column(text_enum(DisabledReason, 16))
    )
    secret: str = Field(max_length=128)
    previous_secret: str | None = Field(default=None, max_length=128)
    previous_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    edit_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})

    @property
    def is_enabled(self) -> bool:
        return self.disabled_reason is None


class WebhookDelivery(SQLModel, table=True):
    """One message for one webhook, and what came of sending it."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("ix_webhook_delivery_page", "webhook_id", "created_at", "id"),
        Index("ix_webhook_delivery_due", "status", "next_attempt_at"),
        Index("ix_webhook_delivery_finished_at", "finished_at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    webhook_id: UUID = Field(foreign_key="webhook.id")
    # The same for every webhook and every redelivery: receivers know by it what
    # they have seen.
    message_id: UUID
    type: EventType = Field(sa_column=Column(EVENT_TYPE, nullable=False))
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    happened_at: datetime = Field(sa_type=UtcDateTime)
    status: DeliveryStatus = Field(
        default=DeliveryStatus.WAITING,
        sa_column=Column(text_enum(DeliveryStatus, 16), nullable=False),
    )
    attempts: int = 0
    next_attempt_at: datetime | None = Field(default_factory=now, sa_type=UtcDateTime)
    last_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer_status: int | None = None
    error: str | None = Field(default=None, max_length=300)

    @property
    def message_name(self) -> str:
        """The message's id as its receiver sees it."""
        return f"msg_{self.message_id.hex}"
