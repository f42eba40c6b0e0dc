from __future__ import annotations

import hashlib
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from models.entities import Dispatch, Event, Role, Scan
from models.settings import sqlite_url
from tests.digitize_api.api import PDF, Api, jpeg, running_api
from workers.names import Queue, TaskName


def post(
    client: httpx.Client, code: str, data: bytes, key: str = "k1", name: str = "a.pdf", **headers: str
) -> httpx.Response:
    return client.post(
        f"/api/v1/dossiers/{code}/scans",
        files={"file": (name, data)},
        headers={"Idempotency-Key": key, **headers},
    )


def kept(api: Api) -> list[str]:
    """Every file under the store's folder but its own notes: nothing means nothing was kept, not even half."""
    root = api.store.root
    return [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and ".meta" not in path.parts]


def scans(api: Api) -> int:
    with api.sessions() as session:
        return session.scalar(select(func.count()).select_from(Scan)) or 0


def test_acknowledged_means_durable_and_rung(api: Api) -> None:
    station = api.station()
    code = api.dossier(station)
    answer = post(station, code, PDF, name="bản quét.pdf")
    assert answer.status_code == 202
    scan = answer.json()
    assert answer.headers["Location"] == f"/api/v1/scans/{scan['id']}"
    assert scan["state"] == "received"
    assert (scan["filename"], scan["bytes"], scan["media_type"]) == ("bản quét.pdf", len(PDF), "application/pdf")
    assert scan["sha256"] == hashlib.sha256(PDF).hexdigest()
    with api.store.open(f"originals/{scan['sha256'][:2]}/{scan['sha256']}") as stored:
        assert stored.read() == PDF
    with api.sessions() as session:
        dispatch = session.scalars(select(Dispatch)).one()
        assert [event.kind for event in session.scalars(select(Event).where(Event.scan_id == scan["id"]))] == ["state"]
    assert api.rings == [(dispatch.id, TaskName.INSPECT_SCAN.value, Queue.COUNTER.value)]
    assert station.get(answer.headers["Location"]).json()["id"] == scan["id"]


def test_same_bytes_again_is_the_same_scan(api: Api) -> None:
    station = api.station()
    code = api.dossier(station)
    first = post(station, code, PDF, key="one")
    again = post(station, code, PDF, key="one")
    other_key = post(station, code, PDF, key="two")
    assert [first.status_code, again.status_code, other_key.status_code] == [202, 200, 200]
    assert first.json()["id"] == again.json()["id"] == other_key.json()["id"]
    assert other_key.headers["Location"] == first.headers["Location"]
    replayed = [answer.headers.get("Idempotent-Replayed") for answer in (first, again, other_key)]
    assert replayed == [None, "true", None], "the key's own retry, and nobody else's"
    assert len(api.rings) == 1


def test_the_same_bytes_in_another_dossier_are_another_scan_and_one_object(api: Api) -> None:
    station = api.station()
    one, two = api.dossier(station), api.dossier(station)
    assert post(station, one, PDF, key="one").status_code == 202
    assert post(station, two, PDF, key="two").status_code == 202
    assert scans(api) == 2
    assert len(kept(api)) == 1


def test_a_key_used_for_other_bytes(api: Api) -> None:
    station = api.station()
    code = api.dossier(station)
    assert post(station, code, PDF, key="same").status_code == 202
    answer = post(station, code, jpeg(), key="same")
    assert (answer.status_code, answer.json()["code"]) == (409, "IDEMPOTENCY_CONFLICT")
    assert scans(api) == 1
    assert len(kept(api)) == 1, "the refused bytes are not kept"


def test_two_at_once_are_one_scan(api: Api) -> None:
    station = api.station()
    code = api.dossier(station)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda index: post(api.station(), code, PDF, key=f"key-{index % 2}"), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [202]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(api.rings) == 1


@pytest.mark.services
def test_two_at_once_on_postgresql(province: Api) -> None:
    station = province.station()
    code = province.dossier(station)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda index: post(province.station(), code, PDF, key=f"key-{index % 2}"), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [202]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(province.rings) == 1


def test_checksum(api: Api) -> None:
    station = api.station()
    code = api.dossier(station)
    right = hashlib.sha256(PDF).hexdigest()
    wrong = post(station, code, PDF, **{"X-Content-SHA256": "0" * 64})
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["retryable"]) == (422, "CHECKSUM_MISMATCH", True)
    assert kept(api) == []
    malformed = post(station, code, PDF, **{"X-Content-SHA256": "abc"})
    assert malformed.json()["errors"][0]["field"] == "header.X-Content-SHA256"
    assert post(station, code, PDF, **{"X-Content-SHA256": right.upper()}).status_code == 202


