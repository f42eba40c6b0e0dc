"""Exception records for people: the four lists, and what is decided about each (tie, keep apart, not ours), undone at will."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from models import events
from models.entities import Agency, Component, InventoryException, InventoryLine, Result, now
from models.errors import Conflict, InvalidRequest, NotFound
from models.inventory import decisions
from models.inventory.decisions import Decision, State
from models.rules.matching import Kind
from models.scopes import visible
from models.vietnamese.numbers import number_key

MAX_REASON = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is given must hold."""

    kind: Kind | None = None
    state: State | None = State.OPEN
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """``line``, ``paper``: ids, where the record has only the other. ``number``: instead, that of the one line or stored paper meant."""

    decision: Decision
    reason: str
    line: str | None = None
    paper: str | None = None
    number: str = ""


_WITH = (
    joinedload(InventoryException.agency),
    joinedload(InventoryException.line),
    joinedload(InventoryException.component),
)


def listed(
    session: Session, asked: Asked, agency_ids: Collection[str]
) -> tuple[list[InventoryException], dict[Kind, int], int]:
    """The records with agency, line and component; how many of that state there are of each kind; how many fit in all."""
    statement = visible(select(InventoryException), agency_ids)
    if asked.state is not None:
        statement = statement.where(InventoryException.state == asked.state)
    by = (InventoryException.agency_id, Agency.code, InventoryException.kind)
    agencies = statement.join(Agency, Agency.id == InventoryException.agency_id)
    counted = agencies.with_only_columns(*by, func.count()).group_by(*by)
    counts = dict.fromkeys(Kind, 0)
    sizes: defaultdict[tuple[str, str], int] = defaultdict(int)
    for agency_id, code, kind, count in session.execute(counted):
        counts[Kind(kind)] += count
        if asked.kind in {None, kind}:
            sizes[code, agency_id] += count
    if asked.kind is not None:
        statement = statement.where(InventoryException.kind == asked.kind)
    ids: list[str] = []
    before = 0
    # Only records of agencies that the slice stands in are put in order.
    for (_, agency_id), size in sorted(sizes.items()):
        left, skipped = asked.limit - len(ids), max(0, asked.offset - before)
        before += size
        if left > 0 and skipped < size:
            ids += _of_agency(session, statement.where(InventoryException.agency_id == agency_id), left, skipped)
    return _in_order(session, ids), counts, before


def _of_agency(session: Session, statement: Select[InventoryException], limit: int, offset: int) -> Sequence[str]:
    """Ids, the likest first, then as the papers lie in their boxes."""
    one = InventoryException
    ordered = (
        statement.outerjoin(InventoryLine, InventoryLine.id == one.line_id)
        .with_only_columns(one.id)
        .order_by(one.score.desc(), InventoryLine.box, InventoryLine.row, one.id)
    )
    return session.scalars(ordered.limit(limit).offset(offset)).all()


def _in_order(session: Session, ids: Sequence[str]) -> list[InventoryException]:
    """Read whole only now: sorting carries all that is selected along."""
    whole = session.scalars(select(InventoryException).where(InventoryException.id.in_(ids)).options(*_WITH))
    found = {record.id: record for record in whole}
    return [found[id_] for id_ in ids if id_ in found]


def find(session: Session, exception_id: str, agency_ids: Collection[str]) -> InventoryException:
    """With agency, line and component. ``NotFound`` also outside the agencies."""
    statement = visible(select(InventoryException), agency_ids).where(InventoryException.id == exception_id)
    found = session.scalar(statement.options(*_WITH), execution_options={"populate_existing": True})
    if found is None:
        raise NotFound("no such exception record")
    return found


def named(
    session: Session, records: Collection[InventoryException]
) -> tuple[dict[str, InventoryLine], dict[str, Component]]:
    """The lines and papers that the records' candidates are, by id (their caller was let in to the records)."""
    lines = {str(one["line"]) for record in records for one in record.candidates}
    papers = {str(one["paper"]) for record in records for one in record.candidates}
    lines |= {record.tied_line_id for record in records if record.tied_line_id}
    papers |= {record.tied_component_id for record in records if record.tied_component_id}
    of_lines = session.scalars(select(InventoryLine).where(InventoryLine.id.in_(lines)))
    of_papers = session.scalars(select(Component).where(Component.id.in_(papers)))
    return {line.id: line for line in of_lines}, {paper.id: paper for paper in of_papers}


