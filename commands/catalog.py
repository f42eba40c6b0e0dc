"""``digitize catalog``: look at the catalog, check a site's own files, bring in agencies and procedures from a sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from commands.databases import actor, database
from commands.exit_codes import ExitCode
from commands.options import DataOption
from models.agencies import Imported, agency_codes, import_agencies
from models.catalog import Catalog, Certainty, Line, default_catalog, load_catalog
from models.catalog.agency_sheet import read_agencies
from models.catalog.catalog import FILES, national_code
from models.catalog.procedure_sheet import read_procedures
from models.catalog.sheets import RowError, Sheet
from models.catalog_lines import StoredLines, import_procedures

FileArgument = Annotated[
    Path, typer.Argument(help="Tệp CSV hoặc XLSX. / A CSV or XLSX file.", exists=True, dir_okay=False, readable=True)
]
SkipOption = Annotated[
    bool, typer.Option("--skip-bad", help="Bỏ dòng sai, nhập dòng đúng. / Leave wrong rows out, take the right ones.")
]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="Danh mục giấy tờ, thủ tục, cơ quan. / The catalog.")
    group.command("check")(check)
    group.command("show")(show)
    imports = typer.Typer(no_args_is_help=True, help="Nhập từ CSV, XLSX. / Import from CSV, XLSX.")
    imports.command("agencies")(take_agencies)
    imports.command("procedures")(take_procedures)
    group.add_typer(imports, name="import")
    app.add_typer(group, name="catalog")


def check(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="Thư mục tệp YAML của cơ quan (mặc định DIGITIZE_CATALOG_DIR). / The site's folder of YAML files."
        ),
    ] = None,
) -> None:
    """Kiểm tra mọi dòng của danh mục; nêu tệp và dòng sai. / Check every line; name the file and line of each mistake."""
    catalog = load_catalog(folder) if folder is not None else default_catalog()
    typer.echo("danh mục đúng / the catalog is right")
    _summary(catalog)


def show(
    name: Annotated[
        str | None, typer.Argument(help="Mã loại giấy tờ, mã TTHC, mã cơ quan… / A paper type's id, or a code.")
    ] = None,
) -> None:
    """Xem danh mục, hoặc một mục của nó. / Show the catalog, or one entry of it."""
    catalog = default_catalog()
    if name is None:
        _summary(catalog)
        typer.echo()
        for paper in catalog.paper_types.values():
            typer.echo(f"{paper.id:<40} {paper.certainty.value}  {paper.name}")
        for procedure in catalog.procedures:
            mark = "*" if procedure.essential else " "
            typer.echo(
                f"{procedure.code:<12}{mark}{_period(procedure):<27} {procedure.certainty.value}  {procedure.name}"
            )
        typer.echo("* dịch vụ công thiết yếu (Đề án 06) / essential service")
        return
    found = list(_entries(catalog, name))
    if not found:
        typer.echo(f"danh mục không có / the catalog has no: {name}", err=True)
        raise typer.Exit(ExitCode.USAGE)
    for line in found:
        shown = line.model_dump(mode="json", exclude_defaults=True)
        typer.echo(yaml.safe_dump(shown, allow_unicode=True, sort_keys=False, width=110))


def take_agencies(file: FileArgument, *, skip_bad: SkipOption = False, data: DataOption = None) -> None:
    """Nhập cơ quan: mã, tên, mã cấp trên. / Import agencies: code, name, code of the one above.

    Một dòng sai thì không nhập dòng nào, trừ khi có --skip-bad. / One wrong row and none is taken, unless --skip-bad.
    """
    with database(data) as session:
        sheet = read_agencies(file, agency_codes(session))
        _check(sheet, skip_bad=skip_bad)
        done = import_agencies(session, sheet.rows)
    _done(done, sheet)


def take_procedures(file: FileArgument, *, skip_bad: SkipOption = False, data: DataOption = None) -> None:
    """Nhập thủ tục và thành phần hồ sơ; cán bộ thấy ngay. / Import procedures and their components; in use at once.

    Một dòng sai thì không nhập dòng nào, trừ khi có --skip-bad. / One wrong row and none is taken, unless --skip-bad.
    """
    base = default_catalog()
    sheet = read_procedures(file, base)
    _check(sheet, skip_bad=skip_bad)
    with database(data) as session:
        done = import_procedures(session, sheet.rows, base, actor=actor())
    _done(done, sheet)


def _check(sheet: Sheet[object], *, skip_bad: bool) -> None:
    """Name every wrong row; stop here when there is one and wrong rows are not to be skipped."""
    _report(sheet.errors)
    if sheet.errors and not skip_bad:
        _refuse(len(sheet.rows), len(sheet.errors))


def _done(done: Imported | StoredLines, sheet: Sheet[object]) -> None:
    typer.echo(
        f"thêm / added: {len(done.created)}; đổi / changed: {len(done.changed)}; "
        f"như cũ / unchanged: {len(done.unchanged)}; bỏ / left out: {len(sheet.errors)}"
    )
    if sheet.errors:
        raise typer.Exit(ExitCode.REFUSED)


def _report(errors: Iterable[RowError]) -> None:
    for error in errors:
        typer.echo(str(error), err=True)


def _refuse(good: int, bad: int) -> None:
    typer.echo(
        f"không nhập dòng nào: {bad} lỗi, {good} dòng đúng (--skip-bad để chỉ nhập dòng đúng) / "
        f"nothing was imported: {bad} mistakes, {good} right rows (--skip-bad takes those)",
        err=True,
    )
    raise typer.Exit(ExitCode.REFUSED)


def _lines_of(catalog: Catalog, file: str) -> tuple[Line, ...]:
    lines: Any = getattr(catalog, file)
    return tuple(lines.values() if hasattr(lines, "values") else lines)


def _summary(catalog: Catalog) -> None:
    """Counts by file and certainty."""
    typer.echo(f"{'':<16}{'':>6}" + "".join(f"{certainty.value:>6}" for certainty in Certainty))
    for file in FILES:
        lines = _lines_of(catalog, file)
        counts = Counter(line.certainty for line in lines)
        typer.echo(f"{file:<16}{len(lines):>6}" + "".join(f"{counts[certainty]:>6}" for certainty in Certainty))


def _entries(catalog: Catalog, name: str) -> Iterable[Line]:
    """Every line that is called so, or holds so as its code."""
    for file in FILES:
        for line in _lines_of(catalog, file):
            own = {getattr(line, "id", None), getattr(line, "code", None), *getattr(line, "aliases", ())}
            if name in own or (file == "procedures" and national_code(name) in own):
                yield line


def _period(line: Line) -> str:
    if line.valid_from is None and line.valid_to is None:
        return ""
    start = f"{line.valid_from:%d/%m/%Y}" if line.valid_from else "…"
    end = f"{line.valid_to:%d/%m/%Y}" if line.valid_to else "…"
    return f"{start} - {end}"
