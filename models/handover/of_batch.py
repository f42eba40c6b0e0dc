"""The files of a batch, in their order, as a selection to hand over."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from models.batches.entities import BatchItem, BatchPaper, ItemState
from models.entities import Component, Dossier, Scan
from models.handover.steps import AT_ONCE, Entry, Left, left_of_paper

_LEFT: Final[Mapping[str, Left]] = MappingProxyType(
    {
        ItemState.WAITING: Left.UNDER_WAY,
        ItemState.POSTED: Left.UNDER_WAY,
        ItemState.AGAIN: Left.UNDER_WAY,
        ItemState.FAILED: Left.FAILED,
        ItemState.REFUSED: Left.REFUSED,
        ItemState.SKIPPED: Left.SKIPPED,
        ItemState.DUPLICATE: Left.DUPLICATE,
    }
)


@dataclass(frozen=True, slots=True)
class OfBatch:
    """A place is an item's number. ``unfinished``: papers that are not in the warehouse yet go in too."""

    batch_id: str
    unfinished: bool = False

    def page(self, session: Session, after: Any, first: Any, before: Any) -> Sequence[Entry]:
        begin = after + 1 if after is not None else first
        numbers = select(BatchItem.number).where(*self._within(begin, before)).order_by(BatchItem.number).limit(AT_ONCE)
        found = list(session.scalars(numbers))
        return self._entries(session, self._statement(found[0], found[-1] + 1)) if found else []

    def of_dossiers(self, session: Session, dossier_ids: Collection[str], first: Any, before: Any) -> Sequence[Entry]:
        statement = self._statement(first, before).where(Component.dossier_id.in_(list(dossier_ids)))
        return self._entries(session, statement)

    def last(self, session: Session) -> int:
        """The number of its last file, 0 when it has none."""
        statement = select(func.max(BatchItem.number)).where(BatchItem.batch_id == self.batch_id)
        return session.scalar(statement) or 0

    def _within(self, first: int | None, before: int | None) -> list[ColumnElement[bool]]:
        found = [BatchItem.batch_id == self.batch_id]
        found += [] if first is None else [BatchItem.number >= first]
        return found + ([] if before is None else [BatchItem.number < before])

    def _statement(self, first: int | None, before: int | None) -> Select[*tuple[Any, ...]]:
        same = aliased(BatchItem)
        return (
            select(
                BatchItem.number,
                BatchItem.path,
                func.coalesce(BatchPaper.key, BatchItem.key),
                BatchItem.state,
                BatchItem.reason_code,
                same.number,
                Scan.state,
                Component.id,
                Component.state,
                Component.pdf_bytes,
                (Component.pdf_key.is_not(None) & Component.pdf_sha256.is_not(None)),
                Dossier.id,
                Dossier.code,
            )
            .select_from(BatchItem)
            .where(*self._within(first, before))
            .outerjoin(same, same.id == BatchItem.duplicate_of_id)
            .outerjoin(Scan, Scan.id == BatchItem.scan_id)
            .outerjoin(Component, Component.scan_id == Scan.id)
            .outerjoin(BatchPaper, BatchPaper.component_id == Component.id)
            .outerjoin(Dossier, Dossier.id == Component.dossier_id)
        )

    def _entries(self, session: Session, statement: Select[*tuple[Any, ...]]) -> list[Entry]:
        ordered = statement.order_by(BatchItem.number, Component.position)
        return [self._entry(row) for row in session.execute(ordered)]

    def _entry(self, row: Sequence[Any]) -> Entry:
        number, path, key, state, reason, same, scan, paper, step, size, has_pdf, dossier_id, code = row
        left, detail = _LEFT.get(state), reason or ""
        if left is None and scan is None:
            left = Left.WITHDRAWN
        elif left is None and paper is None:
            left = left_of_paper(has_pdf=True, state="", unfinished=True, scan_state=scan) or Left.NO_PAPER
        elif left is None:
            left = left_of_paper(
                has_pdf=bool(has_pdf and size), state=step, unfinished=self.unfinished, scan_state=scan
            )
        if left is Left.DUPLICATE and same is not None:
            detail = f"#{same}"
        return Entry(
            place=number,
            number=number,
            source=path,
            key=key or "",
            state=step or state,
            left=left,
            detail=detail,
            dossier_id=dossier_id,
            dossier=code or "",
            component_id=paper,
            bytes=size or 0,
        )
