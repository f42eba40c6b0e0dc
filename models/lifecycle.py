"""The only place that moves the state of a scan or a component; each move leaves an event.

A component goes ``captured → checked → signed → extracted → verified → coded → stored`` (TT 01/2023/TT-VPCP Điều 7-10), one step after
the other. :func:`advance` asks the conditions of each step (``models.rules.steps``) and does what the step means: a code is issued,
the result is kept in the warehouse.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import corrections, events, warehouse
from models.batches.quality.papers import note_confirmed
from models.catalog import Catalog
from models.codes import issue_code
from models.dossier_papers import scanned_again
from models.entities import Component, ComponentState, Dossier, Holder, Scan, ScanState, now
from models.errors import Conflict, StepBlocked
from models.local_time import local_day
from models.paper_facts import Case, identity_of, paper_of, signature_of, step_facts, value_of
from models.rules.reasons import Reason
from models.rules.steps import blockers

_SCAN_MOVES: dict[ScanState, frozenset[ScanState]] = {  # target: where it may come from
    # Tried again (models.retries): what failed, or was done with pages that failed.
    ScanState.RECEIVED: frozenset({ScanState.DONE, ScanState.REFUSED, ScanState.FAILED}),
    ScanState.READING: frozenset({ScanState.RECEIVED}),
    ScanState.ASSEMBLING: frozenset({ScanState.READING, ScanState.FAILED}),
    ScanState.DONE: frozenset({ScanState.ASSEMBLING, ScanState.WITHDRAWN}),
    ScanState.REFUSED: frozenset({ScanState.RECEIVED, ScanState.READING, ScanState.WITHDRAWN}),
    # Of a scan that was done: a page turned upright by a person may show its mark only then.
    ScanState.BLOCKED_SECRET: frozenset({ScanState.RECEIVED, ScanState.READING, ScanState.ASSEMBLING, ScanState.DONE}),
    ScanState.FAILED: frozenset({ScanState.RECEIVED, ScanState.READING, ScanState.ASSEMBLING, ScanState.WITHDRAWN}),
    ScanState.WITHDRAWN: frozenset({ScanState.DONE, ScanState.REFUSED, ScanState.FAILED}),
}
SCAN_ENDS = frozenset(
    {ScanState.DONE, ScanState.REFUSED, ScanState.BLOCKED_SECRET, ScanState.FAILED, ScanState.WITHDRAWN}
)

_ORDER = list(ComponentState)  # TT 01/2023 Điều 7-10: one step after the other, none skipped
_FROM_CODED = frozenset(_ORDER[_ORDER.index(ComponentState.CODED) :])  # asked whether the warehouse held it (R4)
_COMPONENT_MOVES = {state: _ORDER[position - 1] for position, state in enumerate(_ORDER) if position}


def move_scan(
    session: Session, scan: Scan, state: ScanState, *, actor: str = "system", data: dict[str, Any] | None = None
) -> bool:
    """Move the scan to ``state``; false (and no event) when it is there already, since every task may run twice.

    Records a ``state`` event, and a ``done`` event when this ends the scan. For one that ends early, ``data`` is
    ``{"code", "detail"}`` and is kept with the scan. Raises ``Conflict`` for a move that does not exist.
    """
    data = data or {}
    events.hold_order(session, scan.id)
    values: dict[str, Any] = {"state": state}
    if state in SCAN_ENDS:
        values["finished_at"] = now()
    if state in {ScanState.REFUSED, ScanState.BLOCKED_SECRET, ScanState.FAILED}:
        values["refused_code"] = data.get("code")
        values["refused_detail"] = str(data.get("detail", ""))[:500]
    session.flush()
    sources = _SCAN_MOVES.get(state, frozenset())
    statement = update(Scan).where(Scan.id == scan.id, Scan.state.in_(sources)).values(**values).returning(Scan.id)
    moved = session.scalar(statement, execution_options={"synchronize_session": False}) is not None
    session.refresh(scan)
    if not moved:
        if scan.state == state:
            return False
        raise Conflict(f"a scan can't go from {scan.state} to {state.value}")
    events.record(session, kind="state", actor=actor, scan=scan, data={"state": state.value, **data})
    if state in SCAN_ENDS:
        events.record(session, kind="done", actor=actor, scan=scan, data={"state": state.value, **data})
    return True


def recapture(session: Session, component: Component, *, actor: str) -> None:
    """Back to the beginning: its pages are others now, so nothing that was checked or read of it stands."""
    if component.state != ComponentState.CAPTURED:
        component.state = ComponentState.CAPTURED
        session.flush()
        events.record(
            session, kind="state", actor=actor, component=component, data={"state": ComponentState.CAPTURED.value}
        )


def move_component(
    session: Session,
    component: Component,
    state: ComponentState,
    *,
    actor: str = "system",
    data: dict[str, Any] | None = None,
) -> bool:
    """Move the component one step on; false when it is there already. Raises ``Conflict`` for a skipped or backward step."""
    events.hold_order(session, component.scan_id)
    session.flush()
    source = _COMPONENT_MOVES.get(state)
    statement = (
        update(Component)
        .where(Component.id == component.id, Component.state == source)
        .values(state=state)
        .returning(Component.id)
    )
    moved = session.scalar(statement, execution_options={"synchronize_session": False}) is not None
    session.refresh(component)
    if not moved:
        if component.state == state:
            return False
        raise Conflict(f"a component can't go from {component.state} to {state.value}")
    events.record(session, kind="state", actor=actor, component=component, data={"state": state.value, **(data or {})})
    return True


def advance(
    session: Session, component: Component, to: ComponentState, catalog: Catalog, *, actor: str, by_person: bool
) -> list[ComponentState]:
    """Take the component step by step to ``to``; the steps taken, none when it is there or beyond.

    ``by_person``: somebody who may review asks, and so confirms what is shown. Raises ``StepBlocked`` with every reason of the
    first step that can't be taken; the steps before it stand if the caller commits.
    """
    events.hold_order(session, component.scan_id)
    corrections.lock(session, component)
    case = _case(session, component, catalog)
    taken: list[ComponentState] = []
    again = scanned_again(session, component, case.dossier, catalog) if to in _FROM_CODED else None
    for state in _ORDER[_ORDER.index(ComponentState(component.state)) + 1 : _ORDER.index(to) + 1]:
        found = blockers(state, step_facts(session, case, by_person=by_person, again=again))
        if found:
            raise StepBlocked([reason.told() for reason in found])
        data: dict[str, Any] = {}
        if state is ComponentState.SIGNED:
            component.signature = signature_of(component, case.dossier, catalog)
            data = {"signature": component.signature}
        elif state is ComponentState.CODED:
            data = {"code": _give_code(session, case, actor)}
        move_component(session, component, state, actor=actor, data=data)
        if state is ComponentState.VERIFIED:
            note_confirmed(session, component, actor)
        elif state is ComponentState.STORED:
            warehouse.keep(session, component, case.dossier, catalog)
        taken.append(state)
    return taken


def next_step(
    session: Session, component: Component, catalog: Catalog, *, by_person: bool
) -> tuple[ComponentState, tuple[Reason, ...]] | None:
    """The state that comes next and what stands in its way; ``None`` when it is stored. Changes nothing."""
    position = _ORDER.index(ComponentState(component.state)) + 1
    if position == len(_ORDER):
        return None
    state, case = _ORDER[position], _case(session, component, catalog)
    again = scanned_again(session, component, case.dossier, catalog) if state is ComponentState.CODED else None
    return state, blockers(state, step_facts(session, case, by_person=by_person, again=again))


def _case(session: Session, component: Component, catalog: Catalog) -> Case:
    dossier = session.get_one(Dossier, component.dossier_id)
    holder = session.get(Holder, dossier.holder_id) if dossier.holder_id else None
    return Case(component, dossier, holder, catalog)


def _give_code(session: Session, case: Case, actor: str) -> str:
    """By the template of results, or of other papers (R22). A part that isn't known keeps its empty place."""
    component, catalog = case.component, case.catalog
    paper = paper_of(component, catalog)
    is_result = bool(paper and paper.is_result)
    template = catalog.code_template("result" if is_result else "other", local_day())
    if template is None:
        raise Conflict("the catalog has no template for this code")
    codes = [line for line in catalog.codes_for_paper(paper.id) if line.kind == "result"] if paper else []
    values = {
        "dinh_danh": identity_of(component, case.holder),
        # Several codes may stand for one class of papers; which of them is meant is not guessed (R21).
        "ma_loai_ket_qua": codes[0].code if len(codes) == 1 else None,
        "so_ky_hieu": value_of(component, "number"),
        "ma_tthc": case.dossier.procedure,
        "ma_giay_to": component.paper_type,
        "ma_ho_so": case.dossier.code,
    }
    return issue_code(session, component, template, values, actor=actor)
