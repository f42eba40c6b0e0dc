"""The days that a report is about (R37). Both ends are days of the period, at +07:00; whoever compares instants turns them first."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from models.catalog.report_lines import Every, ReportPeriod

_QUARTERS = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Period:
    """``due``: the day before which a plan wants the report. ``cumulative``: the plan's sum of its other periods."""

    name: str
    first: date
    last: date
    due: date | None = None
    cumulative: bool = False

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def period_of(line: ReportPeriod, today: date, back: int = 0) -> Period:
    """The days of a catalog's line: its own, or those that hold ``today``, ``back`` periods earlier."""
    if line.first is not None and line.last is not None:
        name = f"{line.plan}: {line.name}" if line.plan else line.name
        return Period(name, line.first, line.last, line.due, line.cumulative)
    every = line.every or Every.MONTH
    period = recurring(every, today)
    for _ in range(back):
        period = recurring(every, period.first - timedelta(days=1))
    return period


def recurring(every: Every, day: date) -> Period:
    """The period of this kind that holds the day, named as reports name it."""
    end = monthrange(day.year, day.month)[1]
    match every:
        case Every.HALF_MONTH if day.day <= 15:
            return Period(f"01-15/{day:%m/%Y}", day.replace(day=1), day.replace(day=15))
        case Every.HALF_MONTH:
            return Period(f"16-{end}/{day:%m/%Y}", day.replace(day=16), day.replace(day=end))
        case Every.MONTH:
            return Period(f"Tháng {day.month}/{day.year}", day.replace(day=1), day.replace(day=end))
        case Every.QUARTER:
            quarter = (day.month - 1) // 3
            first, last = date(day.year, 3 * quarter + 1, 1), 3 * quarter + 3
            return Period(
                f"Quý {_QUARTERS[quarter]}/{day.year}",
                first,
                date(day.year, last, monthrange(day.year, last)[1]),
            )
        case Every.YEAR:
            return Period(f"Năm {day.year}", date(day.year, 1, 1), date(day.year, 12, 31))


def between(first: date, last: date) -> Period:
    """Any days; ``ValueError`` when they are the wrong way round."""
    if last < first:
        raise ValueError("the last day is before the first")
    return Period(f"{first:%d/%m/%Y} - {last:%d/%m/%Y}", first, last)
