"""The ticket of a box: what is printed is read off the page by a reader of codes, and leads to the box, for those who may."""

from __future__ import annotations

import re
from datetime import date

import httpx
import pypdfium2 as pdfium
import pytest
import zxingcpp

from models.agencies import find_agency
from models.database import transaction
from models.entities import Role
from models.inventory.boxes import box_code, is_box_code
from models.local_time import local_day
from tests.digitize_api.api import Api
from tests.models.stored import Paper, at, open_dossier, store

BOX = {"co-quan": "H56.14", "nam": "2023", "hop": "Hộp số 7/Đ"}


@pytest.fixture
def clerk(api: Api) -> httpx.Client:
    """Three papers in the box, one of them stored; one in another box; a stranger's box of the same name."""
    for agency in ("H56.14", "H57"):
        api.agency(agency)
        head = api.person(Role.SUPERVISOR, agency)
        rows = "".join(f"{one}/2023;Nguyễn Thị Mẫu {one};02/05/2023;{BOX['hop']};Kệ A2\n" for one in (1, 2, 3))
        text = f"Số, ký hiệu;Họ và tên;Ngày cấp;Hộp;Kệ\n{rows}9/2023;Trần Thử;02/05/2023;Hộp 8;Kệ A2\n"
        files = {"file": ("a.csv", text.encode())}
        assert head.post("/api/v1/inventory/imports", data={"year": "2023"}, files=files).json()["taken"]
    with transaction(api.sessions) as session:
        dossier = open_dossier(session, find_agency(session, "H56.14"), at(local_day()))
        store(session, dossier, Paper(number="2/2023", issued_on=date(2023, 5, 2)), at(local_day()))
    return api.person()


def test_box_tickets(api: Api, clerk: httpx.Client) -> None:
    page = clerk.get("/kiem-dem/hop", params=BOX)
    assert page.status_code == 200
    assert "1 / 3" in page.text
    assert re.findall(r'class="code">(\d/2023)<', page.text) == ["1/2023", "2/2023", "3/2023"]
    assert page.text.count("✓") == 1
    assert 'href="/kiem-dem/hop?co-quan=H56.14&amp;nam=2023&amp;hop=H' in clerk.get("/kiem-dem").text
    ticket = clerk.get("/kiem-dem/hop/phieu.pdf", params=BOX)
    assert ticket.headers["content-type"] == "application/pdf"
    document = pdfium.PdfDocument(ticket.content)
    try:
        assert len(document) == 1
        sheet = document[0]
        assert (round(sheet.get_width()), round(sheet.get_height())) == (595, 842), "A4"
        words = sheet.get_textpage().get_text_range()
        for said in ("Hộp số 7/Đ", "Năm 2023", "Kệ A2", "3 kết quả giấy", "UBND XÃ MẪU"):
            assert said in words
        assert "Nguyễn" not in words, "a box stands where people pass"
        read = zxingcpp.read_barcodes(sheet.render(scale=150 / 72).to_pil())
    finally:
        document.close()
    code = box_code("H56.14", 2023, BOX["hop"])
    assert [one.text for one in read] == [code]
    assert re.fullmatch(r"[0-9A-Z/.]+", code)
    for typed in (code, f" {code.lower()} "):
        led = clerk.get("/kiem-dem", params={"tim": typed})
        assert led.status_code == 303
        assert "1 / 3" in clerk.get(led.headers["location"]).text
    unknown = clerk.get("/kiem-dem", params={"tim": "HOP/H56.14/2023/00000000"})
    assert unknown.status_code == 200


def test_others_boxes(api: Api, clerk: httpx.Client) -> None:
    foreign = BOX | {"co-quan": "H57"}
    for path in ("/kiem-dem/hop", "/kiem-dem/hop/phieu.pdf"):
        assert clerk.get(path, params=foreign).status_code == 404
        assert clerk.get(path, params=BOX | {"hop": "Hộp 99"}).status_code == 404
        assert api.station().get(path, params=BOX).status_code == 403
        assert api.client().get(path, params=BOX).status_code == 303
    led = clerk.get("/kiem-dem", params={"tim": box_code("H57", 2023, BOX["hop"])})
    assert led.status_code == 200, "the list, as for a code of nothing"


def test_codes() -> None:
    assert box_code("H56.14", 2023, "1") != box_code("H56.14", 2023, "2")
    assert box_code("H56.14", 2023, "1") != box_code("H56.14", 2022, "1")
    assert is_box_code(box_code("H56.14", 2023, "Hộp"))
    assert not any(map(is_box_code, ("", "12/2023", "HOP/H56.14/2023", "HOP/H56.14/2023/1234567", "Hộp 07")))
