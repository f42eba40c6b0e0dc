"""``digitize handover``: dossiers out as a BagIt package, and in again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from commands.databases import actor, opened
from commands.exit_codes import ExitCode
from commands.handover_export import in_parts, of_batch, of_inventory, one_dossier
from commands.options import DataOption
from digitize_api.handover.package import Stored, check, take_in
from models.errors import Conflict, NotFound
from models.handover.steps import PART_MIB
from models.live_catalog import LiveCatalog
from models.search import SearchIndex, make_index
from storage.bags import Bounds
from storage.factory import make_store
from storage.objects import StorageError

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
    batch: Annotated[str | None, typer.Option(help="Tên hoặc mã của lô. / A batch's name or id.")] = None,
    agency: Annotated[str | None, typer.Option(help="Mã cơ quan, cùng --year. / An agency's inventory.")] = None,
    year: Annotated[int | None, typer.Option(help="Năm kiểm đếm. / The inventory's year.")] = None,
    box: Annotated[str | None, typer.Option(help="Một hộp của danh sách. / One box of it.")] = None,
    unfinished: Annotated[
        bool,
        typer.Option("--unfinished", help="Của lô: cả giấy tờ chưa vào kho. / Papers not in the warehouse too."),
    ] = False,
    part_mib: Annotated[
        int, typer.Option(min=1, max=60_000, help="Lô lớn chia thành nhiều gói, MiB. / Packages of so many MiB.")
    ] = PART_MIB,
    data: DataOption = None,
) -> None:
    """Xuất một hồ sơ, một lô, hoặc kết quả đã kiểm đếm của cơ quan (hay một hộp) trong năm. / A dossier, a batch, or an inventory's papers."""
    given = [one for one in (dossier, batch, agency) if one is not None]
    if len(given) != 1 or (agency is None) != (year is None) or (box is not None and agency is None):
        raise typer.BadParameter("--dossier; --batch; --agency --year [--box]")
    with _stored(data) as (stored, _):
        if dossier is not None:
            one_dossier(stored, dossier, out)
        elif batch is not None:
            in_parts(stored, of_batch(stored, batch, unfinished=unfinished), out, part_mib)
        else:
            in_parts(stored, of_inventory(stored, agency or "", year or 0, box), out, part_mib)


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
        except StorageError as error:
            typer.echo(f"kho tệp / store: {error}", err=True)
            raise typer.Exit(ExitCode.REFUSED) from error
