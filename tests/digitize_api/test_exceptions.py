"""Exception records of matching over HTTP and through the page's forms, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from models.agencies import find_agency
from models.database import transaction
from models.entities import Role
from models.settings import sqlite_url
from tests.digitize_api.api import Api, running_api
from tests.digitize_api.test_reports import bring
from tests.models.stored import Paper, at, open_dossier, store

BASE = "/api/v1/inventory/exceptions"
DAY = date(2023, 5, 2)
ROWS = "Số, ký hiệu;Họ và tên;Ngày cấp;Hộp\n1/2023;Nguyễn Mẫu;02/05/2023;07\n2/2023;Trần Thử;03/05/2023;07\n"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Api]:
    """A commune that listed two papers; one of them and a stray one were scanned."""
    url = sqlite_url(tmp_path) if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with running_api(tmp_path, url) as api:
        api.agency("H58", "UBND tỉnh Mẫu")
        api.agency("H58.2", "UBND xã Tây", parent="H58")
        api.agency("H58.3", "UBND xã Đông", parent="H58")
        with transaction(api.sessions) as session:
            boxes = open_dossier(session, find_agency(session, "H58.2"), at(DAY))
            for number in ("1/2023", "500/2023"):
                store(session, boxes, Paper(number=number, issued_on=DAY), at(DAY), queue="backscan")
        yield api


def exceptions(client: httpx.Client, **asked: str) -> dict[str, Any]:
    answer = client.get(BASE, params=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_record_is_settled_and_reopened(office: Api) -> None:
    head = office.person(Role.SUPERVISOR, "H58")
    bring(head, ROWS)
    matched = head.post(f"{BASE}/match", json={"agency": "H58.2"}).json()
    assert [(one["agency"], one["lines"], one["papers"], one["new"]) for one in matched] == [("H58.2", 2, 2, 2)]
    assert head.post(f"{BASE}/match", json={}).json()[0]["new"] == 0
    found = exceptions(head)
    assert (found["total"], found["counts"]) == (2, {"missing": 1, "unlisted": 1, "mismatched": 0, "duplicate": 0})
    unlisted = exceptions(head, kind="unlisted", agency="H58.2")["exceptions"][0]
    missing = exceptions(head, kind="missing")["exceptions"][0]
    assert (unlisted["paper"]["number"], unlisted["line"]) == ("500/2023", None)
    assert (missing["line"]["number"], missing["line"]["box"]) == ("2/2023", "07")
    decision = f"{BASE}/{unlisted['id']}/decision"
    assert head.put(decision, json={"decision": "tie", "reason": ""}).status_code == 422
    assert head.put(decision, json={"decision": "tie", "reason": "số mờ"}).status_code == 422
    said = {"decision": "tie", "reason": "số mờ", "line": missing["line"]["id"]}
    for _ in range(2):
        settled = head.put(decision, json=said).json()
        assert (settled["state"], settled["tied_line"]) == ("settled", missing["line"]["id"])
        assert settled["settled_by"].startswith("account:")
    assert head.put(decision, json={"decision": "apart", "reason": "x"}).status_code == 409
    assert head.get("/api/v1/inventory/lines", params={"state": "done"}).json()["total"] == 2
    assert exceptions(head)["total"] == 0
    assert "Xử lý một mục đối chiếu: số mờ" in head.get("/nhat-ky").text
    assert head.delete(decision).json()["state"] == "open"
    assert head.get("/api/v1/inventory/lines", params={"state": "done"}).json()["total"] == 1
    head.post(f"{BASE}/match", json={})
    assert exceptions(head)["total"] == 2
    assert head.put(f"{BASE}/{'0' * 32}/decision", json=said).status_code == 404


def test_other_agencies_see_none_of_it(office: Api) -> None:
    head = office.person(Role.SUPERVISOR, "H58")
    bring(head, ROWS)
    head.post(f"{BASE}/match", json={})
    stranger = office.person(Role.SUPERVISOR, "H58.3")
    assert exceptions(stranger)["total"] == 0
    assert stranger.get(BASE, params={"agency": "H58.2"}).status_code == 422
    assert stranger.post(f"{BASE}/match", json={"agency": "H58.2"}).status_code == 422
    assert "2/2023" not in stranger.get("/kiem-dem/doi-chieu").text


def test_the_page_settles_by_plain_forms(office: Api) -> None:
    head = office.person(Role.SUPERVISOR, "H58")
    bring(head, ROWS)
    token = {"csrf_token": head.headers["X-CSRF-Token"]}
    page = head.post("/kiem-dem/doi-chieu", data=token)
    assert page.status_code == 200
    for words in ("mục mới 2", "Đã báo, chưa nhận: 1", "Đã nhận, ngoài danh sách: 1", "500/2023", "Trần Thử"):
        assert words in page.text, words
    assert 'href="/kiem-dem/doi-chieu"' in head.get("/kiem-dem").text
    record = exceptions(head, kind="unlisted")["exceptions"][0]["id"]
    here = f"/kiem-dem/doi-chieu/{record}"
    for wrong, says in (
        ({"decision": "tie", "reason": ""}, "ghi lý do"),
        ({"decision": "tie", "reason": "x", "number": "88/2023"}, "chọn một ứng viên"),
        ({"decision": "burn", "reason": "x"}, "chọn một ứng viên"),
    ):
        refused = head.post(here, data=token | wrong)
        assert refused.status_code == 422
        assert says in refused.text
    done = head.post(here, data=token | {"decision": "tie", "reason": "số <b>mờ</b>", "number": "02/2023"})
    assert done.status_code == 303
    shown = head.get("/kiem-dem/doi-chieu", params={"trang-thai": "settled"}).text
    assert "số &lt;b&gt;mờ&lt;/b&gt;" in shown
    assert "Đúng là dòng này: nối" in shown
    assert head.post(here, data=token | {"decision": "apart", "reason": "x"}).status_code == 409
    assert head.post(f"{here}/mo-lai", data=token).status_code == 303
    assert exceptions(head, kind="unlisted")["total"] == 1
    assert head.post(f"{here}/mo-lai", data={}).status_code == 403


def test_a_clerk_reads_and_settles_nothing(office: Api) -> None:
    bring(office.person(Role.SUPERVISOR, "H58"), ROWS)
    clerk = office.person(Role.CLERK, "H58.2")
    page = clerk.get("/kiem-dem/doi-chieu").text
    assert 'method="post" action="/kiem-dem/doi-chieu' not in page
    assert clerk.post(f"{BASE}/match", json={}).status_code == 403
