"""Whether what a batch says it has done is there: dossier, scan, original, PDFs, and their bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload, sessionmaker

from models.batches.entities import BatchItem, ItemState
from models.database import reading
from models.entities import Scan, ScanState
from storage import fixity
from storage.objects import ObjectMissing, ObjectStore

AT_ONCE = 200
_KEPT = (ItemState.WAITING, ItemState.POSTED, ItemState.DONE, ItemState.DUPLICATE)


@dataclass(frozen=True, slots=True)
class Difference:
    """``what``: ``no_item``, ``changed``, ``source_gone``, ``no_scan``, ``not_done``, ``other_bytes``, ``withdrawn``, ``no_pdf``, ``original_<verdict>`` or ``pdf_<verdict>``.

    ``verdict`` as ``storage.fixity`` has it. ``number``: of the item, if there is one.
    """

    what: str
    path: str
    number: int | None = None
    detail: str = ""


def stored(sessions: sessionmaker[Session], store: ObjectStore, batch_id: str, *, deep: bool) -> Iterator[Difference]:
    """Of every item that was taken: ``deep`` hashes each object again, else it is only asked for and its note read."""
    after = 0
    while True:
        with reading(sessions) as session:
            statement = (
                select(BatchItem)
                .where(BatchItem.batch_id == batch_id, BatchItem.number > after, BatchItem.state.in_(_KEPT))
                .options(selectinload(BatchItem.scan).selectinload(Scan.components))
                .order_by(BatchItem.number)
                .limit(AT_ONCE)
            )
            items = list(session.scalars(statement))
        if not items:
            return
        for item in items:
            yield from _of_item(store, item, deep=deep)
        after = items[-1].number


def _of_item(store: ObjectStore, item: BatchItem, *, deep: bool) -> Iterator[Difference]:
    assert item.original_key is not None
    verdict = _verdict(store, item.original_key, item.sha256 or "", deep=deep)
    if verdict != "intact":
        yield Difference(f"original_{verdict}", item.path, item.number, item.original_key)
    if item.state != ItemState.DONE:
        return
    scan = item.scan
    if scan is None:
        yield Difference("no_scan", item.path, item.number)
        return
    if scan.sha256 != item.sha256:
        yield Difference("other_bytes", item.path, item.number, scan.id)
    if scan.state != ScanState.DONE:
        what = "withdrawn" if scan.state == ScanState.WITHDRAWN else "not_done"
        yield Difference(what, item.path, item.number, f"{scan.id} {scan.state}")
        return
    if not scan.components:
        yield Difference("no_pdf", item.path, item.number, scan.id)
    for component in scan.components:
        if component.pdf_key is None:
            yield Difference("no_pdf", item.path, item.number, component.id)
        elif (verdict := _verdict(store, component.pdf_key, component.pdf_sha256 or "", deep=deep)) != "intact":
            yield Difference(f"pdf_{verdict}", item.path, item.number, component.pdf_key)


def _verdict(store: ObjectStore, key: str, sha256: str, *, deep: bool) -> str:
    try:
        info = store.stat(key)
    except ObjectMissing:
        return "missing"
    if info.sha256 != sha256:
        return "changed"
    return fixity.check(store, info).verdict if deep else "intact"
