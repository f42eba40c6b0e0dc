"""``digitize handover``: dossiers out as a BagIt package, and in again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commands.databases import actor, opened
from commands.exit_codes import ExitCode
from commands.options import DataOption
from digitize_api.handover.package import Chosen, Stored, check, stream, take_in
from models.agencies import find_agency
from models.database import reading
from models.entities import Agency, Dossier
from models.errors import Conflict, NotFound
from models.handover.give import dossiers_of_dossier, dossiers_of_inventory, give
from models.live_catalog import LiveCatalog
from models.scopes import agency_and_below
from models.search import SearchIndex, make_index
from storage.bags import Bounds
from storage.factory import make_store

PackageArgument = Annotated[
    Path, typer.Argument(help="Gói bàn giao (ZIP). / The package.", exists=True, dir_okay=False, readable=True)
]
GibOption = Annotated[
    int, typer.Option("--max-gib", min=1, max=10_000, help="Giới hạn dung lượng, GiB. / At most so large.")
]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="Bàn giao hồ sơ số (BagIt). / Hand dossiers over, take them in.")
    group.command("export")(export)
    group.command("import")(import_)
    group.command("check")(check_)
    app.add_typer(group, name="handover")


def export(
    out: Annotated[Path, typer.Argument(help="Tệp ZIP sẽ ghi. / The file to write.", dir_okay=False)],
    *,
    dossier: Annotated[str | None, typer.Option(help="Mã hồ sơ. / A dossier's code.")] = None,
    agency: Annotated[str | None, typer.Option(help="Mã cơ quan, cùng --year. / An agency's inventory.")] = None,
    year: Annotated[int | None, typer.Option(help="Năm kiểm đếm. / The inventory's year.")] = None,
    data: DataOption = None,
) -> None:
    """Xuất một hồ sơ, hoặc kết quả đã kiểm đếm của cơ quan trong năm. / A dossier, or what an inventory's lines became."""
    if (dossier is None) == (agency is None) or (agency is None) != (year is None):
        raise typer.BadParameter("--dossier, hoặc --agency và --year / --dossier, or --agency and --year")
    with _stored(data) as (stored, _):
        chosen = _of_inventory(stored, agency, year) if agency and year else _of_dossier(stored, dossier or "")
        part = out.with_name(f".{out.name}.part")  # under its own name only when it is whole
        try:
            with part.open("wb") as file:
                for chunk in stream(stored, chosen):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    typer.echo(f"{out}: {len(chosen.dossiers)} hồ sơ / dossiers, {out.stat().st_size} byte / bytes")


def import_(file: PackageArgument, *, max_gib: GibOption = 64, data: DataOption = None) -> None:
    """Nhập gói: kiểm tra toàn bộ trước, nhập lại không sinh trùng. / Checked as a whole first; again is the same as once."""
    with _stored(data) as (stored, index), file.open("rb") as source:
        taken = take_in(source, stored, index, actor=actor(), name=file.name, bounds=_bounds(max_gib))
    typer.echo(
        f"hồ sơ mới / new dossiers: {taken.dossiers}; giấy tờ mới / new papers: {taken.papers}; "
        f"đã có / there before: {taken.unchanged}; dùng lại / reuses: {taken.links}; "
        f"không nối được / not linked: {taken.not_linked}"
    )


def check_(file: PackageArgument, *, max_gib: GibOption = 64) -> None:
    """Kiểm tra gói, không nhập. / Check a package, take nothing in."""
    with file.open("rb") as source:
        found = check(source, _bounds(max_gib))
    typer.echo(
        f"{found.name}: {found.dossiers} hồ sơ / dossiers, {found.papers} giấy tờ / papers, {found.bytes} byte / bytes; "
        "đúng mã kiểm tra / intact"
    )


def _bounds(gib: int) -> Bounds:
    return Bounds(packed=gib << 30, unpacked=gib << 30)


def _of_dossier(stored: Stored, code: str) -> Chosen:
    with reading(stored.sessions) as session:
        reach = frozenset(session.scalars(select(Agency.id)))
        statement = select(Dossier).where(Dossier.code == code).options(joinedload(Dossier.agency))
        dossier = session.scalar(statement)
        if dossier is None:
            raise NotFound(f"no dossier has the code {code}")
        dossiers = dossiers_of_dossier(session, dossier, reach)
        catalog = stored.catalog.get(session)
        if not any(give(session, one, only, reach, catalog).components for one, only in dossiers.items()):
            raise NotFound(f"{code} has no PDF yet")
        return Chosen(code, dossiers, _about(dossier.agency, code), reach)


def _of_inventory(stored: Stored, code: str, year: int) -> Chosen:
    with reading(stored.sessions) as session:
        agency = find_agency(session, code)
        reach = agency_and_below(session, agency.id)
        dossiers = dossiers_of_inventory(session, reach, year)
        if not dossiers:
            raise NotFound(f"no paper of the inventory {code}, {year} is stored yet")
        return Chosen(f"{code}-{year}", dossiers, _about(agency, f"{code}/{year}"), reach)


def _about(agency: Agency, identifier: str) -> dict[str, str]:
    return {"Source-Organization": f"{agency.name} ({agency.code})", "External-Identifier": identifier}


@contextmanager
def _stored(data: DataOption) -> Iterator[tuple[Stored, SearchIndex]]:
    """Database and store of this installation, the schema up to date; a contradiction is one line and exit code 3."""
    with opened(data) as installation:
        store = make_store(installation.place.storage)
        try:
            yield Stored(installation.sessions, store, LiveCatalog()), make_index(installation.engine)
        except (Conflict, NotFound) as error:
            typer.echo(f"{error.code}: {error.detail}\n{error.advice_vi}\n{error.advice_en}", err=True)
            raise typer.Exit(ExitCode.REFUSED) from error
