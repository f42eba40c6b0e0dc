"""A page's reading does not keep what the posted file has: where the bytes lie is kept, and the PDF is made of them all the same."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import img2pdf
import numpy as np
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from models.entities import Component, Page
from tests.workers.runtimes import post, runtime_in
from tests.workers.test_arranging import Engine
from tests.workers.test_jobs import run_all
from workers.jobs import once
from workers.jobs.once import kept_once, put_back
from workers.outcome_codec import decode, encode
from workers.page import Encoding, PageOutcome, SourceImage
from workers.runtime import Runtime


def jpeg(seed: int) -> bytes:
    grain = np.random.default_rng(seed).integers(0, 255, (827, 585), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(grain).save(out, "JPEG", quality=60, dpi=(72, 72))
    return out.getvalue()


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    with runtime_in(tmp_path, load_engine=lambda: Engine(0.0)) as made:
        monkeypatch.setattr(made.doorbell, "ring", lambda _rings: [])
        yield made


def read_and_pdf(runtime: Runtime, path: Path, media_type: str) -> tuple[list[bytes], list[bytes], bytes]:
    """Post and read; the records, the page images, and the paper's PDF, as the store has them."""
    scan_id, _ = post(runtime, path, media_type=media_type)
    run_all(runtime, scan_id)
    with runtime.sessions() as session:
        pages = session.scalars(select(Page).where(Page.scan_id == scan_id).order_by(Page.number)).all()
        component = session.scalars(select(Component).where(Component.scan_id == scan_id)).one()
        keys = [[str(page.words_key) for page in pages], [str(page.image_key) for page in pages]]
        pdf_key = str(component.pdf_key)

    def fetched(key: str) -> bytes:
        with runtime.store.open(key) as stream:
            return stream.read()

    return [fetched(key) for key in keys[0]], [fetched(key) for key in keys[1]], fetched(pdf_key)


def streams(pdf: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [next(iter(page.get_images().values())).read_raw_bytes() for page in opened.pages]


def test_the_pages_of_a_pdf_are_kept_once(runtime: Runtime, tmp_path: Path) -> None:
    pages = [jpeg(number) for number in range(3)]
    (tmp_path / "scan.pdf").write_bytes(img2pdf.convert(pages))
    records, previews, pdf = read_and_pdf(runtime, tmp_path / "scan.pdf", "application/pdf")
    assert streams(pdf) == pages
    for record, preview, page in zip(records, previews, pages, strict=True):
        outcome = decode(record)
        assert outcome.source is not None
        assert (outcome.source.data, outcome.preview) == (b"", None)
        assert preview.startswith(b"\xff\xd8")
        assert page not in record
        assert len(record) < 5000


def test_a_photo_of_one_page_is_kept_once(runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "scan.jpg").write_bytes(jpeg(7))
    (record,), _, pdf = read_and_pdf(runtime, tmp_path / "scan.jpg", "image/jpeg")
    outcome = decode(record)
    assert outcome.source is not None
    assert outcome.source.within == (0, len(jpeg(7)))
    assert streams(pdf) == [jpeg(7)]


def test_what_the_file_does_not_hold_is_kept(runtime: Runtime, tmp_path: Path) -> None:
    """A picture of two levels is coded anew for the PDF: its bytes lie nowhere else."""
    grain = Image.fromarray(np.random.default_rng(1).integers(0, 2, (827, 585), dtype=np.uint8) * 255).convert("1")
    grain.save(tmp_path / "scan.tif", compression="tiff_lzw", dpi=(72, 72))
    (record,), _, pdf = read_and_pdf(runtime, tmp_path / "scan.tif", "image/tiff")
    outcome = decode(record)
    assert outcome.source is not None
    assert outcome.source.within is None
    assert outcome.source.data
    assert len(streams(pdf)) == 1


def outcome_of(data: bytes, number: int = 1) -> PageOutcome:
    return PageOutcome(number, source=SourceImage(Encoding.JPEG, 10, 10, data), preview=b"seen")


@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 3000), st.integers(300, 900))
def test_wherever_it_lies_it_is_found(
    tmp_path_factory: pytest.TempPathFactory, number: int, pages: int, before: int, size: int
) -> None:
    chance = random.Random(before)
    data = chance.randbytes(size)
    path = tmp_path_factory.mktemp("once") / "file"
    path.write_bytes(chance.randbytes(before) + data[:-1] + data + data[:280])
    kept = kept_once(outcome_of(data, min(number, pages) + 1), path, pages)
    assert kept.source is not None
    assert kept.source.within == (before + size - 1, size)
    again = decode(encode(kept))
    assert again == kept
    back = put_back(again, path)
    assert back == replace(outcome_of(data, min(number, pages) + 1), preview=None)


def test_no_longer_than_is_worth_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = random.Random(1).randbytes(600)
    path = tmp_path / "file"
    path.write_bytes(bytes(5000) + data)
    monkeypatch.setattr(once, "_FARTHEST", 4000)
    kept = kept_once(outcome_of(data), path)
    assert kept.source == outcome_of(data).source
    assert put_back(kept, path) == kept


def test_a_file_that_became_shorter_is_told(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(10))
    source = SourceImage(Encoding.JPEG, 10, 10, within=(5, 6))
    with pytest.raises(EOFError, match="before byte 11"):
        put_back(PageOutcome(1, source=source), path)
