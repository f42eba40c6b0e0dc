from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from benchmarks.photos.scenes import photo
from models.errors import MissingProgram
from tests.paths import SCANS, needs_scans
from tests.workers.drawn import act, act_text, error_rate, leaning
from workers.limits import Limits
from workers.ocr.engine import OcrEngine
from workers.ocr.factory import make_engine
from workers.page import DocumentInfo, Line, Origin, Pixels
from workers.pdf.searchable import PdfMetadata, Picture, build_pdf
from workers.pipeline import read_page
from workers.report import Source, scan_json
from workers.steps.decode import open_document
from workers.steps.rectify.outline import in_order

LIMITS = Limits()


@pytest.fixture(scope="module")
def engine() -> Iterator[OcrEngine]:
    made = make_engine("tesserocr")
    yield made
    made.close()


def saved(folder: Path, pixels: Pixels, *, dpi: int = 200, name: str = "page.png") -> DocumentInfo:
    path = folder / name
    Image.fromarray(pixels).save(path, dpi=(dpi, dpi))
    return open_document(path, LIMITS)


def inside(outcome_lines: tuple[Line, ...], width: int, height: int) -> bool:
    boxes = [word.box for line in outcome_lines for word in line.words]
    return all(0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height for x0, y0, x1, y1 in boxes)


