"""How many papers of a whole are wrong, judged by a sample; and what a limit makes of it.

The interval is Wilson's (E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American Statistical
Association 22, 1927, 209-212): it keeps its level for small samples and rare faults, and never leaves 0..1. It takes the papers as endless,
so of a small batch it is too wide rather than too narrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import sqrt
from typing import Final

Z95: Final = 1.959963984540054
"""The 97.5th percentile of the normal distribution: an interval of 95 %."""


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """``wrong`` of ``looked`` papers. ``low``, ``high``: Wilson's 95 % interval; 0 and 1 while nothing was looked at."""

    wrong: int
    looked: int
    low: float
    high: float

    @property
    def share(self) -> Fraction | None:
        """``None`` while nothing was looked at: nothing is known, which is not 0 %."""
        return Fraction(self.wrong, self.looked) if self.looked else None


def error_rate(wrong: int, looked: int) -> ErrorRate:
    """``ValueError`` for more wrong than looked at."""
    if not 0 <= wrong <= looked:
        raise ValueError("0 <= wrong <= looked")
    if not looked:
        return ErrorRate(0, 0, 0.0, 1.0)
    share, square = wrong / looked, Z95 * Z95
    middle = (share + square / (2 * looked)) / (1 + square / looked)
    half = Z95 / (1 + square / looked) * sqrt(share * (1 - share) / looked + square / (4 * looked * looked))
    # The ends are exact where nothing, or all, was wrong; arithmetic would leave 1e-17.
    low, high = 0.0 if not wrong else middle - half, 1.0 if wrong == looked else middle + half
    return ErrorRate(wrong, looked, max(0.0, low), min(1.0, high))


class Verdict(StrEnum):
    OPEN = "open"  # papers of the sample are still to be looked at
    PASSED = "passed"
    FAILED = "failed"


def judge(wrong: int, looked: int, drawn: int, limit: Fraction) -> Verdict:
    """Of a sample of ``drawn``: failed as soon as more than ``limit`` of it is wrong whatever the rest is, passed when all was looked at."""
    if wrong > limit * drawn:
        return Verdict.FAILED
    return Verdict.PASSED if looked >= drawn else Verdict.OPEN
