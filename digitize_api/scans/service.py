"""Accepting a scan whose bytes are in the store, and reading one back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from digitize_api.auth.principal import Principal
from digitize_api.bell import ring
from digitize_api.context import Context
from digitize_api.scans.receive import Received
from models import events, intake, scans
from models.entities import Dossier, Event, Page, PageState, Scan
from models.errors import IdempotencyConflict, NotFound, NotReady
from workers.names import Queue


def find_dossier(context: Context, principal: Principal, code: str) -> Dossier:
    """``NotFound`` also for a dossier of an agency the caller doesn't reach."""
    with context.reading() as session:
        return scans.load_dossier(session, code, principal.agency_ids)


def check_key(context: Context, principal: Principal, dossier: Dossier, key: str | None, sha256: str) -> None:
    """Before the bytes are kept: the key must be new, or have come with these bytes. ``intake`` checks again, atomically."""
    if key is None:
        return
    with context.reading() as session:
        known = session.scalar(select(Scan).where(Scan.actor == principal.actor, Scan.idempotency_key == key))
    if known is not None and (known.sha256 != sha256 or known.dossier_id != dossier.id):
        raise IdempotencyConflict


def accept(
    context: Context, principal: Principal, dossier: Dossier, received: Received, *, key: str | None, queue: Queue
) -> tuple[Scan, bool]:
    """Row, first event and dispatch in one transaction; the bell is rung after its commit. The scan, and whether it is new."""
    with context.transaction() as session:
        accepted = intake.accept_scan(
            session,
            dossier=session.get_one(Dossier, dossier.id),
            actor=principal.actor,
            idempotency_key=key,
            filename=received.filename,
            media_type=received.media_type,
            size=received.info.size,
            sha256=received.info.sha256,
            original_key=received.info.key,
            queue=queue.value,
        )
        scan_id = accepted.scan.id
    ring(context, scan_id, accepted.dispatch_id, accepted.task, accepted.queue)
    with context.reading() as session:
        return scans.load_scan(session, scan_id, principal.agency_ids), accepted.created


def load(context: Context, principal: Principal, scan_id: str) -> tuple[Scan, list[Event]]:
    """The scan and its timeline (without who looked). ``NotFound``."""
    with context.reading() as session:
        scan = scans.load_scan(session, scan_id, principal.agency_ids)
        timeline: list[Event] = []
        while batch := events.after(session, scan_id, timeline[-1].id if timeline else 0):
            timeline.extend(batch)
    return scan, [event for event in timeline if event.kind != "viewed"]


def load_page(context: Context, principal: Principal, scan_id: str, number: int) -> tuple[Scan, Page, str]:
    """Page ``number`` from 1 of the scan, and its picture's key. ``NotFound`` also for one without a picture; ``NotReady`` while it is read."""
    with context.reading() as session:
        scan, page = scans.load_page(session, scan_id, number, principal.agency_ids)
    if page.image_key is None:
        if page.state == PageState.PENDING:
            raise NotReady
        raise NotFound("this page has no image")
    return scan, page, page.image_key


def resume_point(header: str | None) -> int:
    """``Last-Event-ID`` as a number; what isn't one starts from the beginning."""
    text = (header or "").strip()
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def nothing_left(context: Context, scan: Scan, last_id: int) -> bool:
    """The scan has ended and the follower has heard so."""
    if scan.finished_at is None or last_id == 0:
        return False
    with context.reading() as session:
        ending = select(Event.id).where(Event.scan_id == scan.id, Event.id > last_id, Event.kind == "done")
        return session.scalar(ending.limit(1)) is None


def event_examples() -> dict[str, Any]:
    """For OpenAPI: what a stream looks like."""
    return {
        "text/event-stream": {
            "schema": {"type": "string"},
            "example": (
                'id: 41\nevent: state\ndata: {"at": "2026-11-21T03:04:05.678+00:00", "state": "received"}\n\n'
                'id: 44\nevent: page\ndata: {"at": "2026-11-21T03:04:07.123+00:00", "number": 1, "state": "read"}\n\n'
            ),
        }
    }
