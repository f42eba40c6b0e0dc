"""States, codes, reuse and completeness over HTTP, as a counter's day has them."""

from __future__ import annotations

import io
from typing import Any

import httpx
import pypdfium2 as pdfium
import pytest

from models.catalog import Exclusion
from models.entities import Component, Role
from models.rules.scope import EXCLUSION_WORDS
from tests.digitize_api.api import PDF, Api, jpeg
from tests.digitize_api.test_upload import post
from tests.models.papers import MARRIAGE, SINGLE

HOLDER = {"kind": "person", "id_number": "079200000123", "name": "Nguyễn Thị Mẫu"}
BIRTH = "1.001193"


@pytest.fixture
def clerk(api: Api) -> httpx.Client:
    return api.person()


def dossier(client: httpx.Client, procedure: str = BIRTH, **more: Any) -> str:
    body = {"procedure": procedure, "title": "Đăng ký khai sinh", "holder": HOLDER} | more
    answer = client.post("/api/v1/dossiers", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["code"])


def component(api: Api, code: str, colour: int = 1, **values: Any) -> str:
    """A read component in the dossier, with these columns."""
    scan = post(api.station(), code, jpeg(colour), key=f"{code}-{colour}").json()["id"]
    made = api.read(scan, ["Giấy tờ"])
    with api.sessions.begin() as session:
        row = session.get_one(Component, made)
        for name, value in ({"paper_type_score": 0.95} | values).items():
            setattr(row, name, value)
    return made


def step(client: httpx.Client, component_id: str, to: str, version: int = 1) -> httpx.Response:
    return client.post(f"/api/v1/components/{component_id}/steps", json={"version": version, "to": to})


def test_from_the_scan_to_reuse_in_another_dossier(api: Api, clerk: httpx.Client) -> None:
    first = dossier(clerk)
    paper = component(api, first, paper_type="giay_chung_nhan_ket_hon", fields=MARRIAGE)
    url = f"/api/v1/components/{paper}"
    assert clerk.get(f"{url}/next-step").json() == {"to": "checked", "reasons": []}
    shown = step(clerk, paper, "stored").json()
    assert (shown["state"], shown["signature"]) == ("stored", "not_required")
    assert shown["code"] == "079200000123.KQ.G15.000032.12/2023.01"
    assert clerk.get(f"{url}/next-step").json() is None

    found = clerk.get("/api/v1/results", params={"holder_id": HOLDER["id_number"]}).json()["results"]
    assert [(one["component"], one["reusable"], one["why_not"]) for one in found] == [(paper, True, [])]

    second = dossier(clerk, procedure="1.004222")
    answer = clerk.post(f"/api/v1/results/{paper}/reuse", json={"dossier": second})
    assert answer.status_code == 201, answer.text
    assert (answer.json()["state"], answer.json()["version"]) == ("3", 1)
    assert clerk.post(f"/api/v1/results/{paper}/reuse", json={"dossier": second}).status_code == 200
    assert [use["dossier"] for use in clerk.get(f"/api/v1/results/{paper}/uses").json()] == [second]

    head = api.person(Role.SUPERVISOR)
    done = head.post(f"/api/v1/results/{paper}/cancel", json={"reason": "cấp sai đối tượng"})
    assert [use["dossier"] for use in done.json()["to_notify"]] == [second]
    refused = clerk.post(f"/api/v1/results/{paper}/reuse", json={"dossier": dossier(clerk)})
    assert (refused.status_code, refused.json()["code"]) == (409, "NOT_REUSABLE")
    assert [reason["code"] for reason in refused.json()["reasons"]] == ["CANCELLED"]
    assert clerk.get(f"/api/v1/results/{paper}").json()["cancel_reason"] == "cấp sai đối tượng"
    assert clerk.get(f"{url}/pdf").content == PDF  # it stays readable