def test_a_station_needs_a_key_a_browser_does_not(api: Api) -> None:
    station = api.station()
    code = api.dossier(station)
    url = f"/api/v1/dossiers/{code}/scans"
    answer = station.post(url, files={"file": ("a.pdf", PDF)})
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_REQUEST")
    assert answer.json()["errors"][0]["field"] == "header.Idempotency-Key"
    assert api.person().post(url, files={"file": ("a.pdf", PDF)}).status_code == 202


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "EMPTY_FILE"),
        (b"hello, this is text", "UNSUPPORTED_TYPE"),
        (b"PK\x03\x04" + bytes(2000), "UNSUPPORTED_TYPE"),
        (b"<html>" + b"%" * 1024 + b"%PDF-1.7", "UNSUPPORTED_TYPE"),
    ],
)
def test_what_is_refused_at_the_door(api: Api, data: bytes, code: str) -> None:
    station = api.station()
    answer = post(station, api.dossier(station), data)
    assert answer.json()["code"] == code
    assert answer.headers["content-type"] == "application/problem+json"
    assert kept(api) == []
    assert scans(api) == 0


@pytest.mark.parametrize("announced", [True, False])
def test_too_large_is_refused_while_it_streams(tmp_path: Path, announced: bool) -> None:
    with running_api(tmp_path, sqlite_url(tmp_path), max_upload_bytes=100_000) as api:
        station = api.station()
        url = f"/api/v1/dossiers/{api.dossier(station)}/scans"
        body = (
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
            + PDF[:9]
            + bytes(400_000)
            + b"\r\n--b--\r\n"
        )
        headers = {"Idempotency-Key": "k", "Content-Type": "multipart/form-data; boundary=b"}
        chunks = iter([body[start : start + 10_000] for start in range(0, len(body), 10_000)])
        answer = station.post(url, content=body if announced else chunks, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")
        assert kept(api) == []
        exact = PDF[:9] + bytes(100_000 - 9)
        assert post(station, url.split("/")[4], exact).status_code == 202


def test_the_largest_upload_is_streamed_and_hashed_right(api: Api) -> None:
    station = api.station()
    big = PDF[:9] + bytes(range(256)) * 100_000
    answer = post(station, api.dossier(station), big)
    assert answer.status_code == 202
    assert answer.json()["sha256"] == hashlib.sha256(big).hexdigest()


def raw_upload(api: Api, code: str, body: bytes, length: int) -> socket.socket:
    port = int(api.url.rpartition(":")[2])
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(
        f"POST /api/v1/dossiers/{code}/scans HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {api.keys['may-quet-1']}\r\n"
        f"Idempotency-Key: k\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\n\r\n".encode()
        + body
    )
    return connection


def read_all(connection: socket.socket) -> str:
    """The answer, until the server closes."""
    connection.settimeout(10)
    received = b""
    with connection:
        while chunk := connection.recv(65536):
            received += chunk
    return received.decode()


PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'


def test_half_sent_leaves_nothing(api: Api) -> None:
    code = api.dossier(api.station())
    whole = PART + PDF + b"\r\n--b--\r\n"
    for cut in (len(PART) + 5, len(PART) + 5000, len(whole) - 8, len(whole) - 3):
        connection = raw_upload(api, code, whole[:cut], len(whole))
        time.sleep(0.1)
        connection.close()
    deadline = time.monotonic() + 10
    while kept(api) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert kept(api) == []
    assert scans(api) == 0
    assert post(api.station(), code, PDF).status_code == 202, "and the same file can be sent again"


def test_a_body_that_ends_before_its_boundary(api: Api) -> None:
    code = api.dossier(api.station())
    body = PART + PDF
    connection = raw_upload(api, code, body, len(body))
    answer = read_all(connection)
    assert "400 Bad Request" in answer
    assert "UPLOAD_INCOMPLETE" in answer
    assert kept(api) == []


def test_an_upload_that_stalls_is_given_up(tmp_path: Path) -> None:
    with running_api(tmp_path, sqlite_url(tmp_path), upload_stall_seconds=0.3) as api:
        code = api.dossier(api.station())
        connection = raw_upload(api, code, PART + PDF[:5000], 100_000)
        answer = read_all(connection)
        assert "UPLOAD_INCOMPLETE" in answer
        assert kept(api) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system32\\a.pdf", "a.pdf"),
        ("/abs/olute.pdf", "olute.pdf"),
        ("..", "scan"),
        ("", "scan"),
        ("a\x07b\x1b[31m.pdf", "ab[31m.pdf"),
        ("ho\u202efdp.exe", "hofdp.exe"),
        ("Giấy khai sinh.pdf", "Giấy khai sinh.pdf"),
        ("x" * 400 + ".pdf", "x" * 235 + "…" + "x" * 15 + ".pdf"),
    ],
)
def test_names_are_shown_and_never_paths(api: Api, name: str, shown: str) -> None:
    station = api.station()
    code = api.dossier(station)
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="'
        + name.replace("\\", "\\\\").encode()
        + b'"\r\n\r\n'
        + PDF
        + b"\r\n--b--\r\n"
    )
    headers = {"Idempotency-Key": "k", "Content-Type": "multipart/form-data; boundary=b"}
    answer = station.post(f"/api/v1/dossiers/{code}/scans", content=body, headers=headers)
    assert answer.status_code == 202, answer.text
    assert answer.json()["filename"] == shown
    digest = hashlib.sha256(PDF).hexdigest()
    assert kept(api) == [f"originals/{digest[:2]}/{digest}"]


