"""What a scan must be (R6; NĐ 30/2020/NĐ-CP Phụ lục I Phần II Mục I.2: colour, 200 dpi, 100 %, whole pages). Flagged, never refused.

The PDF that we make has version 1.4 whatever came in, so an old one is no shortcoming of the result.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

BELOW: Final[dict[str, tuple[str, str]]] = {
    "DPI_LOW": ("Độ phân giải dưới 200 dpi.", "The resolution is under 200 dpi."),
    "NOT_COLOUR": ("Trang không có màu.", "The page is not in colour."),
    "CUT_EDGES": ("Chữ bị cắt ở mép trang.", "Writing is cut off at an edge."),
    "CUT_CORNER": ("Góc trang bị gấp hoặc mất.", "A corner is folded or missing."),
    "ODD_SIZE": ("Kích thước không phải tỷ lệ 100 % của khổ giấy nào.", "The size is 100 % of no paper's."),
}
"""Codes of the first look at a page (docs/quality-gate.md) that mean less than the rule asks, in Vietnamese and English."""


def below_the_rule(warnings: Iterable[str]) -> tuple[str, ...]:
    """Those of a page's warnings by which it is less than R6 asks, in the order of the table."""
    given = set(warnings)
    return tuple(code for code in BELOW if code in given)
