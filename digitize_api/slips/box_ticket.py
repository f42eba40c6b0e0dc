"""The ticket of a box (A4): its name large enough to be read from a ladder, and a QR code that opens the box's state on ``/kiem-dem``."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

import segno
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from digitize_api.slips.fonts import FAMILY, add_fonts, finished

_MARGIN, _WIDTH = 20.0, 170.0  # millimetres; A4 is 210 wide
_QR = 90.0


@dataclass(frozen=True, slots=True)
class BoxTicket:
    """``box``: its name as people call it (``Hộp 07``); ``papers``: how many were counted in it; ``at``: aware, shown as it is."""

    agency: str
    agency_code: str
    year: int
    box: str
    shelf: str
    papers: int
    code: str
    at: datetime


def box_ticket_pdf(ticket: BoxTicket) -> bytes:
    """One page with embedded typefaces; the same ticket gives the same bytes. ``MissingProgram`` without a typeface."""
    pdf = FPDF(format="A4")
    pdf.set_margin(_MARGIN)
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(ticket.at)
    pdf.set_title(f"Phiếu hộp: {ticket.box}")
    pdf.set_lang("vi")
    add_fonts(pdf)
    pdf.add_page()
    _text(pdf, ticket.agency.upper(), style="B", size=14, line=7)
    _text(pdf, f"Mã cơ quan: {ticket.agency_code}", size=12, line=6)
    pdf.ln(6)
    _text(pdf, "PHIẾU HỘP KẾT QUẢ GIẤY", style="B", size=18, line=9)
    _text(pdf, ticket.box, style="B", size=30 if len(ticket.box) <= 24 else 18, line=14)
    _text(pdf, f"Năm {ticket.year}", style="B", size=22, line=11)
    if ticket.shelf:
        _text(pdf, f"Vị trí: {ticket.shelf}", size=16, line=8)
    _text(pdf, f"{ticket.papers:,} kết quả giấy đã kiểm đếm".replace(",", "."), size=16, line=8)
    picture = io.BytesIO()
    segno.make(ticket.code, error="q", micro=False).save(picture, kind="png", scale=12, border=4)
    pdf.image(picture, x=105 - _QR / 2, y=pdf.get_y() + 2, w=_QR, alt_text=f"Mã QR: {ticket.code}")
    pdf.set_y(pdf.get_y() + _QR + 4)
    _text(pdf, ticket.code, style="B", size=16, line=8)
    pdf.ln(4)
    _text(pdf, "Mở trang Kiểm đếm, đặt con trỏ vào ô tìm rồi quét mã, hoặc gõ mã: trang cho biết trong hộp có giấy tờ nào, đã lưu bao nhiêu.", size=13, line=6.5)  # fmt: skip
    _text(pdf, f"In ngày {ticket.at:%d/%m/%Y}", style="I", size=11, line=6)
    return finished(pdf)


def _text(pdf: FPDF, text: str, *, size: float, line: float, style: str = "") -> None:
    pdf.set_font(FAMILY, style, size)
    pdf.multi_cell(_WIDTH, line, text, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
