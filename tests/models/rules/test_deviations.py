"""What is unlike its neighbours is told, what only looks so is not; half of the neighbours may be odd themselves."""

from __future__ import annotations

from statistics import median as exact_median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.deviations import AROUND, LEAST, OUTLYING, Measure, Value, median, unlike


def values(*numbers: float, group: str = "g") -> list[Value]:
    return [Value(str(place), group, number) for place, number in enumerate(numbers)]


def told(measure: Measure, *numbers: float) -> dict[int, float]:
    return {int(one.name): one.score for one in unlike(values(*numbers), measure)}


def test_one_page_more_than_all_the_others() -> None:
    assert told(Measure.PAGES, 2, 2, 2, 3, 2, 2, 2) == {3: 3.5}
    assert told(Measure.PAGES, 2, 2, 2, 12, 2, 2, 2) == {3: 35.0}
    assert told(Measure.PAGES, 1, 2, 3, 1, 2, 3, 1, 2, 3) == {}, "papers of many lengths have no odd one"


@pytest.mark.parametrize("measure", list(Measure))
def test_the_least_difference_is_told_and_less_is_not(measure: Measure) -> None:
    base, least = 100.0, LEAST[measure]
    assert list(told(measure, *[base] * 8, base + least)) == [8]
    assert told(measure, *[base] * 8, base + 0.99 * least) == {}
    assert list(told(measure, *[base] * 8, base - least)) == [8]


def test_a_stack_that_leans_is_alike_in_leaning() -> None:
    assert told(Measure.ANGLE, *[3.0, 3.2, 2.9, 3.1, 3.0, 3.3], 0.0) == {6: 5.2}
    assert told(Measure.ANGLE, *[3.0, -3.0] * 30) == {}, "fronts and backs"


def test_few_neighbours_say_nothing() -> None:
    assert told(Measure.PAGES, 1, 1, 1, 1, 9) == {}
    assert told(Measure.PAGES, 1, 1, 1, 1, 1, 9) == {5: 28.0}


def test_other_kinds_of_paper_are_no_neighbours() -> None:
    mixed = [*values(*[1] * 9, group="a"), *[Value(f"b{n}", "b", 4) for n in range(9)]]
    assert unlike(mixed, Measure.PAGES) == []


def test_a_change_of_the_scanner_is_not_told_to_the_end() -> None:
    found = told(Measure.LONG_SIDE, *[297.0] * 100, *[420.0] * 100)
    assert found == {}, "where it changes, half of the neighbours are of either size"
    odd = told(Measure.LONG_SIDE, *[297.0] * 100, 420.0, *[297.0] * 100)
    assert list(odd) == [100]


@given(st.lists(st.floats(-45, 45, allow_nan=False), max_size=120), st.sampled_from(list(Measure)))
def test_the_moving_window_is_the_plain_definition(numbers: list[float], measure: Measure) -> None:
    wanted: dict[str, float] = {}
    for place, number in enumerate(numbers):
        around = numbers[max(0, place - AROUND) : place + 1 + AROUND]
        if len(around) < 6:
            continue
        usual = exact_median(around)
        spread = exact_median([abs(one - usual) for one in around])
        apart = abs(number - usual)
        score = 0.6745 * apart / max(spread, LEAST[measure] * 0.6745 / OUTLYING)
        if apart >= LEAST[measure] and score >= OUTLYING - 1e-9:
            wanted[str(place)] = min(round(score, 1), 999.9)
    assert {one.name: one.score for one in unlike(values(*numbers), measure)} == wanted


@given(st.lists(st.floats(-1e6, 1e6), min_size=1))
def test_median(numbers: list[float]) -> None:
    assert median(sorted(numbers)) == exact_median(numbers)
