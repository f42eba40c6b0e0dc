"""Pictures of the pages, taken from the real system reading sample papers: ``python -m scripts.screenshots [--out docs/images]``.

Every page at a counter's size, on a phone and in the dark, to look at before calling a change done (``--all``); without it the
few that the documentation shows.
"""

from __future__ import annotations

import argparse
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, expect

from benchmarks.chromium import launched_chromium
from commands.up import wait_for_url
from models import accounts
from models.agencies import create_agency
from models.database import make_engine, make_session_factory, transaction, upgrade
from models.entities import Role
from models.settings import sqlite_url

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "sample_scans" / "set"
FILES = ("ks_1_to_khai.jpg", "ks_2_ket_hon.jpg", "ks_3_khai_sinh.jpg")
ACCOUNT, LEADER = "can.bo", "lanh.dao"
READ_MS = 300_000
LOOKS: dict[str, tuple[int, int, Literal["light", "dark"]]] = {
    "wide": (1366, 768, "light"),
    "phone": (320, 640, "light"),
    "dark": (1366, 768, "dark"),
}
SHOWN = {
    "wide-counter.png",
    "wide-dossier.png",
    "wide-quay.png",
    "wide-quay-dossier.png",
    "wide-search.png",
    "wide-paper.png",
    "wide-review.png",
    "wide-reports.png",
    "phone-dossier.png",
    "dark-search.png",
}


@contextmanager
def system(folder: Path, password: str) -> Iterator[str]:
    """`digitize up` on an empty folder with one agency, one clerk and one leader; its URL."""
    engine = make_engine(sqlite_url(folder))
    upgrade(engine)
    with transaction(make_session_factory(engine)) as session:
        agency = create_agency(session, code="H56.14", name="UBND phường Ví Dụ")
        accounts.create_account(
            session, agency=agency, name=ACCOUNT, password=password, role=Role.CLERK, full_name="Trần Thị Ví Dụ"
        )
        accounts.create_account(
            session, agency=agency, name=LEADER, password=password, role=Role.SUPERVISOR, full_name="Lê Văn Mẫu"
        )
    engine.dispose()
    command = [sys.executable, "-m", "commands", "up", "--port", "0", "--data", str(folder)]
    with (folder / "up.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            yield wait_for_url(folder, alive=lambda: process.poll() is None)
        finally:
            process.terminate()
            process.wait(60)


def sign_in(page: Page, url: str, password: str, name: str = ACCOUNT) -> None:
    page.goto(f"{url}/")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/")


def fill(browser: Browser, url: str, password: str) -> str:
    """Open a dossier and have the samples read; its path."""
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, url, password)
    page.get_by_label("Họ và tên").fill("Lý Diệu Thu Quỳnh")
    page.get_by_label("Việc cần giải quyết").fill("Đăng ký khai sinh")
    page.get_by_label("Mã thủ tục").fill("1.001193")
    page.get_by_label("Số định danh của công dân").fill("001195999872")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dossiers/*")
    page.get_by_label("Chọn tệp").set_input_files([SAMPLES / name for name in FILES])
    expect(page.locator("article.scan .badge.done")).to_have_count(len(FILES), timeout=READ_MS)
    path = page.url.removeprefix(url)
    context.close()
    return path


def shoot(browser: Browser, url: str, password: str, dossier: str, *, look: str, out: Path) -> None:
    """Every page in one look, as ``<look>-<page>.png``."""
    width, height, scheme = LOOKS[look]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()

    def picture(name: str, *, full: bool = False) -> None:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=out / f"{look}-{name}.png", full_page=full)

    page.goto(f"{url}/login")
    picture("login")
    sign_in(page, url, password)
    picture("counter", full=True)
    page.goto(url + dossier)
    picture("dossier", full=True)
    code = dossier.rpartition("/")[2]
    page.goto(f"{url}/quay")
    page.get_by_role("combobox").fill("khai sinh")
    page.get_by_role("option").first.click()
    page.get_by_role("textbox", name="Số định danh").fill("001195999872")
    page.locator("#held .slots").wait_for()
    picture("quay", full=True)
    page.goto(f"{url}/quay/{code}")
    page.locator("#view-image").wait_for()
    picture("quay-dossier", full=look == "phone")
    page.locator("#arrange").click()
    page.locator(".leaf").first.wait_for()
    picture("arrange")
    page.goto(f"{url}/quay/{code}/xong")
    picture("quay-end")
    page.goto(f"{url}/tra-cuu?q=giay+khai+sinh")
    picture("search")
    page.locator(".hits h2 a").first.click()
    page.wait_for_url("**/tra-cuu/**")
    picture("paper")
    page.goto(f"{url}/kiem-tra")
    picture("queue")
    page.goto(f"{url}/kiem-tra/tiep")
    picture("review")
    context.clear_cookies()
    sign_in(page, url, password, LEADER)
    picture("home", full=True)
    for path, name in (("/bao-cao", "reports"), ("/kiem-dem", "inventory"), ("/nhat-ky", "log")):
        page.goto(url + path)
        picture(name, full=True)
    context.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--all", action="store_true", help="keep every picture, not only those of the documentation")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    password = secrets.token_urlsafe(12)
    with (
        tempfile.TemporaryDirectory() as folder,
        system(Path(folder), password) as url,
        launched_chromium() as browser,
    ):
        dossier = fill(browser, url, password)
        for look in LOOKS:
            shoot(browser, url, password, dossier, look=look, out=arguments.out)
    if not arguments.all:
        for picture in arguments.out.glob("*.png"):
            if picture.name not in SHOWN:
                picture.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
