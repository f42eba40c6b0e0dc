"""R34, R35, R38: ratios, their rounding, and points."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalog import Rounding
from models.rules.ratios import Ratio, points, written

CUT, HALF = Rounding.TRUNCATE, Rounding.HALF_UP


def test_r38_bac_kan_by_either_rounding() -> None:
    """150/155 is 96,774… %: the annex of TP Bắc Kạn writes 96,7."""
    assert written(Ratio(150, 155).percent(CUT)) == "96,7"
    assert written(Ratio(150, 155).percent(HALF)) == "96,8"
    assert written(Ratio(150, 155).percent(CUT), comma=False) == "96.7"
    assert [written(Ratio(15, 20).percent(one)) for one in Rounding] == ["75,0", "75,0"]
    assert [written(Ratio(8, 10).percent(one, 0)) for one in Rounding] == ["80", "80"]


@pytest.mark.parametrize(
    ("ratio", "decimals", "cut", "half"),
    [
        (Ratio(1, 3), 1, "33,3", "33,3"),
        (Ratio(2, 3), 1, "66,6", "66,7"),
        (Ratio(1, 2000), 1, "0,0", "0,1"),  # 0,05 exactly: half goes up
        (Ratio(1, 2001), 1, "0,0", "0,0"),
        (Ratio(1999, 2000), 1, "99,9", "100,0"),  # truncation never says 100 before it is
        (Ratio(12345, 100000), 2, "12,34", "12,35"),
        (Ratio(0, 7), 1, "0,0", "0,0"),
        (Ratio(7, 7), 2, "100,00", "100,00"),
    ],
)
def test_r38_boundaries(ratio: Ratio, decimals: int, cut: str, half: str) -> None:
    assert written(ratio.percent(CUT, decimals)) == cut
    assert written(ratio.percent(HALF, decimals)) == half


def test_r34_a_zero_denominator_is_neither_0_nor_100() -> None:
    nothing = Ratio(0, 0)
    assert [nothing.percent(one) for one in Rounding] == [None, None]
    assert written(nothing.percent(CUT)) == "n/a"
    assert nothing.reaches(Decimal(90)) is None
    assert nothing.lacks(Decimal(90)) is None
    assert points(nothing, Decimal(6), None, CUT) is None
    assert Ratio(0, 1).percent(CUT) == 0


def test_r36_a_target_is_judged_on_the_exact_ratio() -> None:
    """899/1000 is written 90 without decimals, and still misses 90 %."""
    almost = Ratio(8999, 10000)
    assert almost.percent(HALF, 0) == 90
    assert almost.reaches(Decimal(90)) is False
    assert almost.lacks(Decimal(90)) == 1
    assert Ratio(9000, 10000).reaches(Decimal(90)) is True
    assert Ratio(9000, 10000).lacks(Decimal(90)) == 0
    assert Ratio(0, 7).lacks(Decimal(90)) == 7  # 6,3 papers: the seventh is needed
    assert Ratio(5, 7).lacks(Decimal("87.5")) == 2


@given(st.integers(0, 10**7), st.integers(1, 10**7), st.integers(0, 4))
def test_r38_rounding_is_that_of_fractions(part: int, more: int, decimals: int) -> None:
    ratio = Ratio(part, part + more)
    exact = Fraction(part, part + more) * 100
    step = Fraction(1, 10**decimals)
    cut, half = ratio.percent(CUT, decimals), ratio.percent(HALF, decimals)
    assert cut is not None
    assert half is not None
    assert 0 <= exact - Fraction(cut) < step
    assert abs(exact - Fraction(half)) <= step / 2
    assert half - cut in {0, Decimal(1).scaleb(-decimals)}


@given(st.integers(0, 5000), st.integers(1, 5000), st.decimals(1, 100, places=1))
def test_r36_what_is_lacking_is_just_enough(part: int, whole: int, target: Decimal) -> None:
    ratio = Ratio(min(part, whole), whole)
    lacks = ratio.lacks(target)
    assert lacks is not None
    assert Ratio(ratio.numerator + lacks, whole).reaches(target)
    assert lacks == 0 or not Ratio(ratio.numerator + lacks - 1, whole).reaches(target)


def test_r35_points_by_weight_and_threshold() -> None:
    """RULES 7.1: ratio × 6; 80 % and more gives all 4, below it a share of 4."""
    assert points(Ratio(1, 2), Decimal(6), None, CUT) == Decimal("3.00")
    assert points(Ratio(80, 100), Decimal(4), Decimal(80), CUT) == Decimal(4)
    assert points(Ratio(799, 1000), Decimal(4), Decimal(80), CUT) == Decimal("3.19")
    assert points(Ratio(799, 1000), Decimal(4), Decimal(80), HALF) == Decimal("3.20")
    assert points(Ratio(0, 9), Decimal(2), Decimal(80), CUT) == Decimal("0.00")
