from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import segno
import zxingcpp

from tests.paths import SCANS, needs_scans
from tests.workers.drawn import act, leaning
from workers.limits import Limits
from workers.page import Barcode, BarcodeKind, Pixels
from workers.steps.barcodes import find_barcodes
from workers.steps.decode import decode_page, open_document

CARD = "001190012345|012345678|Nguyễn Thị Ánh Nguyệt|05121990|Nữ|Tổ dân phố số 12, Phường Trúc Bạch, Quận Ba Đình, Hà Nội|25042021"
SHEET = "DGZ1:SEP;type=giay_khai_sinh;key=17"
FORMATS = {
    BarcodeKind.CODE128: (zxingcpp.BarcodeFormat.Code128, 55, 10),
    BarcodeKind.CODE39: (zxingcpp.BarcodeFormat.Code39, 70, 10),
    BarcodeKind.PDF417: (zxingcpp.BarcodeFormat.PDF417, 50, 15),
    BarcodeKind.DATA_MATRIX: (zxingcpp.BarcodeFormat.DataMatrix, 13, 13),
}


def qr(text: str, side: int) -> Pixels:
    modules = np.array(
        [[235 * (not dark) + 10 for dark in row] for row in segno.make(text, error="m", micro=False).matrix], np.uint8
    )
    return np.asarray(cv2.resize(modules, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def with_code(code: Pixels, x: float, y: float, dpi: int) -> Pixels:
    """An act with the code and its white margin at (x, y) mm."""
    page = act(dpi, seal=True).pixels
    left, top, margin = round(x / 25.4 * dpi), round(y / 25.4 * dpi), round(2 / 25.4 * dpi)
    height, width = code.shape
    page[max(0, top - margin) : top + height + margin, max(0, left - margin) : left + width + margin] = 255
    page[top : top + height, left : left + width] = code[..., None]
    return page


def worn(page: Pixels, *, blur: float = 0.8, noise: float = 6, quality: int = 60, fade: float = 0.0) -> Pixels:
    drawn = cv2.GaussianBlur(page, (0, 0), blur).astype(np.float32)
    drawn = 255 - (255 - drawn) * (1 - fade) + noise * np.random.default_rng(5).standard_normal(page.shape, np.float32)
    done, coded = cv2.imencode(".jpg", np.clip(drawn, 0, 255), [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def only(codes: tuple[Barcode, ...], kind: BarcodeKind, text: str) -> Barcode:
    assert [(code.kind, code.text) for code in codes] == [(kind, text)]
    return codes[0]


@pytest.mark.parametrize(
    ("text", "mm", "dpi", "fade"),
    [(SHEET, 15, 200, 0.3), (SHEET, 15, 150, 0.0), (SHEET, 60, 200, 0.4), (CARD, 20, 300, 0.0)],
)
@pytest.mark.parametrize(("lean", "turn"), [(0.0, 0), (4.0, 1), (-13.0, 2)])
def test_a_worn_qr_code_is_read_however_it_lies(
    text: str, mm: float, dpi: int, *, fade: float, lean: float, turn: int
) -> None:
    page = with_code(qr(text, round(mm / 25.4 * dpi)), 100, 130, dpi)
    page = np.ascontiguousarray(np.rot90(leaning(page, lean), turn))
    only(find_barcodes(worn(page, fade=fade), dpi), BarcodeKind.QR, text)


@pytest.mark.parametrize("dpi", [100, 200, 300, 600])
def test_the_box_is_around_the_code(dpi: int) -> None:
    side = round(40 / 25.4 * dpi)
    code = only(find_barcodes(with_code(qr(SHEET, side), 30, 200, dpi), dpi), BarcodeKind.QR, SHEET)
    x, y, off = round(30 / 25.4 * dpi), round(200 / 25.4 * dpi), 0.06 * side
    assert code.box == pytest.approx((x, y, x + side, y + side), abs=off)


@pytest.mark.parametrize("kind", list(FORMATS))
@pytest.mark.parametrize(("lean", "turn"), [(0.0, 0), (-3.0, 1), (15.0, 3)])
def test_other_codes_are_read(kind: BarcodeKind, lean: float, turn: int) -> None:
    form, wide, high = FORMATS[kind]
    drawn = np.array(zxingcpp.create_barcode("H56-2025-0017", form).to_image(scale=8, add_quiet_zones=False), np.uint8)
    size = (round(wide / 25.4 * 200), round(high / 25.4 * 200))
    page = with_code(np.asarray(cv2.resize(drawn, size, interpolation=cv2.INTER_AREA), np.uint8), 60, 140, 200)
    page = np.ascontiguousarray(np.rot90(leaning(page, lean), turn))
    only(find_barcodes(worn(page), 200), kind, "H56-2025-0017")


def test_two_codes_come_from_the_top_down() -> None:
    page = with_code(qr(SHEET, 160), 30, 240, 200)
    page[100:260, 100:260] = qr(CARD, 160)[..., None]
    assert [code.text for code in find_barcodes(page, 200)] == [CARD, SHEET]


@pytest.mark.parametrize("dpi", [100, 200, 300])
def test_a_page_without_codes_has_none(dpi: int) -> None:
    assert find_barcodes(worn(act(dpi, seal=True).pixels), dpi) == ()


@pytest.mark.parametrize("shape", [(1, 1), (1, 400), (400, 1, 3), (3, 2), (7, 5, 3)])
def test_scraps_are_no_trouble(shape: tuple[int, ...]) -> None:
    assert find_barcodes(np.zeros(shape, np.uint8), 4000.0) == ()
    assert find_barcodes(np.full(shape, 255, np.uint8), 30.0) == ()


def test_noise_and_black_are_no_codes() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1200, 900), np.uint8)
    assert find_barcodes(noise, 150) == ()
    assert find_barcodes(noise * 0, 150) == ()


def test_what_a_code_says_is_not_in_its_repr() -> None:
    assert "Nguyễn" not in repr(Barcode(BarcodeKind.QR, CARD, (1, 2, 3, 4)))


@needs_scans
@pytest.mark.parametrize("name", ["deskewed.jpg", "skewed.jpg", "skewed_bw.png"])
def test_a_real_patch_sheet_is_read_also_askew(name: str) -> None:
    info = open_document(Path(SCANS / "skew" / f"cyanfish+naps2__NAPS2.Sdk.Tests__Resources__{name}"), Limits())
    page = decode_page(info, 1, Limits())
    only(find_barcodes(page.pixels, page.dpi), BarcodeKind.CODE39, "PATCHT")
