from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PIL import Image

from models.errors import MissingProgram
from tests.services import wait_until
from tests.workers.drawn import BODY, Sheet
from workers.document import scan_document
from workers.limits import Limits
from workers.outcome_codec import decode
from workers.page import DocumentInfo
from workers.parallel import ReaderConfig, ReaderPool
from workers.steps.decode import open_document

LIMITS = Limits()


def tiff(path: Path, pages: int) -> DocumentInfo:
    images = []
    for number in range(pages):
        sheet = Sheet(100)
        sheet.write(25, 30, [f"Trang số {number + 1}", *BODY])
        images.append(Image.fromarray(sheet.grey))
    images[0].save(path, save_all=True, append_images=images[1:], dpi=(100, 100))
    return open_document(path, LIMITS)


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(ReaderConfig(), 2) as made:
        yield made


def test_every_page_comes_once(tmp_path: Path, pool: ReaderPool) -> None:
    info = tiff(tmp_path / "five.tif", 5)
    found = dict(pool.read(info, tmp_path))
    assert sorted(found) == [1, 2, 3, 4, 5]
    for number, file in found.items():
        outcome = decode(file.read_bytes())
        assert outcome.failure is None
        assert f"Trang số {number}" in outcome.text


def test_a_killed_process_costs_one_page(tmp_path: Path, pool: ReaderPool) -> None:
    info = tiff(tmp_path / "six.tif", 6)
    pages = pool.read(info, tmp_path)
    done = dict([next(pages)])
    victim = next(child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline()))
    os.kill(victim.pid, signal.SIGKILL)
    done |= dict(pages)
    assert sorted(done) == [1, 2, 3, 4, 5, 6]
    failures = [decode(file.read_bytes()).failure for file in done.values()]
    assert [f.code for f in failures if f] == ["PAGE_CRASHED"]


def test_a_page_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    info = tiff(tmp_path / "one.tif", 1)
    with ReaderPool(replace(ReaderConfig(), page_seconds=0.05), 1) as hasty:
        begun = time.monotonic()
        ((_, file),) = hasty.read(info, tmp_path)
    failure = decode(file.read_bytes()).failure
    assert failure is not None
    assert failure.code == "PROCESSING_LIMIT"
    assert time.monotonic() - begun < 20


def test_a_warm_process_reads_the_first_page(tmp_path: Path) -> None:
    with ReaderPool(ReaderConfig(), 1) as pool:
        pool.warm_up()
        deadline = time.monotonic() + 60
        while not pool._readers:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        (warm,) = pool._readers
        assert [number for number, _ in pool.read(tiff(tmp_path / "one.tif", 1), tmp_path)] == [1]
        assert pool._readers == {warm}


def test_as_many_processes_are_warm_as_were_asked_for(tmp_path: Path) -> None:
    with ReaderPool(ReaderConfig(), 2) as pool:
        pool.warm_up(3)
        wait_until(lambda: len(pool._readers) == 2, "two reading processes")
        warm = set(pool._readers)
        assert len(list(pool.read(tiff(tmp_path / "four.tif", 4), tmp_path))) == 4
        assert pool._readers == warm


def test_a_warm_process_without_its_engine_says_so_when_asked(tmp_path: Path) -> None:
    with ReaderPool(ReaderConfig(engine="nobody"), 1) as pool:
        pool.warm_up()
        with pytest.raises(MissingProgram):
            list(pool.read(tiff(tmp_path / "one.tif", 1), tmp_path))


def test_a_missing_engine_is_told(tmp_path: Path) -> None:
    info = tiff(tmp_path / "two.tif", 2)
    with ReaderPool(ReaderConfig(languages="xyz"), 2) as none, pytest.raises(MissingProgram, match="xyz"):
        list(none.read(info, tmp_path))


def test_a_reader_of_pages_that_stops_half_way_leaves_the_pool_usable(tmp_path: Path, pool: ReaderPool) -> None:
    info = tiff(tmp_path / "four.tif", 4)
    for _ in pool.read(info, tmp_path):
        break
    assert len(dict(pool.read(info, tmp_path))) == 4


def test_a_document_becomes_a_pdf_and_the_contracts_json(tmp_path: Path, pool: ReaderPool) -> None:
    info = tiff(tmp_path / "văn bản.tif", 3)
    seen: list[int] = []
    scanned = scan_document(info.path, pool, LIMITS, pdf=tmp_path / "out.pdf", on_page=seen.append)
    assert sorted(seen) == [1, 2, 3]
    assert scanned.failed == ()
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")
    data = json.loads(json.dumps(scanned.json))
    assert data["schema"] == "digitize.scan/1"
    assert data["source"] == {
        "name": "văn bản.tif",
        "sha256": info.sha256,
        "bytes": info.bytes,
        "media_type": "image/tiff",
    }
    assert data["refused"] is None
    assert [page["number"] for page in data["pages"]] == [1, 2, 3]
    page = data["pages"][1]
    assert page["text"].startswith("Trang số 2\n")
    assert (page["dpi"], page["origin"], page["rotation"], page["skew"]) == (100, "raster", 0, 0)
    assert page["words"][0].keys() == {"text", "box", "confidence"}
    assert 0 < page["grade"]["low"] <= page["grade"]["mean"] <= 1
    assert data["components"][0]["pages"] == [1, 2, 3]
    assert data["components"][0]["paper_type"] is None
    assert set(data["components"][0]["fields"].values()) == {None}
    assert not list(tmp_path.glob("digitize-pages-*"))
