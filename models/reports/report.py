"""A report: for an agency and what stands below it, over a period, what was counted, what it is a share of, and what lags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agencies import unit_of
from models.catalog import Catalog, Indicator, ReportRules, ReportScore, ReportTarget, Rounding
from models.catalog.catalog import national_code
from models.entities import Agency, now
from models.errors import InvalidCatalog, NotFound
from models.inventory.counts import Scope, scopes, years
from models.local_time import local_day
from models.reports.counts import OF_DOSSIERS, Counts, Key, count
from models.rules.pace import Pace, met_on, needed_per_day, pace
from models.rules.periods import Period
from models.rules.ratios import Ratio, points
from models.scopes import agency_and_below, visible

HEADLINES = (
    Indicator.COMPONENTS,
    Indicator.RESULTS,
    Indicator.REUSE,
    Indicator.E_RESULTS,
    Indicator.ONLINE,
)
"""The ratios of dossiers that a report states, in this order (R35)."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio beside its target. ``percent`` is rounded as ``rules`` say; ``reached`` and ``lacks`` are judged on the exact ratio."""

    indicator: Indicator
    ratio: Ratio
    percent: Decimal | None
    target: ReportTarget | None

    @property
    def reached(self) -> bool | None:
        return self.ratio.reaches(self.target.percent) if self.target else None

    @property
    def lacks(self) -> int | None:
        return self.ratio.lacks(self.target.percent) if self.target else None


@dataclass(frozen=True, slots=True)
class Row:
    """A unit with all below it, or a procedure: ``code`` and ``name``. ``own``: the agency itself without those below."""

    code: str
    name: str
    counts: Counts
    figures: dict[Indicator, Figure]
    inventoried: int = 0
    done: int = 0
    done_in_period: int = 0
    own: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """``points`` of ``line.weight``; ``None`` for n/a."""

    line: ReportScore
    ratio: Ratio
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class Backlog:
    """The inventory of one year. ``by_day``: papers digitised, since the first; ``as_of``: the day that the pace is told on."""

    year: int
    figure: Figure
    in_period: int
    by_day: dict[date, int]
    as_of: date
    pace: Pace
    met_on: date | None
    needed_per_day: int | None

    @property
    def late(self) -> bool:
        """Whether the target is not met by its last day, by now or at this pace."""
        target = self.figure.target
        deadline = target.valid_to if target else None
        return deadline is not None and (self.met_on is None or self.met_on > deadline)


@dataclass(frozen=True, slots=True)
class Report:
    """``total``: the agency with all below. ``rows``: its own, and each unit right below it with all below that; what lags first."""

    agency: Agency
    period: Period
    procedure: str
    rules: ReportRules
    rounding: Rounding
    made_at: datetime
    total: Row
    rows: Sequence[Row]
    procedures: Sequence[Row]
    scores: Sequence[Score]
    backlog: Backlog | None
    years: Sequence[int]

    @property
    def lagging(self) -> list[Row]:
        """Units that miss a target, those that lack most first."""
        behind = [row for row in self.rows if any(figure.reached is False for figure in row.figures.values())]
        return sorted(behind, key=lambda row: -sum(figure.lacks or 0 for figure in row.figures.values()))


@dataclass(frozen=True, slots=True)
class Asked:
    """``agency``: its code. ``year``: of the inventory, by default the newest that began by the period's end."""

    agency: str
    period: Period
    procedure: str = ""
    year: int | None = None
    rounding: Rounding | None = None
    today: date | None = None


def make(session: Session, asked: Asked, reach: Collection[str], catalog: Catalog) -> Report:
    """The report, within the agencies ``reach``. ``NotFound`` for an agency outside."""
    agency = session.scalar(visible(select(Agency).where(Agency.code == asked.agency), reach))
    if agency is None:
        raise NotFound("no such agency")
    ids = agency_and_below(session, agency.id) & frozenset(reach)
    agencies = {one.id: one for one in session.scalars(visible(select(Agency), ids))}
    rules = catalog.report_rule(asked.period.last)
    if rules is None:
        raise InvalidCatalog("no line of report_rules holds on the last day of the period")
    maker = _Maker(agency, agencies, asked, rules, catalog)
    counted = count(session, ids, asked.period, catalog, rules, procedure=asked.procedure)
    all_years = years(session, ids)
    year = asked.year or _usual_year(all_years, asked.period)
    held = scopes(session, ids, catalog, year=year, procedure=asked.procedure) if year is not None else []
    return maker.report(counted, held, year, all_years)


def _usual_year(all_years: Sequence[int], period: Period) -> int | None:
    return next((year for year in all_years if year <= period.last.year), all_years[0] if all_years else None)


