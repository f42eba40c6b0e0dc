"""The counter's pages: what is typed is told, what the warehouse holds is seen before anything is scanned, the frame fills by itself."""

from __future__ import annotations

import json
import re
import threading
from typing import Any

from sqlalchemy import select

from models.database import transaction
from models.entities import Component, Dossier, Event, Page, Role, Scan
from tests.digitize_api.api import PDF, Api, dossier_of
from tests.digitize_api.test_pages import HOLDER, browser, read_paper, told
from tests.digitize_api.test_upload import post
from tests.models.papers import MARRIAGE

NUMBER = "079200000123"  # a man born in 2000, registered in Hồ Chí Minh
CARD = f"{NUMBER}||Nguyễn Thị Mẫu|02092000|Nam|Số 1, phường Ví Dụ|10052021"
PAPER: dict[str, Any] = {"paper_type": "giay_chung_nhan_ket_hon", "paper_type_score": 0.95, "fields": MARRIAGE}
NEEDS_MARRIAGE = "2.001263"


def held_marriage(api: Api) -> str:
    """A marriage certificate of the holder in the warehouse; its id."""
    paper = read_paper(api, api.dossier(api.station(), procedure="1.001193", holder=HOLDER), **PAPER)
    api.keep(paper)
    return paper


def test_the_type_ahead_knows_names_initials_and_codes(api: Api) -> None:
    client, _ = browser(api)
    for asked in ("khai sinh", "Đăng ký khai sinh", "dkks", "1.001193"):
        options = re.findall(r'data-code="([^"]+)"', client.get("/quay/thu-tuc", params={"q": asked}).text)
        assert options[0] == "1.001193", asked
    few = client.get("/quay/thu-tuc", params={"q": "dang ky"}).text
    assert few.count('role="option"') == 12
    assert "Gõ thêm chữ" in few
    assert "Không có thủ tục nào như vậy" in client.get("/quay/thu-tuc", params={"q": "zzz"}).text
    assert client.get("/quay/thu-tuc?q=<b>").text.count("<b>") == 0


R13 = {
    "0792": "Mới có 4/12 số",
    NUMBER: "Đúng dạng số định danh · khai sinh ở Thành phố Hồ Chí Minh · nam · sinh năm 2000",
    "999200000123": "mã nơi khai sinh 999 không có trong danh mục",
    CARD: "Đã đọc thẻ căn cước · khai sinh ở Thành phố Hồ Chí Minh · nam · sinh năm 2000",
    CARD.replace("|Nam|", "|Nữ|"): "Giới tính trong số không khớp với thẻ.",
    "123456789": "Chứng minh nhân dân 9 số hết giá trị",
    "0300588569": "Mã số thuế của tổ chức",
    "mã|khác": "không phải của thẻ căn cước",
}


def test_r13_the_number_is_told_in_plain_words(api: Api) -> None:
    client, token = browser(api)
    for typed, said in R13.items():
        answer = client.post("/quay/so-dinh-danh", data={"csrf_token": token, "holder_id": typed})
        assert said in told(answer.text)
        scanned = 'data-number="079200000123" data-name="Nguyễn Thị Mẫu" data-birth="02/09/2000"'
        assert (scanned in answer.text) == (typed == CARD)
    assert client.post("/quay/so-dinh-danh", data={"holder_id": NUMBER}).status_code == 403


def test_what_the_warehouse_holds_is_seen_before_anything_is_scanned(api: Api) -> None:
    paper = held_marriage(api)
    client, token = browser(api)
    form = {"csrf_token": token, "procedure": NEEDS_MARRIAGE, "holder_id": NUMBER}
    assert client.post("/quay/kho", data=form | {"csrf_token": "x"}).status_code == 403
    part = client.post("/quay/kho", data=form).text
    assert "đã có, còn hiệu lực" in told(part)
    assert "Dùng lại: Giấy chứng nhận kết hôn 12/2023, 02/05/2023" in told(part)
    assert f'value="tinh_trang_hon_nhan:{paper}"' in part
    with api.sessions() as session:
        shown = session.scalars(select(Event).where(Event.kind == "searched")).all()
        assert [event.data["components"] for event in shown] == [[paper]]
    for other in ({"holder_id": "0792"}, {"procedure": ""}, {"holder_id": "079200000124"}):
        assert paper not in client.post("/quay/kho", data=form | other).text
    stranger = api.person(Role.CLERK, "H57.1")
    mark = {"csrf_token": stranger.headers["X-CSRF-Token"]}
    assert paper not in stranger.post("/quay/kho", data=form | mark).text
    head = api.person(Role.SUPERVISOR)
    assert head.post(f"/api/v1/results/{paper}/cancel", json={"reason": "cấp sai đối tượng"}).status_code == 200
    part = client.post("/quay/kho", data=form).text
    assert "Có trong kho nhưng không dùng được: Giấy chứng nhận kết hôn . Đã bị hủy, thu hồi." in told(part)
    assert "cần quét" in told(part)
    assert f":{paper}" not in part


