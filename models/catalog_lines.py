"""Lines of the catalog that an office imported: kept in the database, and put over the packaged ones by ``models.live_catalog``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.catalog import Catalog, Procedure
from models.entities import CatalogLine, now
from models.live_catalog import PROCEDURE


@dataclass(frozen=True, slots=True)
class StoredLines:
    """Codes by what happened to them."""

    created: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


def import_procedures(session: Session, procedures: Iterable[Procedure], base: Catalog, *, actor: str) -> StoredLines:
    """Keep the procedures of a sheet (``read_procedures``); the same sheet again changes nothing. Nothing is committed here.

    One line a code and first day. ``CatalogError`` when they, with what was imported before, contradict the packaged catalog
    ``base`` or each other: then the service could not load its catalog any more.
    """
    kept = {
        (line.code, line.valid_from): line
        for line in session.scalars(select(CatalogLine).where(CatalogLine.kind == PROCEDURE))
    }
    created, changed, unchanged = [], [], []
    for procedure in procedures:
        first_day = procedure.valid_from or date.min
        data = procedure.model_dump(mode="json", exclude_none=True)
        line = kept.get((procedure.code, first_day))
        if line is None:
            line = CatalogLine(kind=PROCEDURE, code=procedure.code, valid_from=first_day, data=data, imported_by=actor)
            session.add(line)
            kept[procedure.code, first_day] = line
            created.append(procedure.code)
        elif line.data == data:
            unchanged.append(procedure.code)
        else:
            line.data, line.imported_at, line.imported_by = data, now(), actor
            changed.append(procedure.code)
    base.with_procedures(Procedure.model_validate(line.data) for line in kept.values())
    session.flush()
    return StoredLines(tuple(created), tuple(changed), tuple(unchanged))
