"""Which period is meant: ``month`` (that of today), ``month-1`` (the one before), ``tien_giang_2023_4``, or any two days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from models.catalog import Catalog, ReportPeriod
from models.errors import InvalidRequest
from models.rules.periods import Period, between, period_of

USUAL = "month"
MOST_BACK = 400
_NAME = re.compile(r"([a-z][a-z0-9_]*)(?:-(\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class Choice:
    """``id``: as :func:`find_period` takes it."""

    id: str
    line: ReportPeriod
    period: Period


def choices(catalog: Catalog, today: date) -> list[Choice]:
    """What is offered: of each kind that comes again the present one and the one before, then the plans' own."""
    again = [line for line in catalog.report_periods if line.every is not None]
    plans = [line for line in catalog.report_periods if line.every is None]
    found = [
        Choice(f"{line.id}-{back}" if back else line.id, line, period_of(line, today, back))
        for line in again
        for back in (0, 1)
    ]
    return [*found, *(Choice(line.id, line, period_of(line, today)) for line in plans)]


def find_period(
    catalog: Catalog, today: date, name: str = "", first: date | None = None, last: date | None = None
) -> Period:
    """The period of that name, or the days from ``first`` to ``last``; with neither the present month. ``InvalidRequest``."""
    if first is not None and last is not None:
        try:
            return between(first, last)
        except ValueError as error:
            raise InvalidRequest("The last day of the period is before its first.") from error
    if first is not None or last is not None:
        raise InvalidRequest("A period of one's own has a first and a last day.")
    found = _NAME.fullmatch(name or USUAL)
    line = next((line for line in catalog.report_periods if found and line.id == found[1]), None)
    back = int(found[2] or 0) if found else 0
    if line is None or back > MOST_BACK or (back and line.every is None):
        raise InvalidRequest(f"There is no period {name}.")
    return period_of(line, today, back)
