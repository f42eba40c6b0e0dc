"""Reading a component, and correcting it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from digitize_api.auth.principal import Principal
from digitize_api.auth.rights import Right, may
from digitize_api.components.schemas import Correction, NextStep, ReasonOut, ScannedAgainIn, ScopeIn, StepIn
from digitize_api.context import Context
from digitize_api.dossiers.schemas import ScannedAgainOut
from models import corrections, events, examples, lifecycle, outbox, review_leases, reviewed, scans
from models.catalog import ScopeClass
from models.dossier_papers import explain_scan
from models.entities import Component, ComponentState, ComponentVersion, Page
from models.errors import Conflict, NotFound, NotReady
from models.paper_facts import ABSENT
from models.vietnamese import nfc
from workers.names import Queue, TaskName


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

    What stood before is kept as a version (R29). Raises ``NotFound``, ``HeldByAnother`` while another officer reviews it, and
    ``Conflict`` when somebody changed the component since the reviewer looked.
    """
    with context.transaction() as session:
        component = _at_version(session, principal, component_id, correction.version)
        before = corrections.content(component)
        _apply(component, correction, principal.actor)
        reviewed.keep(
            session,
            component,
            before,
            context.catalog.get(session),
            context.index,
            actor=principal.actor,
            reason=correction.reason,
        )
        if correction.paper_type is not None:
            # A type that was right is a word too; it is on the version that the component is at now.
            _learn(session, component)


def step(context: Context, principal: Principal, component_id: str, asked: StepIn) -> None:
    """Take the component on, step by step (TT 01/2023 Điều 7-10).

    Raises ``NotFound``, ``HeldByAnother`` while another officer reviews it, ``Conflict`` for another version, and ``StepBlocked`` with
    the reasons; then no step was taken.
    """
    with context.transaction() as session:
        component = _at_version(session, principal, component_id, asked.version)
        taken = lifecycle.advance(
            session,
            component,
            asked.to,
            context.catalog.get(session),
            actor=principal.actor,
            by_person=may(principal.role, Right.REVIEW),
        )
        if ComponentState.VERIFIED in taken:  # only a person's call gets there, and it confirms the type too
            _learn(session, component)
        session.flush()
        context.index.index_component(session, component.id)


def hindrances(context: Context, principal: Principal, component_id: str) -> NextStep | None:
    """The component's next step and what stands in its way; ``None`` when it is stored."""
    with context.reading() as session:
        component = scans.load_component(session, component_id, principal.agency_ids)
        catalog = context.catalog.get(session)
        found = lifecycle.next_step(session, component, catalog, by_person=may(principal.role, Right.REVIEW))
    if found is None:
        return None
    state, reasons = found
    return NextStep(to=state.value, reasons=[ReasonOut.of(reason) for reason in reasons])


def explain(context: Context, principal: Principal, component_id: str, asked: ScannedAgainIn) -> ScannedAgainOut:
    """Keep why the paper was scanned though the warehouse held it. ``NotFound``, ``NothingHeld``."""
    with context.transaction() as session:
        component = scans.load_component(session, component_id, principal.agency_ids)
        catalog = context.catalog.get(session)
        again, said = explain_scan(
            session, component, component.dossier, catalog, reason=nfc(asked.reason), actor=principal.actor
        )
        return ScannedAgainOut.of(again, said)


def history(context: Context, principal: Principal, component_id: str) -> list[ComponentVersion]:
    """The versions before the present one, oldest first. ``NotFound``."""
    with context.reading() as session:
        scans.load_component(session, component_id, principal.agency_ids)
        return corrections.versions(session, component_id)


def _at_version(session: Session, principal: Principal, component_id: str, version: int) -> Component:
    component = scans.load_component(session, component_id, principal.agency_ids)
    events.hold_order(session, component.scan_id)
    review_leases.demand_free(session, component.id, principal.actor)
    corrections.lock(session, component)
    if component.version != version:
        raise Conflict(f"The component is at version {component.version}, not {version}.")
    return component


def _learn(session: Session, component: Component) -> None:
    """A person settled the paper's type: it becomes an example, when the sweeper has sent the task. Nobody waits for it."""
    outbox.enqueue(session, TaskName.LEARN_EXAMPLE, examples.subject(component), Queue.MAINTENANCE, component.scan_id)


def _apply(component: Component, correction: Correction, actor: str) -> None:
    if correction.title is not None:
        component.title = nfc(correction.title)
    if correction.paper_type is not None and correction.paper_type != component.paper_type:
        component.paper_type = correction.paper_type
        component.paper_type_score = 1.0
    if correction.slot is not None:
        component.slot = correction.slot or None
    if correction.scope is not None:
        component.scope = _scope(component, correction.scope, actor)
    component.fields = _fields(component, correction, actor)


def _fields(component: Component, correction: Correction, actor: str) -> dict[str, Any]:
    fields = dict(component.fields)
    for name, value in (correction.fields or {}).items():
        old = fields.get(name) or {}
        # Where the machine saw it stays known; that a person wrote it is the new source.
        place = {key: old.get(key) for key in ("page", "box")}
        if not value:
            fields[name] = None
        elif old.get("value") != nfc(value):
            fields[name] = {"value": nfc(value), "confidence": 1.0, **place, "source": "manual"}
        else:
            fields[name] = {**old, "confirmed_by": actor}
    for name in correction.absent:
        fields[name] = {
            "value": None,
            "confidence": 1.0,
            "page": None,
            "box": None,
            "source": "manual",
            "reason": ABSENT,
        }
    for name in correction.confirmed:
        if (fields.get(name) or {}).get("value"):
            fields[name] = {**fields[name], "confirmed_by": actor}
    return fields


def _scope(component: Component, asked: ScopeIn, actor: str) -> dict[str, Any]:
    """What the officer says on why the paper is digitised, or is not (R1, R3); what is not sent stays."""
    scope = dict(component.scope)
    if asked.scope_class is not None:
        scope = {key: value for key, value in scope.items() if key != "exclusion"}
        scope |= {
            "class": asked.scope_class,
            "request": asked.request,
            "fee": asked.scope_class == ScopeClass.ON_DEMAND,
        }
    if asked.exclusion is not None:
        scope = {key: value for key, value in scope.items() if key not in {"class", "request", "fee"}}
        scope["exclusion"] = asked.exclusion
    if asked.reason is not None:
        scope["reason"] = asked.reason
    if asked.compared is not None:
        scope["compared_by"] = actor if asked.compared else None
    return scope | {"by": actor}