def test_r29_a_stored_result_may_be_corrected_and_says_so(api: Api, clerk: httpx.Client) -> None:
    paper = component(api, dossier(clerk), paper_type="giay_chung_nhan_ket_hon", fields=MARRIAGE)
    stored = step(clerk, paper, "stored").json()
    corrected = clerk.patch(
        f"/api/v1/components/{paper}",
        json={"version": stored["version"], "fields": {"signer": "Trần Văn Mẫu"}, "reason": "đọc nhầm người ký"},
    )
    assert corrected.status_code == 200, corrected.text
    versions = clerk.get(f"/api/v1/components/{paper}/versions").json()
    assert [version["reason"] for version in versions] == ["đọc nhầm người ký"]
    assert clerk.get(f"/api/v1/results/{paper}").json()["version"] == corrected.json()["version"]


def test_r09_what_hinders_a_step_is_told_by_reason_and_field(api: Api, clerk: httpx.Client) -> None:
    paper = component(
        api,
        dossier(clerk),
        paper_type="giay_chung_nhan_ket_hon",
        attributes=["sao_y"],
        fields=MARRIAGE | {"number": None, "issuer": MARRIAGE["issuer"] | {"doubt": "LOW_CONFIDENCE"}},
    )
    refused = step(clerk, paper, "stored")
    assert (refused.status_code, refused.json()["code"]) == (409, "STEP_BLOCKED")
    assert [reason["code"] for reason in refused.json()["reasons"]] == ["NOT_COMPARED"]
    url = f"/api/v1/components/{paper}"
    mended = clerk.patch(
        url,
        json={
            "version": 1,
            "scope": {"class": "a", "compared": True},
            "absent": ["number"],
            "confirmed": ["issuer"],
            "reason": "giấy không ghi số",
        },
    )
    assert mended.status_code == 200, mended.text
    assert mended.json()["scope"]["compared_by"] == mended.json()["fields"]["issuer"]["confirmed_by"]
    done = step(clerk, paper, "stored", version=2)
    assert done.json()["code"] == "079200000123.KQ.G15.000032..01"
    [old] = clerk.get(f"{url}/versions").json()
    assert (old["version"], old["reason"], old["content"]["scope"]) == (1, "giấy không ghi số", {})


def test_r12_a_machine_s_key_does_not_take_papers_on(api: Api, clerk: httpx.Client) -> None:
    paper = component(api, dossier(clerk), paper_type="giay_chung_nhan_ket_hon", fields=MARRIAGE)
    assert step(api.station(), paper, "checked").status_code == 403
    stale = step(clerk, paper, "checked", version=9)
    assert (stale.status_code, stale.json()["code"]) == (409, "CONFLICT")


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        ({"class": "d"}, 422),  # on demand, and nobody asked
        ({"class": "d", "request": "bà Mẫu đề nghị ngày 21/11/2026"}, 200),
        ({"exclusion": "x2", "reason": "bản chụp"}, 200),
        ({"class": "a", "exclusion": "x2"}, 422),
        ({"class": "z"}, 422),
    ],
)
def test_r01_why_a_paper_is_digitised(api: Api, clerk: httpx.Client, scope: dict[str, str], status: int) -> None:
    paper = component(api, dossier(clerk), paper_type="don", fields={})
    answer = clerk.patch(f"/api/v1/components/{paper}", json={"version": 1, "scope": scope})
    assert answer.status_code == status, answer.text
    if scope.get("class") == "d" and status == 200:
        assert answer.json()["scope"]["fee"] is True
    if "exclusion" in scope and status == 200:
        reasons = step(clerk, paper, "stored", version=2).json()["reasons"]
        assert (reasons[0]["code"], reasons[0]["vi"]) == ("EXCLUDED", EXCLUSION_WORDS[Exclusion.COPY][0])


def test_r26_valid_on_a_day(api: Api, clerk: httpx.Client) -> None:
    paper = component(api, dossier(clerk), paper_type="giay_xac_nhan_tinh_trang_hon_nhan", fields=SINGLE)
    assert step(clerk, paper, "stored").status_code == 200
    for day, reusable in (("2024-07-15", True), ("2024-07-16", False)):
        found = clerk.get("/api/v1/results", params={"number": "45/2024/XNTTHN", "valid_on": day}).json()["results"]
        assert [one["reusable"] for one in found] == [reusable], day
        one = clerk.get(f"/api/v1/results/{paper}", params={"valid_on": day}).json()
        assert (one["reusable"], one["valid_until"]) == (reusable, "2024-07-15")
    other = clerk.get(
        f"/api/v1/results/{paper}", params={"valid_on": "2024-02-01", "purpose": "mua bán nhà đất"}
    ).json()
    assert [reason["code"] for reason in other["why_not"]] == ["PURPOSE_DIFFERS"]
    ended = clerk.post(f"/api/v1/results/{paper}/status-end", json={"ended_on": "2024-03-02", "reason": "đã kết hôn"})
    assert ended.json()["ended_on"] == "2024-03-02"


