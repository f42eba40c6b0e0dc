"""Reports within the caller's agencies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from models.catalog import Rounding
from models.local_time import local_day
from models.reports.choose import Choice, choices, find_period
from models.reports.report import Asked as Wanted
from models.reports.report import Report, make


@dataclass(frozen=True, slots=True)
class Asked:
    """``agency``: a code, by default the caller's own. ``period``: a name; or ``first`` and ``last``."""

    agency: str = ""
    period: str = ""
    first: date | None = None
    last: date | None = None
    procedure: str = ""
    year: int | None = None
    rounding: Rounding | None = None


def report(context: Context, principal: Principal, asked: Asked) -> Report:
    """``NotFound`` for an agency out of reach, ``InvalidRequest`` for a period that there is none of."""
    with context.reading() as session:
        catalog = context.catalog.get(session)
        period = find_period(catalog, local_day(), asked.period, asked.first, asked.last)
        wanted = Wanted(
            agency=asked.agency or principal.agency.code,
            period=period,
            procedure=asked.procedure,
            year=asked.year,
            rounding=asked.rounding,
        )
        return make(session, wanted, principal.agency_ids, catalog)


def periods(context: Context) -> list[Choice]:
    """What is on offer today at +07:00."""
    return choices(context.read_catalog(), local_day())
