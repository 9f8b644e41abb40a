"""Routes under /webhooks/{webhook_id} that send messages, and show what came of it."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app.api.deps import ReadSession
from app.api.desk import Desk, SubmittingDesk
from app.api.jobs import After, Limit
from app.api.listings import listing_of
from app.api.openapi import webhooks as examples
from app.api.openapi.refusals import problems
from app.api.schemas import Listing
from app.api.webhook_schemas import DeliveryPublic
from app.api.webhooks import OwnWebhook, ShownWebhook
from app.errors import (
    DatabaseUnavailable,
    DeliveryNotFound,
    IdempotencyKeyReused,
    UnknownCursor,
    WebhookDisabled,
    WebhookNotFound,
)
from app.tickets import once
from app.webhook_models import DeliveryStatus, WebhookDelivery
from app.webhooks import deliveries

router = APIRouter(
    prefix="/webhooks/{webhook_id}",
    tags=["webhooks"],
    responses=problems(DatabaseUnavailable()),
)

DeliveryId = Annotated[UUID, Path(description="As the list of deliveries shows it.")]
Status = Annotated[
    DeliveryStatus | None, Query(description="Only deliveries in this status.")
]


@router.post(
    "/test",
    status_code=HTTPStatus.ACCEPTED,
    response_model=DeliveryPublic,
    responses={
        HTTPStatus.ACCEPTED: examples.PINGED,
        **problems(WebhookNotFound(), WebhookDisabled(), IdempotencyKeyReused()),
    },
)
def ping_webhook(
    webhook: OwnWebhook, desk: SubmittingDesk, response: Response
) -> WebhookDelivery:
    """Send a message that tells nothing, to see whether it arrives.

    It is of type `webhook.ping`, whatever the webhook listens to.
    """
    send = partial(deliveries.ping, desk.session, webhook, desk.ticket)
    return sent_at_once(desk, send, response)


@router.get(
    "/deliveries",
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
    return listing_of(page.found, has_more=page.has_more)


@router.get(
    "/deliveries/{delivery_id}",
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
    "/deliveries/{delivery_id}/redeliver",
    status_code=HTTPStatus.ACCEPTED,
    response_model=DeliveryPublic,
    responses={
        HTTPStatus.ACCEPTED: examples.SENT_AGAIN,
        **problems(
            WebhookNotFound(),
            DeliveryNotFound(),
            WebhookDisabled(),
            IdempotencyKeyReused(),
        ),
    },
)
def redeliver(
    webhook: OwnWebhook,
    delivery_id: DeliveryId,
    desk: SubmittingDesk,
    response: Response,
) -> WebhookDelivery:
    """Send an old message once more.

    It has the same `webhook-id` as before, so a receiver that has seen it knows that.
    """
    old = deliveries.get_delivery(desk.session, webhook.id, delivery_id)
    send = partial(deliveries.deliver_again, desk.session, webhook, old, desk.ticket)
    return sent_at_once(desk, send, response)


def sent_at_once(
    desk: Desk, send: Callable[[], WebhookDelivery], response: Response
) -> WebhookDelivery:
    delivery = once(
        desk.session,
        desk.ticket,
        lambda delivery_id: desk.session.get(WebhookDelivery, UUID(delivery_id)),
        send,
    )
    desk.services.webhook_bell.set()
    place = f"/webhooks/{delivery.webhook_id}/deliveries/{delivery.id}"
    response.headers["Location"] = place
    return delivery
