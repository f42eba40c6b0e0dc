"""The front door is killed after the commit and before the ring: acknowledged or not, what was committed is read, once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from models.agencies import ensure_agency
from models.database import reading, transaction
from models.entities import Scan
from models.stations import create_station
from tests.faults.system import System, draw_document
from tests.services import free_ports

pytestmark = [pytest.mark.services, pytest.mark.slow]


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    with System(tmp_path) as made:
        yield made


def test_a_front_door_killed_between_commit_and_ring(system: System, tmp_path: Path) -> None:
    with transaction(system.runtime.sessions) as session:
        _, key = create_station(session, agency=ensure_agency(session, code="H56.14", name="UBND"), name="quay-1")
    (port,) = free_ports(1)
    http = httpx.Client(
        base_url=f"http://127.0.0.1:{port}/api/v1", headers={"Authorization": f"Bearer {key}"}, timeout=60
    )
    data = draw_document(tmp_path / "a.pdf", 2).read_bytes()
    once = {"Idempotency-Key": "the-same", "X-Content-SHA256": hashlib.sha256(data).hexdigest()}
    files = {"file": ("a.pdf", data)}

    door = system.start("door", "tests.faults.front_door", str(port))
    system.wait_for(lambda: answers(port), "the front door")
    code = http.post("/dossiers", json={}).raise_for_status().json()["code"]
    with pytest.raises(httpx.TransportError):
        http.post(f"/dossiers/{code}/scans", headers=once, files=files)
    assert door.wait(10) == -9
    with reading(system.runtime.sessions) as session:
        scan = session.scalars(select(Scan)).one()
    assert scan.state == "received"

    system.start_pool(0.0)
    system.start_sweeper()
    system.assert_done_once(scan.id, 2)

    # The station heard nothing, and sends it again with the same key: the same scan, nothing read twice.
    system.start("door-2", "commands", "api", "--port", str(port))
    system.wait_for(lambda: answers(port), "the front door again")
    answer = http.post(f"/dossiers/{code}/scans", headers=once, files=files)
    assert (answer.status_code, answer.json()["id"], answer.json()["state"]) == (200, scan.id, "done")
    http.close()


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/livez", timeout=1).is_success
    except httpx.HTTPError:
        return False
