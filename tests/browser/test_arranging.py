"""Pages turned, papers parted by key, a scan taken out and put back, an upload that is cut off: on the real system, by a real reader."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

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
    expect(leaves.nth(2).get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("s")  # the third page belongs to the second paper
    expect(leaves.nth(2).get_by_role("checkbox")).not_to_be_checked()
    page.keyboard.press("r")
    page.keyboard.press("r")  # upside down, to see it turned
    expect(leaves.nth(2).get_by_role("combobox")).to_have_value("180")
    before = page.request.get(leaves.nth(2).locator("img").get_attribute("src") or "").body()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("Đang sắp xếp lại…")).to_have_count(0, timeout=READ_MS)
    expect(leaves.nth(2).get_by_role("checkbox")).not_to_be_checked()
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
    expect(page.locator("#uploads li")).to_have_count(0)
    told = page.request.get(f"{wire.url}/api/v1/dossiers/{code}").json()
    assert len(told["scans"]) == 1
