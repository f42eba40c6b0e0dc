"""How far a batch is: counted by state, how fast it goes, when it will be done. All times are judged by the items themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from models.batches.entities import OPEN_STATES, Batch, BatchItem, BatchState, ItemState
from models.entities import Scan, now
from models.local_time import LOCAL, local_day
from models.rules.batch_hours import parse_hours
from models.scopes import visible

WINDOW: Final = timedelta(hours=1)
"""Over which the pace is measured: long enough for a coffee, short enough to see a second worker come."""
LEAST_SECONDS: Final = 5.0  # a pace of less is chance


@dataclass(frozen=True, slots=True)
class Progress:
    """``states``: items by state, of every state. ``pages``, ``pages_failed``: of settled items. ``per_hour``: pages; ``None`` when nothing was settled of late.

    ``ends_at``: when all will be settled at this pace within the batch's hours; ``None`` when that can't be said. ``opens_at``: when it may post
    again, for a batch that waits for its hours.
    """

    states: dict[str, int]
    pages: int
    pages_failed: int
    done_today: int
    bytes: int
    per_hour: float | None
    ends_at: datetime | None
    opens_at: datetime | None

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def open(self) -> int:
        """Items that are still to be settled by the service."""
        return sum(self.states[state] for state in OPEN_STATES)

    @property
    def settled(self) -> int:
        return self.total - self.open

    @property
    def failed(self) -> int:
        return self.states[ItemState.FAILED] + self.states[ItemState.REFUSED]


def progress(session: Session, batch: Batch, at: datetime | None = None) -> Progress:
    """Of the batch as it is ``at`` (default: now)."""
    at = at or now()
    counted = select(
        BatchItem.state,
        func.count(),
        func.coalesce(func.sum(BatchItem.pages), 0),
        func.coalesce(func.sum(BatchItem.pages_failed), 0),
        func.coalesce(func.sum(BatchItem.bytes), 0),
    ).where(BatchItem.batch_id == batch.id)
    states = dict.fromkeys((state.value for state in ItemState), 0)
    pages = failed = size = settled_pages = settled = 0
    for state, count, of_pages, of_failed, of_bytes in session.execute(counted.group_by(BatchItem.state)):
        states[state] = count
        size += int(of_bytes or 0)
        if state in {ItemState.DONE, ItemState.FAILED}:
            settled, settled_pages = settled + count, settled_pages + int(of_pages or 0)
            pages, failed = pages + int(of_pages or 0), failed + int(of_failed or 0)
    per_hour = _pace(session, batch, at)
    hours = parse_hours(batch.hours)
    left = sum(states[state] for state in OPEN_STATES)
    ends_at = None
    if per_hour and left and batch.state == BatchState.RUNNING:
        expected = left * (settled_pages / settled if settled else 1.0)
        ends_at = hours.after_work(at, expected / per_hour * 3600)
    waits = batch.state == BatchState.RUNNING and states[ItemState.WAITING] and not hours.open_at(at)
    return Progress(
        states=states,
        pages=pages,
        pages_failed=failed,
        done_today=_done_today(session, batch, at),
        bytes=size,
        per_hour=per_hour,
        ends_at=ends_at,
        opens_at=hours.opens_after(at) if waits else None,
    )


def _pace(session: Session, batch: Batch, at: datetime) -> float | None:
    """Pages an hour over the last hour, or since the first of what was settled in it was posted."""
    statement = select(func.coalesce(func.sum(BatchItem.pages), 0), func.min(BatchItem.posted_at)).where(
        BatchItem.batch_id == batch.id,
        BatchItem.state.in_([ItemState.DONE, ItemState.FAILED]),
        BatchItem.settled_at > at - WINDOW,
    )
    pages, since = session.execute(statement).one()
    if not pages or since is None:
        return None
    seconds = (at - max(since, at - WINDOW)).total_seconds()
    return float(pages) / max(seconds, LEAST_SECONDS) * 3600


def _done_today(session: Session, batch: Batch, at: datetime) -> int:
    midnight = datetime.combine(local_day(at), time(), LOCAL)
    statement = select(func.count()).where(
        BatchItem.batch_id == batch.id, BatchItem.state == ItemState.DONE, BatchItem.settled_at >= midnight
    )
    return session.scalars(statement).one()


def changed_at(session: Session, batch_id: str) -> datetime | None:
    """When anything of the batch last changed: a look that costs nothing."""
    return session.scalar(select(Batch.changed_at).where(Batch.id == batch_id))


def items(
    session: Session,
    batch: Batch,
    agency_ids: Collection[str],
    *,
    states: Sequence[str] = (),
    after: int = 0,
    limit: int = 100,
) -> list[BatchItem]:
    """By their numbers, from the one after ``after`` on, with their scans and what became of these."""
    statement = visible(select(BatchItem), agency_ids).where(BatchItem.batch_id == batch.id, BatchItem.number > after)
    if states:
        statement = statement.where(BatchItem.state.in_(list(states)))
    statement = statement.options(
        selectinload(BatchItem.scan).selectinload(Scan.components),
        selectinload(BatchItem.scan).selectinload(Scan.dossier),
    )
    return list(session.scalars(statement.order_by(BatchItem.number).limit(limit)))
