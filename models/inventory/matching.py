"""Matching an agency's papers to its lines: rows read, ``models.rules.matching`` asked, ties made, findings kept as exception records.

Twice is the same as once. Nothing is deleted: a finding that is none any more is *gone*, and comes back if it is found again; what a person settled
stays settled. Reading and judging take seconds for a long list, so they hold no lock; every tie is made only if it is still free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from models import events
from models.batches.entities import BatchPaper
from models.catalog import Catalog
from models.entities import (
    Agency,
    Component,
    Holder,
    InventoryException,
    InventoryLine,
    Result,
    Scan,
    ScanState,
    new_id,
    now,
)
from models.inventory import decisions
from models.inventory.decisions import State
from models.rules.matching import Field, Finding, Judged, Kind, Line, Paper, judge

_AT_ONCE = 500
_NO_PAPER = (ScanState.REFUSED, ScanState.BLOCKED_SECRET, ScanState.FAILED, ScanState.WITHDRAWN)
_HOLDERS = ("holder_name", "wife_name", "husband_name")
_FIELDS = {Field.NUMBER: ("number",), Field.DAY: ("issued_on",), Field.HOLDER: _HOLDERS}


@dataclass(frozen=True, slots=True)
class Looked:
    """What an agency's lines and papers are to each other. ``scanned_at``: of the papers that are stored, so that a line can be theirs."""

    agency_id: str
    judged: Judged
    scanned_at: Mapping[str, datetime]
    lines: int
    papers: int


@dataclass(frozen=True, slots=True)
class Matched:
    """What came of it. ``waiting``: pairs whose paper is not stored yet. ``open``: records for people, by kind."""

    agency_id: str
    lines: int
    papers: int
    tied: int
    loosened: int
    waiting: int
    new: int
    gone: int
    open: Mapping[Kind, int]


def look(session: Session, agency_id: str, catalog: Catalog) -> Looked:
    """Judge all that the agency listed and all papers of its back-scans, with whatever else of it is stored. Nothing is written."""
    barred = decisions.bars_of_agency(session, agency_id)
    lines, tied, years = _lines(session, agency_id, catalog)
    lines = [line for line in lines if line.id not in barred.lines]
    papers: list[Paper] = []
    scanned_at: dict[str, datetime] = {}
    if lines:
        papers, scanned_at = _papers(session, agency_id, catalog, years)
        papers = [paper for paper in papers if paper.id not in barred.papers]
    by_people = decisions.settled_ties(session, [agency_id])
    tied |= {line_id: paper_id for line_id, paper_id in by_people.items() if line_id in {line.id for line in lines}}
    judged = judge(lines, papers, tied=tied, settled=by_people.keys(), apart=barred.apart)
    return Looked(agency_id, judged, scanned_at, len(lines), len(papers))


def keep(session: Session, looked: Looked, actor: str) -> Matched:
    """Make the ties that are still free and bring the records up to date. Nothing is committed here."""
    session.execute(select(Agency.id).where(Agency.id == looked.agency_id).with_for_update(key_share=True)).all()
    decisions.hold(session, [looked.agency_id])
    barred = decisions.bars_of_agency(session, looked.agency_id)
    by_people = decisions.settled_ties(session, [looked.agency_id])
    loosened = 0
    for pair in looked.judged.loosened:
        if by_people.get(pair.line_id) != pair.paper_id:
            decisions.free(session, line_id=pair.line_id, paper_id=pair.paper_id)
            loosened += 1
    tied = waiting = 0
    for pair in looked.judged.ties:
        if pair.paper_id not in looked.scanned_at:
            waiting += 1
        elif not barred.forbid(pair.line_id, pair.paper_id):
            tied += _tie(session, pair.line_id, pair.paper_id, looked.scanned_at[pair.paper_id])
    new, gone = _keep_findings(session, looked)
    matched = Matched(
        looked.agency_id, looked.lines, looked.papers, tied, loosened, waiting, new, gone, open_by_kind(session, [looked.agency_id])
    )  # fmt: skip
    data = {"tied": tied, "loosened": loosened, "new": new, "gone": gone, "open": sum(matched.open.values())}
    events.record(session, kind="inventory_matched", actor=actor, agency_id=looked.agency_id, data=data)
    return matched


def open_by_kind(session: Session, agency_ids: list[str]) -> dict[Kind, int]:
    """How many records of each kind wait for a person."""
    statement = (
        select(InventoryException.kind, func.count())
        .where(InventoryException.agency_id.in_(agency_ids), InventoryException.state == State.OPEN)
        .group_by(InventoryException.kind)
    )
    found: dict[str, int] = {row[0]: row[1] for row in session.execute(statement)}
    return {kind: found.get(kind, 0) for kind in Kind}


def agencies_with_lists(session: Session, agency_ids: list[str]) -> list[tuple[str, str]]:
    """Those of them that have listed papers one by one, now or once: id and code, by code."""
    listed = exists().where(InventoryLine.agency_id == Agency.id, InventoryLine.listed)
    statement = select(Agency.id, Agency.code).where(Agency.id.in_(agency_ids), listed).order_by(Agency.code)
    return [(id_, code) for id_, code in session.execute(statement)]


