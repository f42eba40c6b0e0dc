"""R36: how fast a backlog shrinks, and when its target is met."""

from __future__ import annotations

from datetime import date, timedelta

from models.rules.pace import Pace, met_on, needed_per_day, pace

DAY = date(2023, 9, 20)


def days(*counts: int) -> dict[date, int]:
    """Counts of the days up to ``DAY``."""
    return {DAY - timedelta(days=len(counts) - 1 - place): count for place, count in enumerate(counts)}


def test_the_pace_is_the_mean_of_the_last_days() -> None:
    assert pace(days(1000, 10, 20, 30), DAY, 3) == Pace(60, 3)
    assert pace(days(10, 20, 30), DAY, 14) == Pace(60, 3)  # a campaign of three days is not divided by fourteen
    assert pace(days(10, 0, 0, 0), DAY, 3) == Pace(0, 3)  # it stands still
    assert pace({}, DAY, 14) == Pace(0, 1)
    assert pace({DAY + timedelta(days=1): 99}, DAY, 14) == Pace(0, 1)  # tomorrow's is not known yet


def test_when_the_target_is_met() -> None:
    assert met_on(0, Pace(0, 1), DAY) == DAY
    assert met_on(100, Pace(10, 1), DAY) == DAY + timedelta(days=10)
    assert met_on(101, Pace(10, 1), DAY) == DAY + timedelta(days=11)
    assert met_on(1, Pace(1, 14), DAY) == DAY + timedelta(days=14)
    assert met_on(1, Pace(0, 14), DAY) is None
    assert met_on(10**9, Pace(1, 14), DAY) is None


def test_what_it_takes_to_be_in_time() -> None:
    deadline = date(2023, 10, 30)
    assert needed_per_day(400, DAY, deadline) == 10
    assert needed_per_day(401, DAY, deadline) == 11
    assert needed_per_day(0, DAY, deadline) == 0
    assert needed_per_day(1, deadline, deadline) is None
    assert needed_per_day(1, deadline - timedelta(days=1), deadline) == 1
