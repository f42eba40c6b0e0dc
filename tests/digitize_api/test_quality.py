"""Quality control over HTTP and through the pages' plain forms, on SQLite and on PostgreSQL."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from models.agencies import find_agency
from models.batches import store as batches
from models.batches.quality.entities import QualityStratum, StratumState
from models.batches.store import Policies
from models.database import transaction
from models.entities import Page, Role
from models.settings import sqlite_url
from tests.digitize_api.api import Api, running_api
from tests.models.batch_papers import scanned
from tests.models.papers import MARRIAGE

COMMUNE = "H58.2"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Api]:
    url = sqlite_url(tmp_path) if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with running_api(tmp_path, url) as api:
        api.agency("H58", "UBND tỉnh Mẫu")
        api.agency(COMMUNE, "UBND xã Tây", parent="H58")
        api.agency("H58.3", "UBND xã Đông", parent="H58")
        yield api


def make(api: Api, count: int = 6, **values: Any) -> tuple[str, list[str]]:
    """A batch of the commune and its papers."""
    with transaction(api.sessions) as session:
        where = find_agency(session, COMMUNE)
        batch = batches.create(session, agency=where, name="Kệ 4", policies=Policies(), actor="command:x")
        return batch.id, [scanned(session, batch.id, **values) for _ in range(count)]


def clerk(api: Api, name: str) -> httpx.Client:
    return api.person(Role.CLERK, COMMUNE, name=name)


def head(api: Api) -> httpx.Client:
    return api.person(Role.SUPERVISOR, "H58")


def base(batch: str) -> str:
    return f"/api/v1/batches/{batch}/quality"


def seen(client: httpx.Client, batch: str) -> dict[str, Any]:
    answer = client.get(base(batch))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def given(client: httpx.Client, batch: str, work: str = "round1", after: str = "") -> str | None:
    answer = client.post(f"{base(batch)}/next", json={"work": work, "after": after})
    assert answer.status_code == 200, answer.text
    found: str | None = answer.json()["component"]
    return found


def check(
    client: httpx.Client, batch: str, paper: str, *faults: str, round_: int = 1, version: int = 1, words: str = ""
) -> httpx.Response:
    body = {"round": round_, "version": version, "verdict": "return" if faults else "accept", "faults": list(faults)}
    return client.put(f"{base(batch)}/papers/{paper}/check", json={**body, "words": words})


def key(client: httpx.Client, batch: str, paper: str, path: str = "keying", **fields: str) -> httpx.Response:
    answers = {name: {"answer": text} if text in {"unreadable", "absent"} else {"value": text} for name, text in fields.items()}  # fmt: skip
    return client.put(f"{base(batch)}/papers/{paper}/{path}", json={"answers": answers})


def test_from_the_first_look_to_the_verdict(office: Api) -> None:
    batch, papers = make(office)
    lan, hoa, leader = clerk(office, "lan"), clerk(office, "hoa"), head(office)
    assert given(lan, batch) == papers[0]
    assert given(hoa, batch) == papers[1], "no two are given the same"
    assert check(hoa, batch, papers[0]).json()["code"] == "HELD_BY_ANOTHER"
    for paper in papers[:5]:
        answer = check(lan, batch, paper)
        if paper == papers[1]:
            assert answer.json()["code"] == "HELD_BY_ANOTHER"
            assert check(hoa, batch, paper).status_code == 200
            continue
        assert (answer.status_code, answer.json()["standing"]) == (200, "passed"), answer.text
    state = lan.get(f"/api/v1/components/{papers[0]}").json()
    assert state["state"] == "verified", "accepting is confirming, as review does it"
    back = check(lan, batch, papers[5], "missing_page", "crooked", words="thiếu tờ 2").json()
    assert (back["standing"], back["faults"], back["words"]) == ("returned", ["missing_page", "crooked"], "thiếu tờ 2")
    found = seen(leader, batch)
    assert found["round1"] == {"waiting": 0, "passed": 5, "returned": 1}
    assert (found["drawn"], found["undrawn"], found["rate"]["share"]) == (0, 5, None)

    drawn = leader.post(f"{base(batch)}/draw").json()
    assert (drawn["papers"], drawn["drawn"], drawn["new"]) == (5, 3, 3), "two of four and one of one"
    assert leader.post(f"{base(batch)}/draw").json()["new"] == 0
    assert {one["checker"]: one["papers"] for one in seen(leader, batch)["strata"]} == {
        "account:lan": 4,
        "account:hoa": 1,
    }
    own = seen(lan, batch)["strata"]
    assert [one["checker"] for one in own] == ["account:lan"], "of the others she learns nothing"
    first = given(hoa, batch, "round2")
    assert first is not None
    assert check(lan, batch, first, round_=2).json()["code"] in {"OWN_WORK", "HELD_BY_ANOTHER"}
    right = check(hoa, batch, first, round_=2).json()
    assert right["round2"] == "right"
    second = given(hoa, batch, "round2")
    assert second not in {None, first}
    wrong = check(hoa, batch, str(second), "wrong_field", round_=2, words="ngày sai").json()
    assert (wrong["round2"], wrong["standing"]) in {("wrong", "returned"), (None, "returned")}
    found = seen(leader, batch)
    (failed,) = [one for one in found["strata"] if one["state"] == "failed"]
    assert (failed["checker"], failed["papers"], failed["rate"]["wrong"]) == ("account:lan", 4, 1)
    assert found["round1"] == {"waiting": 3, "passed": 1, "returned": 2}
    assert given(hoa, batch, "round2") is None
    assert given(clerk(office, "minh"), batch, "round2") is not None, "hoa's own"

    waiver = f"{base(batch)}/strata/{failed['id']}/waiver"
    assert lan.put(waiver, json={"reason": "x"}).status_code == 403
    assert leader.put(waiver, json={"reason": " "}).status_code == 422
    assert leader.put(waiver, json={"reason": "đã xem cả hộp"}).json()["state"] == "waived"
    assert seen(leader, batch)["round1"] == {"waiting": 0, "passed": 4, "returned": 2}

    rows = list(csv.DictReader(io.StringIO(leader.get(f"{base(batch)}/report.csv").text.removeprefix("\ufeff"))))
    assert [row["Vòng 1"] for row in rows].count("passed") == 4
    assert {row["Lý do trả lại"] for row in rows if row["Vòng 1"] == "returned"} == {
        "missing_page crooked",
        "wrong_field",
    }
    told = leader.get("/nhat-ky").text
    for words in ("một nhóm không đạt, 4 giấy tờ về vòng 1", "cho một nhóm không đạt qua: đã xem cả hộp", "trả lại (thiếu trang, lệch, nghiêng)"):  # fmt: skip
        assert words in told, words


def test_what_hinders_confirming_is_told(office: Api) -> None:
    batch, (paper,) = make(office, 1, fields={key: value for key, value in MARRIAGE.items() if key != "issued_on"})
    lan = clerk(office, "lan")
    given(lan, batch)
    blocked = check(lan, batch, paper)
    assert (blocked.status_code, blocked.json()["code"]) == (409, "STEP_BLOCKED")
    assert any(reason["field"] == "issued_on" for reason in blocked.json()["reasons"])
    assert seen(lan, batch)["round1"]["waiting"] == 1


def test_a_returned_paper_is_mended_and_looked_at_again(office: Api) -> None:
    batch, (paper, other) = make(office, 2)
    lan = clerk(office, "lan")
    check(lan, batch, paper, "wrong_field")
    assert given(lan, batch) == other
    (back,) = lan.get(f"{base(batch)}/returned").json()["papers"]
    assert (back["component"], back["item"], back["faults"]) == (paper, 1, ["wrong_field"])
    changed = lan.patch(f"/api/v1/components/{paper}", json={"version": 1, "fields": {"number": "13/2023"}})
    assert changed.status_code == 200, changed.text
    assert lan.get(f"{base(batch)}/returned").json()["papers"] == []
    assert given(lan, batch, after=other) == paper
    check(lan, batch, paper, "crooked", version=2)
    assert lan.put(f"{base(batch)}/papers/{paper}/mended").json()["standing"] == "waiting"
    assert check(lan, batch, paper, version=2).json()["standing"] == "passed"


@pytest.mark.parametrize(
    "body",
    [
        {"round": 1, "version": 1, "verdict": "return"},
        {"round": 1, "version": 1, "verdict": "accept", "faults": ["crooked"]},
        {"round": 3, "version": 1, "verdict": "accept"},
        {"round": 1, "version": 1, "verdict": "return", "faults": ["ugly"]},
        {"round": 1, "verdict": "accept"},
        {"round": 1, "version": 1, "verdict": "return", "faults": ["crooked"], "words": "x" * 301},
    ],
)
def test_a_verdict_that_is_none(api: Api, body: dict[str, Any]) -> None:
    api.agency(COMMUNE)
    batch, (paper,) = make(api, 1)
    answer = clerk(api, "lan").put(f"{base(batch)}/papers/{paper}/check", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_REQUEST")


def test_two_key_blind_and_a_third_settles(office: Api) -> None:
    batch, papers = make(office, 2)
    lan, hoa, minh, leader = clerk(office, "lan"), clerk(office, "hoa"), clerk(office, "minh"), head(office)
    bad = leader.put(f"{base(batch)}/plan", json={"keyed_fields": ["colour"]})
    assert (bad.status_code, bad.json()["code"]) == (422, "INVALID_REQUEST")
    found = leader.put(f"{base(batch)}/plan", json={"keyed_fields": ["number", "issued_on"]}).json()
    assert found["keying"] == {"open": 4, "differs": 0, "settled": 0}
    one = given(lan, batch, "key")
    assert one == papers[0]
    assert given(hoa, batch, "key") == papers[1]
    asked = lan.get(f"{base(batch)}/papers/{one}/keying").json()["fields"]
    assert [field["field"] for field in asked] == ["number", "issued_on"]
    assert "12/2023" not in str(asked), "not what the machine read"
    for wrong in ({"number": ""}, {"issued_on": "31/02/2023"}, {"issued_at": "x"}):
        assert key(lan, batch, str(one), **wrong).status_code in {404, 422}, wrong
    kept = key(lan, batch, str(one), number="72/2023", issued_on="02052023")
    assert kept.json() == {"settled": [], "differ": [], "changed": False}
    assert given(hoa, batch, "key", after=papers[1]) == papers[0]
    assert "72/2023" not in hoa.get(f"{base(batch)}/papers/{one}/keying").text, "not what the other typed"
    both = key(hoa, batch, str(one), number="12/2023", issued_on="2-5-2023").json()
    assert both == {"settled": ["issued_on"], "differ": ["number"], "changed": True}
    for keyer in (lan, hoa):
        assert given(keyer, batch, "settle") is None
        refused = key(keyer, batch, str(one), "settlement", number="12/2023")
        assert (refused.status_code, refused.json()["code"]) == (409, "OWN_WORK")
    assert given(minh, batch, "settle") == one
    (number,) = [field for field in minh.get(f"{base(batch)}/papers/{one}/keying").json()["fields"] if field["may"]]
    assert [reading["value"] for reading in number["readings"]] == ["72/2023", "12/2023"]
    assert key(minh, batch, str(one), "settlement", number="72/2023").json()["settled"] == ["number"]
    field = lan.get(f"/api/v1/components/{one}").json()["fields"]["number"]
    assert (field["value"], field["source"], field["origin"]) == ("72/2023", "manual", "double_keying_settled")
    hits = lan.get("/api/v1/results", params={"number": "72/2023"}).json()
    assert [hit["component"] for hit in hits["results"]] == [one]
    figures = seen(leader, batch)
    (of_number,) = [field for field in figures["fields"] if field["field"] == "number"]
    assert (of_number["settled"], of_number["machine_judged"], of_number["machine_right"]) == (1, 1, 0)
    assert {person["person"]: (person["judged"], person["right"]) for person in figures["people"]} == {
        "account:lan": (2, 2),
        "account:hoa": (2, 1),
        "account:minh": (0, 0),
    }
    assert [person["person"] for person in seen(lan, batch)["people"]] == ["account:lan"]


def test_odd_pages_are_listed_and_settled(office: Api) -> None:
    batch, _ = make(office, 8)
    with transaction(office.sessions) as session:
        odd = scanned(session, batch, pages=({}, {"skew": 8.0}))
    lan = clerk(office, "lan")
    assert lan.post(f"{base(batch)}/deviations").json() == {"open": 2, "new": 2, "gone": 0}
    found = lan.get(f"{base(batch)}/deviations", params={"sort": "order"}).json()
    assert {one["what"]: one["page"] for one in found["deviations"]} == {"pages": 0, "angle": 2}
    (angle,) = lan.get(f"{base(batch)}/deviations", params={"what": "angle"}).json()["deviations"]
    assert (angle["component"], angle["value"], angle["usual"]) == (odd, 8.0, 0.0)
    assert angle["links"]["image"].endswith("/pages/2.jpg")
    decision = f"{base(batch)}/deviations/{angle['id']}/decision"
    assert lan.put(decision, json={"decision": "gone"}).status_code == 422
    assert lan.put(decision, json={"decision": "rescan", "words": "lệch hẳn"}).json()["state"] == "rescan"
    (back,) = lan.get(f"{base(batch)}/returned").json()["papers"]
    assert (back["faults"], back["words"]) == (["crooked"], "lệch hẳn")
    with transaction(office.sessions) as session:
        for page in session.query(Page).filter(Page.skew != 0):
            page.skew = 0.0
    assert lan.post(f"{base(batch)}/deviations").json()["open"] == 1


def test_other_agencies_learn_nothing(office: Api) -> None:
    batch, (paper,) = make(office, 1)
    stranger = office.person(Role.SUPERVISOR, "H58.3")
    for answer in (
        stranger.get(base(batch)),
        stranger.post(f"{base(batch)}/next", json={"work": "round1"}),
        check(stranger, batch, paper),
        stranger.get(f"/so-hoa-lo/{batch}/chat-luong"),
        stranger.get(f"/so-hoa-lo/{batch}/chat-luong/kiem/{paper}"),
        stranger.get(f"/so-hoa-lo/{batch}/chat-luong/nhap/{paper}"),
        stranger.get(f"/so-hoa-lo/{batch}/chat-luong/khac-thuong"),
    ):
        assert answer.status_code == 404
        assert "Kệ 4" not in answer.text
    other, _ = make_in(office, "H58.3")
    assert check(stranger, other, paper).status_code == 404, "a paper of another batch"


def make_in(api: Api, agency: str) -> tuple[str, list[str]]:
    with transaction(api.sessions) as session:
        batch = batches.create(
            session, agency=find_agency(session, agency), name="Lô khác", policies=Policies(), actor="command:x"
        )
        return batch.id, [scanned(session, batch.id)]


# ---- the pages, as plain forms


def form_of(text: str) -> dict[str, str]:
    """The hidden fields of the page's bench."""
    part = text[text.index('<form class="facts') :]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', part))


