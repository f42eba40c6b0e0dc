"""Lists of paper results over HTTP and through the page's form (R36), on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from digitize_api.inventory.service import MAX_FORM_BYTES
from models.entities import Event, InventoryLine, Role
from models.settings import sqlite_url
from tests.digitize_api.api import Api, running_api
from tests.digitize_api.test_reports import LIST, bring

WRONG = LIST + "11/2023;Nguyễn Mẫu;31/02/2023;07\n;Trần Thử;;07\n"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Api]:
    url = sqlite_url(tmp_path) if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with running_api(tmp_path, url) as api:
        api.agency("H58", "UBND tỉnh Mẫu")
        api.agency("H58.2", "UBND xã Tây", parent="H58")
        yield api


def test_one_wrong_row_and_nothing_is_taken_unless_asked_for(office: Api) -> None:
    head = office.person(Role.SUPERVISOR, "H58")
    refused = bring(head, WRONG).json()
    assert (refused["taken"], refused["rows"], refused["created"]) == (False, 10, 0)
    assert [(error["row"], error["column"]) for error in refused["errors"]] == [(12, "Ngày cấp"), (13, "Số, ký hiệu")]
    assert refused["errors"][0]["vi"] == "ngày không hợp lệ: 31/02/2023"
    assert head.get("/api/v1/inventory").json() == []
    taken = bring(head, WRONG, skip_bad="true").json()
    assert (taken["taken"], taken["created"], len(taken["errors"])) == (True, 10, 2)
    assert taken["columns"] == {
        "number": "Số, ký hiệu",
        "holder_name": "Họ và tên",
        "issued_on": "Ngày cấp",
        "box": "Hộp",
    }
    again = bring(head, LIST).json()
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 10)
    scopes = head.get("/api/v1/inventory").json()
    assert [(one["agency"]["code"], one["year"], one["total"], one["done"], one["rest"]) for one in scopes] == [
        ("H58.2", 2023, 10, 0, 10)
    ]
    lists = head.get("/api/v1/inventory/imports").json()
    assert [(one["filename"], one["created"], one["refused"]) for one in lists] == [
        ("Kiểm đếm.csv", 0, 0),
        ("Kiểm đếm.csv", 10, 2),
    ]


def test_a_shorter_list_replaces_only_when_it_says_so(office: Api) -> None:
    head = office.person(Role.SUPERVISOR, "H58")
    bring(head)
    shorter = "\n".join(LIST.splitlines()[:4])
    assert bring(head, shorter).json()["withdrawn"] == 0
    assert bring(head, shorter, replace="true").json()["withdrawn"] == 7
    found = head.get("/api/v1/inventory/lines", params={"state": "withdrawn"}).json()
    assert found["total"] == 7
    assert head.get("/api/v1/inventory/lines", params={"agency": "H58.2", "limit": 2}).json()["total"] == 3


def test_columns_are_told_once(office: Api) -> None:
    head = office.person(Role.SUPERVISOR, "H58.2")
    strange = "SHKQ;Lúc\n1/2023;02/05/2023\n"
    assert bring(head, strange).status_code == 422
    assert bring(head, strange, columns="no json").status_code == 422
    told = bring(head, strange, columns=json.dumps({"number": "SHKQ", "issued_on": "Lúc"})).json()
    assert told["created"] == 1
    assert bring(head, strange.replace("1/", "2/")).json()["created"] == 1  # remembered
    assert "SHKQ" in head.get("/kiem-dem").text


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("a.pdf", b"%PDF-1.7", 415, "UNSUPPORTED_TYPE"),
        ("a.csv", b"", 422, "EMPTY_FILE"),
        ("a.csv", b"\xff\xd8\xff", 422, "CORRUPT_FILE"),
        ("a.xlsx", b"PK\x03\x04 no workbook", 422, "CORRUPT_FILE"),
        ("a.csv", b"a;b\n1;2\n", 422, "INVALID_REQUEST"),
    ],
)
def test_what_is_no_list_is_refused(api: Api, name: str, content: bytes, status: int, code: str) -> None:
    head = api.person(Role.SUPERVISOR)
    answer = head.post("/api/v1/inventory/imports", files={"file": (name, content)})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    page = head.post("/kiem-dem", data={"csrf_token": head.headers["X-CSRF-Token"]}, files={"file": (name, content)})
    assert page.status_code == status
    assert 'role="alert"' in page.text


def test_a_list_may_be_longer_than_other_requests_and_no_longer(api: Api) -> None:
    head = api.person(Role.SUPERVISOR)
    long = "Số hiệu;Ghi chú\n" + "".join(f"{one}/2023;{'x' * 200}\n" for one in range(6000))
    assert len(long) > api.settings.max_body_bytes
    files = {"file": ("a.csv", long.encode())}
    assert head.post("/api/v1/inventory/imports", data={"year": "2023"}, files=files).json()["created"] == 6000
    files = {"file": ("a.csv", b"x" * (MAX_FORM_BYTES + 1))}
    assert head.post("/api/v1/inventory/imports", files=files).status_code == 413


def test_lines_show_holders_masked_and_the_look_is_on_record(office: Api) -> None:
    head = office.person(Role.SUPERVISOR, "H58")
    bring(head, "Số hiệu;Họ tên;CCCD\n1/2023;Nguyễn Thị Mẫu;079200000123\n")
    answer = head.get("/api/v1/inventory/lines")
    assert answer.json()["lines"][0]["holder_id_number"] == "0792•••••123"
    assert "079200000123" not in answer.text + head.get("/kiem-dem").text
    with office.sessions() as session:
        assert session.scalars(select(InventoryLine.holder_id_number)).one() == "079200000123"
        looks = session.scalars(select(Event).where(Event.kind == "viewed")).all()
        assert {event.data["what"] for event in looks} == {"inventory"}
        assert session.scalars(select(Event).where(Event.kind == "inventory_imported")).one().data["created"] == 1
    log = head.get("/nhat-ky").text
    assert "Nhập danh sách kiểm đếm Kiểm đếm.csv" in log
    assert "Xem danh sách kiểm đếm" in log


def test_an_agency_out_of_reach_is_none(office: Api) -> None:
    head = office.person(Role.SUPERVISOR, "H58.2")
    assert bring(head, agency="H58").status_code == 422
    rows = bring(head, "Mã cơ quan;Số hiệu\nH58;1/2023\n").json()
    assert [error["vi"] for error in rows["errors"]] == ["không có cơ quan này trong phạm vi: H58"]
    bring(office.person(Role.SUPERVISOR, "H58"), agency="H58")
    assert head.get("/api/v1/inventory/lines").json()["total"] == 0
    assert head.get("/api/v1/inventory/imports").json() == []
    assert "UBND tỉnh Mẫu" not in head.get("/kiem-dem").text


def test_the_form_tells_every_wrong_row(api: Api) -> None:
    head = api.person(Role.SUPERVISOR)
    data = {"csrf_token": head.headers["X-CSRF-Token"], "agency": "H56.14", "year": "2023", "column": ["", "", ""]}
    page = head.post("/kiem-dem", data=data, files={"file": ("Danh sách.csv", WRONG.encode())})
    assert page.status_code == 422
    for words in (
        "Chưa nhập dòng nào của Danh sách.csv: 2 lỗi, 10 dòng đúng",
        "ngày không hợp lệ: 31/02/2023",
        "Hộp ← “Hộp”",
    ):
        assert words in page.text, words
    taken = head.post("/kiem-dem", data=data | {"skip_bad": "true"}, files={"file": ("a.csv", WRONG.encode())})
    assert taken.status_code == 200
    assert "thêm 10, đổi 0" in taken.text
    assert head.post("/kiem-dem", data=data).status_code == 422  # no file
    assert "<script>" not in taken.text


def test_more_than_can_be_read_is_told_by_year(api: Api) -> None:
    head = api.person(Role.SUPERVISOR)
    rows = "".join(f"2022;1.{one:06};2\n2023;1.{one:06};3\n" for one in range(1, 102))
    bring(head, f"Năm;Mã TTHC;Số lượng\n{rows}", agency="H56.14")
    page = head.get("/kiem-dem").text
    table = page[page.index('id="done"') : page.index('id="lines"')]
    assert table.count("<tr>") == 3  # the headers, 2023, 2022
    assert table.index(">303<") < table.index(">202<")
    assert "0 / 505 kết quả giấy" in page
    assert len(head.get("/api/v1/inventory").json()) == 202


def province(api: Api) -> httpx.Client:
    """Two communes below a district, more procedures than a person reads, of two years; the province's own papers too."""
    for code, parent in (("H58.31", "H58"), ("H58.31.1", "H58.31"), ("H58.31.2", "H58.31")):
        api.agency(code, f"UBND {code}", parent=parent)
    head = api.person(Role.SUPERVISOR, "H58")
    of = (("H58", 1), ("H58.31.1", 2), ("H58.31.2", 3))
    rows = "".join(
        f"{code};{year};1.{one:06};{count}\n" for code, count in of for year in (2022, 2023) for one in range(1, 41)
    )
    named = "".join(f"H58.31.1;2023;{one}/2023;1.000001\n" for one in range(1, 6))
    bring(head, f"Mã cơ quan;Năm;Mã TTHC;Số lượng\n{rows}", agency="H58")
    bring(head, f"Mã cơ quan;Năm;Số hiệu;Mã TTHC\n{named}", agency="H58")
    return head


