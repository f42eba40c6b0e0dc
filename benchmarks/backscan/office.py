"""One machine's installation for a benchmark: `digitize up` on a fresh folder, its agency, a station, and the commands that people type."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
from sqlalchemy.orm import Session, sessionmaker

from benchmarks.backscan.killing import strike
from commands.settings import deployment
from commands.supervisor import digitize
from commands.up import wait_for_url
from models import stations
from models.agencies import create_agency
from models.database import make_engine, make_session_factory, transaction, upgrade
from storage.factory import make_store
from tests.services import free_ports

AGENCY = "H56.14"


class Office:
    """A context manager; the folder stays. ``key``: the station's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("DIGITIZE_")}
        (self.port,) = free_ports(1)
        place = deployment(folder)
        self.engine = make_engine(place.database.url)
        upgrade(self.engine)
        self.sessions: sessionmaker[Session] = make_session_factory(self.engine)
        self.store = make_store(place.storage)
        with transaction(self.sessions) as session:
            agency = create_agency(session, code=AGENCY, name="UBND phường Ví Dụ")
            self.agency_id = agency.id
            _, self.key = stations.create_station(session, agency=agency, name="quay-1")
        self.up: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def root(self) -> psutil.Process:
        assert self.up is not None
        return psutil.Process(self.up.pid)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.up is not None:
            self.up.terminate()
            self.up.wait(90)
        self.engine.dispose()

    def start(self) -> None:
        """`digitize up`, until its page answers."""
        with (self.folder / "up.log").open("ab") as log:
            argv = digitize("up", "--port", str(self.port), "--data", str(self.folder))
            self.up = subprocess.Popen(argv, stdout=log, stderr=log, env=self.environment)
        wait_for_url(self.folder, alive=lambda: self.up is not None and self.up.poll() is None)

    def cut_power(self, *more: subprocess.Popen[bytes], dark_seconds: float = 5.0) -> int:
        """SIGKILL to everything, ``more`` too, and on again after a while; how many processes died."""
        killed = strike(self.root, ())
        for process in more:
            process.kill()
            process.wait()
            killed += 1
        assert self.up is not None
        self.up.wait()
        time.sleep(dark_seconds)
        self.start()
        return killed

    def command(self, *words: str, fail: bool = True) -> subprocess.CompletedProcess[str]:
        """`digitize …` to its end; what fails stops the benchmark unless ``fail`` is False."""
        argv = [*digitize(*words), "--data", str(self.folder)]
        done = subprocess.run(argv, env=self.environment, capture_output=True, text=True, check=False)
        if fail and done.returncode:
            raise RuntimeError(f"{words} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return done

    def begin(self, *words: str) -> subprocess.Popen[bytes]:
        """`digitize …` beside us."""
        with (self.folder / "command.log").open("ab") as log:
            argv = [*digitize(*words), "--data", str(self.folder)]
            return subprocess.Popen(argv, env=self.environment, stdout=log, stderr=log)
