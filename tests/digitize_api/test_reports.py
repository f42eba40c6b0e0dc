"""Reports over HTTP and as a page (R34-R38), on SQLite and on PostgreSQL."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import openpyxl
import pytest

from models.agencies import find_agency
from models.database import transaction
from models.entities import Channel, Role
from models.local_time import local_day
from models.settings import sqlite_url
from tests.digitize_api.api import PDF, Api, running_api
from tests.digitize_api.test_upload import post
from tests.models.stored import Paper, at, open_dossier, store

DAY = date(2023, 9, 10)
DOT_4 = {"period": "tien_giang_2023_4"}
LIST = "Số, ký hiệu;Họ và tên;Ngày cấp;Hộp\n" + "".join(
    f"{one}/2023;Nguyễn Mẫu;02/05/2023;07\n" for one in range(1, 11)
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Api]:
    """155 dossiers of a commune, 150 of them online, 124 with a digitised component; five papers of 2023 scanned."""
    url = sqlite_url(tmp_path) if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with running_api(tmp_path, url) as api:
        api.agency("H58", "UBND tỉnh Mẫu")
        api.agency("H58.2", "UBND xã Tây", parent="H58")
        api.agency("H58.3", "UBND xã Đông", parent="H58")
        with transaction(api.sessions) as session:
            commune = find_agency(session, "H58.2")
            for number in range(155):
                channel = Channel.ONLINE if number < 150 else Channel.COUNTER
                dossier = open_dossier(session, commune, at(DAY), procedure="1.001193", channel=channel)
                if number < 124:
                    store(session, dossier, Paper(kind="giay_chung_sinh"), at(DAY))
            boxes = open_dossier(session, commune, at(DAY))
            for number in range(1, 6):
                paper = Paper(number=f"{number}/2023", issued_on=date(2023, 5, 2))
                store(session, boxes, paper, at(DAY + timedelta(days=number)), queue="backscan")
        yield api


def bring(client: httpx.Client, text: str = LIST, **how: str) -> httpx.Response:
    data = {"agency": "H58.2", "year": "2023", **how}
    return client.post("/api/v1/inventory/imports", data=data, files={"file": ("Kiểm đếm.csv", text.encode())})


def test_r34_to_r38_over_http(office: Api) -> None:
    head = office.person(Role.SUPERVISOR, "H58")
    assert bring(head).json()["taken"] is True
    told = head.get("/api/v1/reports", params=DOT_4).json()
    assert told["period"] == {
        "name": "Tiền Giang 383/KH-UBND (2023): Đợt 04, tổng hợp",
        "first": "2023-09-01",
        "last": "2023-10-30",
        "due": "2023-11-10",
        "cumulative": True,
    }
    figures = told["total"]["figures"]
    online = figures["online"]
    assert (online["numerator"], online["denominator"], online["percent"], online["text"]) == (150, 155, 96.7, "96,7")
    assert (online["target"]["percent"], online["target"]["certainty"], online["reached"]) == (88, "I", True)
    assert (figures["components"]["percent"], figures["components"]["reached"], figures["components"]["lacks"]) == (
        80,
        True,
        0,
    )
    assert (figures["results"]["percent"], figures["results"]["text"], figures["results"]["lacks"]) == (
        None,
        "n/a",
        None,
    )
    assert figures["results"]["target"]["percent"] == 100  # R36: from 01/9/2023 on, in Tiền Giang
    assert told["rules"]["rounding"] == "truncate"
    assert [row["code"] for row in told["rows"]] == ["H58.2", "H58.3"]
    assert told["lagging"] == ["H58.2"]
    backlog = told["backlog"]
    assert (backlog["year"], backlog["figure"]["numerator"], backlog["figure"]["denominator"]) == (2023, 5, 10)
    assert (backlog["in_period"], backlog["figure"]["lacks"], backlog["late"]) == (5, 4, True)  # all of it is long past
    assert backlog["by_day"] == {f"2023-09-{day}": 1 for day in range(11, 16)}
    half_up = head.get("/api/v1/reports", params={**DOT_4, "rounding": "half_up"}).json()
    assert half_up["total"]["figures"]["online"]["text"] == "96,8"
    one = head.get("/api/v1/reports", params={**DOT_4, "agency": "H58.3"}).json()
    assert one["total"]["figures"]["online"]["text"] == "n/a"
    before = head.get("/api/v1/reports", params={"first": "2023-09-01", "last": "2023-09-09"}).json()
    assert before["total"]["figures"]["online"]["denominator"] == 0
    assert before["backlog"]["figure"]["numerator"] == 0
    for wrong in ({"period": "week"}, {"first": "2023-09-01"}, {"rounding": "up"}, {"year": "12"}):
        assert head.get("/api/v1/reports", params=wrong).status_code == 422, wrong


def test_r37_periods_are_on_offer(office: Api) -> None:
    offered = office.person(Role.CLERK, "H58.2").get("/api/v1/reports/periods").json()
    names = {one["id"]: one for one in offered}
    assert {"half_month", "month-1", "quarter", "year", "tien_giang_2023_1", "tien_giang_2023_4"} <= set(names)
    assert names["tien_giang_2023_1"]["period"]["due"] == "2023-09-18"
    assert names["tien_giang_2023_1"]["certainty"] == "Q"
    assert names["month"]["period"]["first"] == local_day().replace(day=1).isoformat()


def test_r38_the_tables(office: Api) -> None:
    clerk = office.person(Role.CLERK, "H58.2")
    answer = clerk.get("/api/v1/reports/table.csv", params=DOT_4)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="bao-cao-H58.2-20230901-20231030.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0]["Phân loại"] == "Tổng cộng"
    assert (rows[0]["Hồ sơ tiếp nhận"], rows[0]["Tỷ lệ trực tuyến (%)"]) == ("155", "96,7")
    assert rows[0]["Tỷ lệ số hóa kết quả (%)"] == "n/a"
    book = openpyxl.load_workbook(io.BytesIO(clerk.get("/api/v1/reports/table.xlsx", params=DOT_4).content))
    said = " ".join(str(cell.value) for cell in book["Báo cáo"]["A"])
    assert "cắt bỏ" in said
    assert "Đợt 04" in said


def test_a_report_reaches_no_further_than_its_reader(office: Api) -> None:
    """A clerk's is of the own agency alone, whatever stands above or beside it."""
    clerk = office.person(Role.CLERK, "H58.3")
    assert clerk.get("/api/v1/reports", params=DOT_4).json()["total"]["figures"]["online"]["denominator"] == 0
    assert clerk.get("/api/v1/reports", params={**DOT_4, "agency": "H58.2"}).status_code == 404
    above = office.person(Role.CLERK, "H58")
    told = above.get("/api/v1/reports", params=DOT_4).json()
    assert told["total"]["figures"]["online"]["denominator"] == 0
    assert [row["code"] for row in told["rows"]] == ["H58"]
    page = clerk.get("/bao-cao", params={"ky": "tien_giang_2023_4"})
    assert "xã Tây" not in page.text
    assert clerk.get("/bao-cao", params={"don-vi": "H58.2"}).status_code == 404


