"""The body of an entry of the audit log."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.api.schemas import Public


class AuditEntryPublic(Public):
    """One change: who made it, of what, when and from where."""

    object: Literal["audit_entry"] = "audit_entry"
    id: UUID
    created_at: datetime
    key_id: str | None = Field(
        description="Null: no key was asked for, or a command on the machine itself."
    )
    action: str = Field(description="The operation's name in this document.")
    target: str = Field(description="The address of what was changed or made.")
    status: int | None = Field(description="Of the answer; null: of a command.")
    request_id: str | None
    address: str | None = Field(description="From where the request came.")
