"""Batches on behalf of somebody: what they may see is ``models.scopes``' matter, what a batch does ``models.batches.feed``'s."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from sqlalchemy import select

from digitize_api.auth.principal import Principal
from digitize_api.batches import check
from digitize_api.batches.check import Difference
from digitize_api.context import Context
from digitize_api.problems import FieldError, FieldsInvalid
from digitize_api.scans.receive import Received
from models.batches import feed as batch_feed
from models.batches import items as batch_items
from models.batches import progress as batch_progress
from models.batches import store as batches
from models.batches.entities import Batch, BatchItem, BatchState
from models.batches.items import Content, Happened, Taken, TakenFile
from models.batches.progress import Progress
from models.batches.store import Policies
from models.entities import Agency
from models.local_time import LOCAL
from models.scopes import visible

AT_ONCE: Final = 500
MOST_DIFFERENCES: Final = 200
UPLOAD: Final = batch_items.UPLOAD
COLUMNS: Final = (
    ("number", "STT"),
    ("path", "Tệp"),
    ("key", "Mã kiểm kê"),
    ("key_from", "Mã lấy từ"),
    ("state", "Trạng thái"),
    ("reason", "Lý do"),
    ("reason_detail", "Chi tiết"),
    ("pages", "Số trang"),
    ("pages_failed", "Trang lỗi"),
    ("dossier", "Mã hồ sơ"),
    ("scan", "Bản quét"),
    ("papers", "Số giấy tờ"),
    ("sha256", "SHA-256"),
    ("bytes", "Byte"),
    ("posted_at", "Gửi đọc lúc"),
    ("settled_at", "Xong lúc"),
)
"""Of a report: the key in JSON, the header in CSV."""


def create(context: Context, principal: Principal, name: str, agency: str | None, told: Mapping[str, Any]) -> Batch:
    """``FieldsInvalid`` for an agency out of reach, ``Conflict``, ``InvalidRequest``."""
    with context.transaction() as session:
        statement = visible(
            select(Agency).where(Agency.code == (agency or principal.agency.code)), principal.agency_ids
        )
        where = session.scalar(statement)
        if where is None:
            raise FieldsInvalid(
                FieldError(field="body.agency", message="Không có cơ quan này trong phạm vi của bạn. / No such agency.")
            )
        made = batches.create(session, agency=where, name=name, policies=Policies(**told), actor=principal.actor)
        batch_id = made.id
    return load(context, principal, batch_id)[0]


def load(context: Context, principal: Principal, batch_id: str) -> tuple[Batch, Progress]:
    """``NotFound``."""
    with context.reading() as session:
        batch = batches.load(session, batch_id, principal.agency_ids)
        return batch, batch_progress.progress(session, batch)


def newest(context: Context, principal: Principal, limit: int, offset: int = 0) -> list[tuple[Batch, Progress]]:
    with context.reading() as session:
        found = batches.newest(session, principal.agency_ids, limit=limit, offset=offset)
        return [(batch, batch_progress.progress(session, batch)) for batch in found]


def change(
    context: Context, principal: Principal, batch_id: str, told: Mapping[str, Any], state: str | None
) -> tuple[Batch, Progress]:
    """``NotFound``, ``Conflict``, ``InvalidRequest``."""
    load(context, principal, batch_id)
    with context.transaction() as session:
        batch = batches.hold(session, batch_id)
        if told:
            batches.change(session, batch, told, actor=principal.actor)
        if state is not None:
            batches.move(session, batch, BatchState(state), actor=principal.actor)
    return load(context, principal, batch_id)


def again(context: Context, principal: Principal, batch_id: str) -> tuple[int, Batch, Progress]:
    """``NotFound``."""
    load(context, principal, batch_id)
    with context.transaction() as session:
        count = batch_feed.resume(session, batch_id, actor=principal.actor)
    return count, *load(context, principal, batch_id)


def take(context: Context, principal: Principal, batch_id: str, received: Received) -> tuple[BatchItem, bool]:
    """The item of a file that was sent, and whether it is new. The same bytes again are the same item, or a duplicate of another file."""
    info = received.info
    path = f"{UPLOAD}{received.filename}#{info.sha256[:12]}"
    with context.transaction() as session:
        policies = Policies.of(batches.load(session, batch_id, principal.agency_ids))
        key = batches.key_of(received.filename.rpartition(".")[0] or received.filename, policies.key_pattern)
        taken = Taken(
            path=path,
            filename=received.filename,
            files=[TakenFile(path, info.size, info.sha256[:32], info.sha256)],
            content=Content(received.media_type, info.size, info.sha256, info.key),
            key=key,
            key_from="name" if key else None,
            key_told=bool(policies.key_pattern),
        )
        item, happened = batch_items.register(session, batch_id, taken)
        number = item.number
    with context.reading() as session:
        batch = batches.load(session, batch_id, principal.agency_ids)
        (found,) = batch_progress.items(session, batch, principal.agency_ids, after=number - 1, limit=1)
    return found, happened is Happened.NEW


def items(
    context: Context,
    principal: Principal,
    batch_id: str,
    *,
    states: Sequence[str] = (),
    after: int = 0,
    limit: int = 100,
) -> list[BatchItem]:
    """``NotFound``."""
    with context.reading() as session:
        batch = batches.load(session, batch_id, principal.agency_ids)
        return batch_progress.items(session, batch, principal.agency_ids, states=states, after=after, limit=limit)


def verify(context: Context, principal: Principal, batch_id: str) -> tuple[list[Difference], bool]:
    """The first differences between what the batch says and what is stored, and whether there are more. ``NotFound``."""
    load(context, principal, batch_id)
    found = list(islice(check.stored(context.sessions, context.store, batch_id, deep=False), MOST_DIFFERENCES + 1))
    return found[:MOST_DIFFERENCES], len(found) > MOST_DIFFERENCES


def rows(context: Context, principal: Principal, batch_id: str) -> Iterator[dict[str, Any]]:
    """Every item by the keys of ``COLUMNS``, a few hundred in memory at once. ``NotFound`` on the first."""
    after = 0
    while found := items(context, principal, batch_id, after=after, limit=AT_ONCE):
        yield from map(row, found)
        after = found[-1].number


def row(item: BatchItem) -> dict[str, Any]:
    """An item (loaded with its scan) as a report tells it."""
    scan = item.scan
    return {
        "number": item.number,
        "path": item.path,
        "key": item.key,
        "key_from": item.key_from,
        "state": item.state,
        "reason": item.reason_code,
        "reason_detail": item.reason_detail,
        "pages": item.pages,
        "pages_failed": item.pages_failed,
        "dossier": scan.dossier.code if scan else None,
        "scan": scan.id if scan else None,
        "papers": len(scan.components) if scan else 0,
        "sha256": item.sha256,
        "bytes": item.bytes,
        "posted_at": item.posted_at.astimezone(LOCAL).isoformat(timespec="seconds") if item.posted_at else None,
        "settled_at": item.settled_at.astimezone(LOCAL).isoformat(timespec="seconds") if item.settled_at else None,
    }


def csv_lines(found: Iterable[dict[str, Any]], columns: Sequence[tuple[str, str]] = COLUMNS) -> Iterator[str]:
    """With a byte order mark, so that a spreadsheet reads Vietnamese; a cell that a spreadsheet would compute is told as text."""
    yield "\ufeff" + _line([header for _, header in columns])
    for one in found:
        yield _line([_cell(one[key]) for key, _ in columns])


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    # A file's name is a stranger's: "=…" would be run by whoever opens the report (CWE-1236).
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