def test_a_dossier_is_opened_with_what_the_warehouse_holds(api: Api) -> None:
    paper = held_marriage(api)
    client, token = browser(api)
    data = {
        "csrf_token": token,
        "procedure_text": "2.001263",
        "holder_id": CARD,
        "reuse": f"tinh_trang_hon_nhan:{paper}",
    }
    made = client.post("/quay", data=data)
    assert made.status_code == 303, made.text
    place = made.headers["location"]
    code = place.removeprefix("/quay/")
    with api.sessions() as session:
        dossier = session.scalars(select(Dossier).where(Dossier.code == code)).one()
        assert (dossier.procedure, dossier.holder_id is not None) == (NEEDS_MARRIAGE, True)
    page = client.get(place).text
    assert "↺ dùng lại từ kho" in told(page)
    assert "0792•••••123" in page
    assert NUMBER not in page
    gone = client.post("/quay", data=data | {"reuse": "tinh_trang_hon_nhan:0"})
    assert gone.headers["location"].endswith("?chua-dung-lai=1")
    assert "không dùng lại được nữa" in client.get(gone.headers["location"]).text


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_opened(api: Api) -> None:
    client, token = browser(api)
    good = {"csrf_token": token, "procedure_text": "1.001193", "holder_id": NUMBER, "holder_name": "Nguyễn Thị Mẫu"}
    for wrong, said in (
        ({"procedure_text": "dang ky"}, "Chưa rõ là thủ tục nào."),
        ({"holder_id": "07920000012"}, "Mới có 11/12 số"),
        ({"birth_date": "01/01/1999"}, "Số này của người sinh năm 2000"),
        ({"birth_date": "31/02/2000"}, "Không có ngày này."),
    ):
        answer = client.post("/quay", data=good | wrong)
        assert (answer.status_code, said in answer.text) == (422, True), wrong
        assert 'value="Nguyễn Thị Mẫu"' in answer.text, "what was typed is kept"
    assert client.post("/quay", data=good | {"csrf_token": "x"}).status_code == 403
    assert client.get("/api/v1/dossiers").status_code == 200
    with api.sessions() as session:
        assert session.scalars(select(Dossier)).all() == []
    assert client.post("/quay", data=good).status_code == 303
    other = client.post("/quay", data=good | {"holder_name": "Trần Văn Khác"})
    assert (other.status_code, "Trái với dữ liệu đã có" in other.text) == (409, True)
    assert client.get("/quay?code=H56.14-1").headers["location"] == "/quay/H56.14-1"


