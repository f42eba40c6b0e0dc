"""``digitize separators``: sheets to lay between the papers of a stack before it is scanned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from commands.exit_codes import ExitCode
from commands.separator_sheets import SeparatorSheet, separators_pdf
from models.catalog import Catalog, default_catalog
from models.catalog.sheets import Column, RowError, read_records
from workers.classify.separators import Separator, format_separator

MOST = 2000
COLUMNS = (
    Column("key", ("Mã", "Mã danh mục", "Mã kiểm kê", "Số thứ tự", "Key", "Inventory key")),
    Column("type", ("Loại giấy tờ", "Mã loại giấy tờ", "Type", "Paper type")),
)


def register(app: typer.Typer) -> None:
    """Add ``separators``."""
    app.command("separators")(separators)


def separators(
    out: Annotated[Path, typer.Option("--out", help="Tệp PDF để in. / The PDF to print.", dir_okay=False)],
    *,
    count: Annotated[
        int, typer.Option("--count", min=1, max=MOST, help="Số tờ giống nhau. / How many alike of each.")
    ] = 1,
    paper_type: Annotated[
        str | None, typer.Option("--type", help="Loại giấy tờ tiếp theo. / Type of the paper that follows.")
    ] = None,
    key: Annotated[
        list[str] | None, typer.Option("--key", help="Mã trong danh mục, lặp lại được. / Inventory key; repeatable.")
    ] = None,
    sheet: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="CSV, XLSX: cột Mã, cột Loại giấy tờ. / Columns Key and Type.",
            exists=True,
            dir_okay=False,
            readable=True,
        ),
    ] = None,
) -> None:
    """In tờ phân cách đặt giữa các giấy tờ trước khi quét. / Sheets that part the papers of a stack."""
    if key and sheet:
        _refuse(["--key, --from: chỉ dùng một / only one of them"], ExitCode.USAGE)
    catalog = default_catalog()
    if sheet is not None:
        wanted, errors = _from_sheet(sheet, paper_type, catalog)
        _refuse([str(error) for error in errors], ExitCode.REFUSED)
    else:
        wanted = [Separator(paper_type, one) for one in key or (None,)]
        _refuse([f"{vi} / {en}" for one in wanted for _, vi, en in _faults(one, catalog)], ExitCode.USAGE)
    total = len(wanted) * count
    if total > MOST:
        _refuse([f"{total} tờ, nhiều nhất {MOST} / {total} sheets, {MOST} at most"], ExitCode.USAGE)
    named = [SeparatorSheet(one, _name(one, catalog)) for one in wanted for _ in range(count)]
    out.write_bytes(separators_pdf(named))
    typer.echo(f"{out}: {total} tờ phân cách / separator sheets")


def _from_sheet(path: Path, paper_type: str | None, catalog: Catalog) -> tuple[list[Separator], list[RowError]]:
    """A separator a row; ``paper_type`` where a row names none."""
    rows, errors = list[Separator](), list[RowError]()
    for record in read_records(path, COLUMNS):
        separator = Separator(record["type"] or paper_type, record["key"] or None)
        faults = [record.error(*fault) for fault in _faults(separator, catalog)]
        errors += faults
        if not faults:
            rows.append(separator)
    if not rows and not errors:
        errors.append(
            RowError(
                1, "", "không có cột Mã hay Loại giấy tờ, hoặc không có dòng nào", "no column Key or Type, or no rows"
            )
        )
    return rows, errors


def _faults(separator: Separator, catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """(name of the column in ``COLUMNS``, Vietnamese, English)."""
    named = separator.paper_type
    if named is not None and named not in catalog.paper_types:
        yield "type", f"danh mục không có loại giấy tờ {named}", f"the catalog has no paper type {named}"
        return
    try:
        format_separator(separator)
    except ValueError:
        yield "key", "mã phải có từ 1 đến 120 ký tự in được", "a key has 1 to 120 printable characters"


def _name(separator: Separator, catalog: Catalog) -> str:
    return catalog.paper_types[separator.paper_type].name if separator.paper_type else ""


def _refuse(faults: Sequence[str], code: ExitCode) -> None:
    """Ends the command when there are any."""
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        raise typer.Exit(code)
