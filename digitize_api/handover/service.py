"""Packages on behalf of somebody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from digitize_api.audit import record_look
from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from digitize_api.handover import package
from models import scans
from models.batches import store as batches
from models.batches.entities import Batch
from models.entities import Agency, Component
from models.errors import InvalidRequest, NotFound, NotReady
from models.handover.give import Given, dossiers_of_dossier, give, note
from models.handover.of_batch import OfBatch
from models.handover.of_inventory import OfInventory
from models.handover.steps import MIB, MOST_PAPERS, PART_MIB, Left, Part, Selection, parts, plain, steps
from models.scopes import agency_and_below, visible


@dataclass(frozen=True, slots=True)
class Handover:
    """A package that is made while it is sent. ``papers``: whose PDFs are in it; of a batch they are noted as they leave."""

    filename: str
    chunks: Iterator[bytes]
    papers: tuple[Component, ...] = ()


@dataclass(frozen=True, slots=True)
class Range:
    """Files of a batch by number, both ends in it."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch's packages will hold: ``parts``, each with its files; ``left``: what no package holds, by reason."""

    batch: Batch
    unfinished: bool
    parts: list[tuple[Range, Part]]
    left: Counter[Left]

    @property
    def papers(self) -> int:
        return sum(part.papers for _, part in self.parts)

    @property
    def dossiers(self) -> int:
        return sum(part.dossiers for _, part in self.parts)

    @property
    def bytes(self) -> int:
        return sum(part.bytes for _, part in self.parts)


def of_dossier(context: Context, principal: Principal, code: str) -> Handover:
    """The dossier, with the results it uses again that the caller reaches. ``NotFound``; ``NotReady`` when no paper has a PDF."""
    with context.reading() as session:
        dossier = scans.load_dossier(session, code, principal.agency_ids)
        chosen = dossiers_of_dossier(session, dossier, principal.agency_ids)
        catalog = context.catalog.get(session)
        given = [give(session, one, only, principal.agency_ids, catalog) for one, only in chosen.items()]
        about = package.about(dossier.agency, code)
    papers = tuple(paper for one in given for paper in one.components)
    if not papers:
        raise NotReady("The dossier has no PDF yet.")
    wanted = package.Chosen(code, plain(chosen), about, principal.agency_ids)
    return Handover(f"{code}-ban-giao.zip", package.stream(_stored(context), wanted), papers)


def plan(
    context: Context, principal: Principal, batch_id: str, *, unfinished: bool = False, part_mib: int = PART_MIB
) -> Plan:
    """``NotFound``."""
    with context.reading() as session:
        batch = batches.load(session, batch_id, principal.agency_ids)
        chosen = OfBatch(batch.id, unfinished)
        last = chosen.last(session)
    made = parts(steps(context.sessions, chosen), part_mib * MIB)
    ranges = [(Range(part.first, part.before - 1 if part.before else last), part) for part in made]
    left: Counter[Left] = Counter()
    for part in made:
        left.update(part.left)
    return Plan(batch, unfinished, [one for one in ranges if one[1].papers], left)


def of_batch(
    context: Context, principal: Principal, batch_id: str, asked: tuple[int | None, int | None], *, unfinished: bool
) -> Handover:
    """The batch's papers, or those of the files in a range of it. ``NotFound``; ``NotReady`` when no paper of it can be handed over;
    ``InvalidRequest`` for more than one package takes.
    """
    with context.reading() as session:
        batch = batches.load(session, batch_id, principal.agency_ids)
        chosen = OfBatch(batch.id, unfinished)
        count = chosen.last(session)
    within = Range(asked[0] or 1, min(asked[1] or count, count))
    name = package.batch_name(batch.id, within.first, within.last, count)
    told = package.about_batch(batch, within.first, within.last, count)
    wanted = _Wanted(chosen, batch.agency_id, principal.agency_ids, batch.name, name, told)
    more = {"batch": batch.id, "files": [within.first, within.last]}
    return _sent(context, principal, wanted, (within.first, within.last + 1), more)


def of_inventory(context: Context, principal: Principal, code: str | None, year: int, box: str | None) -> Handover:
    """What the lines of an agency's inventory (or one box of it) became, with all agencies below. ``NotFound``; the rest as of a batch."""
    with context.reading() as session:
        asked = Agency.id == principal.agency.id if code is None else Agency.code == code
        agency = session.scalar(visible(select(Agency).where(asked), principal.agency_ids))
        if agency is None:
            raise NotFound("no such agency")
        reach = agency_and_below(session, agency.id) & principal.agency_ids
    name = package.inventory_name(agency.code, year, box)
    shown = name if box is None else f"{agency.code} {year} {box}"
    told = package.about_inventory(agency, year, box)
    wanted = _Wanted(OfInventory(reach, year, box), agency.id, reach, shown, name, told)
    return _sent(context, principal, wanted, (None, None), {})


@dataclass(frozen=True, slots=True)
class _Wanted:
    """``name``: for the log; ``folder``, ``about``: of the package."""

    selection: Selection
    agency_id: str
    agency_ids: frozenset[str]
    name: str
    folder: str
    about: Mapping[str, str]


def _sent(
    context: Context, principal: Principal, wanted: _Wanted, within: tuple[Any, Any], more: Mapping[str, Any]
) -> Handover:
    """Counted and put on record first; then each paper, as it leaves."""
    counted = parts(steps(context.sessions, wanted.selection, *within), 1 << 62, 1 << 62)
    if not counted or not counted[0].papers:
        raise NotReady("No paper of it can be handed over yet.")
    (part,) = counted
    if part.papers > MOST_PAPERS:
        raise InvalidRequest(f"{part.papers} papers: more than the {MOST_PAPERS} of one package; ask for parts of it")
    with context.transaction() as session:
        note(session, actor=principal.actor, agency_id=wanted.agency_id, name=wanted.name, part=part, **more)

    def looked(given: Given) -> None:
        for paper in given.components:
            record_look(context, principal, "handover", component=paper)

    chosen = package.Chosen(
        wanted.folder,
        steps(context.sessions, wanted.selection, *within),
        wanted.about,
        wanted.agency_ids,
        listed=True,
        before=looked,
    )
    return Handover(f"{wanted.folder}.zip", package.stream(_stored(context), chosen))


def _stored(context: Context) -> package.Stored:
    return package.Stored(context.sessions, context.store, context.catalog)
