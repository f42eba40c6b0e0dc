"""What the jobs of a scan share."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import events, outbox
from models.database import reading
from models.entities import Dispatch, Page, PageState, Scan, ScanState
from models.lifecycle import SCAN_ENDS, move_scan
from workers.names import Queue, TaskName
from workers.runner import Save
from workers.runtime import Runtime

OUR_DEFECT = "INTERNAL"


def nothing(_session: Session) -> Sequence[Dispatch]:
    """There is nothing (left) to save."""
    return ()


def load_scan(runtime: Runtime, scan_id: str | None) -> Scan | None:
    """The scan, or ``None`` when it is gone or has ended: then there is nothing to do for it."""
    with reading(runtime.sessions) as session:
        scan = session.get(Scan, scan_id) if scan_id else None
    return None if scan is None or scan.state in SCAN_ENDS else scan


def page_queue(scan: Scan) -> Queue:
    """Where the scan's pages are read: never on the queue of the inspections."""
    return Queue.BACKSCAN if scan.queue == Queue.BACKSCAN else Queue.PAGES


def assemble_when_read(session: Session, scan: Scan) -> Sequence[Dispatch]:
    """If every page has an outcome, the scan goes on to be assembled; the row of that task.

    The caller holds the scan's event order (``events.hold_order``), so of two last pages that end at the same time
    the second sees the first.
    """
    session.refresh(scan)
    if scan.state != ScanState.READING or not scan.page_count:
        return ()
    statement = select(func.count()).where(Page.scan_id == scan.id, Page.state != PageState.PENDING)
    if session.scalar(statement) != scan.page_count:
        return ()
    move_scan(session, scan, ScanState.ASSEMBLING)
    return (outbox.enqueue(session, TaskName.ASSEMBLE_SCAN, scan.id, page_queue(scan), scan.id),)


def end_scan(scan_id: str | None, state: ScanState, code: str, detail: str) -> Save:
    """The scan ends here as ``REFUSED`` or ``FAILED``, unless it has ended already."""

    def save(session: Session) -> Sequence[Dispatch]:
        scan = session.get(Scan, scan_id) if scan_id else None
        if scan is not None:
            events.hold_order(session, scan.id)
            session.refresh(scan)
            if scan.state not in SCAN_ENDS:
                move_scan(session, scan, state, data={"code": code, "detail": detail})
        return ()

    return save