def follow(client: httpx.Client, answer: httpx.Response) -> httpx.Response:
    assert answer.status_code == 303, answer.text[:500]
    return client.get(answer.headers["location"])


def test_checking_by_plain_forms(office: Api) -> None:
    batch, papers = make(office, 3)
    here, lan, leader = f"/so-hoa-lo/{batch}/chat-luong", clerk(office, "lan"), head(office)
    assert f'href="{here}"' in lan.get(f"/so-hoa-lo/{batch}").text
    overview = lan.get(here).text
    assert "0 / 3 giấy tờ đã đạt" in overview
    assert f'href="{here}/kiem?vong=1"' in overview
    assert "Cách kiểm" not in overview, "a clerk plans nothing"
    page = follow(lan, lan.get(f"{here}/kiem", params={"vong": 1}))
    assert "12/2023" in page.text, "the facts stand beside the image"
    assert "giấy chứng nhận kết hôn" in page.text.lower()
    path = page.url.path
    assert path == f"{here}/kiem/{papers[0]}"
    sent = form_of(page.text)
    assert (sent["version"], sent["vong"]) == ("1", "1")
    assert lan.post(path, data=sent | {"csrf_token": ""}).status_code == 403
    for wrong in ({"do": "return"}, {"do": "auto", "words": "mờ"}):
        refused = lan.post(path, data=sent | wrong)
        assert (refused.status_code, "Chọn ít nhất một lý do" in refused.text) == (422, True)
    assert lan.post(path, data=sent | {"l-ugly": "1"}).status_code == 422
    page = follow(lan, lan.post(path, data=sent | {"do": "auto"}))
    assert page.url.path == f"{here}/kiem/{papers[1]}"
    assert "Đã đạt giấy tờ trước." in page.text
    page = follow(lan, lan.post(page.url.path, data=form_of(page.text) | {"l-cut_off": "1", "words": "<b>mép</b>"}))
    assert page.url.path == f"{here}/kiem/{papers[2]}"
    held = clerk(office, "hoa").get(page.url.path)
    assert "đang giữ giấy tờ này" in held.text
    last = follow(lan, lan.post(page.url.path, data=form_of(page.text) | {"do": "skip"}))
    assert "Không còn giấy tờ nào chờ bạn kiểm ở vòng 1." in last.text
    assert "Bị cắt mất chữ" in last.text
    assert "&lt;b&gt;mép&lt;/b&gt;" in last.text
    token = {"csrf_token": lan.headers["X-CSRF-Token"]}
    assert lan.post(f"{here}/rut-mau", data=token).status_code == 403
    leads = {"csrf_token": leader.headers["X-CSRF-Token"]}
    assert "Đã rút 1 giấy tờ mới" in leader.post(f"{here}/rut-mau", data=leads).text
    again = follow(lan, lan.post(f"{here}/da-xu-ly/{papers[1]}", data=token))
    assert "Không có giấy tờ nào bị trả lại." in again.text
    hoa = clerk(office, "hoa")
    page = follow(hoa, hoa.get(f"{here}/kiem", params={"vong": 2}))
    assert "Vòng 2" in page.text
    none = follow(hoa, hoa.post(page.url.path, data=form_of(page.text) | {"l-wrong_type": "1", "do": "return"}))
    assert "Không còn giấy tờ nào của mẫu chờ bạn kiểm." in none.text
    page = leader.get(here)
    assert "không đạt: cả nhóm về vòng 1" in page.text
    with office.sessions() as session:
        (stratum,) = session.query(QualityStratum).filter_by(state=StratumState.FAILED).all()
    told = follow(leader, leader.post(f"{here}/nhom/{stratum.id}", data=leads | {"reason": "máy quét bẩn"}))
    assert "lãnh đạo cho qua" in told.text
    assert "máy quét bẩn" in told.text


