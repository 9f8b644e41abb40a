"""The route to the audit log."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

from app.api.audit_schemas import AuditEntryPublic
from app.api.deps import ReadSession
from app.api.jobs import After, Limit
from app.api.listings import listing_of
from app.api.openapi import audit as examples
from app.api.openapi.refusals import problems
from app.api.schemas import Listing
from app.audit import Sought, list_entries
from app.audit_models import AuditEntry
from app.errors import DatabaseUnavailable, UnknownCursor

router = APIRouter(
    prefix="/audit", tags=["audit"], responses=problems(DatabaseUnavailable())
)

Key = Annotated[
    str | None, Query(alias="key", max_length=32, description="Only by this key.")
]
Action = Annotated[
    str | None,
    Query(max_length=64, description="Only this operation, as `createJob`."),
]
Target = Annotated[
    str | None,
    Query(
        max_length=300,
        description="Only this address and what is below it, as `/models/digits`.",
    ),
]


def demand_date(value: object) -> object:
    """Refuse a number, of which pydantic would make a moment."""
    try:
        float(str(value))
    except ValueError:
        return value
    raise PydanticCustomError("datetime_parsing", "Write it as in RFC 3339.")


Moment = Annotated[AwareDatetime, BeforeValidator(demand_date)]
Since = Annotated[Moment | None, Query(description="Not before this moment.")]
Until = Annotated[Moment | None, Query(description="Before this moment.")]


def get_sought(
    key_id: Key = None,
    action: Action = None,
    target: Target = None,
    since: Since = None,
    until: Until = None,
) -> Sought:
    return Sought(key_id, action, target, since, until)


SoughtDep = Annotated[Sought, Depends(get_sought)]


@router.get(
    "",
    response_model=Listing[AuditEntryPublic],
    responses={HTTPStatus.OK: examples.PAGE, **problems(UnknownCursor())},
)
def list_audit_entries(
    session: ReadSession, sought: SoughtDep, limit: Limit = 20, after: After = None
) -> Listing[AuditEntry]:
    """List the changes that were made, newest first.

    Each request that changed something is here, with the key that asked for it. While
    `has_more` is true, `after=last_id` asks for the next page.
    """
    page = list_entries(session, sought, limit, after)
    return listing_of(page.found, has_more=page.has_more)
