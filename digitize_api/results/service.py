"""Searching within the caller's agencies; who was shown what is on record before it is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from digitize_api.audit import record_look, record_search
from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from digitize_api.results.schemas import (
    CancelIn,
    CancelOut,
    EndIn,
    ResultOut,
    ResultsOut,
    ReuseIn,
    ReuseOut,
    Standing,
    WarehouseOut,
)
from models import conclusions, scans, warehouse
from models.catalog import Catalog
from models.entities import Agency, Component, Result, ReuseLink
from models.local_time import local_day
from models.paper_facts import validity_of
from models.rules.reuse import WITHOUT_EFFECT
from models.scopes import visible
from models.search import SearchQuery
from models.vietnamese import nfc

SLICE, MOST_SLICES = 50, 8
"""Where the rules decide what is shown, found papers are looked at so many at a time, and no more than so many times."""


@dataclass(frozen=True, slots=True)
class Asked:
    """``valid_on``: the day that validity is judged on (default: today). ``in_effect``: only what holds on it; ``reusable``: only what may be used again.

    ``agency``: the id of one of the caller's agencies, and only its papers.
    """

    q: str = ""
    holder_id: str | None = None
    paper_type: str | None = None
    number: str | None = None
    valid_on: date | None = None
    limit: int = 20
    offset: int = 0
    agency: str | None = None
    year: int | None = None
    in_effect: bool = False
    reusable: bool = False

    @property
    def empty(self) -> bool:
        said = any(
            value and value.strip() for value in (self.q, self.holder_id, self.paper_type, self.number, self.agency)
        )
        return not (said or self.year or self.in_effect or self.reusable)


def search(context: Context, principal: Principal, asked: Asked) -> ResultsOut:
    """Best first; nothing asked, nothing found."""
    if asked.empty:
        return ResultsOut(total=0, results=[])
    query = SearchQuery(
        agency_ids=principal.agency_ids & {asked.agency} if asked.agency else principal.agency_ids,
        q=asked.q,
        holder_id_number=asked.holder_id,
        paper_type=asked.paper_type,
        number=asked.number,
        limit=asked.limit,
        offset=asked.offset,
        year=asked.year,
        kept=asked.reusable,
        not_ended_by=(asked.valid_on or local_day()) if asked.in_effect or asked.reusable else None,
    )
    with context.reading() as session:
        read = _sifted if asked.in_effect or asked.reusable else _slice
        found = read(context, session, query, asked)
    record_search(context, principal, [result.component for result in found.results])
    return found


def _slice(context: Context, session: Session, query: SearchQuery, asked: Asked) -> ResultsOut:
    found = context.index.search(session, query)
    components = scans.load_components(session, [hit.component_id for hit in found.hits], query.agency_ids)
    stored = warehouse.stored(session, components)
    catalog = context.catalog.get(session)
    results = [
        ResultOut.of(hit, component, _standing(component, stored.get(component.id), catalog, asked.valid_on))
        for hit in found.hits
        if (component := components.get(hit.component_id)) is not None
    ]
    return ResultsOut(total=found.total, results=results, at_least=found.at_least, misread=found.misread)


def _sifted(context: Context, session: Session, query: SearchQuery, asked: Asked) -> ResultsOut:
    """What the rules let pass. Nobody looks further than is shown, so ``total`` is the least there is."""
    day, passed, looked = asked.valid_on or local_day(), list[ResultOut](), 0
    wanted = asked.offset + asked.limit
    while True:
        found = _slice(context, session, replace(query, limit=SLICE, offset=looked), asked)
        passed += [result for result in found.results if _passes(result, asked, day)]
        looked += SLICE
        if looked >= found.total or len(passed) > wanted or looked >= SLICE * MOST_SLICES:
            break
    more = found.at_least or looked < found.total
    return ResultsOut(
        total=len(passed), results=passed[asked.offset : wanted], at_least=more, misread=found.misread and bool(passed)
    )


def _passes(result: ResultOut, asked: Asked, day: date) -> bool:
    if asked.reusable and not result.reusable:
        return False
    issued_later = result.issued_on is not None and result.issued_on > day
    return not issued_later and not any(reason.code in WITHOUT_EFFECT for reason in result.why_not)


def agencies_of(context: Context, principal: Principal) -> list[Agency]:
    """The agencies whose papers the caller may find, by name."""
    with context.reading() as session:
        return list(session.scalars(visible(select(Agency), principal.agency_ids).order_by(Agency.name, Agency.code)))


def standing_of(context: Context, component: Component, on: date | None = None) -> Standing:
    """Of a component that the caller was let in to, with its dossier; stored or not."""
    with context.reading() as session:
        result = warehouse.stored(session, [component.id]).get(component.id)
        return _standing(component, result, context.catalog.get(session), on)


def _standing(
    component: Component, result: Result | None, catalog: Catalog, on: date | None, purpose: str | None = None
) -> Standing:
    reasons = warehouse.reasons_against(component, result, catalog, on=on, purpose=purpose)
    held = validity_of(component, catalog)
    return Standing(reasons, held.until, held.basis)


def load(context: Context, principal: Principal, result_id: str, on: date | None, purpose: str | None) -> WarehouseOut:
    """``NotFound`` also for a component that is not stored yet."""
    with context.reading() as session:
        result = warehouse.find_result(session, result_id, principal.agency_ids)
        standing = _standing(result.component, result, context.catalog.get(session), on, purpose)
        record = WarehouseOut.of(result, standing)
    record_look(context, principal, "result", component=result.component)
    return record


def reuse(context: Context, principal: Principal, result_id: str, asked: ReuseIn) -> tuple[ReuseOut, bool]:
    """The link, and whether it is new. ``NotFound`` for either side, ``NotReusable`` with every reason, ``Conflict``."""
    with context.transaction() as session:
        result = warehouse.find_result(session, result_id, principal.agency_ids)
        dossier = scans.load_dossier(session, asked.dossier, principal.agency_ids)
        link, new = warehouse.reuse(
            session,
            result,
            dossier,
            context.catalog.get(session),
            slot=asked.slot,
            purpose=asked.purpose,
            actor=principal.actor,
        )
        return ReuseOut.of(link, dossier.code), new


def undo_reuse(context: Context, principal: Principal, result_id: str, code: str) -> None:
    """Idempotent. ``NotFound`` for either side."""
    with context.transaction() as session:
        result = warehouse.find_result(session, result_id, principal.agency_ids)
        dossier = scans.load_dossier(session, code, principal.agency_ids)
        warehouse.undo_reuse(session, result, dossier, actor=principal.actor)


def uses(context: Context, principal: Principal, result_id: str) -> list[ReuseOut]:
    """The dossiers of the caller's agencies that used the result."""
    with context.reading() as session:
        result = warehouse.find_result(session, result_id, principal.agency_ids)
        return [_use(link) for link in warehouse.used_by(session, result.id) if link.agency_id in principal.agency_ids]


