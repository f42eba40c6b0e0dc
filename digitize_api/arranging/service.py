"""Keeping what is wanted of a scan, and ringing for the worker that does it."""

from __future__ import annotations

from digitize_api.auth.principal import Principal
from digitize_api.bell import ring
from digitize_api.context import Context
from models import arrangements, intake, scans, withdrawals
from models.arrangements import Wanted
from models.entities import Scan


def arrange(context: Context, principal: Principal, scan_id: str, wanted: Wanted) -> tuple[Scan, bool]:
    """The scan, and whether anything is to be done. ``NotFound``, and what ``models.arrangements.ask`` raises."""
    with context.transaction() as session:
        scan = scans.load_scan(session, scan_id, principal.agency_ids)
        serial = arrangements.ask(session, scan, wanted, actor=principal.actor)
        accepted = intake.to_be_arranged(session, scan, serial)
    ring(context, scan_id, accepted.dispatch_id, accepted.task, accepted.queue)
    return _load(context, principal, scan_id), serial is not None


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
    ring(context, scan_id, accepted.dispatch_id, accepted.task, accepted.queue)
    return _load(context, principal, scan_id)


def _load(context: Context, principal: Principal, scan_id: str) -> Scan:
    with context.reading() as session:
        return scans.load_scan(session, scan_id, principal.agency_ids)
