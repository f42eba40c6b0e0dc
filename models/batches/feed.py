"""From a batch to scans and back: posting within its policies, and settling what has ended.

Each call is one short transaction that holds the batch's row: the counter's clerks take numbers for dossiers from the same serial, and must not
wait for a back-scan. Posting makes dossier, scan, first event, outbox row and the item's state together, so a crash leaves all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from models import intake, retries, withdrawals
from models.batches import items as batch_items
from models.batches import store as batches
from models.batches.entities import Batch, BatchItem, BatchState, ItemState, PageFailure
from models.batches.judge import judge
from models.dossiers import create_dossier
from models.entities import Agency, Dispatch, DispatchState, Dossier, Page, PageState, Scan, ScanState, now
from models.errors import Conflict, NotFound, PageFailed
from models.intake import BACKSCAN_QUEUE, Accepted
from models.lifecycle import SCAN_ENDS
from models.rules.batch_hours import parse_hours
from models.search import SearchIndex

COUNTER_QUEUES: Final = ("counter", "pages")
SETTLED_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Posted:
    """``accepted``: what to ring for after the commit; ``None`` for an item that could not be posted, whose state says why."""

    item_id: str
    accepted: Accepted | None


def to_feed(session: Session) -> list[str]:
    """Ids of the batches that have something to post or to settle."""
    statement = (
        select(Batch.id)
        .join(BatchItem, BatchItem.batch_id == Batch.id)
        .where(
            or_(
                BatchItem.state == ItemState.POSTED,
                (BatchItem.state == ItemState.WAITING) & (Batch.state == BatchState.RUNNING),
            )
        )
    )
    return list(session.scalars(statement.distinct()))


def counter_waits(session: Session) -> bool:
    """Whether anything of the counter's is still to be done."""
    statement = select(Dispatch.id).where(Dispatch.state == DispatchState.PENDING, Dispatch.queue.in_(COUNTER_QUEUES))
    return session.scalar(statement.limit(1)) is not None


def post_next(session: Session, batch_id: str, index: SearchIndex) -> Posted | None:
    """Post the next item if the batch may. ``None``: nothing to post now."""
    batch = batches.hold(session, batch_id)
    if not _may_post(session, batch):
        return None
    old = aliased(Scan)
    statement = (
        select(BatchItem)
        .outerjoin(old, old.id == BatchItem.replaces_id)
        .where(
            BatchItem.batch_id == batch.id,
            BatchItem.state == ItemState.WAITING,
            or_(BatchItem.replaces_id.is_(None), old.state.in_(SCAN_ENDS)),
        )
        .order_by(BatchItem.number)
        .limit(1)
    )
    item = session.scalar(statement)
    if item is None:
        return None
    try:
        with session.begin_nested():
            accepted = _again(session, batch, item, index) if item.scan_id else _post(session, batch, item, index)
    except Conflict as error:
        session.refresh(item)
        _fail(item, error.code, error.detail)
        batches.touch(batch)
        return Posted(item.id, None)
    item.state, item.scan_id, item.dossier_id = ItemState.POSTED, accepted.scan.id, accepted.scan.dossier_id
    item.posted_at = item.changed_at = now()
    item.reason_code = item.reason_detail = item.settled_at = None
    batches.touch(batch)
    return Posted(item.id, accepted)


def _may_post(session: Session, batch: Batch) -> bool:
    if batch.state != BatchState.RUNNING or not parse_hours(batch.hours).open_at(now()):
        return False
    under_way = select(func.count()).where(BatchItem.batch_id == batch.id, BatchItem.state == ItemState.POSTED)
    if session.scalars(under_way).one() >= batch.max_under_way:
        return False
    return not (batch.yields and counter_waits(session))


def idempotency_key(batch: Batch, sha256: str) -> str:
    return f"batch:{batch.id}:{sha256}"


def _post(session: Session, batch: Batch, item: BatchItem, index: SearchIndex) -> Accepted:
    """As ``POST /scans`` does it, into a dossier of its own, or into that of the scan whose place it takes."""
    assert item.sha256 is not None
    assert item.original_key is not None
    if item.replaces_id is not None:
        _take_out(session, item.replaces_id, index, actor=batch.created_by)
    key = idempotency_key(batch, item.sha256)
    known = session.scalar(select(Scan).where(Scan.actor == batch.created_by, Scan.idempotency_key == key))
    accepted = intake.accept_scan(
        session,
        dossier=_dossier(session, batch, item, known),
        actor=batch.created_by,
        idempotency_key=key,
        filename=item.filename,
        media_type=item.media_type or "",
        size=item.bytes,
        sha256=item.sha256,
        original_key=item.original_key,
        queue=BACKSCAN_QUEUE,
    )
    if item.replaces_id is not None:
        batch_items.skip_replaced(session, item)
    return accepted


