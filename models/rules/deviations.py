"""Pages unlike their neighbours in a batch: leaning, of another size, papers of another number of pages.

A value is held against those of the same kind around it: the modified z-score 0.6745 · |x - median| / MAD, outlying from 3.5 on (B. Iglewicz, D. C.
Hoaglin, "How to Detect and Handle Outliers", ASQC 1993). Median and MAD bear with half of the neighbours being odd themselves. A scanner's stack is
often all alike, so that MAD is 0 and any difference would be endless: a least difference, in the measure's own unit, stands in for it.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

OUTLYING: Final = 3.5
_NORMAL: Final = 0.6745  # the MAD of a normal distribution in its standard deviations
AROUND: Final = 20
"""Neighbours on each side, in the order in which papers were scanned: a change of the scanner's settings is told once, not to the batch's end."""
FEWEST: Final = 5
"""Neighbours; with fewer nothing is said."""
_SHOWN_MOST: Final = 999.9


class Measure(StrEnum):
    ANGLE = "angle"  # degrees that the page leant, before it was straightened
    SHORT_SIDE = "short_side"  # millimetres
    LONG_SIDE = "long_side"  # millimetres
    PAGES = "pages"  # of the paper


LEAST: Final[dict[Measure, float]] = {
    Measure.ANGLE: 2.0,
    Measure.SHORT_SIDE: 12.0,  # trimmed scans are up to 3.4 % off (docs/quality-gate.md): 10 mm of A4
    Measure.LONG_SIDE: 12.0,
    Measure.PAGES: 1.0,
}
"""What differs by less from the median is never told. Our own choice, in the units of ``Measure``."""


@dataclass(frozen=True, slots=True)
class Value:
    """``name``: whose value it is. ``group``: only values of one group are neighbours."""

    name: str
    group: str
    value: float


@dataclass(frozen=True, slots=True)
class Deviation:
    """``usual``: the neighbours' median. ``score``: how unlike, from ``OUTLYING`` on."""

    name: str
    value: float
    usual: float
    score: float


def unlike(values: Iterable[Value], measure: Measure) -> list[Deviation]:
    """Those unlike their neighbours; ``values`` in the order of scanning.

    The value itself is weighed among them: left out, it would make the other of two sizes that take turns (fronts and backs) the usual one.
    """
    groups: dict[str, list[Value]] = defaultdict(list)
    for one in values:
        groups[one.group].append(one)
    return [found for group in groups.values() for found in _of_group(group, LEAST[measure])]


def _of_group(group: Sequence[Value], least: float) -> list[Deviation]:
    found: list[Deviation] = []
    sorted_values: list[float] = []
    for one in group[:AROUND]:
        insort(sorted_values, one.value)
    for place, one in enumerate(group):
        if place + AROUND < len(group):
            insort(sorted_values, group[place + AROUND].value)
        if place > AROUND:
            sorted_values.remove(group[place - AROUND - 1].value)
        if len(sorted_values) <= FEWEST:
            continue
        usual = median(sorted_values)
        apart = abs(one.value - usual)
        if apart < least:
            continue
        spread = median(sorted(abs(value - usual) for value in sorted_values))
        score = _NORMAL * apart / max(spread, least * _NORMAL / OUTLYING)
        # A measure that differs by exactly the least has 3.5 but for the arithmetic.
        if score >= OUTLYING - 1e-9:
            found.append(Deviation(one.name, one.value, usual, min(round(score, 1), _SHOWN_MOST)))
    return found


def median(ordered: Sequence[float]) -> float:
    """Of values in order, at least one."""
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
