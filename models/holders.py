"""The warehouse of one person or organisation (TT 01/2023/TT-VPCP Điều 24): what it holds, what happened, who looked.

Only what the reader's agencies hold is ever told; a holder of whom they hold nothing does not exist for the reader.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from models import events, warehouse
from models.catalog import Catalog, Group
from models.entities import Component, ComponentVersion, Dossier, Event, Holder, Result, ReuseLink, Scan, now
from models.errors import NotFound
from models.paper_facts import paper_of
from models.scopes import visible


class Part(StrEnum):
    """The contents of a warehouse that are papers, by the letters of Điều 24."""

    IDENTITY = "a"  # who the owner is
    RESULT = "d"  # the result, or a link to it
    CERTIFIED_COPY = "đ"  # results of certifying copies electronically
    OTHER = "e"  # other papers, with the data that describe them


CERTIFIED = "ban_sao_chung_thuc"


@dataclass(frozen=True, slots=True)
class Kept:
    """One paper. ``versions``: before the present one, oldest first. ``uses``: dossiers of the reader's agencies that used it."""

    result: Result
    part: Part
    versions: tuple[ComponentVersion, ...]
    uses: tuple[ReuseLink, ...]


@dataclass(frozen=True, slots=True)
class DossierKept:
    """A dossier of the holder with counts: ``files`` posted, ``papers`` found in them, ``stored`` of these."""

    dossier: Dossier
    files: int
    papers: int
    stored: int


@dataclass(frozen=True, slots=True)
class Contents:
    """Newest first. ``history``: the last of what happened, at most as many as were asked for."""

    holder: Holder
    kept: tuple[Kept, ...]
    dossiers: tuple[DossierKept, ...]
    history: tuple[Event, ...]
    looks: tuple[Event, ...]


def load_holder(session: Session, holder_id: str, agency_ids: Collection[str]) -> Holder:
    """By the random id, which says nothing of the person. ``NotFound`` also when the agencies hold nothing of the holder."""
    return _reached(session, session.get(Holder, holder_id), agency_ids)


def find_holder(session: Session, id_number: str, agency_ids: Collection[str]) -> Holder:
    """By số định danh or mã số. ``NotFound`` also when the agencies hold nothing of the holder."""
    return _reached(session, session.scalar(select(Holder).where(Holder.id_number == id_number)), agency_ids)


def _reached(session: Session, holder: Holder | None, agency_ids: Collection[str]) -> Holder:
    if holder is not None:
        results = visible(select(Result).where(Result.holder_id == holder.id), agency_ids)
        dossiers = visible(select(Dossier).where(Dossier.holder_id == holder.id), agency_ids)
        if session.scalar(results.limit(1)) is not None or session.scalar(dossiers.limit(1)) is not None:
            return holder
    raise NotFound("the warehouse holds nothing of this person or organisation")


def contents(
    session: Session, holder: Holder, agency_ids: Collection[str], catalog: Catalog, *, most: int = 200
) -> Contents:
    """All that the agencies hold of the holder; ``most``: how much of the history and of the looks."""
    found = visible(select(Result).where(Result.holder_id == holder.id), agency_ids).options(*warehouse.WITH_PAPER)
    results = session.scalars(found.order_by(Result.issued_on.desc().nulls_last(), Result.stored_at.desc())).all()
    ids = [result.id for result in results]
    versions = _versions(session, ids)
    uses = _uses(session, ids, agency_ids)
    opened = visible(select(Dossier).where(Dossier.holder_id == holder.id), agency_ids)
    dossiers = session.scalars(opened.order_by(Dossier.created_at.desc(), Dossier.id)).all()
    about = or_(
        Event.holder_id == holder.id,
        Event.component_id.in_(ids),
        Event.dossier_id.in_([dossier.id for dossier in dossiers]),
    )
    every = visible(select(Event).where(about), agency_ids)
    return Contents(
        holder=holder,
        kept=tuple(
            Kept(result, part_of(result, catalog), versions.get(result.id, ()), uses.get(result.id, ()))
            for result in results
        ),
        dossiers=tuple(_counted(session, dossiers)),
        history=_last(session, every.where(events.told_to_people()), most),
        looks=_last(session, every.where(Event.kind == "viewed"), most),
    )


def part_of(result: Result, catalog: Catalog) -> Part:
    """Where in the warehouse the paper stands."""
    paper = paper_of(result.component, catalog)
    if CERTIFIED in result.component.attributes:
        return Part.CERTIFIED_COPY
    if paper is not None and paper.group is Group.IDENTITY:
        return Part.IDENTITY
    return Part.RESULT if paper is not None and paper.is_result else Part.OTHER


def purpose_of(session: Session, holder: Holder, actor: str, mark: str) -> Event | None:
    """The look with which ``actor`` opened this warehouse in the session ``mark``, while it lasts (``data["until"]``)."""
    statement = select(Event).where(Event.holder_id == holder.id, Event.actor == actor, Event.kind == "viewed")
    for event in session.scalars(statement.order_by(Event.id.desc()).limit(20)):
        until = event.data.get("until")
        if event.data.get("session") == mark and until and datetime.fromisoformat(str(until)) > now():
            return event
    return None


def _last(session: Session, statement: Select[Event], most: int) -> tuple[Event, ...]:
    return tuple(session.scalars(statement.order_by(Event.id.desc()).limit(most)))


def _versions(session: Session, ids: Collection[str]) -> dict[str, tuple[ComponentVersion, ...]]:
    statement = select(ComponentVersion).where(ComponentVersion.component_id.in_(list(ids)))
    grouped: dict[str, tuple[ComponentVersion, ...]] = {}
    for version in session.scalars(statement.order_by(ComponentVersion.version)):
        grouped[version.component_id] = (*grouped.get(version.component_id, ()), version)
    return grouped


def _uses(session: Session, ids: Iterable[str], agency_ids: Collection[str]) -> dict[str, tuple[ReuseLink, ...]]:
    grouped: dict[str, tuple[ReuseLink, ...]] = {}
    for link in warehouse.used(session, list(ids)):
        if link.agency_id in agency_ids:
            grouped[link.result_id] = (*grouped.get(link.result_id, ()), link)
    return grouped


def _counted(session: Session, dossiers: Sequence[Dossier]) -> list[DossierKept]:
    ids = [dossier.id for dossier in dossiers]

    def count(entity: type[Scan | Component]) -> dict[str, int]:
        statement = select(entity.dossier_id, func.count()).where(entity.dossier_id.in_(ids))
        return dict(session.execute(statement.group_by(entity.dossier_id)).all())

    kept = select(Component.dossier_id, func.count()).join(Result, Result.id == Component.id)
    kept = kept.where(Component.dossier_id.in_(ids)).group_by(Component.dossier_id)
    files, papers = count(Scan), count(Component)
    stored = dict(session.execute(kept).all())
    return [DossierKept(one, files.get(one.id, 0), papers.get(one.id, 0), stored.get(one.id, 0)) for one in dossiers]
