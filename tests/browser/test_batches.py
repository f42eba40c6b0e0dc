"""A back-scan as its team sees it: made with the keyboard, fed by the command, a bar that moves by itself, paused and run again, the file that needs
a person, and what can be handed over.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from digitize_api.handover import package
from models import accounts
from models.agencies import find_agency
from models.database import make_engine, make_session_factory, transaction
from models.entities import Role
from models.settings import sqlite_url
from tests.browser.conftest import PASSWORD, System
from tests.browser.test_every_page import PICTURES
from tests.browser.test_office import enter
from tests.browser.test_plain_page import page  # noqa: F401 - a fixture
from tests.commands.machine import environment
from tests.faults.system import draw_document

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.services, pytest.mark.timeout(300)]

HEAD = "phu.trach"
FILES = 5


@pytest.fixture(scope="module")
def head(system: System) -> str:
    engine = make_engine(sqlite_url(system.log.parent))
    with transaction(make_session_factory(engine)) as session:
        agency = find_agency(session, "H56.14")
        accounts.create_account(
            session, agency=agency, name=HEAD, password=PASSWORD, role=Role.SUPERVISOR, full_name="Lê Phụ Trách"
        )
    engine.dispose()
    return HEAD


def batch(system: System, *words: str) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-m", "commands", "batch", *words, "--data", str(system.log.parent)]
    return subprocess.Popen(argv, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def press(place: Locator) -> None:
    """By the keyboard."""
    place.focus()
    place.press("Enter")


def hurry(page: Page, code: str) -> None:  # noqa: F811 - the fixture
    """No file is still being written here, and one is read after the other, so that there is something to pause."""
    token = page.locator("meta[name=csrf-token]").get_attribute("content") or ""
    told = {"settle_seconds": 0, "max_under_way": 1}
    answer = page.request.patch(f"/api/v1/batches/{code}", headers={"X-CSRF-Token": token}, data=told)
    assert answer.ok, answer.text()


def made(page: Page) -> str:  # noqa: F811 - the fixture
    """A batch, made by the keyboard; its id."""
    press(page.get_by_role("navigation").first.get_by_role("link", name="Số hóa lô"))
    page.get_by_label("Tên lô").focus()
    page.keyboard.type("Kết quả 2023, kệ 4")
    page.get_by_label("để riêng giấy tờ đó, làm tiếp").press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Kết quả 2023, kệ 4")).to_be_visible()
    expect(page.get_by_text("mới lập")).to_be_visible()
    code = str(page.url.rpartition("/")[2])
    assert f"digitize batch add {code[:8]}" in page.locator("pre").inner_text()
    return code


def paused_and_run_again(page: Page) -> None:  # noqa: F811 - the fixture
    press(page.get_by_role("button", name="Tạm dừng"))
    expect(page.get_by_text("tạm dừng", exact=True)).to_be_visible()
    expect(page.locator(".figures")).not_to_contain_text("đang đọc", timeout=30_000)  # what is read is read to its end
    waiting = int(page.locator(".figures div").nth(1).locator("dd").inner_text())
    assert waiting > 0, "nothing more was posted"
    expect(page.locator("progress.bar")).to_have_attribute("value", str(FILES + 1 - waiting))
    press(page.get_by_role("button", name="Chạy"))


def handed_over(page: Page, code: str) -> None:  # noqa: F811 - the fixture
    """Nothing is signed, so nothing goes until it is asked for."""
    press(page.get_by_role("link", name="Bàn giao"))
    expect(page.get_by_text("chưa bàn giao được")).to_be_visible()  # nothing is signed yet
    expect(page.get_by_role("row").filter(has_text="Chưa kiểm tra, chưa ký")).to_contain_text(str(FILES + 1))
    press(page.get_by_role("link", name="Lấy cả giấy tờ chưa vào kho"))
    with page.expect_download() as downloaded:
        press(page.get_by_role("link", name="Tải gói"))
    checked = package.check(io.BytesIO(Path(downloaded.value.path()).read_bytes()))
    assert (checked.name, checked.papers) == (f"lo-{code[:8]}", FILES + 1)
    assert downloaded.value.suggested_filename == f"lo-{code[:8]}.zip"


def test_a_bar_that_moves(page: Page, system: System, head: str, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    folder = tmp_path / "kệ 4"
    folder.mkdir()
    for number in range(1, FILES + 1):
        draw_document(folder / f"{number:03d}-QĐ-UBND.pdf", 1, lines=4)
    (folder / "ghi chú.txt").write_text("không phải bản quét")

    enter(page, head, PASSWORD)
    code = made(page)
    hurry(page, code)

    assert batch(system, "add", code, str(folder)).wait(60) == 0
    feeder = batch(system, "run", code)
    try:
        expect(page.locator("#live").get_by_text("đang chạy")).to_be_visible(timeout=30_000)  # nobody reloads the page
        expect(page.locator("#settled")).to_have_text(re.compile(rf"[2-{FILES}] / {FILES + 1} tệp"), timeout=60_000)
        paused_and_run_again(page)
        expect(page.locator("#settled")).to_have_text(f"{FILES + 1} / {FILES + 1} tệp đã xong", timeout=120_000)
        expect(page.locator("#share")).to_have_text("100,0 %")
        expect(page.locator("#live").get_by_text("đã xong", exact=True)).to_be_visible()
        assert feeder.wait(60) == 3, "a file was refused"
    finally:
        feeder.kill()
        feeder.wait()
    row = page.get_by_role("row").filter(has_text="ghi chú.txt")
    expect(row).to_contain_text("Định dạng tệp không được hỗ trợ")
    expect(row).to_contain_text("Gửi PDF hoặc ảnh")
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / "batch-done.png", full_page=True)

    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Báo cáo CSV").click()
    report = Path(downloaded.value.path()).read_text(encoding="utf-8-sig")
    assert report.count(",done,") == FILES
    assert report.count("UNSUPPORTED_TYPE") == 1
    draw_document(tmp_path / "scan.pdf", 1, lines=4).replace(folder / "ghi chú.txt")  # a scan after all, misnamed
    press(page.get_by_role("button", name="Làm lại tệp hỏng"))
    expect(page.get_by_role("row").filter(has_text="ghi chú.txt")).to_contain_text("chờ xem lại")
    again = batch(system, "run", code)
    try:
        expect(page.get_by_text("Không có tệp nào cần xem.")).to_be_visible(timeout=60_000)
        assert again.wait(120) == 0
    finally:
        again.kill()
        again.wait()
    handed_over(page, code)
    page.goto("/so-hoa-lo")
    expect(page.get_by_role("listitem").filter(has_text="Kết quả 2023, kệ 4")).to_contain_text(
        f"{FILES + 1} / {FILES + 1} tệp đã xong · 100,0 %"
    )