def test_the_frame_tells_slots_and_pages_in_words(api: Api) -> None:
    station = api.station()
    code = api.dossier(station, procedure="1.001193", holder=HOLDER)
    client, _ = browser(api)
    empty = client.get(f"/quay/{code}").text
    assert "! thiếu" in told(empty)
    assert "Căn cứ Luật Hộ tịch 60/2014/QH13" in told(empty)
    assert "theo nguồn thứ cấp, chưa đối chiếu văn bản gốc" in told(empty)
    order = re.findall(r'id="slot-([^"]+)"', empty)
    assert empty.count('class="button primary"') == 1
    assert 'class="button primary" for="files"' in empty
    scan = post(station, code, PDF, key="a").json()["id"]
    arriving = client.get(f"/quay/{code}/phan").text
    assert "… đang nhận bản quét" in told(arriving)
    assert f'data-page="{scan}-1"' in arriving, "its first page has its place at once"
    paper = api.read(scan, ["TỜ KHAI", "trang hai"])
    with transaction(api.sessions) as session:
        session.scalars(select(Page).where(Page.number == 1)).one().warnings = ["SKEWED", "DPI_LOW"]
        session.scalars(select(Page).where(Page.number == 1)).one().skew = -4.2
        session.scalars(select(Page).where(Page.number == 1)).one().dpi = 150
    title = {"title": {"value": "TỜ KHAI ĐĂNG KÝ KHAI SINH"}}
    api_component(api, paper, paper_type="to_khai", paper_type_score=0.95, fields=title)
    part = client.get(f"/quay/{code}/phan").text
    said = told(part)
    assert "✓ 2 trang" in said
    assert "nghiêng 4°, đã chỉnh thẳng" in said
    assert "150 dpi, dưới 200 dpi: quét lại?" in said
    assert "mờ, quét lại?" in said
    assert 'id="finish"' in part
    assert re.findall(r'id="slot-([^"]+)"', part) == order, "nothing moves under somebody's hand"
    assert part.count(" primary") == 1
    picture = f"/api/v1/scans/{scan}/pages/1.jpg"
    assert picture in part
    assert client.get(picture).headers["content-type"] == "image/jpeg"
    assert client.get(f"/api/v1/scans/{scan}/pages/3.jpg").status_code == 404
    client.get(f"/api/v1/scans/{scan}/pages/2.jpg")
    client.get(picture)
    with api.sessions() as session:
        looks = session.scalars(select(Event).where(Event.kind == "viewed", Event.scan_id == scan)).all()
        assert sorted(event.data["page"] for event in looks) == [1, 2], "each page's look is on record, once a minute"


def api_component(api: Api, component: str, **values: Any) -> None:
    with transaction(api.sessions) as session:
        for name, value in values.items():
            setattr(session.get_one(Component, component), name, value)


def test_a_page_that_is_read_just_now_has_no_picture_yet(api: Api) -> None:
    code = api.dossier(api.station())
    scan = post(api.station(), code, PDF).json()["id"]
    with transaction(api.sessions) as session:
        session.add(Page(scan_id=scan, number=1))
    client, _ = browser(api)
    assert client.get(f"/api/v1/scans/{scan}/pages/1.jpg").status_code == 409
    part = told(client.get(f"/quay/{code}/phan").text)
    assert "đang đọc" in part
    assert "… 1 trang đang đọc" in part


