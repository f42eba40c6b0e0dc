"""Taking documents into a batch: each is there once, and whatever happens to it has a reason.

All that is asked here is asked again after a crash: the same document registered twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from models.batches import store as batches
from models.batches.entities import (
    TAKEN_AGAIN,
    Batch,
    BatchFile,
    BatchItem,
    BatchRescan,
    ExistingOutput,
    ItemState,
    Layout,
    RescanState,
)
from models.batches.judge import judge
from models.entities import Scan, ScanState, now
from models.errors import DigitizeError, KeyTaken, SourceChanged, SourceGone

_STANDS = (ItemState.WAITING, ItemState.POSTED, ItemState.DONE)
"""Of items that are, or will be, the output for their key."""
_UNDER_WAY = (ScanState.RECEIVED, ScanState.READING, ScanState.ASSEMBLING)
UPLOAD = "upload:"
"""How the path of a document that was sent begins."""


class Happened(StrEnum):
    NEW = "new"
    SAME = "same"
    REPLACED = "replaced"
    KEPT = "kept"  # other bytes came, the first ones stay


@dataclass(frozen=True, slots=True)
class TakenFile:
    """``stamp``: what tells without reading whether the file is still so. ``sha256``: ``None`` when it could not be read."""

    path: str
    bytes: int
    stamp: str
    sha256: str | None
    side: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """A document whose bytes are in the store."""

    media_type: str
    bytes: int
    sha256: str
    original_key: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A document from a source: its content, or the error that there is none. ``key_told``: whether somebody said how keys are told."""

    path: str
    filename: str
    files: Sequence[TakenFile]
    content: Content | DigitizeError
    key: str | None = None
    key_from: str | None = None
    key_told: bool = False


def register(session: Session, batch_id: str, taken: Taken) -> tuple[BatchItem, Happened]:
    """The document's item, in the caller's transaction."""
    batch = batches.hold(session, batch_id)
    path_key = batches.path_key(taken.path)
    item = session.scalar(select(BatchItem).where(BatchItem.batch_id == batch.id, BatchItem.path_key == path_key))
    if item is None:
        item, happened = _new(session, batch, taken, path_key), Happened.NEW
    else:
        happened = Happened.SAME if _as_it_was(session, item, taken) else _against(item, taken, batch)
    if happened in {Happened.NEW, Happened.REPLACED}:
        _fill(session, batch, item, taken)
        _place(session, batch, item, key_told=taken.key_told)
        _keep_files(session, item, taken.files)
        if item.state == ItemState.REFUSED:
            judge(session, batch)
        batches.touch(batch)
    elif happened is Happened.KEPT:
        item.reason_code, item.reason_detail = SourceChanged.code, SourceChanged.title_en
        item.changed_at = now()
    elif not isinstance(taken.content, DigitizeError):
        _keep_files(session, item, taken.files)  # copied anew, with another time of change
    session.flush()
    return item, happened


def _new(session: Session, batch: Batch, taken: Taken, path_key: str) -> BatchItem:
    last = session.scalar(select(func.max(BatchItem.number)).where(BatchItem.batch_id == batch.id)) or 0
    item = BatchItem(
        batch_id=batch.id,
        agency_id=batch.agency_id,
        number=last + 1,
        path=taken.path[:1000],
        path_key=path_key,
        filename=taken.filename[:255],
        state=ItemState.AGAIN,
    )
    session.add(item)
    session.flush()
    return item


def _as_it_was(session: Session, item: BatchItem, taken: Taken) -> bool:
    """Whether the source still says what it said before the paper was scanned again: then it is the old scan, and takes nothing's place."""
    rescanned = select(BatchRescan.id).where(BatchRescan.item_id == item.id, BatchRescan.state == RescanState.DONE)
    if session.scalar(rescanned.limit(1)) is None:
        return False
    statement = select(BatchFile.path_key, BatchFile.sha256).where(BatchFile.item_id == item.id)
    known = dict(session.execute(statement).all())
    return known == {batches.path_key(file.path): file.sha256 for file in taken.files} and None not in known.values()


def _against(item: BatchItem, taken: Taken, batch: Batch) -> Happened:
    """What the document is beside the item that has its path."""
    content = taken.content
    if isinstance(content, DigitizeError):
        # A file that can't be read any more takes nothing away from what was made of it.
        return Happened.REPLACED if item.state in TAKEN_AGAIN else Happened.SAME
    if item.sha256 == content.sha256 and item.state not in TAKEN_AGAIN:
        return Happened.SAME
    if item.state in (ItemState.POSTED, ItemState.DONE) and (
        batch.existing != ExistingOutput.OVERWRITE or item.state == ItemState.POSTED
    ):
        return Happened.KEPT
    return Happened.REPLACED


