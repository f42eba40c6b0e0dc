"""A line of the inventory and the stored paper that it names, tied when nothing speaks against it.

Only what is certain: the same agency, the same number, and neither type, year, day of issue nor the holder's number contradicting; names that
differ are borne with when the day is the same (a certificate of marriage has two holders). A number that fits two papers or two lines ties
none. What is merely alike is for ``models.inventory.matching``, and what people decided there holds here too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.catalog import Catalog
from models.entities import Component, Holder, InventoryLine, Result, Scan
from models.inventory import decisions
from models.inventory.decisions import Bars
from models.vietnamese.folding import fold

_AT_ONCE = 500
_NO_BARS = Bars(frozenset(), frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class _Stored:
    """A stored paper as far as a line may contradict it."""

    id: str
    agency_id: str
    number_key: str
    paper_type: str
    issued_on: date | None
    holder_name: str
    holder_id_number: str
    scanned_at: datetime


def tie_open(session: Session, agency_ids: Collection[str], catalog: Catalog) -> int:
    """Tie every line of these agencies that is open to papers that are stored; how many were tied."""
    same = (Result.agency_id == InventoryLine.agency_id, Result.number_key == InventoryLine.number_key)
    statement = select(InventoryLine).where(
        InventoryLine.agency_id.in_(list(agency_ids)),
        InventoryLine.listed,
        InventoryLine.result_id.is_(None),
        InventoryLine.withdrawn_at.is_(None),
        InventoryLine.number_key != "",
        exists().where(*same),
    )
    return _tie_lines(session, session.scalars(statement).all(), catalog)


def _tie_lines(session: Session, lines: Iterable[InventoryLine], catalog: Catalog) -> int:
    by_number: defaultdict[tuple[str, str], list[InventoryLine]] = defaultdict(list)
    for line in lines:
        by_number[line.agency_id, line.number_key].append(line)
    found = _stored_of(session, by_number)
    ids = [line.id for group in by_number.values() for line in group]
    barred = decisions.bars(session, ids, [stored.id for stored in found]) if found else _NO_BARS
    tied = 0
    for stored, rivals in found.items():
        tied += _tie(stored, by_number[stored.agency_id, stored.number_key], rivals, catalog, barred)
    session.flush()
    return tied


def tie_result(session: Session, result: Result, catalog: Catalog) -> None:
    """The same for a paper that was just stored or corrected; a line that it fits no more is open again."""
    session.flush()
    if decisions.hold_paper(session, result.id):
        return
    before = session.scalar(select(InventoryLine).where(InventoryLine.result_id == result.id))
    if before is not None and before.number_key != result.number_key:
        before.result_id = before.scanned_at = None
        session.flush()
    elif before is not None:
        return
    if not result.number_key:
        return
    statement = select(InventoryLine).where(
        InventoryLine.agency_id == result.agency_id,
        InventoryLine.number_key == result.number_key,
        InventoryLine.listed,
        InventoryLine.result_id.is_(None),
        InventoryLine.withdrawn_at.is_(None),
    )
    _tie_lines(session, session.scalars(statement.with_for_update()).all(), catalog)


def _stored_of(
    session: Session, by_number: dict[tuple[str, str], list[InventoryLine]]
) -> dict[_Stored, Sequence[_Stored]]:
    """The untied stored papers of these numbers, each with all that share its agency and number."""
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for agency_id, number in by_number:
        keys[agency_id].append(number)
    found: defaultdict[tuple[str, str], list[_Stored]] = defaultdict(list)
    for agency_id, numbers in keys.items():
        for start in range(0, len(numbers), _AT_ONCE):
            for one in _untied(session, agency_id, numbers[start : start + _AT_ONCE]):
                found[one.agency_id, one.number_key].append(one)
    return {one: group for group in found.values() for one in group}


def _untied(session: Session, agency_id: str, numbers: Sequence[str]) -> Iterable[_Stored]:
    statement = (
        select(
            Result.id,
            Result.agency_id,
            Result.number_key,
            Result.paper_type,
            Result.issued_on,
            Holder.name,
            Holder.id_number,
            Scan.created_at,
        )
        .join(Component, Component.id == Result.id)
        .join(Scan, Scan.id == Component.scan_id)
        .outerjoin(Holder, Holder.id == Result.holder_id)
        .outerjoin(InventoryLine, InventoryLine.result_id == Result.id)
        .where(Result.agency_id == agency_id, Result.number_key.in_(list(numbers)), InventoryLine.id.is_(None))
    )
    for id_, agency, number, kind, issued, name, id_number, scanned in session.execute(statement):
        yield _Stored(id_, agency, number, kind, issued, name or "", id_number or "", scanned)


def _tie(
    stored: _Stored, lines: Sequence[InventoryLine], rivals: Sequence[_Stored], catalog: Catalog, barred: Bars
) -> int:
    def fits(line: InventoryLine, paper: _Stored) -> bool:
        return not barred.forbid(line.id, paper.id) and _fits(line, paper, catalog)

    fitting = [line for line in lines if line.result_id is None and fits(line, stored)]
    if len(fitting) != 1:
        return 0
    line = fitting[0]
    if any(other.id != stored.id and fits(line, other) for other in rivals):
        return 0
    line.result_id, line.scanned_at = stored.id, stored.scanned_at
    return 1


def _fits(line: InventoryLine, stored: _Stored, catalog: Catalog) -> bool:
    """Whether nothing that both say differs."""
    if line.paper_type and line.paper_type != stored.paper_type:
        return False
    procedure = catalog.procedure(line.procedure, date(line.year, 12, 31)) if line.procedure else None
    if not line.paper_type and procedure and procedure.results and stored.paper_type not in procedure.results:
        return False
    if line.holder_id_number and stored.holder_id_number and line.holder_id_number != stored.holder_id_number:
        return False
    if stored.issued_on is not None and (line.issued_on or stored.issued_on) != stored.issued_on:
        return False
    if stored.issued_on is not None and line.issued_on is None and stored.issued_on.year != line.year:
        return False
    same_day = line.issued_on is not None and line.issued_on == stored.issued_on
    named = line.holder_name and stored.holder_name
    return same_day or not named or fold(line.holder_name) == fold(stored.holder_name)
