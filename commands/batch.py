"""``digitize batch``: a back-scan from folders, ZIPs and manifests, made, fed, watched, checked and reported.

The command takes documents into the store; posting and reading them is the service's doing (``digitize up``), which goes on when the command is gone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commands.databases import actor, opened
from commands.exit_codes import ExitCode
from commands.options import DataOption
from models.agencies import find_agency
from models.batches import items as batch_items
from models.batches import progress as batch_progress
from models.batches import store as batches
from models.batches.entities import (
    Batch,
    BatchState,
    Duplex,
    ExistingOutput,
    Layout,
    PageFailure,
    SourceKind,
)
from models.batches.progress import Progress
from models.batches.store import Policies
from models.database import reading, transaction
from models.errors import Conflict, InvalidRequest, NotFound
from models.local_time import LOCAL

BatchArgument = Annotated[str, typer.Argument(metavar="LÔ", help="Tên hoặc mã của lô. / The batch's name or id.")]
JsonOption = Annotated[bool, typer.Option("--json", help="In JSON. / As JSON.")]
WaitOption = Annotated[
    bool,
    typer.Option("--wait/--no-wait", help="Chờ đọc xong, hay chỉ nhận tệp. / Until all is read, or only taken in."),
]
SHEETS = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm"})
STATES = {
    BatchState.NEW: "mới / new",
    BatchState.RUNNING: "đang chạy / running",
    BatchState.PAUSED: "tạm dừng / paused",
    BatchState.ABORTED: "đã dừng vì lỗi / aborted",
}


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="Số hóa theo lô: thư mục, ZIP, danh sách. / Back-scans.")
    for name, command in (
        ("create", create),
        ("add", add),
        ("run", run),
        ("status", status),
        ("pause", pause),
        ("resume", resume),
        ("verify", verify),
        ("report", report),
    ):
        group.command(name)(command)
    from commands.batch_quality import group as quality  # noqa: PLC0415 - it takes its options from here

    group.add_typer(quality(), name="quality")
    app.add_typer(group, name="batch")


def create(
    name: Annotated[str, typer.Argument(metavar="TÊN", help="Tên lô. / The batch's name.")],
    agency: Annotated[str, typer.Option("--agency", help="Mã định danh của cơ quan. / The agency's code.")],
    *,
    procedure: Annotated[str, typer.Option(help="Mã thủ tục của các kết quả. / Procedure code.")] = "",
    layout: Annotated[
        Layout,
        typer.Option(help="paper: mỗi tệp một giấy tờ; stack: chồng có tờ phân cách. / One paper a file, or a stack."),
    ] = Layout.PAPER,
    duplex: Annotated[
        Duplex,
        typer.Option(
            help="Quét hết mặt trước rồi mặt sau: halves (một tệp), pairs (hai tệp -truoc, -sau); …-back: mặt sau từ tờ cuối. / Two sides, one after the other."
        ),
    ] = Duplex.NONE,
    key: Annotated[
        str,
        typer.Option(
            "--key", metavar="REGEX", help="Mã kiểm kê trong tên tệp: có nhóm (?P<key>…). / Key in file names."
        ),
    ] = "",
    code_key: Annotated[
        str, typer.Option("--code-key", metavar="REGEX", help="Mã kiểm kê trong mã vạch, QR. / Key in barcodes.")
    ] = "",
    page_failure: Annotated[
        PageFailure, typer.Option(help="Trang không đọc được: skip, copy hay abort. / A page that can't be read.")
    ] = PageFailure.COPY,
    existing: Annotated[
        ExistingOutput, typer.Option(help="Đã có bản quét: skip hay overwrite. / Output that exists.")
    ] = ExistingOutput.SKIP,
    max_failures: Annotated[
        float | None,
        typer.Option(min=0, max=100, help="Dừng lô khi hỏng quá số phần trăm này. / Abort above this percentage."),
    ] = None,
    failure_floor: Annotated[int, typer.Option(min=1, help="Chỉ xét sau số tệp này. / Not before so many files.")] = 20,
    hours: Annotated[
        str, typer.Option(metavar="19:00-06:00", help="Giờ được đọc, giờ Việt Nam. / Hours in which it may read.")
    ] = "",
    at_once: Annotated[
        int,
        typer.Option(min=1, max=batches.MOST_UNDER_WAY, help="Nhiều nhất bấy nhiêu tệp đang đọc. / Scans under way."),
    ] = 16,
    yields: Annotated[
        bool, typer.Option("--yield/--no-yield", help="Nhường khi quầy có việc. / Waits for the counter's work.")
    ] = True,
    settle: Annotated[
        float,
        typer.Option(min=0, max=3600, help="Tệp không đổi bấy nhiêu giây là đã xong. / Seconds unchanged: complete."),
    ] = 5.0,
    data: DataOption = None,
) -> None:
    """Lập lô mới; in mã của lô. / Make a batch; prints its id."""
    with opened(data) as installation, asked(), transaction(installation.sessions) as session:
        policies = Policies(
            procedure=procedure,
            layout=layout,
            duplex=duplex,
            key_pattern=key,
            code_pattern=code_key,
            page_failure=page_failure,
            existing=existing,
            max_failure_share=None if max_failures is None else max_failures / 100,
            failure_floor=failure_floor,
            hours=hours,
            max_under_way=at_once,
            yields=yields,
            settle_seconds=settle,
        )
        made = batches.create(session, agency=find_agency(session, agency), name=name, policies=policies, actor=actor())
        typer.echo(made.id)


def add(
    batch: BatchArgument,
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="NGUỒN...",
            help="Thư mục, ZIP, danh sách CSV/XLSX, tệp. / Folders, ZIPs, manifests, files.",
            exists=True,
        ),
    ],
    data: DataOption = None,
) -> None:
    """Thêm nguồn vào lô; nhận tệp khi chạy. / Add sources; their files are taken when it runs."""
    with opened(data) as installation, asked(), transaction(installation.sessions) as session:
        found = batches.named(session, batch)
        for path in paths:
            kind = kind_of(path)
            new = batches.add_source(session, found, kind, str(path.absolute()))
            typer.echo(f"{kind.value}\t{path.absolute()}{'' if new else '  (đã có / there already)'}")


def kind_of(path: Path) -> SourceKind:
    """By what it is and what its name says."""
    if path.is_dir():
        return SourceKind.FOLDER
    if path.suffix.lower() in SHEETS:
        return SourceKind.MANIFEST
    return SourceKind.ZIP if path.suffix.lower() == ".zip" else SourceKind.FILE


def run(
    batch: BatchArgument,
    *,
    watch: Annotated[
        bool, typer.Option("--watch", help="Theo dõi nguồn đến khi Ctrl-C. / Watch the sources until Ctrl-C.")
    ] = False,
    wait: WaitOption = True,
    data: DataOption = None,
) -> None:
    """Nhận tệp và đọc; chạy lại bao nhiêu lần cũng được. / Take files in and read them; may be run again at any time.

    Mã thoát 3: có tệp không nhận được; 4: có tệp đọc hỏng, hoặc lô dừng. / Exit 3: files refused; 4: some failed, or it aborted.
    """
    from commands.batch_run import run_batch  # noqa: PLC0415 - the store, the broker and the parsers

    with opened(data) as installation, asked():
        with transaction(installation.sessions) as session:
            found = batches.hold(session, batches.named(session, batch).id)
            if found.state == BatchState.ABORTED:
                raise Conflict(f"{found.state_code}: lô đã dừng, xem rồi dùng resume / it aborted; look, then resume")
            batches.move(session, found, BatchState.RUNNING, actor=actor())
        raise typer.Exit(run_batch(installation.place, installation.sessions, found.id, watch=watch, wait=wait))


def resume(
    batch: BatchArgument,
    *,
    wait: WaitOption = True,
    data: DataOption = None,
) -> None:
    """Làm lại các tệp hỏng và chạy tiếp lô đã dừng. / Failed files again, and an aborted batch goes on."""
    from commands.batch_run import run_batch  # noqa: PLC0415 - see above

    with opened(data) as installation, asked():
        with transaction(installation.sessions) as session:
            found = batches.hold(session, batches.named(session, batch).id)
            if found.state == BatchState.RUNNING:
                batches.move(session, found, BatchState.PAUSED, actor=actor())
            count = batch_items.again(session, found.id)
        typer.echo(f"{count} tệp làm lại / files again", err=True)
        # Posted only when the sources were looked at: a file that was mended takes the place of what failed.
        raise typer.Exit(
            run_batch(installation.place, installation.sessions, found.id, watch=False, wait=wait, begin_as=actor())
        )


def pause(batch: BatchArgument, data: DataOption = None) -> None:
    """Tạm dừng: không gửi đọc thêm tệp nào. / Pause: nothing more is posted."""
    with opened(data) as installation, asked(), transaction(installation.sessions) as session:
        found = batches.hold(session, batches.named(session, batch).id)
        batches.move(session, found, BatchState.PAUSED, actor=actor())


def status(
    batch: Annotated[str | None, typer.Argument(metavar="[LÔ]", help="Không nêu: mọi lô. / Left out: all.")] = None,
    *,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Lô đến đâu: theo trạng thái, trang mỗi giờ, dự kiến xong. / How far it is, how fast, when it will be done."""
    with opened(data) as installation, asked(), reading(installation.sessions) as session:
        if batch is None:
            statement = select(Batch).options(joinedload(Batch.agency)).order_by(Batch.created_at)
            found = list(session.scalars(statement))
        else:
            found = [batches.named(session, batch)]
        for one in found:
            progress = batch_progress.progress(session, one)
            typer.echo(json.dumps(as_data(one, progress), ensure_ascii=False) if as_json else told(one, progress))


