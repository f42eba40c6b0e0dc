"""The main job through a browser: sign in, open a dossier, send scans, watch them being read, find them by their words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import ACCOUNT, PASSWORD, System
from tests.browser.keys import wait_until_heard
from tests.browser.relay import Relay
from tests.paths import SAMPLES
from tests.services import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.services, pytest.mark.timeout(600)]

BIRTH = SAMPLES / "set" / "ks_3_khai_sinh.jpg"
READ_MS = 240_000  # two busy cores


class Seen:
    """What must not happen on any page: errors in the console (a breach of the content policy is one), exceptions, dead links.

    A refusal that a test provokes is no error of the page; the browser's line about it is left out, the status is looked at. Nor is a wire that
    breaks while something is fetched, or somebody who leaves the page then: what the content policy refuses has a line of its own.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.wrong: list[str] = []
        context.on("console", lambda message: self.note(message.type, message.text))
        context.on("weberror", lambda error: self.note("error", str(error.error)))
        context.on("response", lambda answer: self.answered(answer.status, answer.url))

    def note(self, kind: str, text: str) -> None:
        unanswered = text.startswith("Failed to load resource") or "Failed to fetch" in text
        if kind in {"error", "warning"} and not unanswered:
            self.wrong.append(f"{kind}: {text}")

    def answered(self, status: int, url: str) -> None:
        if status == 404 or status >= 500:
            self.wrong.append(f"{status} {url}")


@pytest.fixture
def page(chromium: Browser, system: System) -> Iterator[Page]:
    context = chromium.new_context(base_url=system.url, viewport={"width": 1366, "height": 768}, locale="en-US")
    seen = Seen(context)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()
    assert seen.wrong == []


@pytest.fixture
def wire(system: System) -> Iterator[Relay]:
    with Relay(int(system.url.rpartition(":")[2])) as relay:
        yield relay


def sign_in(page: Page, start: str = "") -> None:
    """By keyboard alone."""
    page.goto(f"{start}/")
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    wait_until_heard(page)
    page.keyboard.type(ACCOUNT)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mở hồ sơ mới")).to_be_visible()


def open_dossier(page: Page, number: str, name: str, start: str = "") -> str:
    """As a card scanner does: it types the number into the focused field and presses Enter. The dossier's code."""
    page.goto(f"{start}/")
    expect(page.get_by_label("Số định danh của công dân")).to_be_focused()
    page.get_by_label("Họ và tên").fill(name)
    page.get_by_label("Số định danh của công dân").fill(number)
    page.keyboard.press("Enter")
    page.wait_for_url("**/dossiers/*")
    code = page.locator("h1 .code").inner_text()
    assert code.startswith("H56.14-")
    return code


def test_the_main_job(page: Page) -> None:
    sign_in(page)
    code = open_dossier(page, "001195999872", "Lý Diệu Thu Quỳnh")
    expect(page.get_by_text("0011•••••872")).to_be_visible()
    expect(page.get_by_text("001195999872")).to_have_count(0)

    page.get_by_label("Chọn tệp").set_input_files([BIRTH])
    card = page.locator("article.scan")
    expect(card.get_by_role("heading", name=BIRTH.name)).to_be_visible()
    expect(card.locator(".badge")).to_have_text("Xong", timeout=READ_MS)
    expect(page.locator("#uploads li")).to_have_count(0)
    expect(card.locator(".title")).to_contain_text("Giấy khai sinh")
    expect(card.locator(".said")).to_contain_text("chưa yêu cầu ký số")
    expect(card.locator(".fields")).to_contain_text("51/2024")

    with page.expect_popup() as popup:
        card.get_by_role("link", name="Xem PDF").click()
    popup.value.close()
    pdf = page.request.get(card.get_by_role("link", name="Xem PDF").get_attribute("href") or "")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.body().startswith(b"%PDF-")

    page.locator("h1").click()
    page.keyboard.press("/")
    page.wait_for_url("**/tra-cuu")
    page.get_by_role("searchbox").type("giay khai sinh", delay=30)
    result = page.locator(".hits li").filter(has_text=code)
    expect(result.locator("mark").first).to_be_visible()
    page.wait_for_url("**/tra-cuu?q=giay+khai+sinh")  # the search is a link that can be kept
    result.locator("a.hit").click()
    image = page.get_by_role("img", name="Ảnh trang 1")
    expect(image).to_be_visible()
    wait_until(lambda: bool(image.evaluate("image => image.complete && image.naturalWidth > 500")), "the picture")
    expect(page.get_by_role("heading", name="Giấy khai sinh")).to_be_visible()
    expect(page.locator(".fields")).to_contain_text("20/06/2024")


