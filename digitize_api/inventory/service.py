"""The inventory within the caller's agencies. Who saw lines of it, with their holders' names, is on record."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from digitize_api.audit import record_look
from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from digitize_api.inventory.schemas import ImportOut, RowErrorOut
from digitize_api.problems import FieldError, FieldsInvalid
from digitize_api.scans.multipart import display_name
from models.agencies import unit_of
from models.catalog.catalog import national_code
from models.catalog.sheets import MAX_BYTES
from models.entities import Agency, InventoryImport, InventoryLine
from models.errors import UnsupportedType
from models.inventory import read, store
from models.inventory.counts import Scope, Sum, more_scopes_than, scopes_by_now, sums, years
from models.inventory.sheet import InventorySheet, Usual, is_procedure_code, read_inventory
from models.scopes import agency_and_below, visible

MAX_FORM_BYTES = MAX_BYTES + 64 * 1024
"""A list and the words beside it."""
MOST_ERRORS = 500
_ENDINGS = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm"})


@dataclass(frozen=True, slots=True)
class Brought:
    """A list as it came. ``agency``: the code of the agency whose list it is, by default the caller's own."""

    filename: str
    content: BinaryIO
    agency: str = ""
    year: int | None = None
    procedure: str = ""
    columns: Mapping[str, str] | None = None
    skip_bad: bool = False
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    scopes: list[Scope]
    agencies: dict[str, Agency]


@dataclass(frozen=True, slots=True)
class Unit:
    """An agency with all below it; ``own``: without."""

    agency: Agency
    sum: Sum
    own: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """An agency looked into: ``units``, itself first, or, where none stand below it, ``scopes``. ``year`` ``None``: all. ``above``: the way to it."""

    agency: Agency
    above: list[Agency]
    year: int | None
    years: list[int]
    total: Sum
    units: list[Unit]
    scopes: list[Scope]


def take(context: Context, principal: Principal, brought: Brought) -> ImportOut:
    """All of it, or, when a row is wrong and wrong rows are not to be skipped, nothing. ``FieldsInvalid``, and what reading a sheet raises."""
    name = display_name(brought.filename.encode())
    ending = Path(name).suffix.lower()
    if ending not in _ENDINGS:
        raise UnsupportedType("A list is CSV or XLSX.")
    with tempfile.TemporaryDirectory(prefix="digitize-list-") as folder:
        path = Path(folder) / f"list{ending}"
        with path.open("wb") as target:
            shutil.copyfileobj(brought.content, target)
        with context.reading() as session:
            catalog = context.catalog.get(session)
            agency = agency_of(session, principal, brought.agency)
            reach = frozenset(
                session.scalars(visible(select(Agency), principal.agency_ids).with_only_columns(Agency.code))
            )
            known = store.remembered(session, agency.id)
            usual = Usual(agency.code, brought.year, _procedure(brought.procedure))
        # Reading takes seconds for a long list; no transaction is held meanwhile.
        sheet = read_inventory(path, catalog, usual, agencies=reach, told=brought.columns, remembered=known)
    if sheet.errors and not brought.skip_bad:
        return _told(sheet, name, None)
    with context.transaction() as session:
        source = store.Source(session.get_one(Agency, agency.id), name, principal.actor)
        kept = store.take(session, sheet, source, catalog, replace=brought.replace)
    return _told(sheet, name, kept)


def _told(sheet: InventorySheet, name: str, kept: InventoryImport | None) -> ImportOut:
    return ImportOut(
        taken=kept is not None,
        id=kept.id if kept else None,
        filename=name,
        at=kept.at if kept else None,
        rows=len(sheet.rows),
        created=kept.created if kept else 0,
        changed=kept.changed if kept else 0,
        unchanged=kept.unchanged if kept else 0,
        withdrawn=kept.withdrawn if kept else 0,
        columns=dict(sheet.headers),
        ignored=list(sheet.others),
        errors=[RowErrorOut.of(error) for error in sheet.errors[:MOST_ERRORS]],
    )


