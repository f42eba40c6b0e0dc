"""Separator sheets as people make them: a large word, a QR code, nothing else that a paper would have."""

from __future__ import annotations

from random import Random

from sample_scans.generator import Sample, wear_page
from sample_scans.layout.draft import Draft
from sample_scans.layout.qr import qr_mark
from sample_scans.layout.rich import Style
from sample_scans.layout.sheet import Sheet
from sample_scans.wear import subseed

PAYLOAD = "DGZ1:SEP"
"""What the code says, with a number as its key (docs/separators.md)."""


def separator(seed: int, number: int, dpi: float = 200.0, payload: str = PAYLOAD) -> Draft:
    """The sheet, clean. ``payload``: of the code, with the number as its key."""
    rng = Random(subseed(seed, "separator"))
    draft = Draft(dpi, rng)
    draft.numbered = False
    code = f"{payload};key={number}"
    draft.y = 60
    draft.centred(f"**{rng.choice(('TỜ PHÂN CÁCH', 'TỜ NGĂN HỒ SƠ'))}**", Style(28), after=10)
    draft.sheet.marks.append(qr_mark(code, draft.sheet, 75, draft.y, 60))
    draft.y += 72
    draft.centred(f"Số {number}", Style(20), after=6)
    draft.centred("Đặt tờ này trước mỗi giấy tờ. Tờ này không được lưu vào hồ sơ.", Style(13))
    return draft


def separator_sample(
    seed: int, wear: str, number: int, dpi: float = 200.0, payload: str = PAYLOAD
) -> tuple[Sheet, Sample]:
    """The sheet (for what shows through on its back) and its worn picture; the truth has no paper type."""
    draft = separator(seed, number, dpi, payload)
    return draft.sheet, wear_page(draft, None, seed, wear, 1)