def test_the_page_says_what_the_numbers_are(office: Api) -> None:
    head = office.person(Role.SUPERVISOR, "H58")
    bring(head)
    page = head.get("/bao-cao", params={"ky": "tien_giang_2023_4"})
    assert page.status_code == 200
    for words in (
        "150 / 155 hồ sơ tiếp nhận",
        "96,7 %",
        "n/a",
        "Mục tiêu 90 %",
        "thiếu 4 kết quả",
        "Nộp báo cáo trước 10/11/2023",
        "cắt bỏ, 1 chữ số thập phân",
        "theo mã nguồn của một hệ thống cấp tỉnh",
    ):
        assert words in page.text, words
    assert "<svg" in page.text
    assert "style=" not in page.text
    assert "<script>" not in page.text
    english = head.get("/bao-cao", params={"ky": "tien_giang_2023_4", "lang": "en"})
    assert "96.7 %" in english.text
    wrong = head.get("/bao-cao", params={"tu": "2023-09-10", "den": "2023-09-01"})
    assert wrong.status_code == 422
    assert "Điều kiện chưa đúng" in wrong.text
    assert head.get("/bao-cao", params={"ky": "week"}).status_code == 422
    for path in ("/bao-cao", "/kiem-dem"):
        assert head.get(path, params={"nam": "²"}).status_code == 200, (
            "a raised figure is no year, and no defect either"
        )
    kept = head.get("/bao-cao", params={"tu": "2023-09-10", "den": "2023-09-10", "lam-tron": "half_up", "xep": "reuse"})
    assert "96,8 %" in kept.text
    assert "first=2023-09-10&amp;last=2023-09-10&amp;rounding=half_up" in kept.text


