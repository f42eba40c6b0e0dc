"""Every page of the office in three looks: no violation that axe-core knows, nothing wider than the screen, a picture of each kept.

Which pages there are is asked of the routers: a new page that is not looked at here fails the last test. Pictures go to
``test-artifacts/pages`` (or where ``DIGITIZE_TEST_ARTIFACTS`` says).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, Literal

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, BrowserContext, Page, expect

from digitize_api.web import pages as front
from digitize_api.web.admin import pages as admin
from digitize_api.web.arranging import pages as arranging
from digitize_api.web.audit_page import pages as audit_page
from digitize_api.web.batches import pages as batches
from digitize_api.web.counter import pages as counter
from digitize_api.web.inventory import boxes
from digitize_api.web.inventory import exception_pages as inventory_exceptions
from digitize_api.web.inventory import pages as inventory
from digitize_api.web.quality import keying_pages
from digitize_api.web.quality import pages as quality
from digitize_api.web.reports import pages as reports
from digitize_api.web.review import pages as review
from digitize_api.web.search_page import pages as search_page
from digitize_api.web.warehouse import pages as warehouse
from digitize_api.web.webhooks import pages as webhooks
from models.agencies import find_agency
from models.batches import store as batches_model
from models.batches.entities import BatchItem, BatchState, ExistingOutput, SourceKind
from models.batches.quality import check, keying, plan, sample
from models.batches.quality.entities import QualityDeviation, QualityStratum
from models.batches.store import Policies
from models.catalog import default_catalog
from models.database import transaction
from models.entities import Component, Role, now
from models.local_time import local_day
from models.rules.faults import Fault
from models.rules.keying import Answer, Keyed
from models.search import make_index
from models.settings import sqlite_url
from models.webhooks import book
from models.webhooks.settings import WebhookSettings
from models.webhooks.tables import DeliveryState, WebhookDelivery, WebhookEvent, WebhookTry
from tests.browser.keys import wait_until_heard
from tests.browser.review_papers import read_sample
from tests.browser.test_plain_page import Seen
from tests.digitize_api.api import PASSWORD, Api, running_api
from tests.digitize_api.test_pages import HOLDER
from tests.models.stored import Paper, at, open_dossier, store
from tests.paths import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

AXE: Final = ROOT / "tests" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOURS: Final = ["color-contrast", "link-in-text-block"]


@dataclass(frozen=True)
class Shown:
    width: int
    height: int
    scheme: Literal["light", "dark"]


LOOKS: Final = {
    "wide": Shown(1366, 768, "light"),
    "dark": Shown(1366, 768, "dark"),
    "phone": Shown(320, 640, "light"),
}
"""Colours are the style sheet's alone, and where things stand nearly always: a page is loaded once."""
OF_WIDTH: Final = ("/tra-cuu", "/kiem-tra/", "/so-hoa-lo/{batch_id}/chat-luong/")
"""Whose scripts ask for the width of the screen: loaded for a phone once more."""
PICTURES: Final = Path(os.environ.get("DIGITIZE_TEST_ARTIFACTS", ROOT / "test-artifacts")) / "pages"
OTHER: Final = "H56.15"

