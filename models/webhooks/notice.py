"""From an event of ours to deliveries, in the event's own transaction: committed together, so nothing is lost and nothing told that did not happen.

What is told is what a receiver needs to ask for the rest with its own rights: codes of dossier and agency, ids, kinds, days. No names, no
numbers of persons (a mã kết quả số hóa holds one), no words that somebody typed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import outbox
from models.entities import Agency, Component, ComponentState, Dossier, Event, now
from models.local_time import LOCAL
from models.webhooks.tables import Webhook, WebhookDelivery, WebhookEvent

# As in workers.names; models imports no workers.
TASK, QUEUE = "digitize.deliver_webhook", "maintenance"
_OF_KIND = {
    "returned": WebhookEvent.RESULT_RETURNED,
    "cancelled": WebhookEvent.RESULT_CANCELLED,
    "concluded": WebhookEvent.DOSSIER_FINISHED,
    "reopened": WebhookEvent.DOSSIER_REOPENED,
}


def told_as(event: Event) -> WebhookEvent | None:
    """What the event is to others; ``None``: nothing."""
    if event.kind == "state":
        stored = event.component_id is not None and event.data.get("state") == ComponentState.STORED
        return WebhookEvent.RESULT_STORED if stored else None
    return _OF_KIND.get(event.kind)


def notice(session: Session, event: Event) -> None:
    """A delivery and its row in the outbox for every subscription that asks for the event."""
    kind = told_as(event)
    if kind is None or event.agency_id is None:
        return
    reach = list(_upwards(session, event.agency_id))
    statement = select(Webhook).where(Webhook.active, Webhook.agency_id.in_(reach)).order_by(Webhook.id)
    wanted = [one for one in session.scalars(statement) if kind in one.events]
    if not wanted:
        return
    body = json.dumps(_body(session, event, kind), ensure_ascii=False, separators=(",", ":"))
    for webhook in wanted:
        delivery = WebhookDelivery(
            webhook_id=webhook.id, agency_id=webhook.agency_id, kind=kind, body=body, attempts=0, round=1
        )
        session.add(delivery)
        session.flush()
        # Of a paused one too: it may go on before this is committed, and the task passes it over while it is paused.
        plan(session, delivery, 0)


def subject_of(delivery: WebhookDelivery) -> str:
    """Of the task that makes its next attempt; an older task's is another."""
    return f"{delivery.id}/{delivery.round}.{delivery.attempts + 1}"


def plan(session: Session, delivery: WebhookDelivery, wait: float) -> None:
    """The next attempt in ``wait`` seconds; a task of its own, since tasks that ended run no more."""
    row = outbox.enqueue(session, TASK, subject_of(delivery), QUEUE, None)
    if wait:
        row.due_at = now() + timedelta(seconds=wait)
        session.flush()


def delivery_of(subject: str) -> str:
    """The delivery's id of a task's subject."""
    return subject.partition("/")[0]


def _upwards(session: Session, agency_id: str) -> Iterator[str]:
    seen: set[str] = set()
    here: str | None = agency_id
    while here is not None and here not in seen:
        seen.add(here)
        yield here
        here = session.scalar(select(Agency.parent_id).where(Agency.id == here))


def _body(session: Session, event: Event, kind: WebhookEvent) -> dict[str, Any]:
    agency = session.get_one(Agency, event.agency_id)
    data: dict[str, Any] = {"agency": agency.code}
    if event.dossier_id is not None:
        data["dossier"] = session.get_one(Dossier, event.dossier_id).code
    if event.component_id is not None:
        paper = session.get_one(Component, event.component_id)
        data |= {"result": paper.id, "paper_type": paper.paper_type, "version": paper.version}
    if kind is WebhookEvent.RESULT_CANCELLED:
        data["replaced_by"] = event.data.get("replaced_by")
    if kind is WebhookEvent.DOSSIER_FINISHED:
        data |= {"finished_on": event.data.get("finished_on"), "form": event.data.get("form")}
    return {"type": kind.value, "timestamp": event.at.astimezone(LOCAL).isoformat(timespec="seconds"), "data": data}
