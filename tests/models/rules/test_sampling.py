"""Samples that anybody can draw again; shares by largest remainders; what was drawn stays drawn."""

from __future__ import annotations

import math
from fractions import Fraction
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.sampling import allocate, band, draw, rank

SHARES = st.fractions(min_value=0, max_value=1, max_denominator=200)
SIZES = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 300), max_size=8)


def papers(**sizes: int) -> dict[str, list[str]]:
    return {name: [f"{name}{number}" for number in range(size)] for name, size in sizes.items()}


def test_the_rank_is_what_it_is_said_to_be() -> None:
    assert rank("s", "paper") == sha256(b"s/paper").hexdigest()
    assert rank("s", "paper") != rank("t", "paper")


@pytest.mark.parametrize(
    ("sizes", "share", "parts"),
    [
        ({"a": 10}, "3/10", {"a": 3}),
        ({"a": 100, "b": 50, "c": 50}, "3/10", {"a": 30, "b": 15, "c": 15}),
        # 30 % of 11 is 3.3, so 4: quotas 2.18, 1.09, 0.73; the fraction of c is the largest.
        ({"a": 6, "b": 3, "c": 2}, "3/10", {"a": 2, "b": 1, "c": 1}),
        ({"a": 97, "b": 3}, "1/50", {"a": 2, "b": 1}),  # one on top for b
        ({"a": 1, "b": 1, "c": 0}, "1/100", {"a": 1, "b": 1, "c": 0}),
        ({"a": 4}, "0", {"a": 0}),
        ({"a": 4, "b": 5}, "1", {"a": 4, "b": 5}),
        ({"b": 5, "a": 5}, "1/10", {"a": 1, "b": 1}),
        ({}, "1/2", {}),
    ],
)
def test_shares_by_largest_remainders(sizes: dict[str, int], share: str, parts: dict[str, int]) -> None:
    assert allocate(sizes, Fraction(share)) == parts


def test_a_share_is_a_share() -> None:
    for share in (Fraction(-1, 10), Fraction(11, 10)):
        with pytest.raises(ValueError, match="share"):
            allocate({"a": 1}, share)


@given(SIZES, SHARES)
def test_no_stratum_is_forgotten_and_none_gives_more_than_it_has(sizes: dict[str, int], share: Fraction) -> None:
    parts = allocate(sizes, share)
    total = sum(sizes.values())
    wanted = math.ceil(share * total)
    assert parts.keys() == sizes.keys()
    for name, part in parts.items():
        assert (1 if share and sizes[name] else 0) <= part <= sizes[name]
        # Each has its quota, but for less than one paper; or the one that nobody is refused.
        assert part >= Fraction(wanted * sizes[name], total or 1).__floor__()
        assert part <= max(1, Fraction(wanted * sizes[name], total or 1).__ceil__())
    assert wanted <= sum(parts.values()) <= wanted + sum(1 for size in sizes.values() if size)


@given(SIZES, SHARES, st.text(max_size=5))
def test_the_same_again_whatever_the_order(sizes: dict[str, int], share: Fraction, seed: str) -> None:
    strata = papers(**sizes)
    turned = {name: list(reversed(strata[name])) for name in reversed(strata)}
    first = draw(strata, share, seed)
    assert draw(turned, share, seed) == first
    assert {name: len(sample) for name, sample in first.items()} == allocate(sizes, share)
    for name, sample in first.items():
        assert set(sample) <= set(strata[name])
        left_out = set(strata[name]) - set(sample)
        assert not sample or all(rank(seed, sample[-1]) < rank(seed, other) for other in left_out)


@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 60), SHARES)
def test_what_was_drawn_stays_drawn(before: int, more: int, others: int, share: Fraction) -> None:
    first = draw(papers(a=before), share, "seed")
    drawn = {paper for sample in first.values() for paper in sample}
    later = draw(papers(a=before + more, b=others), share, "seed", drawn)
    assert drawn <= set(later["a"])
    again = {paper for sample in later.values() for paper in sample}
    assert draw(papers(a=before + more, b=others), share, "seed", again) == later, "nothing added, nothing drawn"


def test_bands_of_doubt() -> None:
    told = [band(value) for value in (None, 0.0, 0.49, 0.5, 0.79, 0.8, 1.0)]
    assert told == ["high", "high", "high", "middle", "middle", "low", "low"]