def test_the_plan_by_a_plain_form(office: Api) -> None:
    batch, _ = make(office, 2)
    here, leader = f"/so-hoa-lo/{batch}/chat-luong", head(office)
    leads = {"csrf_token": leader.headers["X-CSRF-Token"], "error_limit": "2,5", "keying_share": "100"}
    for wrong in ("", "ba mươi", "101", "-1", "nan"):
        refused = leader.post(f"{here}/cach-kiem", data=leads | {"sample_share": wrong})
        assert (refused.status_code, "Tỷ lệ là số từ 0 đến 100" in refused.text) == (422, True), wrong
    saved = leader.post(f"{here}/cach-kiem", data=leads | {"sample_share": "50 %", "k-number": "1", "k-issuer": "1"})
    assert (saved.status_code, "Đã lưu cách kiểm." in saved.text) == (200, True)
    plan = seen(leader, batch)["plan"]
    assert plan == {
        "sample_share": 0.5,
        "error_limit": 0.025,
        "keyed_fields": ["number", "issuer"],
        "keying_share": 1.0,
    }
    assert "0 / 4 trường đã chốt" in saved.text
    lan = clerk(office, "lan")
    refused = lan.post(f"{here}/cach-kiem", data=leads | {"csrf_token": lan.headers["X-CSRF-Token"]})
    assert refused.status_code == 403


