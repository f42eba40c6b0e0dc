"""Separator sheets as PDF: A4, a code that scanners read lying any way, and what to do with the sheet in plain words."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import segno
import zxingcpp
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from PIL import Image

from digitize_api.slips.fonts import FAMILY, add_fonts, finished
from workers.classify.separators import Separator, format_separator

QR_MM = 55.0
BAR_MM, BARS_HIGH_MM = 165.0, 16.0
THINNEST_MM = 0.19
"""Of a bar: what office printers and hand scanners still manage (7.5 mil)."""
MODULES_A_SIGN = 11
"""Of Code 128; figures in pairs take half of it, so the width is checked once more when it is drawn."""
_MARGIN, _WIDTH = 20.0, 170.0  # millimetres; A4 is 210 wide
_STEPS = (
    "Tờ này không phải là giấy tờ của hồ sơ.",
    (
        "Đặt tờ này ngay trước trang đầu của mỗi giấy tờ trong chồng giấy, mặt có mã cùng phía với mặt trước của các trang, "
        "mũi tên hướng về đầu trang."
    ),
    "Sau tờ này bắt đầu một giấy tờ mới; chính tờ này không thuộc giấy tờ nào.",
    "Dùng lại được nhiều lần. Không gấp, viết, đóng dấu hay dán lên mã.",
)
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)  # no sheet is dated: the same sheets give the same bytes


@dataclass(frozen=True, slots=True)
class SeparatorSheet:
    """``name``: what people call the paper that follows, ``""`` when the sheet does not say which it is."""

    separator: Separator
    name: str = ""


def separators_pdf(sheets: Iterable[SeparatorSheet]) -> bytes:
    """A page a sheet. ``MissingProgram`` without a typeface, ``ValueError`` for a separator that has no payload."""
    pdf = FPDF(format="A4")
    pdf.set_margin(_MARGIN)
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(_EPOCH)
    pdf.set_title("Tờ phân cách")
    pdf.set_lang("vi")
    add_fonts(pdf)
    for sheet in sheets:
        pdf.add_page()
        _draw(pdf, sheet)
    return finished(pdf)


def _draw(pdf: FPDF, sheet: SeparatorSheet) -> None:
    payload = format_separator(sheet.separator)
    pdf.set_fill_color(0)
    pdf.polygon([(105, 14), (93, 30), (100, 30), (100, 42), (110, 42), (110, 30), (117, 30)], style="F")
    pdf.set_y(46)
    _text(pdf, "TỜ PHÂN CÁCH", style="B", size=34, line=14)
    if sheet.name:
        _text(pdf, f"Giấy tờ tiếp theo: {sheet.name}", size=16, line=8)
    if sheet.separator.key:
        _text(pdf, f"Mã trong danh mục: {sheet.separator.key}", size=14, line=7)
    picture = io.BytesIO()
    segno.make(payload, error="q", micro=False).save(picture, kind="png", scale=10, border=4)
    # The white margin is part of the picture: 55 mm are the code alone.
    side = QR_MM * _with_border(payload)
    pdf.image(picture, x=105 - side / 2, y=pdf.get_y(), w=side, alt_text=f"Mã QR: {payload}")
    pdf.set_y(pdf.get_y() + side)
    _bars(pdf, payload)
    _text(pdf, payload, size=10, line=6)
    pdf.ln(3)
    for number, step in enumerate(_STEPS, 1):
        _text(pdf, f"{number}. {step}", size=13, line=6.5, align="L")


def _with_border(payload: str) -> float:
    modules = len(segno.make(payload, error="q", micro=False).matrix)
    return (modules + 8) / modules


def _bars(pdf: FPDF, payload: str) -> None:
    """Code 128 for hand scanners; left out where the text is so long that its bars would be too thin to read."""
    if len(payload) * MODULES_A_SIGN > BAR_MM / THINNEST_MM:
        return  # the encoder takes no text of such length either
    bars = np.array(
        zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.Code128).to_image(add_quiet_zones=False), np.uint8
    )
    modules = bars.shape[1]
    if BAR_MM / modules < THINNEST_MM:
        return
    width = min(BAR_MM, 0.5 * modules)
    picture = Image.fromarray(np.repeat(bars[:1], 6, axis=1))  # a row of pixels; the page makes it high
    pdf.image(picture, x=105 - width / 2, y=pdf.get_y(), w=width, h=BARS_HIGH_MM, alt_text=f"Mã vạch: {payload}")
    pdf.set_y(pdf.get_y() + BARS_HIGH_MM + 2)


def _text(pdf: FPDF, text: str, *, size: float, line: float, style: str = "", align: str = "C") -> None:
    pdf.set_font(FAMILY, style, size)
    pdf.multi_cell(_WIDTH, line, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