BOX: Final = f"?co-quan=H56.14&nam={(local_day() - timedelta(days=12)).year}&hop=H%E1%BB%99p+07"
WITH_QUERY: Final = {
    "/tra-cuu": "?q=ket+hon",
    "/quay": "?procedure=1.001193",
    "/kiem-dem": "?don-vi=H56.14",
    "/kiem-dem/hop": BOX,
}
PAGES: Final = {
    "/": (Role.CLERK, Role.SUPERVISOR, Role.ADMIN),
    "/login": (None,),
    "/errors": (Role.CLERK,),
    "/dossiers": (Role.CLERK,),
    "/dossiers/{code}": (Role.CLERK,),
    "/components/{component_id}/pages/{number}": (Role.CLERK,),
    "/kho": (Role.CLERK,),
    "/kho/{key}": (Role.CLERK, Role.SUPERVISOR),
    "/tai-khoan": (Role.ADMIN,),
    "/mat-khau": (Role.CLERK,),
    "/tram": (Role.ADMIN,),
    "/noi-nhan": (Role.ADMIN,),
    "/noi-nhan/{webhook_id}": (Role.ADMIN,),
    "/tra-cuu": (Role.CLERK,),
    "/tra-cuu/{component_id}/{number}": (Role.CLERK,),
    "/nhat-ky": (Role.SUPERVISOR, Role.ADMIN),
    "/kiem-dem": (Role.CLERK, Role.SUPERVISOR),
    "/kiem-dem/hop": (Role.CLERK,),
    "/kiem-dem/doi-chieu": (Role.CLERK, Role.SUPERVISOR),
    "/bao-cao": (Role.CLERK, Role.SUPERVISOR, Role.ADMIN),
    "/kiem-tra": (Role.CLERK,),
    "/kiem-tra/{component_id}": (Role.CLERK,),
    "/ban-quet/{scan_id}": (Role.CLERK,),
    "/quay": (Role.CLERK,),
    "/quay/{code}": (Role.CLERK,),
    "/quay/{code}/xong": (Role.CLERK,),
    "/so-hoa-lo": (Role.CLERK, Role.SUPERVISOR),
    "/so-hoa-lo/{batch_id}": (Role.CLERK, Role.SUPERVISOR),
    "/so-hoa-lo/{batch_id}/ban-giao": (Role.SUPERVISOR,),
    "/so-hoa-lo/{batch_id}/chat-luong": (Role.CLERK, Role.SUPERVISOR),
    "/so-hoa-lo/{batch_id}/chat-luong/kiem/{component_id}": (Role.CLERK,),
    "/so-hoa-lo/{batch_id}/chat-luong/nhap/{component_id}": (Role.CLERK,),
    "/so-hoa-lo/{batch_id}/chat-luong/phan-xu/{component_id}": (Role.CLERK,),
    "/so-hoa-lo/{batch_id}/chat-luong/khac-thuong": (Role.CLERK,),
}
"""Who each page is shown to here, by the route's own path. ``None``: nobody has signed in."""
NO_PAGES: Final = {
    "/language/{language}",
    "/favicon.ico",
    "/search",  # leads to /tra-cuu
    "/ho-so/{code}",  # /dossiers/{code} by its Vietnamese name
    "/dossiers/{code}/needed",
    "/scans/{scan_id}/card",
    "/kiem-tra/tiep",
    "/kiem-tra/{component_id}/trang/{number}",
    "/quay/thu-tuc",
    "/quay/{code}/phan",
    "/quay/{code}/su-kien",
    "/so-hoa-lo/{batch_id}/phan",
    "/so-hoa-lo/{batch_id}/chat-luong/kiem",
    "/so-hoa-lo/{batch_id}/chat-luong/nhap",
    "/so-hoa-lo/{batch_id}/chat-luong/phan-xu",
    "/kiem-dem/hop/phieu.pdf",
    "/noi-nhan/{webhook_id}/phan",
}
"""What is no page of its own: parts that a page asks for, redirects, pictures."""


@dataclass
class Office:
    """``known`` fills the places of a path."""

    api: Api
    known: dict[str, str]
    contexts: dict[Role | None, BrowserContext] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Office]:
    """A dossier whose papers are read, doubted and kept, its holder's warehouse, and somebody of every role signed in."""
    folder: Path = tmp_path_factory.mktemp("every_page")
    with running_api(folder, sqlite_url(folder)) as api:
        code = api.dossier(api.station(), title="Đăng ký khai sinh", procedure="1.001193", holder=HOLDER)
        married = read_sample(
            api,
            code,
            ["ks_2_ket_hon.jpg", "ks_1_to_khai.jpg"],
            fields={"number": {"value": None, "reason": "HANDWRITING", "symbol": "/2021", "doubt": None}},
            unsure=["QUỲNH", "phường"],
        )
        kept = read_sample(api, code, ["ks_3_khai_sinh.jpg"], fields={})
        api.keep(kept)
        with api.sessions() as session:
            scan = session.get_one(Component, married).scan_id
        counted_papers(api)
        batch = running_batch(api)
        checked_batch(api, batch, married, kept)
        known = {"code": code, "component_id": married, "scan_id": scan, "number": "1", "batch_id": batch}
        office = Office(api, known | {"webhook_id": told_elsewhere(api)})
        for role in (None, Role.CLERK, Role.SUPERVISOR, Role.ADMIN):
            office.contexts[role] = signed_in(chromium, office, role)
        office.known["key"] = warehouse_key(office)
        yield office
        for context in office.contexts.values():
            context.close()