def _use(link: ReuseLink) -> ReuseOut:
    return ReuseOut.of(link, link.dossier.code)


def cancel(context: Context, principal: Principal, result_id: str, asked: CancelIn) -> CancelOut:
    """``NotFound``, ``Conflict``."""
    with context.transaction() as session:
        result = warehouse.find_result(session, result_id, principal.agency_ids)
        other = warehouse.find_result(session, asked.replaced_by, principal.agency_ids) if asked.replaced_by else None
        links = warehouse.cancel(session, result, reason=nfc(asked.reason), actor=principal.actor, replaced_by=other)
        shown = WarehouseOut.of(result, _standing(result.component, result, context.catalog.get(session), None))
        return CancelOut(result=shown, to_notify=[_use(link) for link in links])


def end(context: Context, principal: Principal, result_id: str, asked: EndIn) -> WarehouseOut:
    """``NotFound``, ``Conflict``."""
    with context.transaction() as session:
        result = warehouse.find_result(session, result_id, principal.agency_ids)
        warehouse.end_status(session, result, ended_on=asked.ended_on, reason=nfc(asked.reason), actor=principal.actor)
        return WarehouseOut.of(result, _standing(result.component, result, context.catalog.get(session), None))


def hand_over(context: Context, principal: Principal, result_id: str) -> WarehouseOut:
    """``NotFound``."""
    with context.transaction() as session:
        result = warehouse.find_result(session, result_id, principal.agency_ids)
        catalog = context.catalog.get(session)
        if warehouse.hand_over(session, result, actor=principal.actor):
            conclusions.conclude_by_hand_over(session, result.component, catalog, actor=principal.actor)
        return WarehouseOut.of(result, _standing(result.component, result, catalog, None))