def _dossier(session: Session, batch: Batch, item: BatchItem, known: Scan | None) -> Dossier:
    dossier_id = known.dossier_id if known else item.dossier_id
    if dossier_id is None and item.replaces_id is not None:
        dossier_id = session.get_one(Scan, item.replaces_id).dossier_id
    if dossier_id is not None:
        return session.get_one(Dossier, dossier_id)
    return create_dossier(
        session,
        agency=session.get_one(Agency, batch.agency_id),
        procedure=batch.procedure,
        title=(item.key or item.filename)[:300],
        created_by=batch.created_by,
    )


def _take_out(session: Session, scan_id: str, index: SearchIndex, *, actor: str) -> None:
    statement = select(Scan).where(Scan.id == scan_id).options(selectinload(Scan.components))
    scan = session.scalars(statement, execution_options={"populate_existing": True}).one()
    withdrawals.withdraw(session, scan, index, actor=actor)


def _again(session: Session, batch: Batch, item: BatchItem, index: SearchIndex) -> Accepted:
    scan = session.get_one(Scan, item.scan_id)
    if scan.state not in SCAN_ENDS:
        return Accepted(scan, created=False, dispatch_id=None)
    return retries.try_again(session, scan, index, actor=batch.created_by)


def _fail(item: BatchItem, code: str, detail: str) -> None:
    item.state, item.reason_code, item.reason_detail = ItemState.FAILED, code, detail[:500]
    item.settled_at = item.changed_at = now()


def settle(session: Session, batch_id: str) -> int:
    """Items whose scans have ended, and what the batch's policies make of failures; how many were settled."""
    batch = batches.hold(session, batch_id)
    statement = (
        select(BatchItem, Scan)
        .join(Scan, Scan.id == BatchItem.scan_id)
        .where(BatchItem.batch_id == batch.id, BatchItem.state == ItemState.POSTED, Scan.state.in_(SCAN_ENDS))
        .order_by(BatchItem.number)
        .limit(SETTLED_AT_ONCE)
    )
    rows: Sequence[tuple[BatchItem, Scan]] = [(item, scan) for item, scan in session.execute(statement)]
    failed = _failed_pages(session, [scan.id for _, scan in rows])
    for item, scan in rows:
        _settle_one(session, batch, item, scan, failed.get(scan.id, 0))
    if rows:
        session.flush()
        judge(session, batch)
        batches.touch(batch)
    return len(rows)


def _failed_pages(session: Session, scan_ids: Sequence[str]) -> dict[str, int]:
    statement = select(Page.scan_id, func.count()).where(Page.scan_id.in_(scan_ids), Page.state == PageState.FAILED)
    return {str(scan_id): int(count) for scan_id, count in session.execute(statement.group_by(Page.scan_id))}


def _settle_one(session: Session, batch: Batch, item: BatchItem, scan: Scan, failed: int) -> None:
    item.pages, item.pages_failed = scan.page_count, failed
    if scan.state != ScanState.DONE:
        _fail(item, scan.refused_code or scan.state.upper(), scan.refused_detail or "")
    elif failed and batch.page_failure != PageFailure.COPY:
        _fail(item, PageFailed.code, f"{failed} of {scan.page_count} pages could not be read")
    else:
        item.state, item.settled_at, item.changed_at = ItemState.DONE, now(), now()
        return
    if batch.page_failure == PageFailure.ABORT and batch.state == BatchState.RUNNING:
        detail = f"{item.path}: {item.reason_code}"
        batches.move(session, batch, BatchState.ABORTED, actor="system", code=PageFailed.code, detail=detail)


def resume(session: Session, batch_id: str, *, actor: str) -> int:
    """Failed and refused items again, and the batch runs; how many items. ``NotFound``."""
    count = batch_items.again(session, batch_id)
    batch = session.get(Batch, batch_id)
    if batch is None:
        raise NotFound("no such batch")
    batches.move(session, batch, BatchState.RUNNING, actor=actor)
    return count
