"""Subscriptions on behalf of an administrator, within the agencies reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from digitize_api.problems import FieldError, FieldsInvalid
from models import administration
from models.entities import Agency
from models.scopes import visible
from models.webhooks import book
from models.webhooks.settings import WebhookSettings
from models.webhooks.tables import DeliveryState, Webhook, WebhookDelivery, WebhookEvent


@dataclass(frozen=True, slots=True)
class Listed:
    """``counts``: deliveries by subscription and state."""

    webhooks: list[Webhook]
    counts: dict[str, dict[DeliveryState, int]]
    agencies: list[Agency]


@dataclass(frozen=True, slots=True)
class One:
    """``deliveries``: newest first; ``more``: there are older ones."""

    webhook: Webhook
    counts: dict[DeliveryState, int]
    deliveries: list[WebhookDelivery]
    more: bool


def listed(context: Context, principal: Principal) -> Listed:
    with context.reading() as session:
        reach = principal.agency_ids
        return Listed(
            book.webhooks(session, reach),
            book.counts(session, reach),
            administration.list_agencies(session, reach),
        )


def one(
    context: Context, principal: Principal, webhook_id: str, state: DeliveryState | None, *, limit: int, offset: int = 0
) -> One:
    """``NotFound``."""
    with context.reading() as session:
        webhook = book.find(session, webhook_id, principal.agency_ids)
        found = book.deliveries(
            session, principal.agency_ids, state, webhook_id=webhook.id, limit=limit + 1, offset=offset
        )
        counts = book.counts(session, {webhook.agency_id}).get(webhook.id, dict.fromkeys(DeliveryState, 0))
        return One(webhook, counts, found[:limit], len(found) > limit)


def add(
    context: Context, principal: Principal, *, url: str, agency: str | None, kinds: Sequence[WebhookEvent]
) -> Webhook:
    """With its agency; its secret is in it. ``FieldsInvalid`` for an agency out of reach, ``WebhookTarget``, ``Conflict``."""
    with context.transaction() as session:
        wanted = Agency.id == principal.agency.id if agency is None else Agency.code == agency
        owner = session.scalar(visible(select(Agency).where(wanted), principal.agency_ids))
        if owner is None:
            raise FieldsInvalid(
                FieldError(field="body.agency", message="Không có cơ quan này. / There is no such agency.")
            )
        made = book.add(session, agency=owner, url=url, kinds=kinds, settings=WebhookSettings(), actor=principal.actor)
        return book.find(session, made.id, principal.agency_ids)


def _change(context: Context, principal: Principal, webhook_id: str, change: Callable[..., object]) -> Webhook:
    """``change`` of ``models.webhooks.book``, on behalf of somebody."""
    with context.transaction() as session:
        webhook = book.find(session, webhook_id, principal.agency_ids)
        change(session, webhook, actor=principal.actor)
        return webhook


def pause(context: Context, principal: Principal, webhook_id: str) -> Webhook:
    """``NotFound``, ``Conflict``; so are all below."""
    return _change(context, principal, webhook_id, book.pause)


def resume(context: Context, principal: Principal, webhook_id: str) -> Webhook:
    return _change(context, principal, webhook_id, book.resume)


def end(context: Context, principal: Principal, webhook_id: str) -> Webhook:
    return _change(context, principal, webhook_id, book.end)


def rotate(context: Context, principal: Principal, webhook_id: str) -> Webhook:
    """Its new secret is in it."""
    return _change(context, principal, webhook_id, book.rotate)


def trial(context: Context, principal: Principal, webhook_id: str) -> WebhookDelivery:
    with context.transaction() as session:
        webhook = book.find(session, webhook_id, principal.agency_ids)
        made = book.trial(session, webhook, actor=principal.actor)
        return book.delivery(session, made.id, principal.agency_ids)


def resend(context: Context, principal: Principal, delivery_id: str) -> WebhookDelivery:
    with context.transaction() as session:
        made = book.resend(session, delivery_id, principal.agency_ids, actor=principal.actor)
        return book.delivery(session, made.id, principal.agency_ids)


def resend_all(context: Context, principal: Principal, webhook_id: str) -> int:
    with context.transaction() as session:
        webhook = book.find(session, webhook_id, principal.agency_ids)
        return book.resend_all(session, webhook, actor=principal.actor)
