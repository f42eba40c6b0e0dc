"""``/api/v1/webhooks``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import select

from digitize_api.auth.principal import Administers
from digitize_api.context import InContext
from digitize_api.problems import FieldError, FieldsInvalid, documents
from digitize_api.webhooks.schemas import DeliveryOut, WebhookIn, WebhookOut
from models.entities import Agency
from models.errors import Conflict, Forbidden, NotAuthenticated, NotFound, WebhookTarget
from models.scopes import visible
from models.webhooks import book
from models.webhooks.settings import WebhookSettings
from models.webhooks.tables import DeliveryState

router = APIRouter(prefix="/api/v1/webhooks", tags=["webhooks"])

_READ = documents(NotAuthenticated, Forbidden)
_ONE = documents(NotAuthenticated, Forbidden, NotFound)


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
    with context.transaction() as session:
        wanted = Agency.id == principal.agency.id if asked.agency is None else Agency.code == asked.agency
        agency = session.scalar(visible(select(Agency).where(wanted), principal.agency_ids))
        if agency is None:
            raise FieldsInvalid(
                FieldError(field="body.agency", message="Không có cơ quan này. / There is no such agency.")
            )
        made = book.add(
            session, agency=agency, url=asked.url, kinds=asked.events, settings=WebhookSettings(), actor=principal.actor
        )
        return WebhookOut.of(book.find(session, made.id, principal.agency_ids), secret=True)


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
    principal: Administers,
    context: InContext,
    state: DeliveryState | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> list[DeliveryOut]:
    with context.reading() as session:
        found = book.deliveries(session, principal.agency_ids, state, limit=limit, offset=offset)
        return [DeliveryOut.of(one) for one in found]


@router.post(
    "/deliveries/{delivery_id}/resend",
    summary="Send a dead delivery again",
    responses=documents(NotAuthenticated, Forbidden, NotFound, Conflict),
)
def post_resend(delivery_id: str, principal: Administers, context: InContext) -> DeliveryOut:
    with context.transaction() as session:
        return DeliveryOut.of(book.resend(session, delivery_id, principal.agency_ids, actor=principal.actor))


@router.delete("/{webhook_id}", summary="End a subscription", responses=_ONE)
def delete_webhook(webhook_id: str, principal: Administers, context: InContext) -> WebhookOut:
    with context.transaction() as session:
        webhook = book.find(session, webhook_id, principal.agency_ids)
        book.end(session, webhook, actor=principal.actor)
        return WebhookOut.of(webhook)
