"""Another system is told what happens, by an administrator with the keyboard: added, tried, failed, sent again, paused; ``digitize up`` delivers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from models import accounts
from models.agencies import find_agency
from models.database import make_engine, make_session_factory, transaction
from models.entities import Role
from models.settings import sqlite_url
from tests.browser.conftest import PASSWORD, System
from tests.browser.test_office import enter
from tests.browser.test_plain_page import page  # noqa: F401 - a fixture
from tests.workers.test_webhooks import receiving, verified

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.services, pytest.mark.timeout(300)]

ADMIN = "quan.tri.2"  # another than that of ``test_office``, which may share this system


@pytest.fixture(scope="module")
def admin(system: System) -> str:
    engine = make_engine(sqlite_url(system.log.parent))
    with transaction(make_session_factory(engine)) as session:
        agency = find_agency(session, "H56.14")
        accounts.create_account(
            session, agency=agency, name=ADMIN, password=PASSWORD, role=Role.ADMIN, full_name="Lê Quản Trị"
        )
    engine.dispose()
    return ADMIN


def press(page: Page, name: str) -> None:  # noqa: F811 - the fixture
    """By the keyboard alone."""
    button = page.get_by_role("button", name=name, exact=True).first
    button.focus()
    page.keyboard.press("Enter")


def test_told_by_the_keyboard(page: Page, admin: str) -> None:  # noqa: F811 - the fixture
    enter(page, admin, PASSWORD)
    page.goto("/noi-nhan")
    with receiving(503, 204) as receiver:
        page.get_by_label("Địa chỉ nhận").focus()
        page.keyboard.type(receiver.url)
        page.keyboard.press("Enter")
        secret = page.locator("#secret").inner_text()
        expect(page.get_by_text("Chỉ hiện một lần")).to_be_visible()
        page.get_by_role("link", name="Đã chép, về danh sách").press("Enter")
        expect(page.get_by_role("heading", name=receiver.url)).to_be_visible()

        press(page, "Gửi thử")
        row = page.get_by_role("row").filter(has_text="gửi thử")
        expect(row).to_contain_text("HTTP 503", timeout=30_000)  # nobody reloads the page
        expect(row.get_by_text("không tới")).to_be_visible()
        row.locator("summary").press("Enter")
        expect(row.get_by_text("webhook.trial")).to_be_visible()
        press(page, "Gửi lại: gửi thử, " + row.locator("td time").first.inner_text())
        expect(row.get_by_text("✓ đã tới")).to_be_visible(timeout=30_000)
        expect(row.locator("summary")).to_contain_text("2 lần gửi")
        assert {verified(secret, headers, body) for _, headers, body in receiver.got} == {True}
        assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1

        press(page, "Tạm dừng")
        expect(page.get_by_text("Tạm dừng từ")).to_be_visible()
        press(page, "Báo tiếp")
        expect(page.get_by_text("đang báo")).to_be_visible()
        page.get_by_text("Thôi báo", exact=True).focus()
        page.keyboard.press("Enter")
        press(page, "Thôi báo tới địa chỉ này")
        expect(page.get_by_text("Đã thôi báo từ")).to_be_visible()


def test_without_scripts(chromium: Browser, system: System, admin: str) -> None:
    context = chromium.new_context(base_url=system.url, locale="vi-VN", java_script_enabled=False)
    page = context.new_page()  # noqa: F811 - one of its own
    enter(page, admin, PASSWORD)
    with receiving(204) as receiver:
        page.goto("/noi-nhan")
        page.get_by_label("Địa chỉ nhận").fill(receiver.url)
        page.get_by_label("kết quả bị hủy").uncheck()
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Đã chép, về danh sách").click()
        page.get_by_role("button", name="Gửi thử").click()
        arrived = page.get_by_text("✓ đã tới")
        for _ in range(30):
            if arrived.count():
                break
            page.get_by_role("link", name="Xem lại").click()
            page.wait_for_timeout(500)
        expect(arrived).to_be_visible()
        assert len(receiver.got) == 1
        page.get_by_text("Thôi báo", exact=True).click()
        page.get_by_role("button", name="Thôi báo tới địa chỉ này").click()
        expect(page.get_by_text("Đã thôi báo từ")).to_be_visible()
    context.close()
