"""The counter's story: a citizen's card is scanned, the warehouse is seen, papers come in, the dossier is finished. Interactions are counted."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from models import warehouse
from models.catalog import default_catalog
from models.database import make_engine, make_session_factory, transaction
from models.entities import Component, ComponentState, Dossier
from models.settings import sqlite_url
from tests.browser import test_plain_page as plain
from tests.browser.conftest import System
from tests.browser.test_plain_page import READ_MS, sign_in
from tests.paths import SAMPLES

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.services, pytest.mark.timeout(600)]

page = plain.page  # the fixture
SET = SAMPLES / "set"
NUMBER, NAME = "001195999872", "Lý Diệu Thu Quỳnh"
CARD = f"{NUMBER}||{NAME}|14031995|Nữ|Số 1, phường Ví Dụ, Hà Nội|10052021"
MOST_INTERACTIONS = 12


class Hands:
    """What the officer does, counted: typing one thing, one key, one scan of a card; a choice of files is two."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def type(self, text: str) -> None:
        self.count += 1
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        self.count += 1
        self.page.keyboard.press(key)

    def scan(self, text: str) -> None:
        """As a hand scanner does: all at once, then Enter."""
        self.count += 1
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def choose(self, files: list[Path]) -> None:
        self.count += 2  # the button, and the files in the system's dialog
        self.page.get_by_label("Chọn tệp").set_input_files(files)


def send(page: Page, code: str, file: Path) -> str:
    """The file to the dossier as a station sends it, past the page; the scan's id."""
    token = page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    sent: FilePayload = {"name": file.name, "mimeType": "image/jpeg", "buffer": file.read_bytes()}
    answer = page.request.post(
        f"/api/v1/dossiers/{code}/scans", multipart={"file": sent}, headers={"X-CSRF-Token": token}
    )
    assert answer.status in {200, 202}, answer.text()
    return str(answer.json()["id"])


def put_marriage_into_the_warehouse(page: Page, system: System) -> None:
    """The marriage certificate of the sample set, read and stored for its holder."""
    token = page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    holder = {"id_number": NUMBER, "name": NAME}
    made = page.request.post("/api/v1/dossiers", data={"holder": holder}, headers={"X-CSRF-Token": token})
    scan = send(page, made.json()["code"], SET / "ks_2_ket_hon.jpg")
    deadline = time.monotonic() + READ_MS / 1000
    while (told := page.request.get(f"/api/v1/scans/{scan}").json())["state"] != "done":
        assert time.monotonic() < deadline, told
        time.sleep(0.2)
    engine = make_engine(sqlite_url(system.log.parent))
    with transaction(make_session_factory(engine)) as session:
        component = session.get_one(Component, told["components"][0]["id"])
        assert component.paper_type == "giay_chung_nhan_ket_hon"
        component.fields = {name: value for name, value in component.fields.items() if name != "holder_id"}
        component.state, component.code = ComponentState.STORED, f"test.{component.id}.01"
        warehouse.keep(session, component, session.get_one(Dossier, component.dossier_id), default_catalog())
    engine.dispose()


def identify(page: Page, hands: Hands) -> None:
    """The procedure by its initials, the citizen by their card; both are told at once."""
    procedure = page.get_by_role("combobox", name="Thủ tục")
    expect(procedure).to_be_focused()
    hands.type("dkks")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("Đăng ký khai sinh")
    expect(option).to_have_attribute("aria-selected", "true")
    assert procedure.get_attribute("aria-activedescendant") == option.get_attribute("id")
    hands.press("Enter")
    expect(procedure).to_have_value("Đăng ký khai sinh")
    expect(page.get_by_role("listbox")).to_be_hidden()
    hands.scan(CARD)
    expect(page.locator("#holder_said")).to_contain_text("Đã đọc thẻ căn cước · khai sinh ở Hà Nội · nữ")
    expect(page.get_by_label("Số định danh")).to_have_value(NUMBER)
    expect(page.get_by_label("Họ và tên")).to_have_value(NAME)
    expect(page.get_by_label("Ngày sinh")).to_have_value("14/03/1995")


