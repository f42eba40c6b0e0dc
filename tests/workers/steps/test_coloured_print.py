"""Coloured ink that is print stays for the reader (a birth certificate's red title), what lies over the print goes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.workers.drawn import BODY, Sheet
from workers.steps.clean import for_reading
from workers.steps.leaders import leader_boxes, without_leaders

RED, BLUE = (205, 45, 55), (45, 65, 160)


def _ink(grey: np.ndarray, sheet: Sheet, top: float, bottom: float) -> int:
    return int((grey[sheet.px(top) : sheet.px(bottom)] < 150).sum())


@pytest.mark.parametrize("dpi", [100, 150, 200, 300])
@pytest.mark.parametrize("ink", [RED, BLUE])
def test_a_coloured_title_is_read(dpi: int, ink: tuple[int, int, int]) -> None:
    sheet = Sheet(dpi)
    sheet.write(30, 60, BODY)
    sheet.write(70, 40, ["GIẤY KHAI SINH"], points=20, style="Bold", ink=ink)
    black = Sheet(dpi)
    black.write(70, 40, ["GIẤY KHAI SINH"], points=20, style="Bold")
    kept = _ink(for_reading(sheet.pixels, dpi), sheet, 38, 52)
    assert kept > 0.8 * _ink(black.grey, black, 38, 52)


@pytest.mark.parametrize("points", [18, 22, 24, 26])
def test_title_letters_that_nearly_touch_are_no_seal(points: int) -> None:
    sheet, black = Sheet(190), Sheet(190)
    sheet.write(60, 40, ["GIẤY KHAI SINH"], points=points, style="Bold", ink=RED)
    black.write(60, 40, ["GIẤY KHAI SINH"], points=points, style="Bold")
    for each in (sheet, black):
        each.write(30, 70, BODY)
    kept = _ink(for_reading(sheet.pixels, 190), sheet, 38, 56)
    assert kept > 0.8 * _ink(black.grey, black, 38, 56)


def test_short_entries_of_a_form_filled_in_by_machine_stay() -> None:
    sheet = Sheet()
    sheet.write(20, 40, BODY)
    sheet.write(60, 100, ["Số 173 đường Hàng Tre, phường Chợ Gạch, tỉnh Trường Lam"], style="Italic", ink=BLUE)
    sheet.write(60, 110, ["Nữ"], style="Italic", ink=BLUE)
    sheet.write(60, 120, ["1984"], style="Italic", ink=BLUE)
    grey = for_reading(sheet.pixels)
    for top in (99, 109, 119):
        assert _ink(grey, sheet, top, top + 8) > 30


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("quality", [45, 80])
def test_an_underlined_address_in_blue_stays_on_a_worn_copy(dpi: int, quality: int) -> None:
    sheet = Sheet(dpi)
    sheet.write(30, 40, BODY)
    sheet.write(30, 100, ["https://dichvucong.example.vn"], points=13, ink=(50, 50, 255))
    page = sheet.pixels.copy()
    foot, left, right = sheet.px(104.9), sheet.px(30), sheet.px(86)
    page[foot : foot + round(dpi / 100), left:right] = (50, 50, 255)
    noise = np.random.default_rng(5).normal(0, 9, (*page.shape[:2], 1))
    worn = np.clip(30 + cv2.GaussianBlur(page, (0, 0), 0.7) * 0.75 + noise, 0, 255).astype(np.uint8)
    coded = cv2.imencode(".jpg", worn, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    copy = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
    as_printed = np.asarray(cv2.cvtColor(copy, cv2.COLOR_RGB2GRAY), np.uint8)
    kept = _ink(for_reading(copy, dpi), sheet, 98, 108)
    assert kept > 0.9 * _ink(as_printed, sheet, 98, 108)


def test_a_seal_goes_with_all_that_is_written_in_it() -> None:
    sheet = Sheet()
    sheet.write(20, 40, BODY)
    sheet.seal(140, 120)
    sheet.write(128, 118, ["T. SƠN MÂY"], points=10, style="Bold", ink=RED)
    assert _ink(for_reading(sheet.pixels), sheet, 100, 140) == 0


def test_a_number_written_by_hand_goes() -> None:
    sheet = Sheet()
    sheet.write(20, 40, BODY)
    sheet.write(40, 100, ["61"], points=20, style="Italic", ink=BLUE)
    assert _ink(for_reading(sheet.pixels), sheet, 98, 112) == 0


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_dot_leaders_go_and_the_words_before_them_stay(dpi: int) -> None:
    dotted, bare = Sheet(dpi), Sheet(dpi)
    for sheet in (dotted, bare):
        sheet.write(30, 40, ["Họ và tên:"])
    dotted.write(55, 40, ["." * 80])
    assert np.array_equal(without_leaders(dotted.grey, dpi) < 150, bare.grey < 150)


def test_a_page_of_text_has_no_leaders() -> None:
    sheet = Sheet()
    sheet.write(
        30, 40, (*BODY, "- Lưu: VT, KSTT...", "1.234.567.890", "ị ị ị ị ị ị ị ị ị ị ị ị", "i i i i i i i i i i i i i i")
    )
    assert len(leader_boxes(sheet.grey, 200)) == 0


def test_speckle_is_no_leader_and_costs_no_time() -> None:
    noise = np.full((1200, 1200), 255, np.uint8)
    noise[::4, ::4] = 0
    assert len(leader_boxes(noise, 200)) == 0
