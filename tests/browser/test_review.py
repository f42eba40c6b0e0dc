"""The review story by keyboard alone, over papers that are read already: alternatives, type, acceptance, take-over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from models.database import transaction
from models.entities import Component, Role
from models.settings import sqlite_url
from tests.browser.keys import wait_until_heard
from tests.browser.review_papers import read_sample
from tests.browser.test_plain_page import Seen
from tests.digitize_api.api import PASSWORD, Api, running_api

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]

NUMBER_OPEN = {"value": None, "reason": "HANDWRITING", "symbol": "/2021", "doubt": None}
WIFE = {
    "value": "LÝ DIỆU THU QUỲNH",
    "page": 1,
    "box": [231, 609, 611, 652],
    "doubt": "UNSURE",
    "confidence": 0.5,
    "source": "ocr",
}
HUSBAND = {"value": "TRẦN VĂN MẪU", "confidence": 0.96, "source": "ocr"}


@dataclass
class Office:
    """``married``: two pages, its number open and a name in doubt. ``birth``: taken for some other paper. ``plain``: nothing to ask."""

    api: Api
    married: str
    birth: str
    plain: str

    def state(self, paper: str) -> Component:
        with self.api.sessions() as session:
            return session.get_one(Component, paper)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with running_api(tmp_path, sqlite_url(tmp_path)) as api:
        for name in ("can.bo", "can.bo.hai"):
            api.account(name, Role.CLERK)
        code = api.dossier(api.station(), title="Đăng ký khai sinh")
        married = read_sample(
            api,
            code,
            ["ks_2_ket_hon.jpg", "ks_1_to_khai.jpg"],
            fields={"number": NUMBER_OPEN, "wife_name": WIFE, "husband_name": HUSBAND},
            unsure=["QUỲNH", "phường"],
        )
        birth = read_sample(api, code, ["ks_3_khai_sinh.jpg"], fields={}, paper_type="khac", paper_type_score=0.4)
        plain = read_sample(
            api, code, ["ks_2_ket_hon.jpg"], fields={"wife_name": WIFE | {"doubt": None}, "husband_name": HUSBAND}
        )
        yield Office(api, married, birth, plain)


@pytest.fixture
def context(chromium: Browser, office: Office) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=office.api.url, viewport={"width": 1366, "height": 768})
    context.set_default_timeout(15_000)
    seen = Seen(context)
    yield context
    context.close()
    assert seen.wrong == []


def sign_in(context: BrowserContext, name: str = "can.bo") -> Page:
    page = context.new_page()
    page.goto("/login?next=/kiem-tra")
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    wait_until_heard(page)
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Kiểm tra")).to_be_visible()
    return page


def on_screen(page: Page, field: str) -> bool:
    """Whether the field's box on the image lies within what is seen of it."""
    return bool(
        page.evaluate(
            """field => {
                const inner = document.querySelector(`rect[data-field="${field}"]`).getBoundingClientRect();
                const outer = document.querySelector(".stage").getBoundingClientRect();
                return inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;
            }""",
            field,
        )
    )


def test_doubts_by_keyboard_alone_and_the_next_is_there_at_once(context: BrowserContext, office: Office) -> None:
    page = sign_in(context)
    keys = page.keyboard
    expect(page.get_by_text("3 giấy tờ chờ kiểm tra")).to_be_visible()
    expect(page.get_by_role("link", name="Bắt đầu")).to_be_focused()
    keys.press("Enter")

    # The open number comes first; its alternatives are one key away, the image is where it stands.
    number = page.get_by_label("Số, ký hiệu")
    expect(number).to_be_focused()
    expect(page.locator('rect[data-field="number"]')).to_have_class("on")
    page.wait_for_timeout(250)
    assert on_screen(page, "number")
    keys.press("ArrowDown")
    expect(number).to_have_value("14/2021")
    keys.press("ArrowDown")
    expect(number).to_have_value("74/2021")
    keys.press("ArrowUp")
    keys.press("Enter")
    wife = page.get_by_label("Họ tên vợ")
    expect(wife).to_be_focused()
    expect(page.locator('[data-name="wife_name"] .under u')).to_have_text("QUỲNH")
    expect(page.locator('[data-name="wife_name"] .words')).to_have_text("từ chưa chắc: QUỲNH")
    keys.press("PageDown")
    expect(page.get_by_role("img", name="Ảnh trang 2")).to_be_visible()
    expect(page.locator(".where")).to_have_text("Trang 2 / 2")
    keys.press("PageUp")
    expect(page.get_by_role("img", name="Ảnh trang 1")).to_be_visible()
    assert page.locator("path.unsure").count() >= 2
    keys.press("Enter")
    accept = page.get_by_role("button", name="Đúng cả")
    expect(accept).to_be_focused()

    # Accepted: the next is there at once, its image fetched before. Its type is put right with a few letters without marks.
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.wait_for_timeout(300)
    before = len(fetched)
    keys.press("Enter")
    expect(page.get_by_text("Đã xác nhận Giấy chứng nhận kết hôn.")).to_be_visible()
    expect(page).to_have_url(f"{office.api.url}/kiem-tra/{office.birth}")
    assert page.locator(".layer img").evaluate("image => image.complete && image.naturalWidth > 500")
    assert not any(f"{office.birth}/pages/" in url for url in fetched[before:]), "it had been fetched before"
    assert office.state(office.married).state == "verified"
    assert (office.state(office.married).fields["number"] or {})["value"] == "14/2021"


