"""The packaged catalog with what an office imported, read anew when an import has changed it."""

from __future__ import annotations

import threading
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.catalog import Catalog, Procedure, default_catalog
from models.entities import CatalogLine

PROCEDURE = "procedure"  # CatalogLine.kind


class LiveCatalog:
    """One a process; safe from several threads. ``base``: for tests; default: this installation's."""

    def __init__(self, base: Catalog | None = None) -> None:
        self._base = base
        self._lock = threading.Lock()
        self._seen: tuple[int, datetime | None] | None = None
        self._catalog: Catalog | None = None

    def get(self, session: Session) -> Catalog:
        """As it stands for this transaction: one small query when nothing has changed."""
        count, last = session.execute(select(func.count(CatalogLine.id), func.max(CatalogLine.imported_at))).one()
        with self._lock:
            if self._catalog is None or self._seen != (count, last):
                base = self._base or default_catalog()
                lines = session.scalars(select(CatalogLine).where(CatalogLine.kind == PROCEDURE)) if count else ()
                imported = [Procedure.model_validate(line.data) for line in lines]
                self._catalog = base.with_procedures(imported) if imported else base
                self._seen = (count, last)
            return self._catalog
