"""Corrections make a new version; what stood before is kept (R12, R29)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.entities import Component, ComponentVersion


def lock(session: Session, component: Component) -> None:
    """The row as it is now, ours until commit (SQLite's one writer holds everything anyway)."""
    locked = select(Component).where(Component.id == component.id).with_for_update()
    session.scalars(locked, execution_options={"populate_existing": True}).one()


def content(component: Component) -> dict[str, Any]:
    """All of a component that a correction may change, and what it meant for its file and code."""
    return {
        "title": component.title,
        "paper_type": component.paper_type,
        "fields": dict(component.fields),
        "attributes": list(component.attributes),
        "scope": dict(component.scope),
        "slot": component.slot,
        "pages": [component.first_page, component.last_page],
        "state": component.state,
        "code": component.code,
        "pdf_sha256": component.pdf_sha256,
    }


def new_version(
    session: Session, component: Component, before: dict[str, Any], *, actor: str, reason: str = ""
) -> None:
    """The component as it was (``before``: its :func:`content`) becomes history; what it is now is the next version."""
    session.add(
        ComponentVersion(
            component_id=component.id, version=component.version, content=before, replaced_by=actor, reason=reason[:300]
        )
    )
    component.version += 1
    session.flush()


def versions(session: Session, component_id: str) -> list[ComponentVersion]:
    """The versions before the present one, oldest first (their caller was let in to the component)."""
    statement = select(ComponentVersion).where(ComponentVersion.component_id == component_id)
    return list(session.scalars(statement.order_by(ComponentVersion.version)))