def slots(client: httpx.Client, code: str) -> dict[str, str]:
    answer = client.get(f"/api/v1/dossiers/{code}/completeness").json()
    return {slot["id"]: slot["state"] for slot in answer["slots"]}


def test_completeness_and_the_slip(api: Api, clerk: httpx.Client) -> None:
    code = dossier(clerk)
    before = slots(clerk, code)
    assert before["to_khai"] == before["giay_chung_sinh"] == "missing"
    assert before["giay_to_tuy_than"] == "to_show"
    slip = clerk.get(f"/api/v1/dossiers/{code}/supplement-slip.pdf")
    assert slip.headers["content-type"] == "application/pdf"
    text = "".join(page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(io.BytesIO(slip.content)))
    for said in ("PHIẾU YÊU CẦU BỔ SUNG", code, "Đăng ký khai sinh", "Giấy chứng sinh", "Nguyễn Thị Mẫu"):
        assert said in text.replace("\r\n", " "), said

    component(api, code, 1, paper_type="to_khai", fields={"title": {"value": "TỜ KHAI ĐĂNG KÝ KHAI SINH"}})
    component(api, code, 2, paper_type="giay_chung_sinh", fields={})
    after = clerk.get(f"/api/v1/dossiers/{code}/completeness").json()
    assert {slot["id"] for slot in after["slots"] if slot["state"] == "present"} >= {"to_khai", "giay_chung_sinh"}
    assert after["complete"]
    assert after["certainty"] in "QPMI"
    refused = clerk.get(f"/api/v1/dossiers/{code}/supplement-slip.pdf")
    assert (refused.status_code, refused.json()["code"]) == (409, "CONFLICT")


def test_r04_what_the_warehouse_holds_is_offered_instead_of_scanned(api: Api, clerk: httpx.Client) -> None:
    paper = component(api, dossier(clerk), paper_type="giay_chung_sinh", fields={})
    api.keep(paper)
    code = dossier(clerk)
    found = clerk.get(f"/api/v1/dossiers/{code}/completeness").json()
    [slot] = [slot for slot in found["slots"] if slot["id"] == "giay_chung_sinh"]
    assert slot["state"] == "in_warehouse"
    assert [offer["result"] for offer in slot["offers"]] == [paper]
    linked = clerk.post(slot["offers"][0]["links"]["reuse"], json={"dossier": code, "slot": "giay_chung_sinh"})
    assert linked.status_code == 201
    assert slots(clerk, code)["giay_chung_sinh"] == "reused"


def scanned_again(api: Api, clerk: httpx.Client) -> tuple[str, str, str]:
    """A marriage certificate in the warehouse, and a dossier that asks for one into which it was scanned all the same."""
    held = component(api, dossier(clerk), 1, paper_type="giay_chung_nhan_ket_hon", fields=MARRIAGE)
    api.keep(held)
    code = dossier(clerk)
    # A station knows nothing of it: its scan is taken and read like any other.
    return held, code, component(api, code, 2, paper_type="giay_chung_nhan_ket_hon", fields=MARRIAGE)


