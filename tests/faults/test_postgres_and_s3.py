"""The same faults in a province's column: PostgreSQL, and an S3 store that goes away and comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.agencies import ensure_agency
from models.database import transaction
from models.entities import Dispatch
from storage.settings import StorageSettings
from tests.faults.system import System, draw_document
from tests.faults.test_batches import assert_once, batch, create, documents, start_pool, states
from tests.services import PostgresServer, S3Server

pytestmark = [pytest.mark.services, pytest.mark.slow]

PAGES = 8  # enough for several to end at the same moment


class Province(System):
    def __init__(self, folder: Path, database: str, s3: S3Server, bucket: str) -> None:
        values = {
            "kind": "s3",
            "s3_endpoint": s3.endpoint,
            "s3_access_key": s3.access_key,
            "s3_secret_key": s3.secret_key,
            "s3_bucket": bucket,
            "s3_secure": "false",
            "s3_connect_seconds": "1",
            "s3_read_seconds": "3",
        }
        self._settings = StorageSettings.model_validate(values)
        environment = {f"DIGITIZE_STORAGE_{name.upper()}": value for name, value in values.items()}
        super().__init__(folder, DIGITIZE_DB_URL=database, **environment)

    @property
    def storage(self) -> StorageSettings:
        return self._settings


@pytest.fixture(scope="module")
def own_s3() -> Iterator[S3Server]:
    """Not the run's: it is stopped in the middle."""
    with S3Server() as server:
        yield server


@pytest.fixture(scope="module")
def system(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer, own_s3: S3Server
) -> Iterator[System]:
    database = postgres_server.create_database()
    with Province(tmp_path_factory.mktemp("province"), database, own_s3, own_s3.make_bucket()) as made:
        made.start_pool(0.2)
        made.start_sweeper()
        yield made
    postgres_server.drop_database(database)


def test_pages_that_end_at_the_same_moment(system: System, tmp_path: Path) -> None:
    scans = [system.post(draw_document(tmp_path / f"{number}.pdf", PAGES)) for number in range(2)]
    for scan_id in scans:
        system.assert_done_once(scan_id, PAGES)


def test_a_worker_killed_in_the_middle_of_a_page(system: System, tmp_path: Path) -> None:
    scan_id = system.post(draw_document(tmp_path / "scan.pdf", PAGES))
    system.wait_for(lambda: system.reader_pid(scan_id) is not None, "a page being read")
    pid = system.reader_pid(scan_id)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    system.assert_done_once(scan_id, PAGES)


def test_the_store_stops_and_comes_back(system: System, own_s3: S3Server, tmp_path: Path) -> None:
    scan_id = system.post(draw_document(tmp_path / "scan.pdf", PAGES))
    system.wait_for(lambda: system.reader_pid(scan_id) is not None, "a page being read")
    own_s3.stop()
    try:
        system.wait_for(lambda: any(row.last_error for row in rows(system, scan_id)), "a page that meets the outage")
        assert system.scan(scan_id).state == "reading"
    finally:
        own_s3.start()
    system.assert_done_once(scan_id, PAGES)
    assert all(row.attempts <= 2 for row in rows(system, scan_id))


def rows(system: System, scan_id: str) -> list[Dispatch]:
    return system.dispatches(scan_id, "digitize.read_page")


def test_a_batch_whose_command_worker_and_store_are_stopped(system: System, own_s3: S3Server, tmp_path: Path) -> None:
    with transaction(system.runtime.sessions) as session:
        ensure_agency(session, code="H56.14", name="UBND xã Mẫu")
    start_pool(system)
    paths = documents(tmp_path / "in", 12)
    made = create(system, "tỉnh", "--at-once", "4")
    batch(system, "add", made, str(tmp_path / "in"))
    argv = [sys.executable, "-m", "commands", "batch", "run", made]
    command = subprocess.Popen(argv, env=system.environment, stderr=subprocess.DEVNULL)
    system.wait_for(lambda: states(system, made).get("done", 0) >= 2, "two files to be done")
    own_s3.stop()
    command.kill()
    command.wait()
    system.kill("backscan")
    command = subprocess.Popen(argv, env=system.environment, stderr=subprocess.DEVNULL)
    start_pool(system)
    time.sleep(3.0)
    assert command.poll() is None, "it waits for the store"
    own_s3.start()
    assert command.wait(200) == 0
    assert_once(system, made, paths)
    system.kill("backscan")
