"""``digitize inventory``: bring in lists of paper results (kiểm đếm), see what is done of them, match papers to them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from commands.databases import actor, database
from commands.exit_codes import ExitCode
from commands.options import DataOption
from models.agencies import find_agency
from models.catalog.catalog import national_code
from models.entities import Agency
from models.inventory import matching, store
from models.inventory.counts import scopes_by_now
from models.inventory.sheet import Usual, read_inventory
from models.live_catalog import LiveCatalog
from models.local_time import local_day
from models.rules.matching import Kind
from models.rules.ratios import written
from models.scopes import agency_and_below

FileArgument = Annotated[
    Path, typer.Argument(help="Tệp CSV hoặc XLSX. / A CSV or XLSX file.", exists=True, dir_okay=False, readable=True)
]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="Kiểm đếm kết quả giấy. / The inventory of paper results.")
    group.command("import")(take)
    group.command("show")(show)
    group.command("match")(match)
    app.add_typer(group, name="inventory")


def take(
    file: FileArgument,
    *,
    agency: Annotated[str, typer.Option(help="Mã cơ quan có danh sách này. / Whose list it is.")],
    year: Annotated[
        int | None, typer.Option(min=1945, max=2199, help="Năm, khi tệp không có cột năm. / The year.")
    ] = None,
    procedure: Annotated[str, typer.Option(help="Mã thủ tục, khi tệp không có. / The procedure's code.")] = "",
    column: Annotated[
        list[str] | None,
        typer.Option(help="Cột tên khác: number=SHKQ (nhớ cho lần sau). / A header of one's own; remembered."),
    ] = None,
    skip_bad: Annotated[
        bool,
        typer.Option("--skip-bad", help="Bỏ dòng sai, nhập dòng đúng. / Leave wrong rows out, take the right ones."),
    ] = False,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="Tệp là toàn bộ danh sách trong năm: dòng vắng thôi tính. / Lines it lacks count no more."
        ),
    ] = False,
    data: DataOption = None,
) -> None:
    """Nhập danh sách: số, người, ngày, hộp; hoặc chỉ số lượng. / A list of papers, or counts alone.

    Nhập lại không sinh dòng trùng. Một dòng sai thì không nhập dòng nào, trừ khi có --skip-bad. / Again is the same as once.
    """
    told = dict(_told(one) for one in column or [])
    with database(data, read_only=True) as session:
        catalog = LiveCatalog().get(session)
        owner = find_agency(session, agency)
        below = agency_and_below(session, owner.id)
        codes = frozenset(session.scalars(select(Agency.code).where(Agency.id.in_(below))))
        known = store.remembered(session, owner.id)
    usual = Usual(owner.code, year, national_code(procedure) if procedure else "")
    # Reading takes seconds for a long list; no transaction is held meanwhile.
    sheet = read_inventory(file, catalog, usual, agencies=codes, told=told, remembered=known)
    for error in sheet.errors:
        typer.echo(str(error), err=True)
    if sheet.errors and not skip_bad:
        typer.echo(
            f"không nhập dòng nào: {len(sheet.errors)} lỗi, {len(sheet.rows)} dòng đúng (--skip-bad để chỉ nhập dòng đúng) / "
            f"nothing was imported: {len(sheet.errors)} mistakes, {len(sheet.rows)} right rows (--skip-bad takes those)",
            err=True,
        )
        raise typer.Exit(ExitCode.REFUSED)
    with database(data) as session:
        source = store.Source(find_agency(session, agency), file.name, actor())
        done = store.take(session, sheet, source, catalog, replace=replace)
    understood = "; ".join(f"{key} ← {header}" for key, header in sheet.headers.items())
    typer.echo(f"cột / columns: {understood}")
    typer.echo(
        f"thêm / added: {done.created}; đổi / changed: {done.changed}; như cũ / unchanged: {done.unchanged}; "
        f"thôi tính / withdrawn: {done.withdrawn}; bỏ / left out: {done.refused}"
    )
    if sheet.errors:
        raise typer.Exit(ExitCode.REFUSED)


def show(
    *,
    agency: Annotated[str | None, typer.Option(help="Mã cơ quan, cùng cấp dưới. / With all below it.")] = None,
    year: Annotated[int | None, typer.Option(help="Năm. / The year.")] = None,
    data: DataOption = None,
) -> None:
    """Đã đếm, đã số hóa, còn lại. / Counted, digitised, left."""
    with database(data, read_only=True) as session:
        catalog = LiveCatalog().get(session)
        agencies = {one.id: one for one in session.scalars(select(Agency))}
        ids = agency_and_below(session, find_agency(session, agency).id) if agency else frozenset(agencies)
        found = scopes_by_now(session, ids, catalog, year=year)
    rules, today = catalog.report_rule(local_day()), local_day()
    typer.echo(f"{'cơ quan':<16} {'năm':<5} {'thủ tục':<10} {'đã đếm':>10} {'đã số hóa':>10} {'còn lại':>10} {'%':>8}")
    for scope in found:
        ratio = scope.ratio(today)
        percent = ratio.percent(rules.rounding, rules.decimals) if rules else None
        typer.echo(
            f"{agencies[scope.agency_id].code:<16} {scope.year:<5} {scope.procedure or '–':<10} "
            f"{ratio.denominator:>10} {ratio.numerator:>10} {ratio.rest:>10} {written(percent):>8}"
        )


def match(
    *,
    agency: Annotated[str | None, typer.Option(help="Mã cơ quan, cùng cấp dưới. / With all below it.")] = None,
    data: DataOption = None,
) -> None:
    """Đối chiếu giấy tờ đã quét với danh sách. / Match scanned papers to the lists.

    Chỉ nối khi chắc chắn; còn lại thành mục chờ người xử lý ở /kiem-dem/doi-chieu. / Only what is certain is tied; the rest waits for people.
    """
    with database(data, read_only=True) as session:
        catalog = LiveCatalog().get(session)
        ids = (
            agency_and_below(session, find_agency(session, agency).id) if agency else session.scalars(select(Agency.id))
        )
        found = matching.agencies_with_lists(session, sorted(ids))
    for agency_id, code in found:
        # Judging a long list takes seconds; no transaction is held meanwhile.
        with database(data, read_only=True) as session:
            looked = matching.look(session, agency_id, catalog)
        with database(data) as session:
            done = matching.keep(session, looked, actor())
        typer.echo(
            f"{code}: dòng / lines {done.lines}; giấy tờ / papers {done.papers}; nối / tied {done.tied}; "
            f"gỡ / loosened {done.loosened}; chờ lưu / waiting {done.waiting}; mục mới / new {done.new}; hết / gone {done.gone}"
        )
        typer.echo(
            f"  chưa nhận / missing {done.open[Kind.MISSING]}; ngoài danh sách / unlisted {done.open[Kind.UNLISTED]}; "
            f"mâu thuẫn / mismatched {done.open[Kind.MISMATCHED]}; trùng / duplicate {done.open[Kind.DUPLICATE]}"
        )


def _told(text: str) -> tuple[str, str]:
    key, sign, header = text.partition("=")
    if not sign or not key.strip() or not header.strip():
        raise typer.BadParameter("number=SHKQ")
    return key.strip(), header.strip()
