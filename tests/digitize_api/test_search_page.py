from __future__ import annotations

import io
import re
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from digitize_api.components.page_words import boxes_of, read_words
from digitize_api.web.search_page.shown import Search
from models.database import transaction
from models.entities import Component, Event, Page, Result, Role
from models.page_record import PageWords
from models.page_record import Word as PlacedWord
from models.search.query import parse
from storage.keys import page_words_key
from tests.digitize_api.api import PDF, Api, jpeg
from tests.digitize_api.test_pages import HOLDER, browser, told
from tests.digitize_api.test_upload import post
from tests.models.papers import MARRIAGE
from workers.outcome_codec import encode
from workers.page import Line, PageOutcome, Word

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
LINES = ("GIẤY CHỨNG NHẬN", "KẾT HÔN số 12/2023", "Họ tên vợ: Nguyễn Thị Mẫu")


def outcome(lines: tuple[str, ...] = LINES) -> PageOutcome:
    """A page whose words are 40 wide and 20 high, 50 apart, lines 30 apart."""
    packed = tuple(
        Line(
            tuple(
                Word(word, (50 * at, 30 * row, 50 * at + 40, 30 * row + 20), 0.9)
                for at, word in enumerate(text.split())
            )
        )
        for row, text in enumerate(lines)
    )
    return PageOutcome(number=1, width=600, height=800, lines=packed)


def paper(api: Api, *texts: str, agency: str = "H56.14", keep: bool = False, words: bool = False, **values: Any) -> str:
    """A marriage certificate of its own dossier; its id."""
    station = api.station(f"may-quet-{agency}", agency)
    code = api.dossier(station, procedure="1.004222", holder=HOLDER)
    made = api.read(
        post(station, code, jpeg(len(api.rings)), key=code).json()["id"], list(texts or ("\n".join(LINES),))
    )
    values = {"paper_type": "giay_chung_nhan_ket_hon", "paper_type_score": 0.95, "fields": MARRIAGE} | values
    with transaction(api.sessions) as session:
        component = session.get_one(Component, made)
        for name, value in values.items():
            setattr(component, name, value)
        if words:
            page = session.scalars(select(Page).where(Page.scan_id == component.scan_id, Page.number == 1)).one()
            page.words_key, page.width, page.height = page_words_key(component.scan_id, 1), 600, 800
            api.store.put(page.words_key, io.BytesIO(encode(outcome())))
    if keep:
        api.keep(made)
    return made


def hits(client: httpx.Client, query: str) -> list[str]:
    return re.findall(r'id="result-([0-9a-f]+)"', client.get(f"/tra-cuu?{query}").text)


def test_the_old_address_leads_on(api: Api) -> None:
    answer = api.client().get("/search?q=khai+sinh")
    assert (answer.status_code, answer.headers["location"]) == (308, "/tra-cuu?q=khai+sinh")
    assert api.client().get("/search").headers["location"] == "/tra-cuu"


def test_an_empty_search_teaches(api: Api) -> None:
    client, _ = browser(api)
    text = told(client.get("/tra-cuu").text)
    assert "383/KH-UBND" in text
    assert "Tìm được gì ở đây?" in text
    assert "Không thấy" not in text
    nothing = told(client.get("/tra-cuu?q=zzzz&year=2020").text)
    assert "Không thấy giấy tờ nào." in nothing
    assert "Bỏ lọc" in nothing


def test_a_hit_says_why_it_may_be_used_again_or_not(api: Api) -> None:
    good, loose = paper(api, keep=True), paper(api)
    ended = paper(api, keep=True)
    with transaction(api.sessions) as session:
        session.get_one(Result, ended).ended_on = session.get_one(Result, ended).issued_on
    client, _ = browser(api)
    text = client.get("/tra-cuu?q=ket+hon").text
    shown = {one: told(text.partition(f'id="result-{one}"')[2].partition("</li>")[0]) for one in (good, loose, ended)}
    assert "Dùng lại được không có thời hạn" in shown[good]
    assert "↺ Dùng lại" in shown[good]
    assert "Chưa dùng lại được Chưa được kiểm tra; Chưa có mã kết quả số hóa; Chưa lưu kho" in shown[loose]
    assert "↺" not in shown[loose]
    assert "Hết hiệu lực Tình trạng đã thay đổi ngày 02/05/2023" in shown[ended]
    assert "079200000123" not in text, "a list masks"
    assert "<mark>KẾT HÔN</mark>" in text