def test_r04_what_was_scanned_all_the_same_gets_a_code_only_with_a_reason(api: Api, clerk: httpx.Client) -> None:
    held, code, paper = scanned_again(api, clerk)
    found = clerk.get(f"/api/v1/dossiers/{code}/completeness").json()
    assert slots(clerk, code)["giay_ket_hon"] == "scanned_again"
    [again] = found["scanned_again"]
    assert (again["component"], again["results"], again["reason"]) == (paper, [held], None)
    refused = step(clerk, paper, "stored")
    assert (refused.status_code, refused.json()["code"]) == (409, "STEP_BLOCKED")
    assert "IN_WAREHOUSE" in [reason["code"] for reason in refused.json()["reasons"]]
    assert clerk.get(f"/api/v1/components/{paper}").json()["code"] is None

    url = again["links"]["explain"]
    assert clerk.post(url, json={"reason": " "}).status_code == 422
    told = clerk.post(url, json={"reason": "bản trong kho thiếu trang sau"})
    assert told.status_code == 200, told.text
    [shown] = clerk.get(f"/api/v1/dossiers/{code}/completeness").json()["scanned_again"]
    assert shown == told.json()
    assert (shown["reason"], shown["by"]) == ("bản trong kho thiếu trang sau", "account:clerk-h56.14")
    assert slots(clerk, code)["giay_ket_hon"] == "present"
    done = step(clerk, paper, "stored")
    assert done.status_code == 200, done.text
    assert done.json()["state"] == "stored"


def test_r04_the_result_chosen_instead_leaves_the_scan_without_a_code(api: Api, clerk: httpx.Client) -> None:
    held, code, paper = scanned_again(api, clerk)
    linked = clerk.post(f"/api/v1/results/{held}/reuse", json={"dossier": code, "slot": "giay_ket_hon"})
    assert linked.status_code == 201
    assert slots(clerk, code)["giay_ket_hon"] == "reused"
    [again] = clerk.get(f"/api/v1/dossiers/{code}/completeness").json()["scanned_again"]
    assert again["used"]
    reasons = [reason["code"] for reason in step(clerk, paper, "coded").json()["reasons"]]
    assert "REUSED_INSTEAD" in reasons
    assert "IN_WAREHOUSE" not in reasons
    assert clerk.get(f"/api/v1/components/{paper}/pdf").content == PDF  # the scan is kept


def test_r04_nothing_held_nothing_to_explain(api: Api, clerk: httpx.Client) -> None:
    paper = component(api, dossier(clerk), paper_type="giay_chung_sinh", fields={})
    refused = clerk.post(f"/api/v1/components/{paper}/scanned-again", json={"reason": "bản mới"})
    assert (refused.status_code, refused.json()["code"]) == (409, "NOTHING_HELD")
    assert refused.json()["advice"]["vi"]


def test_a_dossier_without_a_known_procedure_asks_for_nothing(clerk: httpx.Client) -> None:
    code = dossier(clerk, procedure="9.999999")
    found = clerk.get(f"/api/v1/dossiers/{code}/completeness").json()
    assert (found["procedure"], found["slots"], found["complete"]) == (None, [], False)
    assert clerk.get(f"/api/v1/dossiers/{code}/supplement-slip.pdf").status_code == 409


def test_r40_every_line_shown_says_where_it_comes_from(clerk: httpx.Client) -> None:
    types = clerk.get("/api/v1/catalog/paper-types").json()
    procedures = clerk.get("/api/v1/catalog/procedures").json()
    rules = clerk.get("/api/v1/catalog/rule-set").json()
    for line in (*types, *procedures, rules, *rules["templates"]):
        assert line["source"]
        assert line["certainty"] in "QPMI"
    assert rules["signature"] == "not_required"


def test_procedures_are_found_without_marks_and_by_code(clerk: httpx.Client) -> None:
    def codes(**query: str) -> list[str]:
        return [line["code"] for line in clerk.get("/api/v1/catalog/procedures", params=query).json()]

    assert BIRTH in codes(q="khai sinh")
    assert codes(q=BIRTH) == [BIRTH]
    assert codes(q="khong co thu tuc nay") == []


def test_r39_the_day_of_the_act_decides(clerk: httpx.Client) -> None:
    def rules(day: str) -> dict[str, Any]:
        return dict(clerk.get("/api/v1/catalog/rule-set", params={"on": day}).json())

    assert "huyen" in rules("2025-06-30")["levels"]
    assert "huyen" not in rules("2025-07-01")["levels"]
    assert rules("2020-01-01")["id"] != rules("2024-01-01")["id"] != rules("2026-01-02")["id"]
    assert clerk.get("/api/v1/catalog/procedures/9.999999").status_code == 404
