"""A dossier against its procedure, with what the warehouse holds of its holder (R4): reads rows, asks ``models.rules.completeness``.

A scan is never refused: a station may post before anything is known of it. Where the warehouse held a valid result of the paper, the dossier
shows it, and the scan gets no code (``models.rules.steps``) until an officer uses the result instead or says why it was scanned all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import events, warehouse
from models.catalog import Catalog, Procedure
from models.entities import Component, Dossier, Event, Holder, Result, ReuseLink
from models.errors import NothingHeld
from models.examples import NONE_OF_THE_CATALOG
from models.local_time import local_day
from models.paper_facts import value_of
from models.rules.completeness import Completeness, Given, Held, ScannedAgain, Wanted, completeness
from models.rules.reasons import Reason
from models.vietnamese.numbers import number_key

CERTAIN = 0.8
"""From this score on a paper's type is taken as the machine says; below, a person looks."""
OVERRIDE = "scanned_again"
"""The kind of the event in which an officer says why a paper was scanned though the warehouse held it (R4)."""


@dataclass(frozen=True, slots=True)
class DossierPapers:
    """``procedure`` is ``None`` when the dossier names none, or one that the catalog does not know on its day: nothing is asked for."""

    procedure: Procedure | None
    found: Completeness
    components: dict[str, Component]
    results: dict[str, Result]
    links: Sequence[ReuseLink]
    reasons: dict[str, Event]  # by component: why it was scanned all the same, the last word


def dossier_papers(session: Session, dossier: Dossier, agency_ids: Collection[str], catalog: Catalog) -> DossierPapers:
    """The dossier as it stands now. Results outside the agencies are not offered."""
    procedure = catalog.procedure(dossier.procedure, local_day(dossier.created_at)) if dossier.procedure else None
    wanted = [Wanted.of(slot) for slot in procedure.components] if procedure else []
    statement = select(Component).where(Component.dossier_id == dossier.id).options(joinedload(Component.scan))
    components = session.scalars(statement.order_by(Component.created_at, Component.position)).all()
    links = warehouse.links_of(session, dossier.id)
    linked = {link.result_id: link.slot for link in links}
    holder = session.get(Holder, dossier.holder_id) if dossier.holder_id else None
    number = holder.id_number if holder else None
    types = {paper for slot in wanted for paper in slot.accepts} | {one.paper_type or "" for one in components}
    own = warehouse.results_of(session, number, agency_ids, types) if number and types else []
    results = {result.id: result for result in own if result.component.dossier_id != dossier.id}
    results |= {link.result_id: link.result for link in links}
    held = [
        Held(
            result.id,
            result.paper_type,
            not warehouse.reasons_against(result.component, result, catalog),
            linked.get(result.id),
            result.stored_at,
            result.number_key,
        )
        for result in results.values()
    ]
    said = select(Event).where(Event.dossier_id == dossier.id, Event.kind == OVERRIDE).order_by(Event.id)
    reasons = {str(event.component_id): event for event in session.scalars(said)}
    of_many = {NONE_OF_THE_CATALOG, *(procedure.results if procedure else ())}
    given = [
        replace(_given(component, number), of_many=component.paper_type in of_many, explained=component.id in reasons)
        for component in components
    ]
    found = completeness(wanted, given, held)
    by_id = {component.id: component for component in components}
    return DossierPapers(procedure, found, by_id, results, links, reasons)


@dataclass(frozen=True, slots=True)
class HeldPapers:
    """What the warehouse holds for a procedure before anything was handed in. ``against``: by result, why it can't be used, of those that can't."""

    papers: DossierPapers
    against: dict[str, tuple[Reason, ...]]


def held_papers(
    session: Session, procedure: Procedure, holder_number: str, agency_ids: Collection[str], catalog: Catalog
) -> HeldPapers:
    """The procedure's slots as a dossier of this holder would stand if it were opened now. Results outside the agencies are not offered."""
    wanted = [Wanted.of(slot) for slot in procedure.components]
    types = {paper for slot in wanted for paper in slot.accepts}
    own = warehouse.results_of(session, holder_number, agency_ids, types) if types else []
    results = {result.id: result for result in own}
    reasons = {result.id: warehouse.reasons_against(result.component, result, catalog) for result in own}
    held = [Held(result.id, result.paper_type, not reasons[result.id]) for result in own]
    papers = DossierPapers(procedure, completeness(wanted, (), held), {}, results, (), {})
    return HeldPapers(papers, {result: against for result, against in reasons.items() if against})


def scanned_again(session: Session, component: Component, dossier: Dossier, catalog: Catalog) -> ScannedAgain | None:
    """What the warehouse of the dossier's agency held of the component before it was scanned; ``None``: nothing (R4)."""
    found = dossier_papers(session, dossier, {dossier.agency_id}, catalog).found
    return next((again for again in found.again if again.paper == component.id), None)


def explain_scan(
    session: Session, component: Component, dossier: Dossier, catalog: Catalog, *, reason: str, actor: str
) -> tuple[ScannedAgain, Event]:
    """Keep why the component was scanned though the warehouse held it: who, when, which results. ``NothingHeld`` when it held none."""
    again = scanned_again(session, component, dossier, catalog)
    if again is None:
        raise NothingHeld
    data = {"reason": reason[:300], "results": list(again.results)}
    return again, events.record(session, kind=OVERRIDE, actor=actor, component=component, data=data)


def is_certain(component: Component) -> bool:
    """Whether the component's type stands without a person's look."""
    return component.paper_type is not None and (component.paper_type_score or 0.0) >= CERTAIN


def _given(component: Component, holder_number: str | None) -> Given:
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
        scanned_at=component.scan.created_at if value_of(component, "holder_id") in {None, holder_number} else None,
        number=number_key(value_of(component, "number") or ""),
    )
