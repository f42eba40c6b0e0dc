"""What subscriptions and deliveries look like from outside."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from digitize_api.dossiers.schemas import AgencyOut
from models.webhooks.tables import TRIAL, DeliveryState, Webhook, WebhookDelivery, WebhookEvent


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
    paused_at: datetime | None = Field(description="since when its deliveries wait")
    created_at: datetime
    created_by: str
    ended_at: datetime | None
    secret: str | None = Field(default=None, description="told once, in the answer that made or changed it")

    @staticmethod
    def of(webhook: Webhook, *, secret: bool = False) -> WebhookOut:
        return WebhookOut(
            id=webhook.id,
            agency=AgencyOut.of(webhook.agency),
            url=webhook.url,
            events=[WebhookEvent(one) for one in webhook.events],
            active=webhook.active,
            paused_at=webhook.paused_at,
            created_at=webhook.created_at,
            created_by=webhook.created_by,
            ended_at=webhook.ended_at,
            secret=webhook.secret if secret else None,
        )


class WebhookChange(BaseModel):
    """``paused``: events are kept and sent when it goes on."""

    model_config = ConfigDict(extra="forbid")
    paused: bool


class TryOut(BaseModel):
    """One attempt. ``status``: of the answer; ``error``: why it did not arrive."""

    at: datetime
    seconds: float
    status: int | None
    error: str | None


class DeliveryOut(BaseModel):
    """``id`` is the ``webhook-id`` that the receiver saw; ``attempts``: since it was last sent by a person; ``tries``: all, oldest first."""

    id: str
    webhook: str
    url: str
    event: WebhookEvent | Literal["webhook.trial"]
    state: DeliveryState
    attempts: int
    created_at: datetime
    ended_at: datetime | None
    status: int | None
    error: str | None
    tries: list[TryOut]

    @staticmethod
    def of(delivery: WebhookDelivery) -> DeliveryOut:
        return DeliveryOut(
            id=delivery.id,
            webhook=delivery.webhook_id,
            url=delivery.webhook.url,
            event=TRIAL if delivery.kind == TRIAL else WebhookEvent(delivery.kind),
            state=DeliveryState(delivery.state),
            attempts=delivery.attempts,
            created_at=delivery.created_at,
            ended_at=delivery.ended_at,
            status=delivery.status,
            error=delivery.error,
            tries=[
                TryOut(at=one.at, seconds=round(one.seconds, 3), status=one.status, error=one.error)
                for one in delivery.tries
            ],
        )