@pytest.mark.parametrize(("turn", "lean"), [(0, 0.0), (90, 0.0), (180, 2.0), (270, -1.5)])
def test_a_page_is_set_straight_and_read(tmp_path: Path, engine: OcrEngine, turn: int, lean: float) -> None:
    pixels = np.ascontiguousarray(np.rot90(leaning(act(300, seal=True).pixels, lean), -turn // 90))
    outcome = read_page(saved(tmp_path, pixels, dpi=300), 1, engine, LIMITS)
    assert outcome.failure is None
    assert outcome.placement is not None
    assert outcome.placement.rotation == (360 - turn) % 360
    assert outcome.placement.skew == pytest.approx(lean, abs=0.15)
    assert error_rate(act_text(), outcome.text) < 0.04
    assert inside(outcome.lines, outcome.width, outcome.height)
    assert outcome.origin is Origin.RASTER
    assert outcome.source is not None
    assert outcome.fallback_jpeg is None
    assert outcome.engine == engine.name
    assert outcome.grade is not None
    assert {"decode", "inspect", "orient", "deskew", "clean", "recognise", "encode"} <= outcome.seconds.keys()
    preview = Image.open(io.BytesIO(outcome.preview or b""))
    assert preview.height <= 1600
    assert preview.width / preview.height == pytest.approx(outcome.width / outcome.height, rel=0.01)


def test_a_blank_page_is_not_read(tmp_path: Path, engine: OcrEngine) -> None:
    outcome = read_page(saved(tmp_path, act().pixels * 0 + 252), 1, engine, LIMITS)
    assert outcome.blank
    assert outcome.lines == ()
    assert outcome.grade is None
    assert "recognise" not in outcome.seconds
    assert "BLANK" in outcome.warnings
    assert outcome.failure is None


class _Broken:
    name = "broken 1 vie"

    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self, grey: Pixels, dpi: float) -> tuple[Line, ...]:
        assert grey.ndim == 2
        assert dpi > 0
        raise self._error

    def close(self) -> None:
        """Nothing."""


def test_an_engine_that_fails_costs_the_words_not_the_page(tmp_path: Path) -> None:
    outcome = read_page(saved(tmp_path, act().pixels), 1, _Broken(ValueError("secret words")), LIMITS)
    assert outcome.failure is not None
    assert outcome.failure.code == "PAGE_FAILED"
    assert "secret" not in outcome.failure.detail
    assert outcome.source is not None
    assert outcome.placement is not None
    assert outcome.lines == ()


def test_a_missing_program_is_raised(tmp_path: Path) -> None:
    with pytest.raises(MissingProgram):
        read_page(saved(tmp_path, act().pixels), 1, _Broken(MissingProgram("gone")), LIMITS)


def test_a_photo_of_a_sheet_is_made_flat_and_read(tmp_path: Path, engine: OcrEngine) -> None:
    taken = photo(act(200).pixels, 200, 4, ground="light wood", long_side=2400, tilt=15)
    info = saved(tmp_path, taken.pixels, dpi=72)
    outcome = read_page(info, 1, engine, LIMITS)
    assert outcome.failure is None
    assert "PHOTO_RECTIFIED" in outcome.warnings
    assert np.abs(np.array(outcome.sheet) - in_order(taken.corners)).max() < 8
    assert error_rate(act_text(), outcome.text) < 0.05
    assert inside(outcome.lines, outcome.width, outcome.height)
    assert outcome.source is None
    assert Image.open(io.BytesIO(outcome.fallback_jpeg or b"")).size == (outcome.width, outcome.height)
    about = PdfMetadata("photo", datetime(2026, 1, 1, tzinfo=UTC))
    report = build_pdf([outcome], tmp_path / "out.pdf", source_pdf=None, metadata=about)
    assert report.pictures == (Picture.DRAWN,)
    with pikepdf.open(report.path) as pdf:
        box = [float(side) for side in pdf.pages[0].MediaBox]
    assert sorted(box[2:]) == pytest.approx([595.3, 841.9], abs=1.5)  # A4
    pages = scan_json(Source.of(info), [outcome], ())["pages"]
    assert pages[0]["sheet"] == [list(corner) for corner in outcome.sheet or ()]


def test_a_photo_that_cannot_be_read_is_shown_as_it_came(tmp_path: Path) -> None:
    taken = photo(act(100).pixels, 100, 4, ground="stone", long_side=1000)
    outcome = read_page(saved(tmp_path, taken.pixels, dpi=72), 1, _Broken(ValueError("no")), LIMITS)
    assert outcome.failure is not None
    assert outcome.source is not None
    assert outcome.sheet is None
    assert (outcome.width, outcome.height) == (taken.pixels.shape[1], taken.pixels.shape[0])


def test_a_page_that_cannot_be_decoded_is_a_failure(tmp_path: Path, engine: OcrEngine) -> None:
    info = saved(tmp_path, act().pixels)
    info.path.write_bytes(info.path.read_bytes()[:3000])
    outcome = read_page(info, 1, engine, LIMITS)
    assert outcome.failure is not None
    assert outcome.failure.code == "CORRUPT_FILE"
    assert "decode" in outcome.seconds
    assert read_page(replace(info, page_count=2), 2, engine, LIMITS).failure is not None


def _pdf_with_text(path: Path, words: str) -> DocumentInfo:
    """A page of visible text in a standard font: born digital, in the letters that Helvetica has."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    rows = [f"BT /F1 12 Tf 60 {780 - 20 * i} Td ({words}) Tj ET" for i in range(20)]
    page.Contents = pdf.make_stream("\n".join(rows).encode("latin-1"))
    pdf.save(path)
    return open_document(path, LIMITS)


def test_visible_text_in_another_language_stays(tmp_path: Path, engine: OcrEngine) -> None:
    info = _pdf_with_text(tmp_path / "en.pdf", "This agreement is made between the parties named above")
    outcome = read_page(info, 1, engine, LIMITS)
    assert outcome.failure is None
    assert outcome.origin is Origin.TEXT
    assert outcome.text.startswith("This agreement")
    assert outcome.source_pdf_page == 0


@needs_scans
def test_born_digital_pages_are_kept_without_reading(engine: OcrEngine) -> None:
    path = min((SCANS / "digital").glob("*.pdf"))
    outcome = read_page(open_document(path, LIMITS), 1, engine, LIMITS)
    assert outcome.origin is Origin.TEXT
    assert "recognise" not in outcome.seconds
    assert outcome.fallback_jpeg is None
    assert outcome.preview


@needs_scans
@pytest.mark.parametrize(("page", "limit"), [(1, 0.02), (2, 0.01), (3, 0.07)])
def test_a_real_decision(engine: OcrEngine, page: int, limit: float) -> None:
    truth = (SCANS / "text" / f"241_qd_p{page}.txt").read_text()
    outcome = read_page(open_document(SCANS / "text" / "241_qd.pdf", LIMITS), page, engine, LIMITS)
    assert error_rate(truth, outcome.text) < limit