def take_in(page: Page, hands: Hands) -> None:
    """Four pages from here and one from the station: seen at once, then read, each slot filled as its paper is known."""
    code = page.locator("h1 .code").inner_text()
    began = time.monotonic()
    hands.choose([SET / "ks_1_to_khai.jpg", SET / "tl_1_to_khai.jpg", SET / "xd_2_gcn.pdf"])
    expect(page.locator(".tile img").first).to_be_visible()
    assert time.monotonic() - began < 3, "a picture at once, before anything is read"
    expect(page.locator("#view-image")).to_be_visible()
    send(page, code, SET / "ks_3_khai_sinh.jpg")
    expect(page.locator(".tile")).to_have_count(5, timeout=READ_MS)
    expect(page.locator("#slot-to_khai")).to_contain_text("✓ 1 trang", timeout=READ_MS)
    expect(page.locator(".tile[data-ready=yes]")).to_have_count(5, timeout=READ_MS)
    expect(page.locator(".busy")).to_have_text("", timeout=READ_MS)
    expect(page.locator("#slot-giay_chung_sinh")).to_contain_text("! thiếu")
    assert page.locator("#view-image").evaluate("image => image.complete && image.naturalWidth > 500")
    name = page.locator("#view-name")
    before = name.inner_text()
    hands.press("ArrowRight")
    expect(name).not_to_have_text(before)


