"""Which pages lie next to a page in its stack, and how differently they went through the feeder."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

REACH = 2
"""Pages before and after."""
LEAST = 2
"""Neighbours from whose skew a page's can deviate."""


def neighbours(number: int, count: int) -> list[int]:
    """The numbers (from 1) of the pages next to page ``number`` of ``count``, nearest first."""
    near = (number + side * step for step in range(1, REACH + 1) for side in (-1, 1))
    return [other for other in near if 1 <= other <= count]


def skew_deviations(pages: Sequence[tuple[int, float | None]]) -> dict[int, float]:
    """How far each page leans from the median of the pages around it, degrees, by page number.

    ``pages``: (number, skew); ``None`` for a page without writing, which tells nothing and is passed over. A page with fewer than two
    others to compare it with is left out.
    """
    told = [(number, skew) for number, skew in pages if skew is not None]
    found = {}
    for index, (number, skew) in enumerate(told):
        near = [told[other - 1][1] for other in neighbours(index + 1, len(told))]
        if len(near) >= LEAST:
            found[number] = round(skew - median(near), 2)
    return found
