"""Which papers a batch has, and how each stands in round 1.

There is one truth about it: a component that a person has confirmed (``verified`` and beyond) has passed, wherever that was done. What is kept here
besides is what confirming can't say: that a paper was returned, and why; that it is to be looked at once more; and who passed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from models.batches.entities import Batch, BatchItem, ItemState
from models.batches.quality.entities import PaperState, QualityPaper, Standing
from models.database import insert_into
from models.entities import Component, ComponentState, Dossier, Event, ReviewLease, Scan, ScanState, now
from models.errors import NotFound

CONFIRMED: Final = (ComponentState.VERIFIED, ComponentState.CODED, ComponentState.STORED)
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class PaperAt:
    """A paper of a batch: which item it came from, how it stands, what was said of it."""

    component: Component
    item: BatchItem
    standing: Standing
    row: QualityPaper | None


def standing() -> ColumnElement[str]:
    """Of a component beside its row (``QualityPaper``, joined from outside). One returned and corrected since is to be looked at again."""
    return case(
        (
            and_(QualityPaper.state == PaperState.RETURNED, QualityPaper.version >= Component.version),
            Standing.RETURNED.value,
        ),
        (
            and_(
                Component.state.in_(CONFIRMED),
                or_(QualityPaper.component_id.is_(None), QualityPaper.state == PaperState.PASSED),
            ),
            Standing.PASSED.value,
        ),
        else_=Standing.WAITING.value,
    )


def of_batch(batch_id: str, *columns: Any) -> Select[Any]:
    """``columns`` of the batch's papers: of ``Component``, ``BatchItem``, ``Scan``, ``QualityPaper`` (or none). Not those that are not to be digitised."""
    return (
        select(*columns)
        .select_from(BatchItem)
        .join(Scan, Scan.id == BatchItem.scan_id)
        .join(Component, Component.scan_id == Scan.id)
        .outerjoin(QualityPaper, QualityPaper.component_id == Component.id)
        .where(
            BatchItem.batch_id == batch_id,
            BatchItem.state == ItemState.DONE,
            Scan.state == ScanState.DONE,
            Component.scope["exclusion"].as_string().is_(None),
        )
    )


def in_order(statement: Select[Any]) -> Select[Any]:
    """As the papers were scanned."""
    return statement.order_by(BatchItem.number, Component.position, Component.id)


def counts(session: Session, batch_id: str) -> dict[Standing, int]:
    stands = standing().label("stands")
    found = of_batch(batch_id, stands, Component.id).subquery()
    statement = select(found.c.stands, func.count()).group_by(found.c.stands)
    by_name = {str(name): int(count) for name, count in session.execute(statement)}
    return {one: by_name.get(one.value, 0) for one in Standing}


def load(session: Session, batch_id: str, component_id: str) -> PaperAt:
    """With scan, dossier and holder. ``NotFound`` for a paper that is none of the batch's. The caller was let in to the batch."""
    statement = of_batch(batch_id, Component, BatchItem, standing(), QualityPaper).where(Component.id == component_id)
    statement = statement.options(
        joinedload(Component.scan), joinedload(Component.dossier).joinedload(Dossier.holder)
    ).limit(1)
    found = session.execute(statement, execution_options={"populate_existing": True}).first()
    if found is None:
        raise NotFound("no such paper in this batch")
    return PaperAt(found[0], found[1], Standing(found[2]), found[3])


def returned(session: Session, batch_id: str, *, limit: int, offset: int = 0) -> list[PaperAt]:
    """Those that wait to be mended, in order, with their dossiers."""
    statement = in_order(of_batch(batch_id, Component, BatchItem, standing(), QualityPaper))
    statement = statement.where(standing() == Standing.RETURNED.value).options(joinedload(Component.dossier))
    rows = session.execute(statement.limit(limit).offset(offset))
    return [PaperAt(component, item, Standing(stands), row) for component, item, stands, row in rows]


def free_for(actor: str) -> ColumnElement[bool]:
    """Whether nobody but ``actor`` holds the component."""
    held = select(ReviewLease.component_id).where(
        ReviewLease.component_id == Component.id, ReviewLease.until > now(), ReviewLease.actor != actor
    )
    return ~held.exists()


