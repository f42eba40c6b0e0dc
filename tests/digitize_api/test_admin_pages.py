"""Accounts, stations, the log and the first pages: who may, what it does, what is on record."""

from __future__ import annotations

import re

import httpx
import pytest
from sqlalchemy import select

from digitize_api.web.links import LINKS
from models import administration, lifecycle
from models.credentials import MIN_PASSWORD_LENGTH
from models.database import transaction
from models.entities import Account, Event, Role, Scan, ScanState, Station
from models.event_log import KINDS, Sort
from tests.digitize_api.api import PASSWORD, PDF, Api
from tests.digitize_api.test_pages import HOLDER, read_paper, told
from tests.digitize_api.test_upload import post
from tests.digitize_api.test_warehouse_page import form, key_of, marriage


def secret_of(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["cache-control"] == "private, no-store"
    found = re.search(r'<code class="secret"[^>]*>([^<]+)</code>', answer.text)
    assert found is not None
    assert "Chỉ hiện một lần." in answer.text
    return found[1]


def send(client: httpx.Client, path: str, **values: str) -> httpx.Response:
    return client.post(path, data={"csrf_token": client.headers["X-CSRF-Token"], **values})


def account_id(api: Api, name: str) -> str:
    with api.sessions() as session:
        return session.scalars(select(Account.id).where(Account.name == name)).one()


def kinds(api: Api, *wanted: str) -> list[tuple[str, str, str]]:
    with api.sessions() as session:
        found = session.scalars(select(Event).where(Event.kind.in_(wanted)).order_by(Event.id))
        return [(event.kind, event.actor, event.data["name"]) for event in found]


def signs_in(api: Api, name: str, password: str) -> bool:
    return api.client().post("/api/v1/sessions", json={"name": name, "password": password}).status_code == 201


def test_the_life_of_an_account(api: Api) -> None:
    admin = api.person(Role.ADMIN)
    given = {"name": "le.moi", "full_name": " Lê  Văn Mới ", "role": "clerk", "agency": "H56.14"}
    password = secret_of(send(admin, "/tai-khoan", **given))
    assert len(password) >= MIN_PASSWORD_LENGTH
    assert signs_in(api, "le.moi", password)
    listed = admin.get("/tai-khoan").text
    assert "Lê Văn Mới" in listed
    assert password not in listed, "it is shown once"
    taken = send(admin, "/tai-khoan", **given)
    assert (taken.status_code, "Tên này đã có" in taken.text, 'value="le.moi"' in taken.text) == (409, True, True)
    for wrong in ({"name": "có cách"}, {"name": "a:b"}, {"name": "x"}, {"role": "station"}, {"agency": "H57.1"}):
        assert send(admin, "/tai-khoan", **{**given, "name": "khac", **wrong}).status_code == 422, wrong

    path = f"/tai-khoan/{account_id(api, 'le.moi')}"
    signed_in = api.client()
    signed_in.post("/api/v1/sessions", json={"name": "le.moi", "password": password})
    fresh = secret_of(send(admin, f"{path}/mat-khau"))
    assert (signs_in(api, "le.moi", password), signs_in(api, "le.moi", fresh)) == (False, True)
    assert signed_in.get("/api/v1/sessions/current").status_code == 401, "its sessions have ended"
    signed_in.post("/api/v1/sessions", json={"name": "le.moi", "password": fresh})
    assert send(admin, f"{path}/khoa").status_code == 303
    assert send(admin, f"{path}/khoa").status_code == 303, "twice is once"
    assert signed_in.get("/api/v1/sessions/current").status_code == 401
    assert not signs_in(api, "le.moi", fresh)
    assert "đã khóa" in admin.get("/tai-khoan").text
    assert send(admin, f"{path}/mo").status_code == 303
    assert signs_in(api, "le.moi", fresh)
    signed_in.post("/api/v1/sessions", json={"name": "le.moi", "password": fresh})
    assert signed_in.get("/nhat-ky").status_code == 403
    assert send(admin, f"{path}/vai-tro", role="supervisor").status_code == 303
    assert signed_in.get("/nhat-ky").status_code == 200, "from the next request on"
    assert send(admin, f"{path}/vai-tro", role="supervisor").status_code == 303, "twice is once"
    assert send(admin, f"{path}/vai-tro", role="station").status_code == 422
    own = f"/tai-khoan/{account_id(api, 'admin-h56.14')}"
    assert send(admin, f"{own}/vai-tro", role="clerk").status_code == 409, "an agency keeps its administrator"
    assert send(admin, f"{own}/khoa").status_code == 409, "nobody locks themselves out"
    assert kinds(api, *KINDS[Sort.ADMINISTRATION]) == [
        (kind, "account:admin-h56.14", "le.moi")
        for kind in ("account_created", "password_reset", "account_disabled", "account_enabled", "role_changed")
    ]
    log = told(admin.get("/nhat-ky", params={"loai": "administration"}).text)
    assert "Tạo tài khoản le.moi (cán bộ một cửa)" in log
    assert "Đặt lại mật khẩu của le.moi" in log
    assert "Đổi vai trò của le.moi: lãnh đạo, giám sát" in log
    assert fresh not in log
    assert "Account le.moi (clerk) created" in admin.get("/nhat-ky", params={"lang": "en"}).text


def test_ones_own_password(api: Api) -> None:
    clerk, elsewhere = api.person(), api.person()
    new = "một câu dễ nhớ"
    for wrong, said in (
        ({"old": "sai", "new": new, "again": new}, "Mật khẩu đang dùng chưa đúng"),
        ({"old": PASSWORD, "new": new, "again": new + "!"}, "khác nhau"),
        ({"old": PASSWORD, "new": "ngắn", "again": "ngắn"}, "ngắn quá"),
    ):
        refused = send(clerk, "/mat-khau", **wrong)
        assert (refused.status_code, said in refused.text) == (422, True), said
    assert clerk.post("/mat-khau", data={"old": PASSWORD, "new": new, "again": new}).status_code == 403
    changed = send(clerk, "/mat-khau", old=PASSWORD, new=new, again=new)
    assert (changed.status_code, changed.headers["location"]) == (303, "/")
    assert clerk.get("/").status_code == 200, "this browser stays signed in"
    assert elsewhere.get("/api/v1/sessions/current").status_code == 401, "others do not"
    assert (signs_in(api, "clerk-h56.14", PASSWORD), signs_in(api, "clerk-h56.14", new)) == (False, True)
    assert kinds(api, "password_reset") == [("password_reset", "account:clerk-h56.14", "clerk-h56.14")]


def test_the_life_of_a_stations_key(api: Api) -> None:
    admin = api.person(Role.ADMIN)
    assert "Chưa có trạm nào" in admin.get("/tram").text
    key = secret_of(send(admin, "/tram", name="quay-9", agency="H56.14"))
    station = api.client(Authorization=f"Bearer {key}")
    assert station.get("/api/v1/dossiers").status_code == 200
    listed = admin.get("/tram").text
    assert "quay-9" in listed
    assert key not in listed
    assert send(admin, "/tram", name="quay-9", agency="H56.14").status_code == 409
    assert send(admin, "/tram", name="quay 10", agency="H56.14").status_code == 422
    with api.sessions() as session:
        path = f"/tram/{session.scalars(select(Station.id).where(Station.name == 'quay-9')).one()}"
    assert send(admin, f"{path}/thu-hoi").status_code == 303
    assert station.get("/api/v1/dossiers").status_code == 401
    assert "khóa đã thu hồi" in admin.get("/tram").text
    fresh = secret_of(send(admin, f"{path}/khoa-moi"))
    assert station.get("/api/v1/dossiers").status_code == 401
    assert api.client(Authorization=f"Bearer {fresh}").get("/api/v1/dossiers").status_code == 200
    assert [kind for kind, _, _ in kinds(api, *KINDS[Sort.ADMINISTRATION])] == [
        "station_created",
        "station_revoked",
        "station_key",
    ]


def test_administration_and_the_log_by_role_and_agency(api: Api) -> None:
    api.agency("H56", "UBND tỉnh Mẫu")
    api.agency("H56.14", "UBND xã Mẫu", parent="H56")
    api.person(Role.CLERK, name="nguoi.xa")
    station = api.station("may-xa")
    code = api.dossier(station, holder=HOLDER)
    with api.sessions() as session:
        station_id = session.scalars(select(Station.id).where(Station.name == "may-xa")).one()
    one = account_id(api, "nguoi.xa")
    posts = {
        f"/tai-khoan/{one}/mat-khau": 200,
        f"/tai-khoan/{one}/khoa": 303,
        f"/tai-khoan/{one}/mo": 303,
        f"/tai-khoan/{one}/vai-tro": 422,
        f"/tram/{station_id}/thu-hoi": 303,
        f"/tram/{station_id}/khoa-moi": 200,
    }
    for agency, reached in (("H56.14", True), ("H56", True), ("H57.1", False)):
        for role in (Role.CLERK, Role.SUPERVISOR, Role.ADMIN):
            client = api.person(role, agency)
            for page, roles in (
                ("/tai-khoan", {Role.ADMIN}),
                ("/tram", {Role.ADMIN}),
                ("/nhat-ky", {Role.ADMIN, Role.SUPERVISOR}),
            ):
                answer = client.get(page)
                assert answer.status_code == (200 if role in roles else 403), (role, agency, page)
                if page == "/tai-khoan" and role is Role.ADMIN:
                    assert ("nguoi.xa" in answer.text) == reached, agency
                if page == "/tram" and role is Role.ADMIN:
                    assert ("may-xa" in answer.text) == reached, agency
            for path, done in posts.items():
                expected = 403 if role is not Role.ADMIN else done if reached else 404
                assert send(client, path).status_code == expected, (role, agency, path)
                assert client.post(path, data={"csrf_token": "x"}).status_code == 403
            if role is not Role.CLERK:
                log = client.get("/nhat-ky", params={"ho-so": code})
                assert log.status_code == (200 if reached else 404), (role, agency)
                assert "nguoi.xa" in client.get("/nhat-ky").text or not reached or role is Role.SUPERVISOR
            assert (code in client.get("/").text) is (reached and role is Role.CLERK and agency == "H56.14")
    assert api.client().get("/tai-khoan").headers["location"] == "/login?next=%2Ftai-khoan"


def test_the_log_filters_and_never_shows_personal_data(api: Api) -> None:
    code, paper = marriage(api)
    clerk, head = api.person(), api.person(Role.SUPERVISOR)
    clerk.get(f"/ho-so/{code}")
    clerk.get(f"/api/v1/components/{paper}/pdf")
    clerk.get("/tra-cuu", params={"q": "kết hôn"})
    version = clerk.get(f"/api/v1/components/{paper}").json()["version"]
    change = {"version": version, "fields": {"wife_name": "Nguyễn Thị Khác"}, "reason": "số 079200000123 gõ nhầm"}
    assert clerk.patch(f"/api/v1/components/{paper}", json=change).status_code == 200
    words = f"theo đơn của {HOLDER['id_number']}"
    clerk.post(f"/kho/{key_of(api)}", data=form(clerk, purpose="other", words=words))

    def log(**conditions: str) -> str:
        answer = head.get("/nhat-ky", params={name.replace("_", "-"): value for name, value in conditions.items()})
        assert answer.status_code == 200
        return told(answer.text.split('class="filters"')[1].split("</form>")[1])

    everything = log()
    for line in ("Xem hồ sơ", "Mở PDF", "Tra cứu, hiện 1 giấy tờ", "Sửa dữ liệu: Họ tên vợ", "Trạm may-H56.14"):
        assert line in everything
    assert "Xem kho: Việc khác (theo đơn của 0792•••••123)" in everything
    for personal in (HOLDER["id_number"], HOLDER["name"], "Khác)", "Nguyễn Thị Khác", "Đăng ký khai sinh"):
        assert personal not in everything
    assert "Sửa dữ liệu" not in log(loai="looks")
    assert "Mở PDF" not in log(loai="changes")
    assert "Xem hồ sơ" not in log(ai="station:may-H56.14")
    assert "Xem hồ sơ" in log(ai="account:clerk-h56.14")
    assert "Xem kho" not in log(ho_so=code)
    about = log(kho=key_of(api))
    assert "Xem kho" in about
    assert "Mở PDF" in about
    assert "Không có việc nào khớp" in log(ngay="2020-01-01")
    assert "Trang 1: đọc được" in log(loai="machine")
    assert "Xem nhật ký" in log(), "that the log was read is on record"
    assert "Xem hồ sơ" in log(loai="nonsense", ngay="nonsense")
    with transaction(api.sessions) as session:
        station = session.scalars(select(Station)).first()
        assert station is not None
        for _ in range(60):
            administration.revoke_key(session, station, actor="account:clerk-h56.14")
            station.active = True
    first = head.get("/nhat-ky", params={"loai": "administration"})
    assert first.text.count("<tr>") == 51
    older = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert older is not None
    second = head.get(older[1].replace("&amp;", "&"))
    assert second.text.count("<tr>") == 11
    assert "Cũ hơn" not in second.text


def test_the_first_page_by_role(api: Api) -> None:
    code = api.dossier(api.station(), holder=HOLDER)
    read_paper(api, code, paper_type="to_khai", fields={})
    bad = post(api.station(), code, PDF, name="hong.pdf", key="bad").json()["id"]
    with transaction(api.sessions) as session:
        data = {"code": "CORRUPT_FILE", "detail": "x"}
        lifecycle.move_scan(session, session.get_one(Scan, bad), ScanState.REFUSED, data=data)
    clerk, head, admin = (api.person(role) for role in (Role.CLERK, Role.SUPERVISOR, Role.ADMIN))
    assert "Mở hồ sơ mới" in clerk.get("/").text
    seen = head.get("/").text
    assert "Giấy tờ chờ kiểm tra 1 cũ nhất từ" in told(seen)
    assert "Bản quét không nhận được, 7 ngày 1" in told(seen)
    assert "Hồ sơ mở 1 Bản quét nhận 2" in told(seen)
    assert f'href="/ho-so/{code}#scan-{bad}"' in seen
    assert "Tệp hỏng hoặc bị cắt cụt" in seen
    assert "Hệ thống" not in told(seen)
    runs = admin.get("/").text
    assert "Mọi phần đều chạy" in told(runs)
    assert "Tài khoản đang dùng 3" in told(runs)
    assert "Trạm đang dùng 1" in told(runs)
    for client, page in ((clerk, clerk.get("/").text), (head, seen), (admin, runs)):
        links = set(re.findall(r'href="(/[a-z-]*)"', page))
        assert links
        for link in sorted(links):
            assert client.get(link).status_code == 200, link
    assert {link.path for link in LINKS if link.path != "/"} <= set(re.findall(r'href="(/[a-z-]*)"', runs))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_errors_are_pages_that_help(api: Api, language: str) -> None:
    clerk = api.person(Role.CLERK)
    admin = api.person(Role.ADMIN)
    page = {"Accept": "text/html", "X-Request-ID": "abc-12345678", "Referer": f"{api.url}/kho?x=1"}
    own = f"/tai-khoan/{account_id(api, 'admin-h56.14')}/khoa"
    token = {"csrf_token": admin.headers["X-CSRF-Token"]}
    answers = {
        403: clerk.get("/tai-khoan", headers=page, params={"lang": language}),
        404: clerk.get("/khong-co", headers=page, params={"lang": language}),
        409: admin.post(own, headers=page, data=token, params={"lang": language}),
        413: clerk.post("/kho", headers=page, data={"words": "x" * 1_100_000}, params={"lang": language}),
    }
    for _ in range(6):
        wrong = {"name": "clerk-h56.14", "password": "sai"}
        answers[429] = api.client().post("/login", headers=page, data=wrong, params={"lang": language})
    for status, answer in answers.items():
        assert answer.status_code == status, answer.text[:300]
        assert answer.headers["content-type"].startswith("text/html"), status
        assert f'<html lang="{language}">' in answer.text
        if status != 429:  # told on the sign-in page itself, where the next attempt is made
            assert "abc-12345678" in answer.text, status
            assert 'href="/kho?x=1"' in answer.text, "a way back"
            assert 'href="/"' in answer.text
    assert answers[429].headers.get("retry-after") or "phút" in answers[429].text or "minute" in answers[429].text
    stale = clerk.post("/kho", headers=page, data={"csrf_token": "x"}, params={"lang": language})
    assert stale.status_code == 403
    assert ("Trang này đã cũ" if language == "vi" else "This page is out of date") in stale.text
    foreign = clerk.get("/khong-co", headers={**page, "Referer": "https://evil.example/kho"})
    assert "evil.example" not in foreign.text


def test_a_defect_is_a_page_too(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = api.person(Role.CLERK)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("digitize_api.dossiers.service.recent", broken)
    answer = clerk.get("/", headers={"Accept": "text/html", "X-Request-ID": "abc-12345678"})
    assert answer.status_code == 500
    assert "Lỗi của hệ thống" in answer.text
    assert "abc-12345678" in answer.text
    assert "secret detail" not in answer.text


def test_the_command_line_is_on_record(api: Api) -> None:
    api.agency("H56.14")
    with transaction(api.sessions) as session:
        account = administration.create_account(
            session,
            agency=administration.list_agencies(session, {agency_id(api)})[0],
            name="tu.lenh",
            password=PASSWORD,
            role=Role.CLERK,
            actor=administration.COMMAND,
        )
        administration.set_password(session, account, PASSWORD, actor=administration.COMMAND)
    log = told(api.person(Role.ADMIN).get("/nhat-ky", params={"loai": "administration"}).text)
    assert "Lệnh trên máy chủ Tạo tài khoản tu.lenh" in log


def agency_id(api: Api) -> str:
    return api.agency("H56.14")
