"""A scan taken out of its dossier: blurred, somebody else's, the wrong paper. And put back.

Nothing is destroyed: the file that came and all that was read of it stay in the store for as long as retention asks; the dossier no longer
counts it, its papers are in no list and no search. Put back, by hand or because the same file is posted again, its papers are made anew
from what was read.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import arrangements, events, review_leases
from models.batches.entities import BatchItem, BatchRescan, RescanState
from models.entities import Component, Scan, ScanState
from models.errors import Conflict, PaperFixed
from models.lifecycle import move_scan
from models.search import SearchIndex

MAY: Final = frozenset({ScanState.DONE, ScanState.REFUSED, ScanState.FAILED})
"""States from which a scan may be taken out; one that is being read is waited for."""


def withdraw(session: Session, scan: Scan, index: SearchIndex, *, actor: str) -> bool:
    """Take the scan (loaded with its components) out of its dossier; false when it is out already.

    Raises ``Conflict`` while it is read or arranged, and for secret material, which is not the counter's any more; ``PaperFixed`` with each
    of its papers that is confirmed; ``HeldByAnother``.
    """
    events.hold_order(session, scan.id)
    session.refresh(scan, ["state", "arrangement"])
    if scan.state == ScanState.WITHDRAWN:
        return False
    if scan.state not in MAY or arrangements.is_pending(scan):
        raise Conflict("the scan is being read, or is not the counter's")
    papers: list[Component] = list(scan.components)
    if fixed := [paper for paper in papers if paper.state in arrangements.FIXED]:
        raise PaperFixed([arrangements.named(paper) for paper in fixed])
    for paper in papers:
        review_leases.demand_free(session, paper.id, actor)
    in_file = {page.number: page.source_number for page in arrangements.pages_now(session, scan.id)}
    begins = sorted(in_file[paper.first_page] for paper in papers)
    removed = [arrangements.remove(session, paper, index) for paper in papers]
    before = scan.state
    kept = {name: value for name, value in (scan.arrangement or {}).items() if name in {"serial", "done"}}
    scan.arrangement = {**kept, "begins": begins, "withdrawn_from": before}
    move_scan(session, scan, ScanState.WITHDRAWN, actor=actor, data={"from": before, "removed": removed})
    return True


def restore(session: Session, scan: Scan, *, actor: str) -> int | None:
    """Put it back as it was; the serial of the arrangement that a worker is to make of it, ``None`` when there is nothing to make.

    Raises ``Conflict`` for a scan that is not out, or whose place in a batch a newer one has taken: the paper would be there twice.
    """
    events.hold_order(session, scan.id)
    session.refresh(scan, ["state", "arrangement", "refused_code", "refused_detail"])
    if scan.state != ScanState.WITHDRAWN:
        raise Conflict("the scan is in its dossier")
    if _superseded(session, scan.id):
        raise Conflict("a newer scan of this paper has taken its place")
    asked: dict[str, Any] = dict(scan.arrangement or {})
    state = ScanState(asked.pop("withdrawn_from"))
    data = {} if state == ScanState.DONE else {"code": scan.refused_code, "detail": scan.refused_detail or ""}
    move_scan(session, scan, state, actor=actor, data=data)
    if state != ScanState.DONE:
        scan.arrangement = asked
        return None
    serial = int(asked.get("serial", 0)) + 1
    scan.arrangement = {**asked, "serial": serial, "actor": actor, "pending": True}
    return serial


def _superseded(session: Session, scan_id: str) -> bool:
    again = select(BatchRescan.id).where(BatchRescan.old_scan_id == scan_id, BatchRescan.state == RescanState.DONE)
    still = select(BatchItem.id).where(BatchItem.scan_id == scan_id)
    return session.scalar(again.where(~still.exists()).limit(1)) is not None
