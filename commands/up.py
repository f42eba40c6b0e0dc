"""``digitize up``: everything on one machine, from one command.

Children: a private Redis when no broker is named, the front door, the worker pools, the sweeper. They are restarted when they
end, and stopped in order: first nothing new comes in, then the workers finish their page (or leave it to its lease), then
Redis.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import httpx
import typer
from sqlalchemy import func, select

from commands.exit_codes import ExitCode
from commands.options import DataOption
from commands.pools import children
from commands.private_redis import private_redis
from commands.settings import Deployment, deployment
from commands.supervisor import Child, Supervisor, digitize
from models.catalog import default_catalog
from models.database import make_engine, make_session_factory, reading, upgrade
from models.entities import Account
from storage.factory import prepare_store
from workers.logs import configure_logging

LOCK_NAME = "up.lock"
START_SECONDS = 120.0
STOP_API, STOP_WORKERS, STOP_REDIS = range(3)


def register(app: typer.Typer) -> None:
    """Add ``up``."""
    app.command("up")(up)


def up(
    host: Annotated[
        str, typer.Option(help="Địa chỉ lắng nghe; 0.0.0.0 để máy khác vào được. / Address.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Cổng; 0: cổng trống bất kỳ. / Port; 0: any free one.")
    ] = 8000,
    data: DataOption = None,
) -> None:
    """Chạy toàn bộ hệ thống trên máy này đến khi nhấn Ctrl-C. / Run the whole system on this machine until Ctrl-C."""
    place = deployment(data)
    default_catalog()  # a mistake in a site's own files stops here, and not each child again and again
    configure_logging(as_json=place.workers.log_json, process="up")
    with _only_one(place.data) as note:
        port = _free_port(host, port)
        _migrate(place)
        log = (
            place.data / "digitize.log" if sys.stderr.isatty() else None
        )  # a terminal is for people, a journal for logs
        supervisor = Supervisor(log)
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, supervisor.request_stop)
        try:
            _start_front_door(supervisor, place, host, port)
            url = f"http://{_reachable(host)}:{port}"
            # The front door alone first: it answers within seconds, and what it accepts in the meantime waits safely.
            supervisor.watch(until=lambda: _answers(url))
            if not supervisor.stopping:
                for child in children("all", str(place.data), stop_group=STOP_WORKERS):
                    supervisor.start(child)
                note({"pid": os.getpid(), "url": url})
                _greet(place, url)
                if log is not None:
                    typer.echo(f"  nhật ký / log       {log}")
                typer.echo("Ctrl-C để dừng / to stop.")
            supervisor.watch()
        finally:
            typer.echo("Đang dừng… / Stopping…")
            supervisor.stop()
            typer.echo("Đã dừng. / Stopped.")


def _start_front_door(supervisor: Supervisor, place: Deployment, host: str, port: int) -> None:
    if place.private_redis:
        supervisor.start(private_redis(place, stop_group=STOP_REDIS))
    api = digitize("api", "--host", host, "--port", str(port), "--data", str(place.data))
    supervisor.start(Child("api", api, stop_group=STOP_API, stop_seconds=15))


def _migrate(place: Deployment) -> None:
    prepare_store(place.storage)
    engine = make_engine(place.database.url)
    upgrade(engine)
    engine.dispose()


def _greet(place: Deployment, url: str) -> None:
    typer.echo(f"Digitize: {url}")
    typer.echo(f"  dữ liệu / data      {place.data}")
    typer.echo(f"  API                 {url}/api/v1   ({url}/openapi.json)")
    typer.echo(f"  hàng đợi / broker   {place.redis_socket if place.private_redis else 'DIGITIZE_WORKER_BROKER_URL'}")
    if not _has_accounts(place):
        option = f" --data {place.data}"
        typer.echo("Chưa có tài khoản nào; tạo cơ quan và tài khoản đầu tiên / No account yet; make the first one:")
        typer.echo(f'  digitize agency add H56.14 "UBND phường Ví Dụ"{option}')
        typer.echo(f"  digitize account add admin --role admin --agency H56.14{option}")
        typer.echo(f"  digitize station add quay-1 --agency H56.14{option}")


def _has_accounts(place: Deployment) -> bool:
    engine = make_engine(place.database.url)
    with reading(make_session_factory(engine)) as session:
        count = session.scalar(select(func.count()).select_from(Account))
    engine.dispose()
    return bool(count)


@contextmanager
def _only_one(data: Path) -> Iterator[Callable[[dict[str, object]], None]]:
    """One `up` for a data folder. The lock goes with the process, so a power cut leaves nothing to clear away."""
    path = data / LOCK_NAME
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            typer.echo(
                f"Thư mục dữ liệu đang được dùng / This data folder is in use: {data}  {lock.read().strip()}", err=True
            )
            raise typer.Exit(ExitCode.USAGE) from None

        def note(what: dict[str, object]) -> None:
            lock.seek(0)
            lock.truncate()
            lock.write(json.dumps(what))
            lock.flush()

        note({"pid": os.getpid()})
        yield note
        note({})


def _free_port(host: str, port: int) -> int:
    """The port itself, or a free one for 0; said now, and not by a child that is started again and again."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            typer.echo(f"Không mở được cổng / Can't listen on {host}:{port}: {error.strerror}", err=True)
            raise typer.Exit(ExitCode.USAGE) from error
        return int(probe.getsockname()[1])


def _reachable(host: str) -> str:
    """An address that a browser on this machine can open."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"[{name}]" if ":" in name else name


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/livez", timeout=1.0).is_success
    except httpx.HTTPError:
        return False


def wait_for_url(data: Path, *, alive: Callable[[], bool] = lambda: True, seconds: float = START_SECONDS) -> str:
    """The address of the `up` that runs on ``data``, once it answers. ``TimeoutError``, also when it is not ``alive`` any more."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and alive():
        try:
            url = json.loads((data / LOCK_NAME).read_text()).get("url")
        except (FileNotFoundError, json.JSONDecodeError):
            url = None
        if url and _answers(url):
            return str(url)
        time.sleep(0.1)
    raise TimeoutError(f"digitize up did not answer within {seconds:g} s")