def settle(
    session: Session, exception_id: str, agency_ids: Collection[str], choice: Choice, actor: str
) -> InventoryException:
    """Decide; the same decision again is the same as once. ``NotFound``; ``InvalidRequest`` without a reason, or for a tie that names no other half;
    ``Conflict`` for a record that is settled otherwise or gone, and where a person has tied line or paper already.
    """
    reason = " ".join(choice.reason.split())[:MAX_REASON]
    if not reason:
        raise InvalidRequest("a decision needs its reason")
    record = _locked(session, exception_id, agency_ids)
    line_id, paper_id = record.line_id, record.component_id
    halves = _halves(session, record, choice) if choice.decision is Decision.TIE else None
    if record.state != State.OPEN:
        same = record.decision == choice.decision
        same &= halves is None or halves == (record.tied_line_id, record.tied_component_id)
        if record.state == State.SETTLED and same:
            return record
        raise Conflict("this record is settled or gone; undo its decision, or match again")
    if halves is not None:
        _tie(session, record, *halves)
    elif paper_id is not None:
        # Apart: only these two. Not ours: the paper from whatever it is tied to.
        decisions.free(session, line_id=line_id if choice.decision is Decision.APART else None, paper_id=paper_id)
    elif line_id is not None and choice.decision is Decision.NOT_OURS:
        decisions.free(session, line_id=line_id)
    record.state, record.decision, record.reason = State.SETTLED.value, choice.decision.value, reason
    record.settled_by, record.settled_at = actor, now()
    session.flush()
    if halves is not None:
        decisions.hold(session, [record.agency_id])
    _told(session, record, "inventory_settled", actor)
    return find(session, exception_id, agency_ids)


def undo(session: Session, exception_id: str, agency_ids: Collection[str], actor: str) -> InventoryException:
    """The record is open again, and what it tied is loose. What was decided stays in the log. Of an open one: nothing."""
    record = _locked(session, exception_id, agency_ids)
    if record.state != State.SETTLED:
        return record
    _told(session, record, "inventory_unsettled", actor)
    if record.decision == Decision.TIE and record.tied_line_id and record.tied_component_id:
        decisions.free(session, line_id=record.tied_line_id, paper_id=record.tied_component_id)
    record.state, record.decision, record.reason = State.OPEN.value, None, ""
    record.settled_by = record.settled_at = record.tied_line_id = record.tied_component_id = None
    session.flush()
    return find(session, exception_id, agency_ids)


def _locked(session: Session, exception_id: str, agency_ids: Collection[str]) -> InventoryException:
    statement = visible(select(InventoryException.agency_id), agency_ids)
    agency_id = session.scalar(statement.where(InventoryException.id == exception_id))
    if agency_id is None:
        raise NotFound("no such exception record")
    # Decisions and matching of one agency come one after the other.
    session.execute(select(Agency.id).where(Agency.id == agency_id).with_for_update(key_share=True)).all()
    return find(session, exception_id, agency_ids)


def _halves(session: Session, record: InventoryException, choice: Choice) -> tuple[str, str]:
    """Line and paper of a tie: the record's own, and what was chosen for the half it lacks."""
    line_id = record.line_id or choice.line
    paper_id = record.component_id or choice.paper
    key = number_key(choice.number)
    if line_id is None and key:
        lines = select(InventoryLine.id).where(InventoryLine.number_key == key, InventoryLine.listed)
        lines = lines.where(InventoryLine.withdrawn_at.is_(None), InventoryLine.agency_id == record.agency_id)
        line_id = _only(list(session.scalars(lines.limit(2))))
    if paper_id is None and key:
        papers = select(Result.id).where(Result.number_key == key, Result.agency_id == record.agency_id)
        paper_id = _only(list(session.scalars(papers.limit(2))))
    line = session.get(InventoryLine, line_id) if line_id else None
    paper = session.get(Component, paper_id) if paper_id else None
    if line is None or line.agency_id != record.agency_id or not line.listed or line.withdrawn_at is not None:
        raise InvalidRequest("a tie needs a line of this agency's lists")
    if paper is None or paper.agency_id != record.agency_id:
        raise InvalidRequest("a tie needs a paper of this agency")
    return line.id, paper.id


def _only(found: list[str]) -> str | None:
    if len(found) > 1:
        raise InvalidRequest("several have this number; choose a candidate")
    return found[0] if found else None


def _tie(session: Session, record: InventoryException, line_id: str, paper_id: str) -> None:
    one = InventoryException
    rival = select(one.id).where(
        one.id != record.id,
        one.state == State.SETTLED,
        one.decision == Decision.TIE,
        or_(one.tied_line_id == line_id, one.tied_component_id == paper_id),
    )
    if session.scalar(rival.limit(1)) is not None:
        raise Conflict("somebody has tied this line or paper; undo that decision first")
    record.tied_line_id, record.tied_component_id = line_id, paper_id
    alone = or_(
        (one.kind == Kind.MISSING) & (one.line_id == line_id),
        (one.kind == Kind.UNLISTED) & (one.component_id == paper_id),
    )
    change = update(one).where(one.id != record.id, one.state == State.OPEN, alone)
    session.execute(change.values(state=State.GONE.value, gone_at=now()))


def _told(session: Session, record: InventoryException, kind: str, actor: str) -> None:
    data = {"exception": record.id, "of": record.kind, "decision": record.decision, "reason": record.reason}
    if record.component is not None:
        events.record(session, kind=kind, actor=actor, component=record.component, data=data)
    else:
        events.record(session, kind=kind, actor=actor, agency_id=record.agency_id, data=data)
