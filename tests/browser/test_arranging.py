"""Pages turned, papers parted by key, a scan taken out and put back, an upload that is cut off: on the real system, by a real reader."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import test_plain_page as plain
from tests.browser.relay import Relay
from tests.browser.test_plain_page import READ_MS, open_dossier, sign_in
from tests.paths import SAMPLES
from tests.services import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.services, pytest.mark.timeout(600)]

page, wire = plain.page, plain.wire  # the fixtures
SET = SAMPLES / "set"


def stacked(path: Path) -> Path:
    """Three papers in one file, the second on its side: what a hurried scan looks like."""
    sheets = [
        Image.open(SET / name).convert("RGB") for name in ("ks_1_to_khai.jpg", "ks_2_ket_hon.jpg", "ks_3_khai_sinh.jpg")
    ]
    sheets[0].save(path, save_all=True, append_images=sheets[1:], resolution=200)
    return path


def test_pages_are_parted_and_joined_by_key(page: Page, tmp_path: Path) -> None:
    sign_in(page)
    code = open_dossier(page, "001195000011", "Nguyễn Ví Dụ")
    page.get_by_label("Chọn tệp").set_input_files([stacked(tmp_path / "chong.pdf")])
    expect(page.locator("article.scan .badge")).to_have_text("Xong", timeout=READ_MS)
    papers = page.locator("ul.papers > li")
    expect(papers).to_have_count(3)

    page.get_by_role("link", name="Sắp xếp trang").click()
    leaves = page.locator(".leaf")
    expect(leaves).to_have_count(3)
    expect(leaves.nth(0)).to_be_focused()
    expect(leaves.nth(2).get_by_role("checkbox", name="Giấy tờ mới")).to_be_checked()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("s")  # the third page belongs to the second paper
    expect(leaves.nth(2).get_by_role("checkbox", name="Giấy tờ mới")).not_to_be_checked()
    page.keyboard.press("r")
    page.keyboard.press("r")  # upside down, to see it turned
    expect(leaves.nth(2).get_by_role("combobox")).to_have_value("180")
    before = page.request.get(leaves.nth(2).locator("img").get_attribute("src") or "").body()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("Đang sắp xếp lại…")).to_have_count(0, timeout=READ_MS)
    expect(leaves.nth(2).get_by_role("checkbox", name="Giấy tờ mới")).not_to_be_checked()
    after = page.request.get(leaves.nth(2).locator("img").get_attribute("src") or "").body()
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after)) as other:
        assert one.size == other.size
        assert one.convert("L").resize((60, 80)).tobytes() != other.convert("L").resize((60, 80)).tobytes()
        back = other.convert("L").rotate(180).resize((60, 80))
        off = sum(abs(a - b) for a, b in zip(one.convert("L").resize((60, 80)).tobytes(), back.tobytes(), strict=True))
        assert off / 4800 < 12, "the same page, upside down"

    page.get_by_role("link", name=f"Về hồ sơ {code}").click()
    expect(papers).to_have_count(2)
    expect(papers.nth(1)).to_contain_text("2 trang")
    expect(page.locator(".history, .timeline").first).to_contain_text("Sắp xếp lại các trang")


def in_order(page: Page) -> list[str]:
    return [str(leaf.get_attribute("data-number")) for leaf in page.locator(".leaf").all()]


def marks(page: Page) -> list[bool]:
    return [box.is_checked() for box in page.locator(".leaf .cut input").all()]


def drag(page: Page, leaf: Locator, target: Locator, side: float) -> None:
    """By mouse, from the middle of one page's picture to ``side`` (0 to 1, left to right) of another's."""
    start, end = leaf.locator(".picture").bounding_box(), target.locator(".picture").bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + 40)
    page.mouse.down()
    page.mouse.move(start["x"] + start["width"] / 2 + 20, start["y"] + 50, steps=3)
    page.mouse.move(end["x"] + end["width"] * side, end["y"] + 50, steps=6)


def open_stack(page: Page, path: Path, citizen: str) -> str:
    """Three read papers of a page each, on the page that arranges them; the dossier's code."""
    sign_in(page)
    code = open_dossier(page, citizen, "Nguyễn Ví Dụ")
    page.get_by_label("Chọn tệp").set_input_files([stacked(path)])
    expect(page.locator("article.scan .badge")).to_have_text("Xong", timeout=READ_MS)
    page.get_by_role("link", name="Sắp xếp trang").click()
    expect(page.locator(".leaf")).to_have_count(3)
    expect(page.get_by_role("button", name="Hoàn tác")).to_be_visible()  # its script is there
    return code


