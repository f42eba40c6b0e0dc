"""``digitize worker`` and ``digitize sweep``: the processes that work through the queues."""

from __future__ import annotations

import signal
import sys
import threading
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from commands.options import DataOption
from commands.pools import POOLS, ROLES, children, cores
from commands.settings import deployment
from commands.supervisor import Supervisor
from models.catalog import default_catalog
from workers.logs import configure_logging
from workers.names import Queue


class Role(StrEnum):
    """The names in ``commands.pools.ROLES``."""

    COUNTER = "counter"
    BACKSCAN = "backscan"
    MAINTENANCE = "maintenance"
    ALL = "all"


def register(app: typer.Typer) -> None:
    """Add ``worker`` and ``sweep``."""
    app.command("worker")(worker)
    app.command("sweep")(sweep)


def worker(
    role: Annotated[
        Role | None,
        typer.Argument(help="Vai trò: counter, backscan, maintenance, all. / Which queues this host works through."),
    ] = None,
    pool: Annotated[Queue | None, typer.Option(hidden=True, help="one pool, in this process")] = None,
    processes: Annotated[
        int, typer.Option(min=0, help="Số tiến trình mỗi nhóm; 0: theo số nhân. / Processes per pool; 0: its default.")
    ] = 0,
    data: DataOption = None,
) -> None:
    """Chạy tiến trình xử lý cho một vai trò đến khi nhận SIGTERM. / Work through the queues of a role until SIGTERM."""
    place = deployment(data)
    default_catalog()  # checked before anything starts, and loaded once for the processes that this one forks
    if pool is not None:
        sys.exit(_run_pool(place.data, pool, processes))
    if role is None:
        raise typer.BadParameter("thiếu vai trò / name a role: " + ", ".join(ROLES))
    configure_logging(as_json=place.workers.log_json, process=f"worker-{role.value}")
    supervisor = Supervisor()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, supervisor.request_stop)
    for child in children(role.value, str(place.data), processes=processes):
        supervisor.start(child)
    supervisor.watch()
    supervisor.stop()


def _run_pool(data: Path, queue: Queue, processes: int) -> int:
    # The reading engine and OpenCV are loaded here only: `digitize account` has no need of them.
    from workers.celery_app import make_celery  # noqa: PLC0415
    from workers.runtime import make_runtime  # noqa: PLC0415
    from workers.tasks import run_worker  # noqa: PLC0415

    place, shape = deployment(data), POOLS[queue]
    return run_worker(
        make_celery(place.workers),
        place.workers,
        lambda: make_runtime(place.workers, place.database, place.storage),
        [queue],
        concurrency=processes or shape.processes or cores(),
        niceness=shape.niceness,
    )


def sweep(
    *,
    once: Annotated[bool, typer.Option("--once", help="Quét một lượt rồi dừng. / One round, then end.")] = False,
    data: DataOption = None,
) -> None:
    """Gửi lại việc đến hạn và dọn dẹp. / Send what is due again, and tidy up."""
    from workers.runtime import make_runtime  # noqa: PLC0415 - heavy, see above
    from workers.sweeper import Sweeper  # noqa: PLC0415

    place = deployment(data)
    configure_logging(as_json=place.workers.log_json, process="sweeper")
    sweeper = Sweeper(make_runtime(place.workers, place.database, place.storage))
    if once:
        typer.echo(sweeper.once())
        return
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    sweeper.loop(stop)
