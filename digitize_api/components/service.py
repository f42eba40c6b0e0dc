"""Reading a component, and correcting it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from digitize_api.auth.principal import Principal
from digitize_api.components.schemas import Correction
from digitize_api.context import Context
from models import events, scans
from models.entities import Component, Page
from models.errors import Conflict, NotFound, NotReady
from models.vietnamese import nfc


def load_alone(context: Context, principal: Principal, component_id: str) -> Component:
    """Without its pages. ``NotFound``."""
    with context.reading() as session:
        return scans.load_component(session, component_id, principal.agency_ids)


def load(context: Context, principal: Principal, component_id: str) -> tuple[Component, list[Page]]:
    """``NotFound``."""
    with context.reading() as session:
        component = scans.load_component(session, component_id, principal.agency_ids)
        return component, scans.pages_of(session, component)


def load_page(context: Context, principal: Principal, component_id: str, number: int) -> tuple[Component, Page]:
    """Page ``number`` from 1 within the component. ``NotFound``; ``NotReady`` while it has no image."""
    component, pages = load(context, principal, component_id)
    if not 1 <= number <= len(pages):
        raise NotFound("no such page")
    page = pages[number - 1]
    if page.image_key is None:
        if page.failure_code is not None:
            raise NotFound("this page could not be read and has no image")
        raise NotReady
    return component, page


def correct(context: Context, principal: Principal, component_id: str, correction: Correction) -> None:
    """Apply a review with its before and after on record, and index the component anew.

    Raises ``NotFound``, and ``Conflict`` when somebody changed the component since the reviewer looked.
    """
    with context.transaction() as session:
        component = scans.load_component(session, component_id, principal.agency_ids)
        events.hold_order(session, component.scan_id)
        _lock(session, component)
        if component.version != correction.version:
            raise Conflict(f"The component is at version {component.version}, not {correction.version}.")
        before = _shown(component)
        _apply(component, correction)
        changed = {name for name, value in _shown(component).items() if before[name] != value}
        if not changed:
            return
        component.version += 1
        events.record(
            session,
            kind="reviewed",
            actor=principal.actor,
            component=component,
            data={
                "version": component.version,
                "before": {name: before[name] for name in sorted(changed)},
                "after": {name: _shown(component)[name] for name in sorted(changed)},
            },
        )
        session.flush()
        context.index.index_component(session, component.id)


def _lock(session: Session, component: Component) -> None:
    """The row as it is now, ours until commit (SQLite's one writer holds everything anyway)."""
    locked = select(Component).where(Component.id == component.id).with_for_update()
    session.scalars(locked, execution_options={"populate_existing": True}).one()


def _shown(component: Component) -> dict[str, Any]:
    return {"title": component.title, "paper_type": component.paper_type, "fields": dict(component.fields)}


def _apply(component: Component, correction: Correction) -> None:
    if correction.title is not None:
        component.title = nfc(correction.title)
    if correction.paper_type is not None and correction.paper_type != component.paper_type:
        component.paper_type = correction.paper_type
        component.paper_type_score = 1.0
    if correction.fields is not None:
        fields = dict(component.fields)
        for name, value in correction.fields.items():
            old = fields.get(name) or {}
            if value is None or not value:
                fields[name] = None
            elif old.get("value") != nfc(value):
                # Where the machine saw it stays known; that a person wrote it is the new source.
                place = {key: old.get(key) for key in ("page", "box")}
                fields[name] = {"value": nfc(value), "confidence": 1.0, **place, "source": "review"}
        component.fields = fields