def waiting_for(session: Session, batch_id: str, actor: str, *, after: str = "", limit: int = 20) -> list[str]:
    """Ids of papers that wait for round 1 and nobody else holds, in order, from behind ``after`` on and then from the start."""
    statement = of_batch(batch_id, Component.id, BatchItem.number, Component.position)
    statement = statement.where(standing() == Standing.WAITING.value, free_for(actor), Component.id != after)
    return around(session, in_order(statement), place_of(session, batch_id, after), limit)


def place_of(session: Session, batch_id: str, component_id: str) -> tuple[int, int] | None:
    """The item's number and the paper's position within it; ``None`` for one that the batch has not (any more)."""
    if not component_id:
        return None
    statement = of_batch(batch_id, BatchItem.number, Component.position).where(Component.id == component_id)
    found = session.execute(statement.limit(1)).first()
    return (found[0], found[1]) if found else None


def around(session: Session, ordered: Select[Any], place: tuple[int, int] | None, limit: int) -> list[str]:
    """The first ids behind the place, then from the start."""
    if place is None:
        return [str(row[0]) for row in session.execute(ordered.limit(limit))]
    number, position = place
    behind = or_(BatchItem.number > number, and_(BatchItem.number == number, Component.position > position))
    found = [str(row[0]) for row in session.execute(ordered.where(behind).limit(limit))]
    if len(found) < limit:
        found += [str(row[0]) for row in session.execute(ordered.where(~behind).limit(limit - len(found)))]
    return found


def note_confirmed(session: Session, component: Component, actor: str) -> None:
    """A person has just confirmed the component: of a batch's paper it is kept who, and what it was returned for is mended."""
    batch_id = session.scalar(select(BatchItem.batch_id).where(BatchItem.scan_id == component.scan_id).limit(1))
    if batch_id is not None:
        say(session, component, batch_id, PaperState.PASSED, actor)


def say(
    session: Session,
    component: Component,
    batch_id: str,
    state: PaperState,
    actor: str,
    *,
    faults: Sequence[str] = (),
    words: str = "",
) -> QualityPaper:
    """What is said of the paper from now on, at its present version."""
    row = session.get(QualityPaper, component.id, populate_existing=True, with_for_update=True)
    if row is None:
        row = QualityPaper(component_id=component.id, batch_id=batch_id, agency_id=component.agency_id)
        session.add(row)
    row.state, row.version, row.said_by, row.said_at = state.value, component.version, actor, now()
    row.faults, row.words = list(faults), words
    if state is PaperState.PASSED:
        row.checked_by, row.checked_at = actor, row.said_at
    session.flush()
    return row


def adopt(session: Session, batch: Batch) -> int:
    """Rows for papers that were confirmed before there were rows, with who did it, by the log; how many. The caller holds the batch."""
    statement = of_batch(batch.id, Component.id, Component.version, Component.agency_id)
    statement = statement.where(Component.state.in_(CONFIRMED), QualityPaper.component_id.is_(None))
    missing = list(session.execute(statement))
    for start in range(0, len(missing), _AT_ONCE):
        part = missing[start : start + _AT_ONCE]
        by = _confirmed_by(session, [row[0] for row in part])
        rows: list[dict[str, Any]] = []
        for component_id, version, agency_id in part:
            event = by.get(component_id)
            at, actor = (event.at, event.actor) if event else (now(), "")
            rows.append(
                {
                    "component_id": component_id, "batch_id": batch.id, "agency_id": agency_id, "version": version,
                    "state": PaperState.PASSED, "faults": [], "words": "", "said_by": actor, "said_at": at,
                    "checked_by": actor or None, "checked_at": at,
                }
            )  # fmt: skip
        # A checker may have made the row meanwhile; theirs stands.
        session.execute(insert_into(session, QualityPaper).on_conflict_do_nothing(), rows)
    return len(missing)


def _confirmed_by(session: Session, component_ids: Sequence[str]) -> dict[str, Event]:
    """The last event of each that took it to ``verified``."""
    statement = select(Event).where(Event.component_id.in_(component_ids), Event.kind == "state").order_by(Event.id)
    return {
        str(event.component_id): event
        for event in session.scalars(statement)
        if event.data.get("state") == ComponentState.VERIFIED
    }
