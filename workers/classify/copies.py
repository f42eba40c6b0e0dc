"""What the title of a copy says of it (R20): ``ban_sao`` for (BẢN SAO), ``trich_luc`` for TRÍCH LỤC.

The stamps of copies (SAO Y, certification) are told by :mod:`workers.classify.certified`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from workers.classify.segments import Segment

_COPY: Final = re.compile(r"^\W*ban sao\W*$|\(\s*ban sao\s*\)")


def copy_marks(segments: Iterable[Segment], title: Sequence[Segment] = ()) -> frozenset[str]:
    """The marks on a paper's first page. ``segments``: of that page; ``title``: its title lines."""
    found: set[str] = set()
    if any(segment.bare.startswith("trichluc") for segment in title[:1]):
        found.add("trich_luc")
    if any(one.top < 0.5 and one.capitals > 0.6 and _COPY.search(one.folded) for one in segments):
        found.add("ban_sao")
    return frozenset(found)
