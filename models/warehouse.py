"""The warehouse of results (Kho quản lý dữ liệu điện tử): storing, finding, using again, ending (R25-R29).

Nothing is copied and nothing deleted. A reuse is a link to the result as it was at a version; a cancelled or replaced result stays
readable, and the dossiers that used it are listed so that their officers can be told (NĐ 45/2020/NĐ-CP Điều 15).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from models import events, stored_types
from models.catalog import Catalog
from models.database import insert_into
from models.dossiers import HolderData, find_or_create_holder
from models.entities import Component, Dossier, Holder, Result, ReuseLink, ReuseState, Scan, now
from models.errors import Conflict, NotFound, NotReusable
from models.inventory import links
from models.local_time import local_day
from models.paper_facts import date_of, paper_of, stored_facts, validity_of, value_of
from models.rules.reasons import Reason
from models.rules.reuse import why_not
from models.scopes import visible
from models.vietnamese.numbers import number_key


def keep(session: Session, component: Component, dossier: Dossier, catalog: Catalog) -> Result:
    """The component's row in the warehouse, made or brought up to date. Its caller has moved it to ``stored``."""
    held = validity_of(component, catalog)
    holder_id = _holder(session, component, dossier)
    result = session.get(Result, component.id) or Result(
        id=component.id,
        agency_id=component.agency_id,
        dossier_id=component.dossier_id,
        scanned_at=session.get_one(Scan, component.scan_id).created_at,
    )
    result.holder_id = holder_id
    result.paper_type = component.paper_type or ""
    result.number_key = number_key(value_of(component, "number") or "")[:200]
    result.issued_on = date_of(component, "issued_on")
    result.valid_until, result.expiry_rule = held.until, held.basis
    result.scope = (value_of(component, "scope") or "")[:200]
    session.add(result)
    session.flush()
    stored_types.tell(session, dossier)
    links.tie_result(session, result, catalog)
    return result


def _holder(session: Session, component: Component, dossier: Dossier) -> str | None:
    """Whose paper it is: the person it names, else the dossier's holder."""
    number = value_of(component, "holder_id")
    if number is None:
        return dossier.holder_id
    data = HolderData(
        id_number=number,
        name=value_of(component, "holder_name") or "",
        birth_date=date_of(component, "holder_birth_date"),
    )
    try:
        return find_or_create_holder(session, data).id
    except Conflict:
        # The number stands for somebody whose name is written otherwise. The number is what identifies (R5).
        return session.scalars(select(Holder.id).where(Holder.id_number == number)).one()


def find_result(session: Session, result_id: str, agency_ids: Collection[str]) -> Result:
    """With component, its dossier and the holder. ``NotFound`` also outside the agencies."""
    statement = visible(select(Result).where(Result.id == result_id), agency_ids).options(*WITH_PAPER)
    result = session.scalar(statement, execution_options={"populate_existing": True})
    if result is None:
        raise NotFound("no such result")
    return result


WITH_PAPER = (joinedload(Result.component).joinedload(Component.dossier), joinedload(Result.holder))
"""What is loaded with a result that is to be shown or judged."""


def results_of(
    session: Session, holder_id_number: str, agency_ids: Collection[str], paper_types: Collection[str] = ()
) -> list[Result]:
    """What the warehouse holds of a person or organisation, newest issue first; cancelled ones too."""
    statement = visible(select(Result), agency_ids).join(Holder, Holder.id == Result.holder_id).options(*WITH_PAPER)
    statement = statement.where(Holder.id_number == holder_id_number)
    if paper_types:
        statement = statement.where(Result.paper_type.in_(list(paper_types)))
    return list(session.scalars(statement.order_by(Result.issued_on.desc().nulls_last(), Result.stored_at.desc())))


def stored(session: Session, component_ids: Collection[str]) -> dict[str, Result]:
    """The rows of those components that are stored (their caller was let in to them)."""
    statement = select(Result).where(Result.id.in_(list(component_ids)))
    return {result.id: result for result in session.scalars(statement)}


def reasons_against(
    component: Component,
    result: Result | None,
    catalog: Catalog,
    *,
    on: date | None = None,
    purpose: str | None = None,
) -> tuple[Reason, ...]:
    """Why the component (with its dossier) can't be used again on that day (default: today); empty: ``reusable`` (R26)."""
    return why_not(stored_facts(component, result, component.dossier, catalog), on or local_day(), purpose)


def reuse(
    session: Session,
    result: Result,
    dossier: Dossier,
    catalog: Catalog,
    *,
    slot: str = "",
    purpose: str | None = None,
    actor: str,
) -> tuple[ReuseLink, bool]:
    """Link the result into a dossier, and whether the link is new (asked for twice, it is made once).

    Raises ``NotReusable`` with every reason, and ``Conflict`` when the dossier is the one it came with.
    """
    component = result.component
    if component.dossier_id == dossier.id:
        raise Conflict("this paper is already part of the dossier")
    against = reasons_against(component, result, catalog, purpose=purpose)
    if against:
        raise NotReusable([reason.told() for reason in against])
    paper = paper_of(component, catalog)
    values: dict[str, Any] = {
        "result_id": result.id,
        "version": component.version,
        "dossier_id": dossier.id,
        "agency_id": dossier.agency_id,
        "slot": slot,
        "state": ReuseState.REUSED_FROM_RESULT if paper and paper.is_result else ReuseState.REUSED,
        "actor": actor,
    }
    made = session.scalar(
        insert_into(session, ReuseLink).values(**values).on_conflict_do_nothing().returning(ReuseLink.id)
    )
    if made is None:
        same = (ReuseLink.result_id == result.id, ReuseLink.dossier_id == dossier.id, ReuseLink.slot == slot)
        return session.scalars(select(ReuseLink).where(*same)).one(), False
    data = {"dossier": dossier.code, "version": component.version, "slot": slot, "purpose": purpose}
    events.record(session, kind="reused", actor=actor, component=component, data=data)
    data = {"result": result.id, "code": component.code, "version": component.version, "slot": slot}
    events.record(session, kind="reused", actor=actor, dossier=dossier, data=data)
    return session.get_one(ReuseLink, made), True


