"""What people decided about lines and papers, so that neither a list brought in again, nor a paper stored later, nor matching undoes it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from models.entities import Component, InventoryException, InventoryLine, Result, Scan

_AT_ONCE = 500


class Decision(StrEnum):
    TIE = "tie"  # this paper is this line
    APART = "apart"  # it is not; of a line or paper alone: none of those proposed
    NOT_OURS = "not_ours"  # the paper (of a line alone: the line) is no business of this inventory


class State(StrEnum):
    OPEN = "open"
    SETTLED = "settled"
    GONE = "gone"  # matching found it no more: tied meanwhile, withdrawn, corrected


@dataclass(frozen=True, slots=True)
class Bars:
    """``apart``: (line, paper). ``papers``, ``lines``: not ours."""

    apart: frozenset[tuple[str, str]]
    papers: frozenset[str]
    lines: frozenset[str]

    def forbid(self, line_id: str, paper_id: str) -> bool:
        return (line_id, paper_id) in self.apart or paper_id in self.papers or line_id in self.lines


def bars_of_agency(session: Session, agency_id: str) -> Bars:
    return _bars(session, [InventoryException.agency_id == agency_id])


def bars(session: Session, line_ids: Sequence[str], paper_ids: Sequence[str]) -> Bars:
    """Those that touch these lines or papers."""
    touched = [
        InventoryException.line_id.in_(line_ids[start : start + _AT_ONCE])
        for start in range(0, len(line_ids), _AT_ONCE)
    ]
    touched += [
        InventoryException.component_id.in_(paper_ids[start : start + _AT_ONCE])
        for start in range(0, len(paper_ids), _AT_ONCE)
    ]
    return _bars(session, touched)


def _bars(session: Session, conditions: Sequence[ColumnElement[bool]]) -> Bars:
    apart: set[tuple[str, str]] = set()
    papers: set[str] = set()
    lines: set[str] = set()
    for condition in conditions:
        statement = select(
            InventoryException.decision,
            InventoryException.line_id,
            InventoryException.component_id,
            InventoryException.candidates,
        ).where(
            condition,
            InventoryException.state == State.SETTLED,
            InventoryException.decision.in_([Decision.APART, Decision.NOT_OURS]),
        )
        for decision, line_id, paper_id, candidates in session.execute(statement):
            if decision == Decision.NOT_OURS:
                papers |= {paper_id} if paper_id else set()
                lines |= {line_id} if line_id and not paper_id else set()
            elif line_id and paper_id:
                apart.add((line_id, paper_id))
            else:
                apart |= {(str(one["line"]), str(one["paper"])) for one in candidates}
    return Bars(frozenset(apart), frozenset(papers), frozenset(lines))


def settled_ties(session: Session, agency_ids: Collection[str]) -> dict[str, str]:
    """Component by line, as people tied them."""
    statement = select(InventoryException.tied_line_id, InventoryException.tied_component_id).where(
        InventoryException.agency_id.in_(list(agency_ids)), *_TIED
    )
    return {line_id: paper_id for line_id, paper_id in session.execute(statement) if line_id and paper_id}


_TIED = (
    InventoryException.state == State.SETTLED,
    InventoryException.decision == Decision.TIE,
    InventoryException.tied_line_id.is_not(None),
    InventoryException.tied_component_id.is_not(None),
)


def hold(session: Session, agency_ids: Collection[str]) -> int:
    """Tie anew what people tied and something loosened; how many. A withdrawn line, or a paper not yet stored, waits."""
    return _hold(session, [InventoryException.agency_id.in_(list(agency_ids))])


def hold_paper(session: Session, paper_id: str) -> bool:
    """The same for a paper just stored or corrected; whether a person has tied it."""
    tied = select(InventoryException.id).where(InventoryException.tied_component_id == paper_id, *_TIED)
    if session.scalar(tied.limit(1)) is None:
        return False
    _hold(session, [InventoryException.tied_component_id == paper_id])
    return True


def _hold(session: Session, conditions: Sequence[ColumnElement[bool]]) -> int:
    statement = (
        select(InventoryLine.id, Result.id, Scan.created_at)
        .select_from(InventoryException)
        .join(InventoryLine, InventoryLine.id == InventoryException.tied_line_id)
        .join(Result, Result.id == InventoryException.tied_component_id)
        .join(Component, Component.id == Result.id)
        .join(Scan, Scan.id == Component.scan_id)
        .where(
            *conditions,
            *_TIED,
            InventoryLine.withdrawn_at.is_(None),
            or_(InventoryLine.result_id.is_(None), InventoryLine.result_id != Result.id),
        )
    )
    session.flush()
    missing = session.execute(statement).all()
    for line_id, paper_id, _ in missing:
        free(session, line_id=line_id)
        free(session, paper_id=paper_id)
    for line_id, paper_id, scanned_at in missing:
        change = update(InventoryLine).where(InventoryLine.id == line_id)
        session.execute(change.values(result_id=paper_id, scanned_at=scanned_at))
    return len(missing)


def free(session: Session, *, line_id: str | None = None, paper_id: str | None = None) -> None:
    """Loosen the tie of this line, this paper, or only of these two to each other."""
    conditions = [InventoryLine.id == line_id] if line_id else []
    conditions += [InventoryLine.result_id == paper_id] if paper_id else []
    session.execute(update(InventoryLine).where(*conditions).values(result_id=None, scanned_at=None))


def move_paper(session: Session, old_id: str, new_id: str) -> None:
    """What people decided of a paper holds of the new scan of it, whose component is to take its place."""
    one = InventoryException
    of_it = select(one).where(
        one.state == State.SETTLED, or_(one.component_id == old_id, one.tied_component_id == old_id)
    )
    for record in session.scalars(of_it.with_for_update()):
        record.candidates = [
            {**told, "paper": new_id} if told.get("paper") == old_id else told for told in record.candidates
        ]
        if record.component_id == old_id:
            record.component_id = new_id
            record.identity = f"{record.kind}:{record.line_id or ''}:{new_id}"
        if record.tied_component_id == old_id:
            record.tied_component_id = new_id
    session.flush()