def counted_papers(api: Api) -> None:
    """An inventory of forty papers, of which some days' work is done, and a commune below that lags."""
    api.agency("H56.14")
    api.agency("H56.14.1", "UBND xã Một Cửa Vùng Sâu Vùng Xa", parent="H56.14")
    today = local_day()
    year = (today - timedelta(days=12)).year
    with transaction(api.sessions) as session:
        for agency in ("H56.14", "H56.14.1"):
            commune = find_agency(session, agency)
            boxes = open_dossier(session, commune, at(today))
            for number in range(1, 25):
                paper = Paper(number=f"{number}/{year}", issued_on=date(year, 1, 2))
                store(session, boxes, paper, at(today - timedelta(days=number % 12)), queue="backscan")
            for number in range(5):
                dossier = open_dossier(session, commune, at(today), procedure="1.001193")
                if number < 3 or agency == "H56.14":
                    store(session, dossier, Paper(kind="giay_chung_sinh"), at(today))
    head = api.person(Role.SUPERVISOR)
    rows = "".join(f"{one}/{year};Nguyễn Thị Mẫu {one};02/01/{year};Hộp 07;Kệ A2;H56.14{tail}\n" for one in range(1, 41) for tail in ("", ".1"))  # fmt: skip
    text = f"Số, ký hiệu;Họ và tên;Ngày cấp;Hộp;Kệ;Mã cơ quan\n{rows}"
    taken = head.post("/api/v1/inventory/imports", files={"file": ("kiem-dem.csv", text.encode())}).json()
    assert taken["created"] == 80, taken
    matched = head.post("/api/v1/inventory/exceptions/match", json={}).json()
    assert [one["open"]["missing"] > 0 for one in matched] == [True, True], matched


def running_batch(api: Api) -> str:
    """Half done, with a file of each fate."""
    with transaction(api.sessions) as session:
        agency = find_agency(session, "H56.14")
        policies = Policies(hours="00:00-24:00", max_failure_share=0.25, existing=ExistingOutput.OVERWRITE)
        batch = batches_model.create(
            session, agency=agency, name="Kết quả 2023, kệ 4", policies=policies, actor="command:x"
        )
        batches_model.move(session, batch, BatchState.RUNNING, actor="command:x")
        batches_model.add_source(session, batch, SourceKind.FOLDER, "/scan/2023/kệ 4")
        fates = (
            ["done"] * 40 + ["waiting"] * 50 + ["posted"] * 5 + ["failed", "refused", "refused", "duplicate", "skipped"]
        )
        reasons = {"failed": "PAGE_FAILED", "refused": "UNEVEN_SIDES", "skipped": "KEY_TAKEN"}
        for number, fate in enumerate(fates, 1):
            path = f"/scan/2023/kệ 4/hộp {number // 20 + 1:02d}/{number:04d}-QĐ-UBND.pdf"
            ended = now() - timedelta(minutes=number / 2) if fate == "done" else None
            session.add(
                BatchItem(
                    batch_id=batch.id,
                    agency_id=agency.id,
                    number=number,
                    path=path,
                    path_key=batches_model.path_key(path),
                    filename=f"{number:04d}.pdf",
                    key=f"{number:04d}",
                    state=fate,
                    reason_code=reasons.get(fate),
                    pages=2 if fate == "done" else None,
                    posted_at=ended - timedelta(minutes=1) if ended else None,
                    settled_at=ended,
                )
            )
        return batch.id


def told_elsewhere(api: Api) -> str:
    """Three subscriptions, one of them with deliveries of every fate; its id."""
    with transaction(api.sessions) as session:
        agency = find_agency(session, "H56.14")
        made = [
            book.add(session, agency=agency, url=url, kinds=kinds, settings=WebhookSettings(), actor="account:a")
            for url, kinds in (
                ("https://cong-dich-vu-cong.tinhmau.example/tich-hop/so-hoa/su-kien", ()),
                (
                    "https://mot-cua.tinhmau.example/su-kien",
                    (WebhookEvent.RESULT_STORED, WebhookEvent.RESULT_CANCELLED),
                ),
                ("https://cu.tinhmau.example/a", ()),
            )
        ]
        book.pause(session, made[1], actor="account:a")
        book.end(session, made[2], actor="account:a")
        book.rotate(session, made[0], actor="account:a")
        fates = [(DeliveryState.DELIVERED, [None])] * 3 + [
            (DeliveryState.PENDING, []),
            (DeliveryState.PENDING, ["HTTP 503"]),
        ]
        fates += [(DeliveryState.DEAD, ["ConnectTimeout", "HTTP 503", "a name that leads to this machine"])] * 2
        for number, (state, tries) in enumerate(fates):
            at = now() - timedelta(hours=number)
            body = f'{{"type":"result.stored","timestamp":"{at.isoformat()}","data":{{"agency":"H56.14","result":"{"0" * 32}"}}}}'
            sent = WebhookDelivery(webhook_id=made[0].id, agency_id=agency.id, kind="result.stored", body=body, state=state, created_at=at,
                                   attempts=len(tries), error=tries[-1] if tries else None)  # fmt: skip
            session.add(sent)
            session.flush()
            for error in tries:
                session.add(
                    WebhookTry(delivery_id=sent.id, at=at, seconds=0.2, status=None if error else 204, error=error)
                )
        return made[0].id


