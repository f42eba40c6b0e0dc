"""Keeping a list: the same list again changes nothing, a corrected one changes its lines, and none is ever there twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models import events
from models.catalog import Catalog
from models.entities import Agency, InventoryColumns, InventoryImport, InventoryLine, new_id, now
from models.inventory import decisions, links
from models.inventory.sheet import InventoryRow, InventorySheet
from models.vietnamese.numbers import number_key

_SAME = (
    "listed",
    "count",
    "number",
    "title",
    "paper_type",
    "holder_name",
    "holder_id_number",
    "issued_on",
    "box",
    "shelf",
    "note",
)
"""What a line takes from its row; its identity is beside."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Source:
    """Whose list it is (the agency of rows that name none), its file's name, who brings it."""

    agency: Agency
    filename: str
    actor: str


def remembered(session: Session, agency_id: str) -> dict[str, str]:
    """Header by column, as the agency's last list had them."""
    found = session.get(InventoryColumns, agency_id)
    return {str(key): str(header) for key, header in found.headers.items()} if found else {}


def take(
    session: Session, sheet: InventorySheet, source: Source, catalog: Catalog, *, replace: bool = False
) -> InventoryImport:
    """Keep the rows that are right, remember the columns, and tie new lines to papers that are stored already.

    ``replace``: the list is the whole of what its agencies counted in its years, so lines it lacks are withdrawn (kept, and counted no more).
    Rows' agencies must exist (``read_inventory`` was given their codes). Nothing is committed here.
    """
    record = InventoryImport(
        id=new_id(),
        agency_id=source.agency.id,
        actor=source.actor,
        filename=source.filename[:255],
        refused=len(sheet.errors),
        created=0,
        changed=0,
        unchanged=0,
        withdrawn=0,
    )
    session.add(record)
    session.flush()
    agencies = {agency.code: agency.id for agency in session.scalars(select(Agency))}
    groups = {(agencies[row.agency], row.year) for row in sheet.rows}
    _take_turns(session, {agency_id for agency_id, _ in groups})
    _keep(
        session, record, [(agencies[row.agency], row) for row in sheet.rows], _lines(session, groups), replace=replace
    )
    _remember(session, source.agency.id, sheet.headers)
    session.flush()
    decisions.hold(session, {agency_id for agency_id, _ in groups})
    links.tie_open(session, {agency_id for agency_id, _ in groups}, catalog)
    data = {
        "file": record.filename,
        "created": record.created,
        "changed": record.changed,
        "withdrawn": record.withdrawn,
        "refused": record.refused,
    }
    events.record(session, kind="inventory_imported", actor=source.actor, agency_id=source.agency.id, data=data)
    return record


_Key = tuple[str, int, str, str]


def _take_turns(session: Session, agency_ids: Collection[str]) -> None:
    """Two imports of one agency's lists come one after the other. What the counter opens for the agency meanwhile does not wait."""
    statement = select(Agency.id).where(Agency.id.in_(list(agency_ids))).order_by(Agency.id)
    session.execute(statement.with_for_update(key_share=True)).all()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as it stands. ``says``: what :data:`_SAME` names, in this order."""

    id: str
    says: tuple[Any, ...]
    number_key: str
    withdrawn: bool
    result_id: str | None
    scanned_at: datetime | None


def _lines(session: Session, groups: Collection[tuple[str, int]]) -> dict[_Key, _Line]:
    """All lines of these agencies and years. No entities: a list of a hundred thousand would take a third of a GiB."""
    one = InventoryLine
    said = [getattr(one, name) for name in _SAME]
    kept = (one.procedure, one.code, one.id, one.number_key, one.withdrawn_at, one.result_id, one.scanned_at)
    found: dict[_Key, _Line] = {}
    for agency_id, year in sorted(groups):
        statement = select(*kept, *said).where(one.agency_id == agency_id, one.year == year)
        for procedure, code, id_, number, withdrawn_at, result_id, scanned_at, *says in session.execute(statement):
            line = _Line(id_, tuple(says), number, withdrawn_at is not None, result_id, scanned_at)
            found[agency_id, year, procedure, code] = line
    return found


def _keep(
    session: Session,
    record: InventoryImport,
    rows: Iterable[tuple[str, InventoryRow]],
    lines: Mapping[_Key, _Line],
    *,
    replace: bool,
) -> None:
    """A line's identity stays, all else becomes what its row says. Nothing is written for a row that says what stands there."""
    new: list[dict[str, Any]] = []
    mended: list[dict[str, Any]] = []
    seen: set[_Key] = set()
    for agency_id, row in rows:
        key = (agency_id, row.year, row.procedure, row.code)
        seen.add(key)
        values = {name: getattr(row, name) for name in _SAME}
        line = lines.get(key)
        if line is not None and not line.withdrawn and line.says == tuple(values.values()):
            record.unchanged += 1
            continue
        number = number_key(row.number)[:200]
        values |= {"number_key": number, "import_id": record.id, "row": row.row}
        if line is None:
            identity = {"agency_id": agency_id, "year": row.year, "procedure": row.procedure, "code": row.code}
            new.append({**identity, **values})
            continue
        other = line.result_id is not None and line.number_key != number  # it names another paper now
        tie = {"result_id": None, "scanned_at": None} if other else {"result_id": line.result_id, "scanned_at": line.scanned_at}  # fmt: skip
        mended.append({"id": line.id, **values, **tie, "withdrawn_at": None})
    record.created, record.changed = len(new), len(mended)
    for start in range(0, len(new), _AT_ONCE):
        session.execute(insert(InventoryLine), new[start : start + _AT_ONCE])
    for start in range(0, len(mended), _AT_ONCE):
        session.execute(update(InventoryLine), mended[start : start + _AT_ONCE])
    if replace:
        record.withdrawn = _withdraw(session, [line for key, line in lines.items() if key not in seen])


def _withdraw(session: Session, lines: Iterable[_Line]) -> int:
    gone = [line.id for line in lines if not line.withdrawn]
    for start in range(0, len(gone), _AT_ONCE):
        part = gone[start : start + _AT_ONCE]
        change = update(InventoryLine).where(InventoryLine.id.in_(part))
        session.execute(change.values(withdrawn_at=now(), result_id=None, scanned_at=None))
    return len(gone)


def _remember(session: Session, agency_id: str, headers: Mapping[str, str]) -> None:
    kept = session.get(InventoryColumns, agency_id) or InventoryColumns(agency_id=agency_id)
    kept.headers, kept.at = dict(headers), now()
    session.add(kept)
