"""One attempt to deliver a webhook (subject: ``<delivery id>/<round>.<attempt>``).

An attempt that fails is no failure of the task: it is noted, and the next one is planned as a task of its own, later each time. So a receiver
that is down for a day neither blocks a worker nor uses up the task's own attempts, which are for crashes.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.database import reading
from models.entities import Dispatch, now
from models.errors import WebhookTarget
from models.webhooks import book, notice, sign
from models.webhooks.settings import WebhookSettings
from models.webhooks.tables import TRIAL, DeliveryState, WebhookDelivery, WebhookTry
from models.webhooks.targets import addresses, parse_target
from workers.jobs.common import nothing
from workers.leases import Job
from workers.runner import Save
from workers.runtime import Runtime

log = structlog.get_logger(__name__)

_GONE = 410  # the receiver wants no more of them (Standard Webhooks)
_SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Answer:
    """``status``: of the receiver's answer, if it gave one; ``error``: why it did not arrive, in a few words without its content."""

    status: int | None = None
    error: str | None = None
    seconds: float = 0.0

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class DeliverWebhook:
    def work(self, runtime: Runtime, job: Job) -> Save:
        delivery_id = notice.delivery_of(job.subject)
        with reading(runtime.sessions) as session:
            delivery = _load(session, delivery_id)
        if delivery is None or not _wanted(delivery, job.subject):
            return nothing
        settings = WebhookSettings()
        answer = post(delivery, settings) if delivery.webhook.active else Answer(error="the subscription has ended")
        log.info("webhook", delivery=delivery_id, kind=delivery.kind, status=answer.status, error=answer.error)
        return _saver(job.subject, answer, () if delivery.kind == TRIAL else settings.retry_seconds)

    def give_up(self, runtime: Runtime, job: Job, error: str) -> Save:
        _ = runtime
        log.error("webhook not sent", subject=job.subject, error=error)
        return _saver(job.subject, Answer(error="our defect"), ())


def _wanted(delivery: WebhookDelivery, subject: str) -> bool:
    """Whether this task is the one that makes the next attempt, and it is to be made now. A paused subscription's waits; going on plans it anew."""
    if delivery.state != DeliveryState.PENDING or notice.subject_of(delivery) != subject:
        return False
    return delivery.webhook.paused_at is None or delivery.kind == TRIAL


def _load(session: Session, delivery_id: str, *, lock: bool = False) -> WebhookDelivery | None:
    statement = select(WebhookDelivery).where(WebhookDelivery.id == delivery_id)
    statement = statement.options(joinedload(WebhookDelivery.webhook))
    return session.scalar(statement.with_for_update(of=WebhookDelivery) if lock else statement)


def post(delivery: WebhookDelivery, settings: WebhookSettings) -> Answer:
    """Send it once: to an address that was judged, under the name of its host; no redirect is followed, no answer's content read."""
    url, body = delivery.webhook.url, delivery.body.encode()
    at = now()
    signed = sign.headers(book.signing(delivery.webhook, at), delivery.id, int(at.timestamp()), body)
    began = time.monotonic()
    try:
        target = parse_target(url)
        address = addresses(target, settings)[0]
        parts = urlsplit(url)
        where = f"[{address}]" if ":" in address else address
        headers = {"Host": parts.netloc, "Content-Type": "application/json", "User-Agent": "Digitize", **signed}
        extensions: dict[str, Any] = {"sni_hostname": target.host} if target.scheme == "https" else {}
        with (
            httpx.Client(
                timeout=settings.timeout_seconds,
                verify=ssl.create_default_context(cafile=settings.ca_file) if settings.ca_file else True,
                trust_env=False,
                follow_redirects=False,
            ) as client,
            client.stream(
                "POST",
                urlunsplit((parts.scheme, f"{where}:{target.port}", parts.path or "/", parts.query, "")),
                content=body,
                headers=headers,
                extensions=extensions,
            ) as answer,
        ):
            status, failed = answer.status_code, None if answer.is_success else f"HTTP {answer.status_code}"
    except WebhookTarget as error:
        status, failed = None, error.detail[:200]
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        status, failed = None, type(error).__name__
    return Answer(status, failed, time.monotonic() - began)


def _saver(subject: str, answer: Answer, waits: Sequence[float]) -> Save:
    def save(session: Session) -> Sequence[Dispatch]:
        delivery = _load(session, notice.delivery_of(subject), lock=True)
        if delivery is None or delivery.state != DeliveryState.PENDING or notice.subject_of(delivery) != subject:
            return ()
        delivery.attempts += 1
        delivery.status, delivery.error = answer.status, answer.error
        made = WebhookTry(delivery_id=delivery.id, seconds=answer.seconds, status=answer.status, error=answer.error)
        session.add(made)
        if answer.arrived:
            delivery.state, delivery.ended_at = DeliveryState.DELIVERED, now()
        elif answer.status == _GONE:
            book.end(session, delivery.webhook, actor=_SYSTEM)
            delivery.state, delivery.ended_at = DeliveryState.DEAD, now()
        elif delivery.webhook.active and delivery.attempts <= len(waits):
            notice.plan(session, delivery, waits[delivery.attempts - 1])
        else:
            delivery.state, delivery.ended_at = DeliveryState.DEAD, now()
        return ()  # the sweeper sends the next attempt when it is due

    return save
