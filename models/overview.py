"""Figures of an agency's day: what came, what waits for a person, what failed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from models.entities import (
    Component,
    ComponentState,
    Dispatch,
    DispatchState,
    Dossier,
    Page,
    Result,
    ReuseLink,
    Scan,
    ScanState,
)
from models.local_time import LOCAL
from models.scopes import visible

FAILED = (ScanState.REFUSED, ScanState.FAILED, ScanState.BLOCKED_SECRET)
UNDER_WAY = tuple(state for state in ScanState if state not in {*FAILED, ScanState.DONE, ScanState.WITHDRAWN})
UNVERIFIED = (ComponentState.CAPTURED, ComponentState.CHECKED, ComponentState.SIGNED, ComponentState.EXTRACTED)


@dataclass(frozen=True, slots=True)
class Day:
    """Counts of one calendar day at +07:00."""

    dossiers: int
    scans: int
    pages: int
    stored: int
    reused: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """``to_review``: papers of finished scans that nobody has confirmed; ``oldest``: since when the first of them waits."""

    to_review: int
    oldest: datetime | None
    reading: int
    failed: int
    failed_scans: tuple[Scan, ...]


def of_day(session: Session, day: date, agency_ids: Collection[str]) -> Day:
    """What the agencies did on ``day``."""
    start = datetime.combine(day, time(), LOCAL)
    end = start + timedelta(days=1)

    def count(statement: Select[Any], moment: Any) -> int:
        limited = visible(statement.where(moment >= start, moment < end), agency_ids)
        return session.scalars(select(func.count()).select_from(limited.subquery())).one()

    own_scans = visible(select(Scan), agency_ids).with_only_columns(Scan.id)
    pages = select(func.count()).select_from(Page)
    pages = pages.where(Page.read_at >= start, Page.read_at < end, Page.scan_id.in_(own_scans))
    return Day(
        dossiers=count(select(Dossier), Dossier.created_at),
        scans=count(select(Scan), Scan.created_at),
        pages=session.scalars(pages).one(),
        stored=count(select(Result), Result.stored_at),
        reused=count(select(ReuseLink), ReuseLink.at),
    )


def waiting(session: Session, agency_ids: Collection[str], *, since: datetime, most: int = 10) -> Waiting:
    """What waits now; scans that failed are told from ``since`` on, the newest ``most`` of them with their dossiers."""
    # A paper that an officer left out (TT 01/2023 Điều 4) waits for nobody.
    left_out = Component.scope["exclusion"].as_string()
    unverified = visible(select(Component).where(Component.state.in_(UNVERIFIED), left_out.is_(None)), agency_ids)
    review = unverified.join(Scan, Scan.id == Component.scan_id).where(Scan.state == ScanState.DONE)
    to_review, oldest = session.execute(review.with_only_columns(func.count(), func.min(Component.created_at))).one()
    reading = visible(
        select(Scan).where(Scan.state.in_(UNDER_WAY)), agency_ids
    )  # not: whatever has not ended, which no index knows
    failed = visible(select(Scan).where(Scan.state.in_(FAILED), Scan.created_at >= since), agency_ids)
    newest = failed.options(joinedload(Scan.dossier)).order_by(Scan.created_at.desc(), Scan.id).limit(most)
    return Waiting(
        to_review=to_review,
        oldest=oldest,
        reading=_count(session, reading),
        failed=_count(session, failed),
        failed_scans=tuple(session.scalars(newest)),
    )


def queues(session: Session) -> dict[str, int]:
    """The whole system's tasks: how many wait or run, how many used up every attempt."""
    counted = dict(session.execute(select(Dispatch.state, func.count()).group_by(Dispatch.state)).all())
    return {"pending": counted.get(DispatchState.PENDING, 0), "dead": counted.get(DispatchState.DEAD, 0)}


def _count(session: Session, statement: Select[Any]) -> int:
    return session.scalars(select(func.count()).select_from(statement.subquery())).one()
