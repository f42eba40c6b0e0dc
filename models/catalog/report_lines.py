"""Lines of what leaders ask for: periods, targets, points, and how ratios are counted and rounded (R34-R38)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from models.catalog.lines import AgencyCode, Identifier, Line, Text

Percent = Annotated[Decimal, Field(gt=0, le=100)]


class Indicator(StrEnum):
    """What is counted (``models.reports.counts`` says how). Dossiers are counted once each, however many papers they have."""

    COMPONENTS = "components"  # received dossiers with a digitised component / received
    RESULTS = "results"  # finished dossiers whose result is digitised or electronic / finished
    REUSE = "reuse"  # received dossiers that use a stored paper again / received
    E_RESULTS = "e_results"  # finished dossiers with an electronic result / finished
    ONLINE = "online"  # dossiers handed in online / received
    BACKLOG = "backlog"  # paper results of the inventory that are digitised / inventoried
    FINISHED_DIGITISED = "finished_digitised"  # finished dossiers with a digitised component or result / finished
    FINISHED_REUSE = "finished_reuse"  # finished dossiers that use a stored paper again / finished


class Rounding(StrEnum):
    """What becomes of the digits behind the last one shown (R38)."""

    TRUNCATE = "truncate"  # 150/155 is 96,7
    HALF_UP = "half_up"  # 150/155 is 96,8


class Every(StrEnum):
    """Periods that come again; ``half_month``: the 1st to the 15th, the 16th to the month's end."""

    HALF_MONTH = "half_month"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class ReportPeriod(Line):
    """A period to report on: one that comes again (``every``), or the days of a plan.

    ``first`` and ``last`` are both days of it. ``due``: the day before which the plan wants the report. ``plan``: what the periods of one plan
    have in common. ``cumulative``: sums up the plan's periods, and more days than they have where the plan says so.
    """

    id: Identifier
    name: Text
    every: Every | None = None
    first: date | None = None
    last: date | None = None
    due: date | None = None
    plan: Text | None = None
    cumulative: bool = False

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        days = (self.first, self.last)
        if (self.every is None) == (days == (None, None)) or (self.every is None and None in days):
            raise ValueError("a period has `every`, or `first` and `last`")
        if self.first and self.last and self.last < self.first:
            raise ValueError("last is before first")
        if self.last and self.due and self.due <= self.last:
            raise ValueError("due is not after last")
        return self


class ReportTarget(Line):
    """So many per cent of an indicator by the end of ``valid_to``.

    ``agency``: for that agency and those below it; without one for all. The longest code that fits wins. ``year``: of the inventory.
    """

    id: Identifier
    name: Text
    indicator: Indicator
    percent: Percent
    agency: AgencyCode | None = None
    year: Annotated[int, Field(ge=1945, le=2199)] | None = None

    @model_validator(mode="after")
    def _year_of_an_inventory(self) -> Self:
        if self.year is not None and self.indicator is not Indicator.BACKLOG:
            raise ValueError("only the backlog has a year")
        return self


class ReportScore(Line):
    """Points for an indicator: ``weight`` times its ratio; all of them from ``full_from`` per cent on."""

    id: Identifier
    name: Text
    indicator: Indicator
    weight: Annotated[Decimal, Field(gt=0, le=100)]
    full_from: Percent | None = None


class ReportRules(Line):
    """What the law's text leaves open, decided for this installation.

    ``no_result_counts``: a finished dossier of a procedure that gives no paper counts as fulfilled. ``reuse_counts``: a dossier that only
    uses stored papers again counts among those with a digitised component. ``pace_days``: calendar days that the pace is the mean of.
    """

    id: Identifier
    rounding: Rounding
    decimals: Annotated[int, Field(ge=0, le=4)]
    no_result_counts: bool
    reuse_counts: bool
    pace_days: Annotated[int, Field(ge=1, le=366)]
