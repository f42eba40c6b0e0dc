"""A scan that ended badly, tried again: the same row in the same dossier, so that no paper is there twice.

Pages that were read stay; those that failed, and what was made of the whole, are made anew. Whether it helps is not asked: a limit may have
been raised, a program installed, a defect mended.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import arrangements, events, outbox, review_leases
from models.entities import Component, Dispatch, DispatchState, Page, PageState, Scan, ScanState, now
from models.errors import Conflict, PaperFixed
from models.intake import INSPECT_TASK, PAGES_QUEUE, Accepted
from models.lifecycle import move_scan
from models.search import SearchIndex

# As in workers.names; models imports no workers.
READ_TASK, ASSEMBLE_TASK = "digitize.read_page", "digitize.assemble_scan"
BACKSCAN_QUEUE: Final = "backscan"
MAY: Final = frozenset({ScanState.DONE, ScanState.REFUSED, ScanState.FAILED})


def try_again(session: Session, scan: Scan, index: SearchIndex, *, actor: str) -> Accepted:
    """The task that begins it, in the caller's transaction.

    Raises ``Conflict`` for a scan that has not ended, is being arranged, is out of its dossier or is secret; ``PaperFixed`` with each of its papers
    that is confirmed; ``HeldByAnother``.
    """
    events.hold_order(session, scan.id)
    session.refresh(scan, ["state", "arrangement", "page_count"])
    if scan.state not in MAY or arrangements.is_pending(scan):
        raise Conflict("only a scan that has ended can be tried again")
    papers = list(session.scalars(select(Component).where(Component.scan_id == scan.id).order_by(Component.position)))
    if fixed := [paper for paper in papers if paper.state in arrangements.FIXED]:
        raise PaperFixed([arrangements.named(paper) for paper in fixed])
    for paper in papers:
        review_leases.demand_free(session, paper.id, actor)
        arrangements.remove(session, paper, index)
    unread = list(session.scalars(select(Page).where(Page.scan_id == scan.id, Page.state != PageState.READ)))
    read_all = bool(scan.page_count) and not unread and scan.state == ScanState.FAILED
    for page in unread:
        session.delete(page)
    subjects = [f"{scan.id}/{page.number}" for page in unread]
    session.execute(delete(Dispatch).where(Dispatch.task == READ_TASK, Dispatch.subject.in_(subjects)))
    session.execute(delete(Dispatch).where(Dispatch.task == ASSEMBLE_TASK, Dispatch.subject == scan.id))
    scan.finished_at = scan.refused_code = scan.refused_detail = None
    to, task = (ScanState.ASSEMBLING, ASSEMBLE_TASK) if read_all else (ScanState.RECEIVED, INSPECT_TASK)
    move_scan(session, scan, to, actor=actor, data={"again": True})
    queue = scan.queue if task == INSPECT_TASK or scan.queue == BACKSCAN_QUEUE else PAGES_QUEUE
    row = _anew(session, task, scan.id, queue)
    return Accepted(scan, created=False, dispatch_id=row.id, task=task, queue=queue)


def _anew(session: Session, task: str, scan_id: str, queue: str) -> Dispatch:
    """The row as if it had never been tried."""
    row = outbox.enqueue(session, task, scan_id, queue, scan_id)
    row.state, row.attempts, row.due_at = DispatchState.PENDING, 0, now()
    row.lease_owner = row.last_error = row.done_at = None
    session.flush()
    return row