def _fill(session: Session, batch: Batch, item: BatchItem, taken: Taken) -> None:
    before = item.content_key
    item.filename, item.key, item.key_from = taken.filename[:255], (taken.key or "")[:200] or None, taken.key_from
    item.reason_code = item.reason_detail = item.duplicate_of_id = None
    item.changed_at, item.settled_at, item.content_key = now(), None, None
    if item.scan_id is not None:
        item.replaces_id, item.scan_id, item.pages, item.pages_failed = item.scan_id, None, None, 0
    content = taken.content
    if isinstance(content, DigitizeError):
        item.state, item.reason_code, item.reason_detail = ItemState.REFUSED, content.code, content.detail[:500]
        item.sha256 = item.original_key = item.media_type = None
        item.bytes, item.settled_at = sum(file.bytes for file in taken.files), now()
    else:
        item.state, item.media_type, item.bytes = ItemState.WAITING, content.media_type, content.bytes
        item.sha256, item.original_key = content.sha256, content.original_key
    session.flush()
    if before is not None and before != item.sha256:
        _promote(session, batch, before)


def _promote(session: Session, batch: Batch, sha256: str) -> None:
    """Nobody carries this content any more: the first of its duplicates does."""
    statement = select(BatchItem).where(
        BatchItem.batch_id == batch.id, BatchItem.sha256 == sha256, BatchItem.state == ItemState.DUPLICATE
    )
    others = list(session.scalars(statement.order_by(BatchItem.number)))
    if others:
        heir = others[0]
        heir.state, heir.content_key, heir.duplicate_of_id, heir.settled_at = ItemState.WAITING, sha256, None, None
        heir.changed_at = now()
        for other in others[1:]:
            other.duplicate_of_id = heir.id
        session.flush()


def _place(session: Session, batch: Batch, item: BatchItem, *, key_told: bool) -> None:
    """Whether the item is posted, a duplicate, or skipped."""
    if item.state != ItemState.WAITING:
        return
    assert item.sha256 is not None
    first = carrier(session, batch.id, item.sha256)
    if first is not None:
        item.state, item.duplicate_of_id, item.settled_at = ItemState.DUPLICATE, first.id, now()
        return
    item.content_key = item.sha256
    other = _stands_for_key(session, batch, item) if key_told else None
    if other is None:
        return
    if batch.existing != ExistingOutput.OVERWRITE:
        _skip(item, other.path)
    elif other.scan_id is None:
        _skip(other, item.path)
    else:
        item.replaces_id = other.scan_id  # posted once that one has ended


def carrier(session: Session, batch_id: str, sha256: str) -> BatchItem | None:
    """The batch's item of this content: that it has, that came for it and is being read, or that it had before its paper was scanned again."""
    item = session.scalar(select(BatchItem).where(BatchItem.batch_id == batch_id, BatchItem.content_key == sha256))
    if item is not None:
        return item
    again = (
        select(BatchItem)
        .join(BatchRescan, BatchRescan.item_id == BatchItem.id)
        .join(
            Scan,
            or_(
                (BatchRescan.state == RescanState.DONE) & (Scan.id == BatchRescan.old_scan_id),
                (BatchRescan.state == RescanState.READING)
                & (Scan.id == BatchRescan.scan_id)
                & Scan.state.in_(_UNDER_WAY),
            ),
        )
        .where(BatchRescan.batch_id == batch_id, Scan.sha256 == sha256)
    )
    return session.scalars(again.order_by(BatchItem.number).limit(1)).first()


def _stands_for_key(session: Session, batch: Batch, item: BatchItem) -> BatchItem | None:
    if item.key is None or batch.layout != Layout.PAPER:
        return None
    statement = select(BatchItem).where(
        BatchItem.agency_id == batch.agency_id,
        BatchItem.key == item.key,
        BatchItem.id != item.id,
        BatchItem.state.in_(_STANDS),
    )
    return session.scalars(statement.order_by(BatchItem.created_at.desc()).limit(1)).first()


def _skip(item: BatchItem, by: str) -> None:
    item.state, item.reason_code, item.reason_detail = ItemState.SKIPPED, KeyTaken.code, by[:500]
    item.settled_at = item.changed_at = now()
    item.content_key = None


