"""``digitize batch quality``: how a batch is checked, its sample drawn, pages unlike their neighbours, a report. Looking at papers is the pages' matter."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.batch import BatchArgument, JsonOption, asked
from commands.databases import actor, opened
from commands.options import DataOption
from models.batches import store as batches
from models.batches.quality import deviations as odd
from models.batches.quality import figures, keying, plan, sample
from models.batches.quality.entities import DeviationState, KeyingState, Standing
from models.batches.quality.figures import Overview
from models.database import reading, transaction
from models.live_catalog import LiveCatalog
from models.rules.error_rates import ErrorRate


def group() -> typer.Typer:
    """The group's commands."""
    made = typer.Typer(no_args_is_help=True, help="Kiểm soát chất lượng của lô. / Quality control of a batch.")
    for name, command in (
        ("plan", change),
        ("draw", draw),
        ("status", status),
        ("rescan", rescan),
        ("deviations", deviations),
        ("report", report),
    ):
        made.command(name)(command)
    return made


def change(
    batch: BatchArgument,
    *,
    sample_share: Annotated[
        float | None, typer.Option("--sample", min=0, max=100, help="Phần trăm rút mẫu vòng 2. / Percent of round 2.")
    ] = None,
    error_limit: Annotated[
        float | None,
        typer.Option(
            "--limit", min=0, max=100, help="Nhóm không đạt khi lỗi nghiêm trọng quá. / Percent, then it fails."
        ),
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(
            "--field", help="Trường hai người cùng nhập; nêu nhiều lần; '-': không trường nào. / Keyed by two."
        ),
    ] = None,
    keying_share: Annotated[
        float | None,
        typer.Option("--keying", min=0, max=100, help="Phần trăm giấy tờ nhập kép. / Percent keyed twice."),
    ] = None,
    data: DataOption = None,
) -> None:
    """Cách kiểm: mẫu, giới hạn, trường nhập kép. / How much is looked at twice; tells the settings."""
    shares = {"sample_share": sample_share, "error_limit": error_limit, "keying_share": keying_share}
    told: dict[str, Any] = {name: share / 100 for name, share in shares.items() if share is not None}
    if field:
        told["keyed_fields"] = () if field == ["-"] else tuple(field)
    with opened(data) as installation, asked(), transaction(installation.sessions) as session:
        found = batches.hold(session, batches.named(session, batch).id)
        catalog = LiveCatalog().get(session)
        row = plan.change(session, found, told, catalog, actor=actor())
        keying.prepare(session, found.id, catalog, actor=actor())
        typer.echo(json.dumps({**asdict(plan.Plan.of(row)), "seed": row.seed}, ensure_ascii=False))


def draw(batch: BatchArgument, *, data: DataOption = None) -> None:
    """Rút mẫu vòng 2 trong số đã đạt vòng 1; chạy lại chỉ rút thêm. / Draw the sample; again draws only of what was added."""
    with opened(data) as installation, asked(), transaction(installation.sessions) as session:
        found = batches.named(session, batch)
        keying.prepare(session, found.id, LiveCatalog().get(session), actor=actor())
        made = sample.draw(session, found.id, actor=actor())
        typer.echo(
            f"{made.drawn}/{made.papers} giấy tờ trong mẫu, {made.new} mới / papers in the sample, {made.new} new · seed {made.seed}"
        )


def status(batch: BatchArgument, *, as_json: JsonOption = False, data: DataOption = None) -> None:
    """Kiểm đến đâu: hai vòng, tỷ lệ lỗi, nhóm, trang khác thường, nhập kép. / How far checking is."""
    with opened(data) as installation, asked(), reading(installation.sessions) as session:
        found = batches.named(session, batch)
        seen = figures.overview(session, found)
    typer.echo(json.dumps(as_data(found.id, seen), ensure_ascii=False) if as_json else told(found.name, seen))


def rescan(
    batch: BatchArgument,
    paper: Annotated[
        str, typer.Argument(metavar="GIẤY_TỜ", help="Mã giấy tờ, như trong report. / As the report has it.")
    ],
    file: Annotated[
        Path,
        typer.Argument(
            metavar="TỆP", help="Tệp vừa quét lại. / The new scan.", exists=True, dir_okay=False, readable=True
        ),
    ],
    data: DataOption = None,
) -> None:
    """Gửi bản quét mới của giấy tờ bị trả lại; đọc xong thì thay bản cũ. / Post the new scan of a returned paper; it takes the old one's place when it is read.

    Mã thoát 3: tệp hay giấy tờ không nhận được, không có gì thay đổi. / Exit 3: refused, and nothing changes.
    """
    from commands.rescan import new_scan  # noqa: PLC0415 - the store and the parsers

    with opened(data) as installation, asked():
        with reading(installation.sessions) as session:
            found = batches.named(session, batch)
        raise typer.Exit(new_scan(installation, found.id, paper, file))


