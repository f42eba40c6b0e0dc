"""A small installation made of real processes: Redis, worker pools, sweeper, over a database and a store of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from PIL import Image, ImageDraw
from sqlalchemy import select

from models.database import reading
from models.entities import Component, Dispatch, Event, Page, Scan
from models.lifecycle import SCAN_ENDS
from models.settings import sqlite_url
from storage.settings import StorageSettings
from tests.services import RedisServer
from tests.workers.runtimes import post, runtime_in
from workers.runtime import Runtime

QUICK = {  # as short as a busy machine of two cores allows
    "DIGITIZE_WORKER_LEASE_SECONDS": "3",
    "DIGITIZE_WORKER_SWEEP_SECONDS": "0.3",
    "DIGITIZE_WORKER_RESEND_SECONDS": "3",
    "DIGITIZE_WORKER_RETRY_SECONDS": "0.3",
    "DIGITIZE_WORKER_MAX_RETRY_SECONDS": "1",
}


class System:
    """``environment`` adds to what every process gets. Processes end with the ``with`` block."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.redis = RedisServer()
        self._stack = ExitStack()
        self._environment = environment
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.runtime: Runtime

    def __enter__(self) -> Self:
        self._stack.enter_context(self.redis)
        self.environment = {
            **os.environ,
            **QUICK,
            "DIGITIZE_DATA": str(self.folder),
            "DIGITIZE_DB_URL": sqlite_url(self.folder),
            "DIGITIZE_WORKER_BROKER_URL": self.redis.url,
            "DIGITIZE_STORAGE_ROOT": str(self.folder / "objects"),
            **self._environment,
        }
        self.runtime = self._stack.enter_context(
            runtime_in(
                self.folder, broker=self.redis.url, database=self.environment["DIGITIZE_DB_URL"], storage=self.storage
            )
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if error is not None:
            for log in sorted(self.folder.glob("*.log")):
                sys.stderr.write(f"--- {log.name}\n{log.read_text(errors='replace')[-6000:]}\n")
        self._stack.close()

    @property
    def storage(self) -> StorageSettings:
        return StorageSettings(root=self.folder / "objects")

    def start(self, name: str, *argv: str) -> subprocess.Popen[bytes]:
        """A process of ours (``python -m …``), its output in ``<name>.log``."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", *argv], env=self.environment, stdout=log, stderr=log
            )
        return self._processes[name]

    def start_pool(self, seconds: float) -> subprocess.Popen[bytes]:
        """One pool for both queues that a counter scan needs; a page takes ``seconds``."""
        return self.start("pool", "tests.faults.pool", "counter,pages", str(seconds))

    def kill(self, name: str) -> int | None:
        """SIGKILL; how it had ended before, or ``None`` when it ran."""
        process = self._processes.pop(name)
        before = process.poll()
        process.kill()
        process.wait()
        return before

    def start_sweeper(self, name: str = "sweeper") -> None:
        self.start(name, "commands", "sweep")

    def post(self, path: Path, *, ring: bool = True, before_commit: Callable[[str], object] = lambda _key: None) -> str:
        scan_id, dispatch_id = post(self.runtime, path, before_commit=before_commit)
        if ring:
            self.runtime.doorbell(dispatch_id, "digitize.inspect_scan", "counter")
        return scan_id

    def scan(self, scan_id: str) -> Scan:
        with reading(self.runtime.sessions) as session:
            return session.get_one(Scan, scan_id)

    def pages(self, scan_id: str) -> list[Page]:
        with reading(self.runtime.sessions) as session:
            return list(session.scalars(select(Page).where(Page.scan_id == scan_id).order_by(Page.number)))

    def components(self, scan_id: str) -> list[Component]:
        with reading(self.runtime.sessions) as session:
            return list(session.scalars(select(Component).where(Component.scan_id == scan_id)))

    def events(self, scan_id: str, kind: str) -> list[Event]:
        with reading(self.runtime.sessions) as session:
            return list(session.scalars(select(Event).where(Event.scan_id == scan_id, Event.kind == kind)))

    def dispatches(self, scan_id: str, task: str) -> list[Dispatch]:
        with reading(self.runtime.sessions) as session:
            return list(session.scalars(select(Dispatch).where(Dispatch.scan_id == scan_id, Dispatch.task == task)))

    def pages_in_work(self, scan_id: str) -> int:
        rows = self.dispatches(scan_id, "digitize.read_page")
        return sum(row.lease_owner is not None and row.state == "pending" for row in rows)

    def reader_pid(self, scan_id: str) -> int | None:
        """The process that reads one of the scan's pages now."""
        for row in self.dispatches(scan_id, "digitize.read_page"):
            if row.lease_owner and row.state == "pending":
                return int(row.lease_owner.split(":")[1])
        return None

    def wait_for(self, true: Callable[[], bool], what: str, seconds: float = 240.0) -> None:
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise TimeoutError(f"waited {seconds:g} s for {what}")
            time.sleep(0.1)

    def wait_for_end(self, scan_id: str, seconds: float = 240.0) -> Scan:
        self.wait_for(lambda: self.scan(scan_id).state in SCAN_ENDS, f"the end of {scan_id}", seconds)
        return self.scan(scan_id)

    def assert_done_once(self, scan_id: str, pages: int) -> None:
        """The scan ended well, once, with every page."""
        scan = self.wait_for_end(scan_id)
        assert scan.state == "done", (scan.state, scan.refused_code, scan.refused_detail)
        found = self.pages(scan_id)
        assert [page.number for page in found] == list(range(1, pages + 1))
        assert [page.state for page in found] == ["read"] * pages
        assert len(self.components(scan_id)) == 1
        assert len(self.events(scan_id, "done")) == 1
        read = [event.data["number"] for event in self.events(scan_id, "page") if event.data["state"] == "read"]
        assert sorted(read) == list(range(1, pages + 1))


@contextmanager
def system_in(folder: Path, **environment: str) -> Iterator[System]:
    with System(folder, **environment) as system:
        yield system


def draw_document(path: Path, pages: int, *, crashing: int | None = None, lines: int = 20) -> Path:
    """A multi-page PDF of grey A4 pages at 100 dpi with lines of ink (a few, where they are really read); page ``crashing`` is landscape, which the fake engine dies of."""
    images, mark = [], uuid.uuid4().hex  # no two documents are the same bytes
    for number in range(1, pages + 1):
        image = Image.new("L", (1169, 827) if number == crashing else (827, 1169), 250)
        draw = ImageDraw.Draw(image)
        for row in range(lines):
            draw.text((100, 150 + 24 * row), f"UBND xa Vi Du, trang {number}, dong {row}: {mark}", fill=10)
        images.append(image)
    images[0].save(path, save_all=True, append_images=images[1:], resolution=100)
    return path