def skip_replaced(session: Session, item: BatchItem) -> None:
    """The item whose scan ``item`` has just taken the place of, if it is another one, is skipped now."""
    other = session.scalar(select(BatchItem).where(BatchItem.scan_id == item.replaces_id, BatchItem.id != item.id))
    if other is not None:
        _skip(other, item.path)


def _keep_files(session: Session, item: BatchItem, files: Sequence[TakenFile]) -> None:
    """The files are this item's. One that stood alone as refused (a front side without its back) has found its document."""
    keys = {batches.path_key(file.path): file for file in files}
    theirs = list(
        session.scalars(select(BatchFile).where(BatchFile.batch_id == item.batch_id, BatchFile.path_key.in_(keys)))
    )
    left = {row.item_id for row in theirs if row.item_id != item.id}
    session.execute(delete(BatchFile).where(BatchFile.item_id == item.id))
    for row in theirs:
        if row.item_id != item.id:
            session.delete(row)
    session.flush()
    for place, (path_key, file) in enumerate(keys.items(), 1):
        session.add(
            BatchFile(
                batch_id=item.batch_id,
                item_id=item.id,
                path=file.path[:1000],
                path_key=path_key,
                bytes=file.bytes,
                stamp=file.stamp,
                sha256=file.sha256,
                place=place,
                side=file.side,
            )
        )
    session.flush()
    for item_id in left:
        _remove_if_empty(session, item_id)


def _remove_if_empty(session: Session, item_id: str) -> None:
    other = session.get_one(BatchItem, item_id)
    has_files = session.scalar(select(BatchFile.id).where(BatchFile.item_id == item_id).limit(1)) is not None
    if not has_files and other.scan_id is None and other.state in TAKEN_AGAIN:
        session.delete(other)
        session.flush()


def known_stamps(session: Session, batch_id: str) -> dict[str, str]:
    """The stamp of every file of the batch by the key of its path, but of those to be looked at again."""
    gone = (BatchItem.state == ItemState.SKIPPED) & (BatchItem.reason_code == SourceGone.code)
    statement = (
        select(BatchFile.path_key, BatchFile.stamp)
        .join(BatchItem, BatchItem.id == BatchFile.item_id)
        .where(BatchFile.batch_id == batch_id, BatchItem.state != ItemState.AGAIN, ~gone)
    )
    return {str(key): str(stamp) for key, stamp in session.execute(statement)}


def note_gone(session: Session, batch_id: str, listed: Collection[str]) -> int:
    """Refused files that no source holds any more (``listed``: keys of the paths of all that there are) are skipped; how many.

    A ZIP that was no ZIP and is one now, a row of a manifest that was mended: what they are now has items of its own.
    """
    batch = batches.hold(session, batch_id)
    statement = (
        select(BatchItem, BatchFile.path_key)
        .outerjoin(BatchFile, BatchFile.item_id == BatchItem.id)
        .where(BatchItem.batch_id == batch.id, BatchItem.state.in_([ItemState.REFUSED, ItemState.AGAIN]))
    )
    there, refused = set[str](), dict[str, BatchItem]()
    for item, path_key in session.execute(statement):
        refused[item.id] = item
        if path_key in listed:
            there.add(item.id)
    gone = [item for item_id, item in refused.items() if item_id not in there]
    for item in gone:
        item.state, item.reason_code, item.reason_detail = ItemState.SKIPPED, SourceGone.code, None
        item.settled_at = item.changed_at = now()
    if gone:
        batches.touch(batch)
    return len(gone)


def again(session: Session, batch_id: str) -> int:
    """What failed is posted again, what was refused or skipped is looked at again; how many items."""
    batch = batches.hold(session, batch_id)
    statement = select(BatchItem).where(
        BatchItem.batch_id == batch.id,
        BatchItem.state.in_([ItemState.FAILED, ItemState.REFUSED, ItemState.SKIPPED]),
    )
    count = 0
    for item in session.scalars(statement.order_by(BatchItem.number)).all():
        if item.state == ItemState.FAILED and item.reason_code == "SECRET_MATERIAL":
            continue  # R2: it is not read a second time
        if item.state == ItemState.SKIPPED and (
            batch.existing != ExistingOutput.OVERWRITE or item.reason_code == SourceGone.code
        ):
            continue
        count += 1
        item.state = ItemState.WAITING if item.original_key else ItemState.AGAIN
        item.reason_code = item.reason_detail = item.settled_at = None
        item.changed_at = now()
        if item.content_key is None and item.original_key:
            _place(session, batch, item, key_told=True)
        session.flush()
    batches.touch(batch)
    return count