def verify(batch: BatchArgument, *, as_json: JsonOption = False, data: DataOption = None) -> None:
    """So nguồn với lô, và băm lại mọi bản gốc, PDF. / Sources against the batch; every original and PDF hashed again.

    Mã thoát 4 khi có khác biệt. / Exit code 4 when anything differs.
    """
    from commands.batch_verify import verify_batch  # noqa: PLC0415 - see above

    with opened(data) as installation, asked():
        with reading(installation.sessions) as session:
            found = batches.named(session, batch)
        raise typer.Exit(verify_batch(installation.place, installation.sessions, found, as_json=as_json))


def report(
    batch: BatchArgument,
    *,
    as_json: JsonOption = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Tệp kết quả; mặc định stdout. / The file.", dir_okay=False)
    ] = None,
    data: DataOption = None,
) -> None:
    """Mọi tệp của lô và kết quả: CSV, hoặc JSON. / Every file of the batch and what became of it."""
    from digitize_api.batches.service import csv_lines, row  # noqa: PLC0415 - the front door's libraries

    with opened(data) as installation, asked():
        with reading(installation.sessions) as session:
            found = batches.named(session, batch)
            head = as_data(found, batch_progress.progress(session, found))

        def rows() -> Iterator[dict[str, Any]]:
            after = 0
            while True:
                with reading(installation.sessions) as session:
                    items = batch_progress.items(session, found, {found.agency_id}, after=after, limit=500)
                if not items:
                    return
                yield from map(row, items)
                after = items[-1].number

        lines = _json_lines(head, rows()) if as_json else csv_lines(rows())
        if out is None:
            sys.stdout.writelines(lines)
        else:
            with out.open("w", encoding="utf-8", newline="") as file:
                file.writelines(lines)


