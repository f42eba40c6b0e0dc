"""A dossier against its procedure, with what the warehouse holds of its holder (R4): reads rows, asks ``models.rules.completeness``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import warehouse
from models.catalog import Catalog, Procedure
from models.entities import Component, Dossier, Result, ReuseLink
from models.local_time import local_day
from models.paper_facts import value_of
from models.rules.completeness import Completeness, Given, Held, Wanted, completeness

CERTAIN = 0.8
"""From this score on a paper's type is taken as the machine says; below, a person looks."""


@dataclass(frozen=True, slots=True)
class DossierPapers:
    """``procedure`` is ``None`` when the dossier names none, or one that the catalog does not know on its day: nothing is asked for."""

    procedure: Procedure | None
    found: Completeness
    components: dict[str, Component]
    results: dict[str, Result]
    links: Sequence[ReuseLink]


def dossier_papers(session: Session, dossier: Dossier, agency_ids: Collection[str], catalog: Catalog) -> DossierPapers:
    """The dossier (with its holder) as it stands now. Results outside the agencies are not offered."""
    procedure = catalog.procedure(dossier.procedure, local_day(dossier.created_at)) if dossier.procedure else None
    wanted = [Wanted.of(slot) for slot in procedure.components] if procedure else []
    components = session.scalars(
        select(Component).where(Component.dossier_id == dossier.id).order_by(Component.created_at, Component.position)
    ).all()
    links = warehouse.links_of(session, dossier.id)
    linked = {link.result_id: link.slot for link in links}
    number = dossier.holder.id_number if dossier.holder else None
    types = {paper for slot in wanted for paper in slot.accepts}
    own = warehouse.results_of(session, number, agency_ids, types) if number and types else []
    results = {result.id: result for result in own if result.component.dossier_id != dossier.id}
    results |= {link.result_id: link.result for link in links}
    held = [
        Held(
            result.id,
            result.paper_type,
            not warehouse.reasons_against(result.component, result, catalog),
            linked.get(result.id),
        )
        for result in results.values()
    ]
    found = completeness(wanted, [_given(component) for component in components], held)
    return DossierPapers(procedure, found, {component.id: component for component in components}, results, links)


def is_certain(component: Component) -> bool:
    """Whether the component's type stands without a person's look."""
    return component.paper_type is not None and (component.paper_type_score or 0.0) >= CERTAIN


def _given(component: Component) -> Given:
    certain = is_certain(component)
    # What a paper of certain type might have been instead is no reason to look at it again.
    likely = (
        set()
        if certain
        else {str(other.get("id")) for other in component.paper_type_alternatives if isinstance(other, dict)}
    )
    return Given(
        id=component.id,
        paper_type=component.paper_type,
        certain=certain,
        likely=frozenset(likely),
        slot=component.slot,
        excluded=component.scope.get("exclusion") is not None,
        title=value_of(component, "title") or component.title,
    )
