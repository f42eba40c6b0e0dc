"""The lines of agencies' inventories of a year, or of one box, as a selection to hand over (R36)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select, tuple_
from sqlalchemy.orm import Session

from models.entities import Component, Dossier, InventoryLine, Scan
from models.handover.steps import AT_ONCE, Entry, Left, left_of_paper


@dataclass(frozen=True, slots=True)
class OfInventory:
    """Lines in force, by agency, procedure and code, which are a place and stand in an index. ``box``: only those that lie in it."""

    agency_ids: frozenset[str]
    year: int
    box: str | None = None

    def page(self, session: Session, after: Any, first: Any, before: Any) -> Sequence[Entry]:
        statement = self._statement(first, before)
        if after is not None:
            statement = statement.where(_place() > tuple_(*after))
        return [_entry(row) for row in session.execute(statement.limit(AT_ONCE))]

    def of_dossiers(self, session: Session, dossier_ids: Collection[str], first: Any, before: Any) -> Sequence[Entry]:
        statement = self._statement(first, before).where(Component.dossier_id.in_(list(dossier_ids)))
        return [_entry(row) for row in session.execute(statement)]

    def _statement(self, first: Any, before: Any) -> Select[*tuple[Any, ...]]:
        within: list[ColumnElement[bool]] = [
            InventoryLine.agency_id.in_(list(self.agency_ids)),
            InventoryLine.year == self.year,
            InventoryLine.withdrawn_at.is_(None),
        ]
        if self.box is not None:
            within.append(InventoryLine.box == self.box)
        if first is not None:
            within.append(_place() >= tuple_(*first))
        if before is not None:
            within.append(_place() < tuple_(*before))
        reached = and_(Component.id == InventoryLine.result_id, Component.agency_id.in_(list(self.agency_ids)))
        return (
            select(
                InventoryLine.agency_id,
                InventoryLine.procedure,
                InventoryLine.code,
                InventoryLine.row,
                InventoryLine.shelf,
                InventoryLine.box,
                InventoryLine.listed,
                InventoryLine.count,
                InventoryLine.result_id,
                Scan.state,
                Component.id,
                Component.state,
                Component.pdf_bytes,
                (Component.pdf_key.is_not(None) & Component.pdf_sha256.is_not(None)),
                Dossier.id,
                Dossier.code,
            )
            .select_from(InventoryLine)
            .outerjoin(Component, reached)
            .outerjoin(Scan, Scan.id == Component.scan_id)
            .outerjoin(Dossier, Dossier.id == Component.dossier_id)
            .where(*within)
            .order_by(InventoryLine.agency_id, InventoryLine.procedure, InventoryLine.code)
        )


def _place() -> Any:
    return tuple_(InventoryLine.agency_id, InventoryLine.procedure, InventoryLine.code)


def _entry(row: Sequence[Any]) -> Entry:
    agency, procedure, code, number, shelf, box, listed, count, result = row[:9]
    scan, paper, step, size, has_pdf, dossier_id, dossier = row[9:]
    if paper is not None:
        left = left_of_paper(has_pdf=bool(has_pdf and size), state=step, unfinished=False, scan_state=scan)
    elif result is not None:
        left = Left.OUT_OF_REACH
    else:
        left = Left.NOT_FOUND if listed else Left.COUNT_ONLY
    return Entry(
        place=(agency, procedure, code),
        number=number,
        source=" · ".join(one for one in (shelf, box) if one),
        key=code,
        state=step or "",
        left=left,
        detail="" if listed else str(count),
        dossier_id=dossier_id,
        dossier=dossier or "",
        component_id=paper,
        bytes=size or 0,
    )
