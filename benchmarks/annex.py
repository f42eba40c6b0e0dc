"""The scanned decision's annex, a table over eight pages, and its truth, which is one table typed row by row."""

from __future__ import annotations

import re
from collections.abc import Sequence

HEAD = re.compile(r"^\d*\s*STT Mã.*? 12 13\s*")


def as_truth(pages: Sequence[str]) -> str:
    """The annex's pages as one table: its head once, and without ticks. ``pages``: folded text."""
    return without_ticks(" ".join([pages[0], *map(without_head, pages[1:])]))


def without_head(page: str) -> str:
    """A page of the annex without its number and the table's head: the truth gives the head once, as the table has it once."""
    return HEAD.sub("", page, count=1)


def without_ticks(text: str) -> str:
    """Without the ticks of its cells: a row that goes on overleaf is ticked before its text ends on paper, after it in the truth."""
    return " ".join(word for word in text.split() if word.lower() != "x")
