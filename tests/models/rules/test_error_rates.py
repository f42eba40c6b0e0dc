"""Wilson's interval against figures worked out elsewhere, and what a limit makes of a sample."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.error_rates import Verdict, error_rate, judge


@pytest.mark.parametrize(
    ("wrong", "looked", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3: 81/263, 15/148, 0/20, 1/29.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_wilsons(wrong: int, looked: int, low: float, high: float) -> None:
    rate = error_rate(wrong, looked)
    assert rate.low == pytest.approx(low, abs=5e-5)
    assert rate.high == pytest.approx(high, abs=5e-5)
    assert rate.share == Fraction(wrong, looked)


def test_nothing_looked_at_is_not_nothing_wrong() -> None:
    rate = error_rate(0, 0)
    assert (rate.share, rate.low, rate.high) == (None, 0.0, 1.0)
    for wrong, looked in ((1, 0), (-1, 3), (4, 3)):
        with pytest.raises(ValueError, match="wrong"):
            error_rate(wrong, looked)


@given(st.integers(0, 500), st.integers(0, 500))
def test_it_holds_the_share_and_stays_within_0_and_1(wrong: int, right: int) -> None:
    rate = error_rate(wrong, wrong + right)
    assert 0 <= rate.low <= float(rate.share if rate.share is not None else 0) <= rate.high <= 1
    other = error_rate(right, wrong + right)
    assert rate.low == pytest.approx(1 - other.high)


@pytest.mark.parametrize(
    ("wrong", "looked", "drawn", "verdict"),
    [
        (0, 0, 30, Verdict.OPEN),
        (0, 29, 30, Verdict.OPEN),
        (0, 30, 30, Verdict.PASSED),
        (1, 1, 30, Verdict.FAILED),  # 3.3 % whatever the others are
        (1, 49, 50, Verdict.OPEN),  # 2 % and no more
        (1, 50, 50, Verdict.PASSED),
        (2, 2, 50, Verdict.FAILED),
        (0, 0, 0, Verdict.PASSED),
    ],
)
def test_a_limit_of_two_percent(wrong: int, looked: int, drawn: int, verdict: Verdict) -> None:
    assert judge(wrong, looked, drawn, Fraction(2, 100)) is verdict