def checked_batch(api: Api, batch_id: str, married: str, kept: str) -> None:
    """The batch's quality control under way, with something of each kind to see."""
    with transaction(api.sessions) as session:
        batch = batches_model.hold(session, batch_id)
        for number, paper in enumerate((married, kept), 101):
            path = f"/scan/2023/kệ 4/hộp 06/{number:04d}-QĐ-UBND.pdf"
            item = BatchItem(
                batch_id=batch.id, agency_id=batch.agency_id, number=number, path=path, path_key=batches_model.path_key(path),
                filename=f"{number:04d}.pdf", key=f"{number:04d}", state="done", scan_id=session.get_one(Component, paper).scan_id,
            )  # fmt: skip
            session.add(item)
        told = {"keyed_fields": ["number", "issued_on", "issuer"]}
        session.flush()
        plan.change(session, batch, told, default_catalog(), actor="account:x")
        keying.prepare(session, batch.id, default_catalog(), actor="account:x")
        for actor, typed in (("account:clerk-other", "72/2021"), ("account:clerk-more", "12/2021")):
            answers = {"number": Keyed(Answer.VALUE, typed)}
            keying.key(
                session, batch, married, answers, catalog=default_catalog(), index=make_index(api.engine), actor=actor
            )
        sample.draw(session, batch.id, actor="account:x")
        of_batch = {"batch_id": batch.id, "agency_id": batch.agency_id}
        for state, band in (("failed", "high"), ("passed", "low"), ("waived", "middle")):
            session.add(
                QualityStratum(
                    checker="account:nguyen.thi.mau", scanner="station:may-quet-2", band=band, papers=120, state=state,
                    waived_by="account:phu.trach" if state == "waived" else None, waive_reason="đã xem lại cả hộp", **of_batch,
                )
            )  # fmt: skip
        for page, what, value, usual, score in (
            (1, "angle", -4.52, 0.1, 7.9),
            (2, "long_side", 210.0, 297.0, 25.4),
            (0, "pages", 4.0, 2.0, 7.0),
            (2, "BLURRED", None, None, None),
        ):
            session.add(
                QualityDeviation(
                    component_id=married, item_number=101, page=page, what=what, value=value, usual=usual, score=score, **of_batch
                )
            )  # fmt: skip
        back = check.load_free(session, batch, kept, "account:x")
        faults = [Fault.MISSING_PAGE, Fault.WRONG_SPLIT]
        check.send_back(session, batch, back, faults, "thiếu mặt sau của tờ 2, dính giấy khai sinh", actor="account:x")


def signed_in(chromium: Browser, office: Office, role: Role | None, agency: str = "H56.14") -> BrowserContext:
    context = chromium.new_context(base_url=office.api.url, locale="vi-VN", reduced_motion="reduce")
    context.set_default_timeout(15_000)
    office.seen.append(Seen(context))
    if role is not None:
        name = f"{role.value}-{agency}".lower()
        office.api.account(name, role, agency)
        page = context.new_page()
        page.goto("/login")
        page.get_by_label("Tên đăng nhập").fill(name)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: not url.endswith("/login"))
        page.close()
    return context


def warehouse_key(office: Office) -> str:
    """The purpose is told, as its page asks; the address that it leads to ends with the key."""
    page = office.contexts[Role.CLERK].new_page()
    page.goto(f"/dossiers/{office.known['code']}")
    page.get_by_role("link", name="Kho của công dân").click()
    page.keyboard.press("Enter")
    page.wait_for_url("**/kho/*")
    key = page.url.rpartition("/")[2]
    page.close()
    other = office.contexts[Role.SUPERVISOR].new_page()
    other.goto("/kho")
    other.get_by_label("Số định danh hoặc mã số").fill(str(HOLDER["id_number"]))
    other.get_by_label("Công dân, tổ chức yêu cầu xem").check()
    other.get_by_label("Nói rõ thêm").fill("theo giấy yêu cầu")
    other.keyboard.press("Enter")
    other.wait_for_url("**/kho/*")
    other.close()
    return key


def address(path: str, known: dict[str, str]) -> str:
    return path.format(**known) + WITH_QUERY.get(path, "")


