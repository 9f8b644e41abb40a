"""Routes under /webhooks."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Path, Query, Response

from app.api.deps import AskerDep, ReadSession, ServicesDep, WriteSession
from app.api.jobs import After, Limit
from app.api.openapi import webhooks as examples
from app.api.openapi.refusals import problems
from app.api.schemas import Listing
from app.api.webhook_schemas import (
    DeliveryPublic,
    NewWebhook,
    WebhookEdit,
    WebhookPublic,
    WebhookRequest,
)
from app.errors import (
    DatabaseUnavailable,
    DeliveryNotFound,
    TooManyWebhooks,
    UnknownCursor,
    WebhookDisabled,
    WebhookNotFound,
    WebhookRefused,
)
from app.webhook_models import DeliveryStatus, Webhook, WebhookDelivery
from app.webhooks import deliveries, store
from app.webhooks.address import demand_address
from app.webhooks.signing import new_secret

router = APIRouter(
    prefix="/webhooks", tags=["webhooks"], responses=problems(DatabaseUnavailable())
)

Request = Annotated[WebhookRequest, Body(openapi_examples=examples.REQUESTS)]
Edit = Annotated[WebhookEdit, Body(openapi_examples=examples.EDITS)]
WebhookId = Annotated[UUID, Path(description="As POST /webhooks gave it.")]
DeliveryId = Annotated[UUID, Path(description="As the list of deliveries shows it.")]
Status = Annotated[
    DeliveryStatus | None, Query(description="Only deliveries in this status.")
]
UNKNOWN = problems(WebhookNotFound())
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
        **problems(WebhookRefused(), TooManyWebhooks()),
    },
)
def create_webhook(
    request: Request,
    session: WriteSession,
    services: ServicesDep,
    asker: AskerDep,
    response: Response,
) -> NewWebhook:
    """Have an address told of what happens.

    Messages are signed as Standard Webhooks has it; the secret is in this answer only.
    What does not arrive is sent again for three days. A key without `admin` sees the
    webhooks that it made, and they are told of the jobs that it sees.
    """
    demand_address(request.url, services.settings.webhook_networks)
    wanted = Webhook(
        key_id=asker.key_id, **request.model_dump(mode="json"), secret=new_secret()
    )
    webhook = store.create_webhook(session, wanted)
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
    return Listing(
        data=found,
        first_id=str(found[0].id) if found else None,
        last_id=str(found[-1].id) if found else None,
    )


@router.get(
    "/{webhook_id}",
    response_model=WebhookPublic,
    responses={HTTPStatus.OK: examples.WEBHOOK, **UNKNOWN},
)
def get_webhook(webhook: ShownWebhook) -> Webhook:
    """Show a webhook without its secret.

    `disabled_reason` says why nothing is sent to it.
    """
    return webhook


@router.patch(
    "/{webhook_id}",
    response_model=WebhookPublic,
    responses={
        HTTPStatus.OK: examples.WEBHOOK,
        **UNKNOWN,
        **problems(WebhookRefused()),
    },
)
def edit_webhook(
    webhook: OwnWebhook, edit: Edit, session: WriteSession, services: ServicesDep
) -> Webhook:
    """Change what a webhook is told, and where, or disable it.

    What the body leaves out stays; null for `events` means all. Enabled again, it is
    told of what happens from then on.
    """
    if edit.url is not None:
        demand_address(edit.url, services.settings.webhook_networks)
    values = edit.model_dump(mode="json", exclude_unset=True, exclude={"is_enabled"})
    given = {
        name: EMPTY.get(name) if value is None else value
        for name, value in values.items()
        if value is not None or name != "url"
    }
    store.edit_webhook(session, webhook.id, store.Changes(given, edit.is_enabled))
    session.refresh(webhook)
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
    responses={HTTPStatus.OK: examples.CREATED_SECRET, **UNKNOWN},
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


@router.post(
    "/{webhook_id}/test",
    status_code=HTTPStatus.ACCEPTED,
    response_model=DeliveryPublic,
    responses={
        HTTPStatus.ACCEPTED: examples.PINGED,
        **problems(WebhookNotFound(), WebhookDisabled()),
    },
)
def ping_webhook(
    webhook: OwnWebhook,
    session: WriteSession,
    services: ServicesDep,
    response: Response,
) -> WebhookDelivery:
    """Send a message that tells nothing, to see whether it arrives.

    It is of type `webhook.ping`, whatever the webhook listens to.
    """
    return sent_at_once(deliveries.ping(session, webhook), services, response)


@router.get(
    "/{webhook_id}/deliveries",
    response_model=Listing[DeliveryPublic],
    responses={
        HTTPStatus.OK: examples.DELIVERIES,
        **problems(WebhookNotFound(), UnknownCursor()),
    },
)
def list_deliveries(
    webhook: ShownWebhook,
    session: ReadSession,
    limit: Limit = 20,
    after: After = None,
    status: Status = None,
) -> Listing[WebhookDelivery]:
    """List what was sent to a webhook, or is to be, newest first.

    While `has_more` is true, `after=last_id` asks for the next page. What has ended is
    kept for two weeks, or as the service's settings say.
    """
    page = deliveries.list_deliveries(session, webhook.id, limit, after, status)
    return Listing(
        data=page.found,
        has_more=page.has_more,
        first_id=str(page.found[0].id) if page.found else None,
        last_id=str(page.found[-1].id) if page.found else None,
    )


@router.get(
    "/{webhook_id}/deliveries/{delivery_id}",
    response_model=DeliveryPublic,
    responses={
        HTTPStatus.OK: examples.DELIVERY,
        **problems(WebhookNotFound(), DeliveryNotFound()),
    },
)
def get_delivery(
    webhook: ShownWebhook, delivery_id: DeliveryId, session: ReadSession
) -> WebhookDelivery:
    """Show what came of sending a message.

    Of the receiver's answer there is only the status.
    """
    return deliveries.get_delivery(session, webhook.id, delivery_id)


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/redeliver",
    status_code=HTTPStatus.ACCEPTED,
    response_model=DeliveryPublic,
    responses={
        HTTPStatus.ACCEPTED: examples.SENT_AGAIN,
        **problems(WebhookNotFound(), DeliveryNotFound(), WebhookDisabled()),
    },
)
def redeliver(
    webhook: OwnWebhook,
    delivery_id: DeliveryId,
    session: WriteSession,
    services: ServicesDep,
    response: Response,
) -> WebhookDelivery:
    """Send an old message once more.

    It has the same `webhook-id` as before, so a receiver that has seen it knows that.
    """
    old = deliveries.get_delivery(session, webhook.id, delivery_id)
    again = deliveries.deliver_again(session, webhook, old)
    return sent_at_once(again, services, response)


def with_secret(webhook: Webhook, secret: str, response: Response) -> NewWebhook:
    response.headers["Cache-Control"] = "no-store"
    shown = WebhookPublic.model_validate(webhook)
    return NewWebhook(**shown.model_dump(), secret=secret)


def sent_at_once(
    delivery: WebhookDelivery, services: ServicesDep, response: Response
) -> WebhookDelivery:
    services.webhook_bell.set()
    place = f"/webhooks/{delivery.webhook_id}/deliveries/{delivery.id}"
    response.headers["Location"] = place
    return delivery
