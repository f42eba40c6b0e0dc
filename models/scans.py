"""Reading scans, components and dossiers with what belongs to them, within the reader's agencies.

Lazy loads raise, so what a caller needs is loaded here, by name.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.entities import Component, Dossier, Page, PageState, Scan, ScanState
from models.errors import NotFound
from models.scopes import visible


def load_scan(session: Session, scan_id: str, agency_ids: Collection[str]) -> Scan:
    """The scan with its dossier, pages (by number) and components (by position). ``NotFound`` also outside the agencies."""
    statement = visible(select(Scan).where(Scan.id == scan_id), agency_ids).options(
        joinedload(Scan.dossier), selectinload(Scan.pages), selectinload(Scan.components)
    )
    scan = session.scalar(statement, execution_options={"populate_existing": True})
    if scan is None:
        raise NotFound("no such scan")
    return scan


def load_page(session: Session, scan_id: str, number: int, agency_ids: Collection[str]) -> tuple[Scan, Page]:
    """One page of the scan, ``number`` from 1. ``NotFound`` also outside the agencies."""
    scan = load_scan(session, scan_id, agency_ids)
    page = next((page for page in scan.pages if page.number == number), None)
    if page is None:
        raise NotFound("no such page")
    return scan, page


def load_component(session: Session, component_id: str, agency_ids: Collection[str]) -> Component:
    """The component with its scan, dossier and holder. ``NotFound`` also outside the agencies."""
    statement = visible(select(Component).where(Component.id == component_id), agency_ids).options(
        joinedload(Component.scan), joinedload(Component.dossier).joinedload(Dossier.holder)
    )
    component = session.scalar(statement, execution_options={"populate_existing": True})
    if component is None:
        raise NotFound("no such component")
    return component


def load_components(session: Session, ids: Collection[str], agency_ids: Collection[str]) -> dict[str, Component]:
    """Several components by id, with scan, dossier and holder (for search results); those outside are left out."""
    statement = visible(select(Component).where(Component.id.in_(list(ids))), agency_ids).options(
        joinedload(Component.scan), joinedload(Component.dossier).joinedload(Dossier.holder)
    )
    return {component.id: component for component in session.scalars(statement)}


def load_dossier(session: Session, code: str, agency_ids: Collection[str]) -> Dossier:
    """The dossier by its mã hồ sơ, with agency and holder. ``NotFound`` also outside the agencies."""
    statement = visible(select(Dossier).where(Dossier.code == code), agency_ids).options(
        joinedload(Dossier.agency), joinedload(Dossier.holder)
    )
    dossier = session.scalar(statement)
    if dossier is None:
        raise NotFound("no such dossier")
    return dossier


def list_dossiers(session: Session, agency_ids: Collection[str], *, limit: int = 50, offset: int = 0) -> list[Dossier]:
    """Dossiers, newest first, with agency and holder."""
    statement = visible(select(Dossier), agency_ids).options(joinedload(Dossier.agency), joinedload(Dossier.holder))
    return list(session.scalars(statement.order_by(Dossier.created_at.desc(), Dossier.id).limit(limit).offset(offset)))


def scans_of(session: Session, dossier_id: str, agency_ids: Collection[str]) -> list[Scan]:
    """The dossier's scans, oldest first, with pages and components; not those that were taken out of it."""
    of_dossier = select(Scan).where(Scan.dossier_id == dossier_id, Scan.state != ScanState.WITHDRAWN)
    statement = visible(of_dossier, agency_ids).options(selectinload(Scan.pages), selectinload(Scan.components))
    return list(session.scalars(statement.order_by(Scan.created_at, Scan.id)))


def pages_of(session: Session, component: Component) -> list[Page]:
    """The component's pages, in order (its caller was let in when it loaded the component)."""
    statement = (
        select(Page)
        .where(Page.scan_id == component.scan_id, Page.number.between(component.first_page, component.last_page))
        .order_by(Page.number)
    )
    return list(session.scalars(statement))


def unread_pages(session: Session, scan_id: str) -> int:
    """How many of the scan's pages have no outcome yet (for workers; a failed page has one)."""
    statement = select(func.count()).select_from(Page).where(Page.scan_id == scan_id, Page.state == PageState.PENDING)
    return session.scalars(statement).one()