def deviations(
    batch: BatchArgument,
    *,
    find: Annotated[
        bool, typer.Option("--find/--no-find", help="Tìm lại trước, hay chỉ liệt kê. / Look anew first, or only list.")
    ] = True,
    state: Annotated[DeviationState, typer.Option(help="Trạng thái. / State.")] = DeviationState.OPEN,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Trang khác thường, khác nhất trước. / Pages unlike their neighbours, the most unlike first."""
    with opened(data) as installation, asked():
        with reading(installation.sessions) as session:
            found = batches.named(session, batch)
        if find:
            with transaction(installation.sessions) as session:
                odd.find(session, found.id, actor=actor())
        first = 0
        while True:
            with reading(installation.sessions) as session:
                rows, _ = odd.listed(session, found.id, state=state, limit=500, offset=first)
            for record, item in rows:
                one = {
                    "file": item.path,
                    "page": record.page,
                    "what": record.what,
                    "value": record.value,
                    "usual": record.usual,
                    "score": record.score,
                    "component": record.component_id,
                }
                typer.echo(json.dumps(one, ensure_ascii=False) if as_json else "\t".join(str(v) for v in one.values()))
            if len(rows) < 500:
                return
            first += len(rows)


def report(
    batch: BatchArgument,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", help="Tệp kết quả; mặc định stdout. / The file.", dir_okay=False)
    ] = None,
    data: DataOption = None,
) -> None:
    """Mọi giấy tờ và kết quả kiểm, dạng CSV. / Every paper and what was said of it, as CSV."""
    from digitize_api.batches.service import csv_lines  # noqa: PLC0415 - the front door's libraries
    from digitize_api.quality.service import cells  # noqa: PLC0415 - the same

    with opened(data) as installation, asked(), reading(installation.sessions) as session:
        found = batches.named(session, batch)
        lines = csv_lines(map(cells, figures.each_row(session, found.id)), figures.COLUMNS)
        if out is None:
            sys.stdout.writelines(lines)
        else:
            with out.open("w", encoding="utf-8", newline="") as file:
                file.writelines(lines)


def as_data(batch_id: str, seen: Overview) -> dict[str, Any]:
    """The overview as JSON has it."""
    return {
        "schema": "digitize.quality/1",
        "batch": batch_id,
        "plan": asdict(seen.plan),
        "seed": seen.seed,
        "papers": seen.papers,
        "round1": {one.value: count for one, count in seen.round1.items()},
        "round2": {"drawn": seen.drawn, "looked": seen.looked, "undrawn": seen.undrawn, **_rate(seen.rate)},
        "strata": [
            {
                "checker": one.stratum.checker,
                "scanner": one.stratum.scanner,
                "doubt": one.stratum.band,
                "papers": one.stratum.papers,
                "drawn": one.drawn,
                "state": one.stratum.state,
                **_rate(one.rate),
            }
            for one in seen.strata
        ],
        "deviations": {one.value: count for one, count in seen.deviations.items()},
        "keying": {one.value: count for one, count in seen.keying.items()},
        "fields": [asdict(one) for one in seen.keyed.fields],
        "people": [asdict(one) for one in seen.keyed.people],
    }


def _rate(rate: ErrorRate) -> dict[str, Any]:
    share = None if rate.share is None else float(rate.share)
    return {"looked": rate.looked, "wrong": rate.wrong, "share": share, "low": rate.low, "high": rate.high}


def told(name: str, seen: Overview) -> str:
    """The overview in a few lines."""
    round1, rate = seen.round1, seen.rate
    lines = [
        name,
        (
            f"  vòng 1 / round 1: {round1[Standing.PASSED]}/{seen.papers} đạt / passed, "
            f"{round1[Standing.RETURNED]} trả lại / returned, {round1[Standing.WAITING]} chờ / waiting"
        ),
        f"  vòng 2 / round 2: {seen.looked}/{seen.drawn} đã kiểm / looked at",
    ]
    if rate.share is not None:
        lines[-1] += (
            f", lỗi nghiêm trọng / critical {float(rate.share):.1%} (95 %: {rate.low:.1%} – {rate.high:.1%}), "
            f"giới hạn / limit {seen.plan.error_limit:.1%}"
        )
    lines += [
        f"    {one.stratum.state}: {one.stratum.checker or '?'} · {one.stratum.scanner or '?'} · {one.stratum.band}: "
        f"{one.rate.wrong} lỗi / wrong, {one.looked}/{one.drawn} mẫu / sample, {one.stratum.papers} giấy tờ / papers"
        for one in seen.strata
    ]
    lines.append(f"  trang khác thường / odd pages: {seen.deviations[DeviationState.OPEN]} chờ xem / open")
    if sum(seen.keying.values()):
        keyed = seen.keying
        lines.append(
            f"  nhập kép / double keying: {keyed[KeyingState.SETTLED]}/{sum(keyed.values())} đã chốt / settled, "
            f"{keyed[KeyingState.DIFFERS]} chờ người thứ ba / for a third person"
        )
    return "\n".join(lines)
