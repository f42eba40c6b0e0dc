"""What ``digitize handover export`` writes: one package, or as many as it takes, and what stays behind."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import typer
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commands.databases import actor
from digitize_api.handover.package import (
    Chosen,
    Stored,
    about,
    about_batch,
    about_inventory,
    batch_name,
    inventory_name,
    stream,
)
from models.agencies import find_agency
from models.batches import store as batches
from models.database import reading, transaction
from models.entities import Agency, Dossier
from models.errors import NotFound
from models.handover.give import dossiers_of_dossier, give, note
from models.handover.of_batch import OfBatch
from models.handover.of_inventory import OfInventory
from models.handover.steps import LEFT, MIB, Left, Part, Selection, parts, plain, steps
from models.scopes import agency_and_below


@dataclass(frozen=True, slots=True)
class Source:
    """What is exported. ``name``: for people and the log; ``folder``, ``info``: of one package of it, which is number n of so many."""

    selection: Selection
    name: str
    agency_id: str
    agency_ids: frozenset[str]
    folder: Callable[[Part, int, int], str]
    info: Callable[[Part, int, int], Mapping[str, str]]


def one_dossier(stored: Stored, code: str, out: Path) -> None:
    """``NotFound``: no such dossier, or none of its papers has a PDF."""
    with reading(stored.sessions) as session:
        reach = frozenset(session.scalars(select(Agency.id)))
        statement = select(Dossier).where(Dossier.code == code).options(joinedload(Dossier.agency))
        dossier = session.scalar(statement)
        if dossier is None:
            raise NotFound(f"no dossier has the code {code}")
        dossiers = dossiers_of_dossier(session, dossier, reach)
        catalog = stored.catalog.get(session)
        papers = [len(give(session, one, only, reach, catalog).components) for one, only in dossiers.items()]
        if not sum(papers):
            raise NotFound(f"{code} has no PDF yet")
        info = about(dossier.agency, code)
    part = Part(None, dossiers=len(dossiers), papers=sum(papers))
    _note(stored, dossier.agency_id, code, part)
    _write(stored, out, Chosen(code, plain(dossiers), info, reach), part)


def in_parts(stored: Stored, source: Source, out: Path, part_mib: int) -> None:
    """One file, or ``…-001.zip`` and on; what is left out is told by reason. ``NotFound`` when nothing can be handed over."""
    made = parts(steps(stored.sessions, source.selection), part_mib * MIB)
    told = [part for part in made if part.papers]
    if not told:
        _tell_left(made)
        raise NotFound("no paper of it can be handed over yet")
    for number, part in enumerate(told, 1):
        _note(stored, source.agency_id, source.name, part)
        chosen = Chosen(
            source.folder(part, number, len(told)),
            steps(stored.sessions, source.selection, part.first, part.before),
            source.info(part, number, len(told)),
            source.agency_ids,
            listed=True,
        )
        _write(stored, out if len(told) == 1 else out.with_stem(f"{out.stem}-{number:03d}"), chosen, part)
    _tell_left(made)


def of_batch(stored: Stored, word: str, *, unfinished: bool) -> Source:
    """``NotFound``, ``Conflict`` when several are called so."""
    with reading(stored.sessions) as session:
        named = batches.named(session, word)
        reach = frozenset(session.scalars(select(Agency.id)))
        batch = batches.load(session, named.id, reach)
        chosen = OfBatch(batch.id, unfinished)
        count = chosen.last(session)

    def files(part: Part) -> tuple[int, int, int]:
        return part.first, part.before - 1 if part.before else count, count

    return Source(
        chosen,
        batch.name,
        batch.agency_id,
        reach,
        lambda part, _number, _of: batch_name(batch.id, *files(part)),
        lambda part, _number, _of: about_batch(batch, *files(part)),
    )


def of_inventory(stored: Stored, code: str, year: int, box: str | None) -> Source:
    """``NotFound`` for an agency that there is not."""
    with reading(stored.sessions) as session:
        agency = find_agency(session, code)
        reach = agency_and_below(session, agency.id)
    name = inventory_name(code, year, box)
    return Source(
        OfInventory(reach, year, box),
        name if box is None else f"{code} {year} {box}",
        agency.id,
        reach,
        lambda _part, number, of: name if of == 1 else f"{name}-{number:03d}",
        lambda _part, number, of: about_inventory(agency, year, box, number, of),
    )


def _note(stored: Stored, agency_id: str, name: str, part: Part) -> None:
    with transaction(stored.sessions) as session:
        note(session, actor=actor(), agency_id=agency_id, name=name, part=part)


def _write(stored: Stored, out: Path, chosen: Chosen, part: Part) -> None:
    """Under its own name only when it is whole."""
    beside = out.with_name(f".{out.name}.part")
    try:
        with beside.open("wb") as file:
            for chunk in stream(stored, chosen):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    typer.echo(
        f"{out}: {part.dossiers} hồ sơ / dossiers, {part.papers} giấy tờ / papers, {out.stat().st_size} byte / bytes"
    )


def _tell_left(made: Iterable[Part]) -> None:
    left: Counter[Left] = Counter()
    for part in made:
        left.update(part.left)
    for reason, count in left.most_common():
        vi, en = LEFT[reason]
        typer.echo(f"không giao / left out: {count} {vi} / {en} ({reason.value})", err=True)