def test_keying_by_plain_forms(office: Api) -> None:
    batch, papers = make(office, 2)
    here = f"/so-hoa-lo/{batch}/chat-luong"
    head(office).put(f"{base(batch)}/plan", json={"keyed_fields": ["number", "issued_on"]})
    lan, hoa, minh = clerk(office, "lan"), clerk(office, "hoa"), clerk(office, "minh")
    page = follow(lan, lan.get(f"{here}/nhap"))
    assert page.url.path == f"{here}/nhap/{papers[0]}"
    assert "12/2023" not in page.text, "blind"
    assert "02/05/2023" not in page.text
    sent = form_of(page.text)
    bad = lan.post(page.url.path, data=sent | {"f-number": "", "f-issued_on": "30/02/2023"})
    assert bad.status_code == 422
    assert "Ngày phải có thật" in bad.text
    assert 'value="30/02/2023"' in bad.text, "what was typed stays"
    page = follow(lan, lan.post(page.url.path, data=sent | {"f-number": "72/2023", "f-issued_on": "2/5/2023"}))
    assert page.url.path == f"{here}/nhap/{papers[1]}"
    put_right = lan.get(f"{here}/nhap/{papers[0]}").text
    assert 'value="72/2023"' in put_right
    assert lan.delete(f"/api/v1/components/{papers[0]}/lease").status_code == 204
    none = follow(lan, lan.post(page.url.path, data=sent | {"n-number": "unreadable", "n-issued_on": "absent"}))
    assert "Không còn trường nào chờ bạn nhập." in none.text
    page = follow(hoa, hoa.get(f"{here}/nhap"))
    hoas = form_of(page.text)
    assert "72/2023" not in page.text
    assert page.url.path == f"{here}/nhap/{papers[0]}"
    later = follow(hoa, hoa.post(page.url.path, data=hoas | {"do": "skip"}))
    assert later.url.path == f"{here}/nhap/{papers[1]}"
    assert key(hoa, batch, papers[0], number="12/2023", issued_on="2/5/2023").json()["differ"] == ["number"]
    page = follow(minh, minh.get(f"{here}/phan-xu"))
    assert page.url.path == f"{here}/phan-xu/{papers[0]}"
    assert "72/2023" in page.text
    assert "12/2023" in page.text
    assert "account:lan" not in page.text
    minhs = form_of(page.text)
    assert minh.post(page.url.path, data=minhs).status_code == 422, "nothing chosen"
    done = follow(minh, minh.post(page.url.path, data=minhs | {"c-number": "other", "f-number": "75/2023"}))
    assert "Không còn trường nào chờ bạn phân xử." in done.text
    assert lan.get(f"/api/v1/components/{papers[0]}").json()["fields"]["number"]["value"] == "75/2023"
    assert minh.post(page.url.path, data=minhs | {"c-number": "first"}).status_code == 409