def _json_lines(head: dict[str, Any], rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """One JSON document, a line an item, so that a year's batch needs no memory."""
    begin = json.dumps({"schema": "digitize.batch/1", "batch": head}, ensure_ascii=False)
    yield begin[:-1] + ', "items": ['
    for index, one in enumerate(rows):
        yield ("" if index == 0 else ",") + "\n" + json.dumps(one, ensure_ascii=False)
    yield "\n]}\n"


def as_data(batch: Batch, progress: Progress) -> dict[str, Any]:
    """A batch as JSON has it."""
    return {
        "id": batch.id,
        "name": batch.name,
        "state": batch.state,
        "aborted": {"code": batch.state_code, "detail": batch.state_detail} if batch.state_code else None,
        "items": progress.states,
        "total": progress.total,
        "settled": progress.settled,
        "pages": progress.pages,
        "pages_failed": progress.pages_failed,
        "pages_per_hour": progress.per_hour,
        "ends_at": progress.ends_at.isoformat() if progress.ends_at else None,
    }


def told(batch: Batch, progress: Progress) -> str:
    """A batch in three lines."""
    states = progress.states
    words = {
        "done": "xong / done",
        "posted": "đang đọc / under way",
        "waiting": "chờ / waiting",
        "failed": "hỏng / failed",
        "refused": "không nhận / refused",
        "skipped": "bỏ qua / skipped",
        "duplicate": "trùng / duplicates",
        "again": "xem lại / again",
    }
    counts = " · ".join(f"{states[state]} {word}" for state, word in words.items() if states[state])
    lines = [
        f"{batch.name}  [{batch.id[:8]}]  {STATES[BatchState(batch.state)]}",
        f"  {progress.settled}/{progress.total}  {counts or 'chưa có tệp / no files yet'}",
    ]
    if batch.state_code:
        lines[0] += f": {batch.state_code} {batch.state_detail or ''}"
    pace = f"  {progress.pages} trang / pages"
    if progress.pages_failed:
        pace += f", {progress.pages_failed} lỗi / failed"
    if progress.per_hour:
        pace += f" · {progress.per_hour:.0f} trang/giờ / pages an hour"
    if progress.ends_at:
        pace += f" · dự kiến xong / ends about {progress.ends_at.astimezone(LOCAL):%d/%m/%Y %H:%M}"
    if progress.opens_at:
        pace += f" · chờ đến giờ / waits until {progress.opens_at.astimezone(LOCAL):%d/%m %H:%M}"
    return "\n".join([*lines, pace])


@contextmanager
def asked() -> Iterator[None]:
    """What is asked in vain becomes one line and exit code 2."""
    try:
        yield
    except (Conflict, NotFound, InvalidRequest) as error:
        typer.echo(error.detail, err=True)
        raise typer.Exit(ExitCode.USAGE) from error
