"""R37: the days of a period, its first and its last among them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalog import Every, default_catalog
from models.errors import InvalidRequest
from models.reports.choose import choices, find_period
from models.rules.periods import Period, recurring

TODAY = date(2026, 11, 21)


def tien_giang() -> list[Period]:
    return [find_period(default_catalog(), TODAY, f"tien_giang_2023_{number}") for number in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2023, 8, 31), []),
        (date(2023, 9, 1), [1, 4]),
        (date(2023, 9, 15), [1, 4]),
        (date(2023, 9, 16), [2, 4]),
        (date(2023, 9, 30), [2, 4]),
        (date(2023, 10, 1), [3, 4]),
        (date(2023, 10, 15), [3, 4]),
        (date(2023, 10, 16), [4]),
        (date(2023, 10, 30), [4]),
        (date(2023, 10, 31), []),
    ],
)
def test_r37_the_four_dot_of_tien_giang(day: date, held: list[int]) -> None:
    assert [number for number, period in enumerate(tien_giang(), 1) if period.holds(day)] == held


def test_r37_they_are_due_as_the_plan_says_and_the_last_sums_up() -> None:
    periods = tien_giang()
    assert [period.due for period in periods] == [
        date(2023, 9, 18),
        date(2023, 10, 3),
        date(2023, 10, 18),
        date(2023, 11, 10),
    ]
    assert [period.cumulative for period in periods] == [False, False, False, True]
    assert periods[3].days == 60


@pytest.mark.parametrize(
    ("every", "day", "first", "last", "name"),
    [
        (Every.HALF_MONTH, date(2024, 2, 15), date(2024, 2, 1), date(2024, 2, 15), "01-15/02/2024"),
        (Every.HALF_MONTH, date(2024, 2, 16), date(2024, 2, 16), date(2024, 2, 29), "16-29/02/2024"),
        (Every.MONTH, date(2023, 2, 28), date(2023, 2, 1), date(2023, 2, 28), "Tháng 2/2023"),
        (Every.QUARTER, date(2023, 10, 1), date(2023, 10, 1), date(2023, 12, 31), "Quý IV/2023"),
        (Every.QUARTER, date(2023, 9, 30), date(2023, 7, 1), date(2023, 9, 30), "Quý III/2023"),
        (Every.YEAR, date(2023, 12, 31), date(2023, 1, 1), date(2023, 12, 31), "Năm 2023"),
    ],
)
def test_r37_recurring_periods(every: Every, day: date, first: date, last: date, name: str) -> None:
    assert recurring(every, day) == Period(name, first, last)


@given(st.sampled_from(list(Every)), st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_r37_recurring_periods_leave_no_day_out_and_hold_none_twice(every: Every, day: date) -> None:
    period = recurring(every, day)
    assert period.holds(day)
    assert recurring(every, period.first) == recurring(every, period.last) == period
    assert recurring(every, period.last + timedelta(days=1)).first == period.last + timedelta(days=1)


def test_r37_periods_are_chosen_by_name_or_by_days() -> None:
    catalog = default_catalog()
    assert find_period(catalog, TODAY) == recurring(Every.MONTH, TODAY)
    assert find_period(catalog, TODAY, "quarter-3").name == "Quý I/2026"
    assert find_period(catalog, date(2026, 1, 5), "half_month-1").name == "16-31/12/2025"
    assert find_period(catalog, TODAY, first=TODAY, last=TODAY).days == 1
    for wrong in (
        {"name": "week"},
        {"name": "tien_giang_2023_1-1"},
        {"name": "month-999"},
        {"first": TODAY},
        {"name": "'"},
    ):
        with pytest.raises(InvalidRequest):
            find_period(catalog, TODAY, **wrong)
    with pytest.raises(InvalidRequest):
        find_period(catalog, TODAY, first=TODAY, last=TODAY - timedelta(days=1))
    for choice in choices(catalog, TODAY):
        assert find_period(catalog, TODAY, choice.id) == choice.period
