"""Counts of dossiers by agency and procedure, each dossier once (R34).

A paper is *digitised* when it is stored (TT 01/2023 Điều 7: all four steps are done). A stored paper of a dossier is its **result** when it is
of a type that the procedure gives (any result type for a procedure that the catalog doesn't know), fills no slot of the procedure and was not
issued before the dossier came; every other one is a **component**. Dossiers that only carry a back-scan are no cases of the counter: their
papers are the backlog's (``models.inventory``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal_column, or_, select
from sqlalchemy.orm import Session

from models.catalog import Catalog, Indicator, ReportRules
from models.catalog.catalog import national_code
from models.database import prepare_to_count
from models.entities import Channel, Dossier, ResultForm, ReuseLink
from models.local_days import days
from models.rules.periods import Period
from models.rules.ratios import Ratio
from models.scopes import visible
from models.stored_types import parsed


def national_code_of(column: Any) -> ColumnElement[str]:
    """``national_code`` of a column of procedures: eight characters; a local tail may follow them. No parameters, so it may be grouped by."""
    return func.substr(column, literal_column("1"), literal_column("8"))


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the dossiers **received** in the period, those with …; of the dossiers **finished** in it, those with …"""

    received: int = 0
    with_component: int = 0
    with_reuse: int = 0
    online: int = 0
    finished: int = 0
    with_result: int = 0
    with_e_result: int = 0
    finished_digitised: int = 0
    finished_reuse: int = 0

    @staticmethod
    def sum_of(many: Iterable[Counts]) -> Counts:
        """Column by column: a province's report adds twenty thousand of them."""
        return Counts(*map(sum, zip(*map(_values, many), strict=True)))

    def ratio(self, indicator: Indicator) -> Ratio:
        """Numerator and denominator of an indicator of dossiers; ``KeyError`` for the backlog, which has none."""
        numerator, denominator = _PARTS[indicator]
        return Ratio(getattr(self, numerator), getattr(self, denominator))


_values = attrgetter(*(one.name for one in fields(Counts)))

_PARTS: Mapping[Indicator, tuple[str, str]] = {
    Indicator.COMPONENTS: ("with_component", "received"),
    Indicator.REUSE: ("with_reuse", "received"),
    Indicator.ONLINE: ("online", "received"),
    Indicator.RESULTS: ("with_result", "finished"),
    Indicator.E_RESULTS: ("with_e_result", "finished"),
    Indicator.FINISHED_DIGITISED: ("finished_digitised", "finished"),
    Indicator.FINISHED_REUSE: ("finished_reuse", "finished"),
}
OF_DOSSIERS = tuple(_PARTS)

Key = tuple[str, str]
"""(agency id, national code of the procedure or "")."""


def count(
    session: Session,
    agency_ids: Collection[str],
    period: Period,
    catalog: Catalog,
    rules: ReportRules,
    *,
    procedure: str = "",
) -> dict[Key, Counts]:
    """Of these agencies, for one procedure or all. One statement, whatever the number of agencies.

    Received: by the day of receipt at +07:00. Finished: by the day it ended (``models.conclusions``).
    """
    prepare_to_count(session)
    kinds = _Kinds(catalog)
    found: defaultdict[Key, list[Counts]] = defaultdict(list)
    for row in session.execute(_grouped(agency_ids, period, procedure)):
        agency, code, told, received, reuse, online, finished, electronic, none, finished_reuse = row
        component, result = kinds.of(code, told)
        fulfilled = finished if result else electronic
        if rules.no_result_counts:
            fulfilled = finished if result or _no_result_paper(catalog, code, period) else electronic + none
        found[agency, code].append(
            Counts(
                received=received,
                with_component=received if component else reuse if rules.reuse_counts else 0,
                with_reuse=reuse,
                online=online,
                finished=finished,
                with_result=fulfilled,
                with_e_result=electronic,
                finished_digitised=finished if component or result else electronic,
                finished_reuse=finished_reuse,
            )
        )
    return {key: Counts.sum_of(many) for key, many in found.items()}


class _Kinds:
    """Whether dossiers of a procedure have a component and a result, by what is told of their stored papers. A province has some hundred pairs of both."""

    def __init__(self, catalog: Catalog) -> None:
        self._given: defaultdict[str, set[str]] = defaultdict(set)
        for line in catalog.procedures:
            self._given[line.code].update(line.results)
        self._usual = {paper.id for paper in catalog.paper_types.values() if paper.is_result}
        self._known: dict[tuple[str, str], tuple[bool, bool]] = {}

    def of(self, code: str, told: str) -> tuple[bool, bool]:
        if (code, told) not in self._known:
            stored = parsed(told)
            results = stored & self._given.get(code, self._usual)
            self._known[code, told] = bool(stored - results), bool(results)
        return self._known[code, told]


def _no_result_paper(catalog: Catalog, procedure: str, period: Period) -> bool:
    line = catalog.procedure(procedure, period.last) if procedure else None
    return line is not None and line.no_result_paper


def _grouped(agency_ids: Collection[str], period: Period, procedure: str) -> Select[*tuple[Any, ...]]:
    """Dossiers received or finished in the period are read once, by agency, procedure and what they have stored; most are both."""
    start, end = days(period.first, period.last)
    came = and_(Dossier.created_at >= start, Dossier.created_at < end)
    ended = and_(Dossier.finished_on >= period.first, Dossier.finished_on <= period.last)
    code = national_code_of(Dossier.procedure)
    wanted = [or_(came, ended), ~Dossier.backscan]
    if procedure:
        wanted.append(code == national_code(procedure))
    reused = (
        visible(select(ReuseLink), agency_ids).with_only_columns(ReuseLink.dossier_id).distinct().subquery("reused")
    )
    reuse = reused.c.dossier_id.is_not(None)
    statement = visible(select(Dossier).where(*wanted), agency_ids).with_only_columns(
        Dossier.agency_id,
        code,
        Dossier.stored_types,
        _those(came),
        _those(and_(came, reuse)),
        _those(and_(came, Dossier.channel == Channel.ONLINE)),
        _those(ended),
        _those(and_(ended, Dossier.result_form == ResultForm.ELECTRONIC)),
        _those(and_(ended, Dossier.result_form == ResultForm.NONE)),
        _those(and_(ended, reuse)),
    )
    grouped = statement.select_from(Dossier).outerjoin(reused, reused.c.dossier_id == Dossier.id)
    return grouped.group_by(Dossier.agency_id, code, Dossier.stored_types)


def _those(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
