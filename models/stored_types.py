"""What a dossier has of stored papers, told in its own row, so that a report of a province reads no papers.

A paper may be its dossier's result when it fills no slot of the procedure and was not issued before the dossier came; whether it is, the
catalog says by its type, when the report is made (``models.reports.counts``). Every other paper is a component.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.entities import Component, Dossier, Result
from models.local_time import local_day

COMPONENT = "-"
"""In place of the type of a paper that can't be a result."""


def stored_types(papers: Iterable[tuple[str, str, date | None]], came: date) -> str:
    """``-,giay_khai_sinh``: of (type, slot, day of issue) of all stored papers of a dossier that came on that day, each once, in order."""
    return ",".join(sorted({_told(kind, slot, issued, came) for kind, slot, issued in papers}))


def parsed(told: str) -> frozenset[str]:
    """The types and ``COMPONENT`` that :func:`stored_types` tells of; none for no stored paper."""
    return frozenset(told.split(",")) - {""}


def tell(session: Session, dossier: Dossier) -> None:
    """Bring the dossier's row up to date, in the caller's transaction, which has written the result.

    The row is locked first: of two that store papers of a dossier at once, the later one must see what the earlier one stored. The backlog's
    dossiers are no cases of the counter, and nobody asks them.
    """
    if dossier.backscan:
        return
    locked = select(Dossier).where(Dossier.id == dossier.id).with_for_update(key_share=True)
    row = session.scalars(locked, execution_options={"populate_existing": True}).one()
    statement = select(Result.paper_type, Component.slot, Result.issued_on).join(Component, Component.id == Result.id)
    rows = session.execute(statement.where(Result.dossier_id == dossier.id))
    papers = ((kind, slot or "", issued) for kind, slot, issued in rows)
    row.stored_types = stored_types(papers, local_day(row.created_at))


def _told(kind: str, slot: str, issued: date | None, came: date) -> str:
    return kind if kind and not slot and (issued is None or issued >= came) else COMPONENT
