"""A back-scan on one machine as `digitize up` runs it: the API, a worker, Redis and then everything killed on the way, and every file is there once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import Engine, func, select

from models.batches.entities import BatchItem, ItemState
from models.database import make_engine, make_session_factory, reading
from models.settings import sqlite_url
from tests.commands.machine import Machine, at_once, environment
from tests.faults.system import draw_document

pytestmark = [pytest.mark.services, pytest.mark.slow]

FILES = 10


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    (tmp_path / "data").mkdir()
    made = Machine(tmp_path / "data")
    made.start()
    yield made
    if made.process is not None and made.process.poll() is None:
        made.stop()


@pytest.fixture
def engine(machine: Machine) -> Iterator[Engine]:
    made = make_engine(sqlite_url(machine.data))
    yield made
    made.dispose()


def test_killed_part_by_part_and_then_the_plug(machine: Machine, engine: Engine, tmp_path: Path) -> None:
    data = ("--data", str(machine.data))
    assert at_once("agency", "add", "H56.14", "UBND phường Ví Dụ", *data).returncode == 0
    sessions = make_session_factory(engine)
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(FILES):
        draw_document(folder / f"{number:02d}.pdf", 1 + number % 2, lines=4)
    made = at_once("batch", "create", "Lô", "--agency", "H56.14", "--settle", "0.2", "--at-once", "4", *data)
    batch = made.stdout.strip()
    assert at_once("batch", "add", batch, str(folder), *data).returncode == 0

    def run() -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-m", "commands", "batch", "run", batch, *data]
        return subprocess.Popen(argv, env=environment(), stderr=subprocess.DEVNULL)

    def status() -> dict[str, Any]:
        found: dict[str, Any] = json.loads(at_once("batch", "status", batch, "--json", *data).stdout)
        return found

    def done(count: int) -> None:
        """Asked of the database, ten times a second: the command takes a third of that time to answer."""
        statement = select(func.count()).select_from(BatchItem).where(BatchItem.state == ItemState.DONE)
        end = time.monotonic() + 200
        while True:
            with reading(sessions) as session:
                if session.scalars(statement).one() >= count:
                    return
            assert time.monotonic() < end, status()
            time.sleep(0.1)

    command = run()
    done(2)
    machine.child("api").kill()
    machine.child("--pool", "backscan").kill()
    done(4)
    command.kill()
    command.wait()
    next(child for child in psutil.Process(machine.process.pid).children() if "redis-server" in child.name()).kill()  # type: ignore[union-attr]
    machine.child("sweep").kill()
    done(6)
    machine.family = psutil.Process(machine.process.pid).children(recursive=True)  # type: ignore[union-attr]
    machine.cut_power()
    assert machine.left_over() == []
    machine.start()
    assert run().wait(240) == 0
    told = status()
    assert (told["total"], told["items"]["done"], told["pages"], told["pages_failed"]) == (FILES, FILES, 15, 0)
    verified = at_once("batch", "verify", batch, *data)
    assert (verified.returncode, verified.stdout) == (0, "")
    rows = json.loads(at_once("batch", "report", batch, "--json", *data).stdout)["items"]
    for what in ("path", "scan", "dossier", "sha256"):
        assert len({row[what] for row in rows}) == FILES, what
    assert all(row["papers"] == 1 for row in rows)
