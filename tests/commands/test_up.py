"""One machine: from the first start to the power cut. The tests of this module follow each other on the same data folder."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from commands.station_client import ENDS, StationClient
from tests.commands.machine import Machine, digitize
from tests.faults.system import draw_document

pytestmark = [pytest.mark.services, pytest.mark.slow]

PASSWORD = "mật khẩu dài 1"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    made = Machine(tmp_path_factory.mktemp("data"))
    made.start()
    yield made
    if made.process is not None and made.process.poll() is None:
        made.stop()


@pytest.fixture(scope="module")
def key(machine: Machine) -> str:
    """A station's key, from the commands that `up` itself names."""
    data = ("--data", str(machine.data))
    agency = digitize("agency", "add", "H56.14", "UBND phường Ví Dụ", *data)
    assert agency.returncode == 0, agency.stderr
    account = ("account", "add", "admin", "--role", "admin", "--agency", "H56.14", "--password-stdin")
    assert digitize(*account, *data, stdin=f"{PASSWORD}\n").returncode == 0
    station = digitize("station", "add", "quay-1", "--agency", "H56.14", *data)
    assert station.returncode == 0, station.stderr
    return station.stdout.strip()


def wait_for_end(station: StationClient, scan: dict[str, Any], seconds: float = 120) -> dict[str, Any]:
    end = time.monotonic() + seconds
    while scan["state"] not in ENDS:
        assert time.monotonic() < end, scan
        time.sleep(0.2)
        scan = station.scan(scan["id"])
    return scan


def test_it_tells_where_it_listens_and_how_to_begin(machine: Machine) -> None:
    told = (machine.data / "up.log").read_text()
    assert machine.url in told
    assert "digitize account add" in told
    answer = httpx.get(f"{machine.url}/readyz")
    assert answer.status_code == 200, answer.text


def test_a_second_up_on_the_same_data_is_refused(machine: Machine) -> None:
    second = digitize("up", "--port", "0", "--data", str(machine.data))
    assert second.returncode == 2
    assert machine.url in second.stderr


def test_a_port_that_is_taken_is_named(machine: Machine, tmp_path: Path) -> None:
    port = machine.url.rpartition(":")[2]
    other = digitize("up", "--port", port, "--data", str(tmp_path))
    assert other.returncode == 2
    assert port in other.stderr


def test_a_scan_becomes_a_pdf(machine: Machine, key: str, tmp_path: Path) -> None:
    with StationClient(machine.url, key) as station:
        code = station.create_dossier({"title": "Hồ sơ thử"})
        assert code.startswith("H56.14-")
        scan = wait_for_end(station, station.post_scan(code, draw_document(tmp_path / "a.pdf", 2, lines=6)))
    assert (scan["state"], scan["pages_read"]) == ("done", 2)


def test_a_child_that_dies_is_started_again(machine: Machine, key: str, tmp_path: Path) -> None:
    for words in (["api"], ["--pool", "pages"]):
        machine.child(*words).kill()
    end = time.monotonic() + 60
    while not answers(machine.url):
        assert time.monotonic() < end
        time.sleep(0.2)
    with StationClient(machine.url, key) as station:
        posted = station.post_scan(station.create_dossier({}), draw_document(tmp_path / "b.pdf", 1, lines=6))
        assert wait_for_end(station, posted)["state"] == "done"


def test_ctrl_c_stops_everything_and_nothing_is_lost(machine: Machine, key: str, tmp_path: Path) -> None:
    machine.family = psutil.Process(machine.process.pid).children(recursive=True) if machine.process else []
    with StationClient(machine.url, key) as station:
        posted = station.post_scan(station.create_dossier({}), draw_document(tmp_path / "c.pdf", 4, lines=6))
    assert machine.stop() == 0
    assert machine.left_over() == []
    machine.start()
    with StationClient(machine.url, key) as station:
        scan = wait_for_end(station, posted)
    assert (scan["state"], scan["pages_read"]) == ("done", 4)


def test_a_power_cut_loses_nothing(machine: Machine, key: str, tmp_path: Path) -> None:
    with StationClient(machine.url, key) as station:
        posted = station.post_scan(station.create_dossier({}), draw_document(tmp_path / "d.pdf", 4, lines=6))
        while station.scan(posted["id"])["pages_read"] < 1:
            time.sleep(0.05)
    machine.cut_power()
    assert machine.left_over() == []
    machine.start()
    with StationClient(machine.url, key) as station:
        scan = wait_for_end(station, posted)
    assert (scan["state"], scan["pages_read"]) == ("done", 4)


def test_without_its_supervisor_no_process_lives_on(machine: Machine) -> None:
    assert machine.process is not None
    machine.process.kill()
    machine.process.wait()
    assert machine.left_over(40) == []


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/livez", timeout=1).is_success
    except httpx.HTTPError:
        return False
