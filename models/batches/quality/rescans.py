"""A returned paper is scanned again: the new scan is posted beside the old one, and takes its place when it is read.

Until then nothing changes, so a file that can't be read loses nothing. In the transaction that saves what was read of it, the batch's item goes over to
the new scan, the old one is taken out of its dossier (its file and all that was read of it stay in the store), and what people decided about the paper
in the inventory goes over: at no time is the paper there twice, or not at all. The new paper is one that nobody has looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from models import arrangements, events, intake, lifecycle, retries, withdrawals
from models.batches import store as batches
from models.batches.entities import (
    Batch,
    BatchItem,
    BatchPaper,
    BatchRescan,
    ItemState,
    PageFailure,
    RescanState,
)
from models.batches.items import UPLOAD, Content, carrier
from models.batches.quality import check, papers, sample
from models.batches.quality.entities import Standing
from models.batches.quality.papers import PaperAt
from models.entities import Component, ComponentState, Dossier, Page, PageState, ReviewLease, Scan, ScanState, now
from models.errors import Conflict, FileKnown, KeyTaken, NotFound, PageFailed, PaperKept
from models.intake import BACKSCAN_QUEUE, Accepted
from models.inventory import decisions
from models.lifecycle import SCAN_ENDS
from models.search import SearchIndex

KEPT: Final = frozenset({ComponentState.CODED, ComponentState.STORED})
"""States of papers that are never taken away."""


@dataclass(frozen=True, slots=True)
class Came:
    """A file whose bytes are in the store."""

    content: Content
    filename: str


@dataclass(frozen=True, slots=True)
class Sent:
    """``accepted``: what to ring for after the commit; ``None`` when the same file came for the same paper before."""

    rescan: BatchRescan
    accepted: Accepted | None


def may_ask(session: Session, batch_id: str, component_id: str) -> None:
    """Before a file is taken in: whether the paper may be scanned again, or was already. ``NotFound``, ``Conflict``, ``PaperKept``."""
    try:
        _demand(papers.load(session, batch_id, component_id))
    except NotFound:
        before = select(BatchRescan.id).where(*_of(batch_id, component_id), BatchRescan.state == RescanState.DONE)
        if session.scalar(before.limit(1)) is None:
            raise


def demand_new(session: Session, batch_id: str, component_id: str, sha256: str) -> None:
    """Before the bytes are kept: no document of the batch, nor another scan of the paper's dossier, is of them. ``FileKnown``."""
    if _same(session, batch_id, component_id, sha256) is not None:
        return
    if (item := carrier(session, batch_id, sha256)) is not None:
        raise FileKnown(f"the batch has this file as number {item.number}")
    of_dossier = (
        select(Scan.id)
        .join(Component, Component.dossier_id == Scan.dossier_id)
        .where(Component.id == component_id, Scan.sha256 == sha256)
    )
    if session.scalar(of_dossier.limit(1)) is not None:
        raise FileKnown("the paper's dossier has this file")


def ask(
    session: Session,
    batch_id: str,
    component_id: str,
    came: Came,
    index: SearchIndex,
    *,
    actor: str,
) -> Sent:
    """Post the new scan, on the queue that never delays a counter, whatever the batch's hours: a person waits for it.

    The same file for the same paper again is the same as once; one whose reading failed is read again. ``NotFound``; ``HeldByAnother``; ``Conflict`` for
    a paper that is not returned, or whose new scan is being read; ``PaperKept``; ``FileKnown``.
    """
    batch = batches.hold(session, batch_id)
    before = _same(session, batch.id, component_id, came.content.sha256)
    if before is not None and before.state == RescanState.DONE:
        return Sent(before, None)
    paper = check.load_free(session, batch, component_id, actor)
    _demand(paper)
    row = newest(session, batch.id, [component_id]).get(component_id)
    if row is not None and is_reading(row):
        if before is not None and row.id == before.id:
            return Sent(row, None)
        raise Conflict("a new scan of this paper is being read")
    if before is not None:
        if before.scan.state == ScanState.WITHDRAWN:
            raise FileKnown("this file was read, and could not take the paper's place")
        accepted = retries.try_again(session, before.scan, index, actor=actor)
        row = before
        row.state, row.reason_code, row.ended_at = RescanState.READING.value, None, None
    else:
        demand_new(session, batch.id, component_id, came.content.sha256)
        accepted = _post(session, batch, paper, came, actor)
        row = BatchRescan(
            batch_id=batch.id, agency_id=batch.agency_id, item_id=paper.item.id, component_id=component_id,
            old_scan_id=paper.component.scan_id, scan_id=accepted.scan.id, state=RescanState.READING.value,
        )  # fmt: skip
        session.add(row)
    row.faults, row.words = (list(paper.row.faults), paper.row.words) if paper.row else ([], "")
    row.asked_by, row.asked_at = actor, now()
    session.flush()
    data = {
        "batch": batch.id, "round": 1, "did": "rescan", "faults": row.faults, "reason": row.words, "scan": row.scan_id,
        "sha256": came.content.sha256,
    }  # fmt: skip
    events.record(session, kind="quality_checked", actor=actor, component=paper.component, data=data)
    batches.touch(batch)
    return Sent(row, accepted)


