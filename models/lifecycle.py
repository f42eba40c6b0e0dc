"""The only place that moves the state of a scan or a component; each move leaves an event."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import events
from models.entities import Component, ComponentState, Scan, ScanState, now
from models.errors import Conflict

_SCAN_MOVES: dict[ScanState, frozenset[ScanState]] = {  # target: where it may come from
    ScanState.READING: frozenset({ScanState.RECEIVED}),
    ScanState.ASSEMBLING: frozenset({ScanState.READING}),
    ScanState.DONE: frozenset({ScanState.ASSEMBLING}),
    ScanState.REFUSED: frozenset({ScanState.RECEIVED, ScanState.READING}),
    ScanState.FAILED: frozenset({ScanState.RECEIVED, ScanState.READING, ScanState.ASSEMBLING}),
}
SCAN_ENDS = frozenset({ScanState.DONE, ScanState.REFUSED, ScanState.FAILED})

_ORDER = list(ComponentState)  # TT 01/2023 Điều 7-10: one step after the other, none skipped
_COMPONENT_MOVES = {state: _ORDER[position - 1] for position, state in enumerate(_ORDER) if position}


def move_scan(
    session: Session, scan: Scan, state: ScanState, *, actor: str = "system", data: dict[str, Any] | None = None
) -> bool:
    """Move the scan to ``state``; false (and no event) when it is there already, since every task may run twice.

    Records a ``state`` event, and a ``done`` event when this ends the scan. For ``REFUSED`` and ``FAILED``, ``data`` is
    ``{"code", "detail"}`` and is kept with the scan. Raises ``Conflict`` for a move that does not exist.
    """
    data = data or {}
    events.hold_order(session, scan.id)
    values: dict[str, Any] = {"state": state}
    if state in SCAN_ENDS:
        values["finished_at"] = now()
    if state in {ScanState.REFUSED, ScanState.FAILED}:
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
