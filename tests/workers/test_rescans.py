"""Returned papers scanned again through the real jobs: the batch's own check finds nothing amiss before, between and after."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from digitize_api.batches.check import Difference, stored
from models import arrangements, intake, scans
from models.arrangements import Wanted
from models.batches import store as batches
from models.batches.entities import Batch, BatchItem, Layout
from models.batches.items import Content
from models.batches.quality import check, papers, rescans
from models.batches.quality.rescans import Came
from models.database import reading, transaction
from models.entities import Component, Event, Scan
from models.rules.faults import Fault
from tests.faults.system import draw_document
from tests.workers.test_batch_papers import joined, keys, read, runtime, sheet
from tests.workers.test_jobs import run_all
from workers.batches import feed
from workers.jobs import HANDLERS
from workers.runner import run
from workers.runtime import Runtime

__all__ = ["runtime"]  # a fixture
LAN = "account:lan"


def batch_of(runtime: Runtime, scan_id: str) -> str:
    with reading(runtime.sessions) as session:
        return session.scalars(select(BatchItem.batch_id).where(BatchItem.scan_id == scan_id)).one()


def differences(runtime: Runtime, batch: str) -> list[Difference]:
    return list(stored(runtime.sessions, runtime.store, batch, deep=True))


def papers_of(runtime: Runtime, scan_id: str) -> list[str]:
    with reading(runtime.sessions) as session:
        of_scan = select(Component.id).where(Component.scan_id == scan_id).order_by(Component.position)
        return list(session.scalars(of_scan))


def send(runtime: Runtime, batch: str, paper: str, path: Path) -> str:
    """Return the paper, and post the file for it; its scan."""
    with path.open("rb") as stream:
        info = runtime.store.put_original(stream, media_type="application/pdf")
    came = Came(Content("application/pdf", info.size, info.sha256, info.key), path.name)
    with transaction(runtime.sessions) as session:
        where = batches.hold(session, batch)
        found = check.load_free(session, where, paper, LAN)
        check.send_back(session, where, found, {Fault.MISSING_PAGE}, "", actor=LAN)
        return rescans.ask(session, batch, paper, came, runtime.index, actor=LAN).rescan.scan_id


def test_a_paper_scanned_again(runtime: Runtime, tmp_path: Path) -> None:
    old = read(runtime, draw_document(tmp_path / "a.pdf", 2), "quét lại")
    batch = batch_of(runtime, old)
    assert feed(runtime) == 0
    (paper,) = papers_of(runtime, old)
    new = send(runtime, batch, paper, draw_document(tmp_path / "b.pdf", 3))
    assert differences(runtime, batch) == []
    run_all(runtime, new)
    assert differences(runtime, batch) == []
    assert keys(runtime, new) == [(1, 3, "tên tệp", "name")]
    assert papers_of(runtime, old) == []
    with reading(runtime.sessions) as session:
        item = session.scalars(select(BatchItem).where(BatchItem.batch_id == batch)).one()
        assert (item.scan_id, item.pages, item.state) == (new, 3, "done")
        kept = session.get_one(Scan, old)
        assert (kept.state, runtime.store.stat(kept.original_key).sha256) == ("withdrawn", kept.sha256)
        assert papers.waiting_for(session, batch, LAN) == papers_of(runtime, new)


def test_one_paper_of_a_stack_scanned_again(runtime: Runtime, tmp_path: Path) -> None:
    stack = joined(
        tmp_path / "stack.pdf",
        sheet(tmp_path, "21/2023"),
        draw_document(tmp_path / "a.pdf", 2),
        sheet(tmp_path, "22/2023"),
        draw_document(tmp_path / "b.pdf", 1),
    )
    old = read(runtime, stack, "chồng quét lại", layout=Layout.STACK)
    batch = batch_of(runtime, old)
    feed(runtime)
    first, second = papers_of(runtime, old)
    new = send(runtime, batch, first, draw_document(tmp_path / "c.pdf", 3))
    run_all(runtime, new)
    assert differences(runtime, batch) == []
    assert keys(runtime, new) == [(1, 3, "21/2023", "sheet")]
    assert keys(runtime, old) == [(5, 5, "22/2023", "sheet")]
    with reading(runtime.sessions) as session:
        states = session.scalars(select(BatchItem.state).where(BatchItem.batch_id == batch))
        assert list(states) == ["done", "done"]
        (told,) = session.scalars(select(Event).where(Event.scan_id == old, Event.kind == "arranged"))
        assert told.data["removed"][0]["pages"] == [2, 3]
    # What is left of the stack can still be arranged, and the paper that went does not come back by it.
    with transaction(runtime.sessions) as session:
        agency = session.get_one(Batch, batch).agency_id
        scan = scans.load_scan(session, old, {agency})
        serial = arrangements.ask(session, scan, Wanted(turned={5: 180}), actor=LAN)
        row = intake.to_be_arranged(session, scan, serial)
        assert row.dispatch_id is not None
    assert run(runtime, HANDLERS, row.dispatch_id)
    assert papers_of(runtime, old) == [second]
    assert keys(runtime, old) == [(5, 5, "22/2023", "sheet")]
    assert differences(runtime, batch) == []


def test_a_file_that_no_one_can_read(runtime: Runtime, tmp_path: Path) -> None:
    old = read(runtime, draw_document(tmp_path / "a.pdf", 1), "quét lại hỏng")
    batch = batch_of(runtime, old)
    feed(runtime)
    (paper,) = papers_of(runtime, old)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\n" + b"no pdf at all " * 100)
    new = send(runtime, batch, paper, broken)
    run_all(runtime, new)
    assert papers_of(runtime, old) == [paper]
    assert differences(runtime, batch) == []
    with reading(runtime.sessions) as session:
        row = rescans.newest(session, batch, [paper])[paper]
        assert rescans.failure(row) == "CORRUPT_FILE"
        (back,) = papers.returned(session, batch, limit=5)
        assert back.component.id == paper
