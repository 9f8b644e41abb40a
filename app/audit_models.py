"""The table of the audit log."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models import UtcDateTime, now


class AuditEntry(SQLModel, table=True):
    """One change: who made it, of what, from where; never what was in its body."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_created_at_id", "created_at", "id"),
        Index("ix_audit_entry_key", "key_id", "created_at", "id"),
        Index("ix_audit_entry_target", "target", "created_at", "id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    key_id: str | None = Field(default=None, max_length=32)
    action: str = Field(max_length=64)
    target: str = Field(max_length=300)
    status: int | None = None
    request_id: str | None = Field(default=None, max_length=64)
    address: str | None = Field(default=None, max_length=64)
