"""An example of the audit log, as it stands in the document."""

from datetime import UTC, datetime
from uuid import UUID

from app.api.audit_schemas import AuditEntryPublic
from app.api.openapi.answers import shown
from app.api.openapi.examples import JOB_ID
from app.api.schemas import Listing

ENTRY = AuditEntryPublic(
    id=UUID("0d7c53a5-9c6d-4f0e-8ad3-4a5c0d5b9b55"),
    created_at=datetime(2026, 8, 1, 12, tzinfo=UTC),
    key_id="5f1c09a7be32",
    action="cancelJob",
    target=f"/jobs/{JOB_ID}",
    status=202,
    request_id="0b2f6c1e-9d35-4c7a-8f57-3a1d90c4e2b8",
    address="192.0.2.7",
)
PAGE = shown(
    "One page of changes.",
    one_page=Listing[AuditEntryPublic](
        data=[ENTRY], first_id=str(ENTRY.id), last_id=str(ENTRY.id)
    ),
    none_yet=Listing[AuditEntryPublic](data=[]),
)
