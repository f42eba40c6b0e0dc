"""Who sees what: every read on behalf of somebody goes through :func:`visible`.

A clerk and a station see their own agency; a supervisor and an admin also what stands below it. Nothing outside is
distinguishable from nothing there (``NotFound``, not ``Forbidden``).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.entities import Agency, Role

Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])


def agency_and_below(session: Session, agency_id: str) -> frozenset[str]:
    """Ids of the agency and its descendants (empty for an unknown one); a cycle in the tree does no harm."""
    below = select(Agency.id).where(Agency.id == agency_id).cte("below", recursive=True)
    below = below.union(select(Agency.id).join(below, Agency.parent_id == below.c.id))  # UNION drops repeats: it ends
    return frozenset(session.scalars(select(below.c.id)))


def visible_agencies(session: Session, role: Role | str, agency_id: str) -> frozenset[str]:
    """The agency ids whose papers somebody of this role in this agency may read."""
    if Role(role) in {Role.SUPERVISOR, Role.ADMIN}:
        return agency_and_below(session, agency_id)
    return frozenset({agency_id})


def visible(statement: Statement, agency_ids: Collection[str]) -> Statement:
    """Limit a SELECT to rows of these agencies; no agencies, no rows.

    Every entity it selects that belongs to an agency is limited; a statement that selects none is a ``TypeError``, since it
    would not be limited at all.
    """
    entities = {column["entity"] for column in statement.column_descriptions if column.get("entity") is not None}
    scoped = [entity for entity in entities if entity is Agency or hasattr(entity, "agency_id")]
    if not scoped:
        raise TypeError("the statement selects nothing that belongs to an agency")
    for entity in scoped:
        column = Agency.id if entity is Agency else entity.agency_id
        statement = statement.where(column.in_(list(agency_ids)))
    return statement