def test_pages_are_dragged_and_moved_by_key_and_undone(page: Page, tmp_path: Path) -> None:
    open_stack(page, tmp_path / "keo.pdf", "001195000014")
    one, two, three = (page.locator(f"#leaf-{number}") for number in (1, 2, 3))
    undo, told = page.get_by_role("button", name="Hoàn tác"), page.locator("#told")

    drag(page, three, one, 0.2)  # in front of the first: a paper alone stays one
    expect(one).to_have_class(re.compile(r"\bbefore\b"))
    page.mouse.up()
    expect(told).to_have_text("Trang 3 đứng thứ 1, trong giấy tờ thứ 1.")
    assert (in_order(page), marks(page)) == (["3", "1", "2"], [True, True, True])
    drag(page, one, two, 0.8)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert in_order(page) == ["3", "1", "2"], "let go with Escape"
    undo.click()
    expect(told).to_have_text("Đã hoàn tác.")
    assert in_order(page) == ["1", "2", "3"]

    two.focus()
    page.keyboard.press("s")  # the second page goes to the first paper
    assert marks(page) == [True, False, True]
    page.keyboard.press("Shift+ArrowRight")
    expect(told).to_have_text("Trang 2 đứng thứ 2, trong giấy tờ thứ 2.")
    assert (in_order(page), marks(page)) == (["1", "2", "3"], [True, True, False]), "over to the next paper"
    expect(two).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    assert (in_order(page), marks(page)) == (["1", "3", "2"], [True, True, False]), "and on within it"
    expect(two).to_be_focused()
    page.keyboard.press("u")
    page.keyboard.press("u")
    page.keyboard.press("u")
    assert (in_order(page), marks(page)) == (["1", "2", "3"], [True, True, True])
    undo.click()
    expect(told).to_have_text("Không còn gì để hoàn tác.")


def test_pages_are_moved_by_button_and_number_left_out_and_put_back(page: Page, tmp_path: Path) -> None:
    code = open_stack(page, tmp_path / "lon.pdf", "001195000016")
    leaves, two, told = page.locator(".leaf"), page.locator("#leaf-2"), page.locator("#told")
    page.get_by_role("button", name="Đưa trang 1 ra sau").click()
    expect(told).to_have_text("Trang 1 đứng thứ 2, trong giấy tờ thứ 2.")
    expect(page.get_by_role("button", name="Đưa trang 1 ra sau")).to_be_focused()
    page.get_by_label("Thứ tự Trang 1").fill("3")
    page.keyboard.press("Tab")
    assert in_order(page) == ["2", "3", "1"]
    two.focus()
    page.keyboard.press("x")
    expect(told).to_have_text("Trang 2 được bỏ ra ngoài.")
    expect(two.locator(".cut")).to_be_hidden()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("Đang sắp xếp lại…")).to_have_count(0, timeout=READ_MS)
    expect(leaves.nth(0).get_by_role("checkbox", name="Bỏ ra ngoài")).to_be_checked()
    expect(leaves.nth(0)).to_contain_text("trang 2 của tệp")
    expect(leaves.nth(2)).to_contain_text("trang 1 của tệp")
    scan = page.url.rpartition("/")[2].partition("?")[0]
    read = page.request.get(f"{page.url.partition('/ban-quet')[0]}/api/v1/scans/{scan}").json()
    assert [(one["source_number"], one["left_out"]) for one in read["pages"]] == [(2, True), (3, False), (1, False)]
    assert [one["pages"] for one in read["components"]] == [[2], [3]]

    page.get_by_role("button", name="Trả lại như trước lần sắp xếp vừa rồi").click()
    expect(leaves.nth(0)).to_have_id("leaf-1")
    expect(page.get_by_text("Đang sắp xếp lại…")).to_have_count(0, timeout=READ_MS)
    expect(leaves.nth(0)).not_to_contain_text("của tệp")
    expect(page.get_by_role("checkbox", name="Bỏ ra ngoài", checked=True)).to_have_count(0)
    leaves.nth(0).get_by_role("checkbox", name="Bỏ ra ngoài").check()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("Đang sắp xếp lại…")).to_have_count(0, timeout=READ_MS)
    leaves.nth(0).get_by_role("checkbox", name="Bỏ ra ngoài").uncheck()
    expect(told).to_have_text("Trang 1 được đưa lại.")
    with page.expect_navigation():
        page.get_by_role("button", name="Sắp xếp lại").click()
    expect(page.get_by_text("Đang sắp xếp lại…")).to_have_count(0, timeout=READ_MS)
    page.get_by_role("link", name=f"Về hồ sơ {code}").click()
    expect(page.locator("ul.papers > li")).to_have_count(3)


def test_pages_are_moved_and_left_out_on_a_phone_and_without_scripts(
    page: Page, chromium: Browser, tmp_path: Path
) -> None:
    open_stack(page, tmp_path / "dien_thoai.pdf", "001195000015")
    page.set_viewport_size({"width": 320, "height": 640})
    for button in page.locator(".leaf button, .leaf .aside, .leaf .cut label").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 43.5, "a finger hits it"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Đưa trang 1 ra sau").click()
    assert in_order(page) == ["2", "1", "3"]

    plain_browser = chromium.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    still = plain_browser.new_page()
    still.goto(page.url)
    still.get_by_label("Thứ tự Trang 3").fill("1")
    still.locator("#leaf-2").get_by_label("Bỏ ra ngoài").check()
    still.get_by_role("button", name="Sắp xếp lại").click()
    expect(still.get_by_text("Đang sắp xếp lại…")).to_be_visible()

    def arranged() -> bool:
        still.reload()
        return still.get_by_text("Đang sắp xếp lại…").count() == 0

    wait_until(arranged, "the plain form's arrangement", seconds=READ_MS / 1000)
    assert [leaf.get_attribute("data-number") for leaf in still.locator(".leaf").all()] == ["1", "2", "3"]
    expect(still.locator("#leaf-1")).to_contain_text("trang 3 của tệp")
    expect(still.locator("#leaf-3").get_by_label("Bỏ ra ngoài")).to_be_checked()
    plain_browser.close()