def test_the_same_file_and_files_that_cannot_be_taken(page: Page, tmp_path: Path) -> None:
    sign_in(page)
    open_dossier(page, "001195000001", "Nguyễn Ví Dụ")
    empty, text, broken = tmp_path / "rong.pdf", tmp_path / "chu.txt", tmp_path / "hong.pdf"
    empty.write_bytes(b"")
    text.write_text("không phải bản quét")
    broken.write_bytes(b"%PDF-1.7\nnothing of a PDF follows")
    page.get_by_label("Chọn tệp").set_input_files([empty, text, broken, BIRTH])
    lines = page.locator("#uploads li")
    expect(lines).to_have_count(2)
    expect(lines.nth(0)).to_contain_text("Tệp rỗng. Quét lại trang giấy rồi gửi lại tệp.")
    expect(lines.nth(1)).to_contain_text("Định dạng tệp không được hỗ trợ.")
    refused = page.locator("article.scan").filter(has_text="hong.pdf")
    expect(refused.locator(".badge")).to_have_text("Không nhận được", timeout=READ_MS)
    expect(refused.locator(".problem")).to_contain_text("Tệp hỏng hoặc bị cắt cụt.")
    page.get_by_label("Chọn tệp").set_input_files([BIRTH])
    expect(lines.nth(2)).to_contain_text("Tệp này đã có trong hồ sơ.")
    expect(page.locator("article.scan")).to_have_count(2)
    lines.nth(0).get_by_role("button", name="Bỏ dòng này").click()
    expect(lines).to_have_count(2)


def test_progress_survives_a_lost_connection(page: Page, wire: Relay) -> None:
    sign_in(page, wire.url)
    open_dossier(page, "001195000002", "Nguyễn Ví Dụ", wire.url)
    page.get_by_label("Chọn tệp").set_input_files([SAMPLES / "set" / "tron.pdf"])
    card = page.locator("article.scan")
    expect(card).to_have_count(1)
    wire.cut()
    expect(page.get_by_text("Mất kết nối")).to_be_visible()
    wire.mend()
    expect(card.locator(".badge")).to_have_text("Xong", timeout=READ_MS)
    expect(page.get_by_text("Mất kết nối")).to_be_hidden()


def test_english_a_phone_and_the_dark(page: Page, chromium: Browser, system: System) -> None:
    sign_in(page)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Open a new dossier")).to_be_visible()
    state = page.context.storage_state()
    for width, scheme in ((320, "light"), (320, "dark"), (1366, "dark")):
        context = chromium.new_context(
            base_url=system.url,
            storage_state=state,
            viewport={"width": width, "height": 640},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        small = context.new_page()
        for path in ("/", "/tra-cuu?q=khai+sinh", "/errors"):
            small.goto(path)
            assert small.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, path)
            assert small.evaluate(
                "document.fonts.ready.then(() => document.fonts.check('16px \"Be Vietnam Pro\"', 'Ẵ'))"
            )
            targets = small.locator(
                "a.button:visible, button:visible, label.check:visible, input:visible:not([type=hidden], [type=checkbox])"
            )
            heights = targets.evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
            assert all(height >= 44 for height in heights), (path, heights)
        context.close()
    page.get_by_role("link", name="Tiếng Việt").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    page.goto("/tra-cuu?q=khai+sinh")
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
