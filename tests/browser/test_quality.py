"""Checking and keying a batch by keyboard alone, over papers that are read already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import select

from models.agencies import find_agency
from models.batches import store as batches
from models.batches.entities import BatchItem, BatchRescan, ItemState
from models.batches.quality import check, keying, plan, rescans
from models.batches.store import Policies
from models.catalog import default_catalog
from models.database import transaction
from models.entities import Component, Role
from models.rules.faults import Fault
from models.search import make_index
from models.settings import sqlite_url
from tests.browser.keys import wait_until_heard
from tests.browser.review_papers import read_sample
from tests.browser.test_plain_page import Seen
from tests.digitize_api.api import PASSWORD, Api, jpeg, running_api

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]

NAMES = {
    "wife_name": {"value": "LÝ DIỆU THU QUỲNH", "confidence": 0.96, "source": "ocr"},
    "husband_name": {"value": "TRẦN VĂN MẪU", "confidence": 0.96, "source": "ocr"},
}


@dataclass
class Office:
    api: Api
    batch: str
    papers: list[str]

    @property
    def here(self) -> str:
        return f"/so-hoa-lo/{self.batch}/chat-luong"

    def state(self, paper: str) -> Component:
        with self.api.sessions() as session:
            return session.get_one(Component, paper)


def scanned_batch(api: Api, count: int = 3) -> tuple[str, list[str]]:
    """Certificates of marriage of two pages, each a file of the batch."""
    code = api.dossier(api.station(), title="Kết quả 2023")
    papers = [
        read_sample(api, code, ["ks_2_ket_hon.jpg", "ks_1_to_khai.jpg"], fields=NAMES, unsure=["phường"])
        for _ in range(count)
    ]
    with transaction(api.sessions) as session:
        agency = find_agency(session, "H56.14")
        batch = batches.create(
            session, agency=agency, name="Kết quả 2023, kệ 4", policies=Policies(), actor="command:x"
        )
        for number, paper in enumerate(papers, 1):
            path = f"/scan/2023/kệ 4/{number:03d}-KH.pdf"
            session.add(
                BatchItem(
                    batch_id=batch.id,
                    agency_id=agency.id,
                    number=number,
                    path=path,
                    path_key=batches.path_key(path),
                    filename=f"{number:03d}-KH.pdf",
                    key=f"{number:03d}",
                    state=ItemState.DONE,
                    scan_id=session.get_one(Component, paper).scan_id,
                    pages=2,
                )
            )
        return batch.id, papers


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with running_api(tmp_path, sqlite_url(tmp_path)) as api:
        for name in ("lan", "hoa", "minh"):
            api.account(name, Role.CLERK)
        api.account("phu.trach", Role.SUPERVISOR)
        yield Office(api, *scanned_batch(api))


@pytest.fixture
def context(chromium: Browser, office: Office) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=office.api.url, viewport={"width": 1366, "height": 768}, locale="vi-VN")
    context.set_default_timeout(15_000)
    seen = Seen(context)
    yield context
    context.close()
    assert seen.wrong == []


def sign_in(context: BrowserContext, office: Office, name: str) -> Page:
    context.clear_cookies()
    page = context.new_page()
    page.goto(f"/login?next={office.here}")
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    wait_until_heard(page)
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Kiểm soát chất lượng")).to_be_visible()
    wait_until_heard(page)  # keys are heard from then on
    return page


def sign_in_without_scripts(chromium: Browser, office: Office) -> Page:
    context = chromium.new_context(base_url=office.api.url, java_script_enabled=False, locale="vi-VN")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"/login?next={office.here}")
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    return page


def test_a_batch_is_checked_by_keyboard_alone(context: BrowserContext, office: Office) -> None:
    page = sign_in(context, office, "lan")
    expect(page.get_by_text("0 / 3 giấy tờ đã đạt")).to_be_visible()
    page.keyboard.press("Enter")  # the one filled button
    expect(page.get_by_role("heading", name="Giấy chứng nhận kết hôn")).to_be_visible()
    expect(page.locator(".bench.ready")).to_be_visible()
    expect(page.get_by_text("1 · /scan/2023/kệ 4/001-KH.pdf")).to_be_visible()
    page.keyboard.press("PageDown")
    expect(page.locator(".where")).to_have_text("Trang 2 / 2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã đạt giấy tờ trước.")).to_be_visible()
    expect(page.get_by_text("002-KH.pdf")).to_be_visible()
    assert office.state(office.papers[0]).state == "verified"

    expect(page.locator(".bench.ready")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("4")
    expect(page.get_by_label("Thiếu trang")).to_be_checked()
    expect(page.get_by_label("Lệch, nghiêng")).to_be_checked()
    page.keyboard.press("4")
    expect(page.get_by_label("Lệch, nghiêng")).not_to_be_checked()
    expect(page.get_by_role("button", name="Đạt")).to_be_disabled()
    page.get_by_label("Ghi thêm").focus()
    page.keyboard.type("thiếu mặt sau 12")  # digits in words choose nothing
    expect(page.locator("[data-fault]:checked")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã trả lại giấy tờ trước.")).to_be_visible()

    expect(page.locator(".bench.ready")).to_be_visible()
    page.keyboard.press("r")  # nothing chosen: to the reasons
    expect(page.get_by_label("Thiếu trang")).to_be_focused()
    page.keyboard.press("F9")
    expect(page.get_by_text("Không còn giấy tờ nào chờ bạn kiểm ở vòng 1.")).to_be_visible()
    row = page.locator(f"#paper-{office.papers[1]}")
    expect(row).to_contain_text("Thiếu trang")
    expect(row).to_contain_text("thiếu mặt sau 12")
    expect(page.get_by_text("1 / 3 giấy tờ đã đạt")).to_be_visible()
    page.close()

    leader = sign_in(context, office, "phu.trach")
    leader.get_by_role("button", name="Rút mẫu").click()
    expect(leader.get_by_text("Đã rút 1 giấy tờ mới")).to_be_visible()
    leader.close()
    other = sign_in(context, office, "hoa")
    other.get_by_role("link", name="Kiểm vòng 2").click()
    expect(other.locator(".bench.ready")).to_be_visible()
    expect(other.get_by_text("Vòng 2", exact=True)).to_be_visible()
    other.keyboard.press("8")
    other.keyboard.press("Enter")
    expect(other.get_by_text("Không còn giấy tờ nào của mẫu chờ bạn kiểm.")).to_be_visible()
    other.close()
    leader = sign_in(context, office, "phu.trach")
    expect(leader.get_by_text("không đạt: cả nhóm về vòng 1")).to_be_visible()


def test_fields_are_keyed_blind_and_settled_by_keyboard(context: BrowserContext, office: Office) -> None:
    with transaction(office.api.sessions) as session:
        batch = batches.hold(session, office.batch)
        told = {"keyed_fields": ["number", "issued_on"], "keying_share": 0.3}  # one of three
        plan.change(session, batch, told, default_catalog(), actor="account:phu.trach")
        keying.prepare(session, office.batch, default_catalog(), actor="account:phu.trach")
    read = {name: (one or {}).get("value") for name, one in office.state(office.papers[0]).fields.items()}

    def key(name: str, number: str, day: str) -> None:
        page = sign_in(context, office, name)
        page.get_by_role("link", name="Nhập trường").click()
        expect(page.locator(".bench.ready")).to_be_visible()
        first = page.get_by_label("Số, ký hiệu")
        expect(first).to_be_focused()
        expect(first).to_have_value("")
        assert str(read["number"]) not in page.content(), "blind"
        page.keyboard.type(number)
        page.keyboard.press("Enter")
        expect(page.get_by_label("Ngày cấp")).to_be_focused()
        page.keyboard.type("31/02/2023")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert").first).to_contain_text("Ngày phải có thật")
        expect(first).to_have_value(number)
        refused = page.get_by_label("Ngày cấp")
        expect(refused).to_be_focused()
        refused.fill(day)
        page.keyboard.press("Enter")
        expect(page.get_by_text("Không còn trường nào chờ bạn nhập.")).to_be_visible()
        page.close()

    key("lan", "72/2021", "02052023")
    key("hoa", "12/2021", "2/5/2023")
    page = sign_in(context, office, "minh")
    page.get_by_role("link", name="Phân xử").click()
    expect(page.locator(".bench.ready")).to_be_visible()
    expect(page.get_by_text("72/2021")).to_be_visible()
    page.keyboard.press("2")
    expect(page.get_by_role("radio", name="Người kia: 12/2021")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Không còn trường nào chờ bạn phân xử.")).to_be_visible()
    expect(page.get_by_text("2 / 2 trường đã chốt")).to_be_visible()
    keyed = [office.state(one).fields for one in office.papers]
    (fields,) = [one for one in keyed if (one.get("number") or {}).get("origin")]
    assert (fields["number"]["value"], fields["number"]["origin"]) == ("12/2021", "double_keying_settled")
    assert (fields["issued_on"]["value"], fields["issued_on"]["origin"]) == ("2023-05-02", "double_keying")


def return_paper(office: Office, paper: str, words: str = "thiếu mặt sau") -> None:
    with transaction(office.api.sessions) as session:
        batch = batches.hold(session, office.batch)
        found = check.load_free(session, batch, paper, "account:hoa")
        check.send_back(session, batch, found, {Fault.MISSING_PAGE}, words, actor="account:hoa")


def play_the_workers(office: Office) -> str:
    """The new scan is read and takes its place; the new paper."""
    with office.api.sessions() as session:
        row = session.scalars(select(BatchRescan)).one()
    made = office.api.read(row.scan_id, ["Giấy chứng nhận kết hôn", "mặt sau"])
    with transaction(office.api.sessions) as session:
        rescans.take_place(session, row.scan_id, [session.get_one(Component, made)], make_index(office.api.engine))
    return made


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("no tab leads there")


def test_a_returned_paper_is_scanned_again_by_keyboard_alone(
    context: BrowserContext, office: Office, tmp_path: Path
) -> None:
    return_paper(office, office.papers[1])
    file, wrong = tmp_path / "002-KH quét lại.jpg", tmp_path / "danh sách.csv"
    file.write_bytes(jpeg(77))
    wrong.write_text("a;b")
    page = sign_in(context, office, "lan")
    row = page.locator(f"#paper-{office.papers[1]}")
    summary = row.locator("summary", has_text="Quét lại")
    tab_to(page, summary)
    page.keyboard.press("Enter")
    field = row.get_by_label("Tệp vừa quét lại")
    for chosen, why in ((wrong, "Định dạng tệp không được hỗ trợ"), (file, "")):
        if chosen is wrong:
            tab_to(page, field)
        else:
            expect(field).to_be_focused()  # of the page that says what was wrong
            wait_until_heard(page)
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Space")
        chooser.value.set_files(chosen)
        tab_to(page, row.get_by_role("button", name="Gửi bản quét mới"))
        page.keyboard.press("Enter")
        if why:
            expect(row.get_by_role("alert")).to_contain_text(why)
            expect(row.locator("details")).to_have_attribute("open", "")
    expect(row.get_by_role("status")).to_contain_text("Đang đọc bản quét mới 002-KH quét lại.jpg")
    expect(page.get_by_text("0 / 3 giấy tờ đã đạt")).to_be_visible()
    tab_to(page, row.get_by_role("link", name="Xem đã đọc xong chưa"))
    page.keyboard.press("Enter")
    expect(row.get_by_role("status")).to_contain_text("Đang đọc")  # nobody has read it yet
    made = play_the_workers(office)
    page.goto(office.here)
    expect(row).to_have_count(0)
    expect(page.get_by_text("Không có giấy tờ nào bị trả lại.")).to_be_visible()
    page.keyboard.press("Enter")  # round 1: the first, then the new one in its old place
    expect(page.locator(".bench.ready")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã đạt giấy tờ trước.")).to_be_visible()
    expect(page).to_have_url(re.compile(made))
    expect(page.get_by_text("2 · /scan/2023/kệ 4/002-KH.pdf")).to_be_visible()
    expect(page.get_by_text("Bản quét lại. Bản trước bị trả lại vì:")).to_be_visible()
    expect(page.get_by_text("Thiếu trang, thiếu mặt sau")).to_be_visible()
    page.close()


def test_without_scripts_a_paper_is_scanned_again_too(chromium: Browser, office: Office, tmp_path: Path) -> None:
    return_paper(office, office.papers[0])
    file = tmp_path / "moi.jpg"
    file.write_bytes(jpeg(78))
    page = sign_in_without_scripts(chromium, office)
    row = page.locator(f"#paper-{office.papers[0]}")
    row.locator("summary", has_text="Quét lại").click()
    row.get_by_label("Tệp vừa quét lại").set_input_files(file)
    row.get_by_role("button", name="Gửi bản quét mới").click()
    expect(row.get_by_role("status")).to_contain_text("Đang đọc bản quét mới moi.jpg")
    play_the_workers(office)
    row.get_by_role("link", name="Xem đã đọc xong chưa").click()
    expect(page.get_by_text("Không có giấy tờ nào bị trả lại.")).to_be_visible()
    page.context.close()


def test_without_scripts_the_same_forms_are_sent(chromium: Browser, office: Office) -> None:
    page = sign_in_without_scripts(chromium, office)
    page.get_by_role("link", name="Kiểm vòng 1").click()
    expect(page.get_by_text("001-KH.pdf")).to_be_visible()
    page.get_by_role("button", name="Đạt").click()
    page.get_by_label("Mờ, không đọc được").check()
    page.get_by_role("button", name="Trả lại").click()
    expect(page.get_by_text("Đã trả lại giấy tờ trước.")).to_be_visible()
    page.get_by_role("link", name="Trang sau").click()
    expect(page.get_by_text("Trang 2 / 2")).to_be_visible()
    page.context.close()
    assert office.state(office.papers[0]).state == "verified"
