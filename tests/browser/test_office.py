"""The warehouse, accounts, stations and the log through a browser, by keyboard where it matters."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from models import accounts
from models.agencies import find_agency
from models.database import make_engine, make_session_factory, transaction
from models.entities import Role
from models.settings import sqlite_url
from tests.browser.conftest import PASSWORD, System
from tests.browser.keys import wait_until_heard
from tests.browser.test_plain_page import open_dossier, page, sign_in  # noqa: F401 - page is a fixture

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.services, pytest.mark.timeout(300)]

HEAD = "quan.tri"


@pytest.fixture(scope="module")
def administrator(system: System) -> str:
    engine = make_engine(sqlite_url(system.log.parent))
    with transaction(make_session_factory(engine)) as session:
        agency = find_agency(session, "H56.14")
        accounts.create_account(
            session, agency=agency, name=HEAD, password=PASSWORD, role=Role.ADMIN, full_name="Phạm Quản Trị"
        )
    engine.dispose()
    return HEAD


def enter(page: Page, name: str, password: str) -> None:  # noqa: F811 - the fixture
    page.goto("/login")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/login"))


def test_a_warehouse_is_opened_for_a_purpose(page: Page, chromium: Browser, system: System) -> None:  # noqa: F811
    sign_in(page)
    code = open_dossier(page, "001195999873", "Nguyễn Kho Mẫu")
    page.get_by_role("link", name="Kho của công dân").click()
    expect(page.get_by_role("heading", name="Kho dữ liệu điện tử")).to_be_visible()
    expect(page.get_by_text("Nguyễn Kho Mẫu")).to_have_count(0)
    expect(page.get_by_label("Giải quyết hồ sơ đang nhận")).to_be_checked()
    wait_until_heard(page)
    page.keyboard.press("Enter")  # the focus is on the purposes
    expect(page.get_by_role("heading", name="Kho của Nguyễn Kho Mẫu")).to_be_visible()
    expect(page.get_by_text("0011•••••873").first).to_be_visible()
    expect(page.get_by_role("link", name=code).first).to_be_visible()
    expect(page.locator("#looks ~ ol li").first).to_contain_text("Xem kho: Giải quyết hồ sơ đang nhận")
    assert re.fullmatch(r".*/kho/[0-9a-f]{32}", page.url)
    page.get_by_role("link", name=f"Về hồ sơ {code}").click()
    page.get_by_role("link", name="Kho của công dân").click()
    expect(page.get_by_role("heading", name="Kho của Nguyễn Kho Mẫu")).to_be_visible()  # asked once

    page.get_by_role("link", name="Mở kho của người khác").click()
    expect(page.get_by_label("Số định danh hoặc mã số")).to_be_focused()
    apart = chromium.new_context(base_url=system.url, storage_state=page.context.storage_state())
    asks = apart.new_page()  # of its own: the answer is meant to be 404
    asks.goto("/kho")
    wait_until_heard(asks)
    asks.keyboard.type("001195999874")
    asks.get_by_label("Công dân, tổ chức yêu cầu xem").check()
    asks.get_by_label("Nói rõ thêm").fill("theo giấy yêu cầu")
    with asks.expect_response(lambda answer: answer.request.method == "POST") as refused:
        asks.keyboard.press("Enter")
    assert refused.value.status == 404
    expect(asks.get_by_role("alert")).to_contain_text("Kho của cơ quan chưa có")
    expect(asks.get_by_label("Nói rõ thêm")).to_have_value("theo giấy yêu cầu")
    apart.close()
    assert not [entry for entry in system.requests() if "00119599987" in str(entry)], "no number in any log"


def test_an_administrator_at_work(page: Page, chromium: Browser, administrator: str, system: System) -> None:  # noqa: F811
    enter(page, administrator, PASSWORD)
    expect(page.get_by_text("Mọi phần đều chạy")).to_be_visible()
    page.get_by_role("navigation", name="Đi tới").get_by_role("link", name="Tài khoản").click()
    page.locator("#name").fill("le.moi")
    page.get_by_label("Họ và tên").fill("Lê Văn Mới")
    page.get_by_label("lãnh đạo, giám sát").check()
    page.get_by_role("button", name="Thêm tài khoản").click()
    password = page.locator("#secret").inner_text()
    page.get_by_role("link", name="Đã chép, về danh sách").click()
    expect(page.get_by_role("row").filter(has_text="le.moi")).to_contain_text("đang dùng")
    expect(page.get_by_text(password)).to_have_count(0)

    other = chromium.new_context(base_url=system.url, viewport={"width": 320, "height": 640})
    theirs = other.new_page()
    enter(theirs, "le.moi", password)
    expect(theirs.get_by_role("heading", name="Đang chờ")).to_be_visible()
    for path in ("/", "/kho", "/nhat-ky"):
        theirs.goto(path)
        assert theirs.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.get_by_role("button", name="Khóa: le.moi").click()
    expect(page.get_by_role("row").filter(has_text="le.moi")).to_contain_text("đã khóa")
    theirs.goto("/")
    expect(theirs.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    other.close()

    page.get_by_role("link", name="Nhật ký").first.click()
    page.get_by_label("Loại việc").select_option("administration")
    page.get_by_role("button", name="Lọc").click()
    rows = page.locator("table.office tbody tr")
    expect(rows.first).to_contain_text("Khóa tài khoản le.moi")
    expect(rows.nth(1)).to_contain_text("Tạo tài khoản le.moi (lãnh đạo, giám sát)")
    for path in ("/", "/tai-khoan", "/tram", "/nhat-ky"):
        for width in (320, 1366):
            page.set_viewport_size({"width": width, "height": 640})
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
            controls = "a.button:visible, button:visible, select:visible, input:visible:not([type=radio])"
            heights = page.locator(controls).evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
            assert all(height >= 44 for height in heights), (path, heights)