def shown(head: httpx.Client, **params: str) -> list[list[str]]:
    """The rows of the table of what is done: cells as text."""
    page = head.get("/kiem-dem", params=params).text
    table = page[page.index('id="done"') : page.index('id="lines"')]
    rows = re.findall(r"<tr>(.*?)</tr>", table[table.index("<tbody>") :], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def test_a_province_is_counted_by_unit_and_looked_into(office: Api) -> None:
    head = province(office)
    newest = [row[:4] for row in shown(head)]
    assert newest == [
        ["UBND tỉnh Mẫu (riêng cơ quan) H58", "40", "0", "40"],
        ["UBND H58.31 H58.31", "203 (5 có danh sách)", "0", "203"],  # five named papers where two were counted
    ]
    assert [row[1] for row in shown(head, **{"dem-nam": "2022"})] == ["40", "200"]
    assert [row[1] for row in shown(head, **{"dem-nam": "tat-ca"})] == ["80", "403 (5 có danh sách)"]
    district = shown(head, **{"don-vi": "H58.31", "dem-nam": "2023"})
    assert [row[:2] for row in district] == [
        ["UBND H58.31.1 H58.31.1", "83 (5 có danh sách)"],
        ["UBND H58.31.2 H58.31.2", "120"],
    ]
    commune = shown(head, **{"don-vi": "H58.31.1", "dem-nam": "2023"})
    assert len(commune) == 40
    assert commune[0][3] == "5 (5 có danh sách)"
    page = head.get("/kiem-dem", params={"don-vi": "H58.31.1", "dem-nam": "2023"}).text
    assert 'href="/kiem-dem?don-vi=H58.31&amp;dem-nam=2023#done"' in page  # the way back
    below = office.person(Role.SUPERVISOR, "H58.31", "quan.huyen")
    assert (
        len(shown(below, **{"don-vi": "H58"})) == 160
    )  # out of reach: as if it were not asked for; and all of theirs can be read
    assert "UBND tỉnh Mẫu" not in below.get("/kiem-dem", params={"don-vi": "H58"}).text


def test_counts_come_in_slices(office: Api) -> None:
    head = province(office)
    whole = head.get("/api/v1/inventory").json()
    assert len(whole) == 240
    slices = [head.get("/api/v1/inventory", params={"limit": 100, "offset": at}).json() for at in (0, 100, 200)]
    assert [len(one) for one in slices] == [100, 100, 40]
    assert [one for part in slices for one in part] == whole
    assert head.get("/api/v1/inventory", params={"limit": 0}).status_code == 422