def test_filters(api: Api) -> None:
    kept = paper(api, keep=True)
    loose = paper(api)
    printed = paper(
        api, fields=MARRIAGE | {"valid_until": {"value": "2024-12-31"}, "issued_on": {"value": "2024-01-02"}}
    )
    paper(api, agency="H57.1")
    plan = paper(api, paper_type="ke_hoach")
    client, _ = browser(api)
    assert set(hits(client, "q=ket+hon")) == {kept, loose, printed, plan}
    assert hits(client, "q=ket+hon&paper_type=ke_hoach") == hits(client, "paper_type=ke_hoach") == [plan]
    assert hits(client, "year=2024") == [printed]
    assert set(hits(client, "q=ket+hon&valid_on=31/12/2024")) == {kept, loose, printed}, "a plan's end is not known"
    assert set(hits(client, "q=ket+hon&valid_on=2025-01-01")) == {kept, loose}
    assert hits(client, "q=ket+hon&valid_on=01/05/2023") == [], "not issued yet"
    assert hits(client, "q=ket+hon&reusable=1") == hits(client, "reusable=1") == [kept]
    wrong = client.get("/tra-cuu?q=ket+hon&valid_on=31/02/2025&year=20")
    assert "Ngày chưa đúng" in wrong.text
    assert "Năm gồm bốn chữ số" in wrong.text
    assert len(re.findall(r'id="result-', wrong.text)) == 4
    assert client.get("/tra-cuu?offset=-1").status_code == 422


def test_agencies_can_be_told_apart_by_who_reaches_several(api: Api) -> None:
    api.agency("H56", "UBND tỉnh Mẫu")
    for code in ("H56.14", "H56.15"):
        api.agency(code, f"UBND xã {code}", parent="H56")
    papers = {code: paper(api, agency=code) for code in ("H56.14", "H56.15")}
    api.account("tinh", Role.SUPERVISOR, "H56")
    client = api.person(Role.SUPERVISOR, "H56", "tinh")
    page = client.get("/tra-cuu?q=ket+hon").text
    assert set(re.findall(r'id="result-([0-9a-f]+)"', page)) == set(papers.values())
    ids = dict(re.findall(r'<option value="([0-9a-f]{32})">UBND xã (H56\.1\d)', page))
    for agency, code in ids.items():
        assert hits(client, f"q=ket+hon&agency={agency}") == [papers[code]]
    clerk, _ = browser(api)
    assert 'id="agency"' not in clerk.get("/tra-cuu").text
    other = next(agency for agency, code in ids.items() if code == "H56.15")
    assert hits(clerk, f"q=ket+hon&agency={other}") == [], "another's agency stays another's"


def test_a_part_for_the_script_and_pages_of_results(api: Api) -> None:
    for _ in range(21):
        paper(api)
    client, _ = browser(api)
    part = client.get("/tra-cuu?q=ket+hon", headers=PART)
    assert "<html" not in part.text
    assert part.headers["vary"] == "HX-Request-Type"
    assert part.text.count('id="result-') == 20
    assert 'rel="next" href="/tra-cuu?q=ket+hon&amp;offset=20"' in part.text
    rest = client.get("/tra-cuu?q=ket+hon&offset=20").text
    assert rest.count('id="result-') == 1
    assert 'rel="prev" href="/tra-cuu?q=ket+hon"' in rest


def test_one_wrong_letter_is_told(api: Api) -> None:
    found = paper(api)
    client, _ = browser(api)
    page = client.get("/tra-cuu?q=chung+nham+ket+hon").text
    assert f'id="result-{found}"' in page
    assert "chỉ khác một chữ cái" in page
    assert "<mark>CHỨNG NHẬN KẾT HÔN</mark>" in page


def test_the_words_are_boxed_on_the_page(api: Api) -> None:
    found = paper(api, "\n".join(LINES), "trang hai", "trang ba kết hôn", words=True)
    client, _ = browser(api)
    page = client.get(f"/tra-cuu/{found}/1?q=chung+nhan+ket+hon&year=2023")
    assert page.status_code == 200
    assert re.findall(r'<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)"', page.text) == [
        ("44.0", "-4.0", "102.0"),
        ("-6.0", "26.0", "102.0"),
    ]
    assert " style=" not in page.text
    assert f'href="/api/v1/components/{found}/pdf#page=1&amp;search=chung%20nhan%20ket%20hon"' in page.text
    assert 'href="/tra-cuu?q=chung+nhan+ket+hon&amp;year=2023"' in page.text
    assert "Trang có từ tìm: 1 3" in told(page.text)
    part = client.get(f"/tra-cuu/{found}/1?q=ket", headers=PART).text
    assert ("<html" in part, part.count("<rect")) == (False, 1)
    assert "Trang này không có từ đang tìm" in client.get(f"/tra-cuu/{found}/2?q=ket").text
    assert "chưa chỉ được chỗ trên ảnh" in client.get(f"/tra-cuu/{found}/3?q=ket").text, (
        "this page's words are not kept"
    )
    assert client.get(f"/tra-cuu/{found}/4").status_code == 404
    with api.sessions() as session:
        looks = [
            event.data
            for event in session.scalars(select(Event).where(Event.kind == "viewed", Event.component_id == found))
        ]
    assert {"what": "page", "page": 1} in looks


