"""Subscriptions and deliveries."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Boolean, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.entities import Agency, Base, new_id, now


class WebhookEvent(StrEnum):
    """What may be told; ``NAMES`` of ``notice`` says of which event of ours each is made."""

    RESULT_STORED = "result.stored"
    RESULT_RETURNED = "result.returned"
    RESULT_CANCELLED = "result.cancelled"
    DOSSIER_FINISHED = "dossier.finished"
    DOSSIER_REOPENED = "dossier.reopened"


TRIAL: Final = "webhook.trial"
"""The kind of a delivery that a person sent to see whether it arrives; nobody subscribes to it."""


class DeliveryState(StrEnum):
    PENDING = "pending"  # also while its subscription is paused
    DELIVERED = "delivered"
    DEAD = "dead"  # every attempt failed; somebody may send it again


class Webhook(Base):
    """A subscription of an agency: events of it and of all below it go to ``url``. The secret signs, so it is kept as it is.

    ``paused_at``: its deliveries wait until it goes on. ``former_secret`` signs too until ``former_until``, so that a receiver has time to change.
    """

    __tablename__ = "webhook"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"), index=True)
    url: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(String(100))
    events: Mapped[list[str]]
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[str] = mapped_column(String(110))
    ended_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    former_secret: Mapped[str | None] = mapped_column(String(100))
    former_until: Mapped[datetime | None]
    agency: Mapped[Agency] = relationship(lazy="raise")


class WebhookDelivery(Base):
    """One event for one subscription. ``id`` is the ``webhook-id`` that the receiver knows repeats by; ``body`` goes out as it stands."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("ix_webhook_delivery_agency_id_state", "agency_id", "state"),
        Index("ix_webhook_delivery_webhook_id_created_at", "webhook_id", "created_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhook.id"), index=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("agency.id"))  # of the subscription
    kind: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default=DeliveryState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    round: Mapped[int] = mapped_column(default=1)  # sent again by a person: one more
    created_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    status: Mapped[int | None]  # of the last answer
    error: Mapped[str | None] = mapped_column(String(200))
    webhook: Mapped[Webhook] = relationship(lazy="raise")
    tries: Mapped[list[WebhookTry]] = relationship(order_by="WebhookTry.at", lazy="raise")


class WebhookTry(Base):
    """One attempt: when, how long it took, what was answered or why nothing was. Gone with its delivery."""

    __tablename__ = "webhook_try"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("webhook_delivery.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    seconds: Mapped[float] = mapped_column(Float, default=0.0)
    status: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(200))
