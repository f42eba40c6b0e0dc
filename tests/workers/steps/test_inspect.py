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
from tests.workers.drawn import leaning
from workers.limits import Limits
from workers.page import DecodedPage, Origin, Pixels, Region
from workers.regions import place_of, placed
from workers.steps import decode
from workers.steps.gate.sizes import odd_size
from workers.steps.inspect import Inspection, Warn, inspect
from workers.steps.placement import place

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


def regions(page: DecodedPage) -> list[tuple[str, str]]:
    result = inspect(page)
    return [(region.code, place_of(region.box, *result.size)) for region in result.regions]


def test_a_quarter_out_of_focus_is_found_beside_sharp_print() -> None:
    pixels = drawn().pixels.copy()
    part = pixels[1170:, :827]
    part[:] = cv2.GaussianBlur(part, (0, 0), 2.8)
    assert regions(changed(pixels)) == [(Warn.BLURRED, "bottom_left")]


@pytest.mark.parametrize("kernel", [(1, 6), (6, 1)])
def test_a_band_that_moved_while_it_was_scanned_is_found(kernel: tuple[int, int]) -> None:
    pixels = drawn().pixels.copy()
    pixels[600:1300] = cv2.blur(pixels[600:1300], kernel[::-1])
    assert {code for code, _ in regions(changed(pixels))} == {Warn.BLURRED}


def test_print_blurred_past_reading_is_not_blank() -> None:
    result = inspect(changed(np.asarray(cv2.GaussianBlur(drawn().pixels, (0, 0), 6.5), np.uint8)))
    assert not result.blank
    assert Warn.BLURRED in result.warnings


@pytest.mark.parametrize(("lid", "line"), [(40, 0), (225, 0), (248, 60)])
@pytest.mark.parametrize("flip", [(1, 1), (1, -1), (-1, 1), (-1, -1)])
def test_a_missing_corner_is_found_on_any_lid_that_shows(lid: int, line: int, flip: tuple[int, int]) -> None:
    pixels = drawn().pixels[:: flip[0], :: flip[1]].copy()
    corner = np.array([(0, 0), (200, 0), (0, 160)])
    cv2.fillPoly(pixels, [corner], (lid, lid, lid))
    if line:
        cv2.line(pixels, (200, 0), (0, 160), (248 - line,) * 3, 4)
    place = ("top" if flip[0] == 1 else "bottom") + "_" + ("left" if flip[1] == 1 else "right")
    assert regions(changed(pixels[:: flip[0], :: flip[1]])) == [(Warn.CUT_CORNER, place)]


def test_a_slanting_stroke_or_a_leaning_sheet_is_no_missing_corner() -> None:
    stroke = drawn().pixels.copy()
    cv2.line(stroke, (200, 120), (120, 200), (40, 60, 160), 5)
    wedge = drawn().pixels.copy()
    cv2.fillPoly(wedge, [np.array([(0, 0), (110, 0), (0, 2338)])], (30, 30, 30))
    for pixels in (stroke, wedge):
        assert Warn.CUT_CORNER not in warnings(changed(pixels))


@pytest.mark.parametrize("skin", [(224, 172, 140), (198, 134, 96), (141, 85, 56)])
@pytest.mark.parametrize("turn", range(4))
def test_a_finger_is_found_from_every_side(skin: tuple[int, int, int], turn: int) -> None:
    pixels = np.rot90(drawn().pixels, turn).copy()
    cv2.ellipse(pixels, (0, 900), (190, 75), 0, 0, 360, skin, -1)
    pixels = np.ascontiguousarray(np.rot90(cv2.GaussianBlur(pixels, (0, 0), 1.0), -turn))
    assert Warn.FINGER in warnings(changed(pixels))


def test_a_seal_over_the_edge_and_a_brown_stripe_are_no_fingers() -> None:
    seal, stripe = drawn().pixels.copy(), drawn().pixels.copy()
    cv2.circle(seal, (1654, 1200), 140, (205, 60, 70), 8)
    stripe[:, :120] = (198, 134, 96)
    for pixels in (seal, stripe):
        assert Warn.FINGER not in warnings(changed(pixels))


def test_shadows_fade_and_shaded_cells_do_not() -> None:
    x = np.arange(1654, dtype=np.float32)
    spine = drawn().pixels * (1 - 0.75 * np.exp(-x / 100))[None, :, None]
    assert regions(changed(spine.astype(np.uint8))) == [(Warn.SHADOW, "left")]
    cell = drawn().pixels.copy()
    cell[400:900, 300:1200] = (cell[400:900, 300:1200] * 0.6).astype(np.uint8)
    assert Warn.SHADOW not in warnings(changed(cell))
    drawn_by_a_program = replace(changed(spine.astype(np.uint8)), origin=Origin.TEXT)
    assert Warn.SHADOW not in warnings(drawn_by_a_program)


@pytest.mark.parametrize("turn", [0, 1])
@pytest.mark.parametrize("degrees", [-12.0, 6.0])
def test_a_leaning_page_is_seen_at_a_glance(turn: int, degrees: float) -> None:
    page = changed(np.rot90(leaning(drawn().pixels, degrees), turn))
    result = inspect(page)
    assert Warn.SKEWED in result.warnings
    assert abs(result.skew - degrees) <= 0.5


@pytest.mark.parametrize(
    ("size", "odd"),
    [
        ((210, 297), False),
        ((203, 289), False),
        ((297, 210), False),
        ((85.6, 54), False),
        ((210, 330), False),
        ((148, 105), False),
        ((210, 240), True),
        ((231, 327), True),
        ((60, 297), True),
    ],
)
def test_odd_sizes(size: tuple[float, float], odd: bool) -> None:
    assert odd_size(round(size[0] / 25.4 * 300), round(size[1] / 25.4 * 300), 300.0) == odd


def test_a_camera_or_a_screen_tells_no_size() -> None:
    assert not odd_size(4032, 3024, 300.0)
    assert not odd_size(700, 497, 96.0)


def test_regions_follow_the_page() -> None:
    turned = place(1000, 2000, rotation=90)
    (moved,) = placed([Region("BLURRED", (0, 0, 300, 400))], turned)
    assert moved.box == (1600, 0, 2000, 300)
    assert place_of(moved.box, turned.width, turned.height) == "top_right"
    assert place_of((0, 0, 1000, 900), 1000, 2000) == "top"
    assert place_of((400, 900, 600, 1100), 1000, 2000) == "middle"
    assert place_of((0, 0, 1000, 2000), 1000, 2000) == "page"


def test_tiny_pages_do_not_fail() -> None:
    for shape in ((1, 1, 3), (3, 2), (40, 2000), (2000, 5, 3)):
        assert isinstance(inspect(DecodedPage(np.zeros(shape, np.uint8), 300.0)), Inspection)


REAL = [
    (folder, path)
    for folder in ("pages/blank", "pages/upright", "pages/rotated", "official", "text", "bitonal", "lowres")
    for path in (sorted((SCANS / folder).glob("*.[pj][dnp][fg]")) if SCANS.is_dir() else ())
]
# Looked at by eye: backs of signed last pages, with the seal shining through.
FACTS = {Warn.BLANK, Warn.DPI_LOW, Warn.DPI_UNKNOWN, Warn.NOT_COLOUR}
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
        doubts = set(result.warnings) - FACTS
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