class _Maker:
    def __init__(
        self, agency: Agency, agencies: dict[str, Agency], asked: Asked, rules: ReportRules, catalog: Catalog
    ) -> None:
        self._agency = agency
        self._agencies = agencies
        self._period = asked.period
        self._asked = asked
        self._rules = rules
        self._rounding = asked.rounding or rules.rounding
        self._catalog = catalog
        self._today = asked.today or local_day()
        self._unit_of = {one: unit_of(one, agency.id, agencies) for one in agencies}

    def report(
        self, counted: dict[Key, Counts], held: Sequence[Scope], year: int | None, all_years: Sequence[int]
    ) -> Report:
        total = self._row(self._agency, counted.values(), held, year)
        return Report(
            agency=self._agency,
            period=self._period,
            procedure=national_code(self._asked.procedure) if self._asked.procedure else "",
            rules=self._rules,
            rounding=self._rounding,
            made_at=now(),
            total=total,
            rows=self._units(counted, held, year),
            procedures=self._procedures(counted, held, year),
            scores=self._scores(total.counts),
            backlog=self._backlog(held, year) if year is not None else None,
            years=all_years,
        )

    def _units(self, counted: dict[Key, Counts], held: Sequence[Scope], year: int | None) -> list[Row]:
        counts: defaultdict[str, list[Counts]] = defaultdict(list)
        papers: defaultdict[str, list[Scope]] = defaultdict(list)
        for (agency_id, _), one in counted.items():
            counts[self._unit_of[agency_id]].append(one)
        for scope in held:
            papers[self._unit_of[scope.agency_id]].append(scope)
        units = sorted({*self._unit_of.values()} - {self._agency.id}, key=lambda one: self._agencies[one].code)
        own = self._agency.id
        rows = [self._row(self._agencies[one], counts[one], papers[one], year) for one in units]
        if not units or counts[own] or papers[own]:
            rows.insert(0, self._row(self._agency, counts[own], papers[own], year, own=True))
        return rows

    def _procedures(self, counted: dict[Key, Counts], held: Sequence[Scope], year: int | None) -> list[Row]:
        counts: defaultdict[str, list[Counts]] = defaultdict(list)
        papers: defaultdict[str, list[Scope]] = defaultdict(list)
        for (_, code), one in counted.items():
            counts[code].append(one)
        for scope in held:
            papers[scope.procedure].append(scope)
        rows = []
        for code in sorted({*counts, *papers}):
            line = self._catalog.procedure(code, self._period.last) if code else None
            name = line.name if line else ""
            rows.append(self._made(code, name, counts[code], papers[code], year=year, measured_as=self._agency.code))
        return rows

    def _row(
        self, agency: Agency, counts: Iterable[Counts], held: Sequence[Scope], year: int | None, *, own: bool = False
    ) -> Row:
        return self._made(agency.code, agency.name, counts, held, year=year, measured_as=agency.code, own=own)

    def _made(
        self,
        code: str,
        name: str,
        counts: Iterable[Counts],
        held: Sequence[Scope],
        *,
        year: int | None,
        measured_as: str,
        own: bool = False,
    ) -> Row:
        total = Counts.sum_of(counts)
        figures = {one: self._figure(one, total.ratio(one), measured_as) for one in OF_DOSSIERS}
        inventoried, done = sum(scope.total for scope in held), sum(scope.done(self._period.last) for scope in held)
        if held:
            ratio = Ratio(done, inventoried)
            figures[Indicator.BACKLOG] = self._figure(Indicator.BACKLOG, ratio, measured_as, year)
        return Row(
            code=code,
            name=name,
            counts=total,
            figures=figures,
            inventoried=inventoried,
            done=done,
            done_in_period=sum(self._in_period(scope) for scope in held),
            own=own,
        )

    def _in_period(self, scope: Scope) -> int:
        return sum(count for day, count in scope.by_day().items() if self._period.holds(day))

    def _figure(self, indicator: Indicator, ratio: Ratio, agency: str, year: int | None = None) -> Figure:
        percent = ratio.percent(self._rounding, self._rules.decimals)
        return Figure(indicator, ratio, percent, self._catalog.target(indicator, agency, self._period.last, year))

    def _scores(self, counts: Counts) -> list[Score]:
        return [
            Score(line, ratio, points(ratio, line.weight, line.full_from, self._rounding))
            for line in self._catalog.scores(self._period.last)
            if line.indicator is not Indicator.BACKLOG
            for ratio in [counts.ratio(line.indicator)]
        ]

    def _backlog(self, held: Sequence[Scope], year: int) -> Backlog:
        as_of = min(self._today, self._period.last)
        by_day: defaultdict[date, int] = defaultdict(int)
        for scope in held:
            for day, added in scope.by_day().items():
                by_day[day] += added
        ratio = Ratio(sum(scope.done(as_of) for scope in held), sum(scope.total for scope in held))
        figure = self._figure(Indicator.BACKLOG, ratio, self._agency.code, year)
        at = pace(by_day, as_of, self._rules.pace_days)
        lacks = figure.lacks
        deadline = figure.target.valid_to if figure.target else None
        return Backlog(
            year=year,
            figure=figure,
            in_period=sum(self._in_period(scope) for scope in held),
            by_day=dict(sorted(by_day.items())),
            as_of=as_of,
            pace=at,
            met_on=None if lacks is None else self._met_on(lacks, figure, by_day, at, as_of),
            needed_per_day=needed_per_day(lacks, as_of, deadline) if lacks is not None and deadline else None,
        )

    @staticmethod
    def _met_on(lacks: int, figure: Figure, by_day: dict[date, int], at: Pace, as_of: date) -> date | None:
        """When the target is met at this pace; of one that is met, the day on which it was."""
        if lacks > 0 or figure.target is None:
            return met_on(lacks, at, as_of)
        done = 0
        for day in sorted(by_day):
            done += by_day[day]
            if Ratio(done, figure.ratio.denominator).reaches(figure.target.percent):
                return day
        return as_of