def test_a_dossier_ends_over_http(office: Api) -> None:
    station = office.station("mot-cua", "H58.2")
    code = office.dossier(station, procedure="1.000894", channel="online")
    today = local_day().isoformat()
    said = station.put(f"/api/v1/dossiers/{code}/conclusion", json={"finished_on": today, "form": "electronic"}).json()
    assert (said["channel"], said["finished_on"], said["result_form"]) == ("online", today, "electronic")
    figures = station.get("/api/v1/reports").json()["total"]["figures"]
    assert (figures["e_results"]["numerator"], figures["results"]["denominator"], figures["online"]["numerator"]) == (
        1,
        1,
        1,
    )
    tomorrow = (local_day() + timedelta(days=1)).isoformat()
    late = station.put(f"/api/v1/dossiers/{code}/conclusion", json={"finished_on": tomorrow, "form": "paper"})
    assert late.status_code == 409
    assert station.delete(f"/api/v1/dossiers/{code}/conclusion").json()["finished_on"] is None
    assert (
        station.put(f"/api/v1/dossiers/{code}/conclusion", json={"finished_on": today, "form": "gold"}).status_code
        == 422
    )


def test_handing_a_result_over_ends_its_dossier(office: Api) -> None:
    clerk = office.person(Role.CLERK, "H58.2")
    code = office.dossier(clerk, procedure="1.000894")
    paper = office.read(post(clerk, code, PDF, key="wedding").json()["id"], ["Giấy chứng nhận kết hôn"])
    office.keep(paper, paper_type="giay_chung_nhan_ket_hon")
    assert clerk.post(f"/api/v1/results/{paper}/hand-over").status_code == 200
    dossier = clerk.get(f"/api/v1/dossiers/{code}").json()
    assert (dossier["finished_on"], dossier["result_form"]) == (local_day().isoformat(), "paper")
    assert clerk.get("/api/v1/reports").json()["total"]["figures"]["results"]["text"] == "100,0"
    history = clerk.get(f"/dossiers/{code}").text
    assert f"Hồ sơ kết thúc ngày {local_day():%d/%m/%Y}" in history


def test_an_officer_says_on_the_page_that_a_dossier_ended(office: Api) -> None:
    clerk = office.person(Role.CLERK, "H58.2")
    code = office.dossier(clerk, procedure="1.000894")
    form = {
        "csrf_token": clerk.headers["X-CSRF-Token"],
        "do": "close",
        "finished_on": local_day().isoformat(),
        "form": "none",
    }
    assert "Ghi hồ sơ đã giải quyết xong" in clerk.get(f"/dossiers/{code}").text
    assert clerk.post(f"/dossiers/{code}/conclusion", data=form).status_code == 303
    page = clerk.get(f"/dossiers/{code}").text
    assert f"đã kết thúc {local_day():%d/%m/%Y}" in page
    assert "Không có giấy kết quả" in page
    assert clerk.get("/api/v1/reports").json()["total"]["figures"]["results"]["text"] == "100,0"
    assert clerk.post(f"/dossiers/{code}/conclusion", data=form | {"finished_on": "hôm qua"}).status_code == 422
    assert clerk.post(f"/dossiers/{code}/conclusion", data=form | {"finished_on": "2999-01-01"}).status_code == 409
    assert clerk.post(f"/dossiers/{code}/conclusion", data=form | {"do": "reopen"}).status_code == 303
    assert "Ghi hồ sơ đã giải quyết xong" in clerk.get(f"/dossiers/{code}").text
