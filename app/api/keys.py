"""Routes under /keys."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Path, Response
from sqlmodel import Session

from app.api import etags
from app.api.deps import AskerDep, ReadSession, Services, ServicesDep, WriteSession
from app.api.desk import DeskDep
from app.api.key_schemas import (
    KeyDetail,
    KeyEdit,
    KeyPublic,
    KeyRequest,
    NewKey,
    QuotaPublic,
)
from app.api.listings import listing_of
from app.api.openapi import keys as examples
from app.api.openapi.refusals import problems
from app.api.schemas import Listing
from app.api.tickets import TicketDep
from app.errors import (
    DatabaseUnavailable,
    IdempotencyKeyReused,
    KeyAlreadyShown,
    KeyNotFound,
    PreconditionFailed,
)
from app.keys.store import create_key as store_key
from app.keys.store import edit_key as change_key
from app.keys.store import get_key as get_row
from app.keys.store import list_keys as read_keys
from app.keys.store import revoke_key as end_key
from app.models import ApiKey
from app.quotas import Quotas, usage_of
from app.tickets import once

NOBODY = ""  # no key has this id

router = APIRouter(
    prefix="/keys", tags=["keys"], responses=problems(DatabaseUnavailable())
)

Request = Annotated[KeyRequest, Body(openapi_examples=examples.REQUESTS)]
Edit = Annotated[KeyEdit, Body(openapi_examples=examples.EDITS)]
KeyId = Annotated[str, Path(max_length=32, description="As the list shows it.")]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses={
        HTTPStatus.CREATED: examples.CREATED,
        **problems(KeyAlreadyShown(), IdempotencyKeyReused()),
    },
)
def create_key(
    request: Request, session: WriteSession, ticket: TicketDep, response: Response
) -> NewKey:
    """Make a key for someone.

    The answer is the only place where the key is shown: of it the service keeps a
    hash. What a key may do never changes; make another and revoke this one.
    """
    row, key = once(
        session,
        ticket,
        already_shown,
        lambda: store_key(
            session, request.name, request.scopes, request.expires_at, ticket
        ),
    )
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
    return listing_of(keys)


@router.get(
    "/me",
    response_model=KeyDetail,
    responses={
        HTTPStatus.OK: etags.tagged(examples.SHOWN),
        **etags.UNCHANGED,
        **problems(KeyNotFound()),
    },
)
def get_own_key(
    session: ReadSession,
    services: ServicesDep,
    asker: AskerDep,
    response: Response,
    known: etags.IfNoneMatch = None,
) -> KeyDetail | Response:
    """Show the key that asks, and what it uses of its quotas.

    Any key may. Where the service asks for no keys there is none to show.
    """
    row = get_row(session, asker.key_id or NOBODY)
    shown = detail(row, session, services)
    tag = etags.tag_of(shown, row.edit_count)
    return etags.unless_known(shown, tag, known, response)


@router.get(
    "/{key_id}",
    response_model=KeyDetail,
    responses={
        HTTPStatus.OK: etags.tagged(examples.SHOWN),
        **etags.UNCHANGED,
        **problems(KeyNotFound()),
    },
)
def get_key(
    key_id: KeyId,
    session: ReadSession,
    services: ServicesDep,
    response: Response,
    known: etags.IfNoneMatch = None,
) -> KeyDetail | Response:
    """Show a key, and what it uses of its quotas.

    `limit` is the key's own, or that of the settings.
    """
    row = get_row(session, key_id)
    shown = detail(row, session, services)
    tag = etags.tag_of(shown, row.edit_count)
    return etags.unless_known(shown, tag, known, response)


@router.patch(
    "/{key_id}",
    responses={
        HTTPStatus.OK: etags.tagged(examples.SHOWN),
        **problems(KeyNotFound(), PreconditionFailed()),
    },
)
def edit_key(
    key_id: KeyId, edit: Edit, desk: DeskDep, edits: etags.Edits, response: Response
) -> KeyDetail:
    """Change the name of a key, or its quotas.

    A quota that is null is as the settings say. What is beyond a new quota stays; only
    more is refused.
    """
    row = change_key(desk.session, key_id, edit.columns, edits)
    response.headers["ETag"] = etags.edited(row.edit_count)
    return detail(row, desk.session, desk.services)


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


def already_shown(key_id: str) -> tuple[ApiKey, str]:
    raise KeyAlreadyShown(key_id)


def detail(row: ApiKey, session: Session, services: Services) -> KeyDetail:
    limits = asdict(Quotas.of_key(row).or_else(services.quotas))
    usage = {
        name: QuotaPublic(used=used, limit=limits[name])
        for name, used in asdict(usage_of(session, row)).items()
    }
    shown = KeyPublic.model_validate(row).model_dump()
    return KeyDetail(**shown, usage=usage)
