"""Every look at a person's paper is on record before the bytes leave (DESIGN: personal data).

A PDF viewer fetches a file in dozens of ranges and a page is reloaded; the same look by the same person within a minute is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from models import events
from models.entities import Component, Dossier, Event, Scan, now

SAME_LOOK = timedelta(minutes=1)


def record_look(
    context: Context,
    principal: Principal,
    what: str,
    *,
    component: Component | None = None,
    dossier: Dossier | None = None,
    scan: Scan | None = None,
    page: int | None = None,
) -> None:
    """A ``viewed`` event: who, what (``fields``, ``pdf``, ``page``, ``dossier``), which page of the component."""
    data: dict[str, Any] = {"what": what} if page is None else {"what": what, "page": page}
    with context.reading() as session:
        if _seen_lately(session, principal, data, component, dossier):
            return
    with context.transaction() as session:
        events.record(
            session, kind="viewed", actor=principal.actor, component=component, dossier=dossier, scan=scan, data=data
        )


def _seen_lately(
    session: Session, principal: Principal, data: dict[str, Any], component: Component | None, dossier: Dossier | None
) -> bool:
    statement = select(Event.data).where(
        Event.kind == "viewed", Event.actor == principal.actor, Event.at > now() - SAME_LOOK
    )
    if component is not None:
        statement = statement.where(Event.component_id == component.id)
    elif dossier is not None:
        statement = statement.where(Event.dossier_id == dossier.id, Event.component_id.is_(None))
    return data in list(session.scalars(statement))


def record_search(context: Context, principal: Principal, component_ids: Iterable[str]) -> None:
    """A ``searched`` event: who was shown snippets of which components. The words asked for are not kept."""
    shown = list(dict.fromkeys(component_ids))
    if not shown:
        return
    with context.transaction() as session:
        event = events.record(session, kind="searched", actor=principal.actor, data={"components": shown})
        event.agency_id = principal.agency.id
