"""``/kiem-dem/doi-chieu`` by the keyboard: papers matched to the list, and one record of each kind settled by a person, and undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from models.agencies import find_agency
from models.database import transaction
from models.entities import Role
from models.settings import sqlite_url
from tests.browser.test_every_page import PICTURES
from tests.browser.test_office import enter
from tests.browser.test_plain_page import Seen
from tests.digitize_api.api import PASSWORD, Api, running_api
from tests.digitize_api.test_reports import bring
from tests.models.stored import Paper, at, open_dossier, store

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

DAY, OTHER_DAY = date(2023, 5, 2), date(2023, 9, 17)
ROWS = """Số, ký hiệu;Họ và tên;Ngày cấp;Hộp;Kệ
1/2023;Nguyễn Thị Mẫu;02/05/2023;Hộp 07;Kệ A2
2/2023;Trần Văn Thử;03/05/2023;Hộp 07;Kệ A2
3/2023;Lê Thị Ví Dụ;02/05/2023;Hộp 07;Kệ A2
4/2023;Phạm Văn Thiếu;04/05/2023;Hộp 08;Kệ A2
"""
PAPERS = (("1/2023", DAY), ("3/2023", OTHER_DAY), ("500/2023", DAY))


@pytest.fixture
def page(tmp_path: Path, chromium: Browser) -> Iterator[Page]:
    """A commune that listed four papers. Scanned were: the first, twice; the third with another day on it; and one that is in no list."""
    with running_api(tmp_path, sqlite_url(tmp_path)) as api:
        office(api)
        context = chromium.new_context(base_url=api.url, viewport={"width": 1366, "height": 768}, locale="vi-VN")
        context.set_default_timeout(15_000)
        seen = Seen(context)
        page = context.new_page()
        enter(page, "supervisor-h58.2", PASSWORD)
        yield page
        context.close()
        assert seen.wrong == []


def office(api: Api) -> None:
    api.agency("H58.2", "UBND xã Tây")
    for number, day in PAPERS:
        scanned(api, number, day)
    bring(api.person(Role.SUPERVISOR, "H58.2"), ROWS)
    scanned(api, *PAPERS[0])


def scanned(api: Api, number: str, day: date) -> None:
    with transaction(api.sessions) as session:
        dossier = open_dossier(session, find_agency(session, "H58.2"), at(DAY))
        store(session, dossier, Paper(number=number, issued_on=day), at(DAY), queue="backscan")


def go(place: Locator) -> None:
    """By the keyboard."""
    place.focus()
    place.press("Enter")


def record(page: Page, kind: str, text: str) -> Locator:
    """The one record of a list that speaks of ``text``; the list is opened first."""
    go(page.get_by_role("navigation", name="Bốn danh sách").get_by_role("link", name=kind))
    expect(page.locator(f"a[aria-current=page]:has-text('{kind}')")).to_be_visible()
    return page.locator("li[id^=record-]").filter(has_text=text)


def decide(found: Locator, decision: str, reason: str, *, number: str = "") -> None:
    go(found.locator("summary"))
    if number:
        found.get_by_label("Nối với số khác").fill(number)
    found.get_by_role("radio", name=decision).press("Space")
    found.get_by_label("Lý do").fill(reason)
    found.get_by_label("Lý do").press("Enter")


def count(page: Page, kind: str) -> Locator:
    return page.get_by_role("navigation", name="Bốn danh sách").get_by_role("link", name=kind)


def shown(page: Page, name: str) -> None:
    """A picture, wide and on a phone."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for look, width, height in (("wide", 1366, 768), ("phone", 320, 640)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=PICTURES / f"{look}-matching-{name}.png", full_page=True)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, f"{wider} pixels wider than the screen"
    page.set_viewport_size({"width": 1366, "height": 768})


def test_one_of_each_kind_is_settled_and_one_undone(page: Page) -> None:
    page.goto("/kiem-dem")
    go(page.get_by_role("link", name="Đối chiếu giấy tờ với danh sách"))
    go(page.get_by_role("button", name="Đối chiếu lại"))
    expect(page.get_by_role("status")).to_contain_text("mục mới 5")
    for kind, number in (("Đã báo, chưa nhận", 2), ("Đã nhận, ngoài danh sách", 1), ("nội dung trái", 1), ("Trùng", 1)):
        expect(count(page, kind)).to_contain_text(str(number))
    shown(page, "open")

    found = record(page, "nội dung trái", "3/2023")
    expect(found).to_contain_text("02/05/2023")  # of the list
    expect(found).to_contain_text("17/09/2023")  # of the paper
    decide(found, "nối", "xem giấy: ngày trong danh sách ghi nhầm")
    expect(count(page, "nội dung trái")).to_contain_text("0")

    found = record(page, "Trùng", "1/2023")
    decide(found, "để riêng", "bản quét lần hai")
    expect(count(page, "Trùng")).to_contain_text("0")

    found = record(page, "Đã nhận, ngoài danh sách", "500/2023")
    decide(found, "nối", "số bị mờ, đọc nhầm", number="2/2023")
    expect(count(page, "Đã nhận, ngoài danh sách")).to_contain_text("0")
    found = record(page, "Đã báo, chưa nhận", "4/2023")
    go(found.locator("summary"))
    shown(page, "deciding")
    go(found.locator("summary"))
    decide(found, "Không thuộc danh sách", "kê nhầm của xã bên")
    expect(page.get_by_text("Không có mục nào")).to_be_visible()

    page.goto("/kiem-dem/doi-chieu?trang-thai=settled")
    expect(page.locator("li[id^=record-]")).to_have_count(4)
    shown(page, "settled")
    undone = page.locator("li[id^=record-]").filter(has_text="số bị mờ, đọc nhầm")
    expect(undone).to_contain_text("Trần Mẫu")  # who
    go(undone.get_by_role("button", name="Mở lại"))
    expect(page.locator("li[id^=record-]")).to_have_count(3)
    expect(record_open(page, "500/2023")).to_be_visible()

    page.goto("/kiem-dem/doi-chieu")
    go(page.get_by_role("button", name="Đối chiếu lại"))
    for kind, number in (("Đã báo, chưa nhận", 1), ("Đã nhận, ngoài danh sách", 2), ("nội dung trái", 0), ("Trùng", 0)):
        expect(count(page, kind)).to_contain_text(
            str(number)
        )  # decided stands, undone is back; what is kept apart is in no list


def record_open(page: Page, text: str) -> Locator:
    page.goto("/kiem-dem/doi-chieu")
    return page.locator("li[id^=record-]").filter(has_text=text)


def test_a_refused_decision_keeps_its_form_open(page: Page) -> None:
    page.goto("/kiem-dem/doi-chieu")
    go(page.get_by_role("button", name="Đối chiếu lại"))
    found = page.locator("li[id^=record-]").filter(has_text="500/2023")
    decide(found, "nối", "số mờ", number="88/2023")
    expect(page.get_by_role("alert")).to_contain_text("chọn một ứng viên")
    expect(page.locator("li[id^=record-]").filter(has_text="500/2023").get_by_label("Lý do")).to_be_visible()
    shown(page, "refused")
