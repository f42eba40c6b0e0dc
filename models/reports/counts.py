"""Counts of dossiers by agency and procedure, each dossier once (R34).

A paper is *digitised* when it is stored (TT 01/2023 Điều 7: all four steps are done). A stored paper of a dossier is its **result** when it is
of a type that the procedure gives (any result type for a procedure that the catalog doesn't know), fills no slot of the procedure and was not
issued before the dossier came; every other one is a **component**. Dossiers that only carry a back-scan are no cases of the counter: their
papers are the backlog's (``models.inventory``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, literal_column, or_, select
from sqlalchemy.orm import Session

from models.catalog import Catalog, Indicator, ReportRules
from models.catalog.catalog import national_code
from models.database import prepare_to_count
from models.entities import Channel, Dossier, Result, ResultForm, ReuseLink
from models.local_days import days, local_day_of
from models.rules.periods import Period
from models.rules.ratios import Ratio
from models.scopes import visible


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
    found: dict[Key, Counts] = {}
    for row in session.execute(_grouped(agency_ids, period, catalog, procedure)):
        fulfilled = row.result_or_none if rules.no_result_counts else row.result
        if rules.no_result_counts and _no_result_paper(catalog, row.procedure, period):
            fulfilled = row.finished
        found[row.agency, row.procedure] = Counts(
            received=row.received,
            with_component=row.component_or_reuse if rules.reuse_counts else row.component,
            with_reuse=row.reuse,
            online=row.online,
            finished=row.finished,
            with_result=fulfilled,
            with_e_result=row.e_result,
            finished_digitised=row.component_or_result,
            finished_reuse=row.finished_reuse,
        )
    return found


def _no_result_paper(catalog: Catalog, procedure: str, period: Period) -> bool:
    line = catalog.procedure(procedure, period.last) if procedure else None
    return line is not None and line.no_result_paper


def _grouped(agency_ids: Collection[str], period: Period, catalog: Catalog, procedure: str) -> Select[*tuple[Any, ...]]:
    """Dossiers received or finished in the period are read once, each with what it has; most are both."""
    each = _dossiers(agency_ids, period, catalog, procedure).subquery("each")
    reused = (
        visible(select(ReuseLink), agency_ids).with_only_columns(ReuseLink.dossier_id).distinct().subquery("reused")
    )
    of = each.c
    reuse, electronic = reused.c.dossier_id.is_not(None), of.form == ResultForm.ELECTRONIC
    component, result = of.component == 1, of.result == 1
    came, ended = of.received == 1, of.finished == 1
    statement = select(
        of.agency,
        of.procedure,
        _those(came).label("received"),
        _those(and_(came, component)).label("component"),
        _those(and_(came, or_(component, reuse))).label("component_or_reuse"),
        _those(and_(came, reuse)).label("reuse"),
        _those(and_(came, of.channel == Channel.ONLINE)).label("online"),
        _those(ended).label("finished"),
        _those(and_(ended, or_(result, electronic))).label("result"),
        _those(and_(ended, or_(result, electronic, of.form == ResultForm.NONE))).label("result_or_none"),
        _those(and_(ended, electronic)).label("e_result"),
        _those(and_(ended, or_(component, result, electronic))).label("component_or_result"),
        _those(and_(ended, reuse)).label("finished_reuse"),
    )
    return statement.select_from(each).outerjoin(reused, reused.c.dossier_id == of.id).group_by(of.agency, of.procedure)


def _those(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _dossiers(
    agency_ids: Collection[str], period: Period, catalog: Catalog, procedure: str
) -> Select[*tuple[Any, ...]]:
    """By dossier, which of the two it is, and whether it has a stored component and a stored result."""
    start, end = days(period.first, period.last)
    received = and_(Dossier.created_at >= start, Dossier.created_at < end)
    finished = and_(Dossier.finished_on >= period.first, Dossier.finished_on <= period.last)
    code = national_code_of(Dossier.procedure)
    wanted = [or_(received, finished), ~Dossier.backscan]
    if procedure:
        wanted.append(code == national_code(procedure))
    own, stored = _is_result(catalog), Result.dossier_id.is_not(None)
    statement = visible(select(Dossier).where(*wanted), agency_ids).with_only_columns(
        Dossier.id.label("id"),
        Dossier.agency_id.label("agency"),
        code.label("procedure"),
        Dossier.channel.label("channel"),
        Dossier.result_form.label("form"),
        case((received, 1), else_=0).label("received"),
        case((finished, 1), else_=0).label("finished"),
        func.max(case((and_(stored, own), 0), (stored, 1), else_=0)).label("component"),
        func.max(case((and_(stored, own), 1), else_=0)).label("result"),
    )
    return statement.select_from(Dossier).outerjoin(Result, Result.dossier_id == Dossier.id).group_by(Dossier.id)


def _is_result(catalog: Catalog) -> ColumnElement[bool]:
    """Whether a stored paper is the result of its dossier. A pair of procedure and paper type is one text: both databases look it up in a list."""
    code = national_code_of(Dossier.procedure)
    known = {line.code for line in catalog.procedures}
    pairs = {f"{line.code}|{paper}" for line in catalog.procedures for paper in line.results}
    kinds = {paper.id for paper in catalog.paper_types.values() if paper.is_result}
    given = (code + literal("|") + Result.paper_type).in_(sorted(pairs))
    usual = and_(code.not_in(sorted(known)), Result.paper_type.in_(sorted(kinds)))
    later = or_(Result.issued_on.is_(None), Result.issued_on >= local_day_of(Dossier.created_at))
    return and_(or_(given, usual), Result.slot == "", later)
