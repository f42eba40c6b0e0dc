"""What follows from a person's correction of a component, whoever makes it: a version, an event, the warehouse and the search brought up to date."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from models import corrections, events, warehouse
from models.catalog import Catalog
from models.entities import Component, ComponentState, Dossier
from models.search import SearchIndex


def keep(
    session: Session,
    component: Component,
    before: dict[str, Any],
    catalog: Catalog,
    index: SearchIndex,
    *,
    actor: str,
    reason: str = "",
    origin: str = "",
) -> bool:
    """Keep the changed component; ``before``: its ``corrections.content`` as it was. False when nothing differs.

    ``origin``: how the correction came to be, where it was not made on the page that reviews. The caller has locked the component.
    """
    after = corrections.content(component)
    changed = sorted(name for name, value in after.items() if before[name] != value)
    if not changed:
        return False
    corrections.new_version(session, component, before, actor=actor, reason=reason)
    data: dict[str, Any] = {
        "version": component.version,
        "before": {name: before[name] for name in changed},
        "after": {name: after[name] for name in changed},
        **({"origin": origin} if origin else {}),
    }
    events.record(session, kind="reviewed", actor=actor, component=component, data=data)
    if ComponentState(component.state) is ComponentState.STORED:
        # Locking the row anew forgot what was loaded with it.
        dossier = session.get_one(Dossier, component.dossier_id)
        warehouse.keep(session, component, dossier, catalog)
    session.flush()
    index.index_component(session, component.id)
    return True
