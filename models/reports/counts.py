"""Counts of dossiers by agency and procedure, each dossier once (R34).

A paper is *digitised* when it is stored (TT 01/2023 Điều 7: all four steps are done). A stored paper of a dossier is its **result** when it is
of a type that the procedure gives (any result type for a procedure that the catalog doesn't know), fills no slot of the procedure and was not
issued before the dossier came; every other one is a **component**. Dossiers that only carry a back-scan are no cases of the counter: their
papers are the backlog's (``models.inventory``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, literal_column, or_, select
from sqlalchemy.orm import Session

from models.catalog import Catalog, Indicator, ReportRules
from models.catalog.catalog import national_code
from models.entities import Channel, Component, Dossier, Result, ResultForm, ReuseLink, Scan
from models.local_days import days, local_day_of
from models.rules.periods import Period
from models.rules.ratios import Ratio
from models.scopes import visible

BACKSCAN = "backscan"


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

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def ratio(self, indicator: Indicator) -> Ratio:
        """Numerator and denominator of an indicator of dossiers; ``KeyError`` for the backlog, which has none."""
        numerator, denominator = _PARTS[indicator]
        return Ratio(getattr(self, numerator), getattr(self, denominator))


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
    """Of these agencies, for one procedure or all. Two statements, whatever the number of agencies.

    Received: by the day of receipt at +07:00. Finished: by the day it ended (``models.conclusions``).
    """
    start, end = days(period.first, period.last)
    received = (Dossier.created_at >= start, Dossier.created_at < end)
    finished = (Dossier.finished_on >= period.first, Dossier.finished_on <= period.last)
    found: dict[Key, Counts] = {}
    for row in session.execute(_grouped(received, agency_ids, catalog, procedure)):
        digitised = row.component_or_reuse if rules.reuse_counts else row.component
        counts = Counts(received=row.all, with_component=digitised, with_reuse=row.reuse, online=row.online)
        found[row.agency, row.procedure] = counts
    for row in session.execute(_grouped(finished, agency_ids, catalog, procedure)):
        key = (row.agency, row.procedure)
        fulfilled = row.result_or_none if rules.no_result_counts else row.result
        if rules.no_result_counts and _no_result_paper(catalog, row.procedure, period):
            fulfilled = row.all
        found[key] = found.get(key, Counts()) + Counts(
            finished=row.all,
            with_result=fulfilled,
            with_e_result=row.e_result,
            finished_digitised=row.component_or_result,
            finished_reuse=row.reuse,
        )
    return found


def _no_result_paper(catalog: Catalog, procedure: str, period: Period) -> bool:
    line = catalog.procedure(procedure, period.last) if procedure else None
    return line is not None and line.no_result_paper


def _grouped(
    moment: tuple[ColumnElement[bool], ...], agency_ids: Collection[str], catalog: Catalog, procedure: str
) -> Select[*tuple[Any, ...]]:
    code = national_code_of(Dossier.procedure)
    wanted = [*moment, ~_backscanned()]
    if procedure:
        wanted.append(code == national_code(procedure))
    papers = _papers(wanted, agency_ids, catalog).subquery("papers")
    reused = (
        visible(select(ReuseLink), agency_ids).with_only_columns(ReuseLink.dossier_id).distinct().subquery("reused")
    )
    component, result = papers.c.component == 1, papers.c.result == 1
    reuse = reused.c.dossier_id.is_not(None)
    electronic = Dossier.result_form == ResultForm.ELECTRONIC
    statement = visible(select(Dossier).where(*wanted), agency_ids).with_only_columns(
        Dossier.agency_id.label("agency"),
        code.label("procedure"),
        func.count().label("all"),
        _those(component).label("component"),
        _those(or_(component, reuse)).label("component_or_reuse"),
        _those(reuse).label("reuse"),
        _those(Dossier.channel == Channel.ONLINE).label("online"),
        _those(or_(result, electronic)).label("result"),
        _those(or_(result, electronic, Dossier.result_form == ResultForm.NONE)).label("result_or_none"),
        _those(electronic).label("e_result"),
        _those(or_(component, result, electronic)).label("component_or_result"),
    )
    return (
        statement.select_from(Dossier)
        .outerjoin(papers, papers.c.dossier_id == Dossier.id)
        .outerjoin(reused, reused.c.dossier_id == Dossier.id)
        .group_by(Dossier.agency_id, code)
    )


def _those(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _backscanned() -> ColumnElement[bool]:
    return exists().where(Scan.dossier_id == Dossier.id, Scan.queue == BACKSCAN)


def _papers(
    wanted: Collection[ColumnElement[bool]], agency_ids: Collection[str], catalog: Catalog
) -> Select[*tuple[Any, ...]]:
    """By dossier, whether it has a stored component and a stored result."""
    own = _is_result(catalog)
    statement = visible(select(Dossier).where(*wanted), agency_ids).with_only_columns(
        Component.dossier_id.label("dossier_id"),
        func.max(case((own, 0), else_=1)).label("component"),
        func.max(case((own, 1), else_=0)).label("result"),
    )
    statement = statement.select_from(Dossier).join(Component, Component.dossier_id == Dossier.id)
    return statement.join(Result, Result.id == Component.id).group_by(Component.dossier_id)


def _is_result(catalog: Catalog) -> ColumnElement[bool]:
    """Whether a stored paper is the result of its dossier. A pair of procedure and paper type is one text: both databases look it up in a list."""
    code = national_code_of(Dossier.procedure)
    known = {line.code for line in catalog.procedures}
    pairs = {f"{line.code}|{paper}" for line in catalog.procedures for paper in line.results}
    kinds = {paper.id for paper in catalog.paper_types.values() if paper.is_result}
    given = (code + literal("|") + Result.paper_type).in_(sorted(pairs))
    usual = and_(code.not_in(sorted(known)), Result.paper_type.in_(sorted(kinds)))
    later = or_(Result.issued_on.is_(None), Result.issued_on >= local_day_of(Dossier.created_at))
    return and_(or_(given, usual), func.coalesce(Component.slot, "") == "", later)
