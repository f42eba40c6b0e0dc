"""From a file to its row, on a real store and database; and what a crash between the two leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from models.agencies import create_agency
from models.batches import items as batch_items
from models.batches import store as batches
from models.batches.entities import Batch, BatchFile, BatchItem, BatchSource, Duplex, SourceKind
from models.batches.store import Policies
from models.database import reading, transaction
from tests.faults.system import draw_document
from tests.workers.feeding.test_archive import zip_of
from tests.workers.runtimes import runtime_in
from tests.workers.signed import make_signer, plain, signed
from workers.feeding.folder import Stability
from workers.feeding.look import Looker
from workers.feeding.take_in import Taker
from workers.runtime import Runtime


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    with runtime_in(tmp_path / "data") as made:
        yield made


def batch_in(runtime: Runtime, **policies: Any) -> Batch:
    with transaction(runtime.sessions) as session:
        agency = create_agency(session, code="H56.14", name="UBND xã Mẫu")
        return batches.create(session, agency=agency, name="Lô", policies=Policies(**policies), actor="command:thu")


def take(
    runtime: Runtime, batch: Batch, path: Path, kind: SourceKind = SourceKind.FOLDER
) -> list[tuple[str, str, str | None]]:
    limits = runtime.settings.limits
    taker = Taker(runtime.sessions, runtime.store, runtime.scratch, limits, batch)
    looker = Looker(Policies.of(batch), Stability(0.0), limits.max_bytes)
    source = BatchSource(id="s", batch_id=batch.id, kind=kind, path=str(path), path_key="")
    with reading(runtime.sessions) as session:
        stamps = batch_items.known_stamps(session, batch.id)
    taken = []
    for document in looker.look(source).documents:
        if not taker.is_known(document, stamps):
            item, happened = taker.take(document)
            taken.append((document.filename, happened.value, item.reason_code))
    return taken


def test_each_kind_of_file(runtime: Runtime, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    draw_document(folder / "1.pdf", 1)
    Image.new("L", (100, 100), 90).save(folder / "2.tif")
    (folder / "3.pdf").write_bytes(b"")
    (folder / "4.docx").write_bytes(b"PK\x03\x04 not ours")
    zip_of(folder / "5.zip", ("a.rarx", b"Rar!\x1a\x07 inside"), ("b.jpg", b"\xff\xd8\xff rest"))
    batch = batch_in(runtime)
    assert take(runtime, batch, folder) == [
        ("1.pdf", "new", None),
        ("2.tif", "new", None),
        ("3.pdf", "new", "EMPTY_FILE"),
        ("4.docx", "new", "UNSUPPORTED_TYPE"),
        ("a.rarx", "new", "NESTED_ARCHIVE"),
        ("b.jpg", "new", None),
    ]
    assert take(runtime, batch, folder) == [], "nothing is read a second time"
    with reading(runtime.sessions) as session:
        item = session.scalars(select(BatchItem).where(BatchItem.filename == "2.tif")).one()
        assert (item.media_type, item.state, item.key, item.key_from) == ("image/tiff", "waiting", "2", "name")
        assert item.original_key is not None
        with runtime.store.open(item.original_key) as stream:
            assert stream.read() == (folder / "2.tif").read_bytes()


def test_a_file_over_the_limit_is_refused_and_not_kept(tmp_path: Path) -> None:
    with runtime_in(tmp_path / "data", max_bytes=1000) as runtime:
        folder = tmp_path / "in"
        folder.mkdir()
        draw_document(folder / "1.pdf", 1)
        assert take(runtime, batch_in(runtime), folder) == [("1.pdf", "new", "TOO_LARGE")]
        assert list(runtime.store.list()) == []


def test_killed_between_store_and_row(runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for side in ("truoc", "sau"):
        draw_document(folder / f"1-{side}.pdf", 2)
    batch = batch_in(runtime, duplex=Duplex.PAIRS_BACK)

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(batch_items, "register", power_cut)
        with pytest.raises(KeyboardInterrupt):
            take(runtime, batch, folder)
    (left,) = runtime.store.list()
    assert take(runtime, batch, folder) == [("1-truoc.pdf", "new", None)]
    with reading(runtime.sessions) as session:
        item = session.scalars(select(BatchItem)).one()
        files = session.scalars(select(BatchFile).order_by(BatchFile.place)).all()
    assert item.original_key == left.key, "the same document, and no second one"
    assert [(Path(file.path).name, file.side) for file in files] == [("1-truoc.pdf", "front"), ("1-sau.pdf", "back")]
    assert len(list(runtime.store.list())) == 1


def test_a_copy_with_a_new_time_of_change_is_the_same(runtime: Runtime, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    path = draw_document(folder / "1.pdf", 1)
    batch = batch_in(runtime)
    take(runtime, batch, folder)
    path.write_bytes(path.read_bytes())
    assert take(runtime, batch, folder) == [("1.pdf", "same", None)]
    assert take(runtime, batch, folder) == []


def test_a_signed_file_is_not_taken_apart(runtime: Runtime, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    sealed = signed(plain(), make_signer(tmp_path), "S1")
    (folder / "1.pdf").write_bytes(sealed)
    batch = batch_in(runtime, duplex=Duplex.HALVES)
    assert take(runtime, batch, folder) == [("1.pdf", "new", None)]
    with reading(runtime.sessions) as session:
        item = session.scalars(select(BatchItem)).one()
        assert item.original_key is not None
        with runtime.store.open(item.original_key) as stream:
            assert stream.read() == sealed
