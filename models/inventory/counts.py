"""How much of an inventory is digitised, by agency, year, procedure and day (R36).

Papers of a list count when their line is tied to a stored paper (``models.inventory.links``). Where only a number of papers is known, every
other stored result of that agency, year of issue and procedure counts, up to that number. An agency that gives both counts as many as the
greater of them: the list names papers of the number. The day is that of the scan, at +07:00 (R37).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, extract, func, literal_column, select
from sqlalchemy.orm import Session

from models.catalog import Catalog
from models.catalog.catalog import national_code
from models.database import prepare_to_count
from models.entities import Dossier, InventoryLine, Result
from models.local_days import local_day_of
from models.rules.ratios import Ratio
from models.scopes import visible


@dataclass(slots=True)
class Scope:
    """What an agency counted of one year and procedure (``""``: of several). ``tied``, ``others``: papers digitised, by day."""

    agency_id: str
    year: int
    procedure: str
    listed: int = 0
    counted: int = 0
    tied: dict[date, int] = field(default_factory=dict)
    others: dict[date, int] = field(default_factory=dict)
    _added: dict[date, int] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def total(self) -> int:
        return max(self.listed, self.counted)

    @property
    def unnamed(self) -> int:
        """Papers of which only the number is known."""
        return self.total - self.listed

    def done(self, by: date) -> int:
        """Digitised by the end of that day."""
        tied = sum(count for day, count in self.tied.items() if day <= by)
        others = sum(count for day, count in self.others.items() if day <= by)
        return tied + min(others, self.unnamed)

    def by_day(self) -> dict[date, int]:
        """What each day added to :meth:`done`; of a scope that is counted to the end, since a report asks five times."""
        if self._added is not None:
            return self._added
        added = self._added = dict(self.tied)
        left = self.unnamed
        for day in sorted(self.others):
            taken = min(left, self.others[day])
            left -= taken
            if taken:
                added[day] = added.get(day, 0) + taken
        return added

    def ratio(self, by: date) -> Ratio:
        return Ratio(self.done(by), self.total)


@dataclass(slots=True)
class Sum:
    """What an agency counted of a year, over all procedures, and what is done of it by now."""

    total: int = 0
    listed: int = 0
    done: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.total + other.total, self.listed + other.listed, self.done + other.done)

    @property
    def ratio(self) -> Ratio:
        return Ratio(self.done, self.total)


def years(session: Session, agency_ids: Collection[str]) -> list[int]:
    """The years that these agencies counted, newest first. One short question to an index for each, since reading all lines takes tenths of a second."""
    newest = _in_force(agency_ids, None, "").with_only_columns(func.max(InventoryLine.year))
    found: list[int] = []
    while (year := session.scalar(newest.where(InventoryLine.year < found[-1]) if found else newest)) is not None:
        found.append(year)
    return found


def scopes(
    session: Session,
    agency_ids: Collection[str],
    catalog: Catalog,
    *,
    year: int | None = None,
    procedure: str = "",
) -> list[Scope]:
    """What these agencies counted, of one year or all, and what is done of it on which day. At most two statements."""
    day = local_day_of(InventoryLine.scanned_at)
    parts = (InventoryLine.agency_id, InventoryLine.year, InventoryLine.procedure, InventoryLine.listed, day)
    prepare_to_count(session)
    statement = _in_force(agency_ids, year, procedure)
    grouped = statement.with_only_columns(*parts, func.sum(InventoryLine.count)).group_by(*parts)
    found: dict[tuple[str, int, str], Scope] = {}
    for agency_id, of_year, code, listed, tied_on, count in session.execute(grouped):
        scope = found.setdefault((agency_id, of_year, code), Scope(agency_id, of_year, code))
        if not listed:
            scope.counted += int(count)
            continue
        scope.listed += int(count)
        if tied_on is not None:
            scope.tied[tied_on] = scope.tied.get(tied_on, 0) + int(count)
    _add_others(session, found, catalog, by_day=True)
    return sorted(found.values(), key=lambda scope: (scope.agency_id, scope.year, scope.procedure))


def scopes_by_now(
    session: Session,
    agency_ids: Collection[str],
    catalog: Catalog,
    *,
    year: int | None = None,
    procedure: str = "",
    limit: int | None = None,
    offset: int = 0,
) -> list[Scope]:
    """As :func:`scopes`, of them ``limit`` behind the first ``offset``; all that is done stands under ``date.min``: a province's days are half a million."""
    prepare_to_count(session)
    sums = _sums(agency_ids, year, procedure)
    order = (sums.selected_columns.agency, sums.selected_columns.year, sums.selected_columns.procedure)
    found = {
        (row.agency, row.year, row.procedure): _by_now(row)
        for row in session.execute(sums.order_by(*order).limit(limit).offset(offset))
    }
    _add_others(session, found, catalog, by_day=False)
    return list(found.values())


