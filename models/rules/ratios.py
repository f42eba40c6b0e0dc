"""Ratios as reports state them (R34, R38): numerator and denominator kept, rounded once and in a way that is named.

All in whole numbers: 0.967741… is never a float whose last digit decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from models.catalog.report_lines import Rounding


@dataclass(frozen=True, slots=True)
class Ratio:
    """``numerator`` of ``denominator`` things, each counted once. ``denominator`` 0: there is no ratio, neither 0 nor 100 %."""

    numerator: int
    denominator: int

    def percent(self, rounding: Rounding, decimals: int = 1) -> Decimal | None:
        """The share in per cent with so many decimals; ``None`` for n/a."""
        if self.denominator == 0:
            return None
        whole, rest = divmod(self.numerator * 100 * 10**decimals, self.denominator)
        if rounding is Rounding.HALF_UP and 2 * rest >= self.denominator:
            whole += 1
        return Decimal(whole).scaleb(-decimals)

    def reaches(self, percent: Decimal) -> bool | None:
        """Whether the exact share, not the rounded one, is at least ``percent``; ``None`` for n/a."""
        if self.denominator == 0:
            return None
        return self.numerator * 100 >= Fraction(percent) * self.denominator

    def lacks(self, percent: Decimal) -> int | None:
        """How many more of the denominator's things it takes to reach ``percent``; 0 when it is reached, ``None`` for n/a."""
        if self.denominator == 0:
            return None
        needed = Fraction(percent) * self.denominator / 100
        return max(0, -(-needed.numerator // needed.denominator) - self.numerator)

    @property
    def rest(self) -> int:
        """The denominator's things that are not in the numerator."""
        return self.denominator - self.numerator


def written(percent: Decimal | None, *, comma: bool = True) -> str:
    """``96,7`` as Vietnam writes it (``96.7`` otherwise); ``n/a`` where there is no ratio."""
    if percent is None:
        return "n/a"
    return f"{percent:f}".replace(".", ",") if comma else f"{percent:f}"


def points(ratio: Ratio, weight: Decimal, full_from: Decimal | None, rounding: Rounding) -> Decimal | None:
    """``weight`` times the ratio, all of it from ``full_from`` per cent on; two decimals. ``None`` for n/a.

    The formula is one province's running system's (RULES 7.1, P); weights and thresholds are lines of the catalog.
    """
    if ratio.denominator == 0:
        return None
    if full_from is not None and ratio.reaches(full_from):
        return weight
    hundredths = Fraction(weight) * 100 * ratio.numerator / ratio.denominator
    whole, rest = divmod(hundredths.numerator, hundredths.denominator)
    if rounding is Rounding.HALF_UP and 2 * rest >= hundredths.denominator:
        whole += 1
    return Decimal(whole).scaleb(-2)