def test_type_and_fields_by_keyboard_to_the_end_of_the_queue(context: BrowserContext, office: Office) -> None:
    page = sign_in(context)
    keys = page.keyboard
    page.goto(f"/kiem-tra/{office.birth}")
    expect(page.locator(".bench.ready")).to_be_visible()
    keys.press("F2")
    kind = page.get_by_role("combobox", name="Loại giấy tờ")
    expect(kind).to_be_focused()
    keys.type("khai sinh")  # no marks
    expect(page.get_by_role("option", name="Giấy khai sinh")).to_be_visible()
    keys.press("Enter")
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    expect(kind).to_have_value("Giấy khai sinh")
    assert office.state(office.birth).paper_type == "giay_khai_sinh"

    # What the new type asks for and nobody read is typed, or said not to be on the paper.
    open_fields = page.locator(".edit.look").count()
    for number in range(open_fields):
        expect(page.locator(".edit.look .entry > :not(.under)").nth(number)).to_be_focused()
        keys.press("F4")
        expect(page.locator(".edit.look .absent input").nth(number)).to_be_checked()
        keys.press("Enter")
    accept = page.get_by_role("button", name="Đúng cả")
    expect(accept).to_be_focused()
    keys.press("F9")
    expect(page).to_have_url(f"{office.api.url}/kiem-tra/{office.plain}")
    expect(accept).to_be_focused()
    keys.press("Enter")
    expect(page).to_have_url(f"{office.api.url}/kiem-tra/{office.married}")
    keys.type("14/2021")
    keys.press("Control+Enter")
    expect(page).to_have_url(f"{office.api.url}/kiem-tra/{office.birth}")
    for _ in range(open_fields):
        keys.press("F4")
        keys.press("Enter")
    keys.press("Control+Enter")
    expect(page.get_by_text("Không còn giấy tờ nào chờ kiểm tra.")).to_be_visible()
    assert {office.state(paper).state for paper in (office.married, office.birth, office.plain)} == {"verified"}

    page.goto(f"/kiem-tra/{office.birth}")
    page.locator(".history summary").focus()
    keys.press("Enter")
    expect(page.locator(".history tr").filter(has_text="Loại giấy tờ")).to_contain_text("Giấy khai sinh")


def test_the_first_is_told_who_took_over(context: BrowserContext, office: Office, chromium: Browser) -> None:
    page = sign_in(context)
    page.goto(f"/kiem-tra/{office.married}")
    page.get_by_label("Số, ký hiệu").fill("14/2021")
    other = chromium.new_context(base_url=office.api.url, viewport={"width": 320, "height": 640})
    second = sign_in(other, "can.bo.hai")
    second.goto(f"/kiem-tra/{office.married}")
    expect(second.get_by_text("Trần Mẫu đang giữ giấy tờ này từ")).to_be_visible()
    expect(second.get_by_role("button", name="Đúng cả")).to_be_disabled()
    second.get_by_role("button", name="Nhận thay").click()
    expect(second.get_by_role("button", name="Đúng cả")).to_be_enabled()
    assert second.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as when the officer comes back to the page
    expect(page.get_by_text("Trần Mẫu đang giữ giấy tờ này từ")).to_be_visible()
    expect(page.get_by_label("Số, ký hiệu")).to_have_value("14/2021")
    expect(page.get_by_role("button", name="Đúng cả")).to_be_disabled()
    page.get_by_role("button", name="Nhận thay").click()
    expect(page.get_by_role("button", name="Đúng cả")).to_be_enabled()
    expect(page.get_by_label("Số, ký hiệu")).to_have_value("14/2021")
    other.close()


def test_what_waits_is_left_for_whoever_opens_it_next(context: BrowserContext, office: Office) -> None:
    page = sign_in(context)
    page.goto(f"/kiem-tra/{office.married}")
    expect(page.locator(".bench.ready")).to_be_visible()
    page.reload()
    expect(page.locator(".bench.ready")).to_be_visible()
    page.wait_for_timeout(300)
    person = office.api.person(name="can.bo.hai")
    lease = f"/api/v1/components/{office.married}/lease"
    assert person.put(lease, json={}).status_code == 409, "a reload does not let go"
    page.goto("/kiem-tra")
    page.wait_for_timeout(300)
    assert person.put(lease, json={}).status_code == 200, "leaving does"
    with transaction(office.api.sessions) as session:
        assert session.get_one(Component, office.married).version == 1