def sums(
    session: Session, agency_ids: Collection[str], catalog: Catalog, *, year: int | None = None
) -> dict[tuple[str, int], Sum]:
    """By agency and year, over all procedures. The database adds up what lists name; what of a number is done follows its own rule."""
    prepare_to_count(session)
    scope = _sums(agency_ids, year).subquery("scope").c
    unnamed = case((scope.counted > scope.listed, scope.procedure)).label("procedure")
    columns = [func.sum(one).label(one.name) for one in (scope.listed, scope.counted, scope.tied)]
    added = select(scope.agency, scope.year, unnamed, *columns)
    found: defaultdict[tuple[str, int], Sum] = defaultdict(Sum)
    only_numbers: dict[tuple[str, int, str], Scope] = {}
    for row in session.execute(added.group_by(scope.agency, scope.year, unnamed)):
        if row.procedure is None:
            found[row.agency, row.year] += Sum(int(row.listed), int(row.listed), int(row.tied))
        else:
            only_numbers[row.agency, row.year, row.procedure] = _by_now(row)
    _add_others(session, only_numbers, catalog, by_day=False)
    for one in only_numbers.values():
        found[one.agency_id, one.year] += Sum(one.total, one.listed, one.done(date.max))
    return dict(found)


def more_scopes_than(session: Session, agency_ids: Collection[str], most: int) -> bool:
    """Whether these agencies counted so many years and procedures that a person would not read them one by one."""
    parts = (
        InventoryLine.year,
        InventoryLine.agency_id,
        InventoryLine.procedure,
    )  # as the index has them: it is read no further than needed
    one = _in_force(agency_ids, None, "").with_only_columns(*parts).group_by(*parts).order_by(*parts)
    return session.execute(one.limit(1).offset(most)).first() is not None


def _in_force(agency_ids: Collection[str], year: int | None, procedure: str) -> Select[InventoryLine]:
    statement = visible(select(InventoryLine), agency_ids).where(InventoryLine.withdrawn_at.is_(None))
    if year is not None:
        statement = statement.where(InventoryLine.year == year)
    if procedure:
        statement = statement.where(InventoryLine.procedure == national_code(procedure))
    return statement


def _sums(agency_ids: Collection[str], year: int | None, procedure: str = "") -> Select[*tuple[Any, ...]]:
    """A row for each agency, year and procedure: papers listed, counted, and listed ones that are tied."""
    line = InventoryLine

    def of(which: Any) -> ColumnElement[int]:
        return func.sum(case((which, line.count), else_=literal_column("0")))

    parts = (line.agency_id.label("agency"), line.year.label("year"), line.procedure.label("procedure"))
    statement = _in_force(agency_ids, year, procedure).with_only_columns(
        *parts,
        of(line.listed).label("listed"),
        of(~line.listed).label("counted"),
        of(line.listed & line.scanned_at.is_not(None)).label("tied"),
    )
    return statement.group_by(line.agency_id, line.year, line.procedure)


def _by_now(row: Any) -> Scope:
    tied = {date.min: int(row.tied)} if row.tied else {}
    return Scope(row.agency, row.year, row.procedure, int(row.listed), int(row.counted), tied)


def _add_others(
    session: Session, found: Mapping[tuple[str, int, str], Scope], catalog: Catalog, *, by_day: bool
) -> None:
    """Give stored results that are tied to no line to the scopes that know no more than a number."""
    unnamed = {key: scope for key, scope in found.items() if scope.unnamed}
    if not unnamed:
        return
    agencies, of_years = {key[0] for key in unnamed}, {key[1] for key in unnamed}
    kinds = {paper.id for paper in catalog.paper_types.values() if paper.is_result}
    given = {line.code: frozenset(line.results) for line in catalog.procedures}
    by_agency: defaultdict[tuple[str, int], list[Scope]] = defaultdict(list)
    for (agency_id, year, _), scope in unnamed.items():
        by_agency[agency_id, year].append(scope)
    by_procedure = any(code for _, _, code in unnamed)  # a number of several procedures takes papers of any
    parts: list[Any] = [Result.agency_id, extract("year", Result.issued_on)]
    if by_procedure:
        # A local tail may follow the national code.
        parts += [func.substr(Dossier.procedure, literal_column("1"), literal_column("8")), Result.paper_type]
    parts += [local_day_of(Result.scanned_at)] if by_day else []
    papers = select(*parts, func.count()).select_from(Result)
    if by_procedure:
        papers = papers.join(Dossier, Dossier.id == Result.dossier_id)
    statement = papers.where(
        ~exists().where(InventoryLine.result_id == Result.id),
        Result.agency_id.in_(sorted(agencies)),
        Result.issued_on >= date(min(of_years), 1, 1),
        Result.issued_on <= date(max(of_years), 12, 31),
        Result.paper_type.in_(sorted(kinds)),
    ).group_by(*parts)
    for agency_id, year, *of, count in session.execute(statement):
        procedure, kind = of[:2] if by_procedure else ("", "")
        first = of[-1] if by_day else date.min
        for scope in _scope_for(by_agency.get((agency_id, int(year)), []), procedure, kind, given):
            scope.others[first] = scope.others.get(first, 0) + count


def _scope_for(candidates: list[Scope], procedure: str, kind: str, given: Mapping[str, frozenset[str]]) -> list[Scope]:
    """At most one: that of the paper's own procedure; for a paper of none, that of one which gives such papers; else that of several procedures."""
    own = [scope for scope in candidates if scope.procedure and scope.procedure == procedure]
    if not own and not procedure:
        own = [scope for scope in candidates if kind in given.get(scope.procedure, frozenset())]
    if not own:
        own = [scope for scope in candidates if not scope.procedure]
    return own[:1]