def test_words_that_are_gone_or_not_ours_are_no_error(api: Api) -> None:
    found = paper(api, words=True)
    with transaction(api.sessions) as session:
        component = session.get_one(Component, found)
        page = session.scalars(select(Page).where(Page.scan_id == component.scan_id)).one()
    lines = read_words(api.store, page).lines
    assert [" ".join(word.text for word in line) for line in lines] == list(LINES)
    key = page.words_key or ""
    for blob in (
        b"",
        b"digitize-page/2\n",
        encode(outcome())[:60],
        b"digitize-page/1\n" + (3).to_bytes(8, "big") + b"[1]",
    ):
        api.store.put(key, io.BytesIO(blob), overwrite=True)
        assert read_words(api.store, page) == PageWords()
    api.store.delete(key)
    assert read_words(api.store, page) == PageWords()


@pytest.mark.parametrize(
    ("q", "boxes"),
    [
        ("ket hon", [(0, 30, 90, 50)]),
        ("ket 12/2023", [(0, 30, 40, 50), (150, 30, 190, 50)]),
        ('"nhận kết hôn"', [(100, 0, 140, 20), (0, 30, 90, 50)]),  # over the end of a line: a box on each
        ("12/2023", [(150, 30, 190, 50)]),
        ("hom", []),
    ],
)
def test_boxes(q: str, boxes: list[tuple[int, int, int, int]]) -> None:
    lines = [[PlacedWord(word.text, word.box, word.confidence) for word in line.words] for line in outcome().lines]
    assert boxes_of(lines, parse(q)) == boxes
    assert boxes_of(lines, parse("ket hom"), misread=True) == [(0, 30, 90, 50)]


def test_a_found_paper_is_used_again_in_the_dossier_it_is_sought_for(api: Api) -> None:
    found = paper(api, keep=True)
    code = api.dossier(api.station(), procedure="2.001263", holder=HOLDER)
    client, token = browser(api)
    page = client.get(f"/tra-cuu?q=ket+hon&dossier={code}&slot=tinh_trang_hon_nhan").text
    assert f"↺ Dùng lại vào {code}" in page
    form = {"result": found, "dossier": code, "slot": "tinh_trang_hon_nhan", "back": f"q=ket+hon&dossier={code}"}
    assert client.post("/tra-cuu/dung-lai", data=form).status_code == 403
    done = client.post("/tra-cuu/dung-lai", data=form | {"csrf_token": token})
    assert (done.status_code, done.headers["location"]) == (303, f"/dossiers/{code}#needed")
    assert "Đã dùng lại: Giấy chứng nhận kết hôn" in told(client.get(f"/dossiers/{code}").text)


def test_a_refused_reuse_keeps_the_search(api: Api) -> None:
    found = paper(api, keep=True)
    client, token = browser(api)
    form = {"csrf_token": token, "result": found, "back": "q=ket+hon&offset=x&year=abcd&nonsense=1&reusable=1"}
    unknown = client.post("/tra-cuu/dung-lai", data=form | {"dossier": "H56.14-000000-0000"})
    assert unknown.status_code == 404
    assert "Không tìm thấy" in unknown.text
    assert f'id="result-{found}"' in unknown.text
    assert 'value="ket hon"' in unknown.text
    code = client.get(f"/tra-cuu/{found}/1").text.partition("/dossiers/")[2].partition('"')[0]
    assert client.post("/tra-cuu/dung-lai", data=form | {"dossier": code}).status_code == 409
    assert client.post("/tra-cuu/dung-lai", data=form | {"dossier": "x" * 80}).status_code == 422
    with transaction(api.sessions) as session:
        session.get_one(Result, found).ended_on = session.get_one(Result, found).issued_on
    other = api.dossier(api.station())
    refused = client.post("/tra-cuu/dung-lai", data=form | {"dossier": other})
    assert refused.status_code == 409
    assert "Tình trạng đã thay đổi" in refused.text


def test_the_address_says_no_more_than_was_asked() -> None:
    search = Search(q="kết hôn", year="2023", reusable=True, offset=20)
    assert search.query(offset=0) == "q=k%E1%BA%BFt+h%C3%B4n&year=2023&reusable=1"
    assert search.path(q="", year="", reusable=False, offset=0) == "/tra-cuu"
    assert search.asked().year == 2023
    assert (Search(valid_on="2025-12-31").day, Search(valid_on="32/1/2025").day) == (
        Search(valid_on="31/12/2025").day,
        None,
    )


def test_pdf_of_a_hit(api: Api) -> None:
    found = paper(api)
    client, _ = browser(api)
    page = client.get("/tra-cuu?q=ket+hon").text
    assert client.get(f"/api/v1/components/{found}/pdf").content == PDF
    assert f'/api/v1/components/{found}/pdf#page=1&amp;search=ket%20hon"' in page
