"""Keeping what is wanted of a scan, and ringing for the worker that does it."""

from __future__ import annotations

import structlog

from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from models import arrangements, intake, outbox, scans, withdrawals
from models.arrangements import Wanted
from models.entities import Scan
from workers.names import Queue, TaskName

log = structlog.get_logger("digitize_api.arranging")


def arrange(context: Context, principal: Principal, scan_id: str, wanted: Wanted) -> tuple[Scan, bool]:
    """The scan, and whether anything is to be done. ``NotFound``, and what ``models.arrangements.ask`` raises."""
    dispatch_id, queue = None, Queue.PAGES
    with context.transaction() as session:
        scan = scans.load_scan(session, scan_id, principal.agency_ids)
        serial = arrangements.ask(session, scan, wanted, actor=principal.actor)
        if serial is not None:
            queue = Queue.BACKSCAN if scan.queue == Queue.BACKSCAN else Queue.PAGES
            subject = f"{scan.id}/{serial}"
            dispatch_id = outbox.enqueue(session, TaskName.ARRANGE_SCAN, subject, queue, scan.id).id
    _ring(context, scan_id, dispatch_id, queue)
    return _load(context, principal, scan_id), dispatch_id is not None


def withdraw(context: Context, principal: Principal, scan_id: str) -> Scan:
    """The scan, out of its dossier. ``NotFound``, and what ``models.withdrawals.withdraw`` raises."""
    with context.transaction() as session:
        scan = scans.load_scan(session, scan_id, principal.agency_ids)
        withdrawals.withdraw(session, scan, context.index, actor=principal.actor)
    return _load(context, principal, scan_id)


def put_back(context: Context, principal: Principal, scan_id: str) -> Scan:
    """The scan, in its dossier again. ``NotFound``; ``Conflict`` for one that is in it."""
    with context.transaction() as session:
        scan = scans.load_scan(session, scan_id, principal.agency_ids)
        accepted = intake.put_back(session, scan, principal.actor)
        dispatch_id, queue = accepted.dispatch_id, accepted.queue
    _ring(context, scan_id, dispatch_id, queue)
    return _load(context, principal, scan_id)


def _ring(context: Context, scan_id: str, dispatch_id: str | None, queue: str) -> None:
    if dispatch_id is None:
        return
    try:
        context.ring(dispatch_id, TaskName.ARRANGE_SCAN.value, queue)
    except Exception as error:  # noqa: BLE001 - the work is in the outbox: a sweeper sends what the bell didn't
        log.warning("bell_not_rung", scan_id=scan_id, error=type(error).__name__)


def _load(context: Context, principal: Principal, scan_id: str) -> Scan:
    with context.reading() as session:
        return scans.load_scan(session, scan_id, principal.agency_ids)