def test_odd_pages_by_plain_forms(office: Api) -> None:
    batch, _ = make(office, 8)
    with transaction(office.sessions) as session:
        scanned(session, batch, pages=({"skew": 8.0, "warnings": ["BLURRED"]},))
    here, lan = f"/so-hoa-lo/{batch}/chat-luong/khac-thuong", clerk(office, "lan")
    token = {"csrf_token": lan.headers["X-CSRF-Token"]}
    assert "Không có trang nào." in lan.get(here).text
    found = lan.post(here, data=token).text
    assert "nghiêng 8°, trang bên cạnh thường 0°" in found
    ids = re.findall(r'id="d-([0-9a-f]{32})"', found)
    assert len(ids) == 2
    done = follow(lan, lan.post(f"{here}/{ids[0]}", data=token | {"decision": "fine", "back": "xep=order"}))
    assert "xep=order" in str(done.url)
    assert f"d-{ids[0]}" not in done.text
    assert f"d-{ids[0]}" in lan.get(here, params={"trang-thai": "fine"}).text
    assert lan.post(f"{here}/{ids[0]}", data=token | {"decision": "burn"}).status_code == 422
    assert lan.post(f"{here}/{ids[0]}", data={"decision": "fine"}).status_code == 403
    assert lan.get(here, params={"trang-thai": "x", "xep": "y", "loai": "z"}).status_code == 200