def undo_reuse(session: Session, result: Result, dossier: Dossier, *, actor: str) -> bool:
    """Take the result out of the dossier that uses it again (a key pressed by mistake); false when it uses it not.

    The link goes, so that nothing counts it; what happened stays told on both sides.
    """
    statement = delete(ReuseLink).where(ReuseLink.result_id == result.id, ReuseLink.dossier_id == dossier.id)
    slots = list(session.scalars(statement.returning(ReuseLink.slot)))
    if not slots:
        return False
    data: dict[str, Any] = {"dossier": dossier.code, "slots": slots}
    events.record(session, kind="reuse_undone", actor=actor, component=result.component, data=data)
    data = {"result": result.id, "code": result.component.code, "slots": slots}
    events.record(session, kind="reuse_undone", actor=actor, dossier=dossier, data=data)
    return True


def links_of(session: Session, dossier_id: str) -> list[ReuseLink]:
    """What the dossier uses again, oldest first, with result and component (its caller was let in to the dossier)."""
    statement = select(ReuseLink).where(ReuseLink.dossier_id == dossier_id)
    statement = statement.options(
        joinedload(ReuseLink.result).joinedload(Result.component).joinedload(Component.dossier),
        joinedload(ReuseLink.result).joinedload(Result.holder),
    )
    return list(session.scalars(statement.order_by(ReuseLink.at, ReuseLink.id)))


def used_by(session: Session, result_id: str) -> list[ReuseLink]:
    """The dossiers that used the result, with each dossier: whom to tell when it loses effect (R28)."""
    return used(session, [result_id])


def used(session: Session, result_ids: Collection[str]) -> list[ReuseLink]:
    """:func:`used_by` of several results, oldest first (their caller was let in to them)."""
    statement = select(ReuseLink).where(ReuseLink.result_id.in_(list(result_ids)))
    statement = statement.options(joinedload(ReuseLink.dossier))
    return list(session.scalars(statement.order_by(ReuseLink.at, ReuseLink.id)))


def cancel(
    session: Session, result: Result, *, reason: str, actor: str, replaced_by: Result | None = None
) -> list[ReuseLink]:
    """Mark the result as without effect from now on; the links of the dossiers that used it.

    Raises ``Conflict`` when it was cancelled before, or is to be replaced by itself or by one that is cancelled.
    """
    _lock(session, result)
    if result.cancelled_at is not None:
        raise Conflict("this result was cancelled before")
    if replaced_by is not None and (replaced_by.id == result.id or replaced_by.cancelled_at is not None):
        raise Conflict("it can't be replaced by itself or by a cancelled result")
    result.cancelled_at, result.cancelled_by, result.cancel_reason = now(), actor, reason[:300]
    result.replaced_by_id = replaced_by.id if replaced_by else None
    session.flush()
    links = used_by(session, result.id)
    data = {
        "reason": result.cancel_reason,
        "replaced_by": result.replaced_by_id,
        "used_by": [link.dossier.code for link in links],
    }
    events.record(session, kind="cancelled", actor=actor, component=result.component, data=data)
    for link in links:
        data = {"result": result.id, "code": result.component.code, "reason": result.cancel_reason}
        events.record(session, kind="result_cancelled", actor=actor, dossier=link.dossier, data=data)
    return links


def end_status(session: Session, result: Result, *, ended_on: date, reason: str, actor: str) -> None:
    """What the paper certifies changed on that day (R26): it held until the day before. ``Conflict`` for a day before its issue."""
    _lock(session, result)
    if result.issued_on is not None and ended_on < result.issued_on:
        raise Conflict("it can't have changed before the paper was issued")
    result.ended_on = ended_on
    data = {"ended_on": ended_on.isoformat(), "reason": reason[:300]}
    events.record(session, kind="status_ended", actor=actor, component=result.component, data=data)


def hand_over(session: Session, result: Result, *, actor: str) -> bool:
    """The result was handed to its holder, who may see it from now on (R25); false when it was before."""
    _lock(session, result)
    if result.returned_at is not None:
        return False
    result.returned_at = now()
    events.record(session, kind="returned", actor=actor, component=result.component)
    return True


def _lock(session: Session, result: Result) -> None:
    """The row as it is now, ours until commit; what belongs to it stays loaded."""
    session.refresh(
        result,
        attribute_names=["ended_on", "returned_at", "cancelled_at", "replaced_by_id"],
        with_for_update=True,
    )