def test_a_scan_is_taken_out_put_back_and_turned_at_the_counter(page: Page) -> None:
    sign_in(page)
    code = open_dossier(page, "001195000012", "Nguyễn Ví Dụ")
    page.goto(f"/quay/{code}")
    page.get_by_label("Chọn tệp").set_input_files([SET / "ks_3_khai_sinh.jpg"])
    tile = page.locator(".tile")
    expect(page.get_by_role("button", name="Bỏ bản quét")).to_be_visible(timeout=READ_MS)
    page.get_by_role("button", name="Bỏ bản quét").click()
    expect(tile).to_have_count(0)
    expect(page.locator("#moved")).to_contain_text("Đã bỏ ks_3_khai_sinh.jpg khỏi hồ sơ")
    expect(page.locator("#view")).to_be_hidden()
    expect(page.get_by_role("button", name="Hoàn tác")).to_be_focused()
    page.keyboard.press("Enter")
    expect(tile).to_have_count(1)
    expect(page.get_by_role("button", name="Xoay")).to_be_visible(timeout=READ_MS)

    image = page.locator("#view-image")
    upright = image.evaluate("image => image.naturalHeight > image.naturalWidth")
    page.keyboard.press("r")
    expect(page.locator("#moved")).to_contain_text("Đang xoay và đọc lại trang")
    expect(page.locator("#moved")).to_be_hidden(timeout=READ_MS)
    expect(page.get_by_role("button", name="Xoay")).to_be_visible(timeout=READ_MS)
    turned = "(image, was) => image.complete && (image.naturalHeight > image.naturalWidth) !== was"
    wait_until(lambda: bool(image.evaluate(turned, upright)), "the turned picture")


def test_an_upload_that_is_cut_off_goes_on_with_one_key(page: Page, wire: Relay) -> None:
    """The wire breaks in the middle of the file: nothing of it stays, its line says so, and sending again makes one scan of it."""
    sign_in(page, wire.url)
    code = open_dossier(page, "001195000013", "Nguyễn Ví Dụ", wire.url)
    page.goto(f"{wire.url}/quay/{code}")
    expect(page.get_by_label("Chọn tệp")).to_be_attached()
    wire.cut_after(200_000)
    page.get_by_label("Chọn tệp").set_input_files([SET / "tron.pdf"])
    line = page.locator("#uploads li.wrong")
    expect(line).to_contain_text("tron.pdf", timeout=30_000)
    expect(page.get_by_text("Mất kết nối")).to_be_visible()
    wire.mend()
    expect(page.get_by_text("Mất kết nối")).to_be_hidden(timeout=30_000)
    expect(page.locator(".tile")).to_have_count(0)
    line.get_by_role("button", name="Gửi lại").click()
    expect(page.locator(".tile").first).to_be_visible(timeout=READ_MS)
    expect(page.locator("#uploads li")).to_have_count(0, timeout=READ_MS)
    told = page.request.get(f"{wire.url}/api/v1/dossiers/{code}").json()
    assert len(told["scans"]) == 1


def test_an_upload_whose_answer_was_lost_is_no_file_sent_twice(page: Page, wire: Relay) -> None:
    """The file arrived whole and the wire broke before the browser heard so: sending again finds it, and its line goes as any other's."""
    sign_in(page, wire.url)
    code = open_dossier(page, "001195000016", "Nguyễn Ví Dụ", wire.url)
    page.goto(f"{wire.url}/quay/{code}")
    wire.cut_before(b"HTTP/1.1 202")
    page.get_by_label("Chọn tệp").set_input_files([SET / "ks_3_khai_sinh.jpg"])
    line = page.locator("#uploads li.wrong")
    expect(line).to_contain_text("ks_3_khai_sinh.jpg", timeout=30_000)
    wire.mend()
    expect(page.get_by_text("Mất kết nối")).to_be_hidden(timeout=30_000)
    expect(page.locator(".tile")).to_have_count(1, timeout=READ_MS)
    line.get_by_role("button", name="Gửi lại").click()
    expect(page.locator("#uploads li")).to_have_count(0, timeout=READ_MS)
    page.get_by_label("Chọn tệp").set_input_files([SET / "ks_3_khai_sinh.jpg"])
    expect(page.locator("#uploads li .status")).to_have_text("Tệp này đã có trong hồ sơ.", timeout=READ_MS)
    told = page.request.get(f"{wire.url}/api/v1/dossiers/{code}").json()
    assert len(told["scans"]) == 1
