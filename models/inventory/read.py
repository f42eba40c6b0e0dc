"""Lines of the inventory, and the lists that brought them, for whoever may see their agencies."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from models.catalog.catalog import national_code
from models.entities import Agency, InventoryImport, InventoryLine
from models.scopes import visible
from models.vietnamese.numbers import number_key


class LineState(StrEnum):
    OPEN = "open"  # counted, not digitised yet
    DONE = "done"  # tied to a stored paper
    WITHDRAWN = "withdrawn"  # a later list no longer has it


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is given must hold. ``agency_id``: one of those within reach. ``number``: as somebody types it; also a box."""

    agency_id: str = ""
    year: int | None = None
    procedure: str | None = None
    state: LineState | None = None
    number: str = ""
    limit: int = 50
    offset: int = 0


def lines(session: Session, asked: Asked, agency_ids: Collection[str]) -> tuple[list[InventoryLine], int]:
    """The lines with their agencies, by box and row, and how many there are in all."""
    statement = visible(select(InventoryLine), agency_ids)
    if asked.agency_id:
        statement = statement.where(InventoryLine.agency_id == asked.agency_id)
    if asked.year is not None:
        statement = statement.where(InventoryLine.year == asked.year)
    if asked.procedure is not None:
        statement = statement.where(InventoryLine.procedure == national_code(asked.procedure))
    in_force = InventoryLine.withdrawn_at.is_(None)
    match asked.state:
        case LineState.OPEN:
            statement = statement.where(in_force, InventoryLine.listed, InventoryLine.result_id.is_(None))
        case LineState.DONE:
            statement = statement.where(in_force, InventoryLine.result_id.is_not(None))
        case LineState.WITHDRAWN:
            statement = statement.where(~in_force)
        case None:
            statement = statement.where(in_force)
    if asked.number.strip():
        key = number_key(asked.number)
        boxed = and_(InventoryLine.box != "", InventoryLine.box == asked.number.strip())
        statement = statement.where(or_(InventoryLine.number_key == key, boxed))
    return _slice(session, statement, asked)


def _slice(session: Session, statement: Select[InventoryLine], asked: Asked) -> tuple[list[InventoryLine], int]:
    """Years and agencies are counted first, so that only the lists which the slice stands in are put in order."""
    lists = statement.join(Agency, Agency.id == InventoryLine.agency_id)
    by = (InventoryLine.year, InventoryLine.agency_id, Agency.code)
    counted = lists.with_only_columns(*by, func.count()).group_by(*by).order_by(InventoryLine.year.desc(), Agency.code)
    found: list[InventoryLine] = []
    before = 0
    for year, agency_id, _, count in session.execute(counted).all():
        left, skipped = asked.limit - len(found), max(0, asked.offset - before)
        before += count
        if left > 0 and skipped < count:
            of_list = statement.where(InventoryLine.year == year, InventoryLine.agency_id == agency_id)
            order = (InventoryLine.box, InventoryLine.row, InventoryLine.id)
            shown = of_list.options(joinedload(InventoryLine.agency)).order_by(*order).limit(left).offset(skipped)
            found += session.scalars(shown)
    return found, before


def imports(session: Session, agency_ids: Collection[str], *, most: int = 10) -> list[InventoryImport]:
    """The last lists, newest first, with their agencies."""
    statement = visible(select(InventoryImport), agency_ids).options(joinedload(InventoryImport.agency))
    return list(session.scalars(statement.order_by(InventoryImport.at.desc(), InventoryImport.id).limit(most)))
