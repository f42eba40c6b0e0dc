"""A stack with separator sheets through the real jobs: each paper knows its key in the inventory; one file as one paper is not parted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
import segno
from PIL import Image
from sqlalchemy import select

from benchmarks.understanding.reading import as_pdf
from commands.separator_sheets import SeparatorSheet, separators_pdf
from models import arrangements, intake, scans
from models.agencies import ensure_agency
from models.arrangements import Wanted
from models.batches import feed as batch_feed
from models.batches import items as batch_items
from models.batches import store as batches
from models.batches.entities import BatchItem, BatchPaper, BatchState, Layout
from models.batches.items import Content, Taken, TakenFile
from models.batches.store import Policies
from models.database import transaction
from models.entities import Component
from tests.faults.pool import FakeEngine
from tests.faults.system import draw_document
from tests.workers.runtimes import runtime_in
from tests.workers.test_jobs import run_all
from tests.workers.test_understood import pages_of
from workers.classify.separators import Separator
from workers.jobs import HANDLERS
from workers.ocr.factory import make_engine
from workers.runner import run
from workers.runtime import Runtime
from workers.settings import WorkerSettings


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    with runtime_in(tmp_path_factory.mktemp("papers"), load_engine=lambda: FakeEngine(0.0)) as made:
        made.doorbell.ring = lambda _rings: []  # type: ignore[assignment,method-assign]  # nobody listens: the test runs the rows
        yield made


def joined(path: Path, *parts: Path) -> Path:
    with pikepdf.new() as out:
        for part in parts:
            with pikepdf.open(part) as source:
                out.pages.extend(source.pages)
        out.save(path)
    return path


def sheet(folder: Path, key: str) -> Path:
    path = folder / f"to-{key.replace('/', '-')}.pdf"
    path.write_bytes(separators_pdf([SeparatorSheet(Separator(None, key))]))
    return path


def stickered(path: Path, text: str) -> Path:
    """A page with a small QR code, as a sticker of the shelf."""
    page = Image.new("L", (1240, 1754), 250)
    code = np.array(
        [[0 if dark else 255 for dark in row] for row in segno.make(text, error="m", micro=False).matrix], np.uint8
    )
    sticker = Image.fromarray(np.pad(code, 4, constant_values=255)).resize((260, 260), Image.Resampling.NEAREST)
    page.paste(sticker, (900, 80))
    page.save(path, resolution=150)
    return path


def read(runtime: Runtime, path: Path, name: str, **policies: Any) -> str:
    """The scan of the batch's one file, read to its end."""
    with path.open("rb") as stream:
        info = runtime.store.put_original(stream, media_type="application/pdf")
    with transaction(runtime.sessions) as session:
        agency = ensure_agency(session, code="H56.14", name="UBND xã Mẫu")
        batch = batches.create(session, agency=agency, name=name, policies=Policies(**policies), actor="command:thu")
        batches.move(session, batch, BatchState.RUNNING, actor="command:thu")
    content = Content("application/pdf", info.size, info.sha256, info.key)
    files = [TakenFile(str(path), info.size, "1", info.sha256)]
    with transaction(runtime.sessions) as session:
        batch_items.register(
            session, batch.id, Taken(str(path), path.name, files, content, key="tên tệp", key_from="name")
        )
    with transaction(runtime.sessions) as session:
        step = batch_feed.post_next(session, batch.id, runtime.index)
        assert step is not None
        assert step.accepted is not None
        scan_id = step.accepted.scan.id
    run_all(runtime, scan_id)
    return scan_id


def keys(runtime: Runtime, scan_id: str) -> list[tuple[int, int, str | None, str | None]]:
    """(first page, last page, key, where from) of each paper."""
    with runtime.sessions() as session:
        statement = (
            select(Component, BatchPaper)
            .outerjoin(BatchPaper, BatchPaper.component_id == Component.id)
            .where(Component.scan_id == scan_id)
            .order_by(Component.position)
        )
        return [
            (one.first_page, one.last_page, getattr(paper, "key", None), getattr(paper, "key_from", None))
            for one, paper in session.execute(statement)
        ]


def test_a_stack_with_sheets(runtime: Runtime, tmp_path: Path) -> None:
    stack = joined(
        tmp_path / "stack.pdf",
        sheet(tmp_path, "12/2023"),
        draw_document(tmp_path / "a.pdf", 2),
        sheet(tmp_path, "13/2023"),
        stickered(tmp_path / "b.pdf", "KQ:777"),
    )
    scan_id = read(runtime, stack, "chồng", layout=Layout.STACK, code_pattern=r"KQ:(?P<key>\d+)")
    assert keys(runtime, scan_id) == [(2, 3, "12/2023", "sheet"), (5, 5, "13/2023", "sheet")]
    with transaction(runtime.sessions) as session:
        scan = scans.load_scan(session, scan_id, {session.scalars(select(BatchItem.agency_id)).first() or ""})
        serial = arrangements.ask(session, scan, Wanted(frozenset({2, 3, 5})), actor="account:thu")
        row = intake.to_be_arranged(session, scan, serial)
        assert row.dispatch_id is not None
    assert run(runtime, HANDLERS, row.dispatch_id)
    assert keys(runtime, scan_id) == [
        (2, 2, "12/2023", "sheet"),
        (3, 3, None, None),
        (5, 5, "13/2023", "sheet"),
    ], "parted by a person, the key stays with the paper behind its sheet"


def test_a_sticker_says_the_key_of_its_paper(runtime: Runtime, tmp_path: Path) -> None:
    path = stickered(tmp_path / "c.pdf", "KQ:4021")
    assert keys(runtime, read(runtime, path, "nhãn", code_pattern=r"KQ:(?P<key>\d+)")) == [(1, 1, "4021", "code")]
    with runtime.sessions() as session:
        item = session.scalars(select(BatchItem).where(BatchItem.path == str(path))).one()
        assert (item.key, item.key_from) == ("4021", "code")


def test_without_sheet_and_sticker_the_name_says_it(runtime: Runtime, tmp_path: Path) -> None:
    path = draw_document(tmp_path / "d.pdf", 3)
    assert keys(runtime, read(runtime, path, "tên")) == [(1, 3, "tên tệp", "name")]


def test_one_file_as_one_paper_is_not_parted(tmp_path: Path) -> None:
    """Two papers in one file are two in a stack, and one where somebody has said so."""
    path = as_pdf([*pages_of("giay_khai_sinh"), *pages_of("to_khai")], tmp_path / "two.pdf")
    settings = WorkerSettings()
    with runtime_in(tmp_path / "real", load_engine=lambda: make_engine(settings.engine, settings.languages)) as runtime:
        runtime.doorbell.ring = lambda _rings: []  # type: ignore[assignment,method-assign]  # as above
        stack = keys(runtime, read(runtime, path, "chồng", layout=Layout.STACK))
        alone = keys(runtime, read(runtime, path, "một"))
    assert len(stack) == 2
    assert [key for _, _, key, _ in stack] == [None, None], "the file's name is no key of two papers"
    assert alone == [(1, stack[-1][1], "tên tệp", "name")]
