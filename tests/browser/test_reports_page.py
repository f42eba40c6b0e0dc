"""The report and the inventory through a browser: by keyboard, on a phone, without a script of ours."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import openpyxl
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from models.agencies import find_agency
from models.database import transaction
from models.entities import Channel, Role
from models.settings import sqlite_url
from tests.browser.test_plain_page import Seen
from tests.digitize_api.api import PASSWORD, Api, running_api
from tests.models.stored import Paper, at, open_dossier, store
from tests.paths import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

PICTURES: Final = Path(os.environ.get("DIGITIZE_TEST_ARTIFACTS", ROOT / "test-artifacts")) / "reports"
DAY: Final = date(2023, 9, 1)


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Tiền Giang's plan in small: two communes, 155 dossiers in September 2023, 160 papers scanned in twenty days."""
    folder = tmp_path_factory.mktemp("province")
    with running_api(folder, sqlite_url(folder)) as api:
        api.agency("H58", "UBND tỉnh Mẫu")
        api.agency("H58.1", "UBND xã Đông", parent="H58")
        api.agency("H58.2", "UBND xã Tây", parent="H58")
        with transaction(api.sessions) as session:
            for code, dossiers, papers in (("H58.1", 100, 120), ("H58.2", 55, 40)):
                commune = find_agency(session, code)
                for number in range(dossiers):
                    channel = Channel.COUNTER if number % 31 == 30 else Channel.ONLINE
                    dossier = open_dossier(session, commune, at(DAY), procedure="1.001193", channel=channel)
                    if number % 5:
                        store(session, dossier, Paper(kind="giay_chung_sinh"), at(DAY))
                boxes = open_dossier(session, commune, at(DAY))
                for number in range(papers):
                    paper = Paper(number=f"{number + 1}/2023", issued_on=date(2023, 5, 2))
                    store(session, boxes, paper, at(DAY + timedelta(days=number * 20 // papers)), queue="backscan")
        yield api


@pytest.fixture(scope="module")
def head(province: Api, chromium: Browser) -> Iterator[Page]:
    """A supervisor of the province; nothing may go wrong behind the pages."""
    province.account("le.giam.sat", Role.SUPERVISOR, "H58")
    context = chromium.new_context(
        base_url=province.url, locale="vi-VN", reduced_motion="reduce", accept_downloads=True
    )
    context.set_default_timeout(15_000)
    seen = Seen(context)
    page = context.new_page()
    page.goto("/login")
    page.get_by_label("Tên đăng nhập").fill("le.giam.sat")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/login"))
    yield page
    assert not [each for each in seen.wrong if "422" not in each], seen.wrong
    context.close()


def press(place: Locator) -> None:
    place.focus()
    place.press("Enter")


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def inventory(code: str, papers: int, *wrong: str) -> str:
    rows = [f"{code};{one}/2023;Nguyễn Thị Mẫu {one};02/05/2023;Hộp {one // 50 + 1:02}" for one in range(1, papers + 1)]
    return "\n".join(["Mã cơ quan;Số, ký hiệu;Họ và tên;Ngày cấp;Hộp", *rows, *wrong])


def test_a_list_with_a_wrong_row_is_mended_and_taken(head: Page, tmp_path: Path) -> None:
    head.goto("/bao-cao")
    head.get_by_role("link", name="Nhập danh sách kiểm đếm").click()
    expect(head.get_by_role("heading", name="Kiểm đếm kết quả giấy")).to_be_visible()
    file = tmp_path / "kiem-dem-2023.csv"
    wrong = ("H58.1;151/2023;Trần Thử;31/02/2023;04", "H57;152/2023;Trần Thử;02/05/2023;04")
    file.write_text(inventory("H58.1", 150, *wrong), encoding="utf-8")
    head.get_by_label("Tệp CSV hoặc Excel").set_input_files(file)
    head.get_by_label("Năm khi tệp không có cột năm").fill("2023")
    head.get_by_role("button", name="Nhập danh sách").click()
    expect(head.get_by_text("Chưa nhập dòng nào của kiem-dem-2023.csv: 2 lỗi, 150 dòng đúng")).to_be_visible()
    mistakes = head.locator("table.mistakes tbody tr")
    expect(mistakes).to_have_count(2)
    expect(mistakes.first).to_contain_text("152")
    expect(mistakes.first).to_contain_text("ngày không hợp lệ: 31/02/2023")
    picture(head, "wide-kiem-dem-loi")
    for code, papers in (("H58.1", 150), ("H58.2", 100)):
        file.write_text(inventory(code, papers), encoding="utf-8")
        head.get_by_label("Tệp CSV hoặc Excel").set_input_files(file)
        head.get_by_role("button", name="Nhập danh sách").click()
        expect(head.get_by_text(f"Đã nhập kiem-dem-2023.csv: thêm {papers}")).to_be_visible()
    expect(head.locator(".sum")).to_contain_text("64,0 %")  # 160 of 250
    head.get_by_label("Trạng thái").select_option("open")
    head.get_by_label("Số ký hiệu hoặc hộp").fill("0141/2023")
    head.get_by_role("button", name="Lọc").click()
    rows = head.locator("#lines ~ table tbody tr")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("141/2023")
    expect(rows.first).to_contain_text("chưa số hóa")


def test_a_leader_reads_the_report(head: Page) -> None:
    """Needs the lists of the test before."""
    head.goto("/bao-cao")
    period = head.get_by_label("Kỳ báo cáo")
    period.focus()
    while period.input_value() != "tien_giang_2023_4":  # by the keyboard, as all that follows
        before = period.input_value()
        period.press("ArrowDown")
        assert period.input_value() != before, "the end of the list"
    press(head.get_by_role("button", name="Xem báo cáo"))
    expect(head.locator("#components")).to_contain_text("80,0 %")
    expect(head.locator("#components")).to_contain_text("124 / 155 hồ sơ tiếp nhận")
    expect(head.locator("#online")).to_contain_text("97,4 %")  # 151/155 is 97,419…
    expect(head.locator("#results")).to_contain_text("n/a")
    backlog = head.locator("section[aria-labelledby=backlog]")
    expect(backlog).to_contain_text("64,0 %")
    expect(backlog).to_contain_text("thiếu 65 kết quả")
    expect(backlog.get_by_role("img").last).to_be_visible()
    units = head.locator("section[aria-labelledby=units] tbody tr")
    expect(units.first).to_contain_text("UBND xã Tây")  # 40 %, the lowest first
    expect(units.first).to_contain_text("tụt lại")
    picture(head, "wide-bao-cao")
    press(backlog.get_by_text("Số liệu từng ngày"))  # the chart as a table, for who can't see it
    days = backlog.locator("table.days tbody tr")
    expect(days.last).to_be_visible()
    expect(days.first).to_contain_text("160")
    press(head.get_by_role("link", name="Tái sử dụng"))
    expect(head.get_by_text("Xếp theo tái sử dụng")).to_be_visible()
    press(head.get_by_role("link", name="UBND xã Tây"))
    expect(head.locator("h1 ~ .meta, .heading + .meta").first).to_contain_text("UBND xã Tây")
    expect(head.locator("#components")).to_contain_text("44 / 55")


def test_conditions_are_kept_in_what_is_downloaded(head: Page) -> None:
    head.goto("/bao-cao?don-vi=H58.2&ky=tien_giang_2023_4&lam-tron=half_up")
    expect(head.get_by_label("Cách làm tròn")).to_have_value("half_up")
    with head.expect_download() as waiting:
        press(head.get_by_role("link", name="Tải CSV"))
    path = waiting.value.path()
    assert waiting.value.suggested_filename == "bao-cao-H58.2-20230901-20231030.csv"
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig")), delimiter=";"))
    assert rows[1][1] == "H58.2"
    assert rows[1][10] == "98,2"  # 54/55 is 98,18…
    with head.expect_download() as waiting:
        press(head.get_by_role("link", name="Tải Excel (XLSX)"))
    assert waiting.value.suggested_filename == "bao-cao-H58.2-20230901-20231030.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes())).worksheets[0]
    told = [str(cell) for line in sheet.iter_rows(values_only=True) for cell in line if cell is not None]
    assert {"H58.2", "UBND xã Tây"} <= set(told), told
    assert any(rows[0][10] in one for one in told), "the same headers as in the CSV"


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (320, "dark"), (1366, "dark")])
def test_it_reads_on_a_phone_and_in_the_dark(head: Page, width: int, scheme: str) -> None:
    head.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    head.set_viewport_size({"width": width, "height": 640})
    for path in ("/bao-cao?ky=tien_giang_2023_4", "/kiem-dem"):
        head.goto(path)
        assert head.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        controls = "main a.button:visible, main button:visible, main select:visible, main summary:visible"
        heights = head.locator(controls).evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
        assert all(height >= 44 for height in heights), (path, heights)
        picture(head, f"{width}-{scheme}-{path[1:8]}")
