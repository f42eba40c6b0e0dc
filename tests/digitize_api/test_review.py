"""The review page over HTTP: the queue, the plain form, leases. The story by keyboard is in ``tests/browser/test_review.py``."""

from __future__ import annotations

import io
import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from digitize_api.review.offers import Ground, Offer, Piece, offers, pieces
from models.database import transaction
from models.entities import Component, Event, Holder, Page, ReviewLease, Role, now
from models.page_record import HEAD, LENGTH, MAGIC, OpenPlace, Word
from models.vietnamese.dates import typed_day
from storage.keys import page_words_key
from tests.digitize_api.api import PASSWORD, Api
from tests.digitize_api.test_pages import HOLDER, browser, read_paper, told
from tests.models.papers import MARRIAGE

KIND = "giay_chung_nhan_ket_hon"
SURE: dict[str, Any] = {"paper_type": KIND, "paper_type_score": 0.95, "title": "", "fields": MARRIAGE}
DOUBTFUL = MARRIAGE | {
    "wife_name": {"value": "Nguyễn Thị Mẫu", "confidence": 0.6, "page": 1, "box": [5, 10, 55, 20], "doubt": "UNSURE"},
    "number": {"value": None, "reason": "HANDWRITING", "symbol": "/2023", "page": 1, "box": [1, 30, 40, 40]},
}


def officer(api: Api, name: str) -> tuple[httpx.Client, str]:
    """Another clerk of the same agency, signed in, and their CSRF token."""
    api.account(name, Role.CLERK)
    client = api.client(Accept="text/html")
    assert client.post("/login", data={"name": name, "password": PASSWORD, "next": "/"}).status_code == 303
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/").text)
    assert token is not None
    return client, token[1]


@pytest.fixture
def code(api: Api) -> str:
    return api.dossier(api.station(), procedure="1.004222", holder=HOLDER)


def with_words(api: Api, paper: str, words: list[Word], slots: list[OpenPlace]) -> None:
    """What the page's readers left of it."""
    facts = {
        "lines": [[None, [[word.text, *word.box, word.confidence] for word in words]]],
        "slots": [[slot.kind, slot.box, "pen", slot.value, None, None, slot.candidates] for slot in slots],
    }
    text = json.dumps(facts).encode()
    with transaction(api.sessions) as session:
        component = session.get_one(Component, paper)
        page = session.scalars(select(Page).where(Page.scan_id == component.scan_id)).one()
        page.words_key = page_words_key(component.scan_id, 1)
        blob = MAGIC + LENGTH.pack(len(text)) + text + b"pictures"
        api.store.put(page.words_key, io.BytesIO(blob), media_type="application/octet-stream", overwrite=True)


