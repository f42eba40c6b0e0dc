"""``digitize demo``: the whole way of a dossier in a minute, on sample papers, through the real API and workers."""

from __future__ import annotations

import json
import logging
import secrets
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from commands.demo_papers import Read, show_papers, show_reuse
from commands.exit_codes import ExitCode
from commands.officer_client import OfficerClient
from commands.settings import deployment
from commands.station_client import ENDS, StationClient
from commands.supervisor import Child, Supervisor, digitize
from commands.up import wait_for_url
from models import accounts, stations
from models.agencies import create_agency
from models.database import make_engine, make_session_factory, transaction, upgrade
from models.entities import Role
from workers.logs import configure_logging

SAMPLES = Path(__file__).parent.parent / "sample_scans" / "set"
MARKER = ".digitize-demo"  # only a folder with this in it is emptied
AGENCY = ("H56.14", "UBND phường Ví Dụ")
ACCOUNT = "can.bo"
PHRASE = '"giay khai sinh"'  # held together by quotes, typed without marks on purpose
PLAIN_WIDTH = 140  # of the table when it is not shown on a terminal
POLL_SECONDS = 0.3


@dataclass(slots=True)
class Posted:
    """One file on its way. ``scan`` is the API's latest answer; ``seconds`` from post to end."""

    dossier: str
    title: str
    path: Path
    scan: dict[str, Any]
    posted_at: float
    seconds: float = 0.0

    @property
    def ended(self) -> bool:
        return self.scan["state"] in ENDS


def register(app: typer.Typer) -> None:
    """Add ``demo``."""
    app.command("demo")(demo)


def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Dừng khi xong, không giữ trang web. / End when done.")] = False,
    data: Annotated[Path, typer.Option(help="Thư mục riêng của bản trình diễn. / The demo's own folder.")] = Path(
        "demo-data"
    ),
    samples: Annotated[Path, typer.Option(help="Bộ mẫu có manifest.json. / Samples with a manifest.json.")] = SAMPLES,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Cổng; 0: bất kỳ. / Port; 0: any free one.")] = 0,
) -> None:
    """Gửi hồ sơ mẫu qua API thật, xem loại và nội dung, dùng lại một kết quả, tìm. / Post samples, show types and fields, reuse one, search."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(width=PLAIN_WIDTH, highlight=False)
    configure_logging(as_json=False, process="demo", level=logging.WARNING)
    folder = _fresh(data.absolute())
    password, key = _people(folder)
    supervisor = Supervisor()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, supervisor.request_stop)
    argv = digitize("up", "--port", str(port), "--data", str(folder))
    child = supervisor.start(Child("up", argv, stop_seconds=60, log=folder / "up.log"))
    try:
        with console.status("Khởi động hệ thống… / Starting…"):
            url = wait_for_url(folder, alive=lambda: child.running and not supervisor.stopping)
        console.print(f"Digitize: {url}")
        with StationClient(url, key) as station:
            posted = _post_all(station, samples, console, supervisor)
            with OfficerClient(url, ACCOUNT, password) as officer:
                files = [Read(item.dossier, item.title, item.path, item.scan, item.seconds) for item in posted]
                show_papers(console, officer, files)
                good = _all_good(posted) and show_reuse(console, officer, files, folder)
            good = _search(station, console, url) and good
        console.print(
            f"\nĐăng nhập / sign in: {url}  tài khoản / account [b]{ACCOUNT}[/b]  mật khẩu / password [b]{password}[/b]"
        )
        if not once and not supervisor.stopping:
            console.print("Ctrl-C để dừng / to stop.")
            supervisor.watch(until=lambda: not child.running)
    except TimeoutError as error:
        console.print(f"[red]{error}[/red]; {folder / 'up.log'}")
        good = False
    finally:
        supervisor.stop()
    if not good:
        raise typer.Exit(ExitCode.PAGES_FAILED)


def _fresh(folder: Path) -> Path:
    """An empty demo folder; only one that a demo made is emptied."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARKER).exists():
            typer.echo(f"Không phải thư mục của bản trình diễn / Not a demo's folder: {folder}", err=True)
            raise typer.Exit(ExitCode.USAGE)
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / MARKER).touch()
    return folder


def _people(folder: Path) -> tuple[str, str]:
    """Agency, account and station; the account's password (new each time) and the station's key."""
    engine, password = make_engine(deployment(folder).database.url), secrets.token_urlsafe(9)
    upgrade(engine)
    with transaction(make_session_factory(engine)) as session:
        agency = create_agency(session, code=AGENCY[0], name=AGENCY[1])
        accounts.create_account(session, agency=agency, name=ACCOUNT, password=password, role=Role.ADMIN)
        _, key = stations.create_station(session, agency=agency, name="quay-1")
    engine.dispose()
    return password, key


def _post_all(station: StationClient, samples: Path, console: Console, supervisor: Supervisor) -> list[Posted]:
    """Post every file of every dossier, and wait until each has ended."""
    manifest = json.loads((samples / "manifest.json").read_text(encoding="utf-8"))
    posted: list[Posted] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        files = sum(len(entry["files"]) for entry in manifest)
        uploads = progress.add_task("Gửi tệp / files", total=files)
        pages = progress.add_task("Đọc trang / pages", total=None)
        for entry in manifest:
            code = station.create_dossier(entry["dossier"])
            for name in entry["files"]:
                started = time.monotonic()
                scan = station.post_scan(code, samples / name)
                posted.append(Posted(code, entry["dossier"]["title"], samples / name, scan, started))
                progress.advance(uploads)
                _look(station, posted)
                _show_pages(progress, pages, posted)
        while not all(item.ended for item in posted) and not supervisor.stopping:
            time.sleep(POLL_SECONDS)
            _look(station, posted)
            _show_pages(progress, pages, posted)
    return posted


def _look(station: StationClient, posted: list[Posted]) -> None:
    for item in posted:
        if not item.ended:
            item.scan = station.scan(item.scan["id"])
            item.seconds = time.monotonic() - item.posted_at


def _show_pages(progress: Progress, task: Any, posted: list[Posted]) -> None:
    total = sum(item.scan["page_count"] or 1 for item in posted)
    done = sum(item.scan["pages_read"] + item.scan["pages_failed"] for item in posted)
    progress.update(task, completed=done, total=total)


def _all_good(posted: list[Posted]) -> bool:
    return bool(posted) and all(item.scan["state"] == "done" and not item.scan["pages_failed"] for item in posted)


def _search(station: StationClient, console: Console, url: str) -> bool:
    found = station.search(PHRASE)
    console.print(f"\nTìm / search [b]{PHRASE}[/b]: {found['total']} kết quả / hits")
    if not found["results"]:
        return False
    hit = found["results"][0]
    snippet = Text(f"  {hit['dossier']}, trang / page {hit['page']}: ")
    for part in hit["snippet_parts"]:
        snippet.append(part["text"], style="reverse" if part["hit"] else "")
    console.print(snippet)
    console.print(f"  {url}{hit['links'].get('pdf', '')}#page={hit['page']}")
    return True
