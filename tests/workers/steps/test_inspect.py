from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.paths import SCANS
from workers.limits import Limits
from workers.page import DecodedPage, Pixels
from workers.steps import decode
from workers.steps.inspect import Inspection, Warn, inspect

LIMITS = Limits()


@pytest.fixture(scope="module", autouse=True)
def _one_child() -> Iterator[None]:
    yield
    decode.stop()


@cache
def drawn() -> DecodedPage:
    """An A4 page at 200 dpi: lines of letters with a red seal, on slightly noisy paper."""
    rng = np.random.default_rng(7)
    pixels = np.full((2339, 1654, 3), 246, np.uint8)
    for row in range(24):
        cv2.putText(
            pixels, "UBND TINH QUANG NGAI 383 QD", (180, 300 + 75 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (30, 30, 34), 3
        )
    cv2.circle(pixels, (1200, 1900), 140, (205, 40, 50), 8)
    noise = rng.normal(0, 2, pixels.shape)
    return DecodedPage(np.clip(pixels + noise, 0, 255).astype(np.uint8), 200.0)


def changed(pixels: Pixels) -> DecodedPage:
    return replace(drawn(), pixels=np.ascontiguousarray(pixels))


def warnings(page: DecodedPage) -> set[str]:
    return set(inspect(page).warnings)


def test_a_good_page_has_no_warning() -> None:
    assert warnings(drawn()) == set()


def test_each_fault_gives_its_code_and_no_other() -> None:
    pixels = drawn().pixels
    half = np.asarray(cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    faults = {
        Warn.DPI_LOW: replace(drawn(), pixels=half, dpi=100.0),
        Warn.DPI_UNKNOWN: replace(drawn(), dpi_known=False),
        Warn.NOT_COLOUR: changed(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)),
        Warn.BLURRED: changed(np.asarray(cv2.GaussianBlur(pixels, (0, 0), 2.4), dtype=np.uint8)),
        Warn.CUT_EDGES: changed(np.hstack([pixels[:, 300:], pixels[:, :150], pixels[:, :150]])),
        Warn.TOO_DARK: changed((pixels * 0.4).astype(np.uint8)),
    }
    for code, page in faults.items():
        assert warnings(page) == {code}


def test_grey_stored_as_rgb_is_not_colour() -> None:
    grey = cv2.cvtColor(drawn().pixels, cv2.COLOR_RGB2GRAY)
    assert warnings(changed(np.dstack([grey, grey, grey]))) == {Warn.NOT_COLOUR}


def test_what_the_decoder_knew_is_kept_once() -> None:
    page = replace(drawn(), warnings=("DPI_LOW",), dpi=150.0)
    assert inspect(page).warnings.count("DPI_LOW") == 1


def empty() -> Pixels:
    return np.full((2339, 1654, 3), 248, np.uint8)


def test_a_back_with_ghost_ink_a_streak_and_a_feeder_shadow_is_blank() -> None:
    front = drawn().pixels[:, ::-1]
    ghost = (248 - (248 - front.astype(int)) * 0.2).clip(0, 255).astype(np.uint8)
    ghost[:, 700:702] = 200
    ghost[:, :12] = 60
    cv2.circle(ghost, (500, 900), 140, (200, 60, 70), 8)
    result = inspect(changed(ghost))
    assert result.blank
    assert set(result.warnings) == {Warn.BLANK}


@pytest.mark.parametrize("colour", [(30, 30, 30), (40, 60, 160), (110, 110, 110)])
def test_one_short_line_is_not_blank(colour: tuple[int, int, int]) -> None:
    page = empty()
    cv2.putText(page, "Trang 2 / 11", (700, 1200), cv2.FONT_HERSHEY_SIMPLEX, 1.0, colour, 3)
    assert not inspect(changed(page)).blank


def test_white_paper_and_dust_are_blank() -> None:
    page = empty()
    for x, y in np.random.default_rng(3).integers(100, 1500, (300, 2)):
        page[y, x] = 60
    assert inspect(changed(page)).blank


def test_tiny_pages_do_not_fail() -> None:
    for shape in ((1, 1, 3), (3, 2), (40, 2000), (2000, 5, 3)):
        assert isinstance(inspect(DecodedPage(np.zeros(shape, np.uint8), 300.0)), Inspection)


REAL = [
    (folder, path)
    for folder in ("pages/blank", "pages/upright", "pages/rotated", "official", "text", "bitonal", "lowres")
    for path in (sorted((SCANS / folder).glob("*.[pj][dnp][fg]")) if SCANS.is_dir() else ())
]
# Looked at by eye: backs of signed last pages, with the seal shining through.
REAL_BACKS = {
    ("11 CT.signed_20250513_153510.pdf", 4),
    ("574 UB.signed_20250510_124908.pdf", 2),
    ("84 QĐ UB.signed_20250513_162846.pdf", 4),
}


@pytest.mark.slow
@pytest.mark.skipif(not REAL, reason="../shared/scans is absent")
@pytest.mark.parametrize(("folder", "path"), REAL, ids=[path.name for _, path in REAL])
def test_real_pages(folder: str, path: Path) -> None:
    """Blank where it is blank and nowhere else; no page that was scanned well is called cut, blurred or dark."""
    info = decode.open_document(path, LIMITS)
    for number in range(1, info.page_count + 1):
        page = decode.decode_page(info, number, LIMITS)
        result = inspect(page)
        assert result.blank == (folder == "pages/blank" or (path.name, number) in REAL_BACKS), (path.name, number)
        doubts = set(result.warnings) & {Warn.CUT_EDGES, Warn.BLURRED, Warn.TOO_DARK}
        assert doubts == ({Warn.BLURRED} if "blur" in path.name else set()), (path.name, number)
        if folder == "lowres":
            assert Warn.DPI_LOW in result.warnings


def test_it_takes_less_than_a_tenth_of_a_second() -> None:
    pixels = np.asarray(cv2.resize(drawn().pixels, None, fx=1.5, fy=1.5), dtype=np.uint8)
    page = replace(drawn(), pixels=pixels, dpi=300.0)
    inspect(page)
    times = []
    for _ in range(5):
        started = time.process_time()
        inspect(page)
        times.append(time.process_time() - started)
    assert min(times) < 0.1
