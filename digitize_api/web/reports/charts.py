"""What the page's SVG is drawn from: places in a box of 1000 by 240, never styles (the pages' policy has none inline).

The box is stretched to whatever width there is, so words stand beside it as text and lines keep their width (``vector-effect``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from models.reports.report import Backlog, Figure

WIDTH, HEIGHT = 1000, 240
PAST, AHEAD = 120, 180  # days shown before and after the day that is told on


@dataclass(frozen=True, slots=True)
class Bar:
    """A ratio as a bar of ``WIDTH``; ``mark``: where its target stands."""

    filled: int
    mark: int | None


def bar(figure: Figure) -> Bar:
    ratio = figure.ratio
    filled = ratio.numerator * WIDTH // ratio.denominator if ratio.denominator else 0
    mark = int(figure.target.percent * WIDTH / 100) if figure.target else None
    return Bar(min(filled, WIDTH), mark)


@dataclass(frozen=True, slots=True)
class Climb:
    """How many were done by each day, as a line that climbs to the target.

    ``done``, ``ahead``: points of the line so far and of how it goes on at this pace. ``target``: height of the target's line. ``deadline``:
    place of its last day. ``table``: day, done on it, done by it; the days on which something was done.
    """

    done: str
    ahead: str
    target: int | None
    deadline: int | None
    first: date
    last: date
    as_of: date
    table: tuple[tuple[date, int, int], ...]


def climb(backlog: Backlog) -> Climb | None:
    """``None`` when nothing was done yet, or nothing was counted."""
    total = backlog.figure.ratio.denominator
    days = [day for day in backlog.by_day if day <= backlog.as_of]
    if not days or not total:
        return None
    target = backlog.figure.target
    first = max(min(days) - timedelta(days=1), backlog.as_of - timedelta(days=PAST))
    deadline = target.valid_to if target else None
    farthest = backlog.as_of + timedelta(days=AHEAD)
    ends = [one for one in (deadline, backlog.met_on) if one is not None and one >= backlog.as_of]
    last = min(max([*ends, backlog.as_of + timedelta(days=1)]), farthest)

    def place(day: date) -> int:
        return (day - first).days * WIDTH // max(1, (last - first).days)

    def height(done: int) -> int:
        return HEIGHT - min(done, total) * HEIGHT // total

    table = tuple(_running(backlog.by_day, backlog.as_of))
    before = max((by for day, _, by in table if day <= first), default=0)
    points = [(place(first), height(before))]
    for day, _, by in table:
        if day > first:
            points += [(place(day), points[-1][1]), (place(day), height(by))]
    now = points[-1][1]
    points.append((place(backlog.as_of), now))
    ahead = [(place(backlog.as_of), now)]
    if backlog.pace.done:
        done = backlog.figure.ratio.numerator + int(backlog.pace.per_day * (last - backlog.as_of).days)
        ahead.append((WIDTH, height(done)))
    return Climb(
        done=_points(points),
        ahead=_points(ahead) if len(ahead) > 1 else "",
        target=height(int(target.percent * total / Decimal(100))) if target else None,
        deadline=place(deadline) if deadline is not None and first <= deadline <= last else None,
        first=first,
        last=last,
        as_of=backlog.as_of,
        table=table[-PAST:],
    )


def _running(by_day: Mapping[date, int], as_of: date) -> list[tuple[date, int, int]]:
    found, total = [], 0
    for day in sorted(by_day):
        if day <= as_of:
            total += by_day[day]
            found.append((day, by_day[day], total))
    return found


def _points(places: list[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)
