"""Photos of sheets are made flat; scans, drawings and other pictures come out as the very same object."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from benchmarks.photos.scenes import GROUNDS, Photo, photo
from tests.workers.drawn import BODY, Sheet
from workers.page import DecodedPage, Line, Pixels, Word
from workers.steps.faithful import similarity
from workers.steps.rectify import PHOTO_RECTIFIED, rectified
from workers.steps.rectify.light import evenly_lit
from workers.steps.rectify.outline import in_order

DPI = 120
PLAIN = [ground for ground in GROUNDS if ground != "papers"]


def written(*, landscape: bool = False) -> Pixels:
    sheet = Sheet(DPI, landscape=landscape)
    for top in (40, 90, 140):
        sheet.write(25, top, BODY)
    return sheet.pixels


@pytest.fixture(scope="module")
def page() -> Pixels:
    return written()


def taken(page: Pixels, ground: str = "dark wood", curl: float = 0.0) -> Photo:
    return photo(page, DPI, 5, ground=ground, curl=curl, long_side=1000)


def decoded(pixels: Pixels, *, known: bool = False) -> DecodedPage:
    return DecodedPage(pixels, 120.0, dpi_known=known)


@pytest.mark.parametrize(("ground", "curl"), [(ground, 4.0 * (index % 2)) for index, ground in enumerate(PLAIN)])
def test_sheet_is_found_on_any_ground(page: Pixels, ground: str, curl: float) -> None:
    made = taken(page, ground=ground, curl=curl)
    out = rectified(decoded(made.pixels))
    assert out.sheet is not None
    off = np.linalg.norm(np.array(out.sheet) - in_order(made.corners), axis=1)
    assert off.max() < 0.004 * max(made.pixels.shape)
    high, wide = out.pixels.shape[:2]
    assert max(high, wide) / min(high, wide) == pytest.approx(2**0.5, abs=0.01)
    assert out.dpi == pytest.approx(max(high, wide) / 297 * 25.4, abs=0.1)
    assert not out.dpi_known
    assert out.source is None
    assert out.warnings == (PHOTO_RECTIFIED,)


@pytest.mark.parametrize("curl", [0.0, 5.0])
def test_flat_sheet_looks_like_the_page(page: Pixels, curl: float) -> None:
    made = taken(page, curl=curl)
    out = rectified(decoded(made.pixels))
    high, wide = page.shape[:2]
    likeness = []
    for quarter in range(4):
        turned = np.ascontiguousarray(np.rot90(evenly_lit(out.pixels, out.dpi), quarter))
        if (turned.shape[0] > turned.shape[1]) == (high > wide):
            soft = cv2.GaussianBlur(cv2.resize(turned, (wide, high), interpolation=cv2.INTER_AREA), (0, 0), 3)
            likeness.append(
                similarity(np.asarray(soft, np.uint8), np.asarray(cv2.GaussianBlur(page, (0, 0), 3), np.uint8))
            )
    assert max(likeness) > 0.9


def test_sheet_among_sheets_is_right_or_left_alone(page: Pixels) -> None:
    made = taken(page, ground="papers")
    out = rectified(decoded(made.pixels))
    if out.sheet is not None:
        assert np.abs(np.array(out.sheet) - in_order(made.corners)).max() < 0.01 * max(made.pixels.shape)


def test_identity_card_has_its_own_size() -> None:
    card = Sheet(DPI)
    card.write(10, 8, [line[:28] for line in BODY], points=9)
    pixels = card.pixels[: card.px(53.98), : card.px(85.6)]
    out = rectified(decoded(photo(pixels, DPI, 3, ground="blue desk", long_side=1000).pixels))
    assert out.sheet is not None
    assert max(out.pixels.shape) / out.dpi * 25.4 == pytest.approx(85.6, abs=0.2)


def left_alone(page: DecodedPage) -> bool:
    return rectified(page) is page


def test_scan_is_left_alone(page: Pixels) -> None:
    assert left_alone(decoded(page))
    assert left_alone(decoded(page, known=True))


@pytest.mark.parametrize("angle", [0.0, 1.5, -4.0])
@pytest.mark.parametrize("lid", [15, 200])
@pytest.mark.parametrize("known", [True, False])
def test_scan_on_a_dark_or_grey_lid_is_left_alone(page: Pixels, angle: float, lid: int, *, known: bool) -> None:
    high, wide = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 0.9)
    scan = cv2.warpAffine(page, matrix, (wide, high), borderValue=(lid, lid, lid))
    assert left_alone(decoded(np.asarray(scan, np.uint8), known=known))


def test_drawing_of_a_program_is_left_alone(page: Pixels) -> None:
    screen = cv2.copyMakeBorder(page, 90, 40, 220, 250, cv2.BORDER_CONSTANT, value=(90, 90, 96))
    assert left_alone(decoded(np.asarray(screen, np.uint8)))


def test_picture_of_something_else_is_left_alone(page: Pixels) -> None:
    table = taken(page, ground="cloth").pixels[:150].repeat(8, axis=0)
    noise = np.random.default_rng(1).integers(0, 255, (600, 800, 3), np.uint8)
    board = np.full((800, 600, 3), 60, np.uint8)
    cv2.fillPoly(board, [np.array([[80, 60], [540, 90], [500, 720], [60, 700]])], (240, 238, 230))
    assert all(
        left_alone(decoded(np.asarray(picture, np.uint8))) for picture in (table, noise, board)
    )  # an empty board too


def test_sheet_that_leaves_the_picture_is_left_alone(page: Pixels) -> None:
    made = taken(page)
    corners = made.corners
    assert left_alone(decoded(np.ascontiguousarray(made.pixels[: int(corners[:, 1].mean())])))


def test_page_with_words_of_its_own_is_left_alone(page: Pixels) -> None:
    line = Line((Word("Quyết", (0, 0, 10, 10), 1.0),))
    assert left_alone(replace(decoded(taken(page).pixels), text_layer=(line,)))


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 5000), (300, 200), (400, 400, 3)])
@pytest.mark.parametrize("value", [0, 128, 255])
def test_odd_pictures_are_left_alone(shape: tuple[int, ...], value: int) -> None:
    assert left_alone(decoded(np.full(shape, value, np.uint8)))


def test_light_is_evened_and_ink_kept() -> None:
    sheet = Sheet(100)
    sheet.write(25, 40, BODY)
    white = sheet.pixels
    light = np.linspace(0.4, 1.0, white.shape[1], dtype=np.float32)[None, :, None] * np.array(
        [1.0, 0.95, 0.8], np.float32
    )
    lit = evenly_lit((white * light).astype(np.uint8), 100)
    paper = lit[np.all(white == 255, axis=2)]
    assert np.percentile(paper, 2) > 225
    assert similarity(lit, white) > 0.9