def overview(
    context: Context,
    principal: Principal,
    *,
    agency: str = "",
    year: int | None = None,
    procedure: str = "",
    limit: int | None = None,
    offset: int = 0,
) -> Overview:
    """What the caller's agencies counted, of one of them or all. ``FieldsInvalid`` for one out of reach."""
    with context.reading() as session:
        catalog = context.catalog.get(session)
        ids = {agency_of(session, principal, agency).id} if agency else principal.agency_ids
        found = scopes_by_now(session, ids, catalog, year=year, procedure=procedure, limit=limit, offset=offset)
        return Overview(found, _agencies(session, principal))


def all_or_level(
    context: Context,
    principal: Principal,
    most: int,
    *,
    agency: str = "",
    year: int | None = None,
    all_years: bool = False,
) -> Overview | Level:
    """Everything within reach where that is no more than ``most`` lines to read; else, or when an agency is named, that agency, of the newest year
    unless another one or all are asked for.
    """
    with context.reading() as session:
        catalog = context.catalog.get(session)
        agencies = _agencies(session, principal)
        if not agency and not more_scopes_than(session, principal.agency_ids, most):
            return Overview(scopes_by_now(session, principal.agency_ids, catalog), agencies)
        top = agency_of(session, principal, agency)
        ids = agency_and_below(session, top.id) & frozenset(principal.agency_ids)
        counted = years(session, ids)
        newest = next(iter(counted), None)
        of_year = None if all_years or (len(ids) == 1 and year is None) else year or newest
        way, here = [top], top
        while here.id != principal.agency.id and here.parent_id in agencies and len(way) <= len(agencies):
            here = agencies[here.parent_id]
            way.append(here)
        level = Level(top, way[:0:-1], of_year, counted, Sum(), [], [])
        if len(ids) == 1:
            return replace(level, scopes=scopes_by_now(session, ids, catalog, year=of_year))
        of_units: defaultdict[str, Sum] = defaultdict(Sum)
        for (agency_id, _), one in sums(session, ids, catalog, year=of_year).items():
            of_units[unit_of(agency_id, top.id, agencies)] += one
    below = sorted({*of_units} - {top.id}, key=lambda one: agencies[one].code)
    own = [Unit(top, of_units[top.id], own=True)] if top.id in of_units else []
    units = own + [Unit(agencies[one], of_units[one]) for one in below]
    return replace(level, units=units, total=sum(of_units.values(), Sum()))


def agencies(context: Context, principal: Principal) -> dict[str, Agency]:
    """Those within reach, by id."""
    with context.reading() as session:
        return _agencies(session, principal)


def years_of_lists(context: Context, principal: Principal) -> list[int]:
    """The years that agencies within reach counted, newest first."""
    with context.reading() as session:
        return years(session, principal.agency_ids)


def _agencies(session: Session, principal: Principal) -> dict[str, Agency]:
    return {one.id: one for one in session.scalars(visible(select(Agency), principal.agency_ids))}


def lines(
    context: Context, principal: Principal, asked: read.Asked, *, agency: str = ""
) -> tuple[list[InventoryLine], int]:
    """The lines asked for and how many there are. ``FieldsInvalid`` for an agency out of reach."""
    record_look(context, principal, "inventory")
    with context.reading() as session:
        ids = {agency_of(session, principal, agency).id} if agency else principal.agency_ids
        return read.lines(session, asked, ids)


def imports(context: Context, principal: Principal) -> list[InventoryImport]:
    with context.reading() as session:
        return read.imports(session, principal.agency_ids)


def agency_of(session: Session, principal: Principal, code: str) -> Agency:
    """The agency of this code, by default the caller's own. ``FieldsInvalid`` for one out of reach."""
    wanted = Agency.code == code if code else Agency.id == principal.agency.id
    agency = session.scalar(visible(select(Agency).where(wanted), principal.agency_ids))
    if agency is None:
        raise FieldsInvalid(FieldError(field="agency", message="Không có cơ quan này. / There is no such agency."))
    return agency


def _procedure(code: str) -> str:
    if code and not is_procedure_code(code):
        raise FieldsInvalid(
            FieldError(field="procedure", message="Mã thủ tục có dạng 1.001193. / A code is like 1.001193.")
        )
    return national_code(code) if code else ""
