"""Routes under /webhooks."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Path, Response

from app.api import etags
from app.api.deps import AskerDep, ReadSession, WriteSession
from app.api.desk import DeskDep, SubmittingDesk
from app.api.listings import listing_of
from app.api.openapi import webhooks as examples
from app.api.openapi.refusals import problems
from app.api.schemas import Listing
from app.api.webhook_schemas import (
    NewWebhook,
    WebhookEdit,
    WebhookPublic,
    WebhookRequest,
)
from app.errors import (
    DatabaseUnavailable,
    IdempotencyKeyReused,
    PreconditionFailed,
    TooManyWebhooks,
    WebhookNotFound,
    WebhookRefused,
)
from app.tickets import once
from app.webhook_models import Webhook
from app.webhooks import store
from app.webhooks.address import demand_address
from app.webhooks.signing import new_secret

router = APIRouter(
    prefix="/webhooks", tags=["webhooks"], responses=problems(DatabaseUnavailable())
)

Request = Annotated[WebhookRequest, Body(openapi_examples=examples.REQUESTS)]
Edit = Annotated[WebhookEdit, Body(openapi_examples=examples.EDITS)]
WebhookId = Annotated[UUID, Path(description="As POST /webhooks gave it.")]
EMPTY: dict[str, object] = {"events": []}


def get_own_webhook(
    webhook_id: WebhookId, session: WriteSession, asker: AskerDep
) -> Webhook:
    return store.get_webhook(session, webhook_id, asker.keeps_to)


def get_shown_webhook(
    webhook_id: WebhookId, session: ReadSession, asker: AskerDep
) -> Webhook:
    return store.get_webhook(session, webhook_id, asker.keeps_to)


# To change one, and to look at one.
OwnWebhook = Annotated[Webhook, Depends(get_own_webhook, scope="function")]
ShownWebhook = Annotated[Webhook, Depends(get_shown_webhook, scope="function")]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses={
        HTTPStatus.CREATED: examples.CREATED,
        **problems(WebhookRefused(), TooManyWebhooks(), IdempotencyKeyReused()),
    },
)
def create_webhook(
    request: Request, desk: SubmittingDesk, response: Response
) -> NewWebhook:
    """Have an address told of what happens.

    Messages are signed as Standard Webhooks has it; the secret is in this answer only,
    and in the answer to the same request under the same Idempotency-Key. What does not
    arrive is sent again for three days. A key without `admin` sees the webhooks that
    it made, and they are told of the jobs that it sees.
    """
    demand_address(request.url, desk.services.settings.webhook_networks)
    wanted = Webhook(
        key_id=desk.asker.key_id, **request.model_dump(mode="json"), secret=new_secret()
    )
    webhook = once(
        desk.session,
        desk.ticket,
        lambda webhook_id: desk.session.get(Webhook, UUID(webhook_id)),
        lambda: store.create_webhook(desk.session, wanted, desk.ticket),
    )
    response.headers["Location"] = f"/webhooks/{webhook.id}"
    return with_secret(webhook, webhook.secret, response)


@router.get(
    "",
    response_model=Listing[WebhookPublic],
    responses={HTTPStatus.OK: examples.WEBHOOKS},
)
def list_webhooks(session: ReadSession, asker: AskerDep) -> Listing[Webhook]:
    """List webhooks, the newest first.

    Those that are disabled are among them, and say why.
    """
    found = store.list_webhooks(session, asker.keeps_to)
    return listing_of(found)


@router.get(
    "/{webhook_id}",
    response_model=WebhookPublic,
    responses={
        HTTPStatus.OK: etags.tagged(examples.WEBHOOK),
        **etags.UNCHANGED,
        **problems(WebhookNotFound()),
    },
)
def get_webhook(
    webhook: ShownWebhook, response: Response, known: etags.IfNoneMatch = None
) -> WebhookPublic | Response:
    """Show a webhook without its secret.

    `disabled_reason` says why nothing is sent to it.
    """
    shown = WebhookPublic.model_validate(webhook)
    tag = etags.tag_of(shown, webhook.edit_count)
    return etags.unless_known(shown, tag, known, response)


@router.patch(
    "/{webhook_id}",
    response_model=WebhookPublic,
    responses={
        HTTPStatus.OK: etags.tagged(examples.WEBHOOK),
        **problems(WebhookNotFound(), WebhookRefused(), PreconditionFailed()),
    },
)
def edit_webhook(
    webhook: OwnWebhook,
    edit: Edit,
    desk: DeskDep,
    edits: etags.Edits,
    response: Response,
) -> Webhook:
    """Change what a webhook is told, and where, or disable it.

    What the body leaves out stays; null for `events` means all. Enabled again, it is
    told of what happens from then on. With If-Match, only if nobody else has edited it.
    """
    if edit.url is not None:
        demand_address(edit.url, desk.services.settings.webhook_networks)
    values = edit.model_dump(mode="json", exclude_unset=True, exclude={"is_enabled"})
    given = {
        name: EMPTY.get(name) if value is None else value
        for name, value in values.items()
        if value is not None or name != "url"
    }
    changes = store.Changes(given, edit.is_enabled)
    store.edit_webhook(desk.session, webhook.id, changes, edits)
    desk.session.refresh(webhook)
    response.headers["ETag"] = etags.edited(webhook.edit_count)
    return webhook


@router.delete(
    "/{webhook_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(WebhookNotFound()),
)
def delete_webhook(webhook: OwnWebhook, session: WriteSession) -> None:
    """Delete a webhook with its deliveries.

    A message that is on its way at this moment arrives nevertheless.
    """
    store.delete_webhook(session, webhook.id)


@router.post(
    "/{webhook_id}/secret",
    responses={HTTPStatus.OK: examples.CREATED_SECRET, **problems(WebhookNotFound())},
)
def rotate_secret(
    webhook: OwnWebhook, session: WriteSession, response: Response
) -> NewWebhook:
    """Give a webhook a new secret.

    For a day every message is signed with the old one as well, so that the receiver
    can change over at leisure.
    """
    secret = store.rotate_secret(session, webhook.id)
    return with_secret(webhook, secret, response)


def with_secret(webhook: Webhook, secret: str, response: Response) -> NewWebhook:
    response.headers["Cache-Control"] = "no-store"
    shown = WebhookPublic.model_validate(webhook)
    return NewWebhook(**shown.model_dump(), secret=secret)