def _demand(paper: PaperAt) -> None:
    if paper.standing is not Standing.RETURNED:
        raise Conflict("only a paper that was returned is scanned again")
    if paper.component.state in KEPT:
        raise PaperKept
    if arrangements.is_pending(paper.component.scan):
        raise Conflict("the paper's scan is being arranged")


def _of(batch_id: str, component_id: str) -> tuple[ColumnElement[bool], ...]:
    return BatchRescan.batch_id == batch_id, BatchRescan.component_id == component_id


def _same(session: Session, batch_id: str, component_id: str, sha256: str) -> BatchRescan | None:
    """The same file for the same paper, sent before; with its scan."""
    statement = select(BatchRescan).join(Scan, Scan.id == BatchRescan.scan_id).where(Scan.sha256 == sha256)
    statement = statement.where(*_of(batch_id, component_id)).options(joinedload(BatchRescan.scan))
    return session.scalar(statement, execution_options={"populate_existing": True})


def _post(session: Session, batch: Batch, paper: PaperAt, came: Came, actor: str) -> Accepted:
    content = came.content
    return intake.accept_scan(
        session,
        dossier=session.get_one(Dossier, paper.component.dossier_id),
        actor=actor,
        idempotency_key=f"rescan:{batch.id}:{paper.component.id}:{content.sha256}",
        filename=came.filename,
        media_type=content.media_type,
        size=content.bytes,
        sha256=content.sha256,
        original_key=content.original_key,
        queue=BACKSCAN_QUEUE,
    )


def is_reading(row: BatchRescan) -> bool:
    """Of a row loaded with its scan: whether the new scan is still under way."""
    return row.state == RescanState.READING and row.scan.state not in SCAN_ENDS


def failure(row: BatchRescan) -> str:
    """Of a row loaded with its scan: why the new scan took nobody's place; empty while it may, or when it has."""
    if row.state == RescanState.GIVEN_UP:
        return row.reason_code or ""
    if row.state == RescanState.READING and row.scan.state in SCAN_ENDS:
        return row.scan.refused_code or row.scan.state.upper()
    return ""


def newest(session: Session, batch_id: str, component_ids: Collection[str]) -> dict[str, BatchRescan]:
    """The last new scan of each of these papers that has one, by the paper; with the scan."""
    statement = (
        select(BatchRescan)
        .where(BatchRescan.batch_id == batch_id, BatchRescan.component_id.in_(list(component_ids)))
        .options(joinedload(BatchRescan.scan))
        .order_by(BatchRescan.asked_at, BatchRescan.id)
    )
    found = session.scalars(statement, execution_options={"populate_existing": True})
    return {row.component_id: row for row in found}


def load(session: Session, rescan_id: str) -> BatchRescan:
    """With its scan; its caller was let in to the batch."""
    statement = select(BatchRescan).where(BatchRescan.id == rescan_id).options(joinedload(BatchRescan.scan))
    return session.scalars(statement).one()


def came_of(session: Session, scan_id: str) -> BatchRescan | None:
    """Of a paper of this scan: the row by which it took another's place."""
    statement = select(BatchRescan).where(BatchRescan.scan_id == scan_id, BatchRescan.state == RescanState.DONE)
    return session.scalar(statement)


# ---- when it is read