def test_one_key_reuses_and_the_end_says_what_is_missing(api: Api) -> None:
    paper = held_marriage(api)
    code = api.dossier(api.station(), procedure=NEEDS_MARRIAGE, holder=HOLDER)
    client, token = browser(api)
    page = client.get(f"/quay/{code}").text
    assert "↺ đã có trong kho, còn hiệu lực" in told(page)
    assert '<button data-key="1">↺ Dùng lại <kbd>1</kbd></button>' in page
    form = {"result": paper, "slot": "tinh_trang_hon_nhan"}
    assert client.post(f"/quay/{code}/dung-lai", data=form).status_code == 403
    done = client.post(f"/quay/{code}/dung-lai", data=form | {"csrf_token": token})
    assert (done.status_code, done.headers["location"]) == (303, f"/quay/{code}")
    gone = client.post(
        f"/quay/{code}/dung-lai",
        data=form | {"csrf_token": token, "result": "0"},
        headers={"HX-Request": "true", "HX-Request-Type": "partial"},
    )
    assert (gone.status_code, "<html" in gone.text) == (200, False)
    assert "Không tìm thấy" in gone.text, "said where the officer is, who may be sending files"
    end = client.get(f"/quay/{code}/xong").text
    assert "Hồ sơ còn thiếu" in told(end)
    assert "↺ dùng lại từ kho" in told(end)
    assert f"/api/v1/dossiers/{code}/supplement-slip.pdf" in end
    assert end.count("button primary") == 1
    part = client.get(f"/quay/{code}/xong", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "<html" not in part.text
    assert f'action="/quay/{code}/thoi-dung-lai"' in client.get(f"/quay/{code}").text
    undone = client.post(f"/quay/{code}/thoi-dung-lai", data={"result": paper, "csrf_token": token})
    assert (undone.status_code, undone.headers["location"]) == (303, f"/quay/{code}")
    page = client.get(f"/quay/{code}").text
    assert "↺ dùng lại từ kho" not in told(page)
    assert '<button data-key="1">↺ Dùng lại <kbd>1</kbd></button>' in page, "it is offered again"
    other = api.dossier(api.station())
    assert "Hồ sơ đã nhận" in told(client.get(f"/quay/{other}/xong").text)


def test_r04_scanned_all_the_same_wants_a_reason(api: Api) -> None:
    held_marriage(api)
    code = api.dossier(api.station(), procedure=NEEDS_MARRIAGE, holder=HOLDER)
    paper = read_paper(api, code, 2, **PAPER)
    client, token = browser(api)
    page = told(client.get(f"/quay/{code}").text)
    assert "! kho đã có, vẫn quét: nêu lý do" in page
    assert "Vì sao vẫn quét?" in page
    form = {"component": paper, "reason": "bản trong kho mờ"}
    assert client.post(f"/quay/{code}/vi-sao", data=form).status_code == 403
    assert client.post(f"/quay/{code}/vi-sao", data=form | {"csrf_token": token, "reason": ""}).status_code == 422
    done = client.post(f"/quay/{code}/vi-sao", data=form | {"csrf_token": token})
    assert (done.status_code, done.headers["location"]) == (303, f"/quay/{code}")
    page = told(client.get(f"/quay/{code}/phan").text)
    assert "✓ 1 trang" in page
    assert "Vẫn quét vì bản trong kho mờ" in page


def test_secret_material_is_not_shown(api: Api) -> None:
    code = api.dossier(api.station())
    scan = post(api.station(), code, PDF, name="mat.pdf").json()["id"]
    with transaction(api.sessions) as session:
        found = session.get_one(Scan, scan)
        found.state, found.refused_code = "blocked_secret", "SECRET_MATERIAL"
        session.add(Page(scan_id=scan, number=1, state="failed", failure_code="SECRET_MATERIAL"))
    client, _ = browser(api)
    page = client.get(f"/quay/{code}").text
    assert "mat.pdf" in page
    assert "pages/1.jpg" not in page
    assert client.get(f"/api/v1/scans/{scan}/pages/1.jpg").status_code == 404


def test_the_page_is_told_of_a_stations_scan(api: Api) -> None:
    code = api.dossier(api.station())
    client, _ = browser(api)
    client.get(f"/quay/{code}")
    counts: list[int] = []
    with client.stream("GET", f"/quay/{code}/su-kien") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = (line for line in stream.iter_lines() if line.startswith("data: "))
        counts.append(json.loads(next(lines)[6:])["events"])
        threading.Thread(target=post, args=(api.station(), code, PDF), daemon=True).start()
        counts.append(json.loads(next(lines)[6:])["events"])
    assert counts[1] > counts[0] >= 0
    assert api.client().get(f"/quay/{code}/su-kien").status_code == 303
    assert api.person(Role.CLERK, "H57.1").get(f"/quay/{code}/su-kien").status_code == 404
    assert dossier_of(api, code).code == code


def test_the_camera_is_for_the_counter_alone(api: Api) -> None:
    code = api.dossier(api.station())
    client, _ = browser(api)
    for path, allowed in (("/quay", True), (f"/quay/{code}", True), ("/search", False), (f"/quay/{code}/xong", False)):
        policy = client.get(path).headers["permissions-policy"]
        assert ("camera=(self)" if allowed else "camera=()") in policy, path


def test_nothing_that_was_sent_becomes_markup(api: Api) -> None:
    evil = "<img src=x onerror=alert(1)>"
    station = api.station()
    code = api.dossier(station, title=evil, holder={"name": evil})
    scan = post(station, code, PDF, name=evil + ".pdf").json()["id"]
    api.read(scan, ["khai sinh"])
    client, token = browser(api)
    texts = [client.get(path).text for path in ("/quay", f"/quay/{code}", f"/quay/{code}/phan", f"/quay/{code}/xong")]
    form = {"csrf_token": token, "procedure_text": evil, "holder_id": evil, "holder_name": evil, "birth_date": evil}
    texts += [client.post(path, data=form).text for path in ("/quay", "/quay/so-dinh-danh", "/quay/kho")]
    for text in texts:
        assert "<img src=x" not in text
        assert " style=" not in text, "the content policy would refuse it"
