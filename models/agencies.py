"""Agencies and the tree they form."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.catalog.agency_sheet import AgencyRow
from models.database import insert_into
from models.entities import Agency
from models.errors import Conflict, NotFound


def create_agency(session: Session, *, code: str, name: str, parent: Agency | None = None) -> Agency:
    """A new agency. ``Conflict`` when the code (mã định danh) is taken."""
    values = {"code": code, "name": name, "parent_id": parent.id if parent else None}
    statement = insert_into(session, Agency).values(**values).on_conflict_do_nothing().returning(Agency.id)
    created = session.scalar(statement)
    if created is None:
        raise Conflict(f"an agency with the code {code} exists")
    return session.get_one(Agency, created)


def find_agency(session: Session, code: str) -> Agency:
    """By its code; ``NotFound``."""
    agency = session.scalar(select(Agency).where(Agency.code == code))
    if agency is None:
        raise NotFound(f"no agency has the code {code}")
    return agency


def ensure_agency(session: Session, *, code: str, name: str, parent: Agency | None = None) -> Agency:
    """The agency with this code, made when it isn't there."""
    try:
        return find_agency(session, code)
    except NotFound:
        return create_agency(session, code=code, name=name, parent=parent)


def unit_of(agency_id: str, top_id: str, agencies: Mapping[str, Agency]) -> str:
    """The agency right below ``top_id`` that stands over this one, or ``top_id`` itself. Ids; a cycle ends at the top."""
    seen: set[str] = set()
    here = agency_id
    while here != top_id and here not in seen:
        seen.add(here)
        above = agencies[here].parent_id
        if above == top_id or above is None or above not in agencies:
            return here
        here = above
    return top_id


@dataclass(frozen=True, slots=True)
class Imported:
    """Codes by what happened to them."""

    created: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


def agency_codes(session: Session) -> frozenset[str]:
    """The codes of all agencies."""
    return frozenset(session.scalars(select(Agency.code)))


def import_agencies(session: Session, rows: Iterable[AgencyRow]) -> Imported:
    """Make or change the agencies of a sheet (``read_agencies``), parents first; the same sheet again changes nothing.

    Agencies that the sheet doesn't name stay as they are. ``NotFound`` for a parent that is neither there nor in an earlier
    row; ``Conflict`` when a parent would end up below its own child. Nothing is committed here.
    """
    agencies = {agency.code: agency for agency in session.scalars(select(Agency))}
    created, changed, unchanged = [], [], []
    for row in rows:
        parent = agencies.get(row.parent) if row.parent else None
        if row.parent and parent is None:
            raise NotFound(f"no agency has the code {row.parent}")
        agency = agencies.get(row.code)
        if agency is None:
            agencies[row.code] = create_agency(session, code=row.code, name=row.name, parent=parent)
            created.append(row.code)
            continue
        parent_id = parent.id if parent else agency.parent_id  # a sheet that names none leaves it where it stands
        if (agency.name, agency.parent_id) == (row.name, parent_id):
            unchanged.append(row.code)
        else:
            agency.name, agency.parent_id = row.name, parent_id
            changed.append(row.code)
    _refuse_loops(agencies.values())
    session.flush()
    return Imported(tuple(created), tuple(changed), tuple(unchanged))


def _refuse_loops(agencies: Collection[Agency]) -> None:
    """A tree in which an agency stands above itself would show its papers to everybody in the loop."""
    parent_of = {agency.id: agency.parent_id for agency in agencies}
    code_of = {agency.id: agency.code for agency in agencies}
    for start, above in parent_of.items():
        seen, here = {start}, above
        while here is not None:
            if here in seen:
                raise Conflict(f"{code_of[start]} would stand above itself")
            seen.add(here)
            here = parent_of.get(here)
