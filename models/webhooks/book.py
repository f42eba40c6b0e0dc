"""What people do with webhooks: subscribe, end, look at what did not arrive, send it again. Each change is an event of the agency."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from models import events
from models.entities import Agency, now
from models.errors import Conflict, NotFound
from models.scopes import visible
from models.webhooks.notice import plan
from models.webhooks.settings import WebhookSettings
from models.webhooks.sign import new_secret
from models.webhooks.tables import DeliveryState, Webhook, WebhookDelivery, WebhookEvent
from models.webhooks.targets import check_target


def add(
    session: Session,
    *,
    agency: Agency,
    url: str,
    kinds: Iterable[WebhookEvent],
    settings: WebhookSettings,
    actor: str,
) -> Webhook:
    """A subscription, its secret in it. ``WebhookTarget``; ``Conflict`` when the agency has one to this URL."""
    target = check_target(url, settings)
    same = select(Webhook).where(Webhook.agency_id == agency.id, Webhook.url == url, Webhook.active)
    if session.scalar(same) is not None:
        raise Conflict("the agency has a subscription to this URL")
    chosen = list(dict.fromkeys(kind.value for kind in kinds)) or [kind.value for kind in WebhookEvent]
    webhook = Webhook(agency_id=agency.id, url=url, secret=new_secret(), events=chosen, created_by=actor)
    session.add(webhook)
    session.flush()
    data = {"name": target.host, "webhook": webhook.id, "events": chosen}
    events.record(session, kind="webhook_added", actor=actor, agency_id=agency.id, data=data)
    return webhook


def end(session: Session, webhook: Webhook, *, actor: str) -> bool:
    """No more deliveries; what is on its way ends as dead. False when it had ended."""
    if not webhook.active:
        return False
    webhook.active, webhook.ended_at = False, now()
    data = {"name": check_host(webhook.url), "webhook": webhook.id}
    events.record(session, kind="webhook_ended", actor=actor, agency_id=webhook.agency_id, data=data)
    return True


def check_host(url: str) -> str:
    """The host of a URL that was checked when it was added."""
    return url.partition("://")[2].partition("/")[0]


def webhooks(session: Session, agency_ids: Collection[str]) -> list[Webhook]:
    """Of these agencies, with the agency, the oldest first; those that ended too."""
    statement = visible(select(Webhook), agency_ids).options(joinedload(Webhook.agency))
    return list(session.scalars(statement.order_by(Webhook.created_at, Webhook.id)))


def find(session: Session, webhook_id: str, agency_ids: Collection[str]) -> Webhook:
    """With its agency. ``NotFound`` also outside the agencies."""
    statement = visible(select(Webhook).where(Webhook.id == webhook_id), agency_ids)
    webhook = session.scalar(statement.options(joinedload(Webhook.agency)))
    if webhook is None:
        raise NotFound("no such webhook")
    return webhook


def deliveries(
    session: Session, agency_ids: Collection[str], state: DeliveryState | None, *, limit: int = 50, offset: int = 0
) -> list[WebhookDelivery]:
    """Newest first."""
    statement = visible(select(WebhookDelivery), agency_ids).options(joinedload(WebhookDelivery.webhook))
    if state is not None:
        statement = statement.where(WebhookDelivery.state == state)
    statement = statement.order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id)
    return list(session.scalars(statement.limit(limit).offset(offset)))


def resend(session: Session, delivery_id: str, agency_ids: Collection[str], *, actor: str) -> WebhookDelivery:
    """A dead delivery is sent anew, with as many attempts as the first time. ``NotFound``; ``Conflict`` for one that is not dead, or whose
    subscription ended.
    """
    wanted = visible(select(WebhookDelivery).where(WebhookDelivery.id == delivery_id), agency_ids)
    delivery = session.scalar(wanted.options(joinedload(WebhookDelivery.webhook)).with_for_update(of=WebhookDelivery))
    if delivery is None:
        raise NotFound("no such delivery")
    if delivery.state != DeliveryState.DEAD or not delivery.webhook.active:
        raise Conflict("only a dead delivery of a subscription that goes on is sent again")
    delivery.state, delivery.attempts, delivery.ended_at = DeliveryState.PENDING, 0, None
    delivery.round += 1
    session.flush()
    plan(session, delivery, 0)
    data = {"name": check_host(delivery.webhook.url), "delivery": delivery.id}
    events.record(session, kind="webhook_resent", actor=actor, agency_id=delivery.agency_id, data=data)
    return delivery


def forget_delivered(session: Session, before: datetime) -> None:
    """What arrived long ago is of no use; what is dead stays until somebody looks."""
    old = (WebhookDelivery.state == DeliveryState.DELIVERED, WebhookDelivery.ended_at < before)
    session.execute(delete(WebhookDelivery).where(*old))
