"""Examples of keys, and what the document says of them."""

from datetime import UTC, datetime
from typing import Any

from app.api.key_schemas import KeyDetail, KeyPublic, KeyQuotas, NewKey, QuotaPublic
from app.api.openapi.answers import shown
from app.api.openapi.refusals import merge, problems
from app.api.schemas import Listing
from app.api.scopes import is_open, needed_scope
from app.errors import (
    KeyMissing,
    KeyRefused,
    RateLimited,
    RateLimitsUnavailable,
    ScopeMissing,
)
from app.keys.scope import USUAL

Json = dict[str, Any]

MOMENT = datetime(2026, 8, 1, 12, tzinfo=UTC)
NOTEBOOK = KeyPublic(
    id="5f1c09a7be32",
    name="notebook",
    scopes=list(USUAL),
    created_at=MOMENT,
    expires_at=None,
    revoked_at=None,
    last_used_at=None,
    quotas=KeyQuotas(running_jobs=2),
)
ENDED = NOTEBOOK.model_copy(update={"revoked_at": MOMENT, "last_used_at": MOMENT})
NEW = NewKey(**NOTEBOOK.model_dump(), key=f"mm_{NOTEBOOK.id}_{'x' * 43}")

CREATED = shown("The key, shown this once.", created=NEW)
KEYS = shown(
    "Every key.",
    keys=Listing[KeyPublic](data=[NOTEBOOK], first_id=NOTEBOOK.id, last_id=NOTEBOOK.id),
)
SHOWN = shown(
    "The key, and what it uses.",
    key=KeyDetail(
        **NOTEBOOK.model_dump(),
        usage={
            "queued_jobs": QuotaPublic(used=3, limit=None),
            "running_jobs": QuotaPublic(used=2, limit=2),
            "stored_bytes": QuotaPublic(used=181_403_648, limit=10**9),
            "epochs_a_day": QuotaPublic(used=40, limit=None),
        },
    ),
)
EDITS: Any = {
    "quotas": {
        "summary": "Two jobs at a time, and no limit of its own to what it stores",
        "value": {"quotas": {"running_jobs": 2, "stored_bytes": None}},
    },
    "name": {"summary": "Another name", "value": {"name": "notebook of Ada"}},
}
REVOKED = shown("The key, which is good for nothing now.", revoked=ENDED)
REQUESTS: Any = {
    "usual": {
        "summary": "For someone who trains and predicts",
        "value": {"name": "notebook"},
    },
    "limited": {
        "summary": "For an application that only asks",
        "value": {
            "name": "kiosk",
            "scopes": ["predict"],
            "expires_at": "2030-01-01T00:00:00Z",
        },
    },
}
SCHEME = "key"
SCHEMES: Json = {
    SCHEME: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "mm_ID_SECRET",
        "description": "The first start prints a key with the scope `admin`; make "
        "others with `POST /keys` or `modelmill keys create`.",
    }
}


def demand_key(method: str, path: str, operation: Json) -> None:
    """Document which scope a key needs for an operation, and what is said without."""
    if is_open(method.upper(), path):
        operation["security"] = []
        return
    scope = needed_scope(method.upper(), path)
    door = [KeyMissing(), KeyRefused(), RateLimited(), RateLimitsUnavailable()]
    if scope is not None:
        door.append(ScopeMissing(f"This key lacks the scope `{scope}`."))
    operation["security"] = [{SCHEME: [] if scope is None else [scope.value]}]
    merge(operation["responses"], problems(*door))
