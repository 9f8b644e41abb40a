"""Routes under /keys."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Path, Response

from app.api.deps import ReadSession, ServicesDep, WriteSession
from app.api.key_schemas import KeyPublic, KeyRequest, NewKey
from app.api.openapi import keys as examples
from app.api.openapi.refusals import problems
from app.api.schemas import Listing
from app.errors import DatabaseUnavailable, KeyNotFound
from app.keys.store import create_key as store_key
from app.keys.store import list_keys as read_keys
from app.keys.store import revoke_key as end_key
from app.models import ApiKey

router = APIRouter(
    prefix="/keys", tags=["keys"], responses=problems(DatabaseUnavailable())
)

Request = Annotated[KeyRequest, Body(openapi_examples=examples.REQUESTS)]
KeyId = Annotated[str, Path(max_length=32, description="As the list shows it.")]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses={HTTPStatus.CREATED: examples.CREATED},
)
def create_key(request: Request, session: WriteSession, response: Response) -> NewKey:
    """Make a key for someone.

    The answer is the only place where the key is shown: of it the service keeps a
    hash. What a key may do never changes; make another and revoke this one.
    """
    row, key = store_key(session, request.name, request.scopes, request.expires_at)
    response.headers["Location"] = f"/keys/{row.id}"
    response.headers["Cache-Control"] = "no-store"
    return NewKey(**KeyPublic.model_validate(row).model_dump(), key=key)


@router.get(
    "",
    response_model=Listing[KeyPublic],
    responses={HTTPStatus.OK: examples.KEYS},
)
def list_keys(session: ReadSession) -> Listing[ApiKey]:
    """List all keys, the newest first.

    Those that have ended are among them.
    """
    keys = read_keys(session)
    return Listing(
        data=keys,
        first_id=keys[0].id if keys else None,
        last_id=keys[-1].id if keys else None,
    )


@router.delete(
    "/{key_id}",
    response_model=KeyPublic,
    responses={HTTPStatus.OK: examples.REVOKED, **problems(KeyNotFound())},
)
def revoke_key(key_id: KeyId, session: WriteSession, services: ServicesDep) -> ApiKey:
    """Revoke a key.

    Other processes of the service stop to take it within seconds. Its row stays, and
    so do its jobs.
    """
    row = end_key(session, key_id)
    services.keys.forget()
    return row