def _lines(session: Session, agency_id: str, catalog: Catalog) -> tuple[list[Line], dict[str, str], frozenset[int]]:
    """With the papers that they are tied to, and their years."""
    one = InventoryLine
    statement = select(
        one.id, one.year, one.procedure, one.code, one.number, one.paper_type, one.issued_on,
        one.holder_name, one.holder_id_number, one.result_id,
    ).where(one.agency_id == agency_id, one.listed, one.withdrawn_at.is_(None))  # fmt: skip
    given: dict[tuple[str, int], frozenset[str]] = {}
    lines: list[Line] = []
    tied: dict[str, str] = {}
    for id_, year, code, line_code, number, kind, day, holder, holder_id, result_id in session.execute(statement):
        if (code, year) not in given:
            procedure = catalog.procedure(code, date(year, 12, 31)) if code else None
            given[code, year] = frozenset(procedure.results) if procedure else frozenset()
        types = frozenset({kind}) if kind else given[code, year]
        own = line_code[1:] if line_code.startswith("=") else ""
        lines.append(Line(id_, year, own, number, day, holder, holder_id, types))
        if result_id:
            tied[id_] = result_id
    return lines, tied, frozenset(line.year for line in lines)


def _papers(
    session: Session, agency_id: str, catalog: Catalog, years: frozenset[int]
) -> tuple[list[Paper], dict[str, datetime]]:
    """Papers of back-scans, stored or not, and what else of the agency is stored."""
    statement = (
        select(
            Component.id, Component.paper_type, Component.fields, Scan.queue, Scan.created_at, BatchPaper.key,
            Result.id, Result.number_key, Result.issued_on, Holder.name, Holder.id_number,
        )
        .select_from(Component)
        .join(Scan, Scan.id == Component.scan_id)
        .outerjoin(Result, Result.id == Component.id)
        .outerjoin(Holder, Holder.id == Result.holder_id)
        .outerjoin(BatchPaper, BatchPaper.component_id == Component.id)
        .where(
            Component.agency_id == agency_id,
            or_(Result.id.is_not(None), Scan.queue == "backscan"),
            Scan.state.not_in(_NO_PAPER),
        )
    )  # fmt: skip
    results = {paper.id for paper in catalog.paper_types.values() if paper.is_result}
    papers: list[Paper] = []
    scanned_at: dict[str, datetime] = {}
    for id_, kind, fields, queue, at, key, stored, number, issued_on, name, id_number in session.execute(statement):
        names = [value for one in _HOLDERS if (value := _value(fields, one))]
        day = issued_on if stored else _day(fields)
        paper = Paper(
            id=id_,
            key=key or "",
            number=number if stored else _value(fields, "number"),
            day=day,
            holder=" ; ".join(names) or name or "",
            holder_id=(id_number or "") if stored else _value(fields, "holder_id"),
            type=kind or "",
            certain=_certain(fields),
            expected=queue == "backscan" and (not kind or kind in results) and (day is None or day.year in years),
        )
        papers.append(paper)
        if stored:
            scanned_at[id_] = at
    return papers, scanned_at


def _value(fields: Mapping[str, Any], name: str) -> str:
    return str((fields.get(name) or {}).get("value") or "")


def _day(fields: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(_value(fields, "issued_on"))
    except ValueError:
        return None


def _certain(fields: Mapping[str, Any]) -> frozenset[Field]:
    """What a person typed or confirmed."""

    def sure(name: str) -> bool:
        field: Mapping[str, Any] = fields.get(name) or {}
        return bool(field.get("value")) and (bool(field.get("confirmed_by")) or field.get("source") == "manual")

    return frozenset(field for field, names in _FIELDS.items() if any(sure(name) for name in names))


def _tie(session: Session, line_id: str, paper_id: str, scanned_at: datetime) -> int:
    """Unless line or paper was tied since it was looked at."""
    other = aliased(InventoryLine)
    change = update(InventoryLine).where(
        InventoryLine.id == line_id,
        InventoryLine.result_id.is_(None),
        InventoryLine.withdrawn_at.is_(None),
        ~exists().where(other.result_id == paper_id),
    )
    values = change.values(result_id=paper_id, scanned_at=scanned_at).execution_options(synchronize_session=False)
    return len(session.execute(values.returning(InventoryLine.id)).all())


def _identity(finding: Finding) -> str:
    return f"{finding.kind}:{finding.line_id or ''}:{finding.paper_id or ''}"


def _keep_findings(session: Session, looked: Looked) -> tuple[int, int]:
    """How many are new (or back), how many gone."""
    one = InventoryException
    statement = select(one.identity, one.id, one.state, one.candidates).where(one.agency_id == looked.agency_id)
    known = {identity: (id_, state, candidates) for identity, id_, state, candidates in session.execute(statement)}
    added: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    at, seen = now(), set[str]()
    back = 0
    for finding in looked.judged.findings:
        identity = _identity(finding)
        seen.add(identity)
        candidates = [pair.told() for pair in finding.pairs]
        values: dict[str, Any] = {
            "candidates": candidates,
            "score": finding.pairs[0].score if finding.pairs else 0,
            "state": State.OPEN.value,
            "gone_at": None,
        }
        if identity not in known:
            added.append(
                {
                    "id": new_id(),
                    "agency_id": looked.agency_id,
                    "identity": identity,
                    "kind": finding.kind.value,
                    "line_id": finding.line_id,
                    "component_id": finding.paper_id,
                    "found_at": at,
                    "reason": "",
                    **values,
                }
            )
            continue
        id_, state, before = known[identity]
        if state == State.SETTLED or (state == State.OPEN and before == candidates):
            continue
        back += state == State.GONE
        changed.append({"id": id_, **values})
    gone = [
        {"id": id_, "state": State.GONE.value, "gone_at": at}
        for identity, (id_, state, _) in known.items()
        if state == State.OPEN and identity not in seen
    ]
    for start in range(0, len(added), _AT_ONCE):
        session.execute(insert(one), added[start : start + _AT_ONCE])
    for rows in (changed, gone):
        for start in range(0, len(rows), _AT_ONCE):
            session.execute(update(one), rows[start : start + _AT_ONCE])
    session.flush()
    return len(added) + back, len(gone)
