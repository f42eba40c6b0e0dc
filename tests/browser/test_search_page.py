"""Search by keyboard: results while somebody types, arrows, the page beside with its words boxed, back, reuse, a phone, no script."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Route, expect
from sqlalchemy import select

from models.database import transaction
from models.entities import Component, Result, Role
from models.entities import Page as ScanPage
from models.settings import sqlite_url
from tests.browser.keys import wait_until_heard
from tests.browser.test_plain_page import Seen
from tests.digitize_api.api import PASSWORD, Api, running_api
from tests.digitize_api.test_pages import HOLDER
from tests.digitize_api.test_search_page import LINES, paper

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Api, dict[str, str]]]:
    """A front door with three certificates: one that may be used again, one not kept yet, one whose state has ended; and a new dossier."""
    folder: Path = tmp_path_factory.mktemp("served")
    with running_api(folder, sqlite_url(folder)) as api:
        texts = ["\n".join(LINES), "Trang hai: lời chứng"]
        names = {name: paper(api, *texts, keep=name != "loose", words=True) for name in ("ended", "loose", "good")}
        with transaction(api.sessions) as session:
            session.get_one(Result, names["ended"]).ended_on = session.get_one(Result, names["ended"]).issued_on
            for component_id in names.values():
                scan = session.get_one(Component, component_id).scan_id
                page = session.scalars(select(ScanPage).where(ScanPage.scan_id == scan, ScanPage.number == 1)).one()
                api.store.put(page.image_key or "", io.BytesIO(drawn()), media_type="image/jpeg", overwrite=True)
        names["dossier"] = api.dossier(api.station(), procedure="2.001263", holder=HOLDER)
        api.account("can.bo", Role.CLERK)
        yield api, names


def drawn() -> bytes:
    """A sheet of 600 by 800 pixels, dark where the words of ``outcome`` lie."""
    sheet = Image.new("RGB", (600, 800), "#fffdf5")
    pen = ImageDraw.Draw(sheet)
    for row, line in enumerate(LINES):
        for at in range(len(line.split())):
            pen.rectangle((50 * at + 4, 30 * row + 4, 50 * at + 36, 30 * row + 16), fill="#333333")
    out = io.BytesIO()
    sheet.save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def context(chromium: Browser, served: tuple[Api, dict[str, str]]) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=served[0].url, viewport={"width": 1366, "height": 768}, locale="vi-VN")
    seen = Seen(context)
    page = context.new_page()
    page.goto("/login?next=/tra-cuu")
    page.get_by_label("Tên đăng nhập").fill("can.bo")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox")).to_be_visible(timeout=30_000)
    page.close()
    yield context
    context.close()
    assert [each for each in seen.wrong if not each.endswith("/dung-lai")] == []  # that refusal is what a test asks for


def test_found_seen_and_used_again_by_keyboard(context: BrowserContext, served: tuple[Api, dict[str, str]]) -> None:
    _, names = served
    page = context.new_page()
    page.goto(f"/tra-cuu?dossier={names['dossier']}&slot=tinh_trang_hon_nhan")
    expect(page.get_by_role("searchbox")).to_be_focused()
    wait_until_heard(page)
    page.keyboard.type("ket hon", delay=40)
    hits = page.locator(".hits > li")
    expect(hits).to_have_count(3)
    page.wait_for_url(f"**/tra-cuu?dossier={names['dossier']}&slot=tinh_trang_hon_nhan&q=ket+hon")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.locator(f"#result-{names['good']} .verdict")).to_contain_text("Dùng lại được")
    expect(page.locator(f"#result-{names['ended']} .verdict")).to_contain_text("Hết hiệu lực")

    page.keyboard.press("ArrowDown")
    expect(hits.nth(0).locator("a.hit")).to_be_focused()
    boxed = page.locator("#beside rect")
    expect(boxed).to_have_count(1)
    image, box = page.locator("#beside img").bounding_box(), boxed.first.bounding_box()
    assert image is not None
    assert box is not None
    assert box["x"] <= image["x"] + image["width"] * 4 / 600, "the box lies on the word of the image"
    assert abs(box["y"] - image["y"] - image["height"] * 26 / 800) < 4
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("searchbox")).to_be_focused()

    page.get_by_label("Chỉ giấy dùng lại được").check()
    expect(hits).to_have_count(1)
    page.go_back()
    expect(hits).to_have_count(3)
    expect(page.get_by_label("Chỉ giấy dùng lại được")).not_to_be_checked()

    page.locator(f"#result-{names['good']} a.hit").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tra-cuu/{names['good']}/1?*")
    expect(page.locator("rect")).to_have_count(1)
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/tra-cuu/{names['good']}/2?*")
    page.keyboard.press("Escape")
    page.wait_for_url("**/tra-cuu?*")
    expect(page.get_by_role("searchbox")).to_have_value("ket hon")
    page.locator(f"#result-{names['good']} a.hit").focus()
    page.keyboard.press("d")
    page.wait_for_url("**#needed")
    expect(page.locator("#needed")).to_contain_text("Đã dùng lại: Giấy chứng nhận kết hôn")


def test_a_newer_question_wins_and_a_dossier_is_asked_for(
    context: BrowserContext, served: tuple[Api, dict[str, str]]
) -> None:
    _, names = served
    page = context.new_page()
    page.goto("/tra-cuu")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/tra-cuu?q=ket", hold)  # its answer comes last
    with page.expect_request("**/tra-cuu?q=ket"):
        page.get_by_role("searchbox").fill("ket")
    page.get_by_role("searchbox").fill("zzzzz")
    expect(page.locator("#results").get_by_text("Không thấy giấy tờ nào.")).to_be_visible()
    for route in held:
        route.abort()  # given up by the page already
    page.wait_for_timeout(200)
    expect(page.locator("#results").get_by_text("Không thấy giấy tờ nào.")).to_be_visible()
    page.wait_for_url("**/tra-cuu?q=zzzzz")
    page.get_by_role("searchbox").fill("ket hon")
    expect(page.locator(".hits > li")).to_have_count(3)
    page.locator(f"#result-{names['good']} a.hit").focus()
    page.keyboard.press("d")
    expect(page.get_by_label("Vào hồ sơ nào?")).to_be_focused()
    page.keyboard.type("H56.14-000000-0000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Không tìm thấy")
    expect(page.locator(".hits > li")).to_have_count(3)


def test_a_phone_the_dark_and_no_script(
    context: BrowserContext, chromium: Browser, served: tuple[Api, dict[str, str]]
) -> None:
    _, names = served
    state = context.storage_state()
    for width, scripts in ((320, True), (320, False), (1366, False)):
        other = chromium.new_context(
            base_url=served[0].url,
            storage_state=state,
            viewport={"width": width, "height": 640},
            color_scheme="dark",
            java_script_enabled=scripts,
        )
        page = other.new_page()
        for path in (
            "/tra-cuu",
            "/tra-cuu?q=ket+hon&year=2023",
            "/tra-cuu?q=zzzz",
            f"/tra-cuu/{names['good']}/1?q=ket+hon",
        ):
            page.goto(path)
            expect(page.get_by_role("heading").first).to_be_attached()
            assert page.locator("main").bounding_box()["width"] <= width  # type: ignore[index]
            if scripts:
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, path)
                targets = page.locator(
                    "a.button:visible, button:visible, select:visible, summary:visible, input:visible:not([type=hidden])"
                )
                heights = targets.evaluate_all(
                    "all => all.map(each => (each.closest('label') ?? each).getBoundingClientRect().height)"
                )
                assert all(height >= 44 for height in heights), (path, heights)
        page.goto("/tra-cuu")
        page.get_by_role("searchbox").fill("kết hôn")
        page.keyboard.press("Enter")
        expect(page.locator(".hits > li")).to_have_count(3)
        page.locator(f"#result-{names['good']} a.see").click()
        expect(page.locator("rect")).to_have_count(1)
        other.close()


def test_a_lost_connection_is_told(context: BrowserContext, served: tuple[Api, dict[str, str]]) -> None:
    page = context.new_page()
    page.goto("/tra-cuu?q=ket+hon")
    context.set_offline(True)
    page.get_by_role("searchbox").fill("khai sinh")
    expect(page.get_by_role("alert")).to_contain_text("Không tìm được: mất kết nối")
    context.set_offline(False)
    page.get_by_role("searchbox").fill("ket hon")
    expect(page.locator(".hits > li")).to_have_count(3)
