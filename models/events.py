"""The append-only record of what happened: a scan's timeline, and what server-sent events replay."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.entities import Component, Dossier, Event, Holder, Scan
from models.webhooks.notice import notice

MILESTONES = frozenset(
    {
        "state",
        "reviewed",
        "reused",
        "reuse_undone",
        "cancelled",
        "result_cancelled",
        "status_ended",
        "returned",
        "scanned_again",
        "arranged",
        "arrangement_failed",
        "concluded",
        "reopened",
        "taken_in",
        "quality_checked",
        "quality_settled",
    }
)
"""The kinds that change something, as a timeline for people tells them; the rest are looks and the machine's pages."""


def told_to_people() -> ColumnElement[bool]:
    """What limits a query of events to those that a timeline tells."""
    return Event.kind.in_(sorted(MILESTONES))


def of_dossier(session: Session, dossier: Dossier, *, most: int = 200) -> list[Event]:
    """The last that happened to the dossier, newest first (its caller was let in to the dossier)."""
    statement = select(Event).where(Event.dossier_id == dossier.id, told_to_people())
    return list(session.scalars(statement.order_by(Event.id.desc()).limit(most)))


def hold_order(session: Session, scan_id: str) -> None:
    """Make this transaction the only one that adds events to the scan until it ends.

    PostgreSQL hands out ids before commit, so without this event 9 could become visible after 10, and a listener that has
    read up to 10 would never see it. SQLite has one writer anyway. Take it before row locks on the scan or its parts.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(scan_id, 0))))


def record(
    session: Session,
    *,
    kind: str,
    actor: str,
    scan: Scan | None = None,
    dossier: Dossier | None = None,
    component: Component | None = None,
    holder: Holder | None = None,
    agency_id: str | None = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """Add an event; ids of what it is about are filled in from what is given (a component names its scan and dossier).

    ``agency_id``: where it happened, for what belongs to no dossier (a search, an account, a person's warehouse).
    """
    scan_id = scan.id if scan else component.scan_id if component else None
    if scan_id is not None:
        hold_order(session, scan_id)
    about = scan or component
    event = Event(
        kind=kind,
        actor=actor,
        agency_id=about.agency_id if about else dossier.agency_id if dossier else agency_id,
        dossier_id=about.dossier_id if about else dossier.id if dossier else None,
        scan_id=scan_id,
        component_id=component.id if component else None,
        holder_id=holder.id if holder else None,
        data=data or {},
    )
    session.add(event)
    session.flush()
    notice(session, event)
    return event


def after(session: Session, scan_id: str, last_id: int = 0, *, limit: int = 1000) -> list[Event]:
    """The scan's events with an id above ``last_id``, oldest first."""
    statement = select(Event).where(Event.scan_id == scan_id, Event.id > last_id).order_by(Event.id).limit(limit)
    return list(session.scalars(statement))