def filled(page: httpx.Response) -> dict[str, str]:
    """The form as a browser without scripts would send it."""
    text = page.text[page.text.index('<form class="facts"') :]
    form = {"version": re.findall(r'name="version" value="(\d+)"', text)[0]}
    for tag in re.findall(r"<input [^>]*>", text):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and value and ("checkbox" not in tag or " checked" in tag):
            form[name[1]] = value[1]
    form |= dict(re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>([^<]*)<', text))
    form["paper_type"] = next(iter(re.findall(r'<option value="([^"]*)" selected', text)), "")
    return form


def events(api: Api, kind: str) -> list[Event]:
    with api.sessions() as session:
        return list(session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def test_the_queue_by_doubt_and_on_to_the_next_without_scripts(api: Api, code: str) -> None:
    fine = read_paper(api, code, 1, **SURE)
    doubt = read_paper(api, code, 80, **SURE | {"fields": DOUBTFUL})
    unsure = read_paper(api, code, 160, **SURE | {"paper_type_score": 0.4})
    client, _ = browser(api)
    queue = client.get("/kiem-tra").text
    assert queue.index(f"/kiem-tra/{doubt}") < queue.index(f"/kiem-tra/{fine}")
    assert "3 giấy tờ chờ kiểm tra" in told(queue)
    assert "1 trường trống" in told(queue)
    assert "079200000123" not in queue

    begun = client.get("/kiem-tra/tiep")
    assert begun.headers["location"] == f"/kiem-tra/{doubt}"
    page = client.get(begun.headers["location"])
    assert (page.status_code, 'id="f-number"' in page.text) == (200, True)
    blocked = client.post(f"/kiem-tra/{doubt}", data=filled(page) | {"do": "accept"})
    assert blocked.status_code == 409
    assert "Chưa xác nhận được" in blocked.text
    assert "Số, ký hiệu : Trường này chưa có giá trị" in told(blocked.text)

    done = client.post(f"/kiem-tra/{doubt}", data=filled(blocked) | {"f-number": "12/2023", "do": "accept"})
    assert (done.status_code, done.headers["location"]) == (303, f"/kiem-tra/{unsure}?xong={doubt}")
    skipped = client.post(f"/kiem-tra/{unsure}", data=filled(client.get(f"/kiem-tra/{unsure}")) | {"do": "skip"})
    assert client.get(skipped.headers["location"]).headers["location"] == f"/kiem-tra/{fine}"
    page = client.get(done.headers["location"])
    assert "Đã xác nhận Giấy chứng nhận kết hôn." in told(page.text)
    with api.sessions() as session:
        component = session.get_one(Component, doubt)
        assert component.state == "verified"
        assert component.fields["number"]["value"] == "12/2023"
        assert component.fields["number"]["source"] == "manual"
        assert component.fields["wife_name"]["confirmed_by"] == "account:can.bo"
        assert session.get(ReviewLease, doubt) is None, "let go"
    done = client.post(f"/kiem-tra/{fine}", data=filled(client.get(f"/kiem-tra/{fine}")))
    assert done.headers["location"] == f"/kiem-tra/{unsure}?xong={fine}", "what was put off comes again at the end"
    done = client.post(f"/kiem-tra/{unsure}", data=filled(client.get(f"/kiem-tra/{unsure}")))
    assert done.headers["location"] == "/kiem-tra"
    assert "Không còn giấy tờ nào chờ kiểm tra" in client.get("/kiem-tra").text
    with api.sessions() as session:
        assert session.get_one(Component, fine).version == 1, "what was right is no new version"


def test_every_field_by_hand_with_what_stood_before(api: Api, code: str) -> None:
    paper = read_paper(api, code, **SURE)
    client, token = browser(api)
    form = filled(client.get(f"/kiem-tra/{paper}"))
    typed = {"f-issued_on": "3.5.2023", "f-wife_name": "  Nguyễn Thị   Thử ", "f-signer": "Lê Văn Ký", "a-wife_id": "1"}
    wrong = client.post(f"/kiem-tra/{paper}", data=form | typed | {"f-husband_birth_date": "31/2/1990", "do": "save"})
    assert wrong.status_code == 422
    assert "Ghi ngày/tháng/năm" in wrong.text
    assert "Lê Văn Ký" in wrong.text, "what was typed stays"
    saved = client.post(f"/kiem-tra/{paper}", data=filled(wrong) | {"f-husband_birth_date": "01021990", "do": "save"})
    assert (saved.status_code, saved.headers["location"]) == (303, f"/kiem-tra/{paper}?luu=1")
    with api.sessions() as session:
        fields = session.get_one(Component, paper).fields
    values = {name: field["value"] for name, field in fields.items() if field}
    assert values["issued_on"] == "2023-05-03"
    assert values["husband_birth_date"] == "1990-02-01"
    assert (values["wife_name"], values["signer"]) == ("Nguyễn Thị Thử", "Lê Văn Ký")
    assert fields["wife_id"]["reason"] == "ABSENT"
    page = client.get(saved.headers["location"])
    history = told(page.text[page.text.index('class="history"') :])
    assert "Đã sửa 1 lần" in history
    assert "Ngày cấp, ban hành 02/05/2023 03/05/2023" in history
    assert "Họ tên vợ Nguyễn Thị Mẫu Nguyễn Thị Thử" in history
    assert "Số định danh của vợ (trống) (giấy không ghi)" in history
    assert 'data-value="Nguyễn Thị Mẫu"' in page.text, "one key brings back what stood before"
    again = client.post(f"/kiem-tra/{paper}", data=filled(page) | {"do": "save"})
    assert again.headers["location"].endswith("?luu=0")
    emptied = {"f-signer": "", "f-number": ""}
    client.post(f"/kiem-tra/{paper}", data=filled(client.get(f"/kiem-tra/{paper}")) | emptied | {"do": "save"})
    with api.sessions() as session:
        fields = session.get_one(Component, paper).fields
    assert (fields["signer"], fields["number"]) == (None, None)
    assert client.post(f"/kiem-tra/{paper}", data={**form, "csrf_token": "x"}).status_code == 403
    bad = {"csrf_token": token, "version": "9", "f-no_such_field": "x"}
    assert client.post(f"/kiem-tra/{paper}", data=bad).status_code == 422


def test_another_type_asks_for_its_own_fields(api: Api, code: str) -> None:
    paper = read_paper(
        api, code, **SURE | {"paper_type_score": 0.4, "paper_type_alternatives": [{"id": "to_khai", "score": 0.3}]}
    )
    client, _ = browser(api)
    page = client.get(f"/kiem-tra/{paper}")
    likely = page.text[page.text.index("<optgroup") :]
    assert likely.index('value="to_khai"') < likely.index('value="giay_khai_sinh"'), "what is likely stands first"
    form = filled(page)
    assert "f-wife_id" in form
    saved = client.post(f"/kiem-tra/{paper}", data=form | {"paper_type": "giay_bao_tu", "do": "save"})
    page = client.get(saved.headers["location"])
    assert filled(page)["paper_type"] == "giay_bao_tu"
    assert "f-event_date" in filled(page)
    assert "Giấy chứng nhận kết hôn Giấy báo tử" in told(page.text)


def test_doubt_is_shown_where_it_is_with_the_alternatives(api: Api, code: str) -> None:
    paper = read_paper(api, code, **SURE | {"fields": DOUBTFUL})
    words = [
        Word("Nguyễn", (5, 10, 20, 20), 0.97),
        Word("Thị", (21, 10, 30, 20), 0.96),
        Word("Mẩu,", (31, 10, 55, 20), 0.4),
    ]
    slot = OpenPlace("number", (2, 30, 20, 40), None, (("12", 0.6), ("72", 0.3)))
    with_words(api, paper, words, [slot])
    client, _ = browser(api)
    text = client.get(f"/kiem-tra/{paper}").text
    assert '<path class="unsure" d="M31 20H55"/>' in text
    assert '<rect data-field="wife_name" x="5" y="10" width="50" height="10"/>' in text
    assert re.search(r"Nguyễn Thị <u>Mẫu</u></div>", text), "under the value in its field"
    assert "từ chưa chắc: Mẫu" in told(text)
    assert re.findall(r'data-value="([^"]+)"', text[text.index('data-name="number"') :])[:2] == ["12/2023", "72/2023"]
    first = re.findall(r'id="f-(\w+)"[^>]* autofocus', text)
    assert first == ["number"], "the reviewer begins where somebody has to look"
    with api.sessions() as session:
        component = session.get_one(Component, paper)
        api.store.put(
            page_words_key(component.scan_id, 1), io.BytesIO(b"of another program"), media_type="x/y", overwrite=True
        )
    assert client.get(f"/kiem-tra/{paper}").status_code == 200, "a damaged record takes nothing but the underlines"
    part = client.get(f"/kiem-tra/{paper}/trang/1").text
    assert "<html" not in part
    assert "pages/1.jpg" in part
    assert client.get(f"/kiem-tra/{paper}/trang/2").status_code == 404
    assert client.get(f"/kiem-tra/{paper}?trang=2").status_code == 404
    looks = {json.dumps(event.data, sort_keys=True) for event in events(api, "viewed")}
    assert looks == {'{"what": "fields"}', '{"page": 1, "what": "page"}'}


def test_two_officers_never_hold_the_same_paper(api: Api, code: str) -> None:
    paper, other = read_paper(api, code, 1, **SURE | {"fields": DOUBTFUL}), read_paper(api, code, 2, **SURE)
    one, token = browser(api)
    two, token_two = officer(api, "can.bo.hai")
    form = filled(one.get(f"/kiem-tra/{paper}")) | {"f-number": "12/2023"}
    assert two.get("/kiem-tra/tiep").headers["location"] == f"/kiem-tra/{other}", "what somebody has is passed over"
    assert "Trần Mẫu đang giữ" in told(two.get("/kiem-tra").text)
    only = two.get(f"/kiem-tra/{paper}").text
    assert "Trần Mẫu đang giữ giấy tờ này từ" in only
    assert re.search(r'id="accept"[^>]* disabled', only)
    refused = two.post(f"/kiem-tra/{paper}", data=filled(one.get(f"/kiem-tra/{paper}")) | {"csrf_token": token_two})
    assert refused.status_code == 409
    patch = two.patch(
        f"/api/v1/components/{paper}", json={"version": 1, "title": "x"}, headers={"X-CSRF-Token": token_two}
    )
    assert (patch.status_code, patch.json()["code"]) == (409, "HELD_BY_ANOTHER")
    assert patch.json()["reasons"][0]["vi"].startswith("Trần Mẫu đang giữ giấy tờ này từ ")
    step = two.post(
        f"/api/v1/components/{paper}/steps",
        json={"version": 1, "to": "checked"},
        headers={"X-CSRF-Token": token_two},
    )
    assert step.json()["code"] == "HELD_BY_ANOTHER"

    taken = two.post(
        f"/kiem-tra/{paper}", data=filled(two.get(f"/kiem-tra/{paper}")) | {"csrf_token": token_two, "do": "take"}
    )
    assert taken.status_code == 200
    assert not re.search(r'id="accept"[^>]* disabled', taken.text)
    lease = one.put(f"/api/v1/components/{paper}/lease", json={}, headers={"X-CSRF-Token": token})
    assert (lease.status_code, lease.json()["code"]) == (409, "HELD_BY_ANOTHER")
    late = one.post(f"/kiem-tra/{paper}", data=form)
    assert late.status_code == 409
    assert 'value="12/2023"' in late.text, "what was typed is still there"
    assert [(event.actor, event.data) for event in events(api, "review_taken_over")] == [
        ("account:can.bo.hai", {"from": "account:can.bo"})
    ]
    beacon = {"csrf_token": token_two, "until": re.findall(r'data-until="([^"]+)"', taken.text)[0]}
    assert two.post(f"/kiem-tra/{paper}/tha", data=beacon).status_code == 204
    assert one.put(f"/api/v1/components/{paper}/lease", json={}, headers={"X-CSRF-Token": token}).status_code == 200
    assert two.post(f"/kiem-tra/{paper}/tha", data=beacon | {"until": "gestern"}).status_code == 422
    skipped = one.post(f"/kiem-tra/{paper}", data={"csrf_token": token, "do": "skip"})
    assert one.get(skipped.headers["location"]).headers["location"] == f"/kiem-tra/{other}"
    assert two.put(f"/api/v1/components/{paper}/lease", json={}, headers={"X-CSRF-Token": token_two}).status_code == 200
    gone = two.delete(f"/api/v1/components/{paper}/lease", headers={"X-CSRF-Token": token_two})
    assert gone.status_code == 204
    one.get(f"/kiem-tra/{paper}", headers={"Sec-Purpose": "prefetch"})
    with api.sessions() as session:
        assert session.get(ReviewLease, paper) is None, "fetching ahead holds nothing"


def test_a_paper_that_was_changed_meanwhile_is_shown_anew(api: Api, code: str) -> None:
    paper = read_paper(api, code, **SURE)
    client, token = browser(api)
    form = filled(client.get(f"/kiem-tra/{paper}"))
    newer = {"version": 1, "fields": {"issuer": "UBND xã Mới"}}
    assert client.patch(f"/api/v1/components/{paper}", json=newer, headers={"X-CSRF-Token": token}).status_code == 200
    late = client.post(f"/kiem-tra/{paper}", data=form | {"f-signer": "Lê Văn Ký"})
    assert late.status_code == 409
    assert "vừa được người khác sửa" in late.text
    assert 'value="UBND xã Mới"' in late.text
    with api.sessions() as session:
        assert session.get_one(Component, paper).state == "captured"


@pytest.mark.services
def test_corrections_at_once_on_postgresql(province: Api) -> None:
    """Of two officers who press at the same moment, only the one who holds the paper is heard."""
    paper = read_paper(province, province.dossier(province.station()), **SURE)
    people = [province.person(name=f"can.bo.{number}") for number in range(4)]
    start = threading.Barrier(len(people))

    def review(person: httpx.Client) -> tuple[int, int]:
        start.wait()
        lease = person.put(f"/api/v1/components/{paper}/lease", json={})
        change = {"version": 1, "title": "Mới"}
        return lease.status_code, person.patch(f"/api/v1/components/{paper}", json=change).status_code

    with ThreadPoolExecutor(len(people)) as pool:
        answers = sorted(pool.map(review, people))
    assert answers == [(200, 200), *[(409, 409)] * 3]
    with transaction(province.sessions) as session:
        session.execute(update(ReviewLease).values(until=now() - timedelta(seconds=1)))
    assert people[0].put(f"/api/v1/components/{paper}/lease", json={}).status_code == 200
    assert people[0].get("/kiem-tra").status_code == 200


def test_days_as_people_type_them() -> None:
    for text in ("31/12/2025", "31-12-2025", "31.12.2025", "31122025", "2025-12-31", "ngày 31 tháng 12 năm 2025"):
        assert typed_day(text) == date(2025, 12, 31), text
    for text in ("31/2/2025", "2025", "12/2025", "mai", "99999999"):
        assert typed_day(text) is None, text


def test_what_a_field_may_be_instead() -> None:
    day = {"value": None, "known": "2022-08", "page": 1, "box": [0, 0, 100, 20]}
    slots = [
        OpenPlace("day", (10, 0, 20, 20), None, (("31", 0.5), ("37", 0.3), ("1", 0.2))),
        OpenPlace("day", (500, 0, 520, 20), None, (("9", 0.9),)),
    ]
    holder = Holder(id_number="079200000123", name="Nguyễn Thị Mẫu", birth_date=date(1990, 2, 3))
    assert offers("issued_on", day, slots=slots, holder=holder) == (
        Offer("2022-08-31", Ground.PEN),
        Offer("2022-08-01", Ground.PEN),
    ), "a day that does not exist is none"
    number = {"value": "12/UBND", "box": [0, 0, 100, 20]}
    serial = [OpenPlace("number", (10, 0, 20, 20), None, (("12", 0.5), ("72", 0.4)))]
    assert offers("number", number, slots=serial, holder=None) == (Offer("72/UBND", Ground.PEN),)
    mended = {"value": "UBND xã Mẫu", "raw": "UBND xã Mẩu", "doubt": "MENDED"}
    assert offers("issuer", mended, slots=(), holder=holder, earlier=["UBND xã Cũ", "UBND xã Mẫu"]) == (
        Offer("UBND xã Mẩu", Ground.READ),
        Offer("UBND xã Cũ", Ground.EARLIER),
    )
    known = offers("holder_birth_date", {}, slots=(), holder=holder)
    assert known == (Offer("1990-02-03", Ground.DOSSIER),)
    assert offers("holder_id", {"value": "079200000123"}, slots=(), holder=holder) == ()
    assert pieces("Số 12/UBND", [Word("12/UBND", (0, 0, 1, 1), 0.1)]) == (
        Piece("Số ", False),
        Piece("12", True),
        Piece("/", False),
        Piece("UBND", True),
    )
    assert len(MAGIC) + 8 == HEAD
