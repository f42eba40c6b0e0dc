"""How fast a backlog shrinks, and when its target is met if that goes on (R36)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

FARTHEST = 36_500  # days ahead that a date is still told for; a century is never


@dataclass(frozen=True, slots=True)
class Pace:
    """``done`` things in the last ``days`` calendar days, the day it is told on among them."""

    done: int
    days: int

    @property
    def per_day(self) -> Fraction:
        return Fraction(self.done, self.days)


def pace(done_by_day: Mapping[date, int], as_of: date, days: int) -> Pace:
    """The mean of the last ``days`` days; of fewer when the work began within them, so that a new campaign is not called slow."""
    begun = min((day for day, done in done_by_day.items() if done and day <= as_of), default=as_of)
    first = max(begun, as_of - timedelta(days=days - 1))
    done = sum(count for day, count in done_by_day.items() if first <= day <= as_of)
    return Pace(done, (as_of - first).days + 1)


def met_on(lacking: int, at: Pace, as_of: date) -> date | None:
    """The day by whose end nothing is lacking; ``as_of`` when nothing is now, ``None`` when nothing is done or it takes a century."""
    if lacking <= 0:
        return as_of
    if at.done <= 0:
        return None
    ahead = -(-lacking * at.days // at.done)
    return as_of + timedelta(days=ahead) if ahead <= FARTHEST else None


def needed_per_day(lacking: int, as_of: date, deadline: date) -> int | None:
    """How many a day it takes to meet the deadline, from the day after ``as_of`` on; ``None`` when no day is left."""
    left = (deadline - as_of).days
    if lacking <= 0:
        return 0
    return -(-lacking // left) if left > 0 else None
