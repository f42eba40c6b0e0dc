"""Agencies and the tree they form."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

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
