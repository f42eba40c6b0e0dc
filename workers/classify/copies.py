"""Marks of a copy on a paper: what it is besides its type (R3, R20; NĐ 30/2020 Điều 25; NĐ 23/2015 Điều 12).

``ban_sao``: (BẢN SAO) in its title. ``trich_luc``: its title is TRÍCH LỤC. ``sao_y``, ``sao_luc``, ``trich_sao``: the forms of copy of NĐ 30/2020,
by their line or by the abbreviation in the number. ``ban_sao_chung_thuc``: the stamp of certification. ``ban_chup``: it calls itself a
photocopy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from rapidfuzz import fuzz

from workers.classify.segments import Segment

_STAMP: Final = "chungthucbansaodungvoibanchinh"
_FORMS: Final = (
    ("sao_y", re.compile(r"^\W*(ban )?sao y( ban chinh)?\b"), re.compile(r"/\s*SY\b")),
    ("sao_luc", re.compile(r"^\W*(ban )?sao luc\b"), re.compile(r"/\s*SL\s*-")),
    ("trich_sao", re.compile(r"^\W*(ban )?trich sao\b"), re.compile(r"/\s*Tr[Ss]\s*-")),
    ("ban_chup", re.compile(r"^\W*(ban sao chup|ban chup|ban photo)\b"), None),
)
_BOOK_OF_COPIES: Final = re.compile(r"\bSCT\s*/\s*BS\b")  # the register's mark in the stamp: quyển số 01 SCT/BS
_COPY: Final = re.compile(r"^\W*ban sao\W*$|\(\s*ban sao\s*\)")


def copy_marks(segments: Iterable[Segment], title: Sequence[Segment] = ()) -> frozenset[str]:
    """The marks on these segments (of all pages of the paper); ``title``: its title lines."""
    found: set[str] = set()
    if any(segment.bare.startswith("trichluc") for segment in title[:1]):
        found.add("trich_luc")
    for segment in segments:
        text, folded = segment.text, segment.folded
        if segment.capitals > 0.6:
            for name, line, number in _FORMS:
                if line.search(folded) or (
                    number is not None and number.search(text) and folded.lstrip().startswith("s")
                ):
                    found.add(name)
            if segment.top < 0.5 and _COPY.search(folded):
                found.add("ban_sao")
        if _BOOK_OF_COPIES.search(text) or _is_stamp(segment.bare):
            found.add("ban_sao_chung_thuc")
    return frozenset(found)


def _is_stamp(bare: str) -> bool:
    """``CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH`` in one line, or its second half when it is broken over two."""
    if len(bare) < 16 or len(bare) > 60 or "ban" not in bare:
        return False
    return fuzz.partial_ratio(_STAMP if len(bare) > 24 else "bansaodungvoibanchinh", bare) >= 85