def take_place(session: Session, scan_id: str, made: Sequence[Component], index: SearchIndex) -> None:
    """The scan is done, ``made`` its papers: it takes the place of the paper that it came for, in the transaction that saves them.

    Nothing for any other scan. One that may not any more (the paper has a code by now, another file took its place, a page failed and the batch says
    that such a paper is none) is taken out of the dossier again.
    """
    row = session.scalar(select(BatchRescan).where(BatchRescan.scan_id == scan_id).with_for_update())
    if row is None or row.state == RescanState.DONE:
        return
    batch = batches.hold(session, row.batch_id)
    item = session.get_one(BatchItem, row.item_id, populate_existing=True)
    old = session.get(Component, row.component_id, populate_existing=True, with_for_update=True)
    failed = _failed_pages(session, scan_id)
    row.ended_at = now()
    hindered = _hindered(batch, item, row, old, failed)
    if hindered:
        row.state, row.reason_code = RescanState.GIVEN_UP.value, hindered
        session.flush()
        withdrawals.withdraw(session, _whole(session, scan_id), index, actor="system")
        batches.touch(batch)
        return
    others = select(func.count()).where(Component.scan_id == row.old_scan_id, Component.id != row.component_id)
    alone = session.scalars(others).one() == 0
    key = session.get(BatchPaper, row.component_id)
    if not alone:
        item = _beside(session, batch, session.get_one(Scan, scan_id))
    if key is not None:
        item.key, item.key_from = key.key, key.key_from
    if old is not None:
        _leave(session, batch, old, made, row.asked_by)
    if alone:
        _take_out(session, row, index)
    elif old is not None:
        _leave_out(session, old, index)
    _fill(item, session.get_one(Scan, scan_id), failed)
    row.state, row.item_id = RescanState.DONE.value, item.id
    session.flush()
    data = {"batch": batch.id, "round": 1, "did": "replaced", "faults": row.faults, "reason": row.words, "instead_of": row.component_id, "old_scan": row.old_scan_id}  # fmt: skip
    for component in made:
        events.record(session, kind="quality_checked", actor=row.asked_by, component=component, data=data)
    batches.touch(batch)


def _failed_pages(session: Session, scan_id: str) -> int:
    statement = select(func.count()).where(Page.scan_id == scan_id, Page.state == PageState.FAILED)
    return session.scalars(statement).one()


def _hindered(batch: Batch, item: BatchItem, row: BatchRescan, old: Component | None, failed: int) -> str:
    if failed and batch.page_failure != PageFailure.COPY:
        return PageFailed.code
    if old is not None and old.state in KEPT:
        return PaperKept.code
    return KeyTaken.code if old is None and item.scan_id != row.old_scan_id else ""


def _whole(session: Session, scan_id: str) -> Scan:
    statement = select(Scan).where(Scan.id == scan_id).options(selectinload(Scan.components))
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


def _leave(session: Session, batch: Batch, old: Component, made: Sequence[Component], actor: str) -> None:
    """What is tied to the old paper goes over, or ends with it."""
    if old.state == ComponentState.VERIFIED:
        # Round 2 returned it: it says again that nobody stands for it, and only then may go.
        lifecycle.recapture(session, old, actor=actor)
    if made:
        decisions.move_paper(session, old.id, made[0].id)
    sample.leave(session, batch, old.id, actor=actor)
    session.execute(delete(ReviewLease).where(ReviewLease.component_id == old.id))
    session.flush()


def _take_out(session: Session, row: BatchRescan, index: SearchIndex) -> None:
    scan = _whole(session, row.old_scan_id)
    if arrangements.is_pending(scan):  # asked for meanwhile; there is nothing to arrange any more
        scan.arrangement = {**(scan.arrangement or {}), "pending": False}
        session.flush()
    if scan.state in withdrawals.MAY:
        withdrawals.withdraw(session, scan, index, actor=row.asked_by)


def _leave_out(session: Session, old: Component, index: SearchIndex) -> None:
    """Of a stack only this paper goes: its pages are in no paper any more."""
    scan = session.get_one(Scan, old.scan_id, populate_existing=True)
    # An arrangement that is under way, or undone, would make the paper anew.
    kept = {name: value for name, value in (scan.arrangement or {}).items() if name in {"serial", "done"}}
    scan.arrangement = kept or None
    pages = (Page.scan_id == old.scan_id, Page.number.between(old.first_page, old.last_page))
    session.execute(update(Page).where(*pages).values(left_out=True), execution_options={"synchronize_session": False})
    removed = arrangements.remove(session, old, index)
    events.record(
        session, kind="arranged", actor="system", scan=scan, data={"left_out": removed["pages"], "removed": [removed]}
    )


def _beside(session: Session, batch: Batch, scan: Scan) -> BatchItem:
    """An item of its own for a paper that was one of a stack, which keeps the other papers."""
    last = session.scalars(select(func.max(BatchItem.number)).where(BatchItem.batch_id == batch.id)).one()
    path = f"{UPLOAD}{scan.filename}#{scan.sha256[:12]}"
    made = BatchItem(
        batch_id=batch.id, agency_id=batch.agency_id, number=last + 1, path=path, path_key=batches.path_key(path),
        filename=scan.filename, state=ItemState.WAITING, dossier_id=scan.dossier_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _fill(item: BatchItem, scan: Scan, failed: int) -> None:
    item.state, item.scan_id, item.pages, item.pages_failed = ItemState.DONE.value, scan.id, scan.page_count, failed
    item.filename, item.media_type, item.bytes = scan.filename, scan.media_type, scan.bytes
    item.sha256 = item.content_key = scan.sha256
    item.original_key = scan.original_key
    item.reason_code = item.reason_detail = None
    item.posted_at, item.settled_at, item.changed_at = scan.created_at, now(), now()
