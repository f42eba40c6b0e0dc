"""Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ (NĐ 61/2018/NĐ-CP Điều 17; mẫu số 02 of TT 03/2025/TT-VPCP, as practice sets it): A4, one or more pages.

The form's exact wording was not seen (docs/rules.md), so the slip says what the rule asks for: who asks whom, for which dossier and
procedure, what is missing, why, and where to bring it. A QR code holds the dossier's code, for the scanner at the counter.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import segno
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from digitize_api.slips.fonts import FAMILY, add_fonts, finished

_MARGIN, _WIDTH = 20.0, 170.0  # millimetres; A4 is 210 wide
_LINE = 6.5


@dataclass(frozen=True, slots=True)
class Demand:
    """One paper that is asked for, and why (``""``: it is simply missing)."""

    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SupplementSlip:
    """``at``: aware; shown at +07:00 by its caller's choice of zone. ``holder`` is empty where nobody is named."""

    agency: str
    dossier_code: str
    procedure_code: str
    procedure_name: str
    holder: str
    demands: Sequence[Demand]
    officer: str
    at: datetime


def supplement_pdf(slip: SupplementSlip) -> bytes:
    """The slip as PDF with embedded typefaces; the same slip gives the same bytes. ``MissingProgram`` without a typeface."""
    pdf = FPDF(format="A4")
    pdf.set_margin(_MARGIN)
    pdf.set_auto_page_break(True, _MARGIN)
    pdf.set_creation_date(slip.at)
    pdf.set_title(f"Phiếu yêu cầu bổ sung hồ sơ {slip.dossier_code}")
    pdf.set_lang("vi")
    add_fonts(pdf)
    pdf.add_page()
    _head(pdf, slip)
    _body(pdf, slip)
    _signature(pdf, slip)
    return finished(pdf)


def _text(pdf: FPDF, text: str, *, style: str = "", size: float = 13, align: str = "L", indent: float = 0) -> None:
    pdf.set_font(FAMILY, style, size)
    pdf.set_x(_MARGIN + indent)
    pdf.multi_cell(_WIDTH - indent, _LINE, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _columns(
    pdf: FPDF, left: str, right: str, *, left_style: str = "", right_style: str = "", size: float = 12
) -> None:
    top, ends = pdf.get_y(), []
    for x, width, text, style in ((_MARGIN, 75.0, left, left_style), (_MARGIN + 75, 95.0, right, right_style)):
        pdf.set_xy(x, top)
        pdf.set_font(FAMILY, style, size)
        pdf.multi_cell(width, _LINE, text, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        ends.append(pdf.get_y())
    pdf.set_y(max(ends))


def _head(pdf: FPDF, slip: SupplementSlip) -> None:
    _columns(pdf, slip.agency.upper(), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", left_style="B", right_style="B")
    _columns(pdf, "BỘ PHẬN MỘT CỬA", "Độc lập - Tự do - Hạnh phúc", right_style="B")
    day = f"ngày {slip.at:%d} tháng {slip.at:%m} năm {slip.at:%Y}"
    _columns(pdf, f"Mã hồ sơ: {slip.dossier_code}", day, right_style="I")
    pdf.ln(4)
    code = io.BytesIO()
    segno.make(slip.dossier_code, error="m", micro=False).save(code, kind="png", scale=8, border=2)
    pdf.image(code, x=_MARGIN, y=pdf.get_y(), w=24, alt_text=f"Mã QR: {slip.dossier_code}")
    pdf.ln(4)
    _text(pdf, "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", style="B", size=14, align="C")
    pdf.ln(16)


def _body(pdf: FPDF, slip: SupplementSlip) -> None:
    _text(pdf, f"Kính gửi: {slip.holder or 'Tổ chức, cá nhân nộp hồ sơ'}")
    pdf.ln(2)
    code = f" (mã {slip.procedure_code})" if slip.procedure_code else ""
    _text(
        pdf,
        f"Hồ sơ số {slip.dossier_code} về thủ tục: {slip.procedure_name}{code} còn thiếu những giấy tờ sau:",
        indent=10,
    )
    pdf.ln(1)
    for number, demand in enumerate(slip.demands, 1):
        _text(pdf, f"{number}. {demand.name}", style="B", indent=10)
        if demand.reason:
            _text(pdf, f"Lý do: {demand.reason}", style="I", size=12, indent=16)
    pdf.ln(2)
    _text(
        pdf,
        "Đề nghị ông (bà), tổ chức bổ sung và nộp tại Bộ phận Một cửa, mang theo phiếu này. Giấy tờ đã được số hóa và còn hiệu "
        "lực trong kho thì không phải nộp lại.",
        indent=10,
    )
    pdf.ln(6)


def _signature(pdf: FPDF, slip: SupplementSlip) -> None:
    if pdf.will_page_break(5 * _LINE):
        pdf.add_page()
    _columns(pdf, "NGƯỜI NHẬN PHIẾU", "NGƯỜI TIẾP NHẬN HỒ SƠ", left_style="B", right_style="B", size=13)
    _columns(pdf, "(Ký, ghi rõ họ tên)", "(Ký, ghi rõ họ tên)", left_style="I", right_style="I")
    pdf.ln(20)
    _columns(pdf, "", slip.officer, right_style="B", size=13)
