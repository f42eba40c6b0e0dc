"""Who looked at or changed what and when: the events of an agency, filtered, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.entities import Dossier, Event, Result
from models.errors import NotFound
from models.events import MILESTONES
from models.local_time import LOCAL
from models.scopes import visible


class Sort(StrEnum):
    """Families of events, as people ask for them."""

    LOOKS = "looks"  # who saw personal data
    CHANGES = "changes"  # of papers and dossiers
    ADMINISTRATION = "administration"  # accounts and stations
    MACHINE = "machine"  # pages read, files checked


KINDS: dict[Sort, frozenset[str]] = {
    Sort.LOOKS: frozenset({"viewed", "searched", "handed_over"}),
    Sort.CHANGES: MILESTONES
    | {
        *("inventory_imported", "inventory_matched", "inventory_settled", "inventory_unsettled"),
        *("quality_keyed", "quality_deviation"),
    },
    Sort.ADMINISTRATION: frozenset(
        {
            "account_created",
            "account_disabled",
            "account_enabled",
            "password_reset",
            "role_changed",
            "station_created",
            "station_key",
            "station_revoked",
            "webhook_added",
            "webhook_paused",
            "webhook_resumed",
            "webhook_secret",
            "webhook_tried",
            "webhook_resent",
            "webhook_ended",
            "batch",
            "quality_planned",
            "quality_drawn",
            "quality_failed",
            "quality_waived",
        }
    ),
    Sort.MACHINE: frozenset({"page", "warning", "done", "fixity"}),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is given must hold. ``actor``: as events name it; ``holder``: a holder's id, for all
    that is about that person; ``day``: at +07:00; ``before``: the id to go on from.
    """

    actor: str = ""
    dossier: str = ""
    holder: str = ""
    sort: Sort | None = None
    day: date | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Entry:
    event: Event
    dossier: str | None  # its code


def read(session: Session, asked: Asked, agency_ids: Collection[str]) -> tuple[list[Entry], bool]:
    """The entries, and whether older ones follow. Without a sort: what people and stations did, not the machine's own.

    ``NotFound`` for a dossier that is not there or not within reach.
    """
    statement = visible(select(Event), agency_ids)
    statement = (
        statement.where(Event.kind.in_(sorted(KINDS[asked.sort])))
        if asked.sort
        else statement.where(Event.actor != "system")
    )
    if asked.actor:
        statement = statement.where(Event.actor == asked.actor)
    if asked.dossier:
        found = visible(select(Dossier).where(Dossier.code == asked.dossier), agency_ids)
        dossier = session.scalar(found)
        if dossier is None:
            raise NotFound("no such dossier")
        statement = statement.where(Event.dossier_id == dossier.id)
    if asked.holder:
        dossiers = select(Dossier.id).where(Dossier.holder_id == asked.holder)
        papers = select(Result.id).where(Result.holder_id == asked.holder)
        statement = statement.where(
            or_(Event.holder_id == asked.holder, Event.dossier_id.in_(dossiers), Event.component_id.in_(papers))
        )
    if asked.day:
        start = datetime.combine(asked.day, time(), LOCAL)
        statement = statement.where(Event.at >= start, Event.at < start + timedelta(days=1))
    if asked.before:
        statement = statement.where(Event.id < asked.before)
    found_events = session.scalars(statement.order_by(Event.id.desc()).limit(asked.limit + 1)).all()
    shown = found_events[: asked.limit]
    named = select(Dossier.id, Dossier.code).where(Dossier.id.in_({event.dossier_id for event in shown} - {None}))
    codes = dict(session.execute(named).all())
    return [Entry(event, codes.get(event.dossier_id or "")) for event in shown], len(found_events) > asked.limit
