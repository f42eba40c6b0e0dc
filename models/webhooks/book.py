"""What people do with webhooks: subscribe, pause, end, change the secret, try, look at what did not arrive, send it again.

Each change is an event of the agency.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Update, delete, func, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from models import events
from models.entities import Agency, now
from models.errors import Conflict, NotFound
from models.local_time import LOCAL
from models.scopes import visible
from models.webhooks.notice import plan
from models.webhooks.settings import WebhookSettings
from models.webhooks.sign import new_secret
from models.webhooks.tables import TRIAL, DeliveryState, Webhook, WebhookDelivery, WebhookEvent
from models.webhooks.targets import check_target

FORMER_HOURS: Final = 24
"""How long a secret that was changed still signs: a receiver has a working day to take the new one."""


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
    webhook.active, webhook.ended_at, webhook.paused_at = False, now(), None
    webhook.former_secret = webhook.former_until = None
    session.execute(_left_waiting(webhook))
    _tell(session, webhook, "webhook_ended", actor)
    return True


def _left_waiting(webhook: Webhook) -> Update:
    """What waited for a paused subscription to go on has no task that would end it."""
    waiting = (WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.state == DeliveryState.PENDING)
    ended = {"state": DeliveryState.DEAD, "ended_at": now(), "error": "the subscription has ended"}
    return update(WebhookDelivery).where(*waiting).values(**ended).execution_options(synchronize_session="fetch")


def pause(session: Session, webhook: Webhook, *, actor: str) -> bool:
    """Events are kept and sent when it goes on. False when it is paused; ``Conflict`` for one that ended."""
    if not webhook.active:
        raise Conflict("the subscription has ended")
    if webhook.paused_at is not None:
        return False
    webhook.paused_at = now()
    _tell(session, webhook, "webhook_paused", actor)
    return True


def resume(session: Session, webhook: Webhook, *, actor: str) -> int | None:
    """It goes on, and what waited is sent: how many. ``None`` when it was not paused; ``Conflict`` for one that ended."""
    if not webhook.active:
        raise Conflict("the subscription has ended")
    if webhook.paused_at is None:
        return None
    webhook.paused_at = None
    waiting = select(WebhookDelivery).where(
        WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.state == DeliveryState.PENDING
    )
    found = session.scalars(waiting.order_by(WebhookDelivery.created_at, WebhookDelivery.id).with_for_update()).all()
    for one in found:
        one.round += 1  # tasks of before the pause are no longer its own
    session.flush()
    for one in found:
        plan(session, one, 0)
    _tell(session, webhook, "webhook_resumed", actor)
    return len(found)


def rotate(session: Session, webhook: Webhook, *, actor: str) -> str:
    """Another secret, told this once; the former signs beside it for ``FORMER_HOURS``. ``Conflict`` for one that ended."""
    if not webhook.active:
        raise Conflict("the subscription has ended")
    webhook.former_secret, webhook.former_until = webhook.secret, now() + timedelta(hours=FORMER_HOURS)
    webhook.secret = new_secret()
    _tell(session, webhook, "webhook_secret", actor)
    return webhook.secret


def signing(webhook: Webhook, at: datetime) -> list[str]:
    """The secrets that sign at this moment, the present one first."""
    former = webhook.former_secret if webhook.former_until is not None and at < webhook.former_until else None
    return [webhook.secret, *([former] if former else [])]


def trial(session: Session, webhook: Webhook, *, actor: str) -> WebhookDelivery:
    """A delivery that tells nothing but that it is one, tried once. Also to a paused one: that is when it is tried. ``Conflict`` for one that ended."""
    if not webhook.active:
        raise Conflict("the subscription has ended")
    agency = session.get_one(Agency, webhook.agency_id)
    told = {"type": TRIAL, "timestamp": now().astimezone(LOCAL).isoformat(timespec="seconds"), "data": {"agency": agency.code}}  # fmt: skip
    made = WebhookDelivery(
        webhook_id=webhook.id,
        agency_id=webhook.agency_id,
        kind=TRIAL,
        body=json.dumps(told, separators=(",", ":")),
        attempts=0,
        round=1,
    )
    session.add(made)
    session.flush()
    plan(session, made, 0)
    _tell(session, webhook, "webhook_tried", actor)
    return made


def _tell(session: Session, webhook: Webhook, kind: str, actor: str) -> None:
    data = {"name": check_host(webhook.url), "webhook": webhook.id}
    events.record(session, kind=kind, actor=actor, agency_id=webhook.agency_id, data=data)


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
    session: Session,
    agency_ids: Collection[str],
    state: DeliveryState | None,
    *,
    webhook_id: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[WebhookDelivery]:
    """Newest first, with their tries."""
    statement = visible(select(WebhookDelivery), agency_ids)
    statement = statement.options(joinedload(WebhookDelivery.webhook), selectinload(WebhookDelivery.tries))
    if state is not None:
        statement = statement.where(WebhookDelivery.state == state)
    if webhook_id is not None:
        statement = statement.where(WebhookDelivery.webhook_id == webhook_id)
    statement = statement.order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id)
    return list(session.scalars(statement.limit(limit).offset(offset)))


def delivery(session: Session, delivery_id: str, agency_ids: Collection[str]) -> WebhookDelivery:
    """With its subscription and tries. ``NotFound`` also outside the agencies."""
    statement = visible(select(WebhookDelivery).where(WebhookDelivery.id == delivery_id), agency_ids)
    statement = statement.options(joinedload(WebhookDelivery.webhook), selectinload(WebhookDelivery.tries))
    found = session.scalar(statement, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound("no such delivery")
    return found


def counts(session: Session, agency_ids: Collection[str]) -> dict[str, dict[DeliveryState, int]]:
    """How many deliveries of each subscription are in each state."""
    statement = visible(select(WebhookDelivery), agency_ids).group_by(WebhookDelivery.webhook_id, WebhookDelivery.state)
    found: dict[str, dict[DeliveryState, int]] = {}
    columns = (WebhookDelivery.webhook_id, WebhookDelivery.state, func.count())
    for webhook_id, state, count in session.execute(statement.with_only_columns(*columns)):
        found.setdefault(webhook_id, dict.fromkeys(DeliveryState, 0))[DeliveryState(state)] = count
    return found


def resend_all(session: Session, webhook: Webhook, *, actor: str) -> int:
    """Every dead delivery of the subscription, but trials; how many. ``Conflict`` for one that ended."""
    dead = select(WebhookDelivery.id).where(
        WebhookDelivery.webhook_id == webhook.id,
        WebhookDelivery.state == DeliveryState.DEAD,
        WebhookDelivery.kind != TRIAL,
    )
    ids = list(session.scalars(dead.order_by(WebhookDelivery.created_at, WebhookDelivery.id)))
    if not webhook.active:
        raise Conflict("the subscription has ended")
    for one in ids:
        resend(session, one, {webhook.agency_id}, actor=actor)
    return len(ids)


def resend(session: Session, delivery_id: str, agency_ids: Collection[str], *, actor: str) -> WebhookDelivery:
    """A dead delivery is sent anew, with as many attempts as the first time. ``NotFound``; ``Conflict`` for one that is not dead, or whose
    subscription ended.
    """
    wanted = visible(select(WebhookDelivery).where(WebhookDelivery.id == delivery_id), agency_ids)
    found = session.scalar(wanted.options(joinedload(WebhookDelivery.webhook)).with_for_update(of=WebhookDelivery))
    if found is None:
        raise NotFound("no such delivery")
    if found.state != DeliveryState.DEAD or not found.webhook.active:
        raise Conflict("only a dead delivery of a subscription that goes on is sent again")
    found.state, found.attempts, found.ended_at = DeliveryState.PENDING, 0, None
    found.round += 1
    session.flush()
    plan(session, found, 0)
    data = {"name": check_host(found.webhook.url), "delivery": found.id}
    events.record(session, kind="webhook_resent", actor=actor, agency_id=found.agency_id, data=data)
    return found


def forget_delivered(session: Session, before: datetime) -> None:
    """What arrived long ago is of no use; what is dead stays until somebody looks."""
    old = (WebhookDelivery.state == DeliveryState.DELIVERED, WebhookDelivery.ended_at < before)
    session.execute(delete(WebhookDelivery).where(*old))
