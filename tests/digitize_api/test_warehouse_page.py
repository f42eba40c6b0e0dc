"""``/kho``: a purpose first, then all that the agencies hold of one person; every look on record, no number in any address."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from digitize_api.dossiers.schemas import mask_within
from models.database import transaction
from models.entities import Event, Holder, Role, now
from tests.digitize_api.api import Api, agency_of, jpeg
from tests.digitize_api.test_pages import HOLDER, read_paper, told
from tests.digitize_api.test_upload import post
from tests.models.papers import MARRIAGE

NUMBER = HOLDER["id_number"]


def marriage(api: Api, agency: str = "H56.14") -> tuple[str, str]:
    """A stored marriage certificate of ``HOLDER``: (dossier, component)."""
    station = api.station(f"may-{agency}", agency)
    code = api.dossier(station, procedure="1.001193", title="Đăng ký khai sinh", holder=HOLDER)
    paper = api.read(post(station, code, jpeg()).json()["id"], ["Giấy chứng nhận kết hôn"])
    api.keep(paper, paper_type="giay_chung_nhan_ket_hon", paper_type_score=0.95, fields=MARRIAGE)
    return code, paper


def key_of(api: Api) -> str:
    with api.sessions() as session:
        return session.scalars(select(Holder.id).where(Holder.id_number == NUMBER)).one()


def form(client: httpx.Client, **values: str) -> dict[str, str]:
    return {"csrf_token": client.headers["X-CSRF-Token"], "purpose": "reuse", **values}


def looks(api: Api) -> list[Event]:
    with api.sessions() as session:
        return list(session.scalars(select(Event).where(Event.holder_id == key_of(api)).order_by(Event.id)))


def test_a_purpose_is_asked_once_and_kept_with_the_look(api: Api) -> None:
    code, paper = marriage(api)
    client = api.person()
    key = key_of(api)
    asked = client.get(f"/kho/{key}", params={"ho-so": code})
    assert asked.status_code == 200
    assert "Xem để làm gì?" in asked.text
    assert "Hỏi một lần cho mỗi người trong phiên làm việc này, có giá trị 30 phút." in asked.text
    assert "Việc mở kho được ghi lại" in asked.text
    assert HOLDER["name"] not in asked.text, "nothing of it is shown before a purpose is given"
    assert paper not in asked.text
    assert looks(api) == []

    assert client.post(f"/kho/{key}", data=form(client, csrf_token="x")).status_code == 403
    assert client.post(f"/kho/{key}", data=form(client, purpose="curious")).status_code == 422
    without = client.post(f"/kho/{key}", data=form(client, purpose="other", words=" "))
    assert (without.status_code, "nếu là việc khác thì ghi rõ" in without.text) == (422, True)
    assert looks(api) == []

    why = form(client, purpose="other", words=f"xác minh cho {NUMBER} theo đơn", dossier=code)
    done = client.post(f"/kho/{key}", data=why)
    assert (done.status_code, done.headers["location"]) == (303, f"/kho/{key}")
    page = client.get(f"/kho/{key}").text
    assert "Mở để: Việc khác (xác minh cho 0792•••••123 theo đơn)." in told(page)
    assert f"Về hồ sơ {code}" in page
    assert f"/components/{paper}/pages/1" in page
    assert "0792•••••123" in page
    assert NUMBER not in page
    client.get(f"/kho/{key}")
    (look,) = looks(api)
    assert look.data["purpose"] == "other"
    assert look.data["words"] == "xác minh cho 0792•••••123 theo đơn"
    assert (look.actor, look.agency_id) == ("account:clerk-h56.14", agency_of(api, "H56.14").id)
    assert "Trần Mẫu" in page.split('id="looks"')[1], "who looked is told"

    again = api.person()  # the same account in another browser
    assert "Xem để làm gì?" in again.get(f"/kho/{key}").text
    with transaction(api.sessions) as session:
        event = session.get_one(Event, look.id)
        event.data = {**event.data, "until": (now() - timedelta(seconds=1)).isoformat()}
    assert "Xem để làm gì?" in client.get(f"/kho/{key}").text, "its time is over"


def test_by_the_number_that_is_never_in_an_address(api: Api) -> None:
    marriage(api)
    client = api.person()
    page = client.get("/kho").text
    assert re.search(r'<form class="ask sheet" method="post" action="/kho">', page)
    found = client.post("/kho", data=form(client, id_number=" 079200 000123 "))
    assert (found.status_code, found.headers["location"]) == (303, f"/kho/{key_of(api)}")
    card = f"{NUMBER}||Nguyễn Thị Mẫu|01012003|Nữ|Xã Mẫu|01012022"
    assert client.post("/kho", data=form(client, id_number=card)).status_code == 303
    nobody = client.post("/kho", data=form(client, id_number="001203999999"))
    assert nobody.status_code == 404
    assert "Kho của cơ quan chưa có giấy tờ hay hồ sơ nào của số này." in nobody.text
    assert "001203999999" not in nobody.text
    with api.sessions() as session:
        asked = session.scalars(select(Event).where(Event.kind == "searched")).one()
    assert asked.data == {"what": "warehouse", "components": []}, "that somebody asked is on record, not for whom"
    assert client.post("/kho", data=form(client, id_number="<b>")).status_code == 422
    assert client.post("/kho", data=form(client, id_number=NUMBER, purpose="")).status_code == 422
    assert client.post("/kho", data=form(client, id_number=NUMBER, csrf_token="")).status_code == 403
    assert client.get("/kho/" + "0" * 32).status_code == 404


def test_the_contents_of_article_24(api: Api) -> None:
    first, paper = marriage(api)
    client = api.person()
    version = client.get(f"/api/v1/components/{paper}").json()["version"]
    change = {"version": version, "fields": {"number": "13/2023"}, "reason": "gõ nhầm số"}
    assert client.patch(f"/api/v1/components/{paper}", json=change).status_code == 200
    later = api.dossier(client, procedure="2.001263", holder=HOLDER)
    used = client.post(f"/api/v1/results/{paper}/reuse", json={"dossier": later, "slot": "tinh_trang_hon_nhan"})
    assert used.status_code == 201, used.text
    card = read_paper(
        api, later, 60, paper_type="can_cuoc", paper_type_score=0.95, fields={"holder_id": {"value": NUMBER}}
    )
    copy = read_paper(api, later, 120, paper_type="bang_tot_nghiep", paper_type_score=0.95, fields={})
    note = read_paper(api, later, 180, paper_type="bien_ban", paper_type_score=0.95, fields={})
    api.keep(card)
    api.keep(copy, attributes=["ban_sao_chung_thuc"])
    api.keep(note)
    key = key_of(api)
    client.post(f"/kho/{key}", data=form(client))
    page = client.get(f"/kho/{key}").text
    where = {letter: page.split(f'id="part-{letter}"')[1].split("</section>")[0] for letter in "abcdđe"}
    assert card in where["a"]
    assert "0792•••••123" in where["a"]
    assert "Nguyễn Thị Mẫu" in where["a"]
    assert first in where["b"]
    assert "1 tệp · 1 giấy tờ · 1 đã lưu kho" in where["b"]
    assert "Sửa dữ liệu: Số, ký hiệu" in where["c"]
    assert f"Mở hồ sơ {later}" in where["c"]
    assert f"Dùng lại giấy tờ cho hồ sơ {later}" in where["c"]
    assert paper in where["d"]
    assert "13/2023" in where["d"]
    assert "Còn hiệu lực" in where["d"]
    assert "Phiên bản 1, sửa lúc" in where["d"]
    assert "(gõ nhầm số)" in where["d"]
    assert f'href="/ho-so/{later}"' in where["d"]
    assert copy in where["đ"]
    assert note in where["e"]
    english = client.get(f"/kho/{key}", params={"lang": "en"}).text
    assert "Version 1, replaced" in english
    head = api.person(Role.SUPERVISOR)
    head.post(f"/api/v1/results/{paper}/cancel", json={"reason": "cấp sai đối tượng"})
    after = client.get(f"/kho/{key}").text
    assert "Đã bị hủy, thu hồi." in after
    assert "Hủy kết quả: cấp sai đối tượng" in after
    assert "/nhat-ky" not in after
    head.post(f"/kho/{key}", data=form(head))
    assert f"/nhat-ky?kho={key}" in head.get(f"/kho/{key}").text


def test_only_what_the_agencies_of_the_reader_hold(api: Api) -> None:
    api.agency("H56", "UBND tỉnh Mẫu")
    api.agency("H56.14", "UBND xã Mẫu", parent="H56")
    code, paper = marriage(api)
    other, theirs = marriage(api, "H57.1")
    key = key_of(api)
    for role, agency, sees in (
        (Role.CLERK, "H56.14", {paper}),
        (Role.SUPERVISOR, "H56", {paper}),
        (Role.CLERK, "H57.1", {theirs}),
        (Role.CLERK, "H56", set[str]()),
    ):
        client = api.person(role, agency)
        answer = client.post(f"/kho/{key}", data=form(client))
        assert answer.status_code == (303 if sees else 404), (role, agency)
        typed = client.post("/kho", data=form(client, id_number=str(NUMBER)))
        assert typed.status_code == (303 if sees else 404)
        page = client.get(f"/kho/{key}").text
        assert {one for one in (paper, theirs) if one in page} == sees
        assert (code in page) == (paper in sees)
        assert (other in page) == (theirs in sees)
    foreign = api.person(Role.CLERK, "H57.1")
    foreign.post(f"/kho/{key}", data=form(foreign, dossier=code))
    assert code not in foreign.get(f"/kho/{key}").text, "a dossier out of reach is not told back"


def test_the_dossier_leads_to_its_holders_warehouse(api: Api) -> None:
    code, _ = marriage(api)
    client = api.person()
    for path in (f"/ho-so/{code}", f"/dossiers/{code}"):
        assert f'href="/kho/{key_of(api)}?ho-so={code}"' in client.get(path).text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("cho 001203004567.", "cho 0012•••••567."),
        ("001 203 004 567", "0012•••••567"),
        ("hộ chiếu B1234567", "hộ chiếu B123•567"),
        ("hồ sơ H56.14-261121-0007 ngày 21/11/2026", "hồ sơ H56.14-261121-0007 ngày 21/11/2026"),
    ],
)
def test_ids_within_words_are_masked(typed: str, kept: str) -> None:
    assert mask_within(typed) == kept


@pytest.mark.services
def test_the_same_on_postgresql(province: Api) -> None:
    code, paper = marriage(province)
    head = province.person(Role.ADMIN)
    key = key_of(province)
    head.post(f"/kho/{key}", data=form(head))
    assert paper in head.get(f"/kho/{key}").text
    for path, line in (
        (f"/nhat-ky?kho={key}", "Xem kho: Tìm giấy tờ để dùng lại"),
        ("/nhat-ky?loai=machine&ngay=2026-01-01", "Không có việc nào khớp"),
        ("/", "Giấy tờ chờ kiểm tra 0"),
        (f"/ho-so/{code}", f"Mở hồ sơ {code}"),
        ("/tai-khoan", "admin-h56.14"),
    ):
        answer = head.get(path)
        assert (answer.status_code, line in told(answer.text)) == (200, True), path