def violations(page: Page, *, colours_alone: bool = False) -> list[str]:
    """What axe-core finds, one line each: rule, element, why. ``colours_alone``: of a page whose other rules were asked about before."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "what => axe.run(document, {runOnly: what}).then(result => result.violations)",
        {"type": "rule", "values": OF_COLOURS} if colours_alone else {"type": "tag", "values": RULES},
    )
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(("path", "role"), [(path, role) for path, roles in PAGES.items() for role in roles])
def test_everybody_can_use_it(office: Office, path: str, role: Role | None) -> None:
    page = next(iter(office.contexts[role].pages), None) or office.contexts[role].new_page()
    show(page, LOOKS["wide"])
    answer = page.goto(address(path, office.known))
    assert answer is not None
    assert answer.status == 200
    expect(page.locator("main, [role=main]").first).to_be_visible()
    if path == "/tra-cuu":
        expect(page.locator(".hits > li")).to_have_count(1)  # or the page that is looked at is an empty one
    PICTURES.mkdir(parents=True, exist_ok=True)
    name = path.strip("/").replace("/", "-").replace("{", "").replace("}", "") or "home"
    wrong, head = [], 0.0
    for look, shown in LOOKS.items():
        show(page, shown)
        if look == "phone" and path.startswith(OF_WIDTH):
            page.reload()
            wait_until_heard(page)
        wrong += [f"{look}: {each}" for each in violations(page, colours_alone=look == "dark")]
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        wrong += [f"{look}: {wider} pixels wider than the screen"] * (wider > 0)
        if look == "wide" and role:
            box = page.locator("header.top").bounding_box()
            head = box["height"] if box else 0
        page.screenshot(
            path=PICTURES / f"{look}-{name}-{role.value if role else 'nobody'}.jpg",
            full_page=True,
            type="jpeg",
            quality=85,
        )
    assert not wrong, "\n".join(wrong)
    assert head < 80, "the head is one line"


def show(page: Page, shown: Shown) -> None:
    page.set_viewport_size({"width": shown.width, "height": shown.height})
    page.emulate_media(color_scheme=shown.scheme)
    wait_until_heard(page)


def test_an_error_has_a_way_back(office: Office) -> None:
    page = office.contexts[Role.CLERK].new_page()
    answer = page.goto("/dossiers/H56.14-990101-0001")
    assert answer is not None
    assert answer.status == 404
    assert violations(page) == []
    page.locator("main a").first.click()
    expect(page.get_by_role("navigation").first).to_be_visible()
    page.close()


def test_a_foreign_agency_sees_nothing(office: Office, chromium: Browser) -> None:
    """Whoever guesses an address of another agency learns not even that it exists, and is led back."""
    context = signed_in(chromium, office, Role.CLERK, OTHER)
    page = context.new_page()
    for path in ("/dossiers/{code}", "/quay/{code}", "/quay/{code}/xong", "/ban-quet/{scan_id}", "/kiem-tra/{component_id}", "/kho/{key}",
                 "/tra-cuu/{component_id}/{number}", "/components/{component_id}/pages/{number}", "/so-hoa-lo/{batch_id}",
                 "/so-hoa-lo/{batch_id}/chat-luong", "/so-hoa-lo/{batch_id}/chat-luong/kiem/{component_id}"):  # fmt: skip
        answer = page.goto(path.format(**office.known))
        assert answer is not None
        assert answer.status == 404, path
        text = page.locator("body").inner_text()
        assert office.known["code"] not in text.replace(page.url, ""), path
        assert "QUỲNH" not in text
        assert page.locator("main a").count() >= 1, f"{path}: no way back"
    page.goto("/tra-cuu?q=ket+hon")
    expect(page.locator(".hits > li")).to_have_count(0)
    page.goto("/kiem-tra")
    expect(page.get_by_role("link", name="Giấy")).to_have_count(0)
    context.close()


def test_nothing_went_wrong_behind_the_pages(office: Office) -> None:
    wrong = [each for seen in office.seen[:4] for each in seen.wrong if "H56.14-990101-0001" not in each]
    assert not wrong, "\n".join(wrong)


def test_no_page_is_forgotten() -> None:
    routers = (
        front,
        admin,
        arranging,
        audit_page,
        batches,
        boxes,
        counter,
        inventory,
        inventory_exceptions,
        keying_pages,
        quality,
        reports,
        review,
        search_page,
        warehouse,
        webhooks,
    )
    shown = {
        route.path
        for module in routers
        for route in module.router.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    }
    assert shown == PAGES.keys() | NO_PAGES
