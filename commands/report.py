"""``digitize report``: the ratios of an agency and those below it, as a table, CSV, XLSX or JSON."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from commands.databases import database
from commands.exit_codes import ExitCode
from commands.options import DataOption
from digitize_api.reports.schemas import ReportOut
from models.catalog import Indicator, Rounding
from models.entities import Agency
from models.live_catalog import LiveCatalog
from models.local_time import local_day
from models.reports.choose import choices, find_period
from models.reports.report import Asked, Report, Row, make
from models.reports.sheet import about, csv_bytes, xlsx_bytes
from models.rules.ratios import written


class Form(StrEnum):
    TABLE = "table"
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


def report(
    *,
    agency: Annotated[
        str | None, typer.Option(help="Mã cơ quan (mặc định: cơ quan cao nhất). / Its code; default the topmost one.")
    ] = None,
    period: Annotated[
        str, typer.Option(help="Kỳ: month, month-1, quarter, tien_giang_2023_4… (xem --periods). / A period's name.")
    ] = "",
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d", "%d/%m/%Y"], help="Từ ngày, thay cho --period. / First day."),
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d", "%d/%m/%Y"], help="Đến hết ngày. / Last day.")
    ] = None,
    procedure: Annotated[str, typer.Option(help="Mã thủ tục. / A procedure's code.")] = "",
    year: Annotated[int | None, typer.Option(help="Năm kiểm đếm. / Year of the inventory.")] = None,
    rounding: Annotated[
        Rounding | None, typer.Option(help="truncate: 96,7; half_up: 96,8 (mặc định theo danh mục). / How to round.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="Dạng kết quả. / What to write.")] = Form.TABLE,
    out: Annotated[Path | None, typer.Option(help="Ghi ra tệp. / Write to a file.", dir_okay=False)] = None,
    periods: Annotated[bool, typer.Option("--periods", help="Liệt kê các kỳ. / List the periods.")] = False,
    data: DataOption = None,
) -> None:
    """Tỷ lệ số hóa, tái sử dụng, mục tiêu, đơn vị tụt lại. / Ratios, targets and what lags."""
    with database(data, read_only=True) as session:
        catalog = LiveCatalog().get(session)
        if periods:
            for choice in choices(catalog, local_day()):
                days = f"{choice.period.first:%d/%m/%Y} - {choice.period.last:%d/%m/%Y}"
                typer.echo(f"{choice.id:<20} {days}  {choice.period.name}")
            return
        code = agency or session.scalar(
            select(Agency.code).where(Agency.parent_id.is_(None)).order_by(Agency.code).limit(1)
        )
        if code is None:
            typer.echo("chưa có cơ quan nào / there is no agency yet", err=True)
            raise typer.Exit(ExitCode.USAGE)
        chosen = find_period(
            catalog, local_day(), period, first.date() if first else None, last.date() if last else None
        )
        reach = frozenset(session.scalars(select(Agency.id)))
        made = make(session, Asked(code, chosen, procedure, year, rounding), reach, catalog)
    content = _content(made, form)
    if out is not None:
        out.write_bytes(content)
    elif form is Form.XLSX:
        typer.echo("XLSX: chỉ ghi ra tệp, thêm --out / name a file with --out", err=True)
        raise typer.Exit(ExitCode.USAGE)
    else:
        typer.echo(content.decode("utf-8-sig"), nl=False)


def _content(report: Report, form: Form) -> bytes:
    match form:
        case Form.CSV:
            return csv_bytes(report)
        case Form.XLSX:
            return xlsx_bytes(report)
        case Form.JSON:
            return (
                json.dumps(ReportOut.of(report).model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"
            ).encode()
        case Form.TABLE:
            return "".join(f"{line}\n" for line in _table(report)).encode()


_COLUMNS = (
    (Indicator.COMPONENTS, "thành phần"),
    (Indicator.RESULTS, "kết quả"),
    (Indicator.REUSE, "tái sử dụng"),
    (Indicator.E_RESULTS, "KQ điện tử"),
    (Indicator.ONLINE, "trực tuyến"),
    (Indicator.BACKLOG, "KQ giấy"),
)


def _table(report: Report) -> list[str]:
    lines = [*about(report), "", f"{'':<34}" + "".join(f"{name:>22}" for _, name in _COLUMNS)]
    lines.append(_line("Tổng cộng", report.total))
    lines += [_line(f"{row.code} {'(riêng) ' if row.own else ''}{row.name}", row) for row in report.rows]
    backlog = report.backlog
    if backlog is not None:
        met = f"{backlog.met_on:%d/%m/%Y}" if backlog.met_on else "chưa thấy ngày đạt"
        lines += [
            "",
            f"Kết quả giấy: {float(backlog.pace.per_day):.1f} mỗi ngày; dự kiến đạt mục tiêu: {met}".replace(
                ".", ",", 1
            ),
        ]
    if report.lagging:
        lines += ["", "Tụt lại / lagging: " + ", ".join(row.code for row in report.lagging)]
    return lines


def _line(name: str, row: Row) -> str:
    cells = []
    for indicator, _ in _COLUMNS:
        figure = row.figures.get(indicator)
        if figure is None:
            cells.append("–")
            continue
        share = written(figure.percent) + (" %" if figure.percent is not None else "")
        mark = " !" if figure.reached is False else ""
        cells.append(f"{figure.ratio.numerator}/{figure.ratio.denominator} {share}{mark}")
    return f"{name[:33]:<34}" + "".join(f"{cell:>22}" for cell in cells)
