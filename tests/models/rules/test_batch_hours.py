from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.local_time import LOCAL
from models.rules.batch_hours import Hours, parse_hours


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", ()),
        ("19:00-06:00", ((0, 360), (1140, 1440))),
        ("7:30 - 11:30, 13:30-17:00", ((450, 690), (810, 1020))),
        ("20:00-24:00,23:00-02:00", ((0, 120), (1200, 1440))),
        ("18:00–00:00", ((1080, 1440),)),
    ],
)
def test_spans(text: str, spans: tuple[tuple[int, int], ...]) -> None:
    assert parse_hours(text).spans == spans


@pytest.mark.parametrize(
    "text", ["19-6", "25:00-06:00", "19:60-06:00", "08:00-08:00", "x", "08:00-24:30", "1:00-2:00," * 7]
)
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(ValueError, match=r"hours|spans"):
        parse_hours(text)


def test_open_and_next_opening() -> None:
    night = parse_hours("19:00-06:00")
    assert [night.open_at(at(when)) for when in ("21T18:59", "21T19:00", "22T05:59", "22T06:00")] == [
        False,
        True,
        True,
        False,
    ]
    assert night.opens_after(at("21T10:00")) == at("21T19:00")
    assert night.opens_after(at("21T23:00")) == at("21T23:00")
    morning = parse_hours("07:00-09:00")
    assert morning.opens_after(at("21T12:00")) == at("22T07:00")


def test_the_end_lies_within_the_hours() -> None:
    night = parse_hours("19:00-06:00")  # eleven hours a day
    assert night.after_work(at("21T10:00"), 3600) == at("21T20:00")
    assert night.after_work(at("21T10:00"), 12 * 3600) == at("22T20:00")
    assert night.after_work(at("21T05:30"), 3600) == at("21T19:30")
    assert night.after_work(at("21T19:00"), 11 * 3600 * 40) == datetime(2026, 12, 31, 6, tzinfo=LOCAL)
    assert night.after_work(at("21T19:00"), 1e15) is None
    assert Hours().after_work(at("21T10:00"), 90) == at("21T10:00") + timedelta(seconds=90)
    assert Hours().after_work(at("21T10:00"), 1e15) is None


@given(st.integers(0, 23), st.integers(1, 23), st.integers(0, 10_000), st.integers(0, 400_000))
def test_work_takes_as_long_as_it_takes_in_open_hours(begin: int, length: int, start: int, seconds: int) -> None:
    hours = parse_hours(f"{begin}:00-{(begin + length) % 24}:00")
    first = at("01T00:00") + timedelta(minutes=start)
    end = hours.after_work(first, seconds)
    assert end is not None
    minutes = int((end - first).total_seconds() // 60)
    opened = sum(hours.open_at(first + timedelta(minutes=minute)) for minute in range(minutes))
    assert abs(opened * 60 - seconds) <= 60
