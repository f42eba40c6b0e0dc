"""Wide gaps in a line of words: where columns meet that a reader or a text layer joined, or a place to write in.

For whoever looks for slots in the ink (``workers.ocr.slots``) and whoever reads the words (``workers.classify``).
"""

from __future__ import annotations

from models.vietnamese.folding import fold

APART = 1.5
"""Em between two words from which on they are not of one line of print, unless a slot is what is wide."""

_BEFORE_SLOTS = frozenset({"so", "ngay", "thang", "nam"})
_BEHIND_SLOTS = ("/", "thang", "nam")


def is_open(left: str, right: str) -> bool:
    """Whether the words on both sides of a gap say that it is a slot: ``Số: … /QĐ-UBND``, ``ngày … tháng … năm``."""
    return fold(left).strip(" :.,;") in _BEFORE_SLOTS or fold(right).startswith(_BEHIND_SLOTS)
