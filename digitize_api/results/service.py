"""Searching within the caller's agencies; who was shown what is on record before it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
from models import scans, warehouse
from models.catalog import Catalog
from models.entities import Component, Result, ReuseLink
from models.paper_facts import validity_of
from models.search import SearchQuery
from models.vietnamese import nfc


@dataclass(frozen=True, slots=True)
class Asked:
    q: str = ""
    holder_id: str | None = None
    paper_type: str | None = None
    number: str | None = None
    valid_on: date | None = None
    limit: int = 20
    offset: int = 0

    @property
    def empty(self) -> bool:
        return not any(value and value.strip() for value in (self.q, self.holder_id, self.paper_type, self.number))


def search(context: Context, principal: Principal, asked: Asked) -> ResultsOut:
    """Best first; nothing asked, nothing found."""
    if asked.empty:
        return ResultsOut(total=0, results=[])
    query = SearchQuery(
        agency_ids=principal.agency_ids,
        q=asked.q,
        holder_id_number=asked.holder_id,
        paper_type=asked.paper_type,
        number=asked.number,
        limit=asked.limit,
        offset=asked.offset,
    )
    with context.reading() as session:
        found = context.index.search(session, query)
        components = scans.load_components(session, [hit.component_id for hit in found.hits], principal.agency_ids)
        stored = warehouse.stored(session, components)
        catalog = context.catalog.get(session)
        results = [
            ResultOut.of(hit, component, _standing(component, stored.get(component.id), catalog, asked.valid_on))
            for hit in found.hits
            if (component := components.get(hit.component_id)) is not None
        ]
    record_search(context, principal, [result.component for result in results])
    return ResultsOut(total=found.total, results=results)


def _standing(
    component: Component, result: Result | None, catalog: Catalog, on: date | None, purpose: str | None = None
) -> Standing:
    reasons = warehouse.reasons_against(component, result, catalog, on=on, purpose=purpose)
    return Standing(reasons, validity_of(component, catalog).until)


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
        warehouse.hand_over(session, result, actor=principal.actor)
        return WarehouseOut.of(result, _standing(result.component, result, context.catalog.get(session), None))
