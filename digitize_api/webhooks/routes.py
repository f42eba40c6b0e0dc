"""``/api/v1/webhooks``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from digitize_api.auth.principal import Administers
from digitize_api.context import InContext
from digitize_api.problems import documents
from digitize_api.webhooks import service
from digitize_api.webhooks.schemas import DeliveryOut, WebhookChange, WebhookIn, WebhookOut
from models.errors import Conflict, Forbidden, NotAuthenticated, NotFound, WebhookTarget
from models.webhooks import book
from models.webhooks.tables import DeliveryState

router = APIRouter(prefix="/api/v1/webhooks", tags=["webhooks"])

_READ = documents(NotAuthenticated, Forbidden)
_ONE = documents(NotAuthenticated, Forbidden, NotFound)
_CHANGED = documents(NotAuthenticated, Forbidden, NotFound, Conflict)


@router.post(
    "",
    status_code=201,
    summary="Tell another system what happens",
    description=(
        "Events of the agency and of all below it are posted to `url` as JSON, signed after Standard Webhooks (`webhook-id`, `webhook-timestamp`, "
        "`webhook-signature: v1,…`). The secret is in this answer and in no other."
    ),
    responses=documents(NotAuthenticated, Forbidden, Conflict, WebhookTarget),
)
def post_webhook(asked: WebhookIn, principal: Administers, context: InContext) -> WebhookOut:
    made = service.add(context, principal, url=asked.url, agency=asked.agency, kinds=asked.events)
    return WebhookOut.of(made, secret=True)


@router.get("", summary="The subscriptions", responses=_READ)
def list_webhooks(principal: Administers, context: InContext) -> list[WebhookOut]:
    with context.reading() as session:
        return [WebhookOut.of(one) for one in book.webhooks(session, principal.agency_ids)]


@router.get(
    "/deliveries",
    summary="What was sent, newest first",
    description="`state=dead`: what did not arrive in any attempt. What arrived is forgotten after a month.",
    responses=_READ,
)
def list_deliveries(
    *,
    principal: Administers,
    context: InContext,
    state: DeliveryState | None = None,
    webhook: Annotated[str | None, Query(max_length=32, description="of this subscription alone")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> list[DeliveryOut]:
    with context.reading() as session:
        found = book.deliveries(session, principal.agency_ids, state, webhook_id=webhook, limit=limit, offset=offset)
        return [DeliveryOut.of(one) for one in found]


@router.post(
    "/deliveries/{delivery_id}/resend",
    summary="Send a dead delivery again",
    responses=documents(NotAuthenticated, Forbidden, NotFound, Conflict),
)
def post_resend(delivery_id: str, principal: Administers, context: InContext) -> DeliveryOut:
    return DeliveryOut.of(service.resend(context, principal, delivery_id))


@router.patch("/{webhook_id}", summary="Pause a subscription, or let it go on", responses=_CHANGED)
def patch_webhook(webhook_id: str, asked: WebhookChange, principal: Administers, context: InContext) -> WebhookOut:
    change = service.pause if asked.paused else service.resume
    return WebhookOut.of(change(context, principal, webhook_id))


@router.post(
    "/{webhook_id}/secret",
    summary="Change the signing secret",
    description="The new one is in this answer and in no other. For 24 hours both sign (two signatures, parted by a space), of which one must fit.",
    responses=_CHANGED,
)
def post_secret(webhook_id: str, principal: Administers, context: InContext) -> WebhookOut:
    return WebhookOut.of(service.rotate(context, principal, webhook_id), secret=True)


@router.post(
    "/{webhook_id}/trial",
    status_code=202,
    summary="Send a trial",
    description="A delivery of the type `webhook.trial` that tells nothing else, tried once; how it went stands among the deliveries.",
    responses=_CHANGED,
)
def post_trial(webhook_id: str, principal: Administers, context: InContext) -> DeliveryOut:
    return DeliveryOut.of(service.trial(context, principal, webhook_id))


@router.delete("/{webhook_id}", summary="End a subscription", responses=_ONE)
def delete_webhook(webhook_id: str, principal: Administers, context: InContext) -> WebhookOut:
    return WebhookOut.of(service.end(context, principal, webhook_id))
