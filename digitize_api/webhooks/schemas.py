"""What subscriptions and deliveries look like from outside."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from digitize_api.dossiers.schemas import AgencyOut
from models.webhooks.tables import DeliveryState, Webhook, WebhookDelivery, WebhookEvent


class WebhookIn(BaseModel):
    """``events``: those that are wanted, none named: all; ``agency``: whose, and of all below it; default the caller's own."""

    model_config = ConfigDict(extra="forbid")
    url: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
    events: list[WebhookEvent] = []
    agency: Annotated[str, StringConstraints(max_length=35)] | None = None


class WebhookOut(BaseModel):
    id: str
    agency: AgencyOut
    url: str
    events: list[WebhookEvent]
    active: bool
    created_at: datetime
    created_by: str
    ended_at: datetime | None
    secret: str | None = Field(default=None, description="told once, in the answer that made it")

    @staticmethod
    def of(webhook: Webhook, *, secret: bool = False) -> WebhookOut:
        return WebhookOut(
            id=webhook.id,
            agency=AgencyOut.of(webhook.agency),
            url=webhook.url,
            events=[WebhookEvent(one) for one in webhook.events],
            active=webhook.active,
            created_at=webhook.created_at,
            created_by=webhook.created_by,
            ended_at=webhook.ended_at,
            secret=webhook.secret if secret else None,
        )


class DeliveryOut(BaseModel):
    """``id`` is the ``webhook-id`` that the receiver saw; ``status``: of its last answer."""

    id: str
    webhook: str
    url: str
    event: WebhookEvent
    state: DeliveryState
    attempts: int
    created_at: datetime
    ended_at: datetime | None
    status: int | None
    error: str | None

    @staticmethod
    def of(delivery: WebhookDelivery) -> DeliveryOut:
        return DeliveryOut(
            id=delivery.id,
            webhook=delivery.webhook_id,
            url=delivery.webhook.url,
            event=WebhookEvent(delivery.kind),
            state=DeliveryState(delivery.state),
            attempts=delivery.attempts,
            created_at=delivery.created_at,
            ended_at=delivery.ended_at,
            status=delivery.status,
            error=delivery.error,
        )
