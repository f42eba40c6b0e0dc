"""Batches over HTTP and on their pages."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import httpx
import pytest

from models.batches import feed as batch_feed
from models.database import transaction
from models.entities import Role
from models.search import make_index
from models.settings import sqlite_url
from tests.digitize_api.api import PDF, Api, running_api


def make(client: httpx.Client, name: str = "Kệ 4", **told: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/batches", json={"name": name, **told})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    assert answer.headers["location"] == made["links"]["self"]
    return made


def send(client: httpx.Client, batch: str, name: str, data: bytes = PDF) -> httpx.Response:
    return client.post(f"/api/v1/batches/{batch}/files", files={"file": (name, data)})


def feed(api: Api, batch: str) -> int:
    count = 0
    while True:
        with transaction(api.sessions) as session:
            batch_feed.settle(session, batch)
        with transaction(api.sessions) as session:
            step = batch_feed.post_next(session, batch, make_index(api.engine))
        if step is None:
            return count
        count += 1


def run(client: httpx.Client, batch: str) -> None:
    assert client.patch(f"/api/v1/batches/{batch}", json={"state": "running"}).json()["state"] == "running"


def test_a_batch_from_its_making_to_its_report(api: Api) -> None:
    head = api.person(Role.SUPERVISOR)
    made = make(head, page_failure="skip", hours="00:00-24:00", key_pattern=r"(?P<key>\d+)", max_failure_share=0.5)
    assert made["state"] == "new"
    assert made["policies"] | {"page_failure": "skip", "max_failure_share": 0.5, "yields": True} == made["policies"]
    batch = made["id"]
    sent = send(head, batch, "12-a.pdf")
    assert (sent.status_code, sent.json()["state"], sent.json()["key"]) == (202, "waiting", "12")
    assert send(head, batch, "12-a.pdf").status_code == 200
    assert send(head, batch, "13.pdf").json()["state"] == "duplicate"
    assert send(head, batch, "14.pdf", PDF + b"14").json()["state"] == "waiting"
    assert feed(api, batch) == 0, "nobody has run it"
    run(head, batch)
    assert feed(api, batch) == 2
    items = head.get(f"/api/v1/batches/{batch}/items", params={"limit": 2}).json()
    assert ([item["number"] for item in items["items"]], items["next"]) == ([1, 2], 2)
    rest = head.get(f"/api/v1/batches/{batch}/items", params={"after": 2, "state": ["posted", "done"]}).json()
    assert [item["filename"] for item in rest["items"]] == ["14.pdf"]
    scan = head.get(f"/api/v1/scans/{rest['items'][0]['scan']}").json()
    assert (scan["queue"], scan["state"]) == ("backscan", "received")
    for item in (items["items"][0], rest["items"][0]):
        api.read(item["scan"], ["Ủy ban nhân dân"])
    feed(api, batch)
    got = head.get(f"/api/v1/batches/{batch}").json()
    assert got["progress"]["items"] | {"done": 2, "duplicate": 1, "waiting": 0} == got["progress"]["items"]
    assert (got["progress"]["total"], got["progress"]["settled"], got["progress"]["pages"]) == (3, 3, 2)
    report = head.get(f"/api/v1/batches/{batch}/report.csv")
    assert report.headers["content-disposition"] == f'attachment; filename="lo-{batch[:8]}.csv"'
    rows = list(csv.DictReader(io.StringIO(report.text.removeprefix("\ufeff"))))
    assert [(row["Mã kiểm kê"], row["Trạng thái"]) for row in rows] == [
        ("12", "done"),
        ("13", "duplicate"),
        ("14", "done"),
    ]
    assert head.get(f"/api/v1/batches/{batch}/verification").json() == {"differences": [], "more": False}
    log = head.get("/nhat-ky?loai=administration").text
    assert "Lô Kệ 4: chạy" in log


def test_verification_finds_what_is_missing(api: Api) -> None:
    head = api.person(Role.SUPERVISOR)
    batch = make(head)["id"]
    send(head, batch, "1.pdf")
    run(head, batch)
    feed(api, batch)
    (item,) = head.get(f"/api/v1/batches/{batch}/items").json()["items"]
    component = api.read(item["scan"], ["x"])
    feed(api, batch)
    pdf = head.get(f"/api/v1/components/{component}").json()
    (key,) = [info.key for info in api.store.list("derived/") if info.sha256 == pdf["pdf"]["sha256"]]
    api.store.delete(key)
    found = head.get(f"/api/v1/batches/{batch}/verification").json()["differences"]
    assert [(one["what"], one["number"], one["detail"]) for one in found] == [("pdf_missing", 1, key)]


def test_a_failed_file_is_tried_again(api: Api) -> None:
    head = api.person(Role.SUPERVISOR)
    batch = make(head)["id"]
    send(head, batch, "1.pdf")
    run(head, batch)
    feed(api, batch)
    (item,) = head.get(f"/api/v1/batches/{batch}/items").json()["items"]
    refuse(api, item["scan"])
    feed(api, batch)
    (failed,) = head.get(f"/api/v1/batches/{batch}/items", params={"state": "failed"}).json()["items"]
    assert failed["reason"] == {"code": "CORRUPT_FILE", "detail": "broken"}
    page = head.get(f"/so-hoa-lo/{batch}").text
    assert "Tệp hỏng hoặc bị cắt cụt" in page
    assert "Làm lại tệp hỏng" in page
    again = head.post(f"/api/v1/batches/{batch}/retry").json()
    assert (again["items"], again["batch"]["progress"]["items"]["waiting"]) == (1, 1)
    assert feed(api, batch) == 1
    assert head.get(f"/api/v1/scans/{item['scan']}").json()["state"] == "received"


def refuse(api: Api, scan_id: str) -> None:
    from models.entities import Scan, ScanState  # noqa: PLC0415 - of this helper alone
    from models.lifecycle import move_scan  # noqa: PLC0415

    with transaction(api.sessions) as session:
        scan = session.get_one(Scan, scan_id)
        move_scan(session, scan, ScanState.REFUSED, data={"code": "CORRUPT_FILE", "detail": "broken"})


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": ""}, 422, "INVALID_REQUEST"),
        ({"name": "x", "hours": "mornings"}, 422, "INVALID_REQUEST"),
        ({"name": "x", "key_pattern": r"\d+"}, 422, "INVALID_REQUEST"),
        ({"name": "x", "page_failure": "ignore"}, 422, "INVALID_REQUEST"),
        ({"name": "x", "max_under_way": 0}, 422, "INVALID_REQUEST"),
        ({"name": "x", "unknown": 1}, 422, "INVALID_REQUEST"),
        ({"name": "Có rồi"}, 409, "CONFLICT"),
    ],
)
def test_what_no_batch_can_be(api: Api, body: dict[str, Any], status: int, code: str) -> None:
    head = api.person(Role.SUPERVISOR)
    make(head, "Có rồi")
    answer = head.post("/api/v1/batches", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_batch_is_changed_paused_and_not_moved_anywhere_else(api: Api) -> None:
    head = api.person(Role.SUPERVISOR)
    batch = make(head, max_failure_share=0.5)["id"]
    changed = head.patch(f"/api/v1/batches/{batch}", json={"hours": "19:00-06:00", "max_failure_share": None}).json()
    assert (changed["policies"]["hours"], changed["policies"]["max_failure_share"]) == ("19:00-06:00", None)
    assert head.patch(f"/api/v1/batches/{batch}", json={"state": "paused"}).json()["code"] == "CONFLICT"
    run(head, batch)
    assert head.patch(f"/api/v1/batches/{batch}", json={"state": "paused"}).json()["state"] == "paused"
    assert head.patch(f"/api/v1/batches/{batch}", json={"state": "aborted"}).status_code == 422


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [(b"", 422, "EMPTY_FILE"), (b"MZ no scan", 415, "UNSUPPORTED_TYPE"), (PDF * 30, 413, "TOO_LARGE")],
)
def test_files_that_are_refused_leave_nothing(tmp_path: Path, data: bytes, status: int, code: str) -> None:
    with running_api(tmp_path, sqlite_url(tmp_path), max_upload_bytes=len(PDF) * 20) as api:
        head = api.person(Role.SUPERVISOR)
        batch = make(head)["id"]
        answer = send(head, batch, "1.pdf", data)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert head.get(f"/api/v1/batches/{batch}/items").json()["items"] == []
        assert list(api.store.list()) == []


def test_a_report_runs_nothing_in_a_spreadsheet(api: Api) -> None:
    head = api.person(Role.SUPERVISOR)
    batch = make(head, key_pattern=r"(?P<key>.*)")["id"]
    send(head, batch, "=HYPERLINK(1).pdf")
    (row,) = csv.DictReader(io.StringIO(head.get(f"/api/v1/batches/{batch}/report.csv").text.removeprefix("\ufeff")))
    assert row["Mã kiểm kê"] == "'=HYPERLINK(1)"


def test_the_pages_lead_through_a_batch(api: Api) -> None:
    head = api.person(Role.SUPERVISOR)
    token = {"csrf_token": head.headers["X-CSRF-Token"]}
    form = {"name": "Kết quả 2023", "layout": "stack", "hours": "19:00-06:00", "page_failure": "skip", **token}
    made = head.post("/so-hoa-lo", data=form)
    assert made.status_code == 303
    path = made.headers["location"]
    page = head.get(path).text
    for words in ("mới lập", "một chồng có tờ phân cách", "19:00-06:00", "digitize batch add"):
        assert words in page
    assert head.post(f"{path}/chay", data=token).status_code == 303
    assert "đang chạy" in head.get(path).text
    assert head.post(f"{path}/tam-dung", data=token).status_code == 303
    assert "tạm dừng" in head.get(f"{path}/phan").text.lower()
    for wrong, said in (
        ({"name": "Kết quả 2023"}, "Tên này đã có"),
        ({"hours": "x"}, "Chưa đúng"),
        ({"layout": "x"}, "Chưa đúng"),
    ):
        answer = head.post("/so-hoa-lo", data={**form, "name": "Khác", **wrong})
        assert answer.status_code in {409, 422}
        assert said in answer.text
    clerk = api.person(Role.CLERK)
    assert "Lập lô mới" not in clerk.get("/so-hoa-lo").text
    assert "Tạm dừng</button>" not in clerk.get(path).text