def test_a_citizen_is_served_in_few_interactions(page: Page, system: System) -> None:
    sign_in(page)
    put_marriage_into_the_warehouse(page, system)
    page.goto("/quay")
    hands = Hands(page)
    identify(page, hands)
    held = page.locator("#held li").filter(has_text="Giấy chứng nhận kết hôn của cha, mẹ")
    expect(held).to_contain_text("đã có, còn hiệu lực")
    expect(page.get_by_role("button", name="Mở hồ sơ")).to_be_focused()
    hands.press("1")
    expect(held.get_by_role("checkbox")).to_be_checked()
    hands.press("Enter")
    page.wait_for_url(re.compile(r"/quay/H56\.14-"))
    expect(page.get_by_text("0011•••••872")).to_be_visible()
    expect(page.locator("#slot-giay_ket_hon")).to_contain_text("↺ dùng lại từ kho")
    expect(page.locator("#slot-to_khai")).to_contain_text("! thiếu")
    expect(page.locator(".primary:visible")).to_have_text(["Chọn tệp"])
    take_in(page, hands)
    expect(page.locator(".primary:visible")).to_contain_text(["Kết thúc"])
    hands.press("Enter")
    page.wait_for_url("**/xong")
    expect(page.get_by_role("heading", name="Hồ sơ còn thiếu")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Giấy chứng sinh")
    slip = page.get_by_role("link", name="In phiếu yêu cầu bổ sung")
    pdf = page.request.get(slip.get_attribute("href") or "")
    assert pdf.body().startswith(b"%PDF-")
    hands.press("Enter")
    page.wait_for_url("**/quay")
    assert hands.count <= MOST_INTERACTIONS, hands.count


def test_what_is_scanned_where_nothing_has_the_focus_presses_no_key(page: Page) -> None:
    sign_in(page)
    page.goto("/quay")
    page.get_by_label("Họ và tên").fill("Nguyễn Ví Dụ")
    page.get_by_role("button", name="Mở hồ sơ").click()
    page.wait_for_url(re.compile(r"/quay/H56\.14-"))
    place = page.url
    page.locator("h1").click()
    Hands(page).scan(CARD.replace("Số 1, ", "Số 1/2/c, "))
    page.wait_for_timeout(300)
    assert page.url == place
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_wrong_numbers_and_unknown_procedures_are_told_beside_their_fields(page: Page) -> None:
    sign_in(page)
    page.goto("/quay")
    number = page.get_by_label("Số định danh")
    number.fill("0011959")
    expect(page.locator("#holder_said")).to_have_text("Mới có 7/12 số")
    number.fill(NUMBER)
    expect(page.locator("#holder_said")).to_contain_text("sinh năm 1995")
    page.get_by_label("Ngày sinh").fill("14/03/1996")
    page.get_by_label("Họ và tên").focus()
    expect(page.locator("#holder_said")).to_contain_text("khác ngày sinh đã ghi")
    expect(number).to_have_attribute("aria-invalid", "true")
    procedure = page.get_by_role("combobox", name="Thủ tục")
    procedure.fill("zzz")
    expect(page.get_by_role("listbox")).to_contain_text("Không có thủ tục nào như vậy")
    procedure.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_the_sheet_before_the_camera_is_outlined(page: Page) -> None:
    """Drawn scenes: a tilted sheet with print on a dark table, the same cut by the edge, and a table as bright as the sheet."""
    page.goto("/login")
    found = page.evaluate(
        """async () => {
            const { findSheet } = await import("/static/js/outline.js");
            const scene = (corners, table) => {
                const canvas = document.createElement("canvas");
                canvas.width = 160; canvas.height = 120;
                const pen = canvas.getContext("2d");
                pen.fillStyle = table; pen.fillRect(0, 0, 160, 120);
                pen.fillStyle = "#f4f1ea"; pen.beginPath();
                corners.forEach(([x, y]) => pen.lineTo(x, y)); pen.fill();
                pen.fillStyle = "#333";
                for (let row = 0; row < 6; row += 1) pen.fillRect(60, 30 + 10 * row, 40, 2);
                return findSheet(pen.getImageData(0, 0, 160, 120));
            };
            const sheet = [[45, 12], [118, 20], [110, 108], [38, 100]];
            return [
                scene(sheet, "#4a3a2c"), scene(sheet.map(([x, y]) => [x - 45, y]), "#4a3a2c"), scene(sheet, "#f0eee8"),
            ];
        }"""
    )
    sheet, cut, bright = found
    assert cut is None
    assert bright is None
    for (x, y), (left, top) in zip(sheet, [(45, 12), (118, 20), (110, 108), (38, 100)], strict=True):
        assert abs(x - left) <= 2
        assert abs(y - top) <= 2


def test_a_paper_is_photographed(page: Page) -> None:
    """A drawn stream stands for the camera: take it, take it again, keep it; it arrives as a page."""
    sign_in(page)
    page.goto("/quay")
    page.get_by_role("button", name="Mở hồ sơ").click()
    page.wait_for_url(re.compile(r"/quay/H56\.14-"))
    page.evaluate(
        """() => {
            const canvas = document.createElement("canvas");
            canvas.width = 640; canvas.height = 480;
            canvas.getContext("2d").fillRect(0, 0, 640, 480);
            navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(5);
            setInterval(() => canvas.getContext("2d").fillRect(0, 0, 640, 480), 100);
        }"""
    )
    page.get_by_role("button", name="Chụp c").click()
    dialog = page.get_by_role("dialog", name="Chụp giấy tờ")
    expect(dialog.get_by_text("Đặt cả tờ giấy vào khung hình")).to_be_visible()
    expect(dialog.get_by_role("button", name="Chụp ⏎")).to_be_focused()
    video = page.locator("#camera video")
    expect(video).to_have_js_property("videoWidth", 640)
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Dùng ảnh này")).to_be_focused()
    page.keyboard.press("r")
    expect(dialog.get_by_role("button", name="Chụp ⏎")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Dùng ảnh này")).to_be_focused()
    with page.expect_response(re.compile("/scans$")) as answer:
        page.keyboard.press("Enter")
    assert answer.value.status == 202
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(video).to_have_js_property("srcObject", None)
