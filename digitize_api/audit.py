"""Every look at a person's paper is on record before the bytes leave (DESIGN: personal data).

A PDF viewer fetches a file in dozens of ranges and a page is reloaded; the same look by the same person within a minute is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from models import events
from models.entities import Component, Dossier, Event, Holder, Scan, now

SAME_LOOK = timedelta(minutes=1)


def record_look(
    context: Context,
    principal: Principal,
    what: str,
    *,
    component: Component | None = None,
    dossier: Dossier | None = None,
    scan: Scan | None = None,
    holder: Holder | None = None,
    page: int | None = None,
    more: Mapping[str, Any] | None = None,
) -> None:
    """A ``viewed`` event: who, what (``fields``, ``pdf``, ``page``, ``dossier``), which page of the component.

    ``holder``: whose warehouse was opened. ``more``: what else is to be kept with the look (its purpose).
    """
    data: dict[str, Any] = {"what": what, **({} if page is None else {"page": page}), **(more or {})}
    with context.reading() as session:
        if _seen_lately(session, principal, data, _about(component, dossier, scan, holder)):
            return
    with context.transaction() as session:
        events.record(
            session,
            kind="viewed",
            actor=principal.actor,
            component=component,
            dossier=dossier,
            scan=scan,
            holder=holder,
            agency_id=principal.agency.id,
            data=data,
        )


def _about(
    component: Component | None, dossier: Dossier | None, scan: Scan | None, holder: Holder | None
) -> tuple[ColumnElement[bool], ...]:
    """Which events are of the same thing."""
    if component is not None:
        return (Event.component_id == component.id,)
    if scan is not None:
        return (Event.scan_id == scan.id, Event.component_id.is_(None))
    if dossier is not None:
        return (Event.dossier_id == dossier.id, Event.scan_id.is_(None), Event.component_id.is_(None))
    if holder is not None:
        return (Event.holder_id == holder.id,)
    return ()


def _seen_lately(
    session: Session, principal: Principal, data: dict[str, Any], about: tuple[ColumnElement[bool], ...]
) -> bool:
    statement = select(Event.data).where(
        Event.kind == "viewed", Event.actor == principal.actor, Event.at > now() - SAME_LOOK, *about
    )
    return data in list(session.scalars(statement))


def record_search(context: Context, principal: Principal, component_ids: Iterable[str]) -> None:
    """A ``searched`` event: who was shown snippets of which components. The words asked for are not kept."""
    shown = list(dict.fromkeys(component_ids))
    if not shown:
        return
    with context.transaction() as session:
        data = {"components": shown}
        events.record(session, kind="searched", actor=principal.actor, agency_id=principal.agency.id, data=data)