def test_malformed_forms(api: Api) -> None:
    station = api.station()
    url = f"/api/v1/dossiers/{api.dossier(station)}/scans"
    for body, kind in [
        (b"{}", "application/json"),
        (b"--b\r\n", "multipart/form-data"),
        (b"nonsense", "multipart/form-data; boundary=b"),
        (
            b'--b\r\nContent-Disposition: form-data; name="other"\r\n\r\nx\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
        (PART + PDF + b"\r\n" + PART + PDF + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"),
        (
            b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n' + bytes(20_000) + b"\r\n--b--\r\n",
            "multipart/form-data; boundary=b",
        ),
        (PART, "multipart/form-data; boundary=" + "b" * 300),
    ]:
        answer = station.post(url, content=body, headers={"Idempotency-Key": "k", "Content-Type": kind})
        assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_REQUEST"), body[:60]
    assert kept(api) == []


def test_unknown_dossier_is_said_before_the_bytes_are_read(api: Api) -> None:
    api.station()
    connection = raw_upload(api, "H56.14-000000-0000", b"", 10_000_000)
    answer = read_all(connection)
    assert "404 Not Found" in answer
    assert "NOT_FOUND" in answer


def test_a_refused_sender_can_still_read_why(api: Api) -> None:
    """The connection isn't reset under a client that is busy sending."""
    api.station()
    body = PART + bytes(6_000_000)
    client = api.client(Authorization="Bearer wrong")
    answer = client.post(
        "/api/v1/dossiers/x/scans", content=body, headers={"Content-Type": "multipart/form-data; boundary=b"}
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "NOT_AUTHENTICATED")


def test_low_priority_is_for_services(api: Api) -> None:
    station = api.station()
    code = api.dossier(station)
    url = f"/api/v1/dossiers/{code}/scans?queue=backscan"
    answer = station.post(url, files={"file": ("a.pdf", PDF)}, headers={"Idempotency-Key": "k"})
    assert answer.json()["queue"] == "backscan"
    assert api.rings[-1][2] == "backscan"
    assert api.person(Role.CLERK).post(url, files={"file": ("a.pdf", jpeg())}).status_code == 403
    assert station.post(url + "x", files={"file": ("a.pdf", PDF)}).status_code == 422


def test_a_bell_that_fails_loses_nothing(tmp_path: Path) -> None:
    with running_api(tmp_path, sqlite_url(tmp_path), fail_ring=True) as api:
        station = api.station()
        assert post(station, api.dossier(station), PDF).status_code == 202
        with api.sessions() as session:
            assert session.scalars(select(Dispatch)).one().state == "pending"


def test_uploads_beside_each_other_while_ordinary_requests_go_on(tmp_path: Path) -> None:
    """Slow senders hold no thread of the pool that answers everybody else."""
    with running_api(tmp_path, sqlite_url(tmp_path), uploads_at_once=100) as api:
        station = api.station()
        code = api.dossier(station)
        slow = [raw_upload(api, code, PART + PDF[:5000], 1_000_000) for _ in range(60)]
        time.sleep(0.3)
        started = time.monotonic()
        assert station.get(f"/api/v1/dossiers/{code}").status_code == 200
        assert time.monotonic() - started < 2
        for connection in slow:
            connection.close()
    assert kept(api) == []


def test_stop_does_not_wait_for_followers(tmp_path: Path) -> None:
    with running_api(tmp_path, sqlite_url(tmp_path)) as api:
        station = api.station()
        scan = post(station, api.dossier(station), PDF).json()
        heard = threading.Event()

        def follow() -> None:
            with suppress(httpx.TransportError), station.stream("GET", scan["links"]["events"]) as stream:
                for line in stream.iter_lines():
                    if line.startswith("data:") and json.loads(line[5:])["state"] == "received":
                        heard.set()

        thread = threading.Thread(target=follow, daemon=True)
        thread.start()
        assert heard.wait(10)
        started = time.monotonic()
    assert time.monotonic() - started < 3
