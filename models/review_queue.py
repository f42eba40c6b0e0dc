"""What waits for a person's eye, the most doubtful first (R20; DESIGN: low grade, low margin, failed check → a person)."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from models.catalog import Catalog
from models.dossier_papers import is_certain
from models.entities import Component, ComponentState, Page
from models.paper_facts import doubtful_fields, missing_fields, paper_of
from models.scopes import visible

WAITING: Final = (
    ComponentState.CAPTURED,
    ComponentState.CHECKED,
    ComponentState.SIGNED,
    ComponentState.EXTRACTED,
)
"""Before a person has verified it."""
WINDOW: Final = 1000
"""So many of those that wait are weighed, the longest waiting first: of a back-scan's hundred thousand nobody looks further today."""
_KEPT: Final = 50_000  # weights of versions, some 10 MB


@dataclass(frozen=True, slots=True)
class Waiting:
    """A component's grounds for doubt. ``open``: required fields without a value. ``low``: the worst page's low grade, 0..1.

    ``excluded``: it is not to be digitised, so nobody has to look.
    """

    id: str
    created_at: datetime
    known: bool
    certain: bool
    score: float
    open: int
    doubts: int
    low: float
    excluded: bool

    @property
    def order(self) -> tuple[bool, int, int, float, float, datetime, str]:
        """The most doubtful first; of equals the one that has waited longest."""
        return (
            self.known,
            -self.open,
            -self.doubts,
            1.0 if self.certain else self.score,
            self.low,
            self.created_at,
            self.id,
        )


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """``total``: all that wait, of which ``waiting`` are weighed."""

    waiting: tuple[Waiting, ...]
    total: int


class Weights:
    """Weighs each version of a component once: a look at a long queue reads no fields. One a process, safe from several threads."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], Waiting] = {}
        self._catalog: Catalog | None = None
        self._lock = threading.Lock()

    def queue(
        self, session: Session, agency_ids: Collection[str], catalog: Catalog, *, window: int = WINDOW
    ) -> ReviewQueue:
        """Components of these agencies that no person has verified; those that are not to be digitised are left out."""
        waiting = visible(select(Component.id, Component.version), agency_ids).where(Component.state.in_(WAITING))
        rows = session.execute(waiting.order_by(Component.created_at, Component.id).limit(window)).all()
        total = len(rows)
        if total == window:
            total = session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
        with self._lock:
            if self._catalog is not catalog or len(self._known) > _KEPT:
                self._known, self._catalog = {}, catalog
            known = self._known
        new = [identifier for identifier, version in rows if (identifier, version) not in known]
        if new:
            known |= _weighed(session, new, catalog)
        # One that changed since its row was read has another version by now: the next look sees it.
        found = [one for identifier, version in rows if (one := known.get((identifier, version))) is not None]
        kept = sorted((one for one in found if not one.excluded), key=lambda one: one.order)
        return ReviewQueue(tuple(kept), total - (len(rows) - len(kept)))


def weigh(session: Session, component: Component, catalog: Catalog) -> Waiting:
    """The component's grounds for doubt as it is now."""
    return _weigh(component, catalog, _low_grades(session, [component.id]).get(component.id, 0.0))


def load_waiting(session: Session, waiting: Sequence[Waiting]) -> list[Component]:
    """The components of a part of the queue, each with its dossier, in its order (their reader was let in to the queue)."""
    statement = select(Component).where(Component.id.in_([one.id for one in waiting]))
    found = {one.id: one for one in session.scalars(statement.options(joinedload(Component.dossier)))}
    return [found[one.id] for one in waiting if one.id in found]


def _weighed(session: Session, ids: Sequence[str], catalog: Catalog) -> dict[tuple[str, int], Waiting]:
    statement = select(Component).where(Component.id.in_(ids))
    low = _low_grades(session, ids)
    return {
        (component.id, component.version): _weigh(component, catalog, low.get(component.id, 0.0))
        for component in session.scalars(statement)
    }


def _weigh(component: Component, catalog: Catalog, low: float) -> Waiting:
    return Waiting(
        id=component.id,
        created_at=component.created_at,
        known=component.paper_type is not None,
        certain=is_certain(component),
        score=component.paper_type_score or 0.0,
        open=len(missing_fields(component, paper_of(component, catalog))),
        doubts=len(doubtful_fields(component)),
        low=low,
        excluded=bool(component.scope.get("exclusion")),
    )


def _low_grades(session: Session, ids: Collection[str]) -> dict[str, float]:
    """By component the lowest low grade of its pages; a page that has none (it failed) counts as nothing read."""
    statement = (
        select(Component.id, func.min(func.coalesce(Page.grade_low, 0.0)))
        .join(
            Page,
            and_(Page.scan_id == Component.scan_id, Page.number.between(Component.first_page, Component.last_page)),
        )
        .where(Component.id.in_(list(ids)), Page.blank.is_(False))
        .group_by(Component.id)
    )
    return {identifier: float(low) for identifier, low in session.execute(statement)}
