from __future__ import annotations

import pytest
from sqlalchemy import select

from digitize_api.results.schemas import split_snippet
from models.entities import Event
from tests.digitize_api.api import PDF, Api, jpeg
from tests.digitize_api.test_upload import post


@pytest.fixture
def filled(api: Api) -> Api:
    station = api.station()
    code = api.dossier(station, holder={"id_number": "001203004567", "name": "Nguyễn Thị Mẫu"})
    api.read(
        post(station, code, PDF, key="a").json()["id"],
        ["trang bìa", "Ủy ban nhân dân xã Mẫu ban hành Kế hoạch số 383/KH-UBND"],
    )
    other = api.station("may-quet-khac", "H57.1")
    api.read(post(other, api.dossier(other), jpeg(), key="b").json()["id"], ["Ủy ban nhân dân xã Khác"])
    return api


def test_found_without_marks_and_marked(filled: Api) -> None:
    found = filled.person().get("/api/v1/results", params={"q": "uy ban nhan dan"}).json()
    assert found["total"] == 1, "another agency's paper is not there"
    result = found["results"][0]
    assert (result["page"], result["scan_page"], result["exact"]) == (2, 2, False)
    assert result["snippet"].startswith("[[Ủy]] [[ban]] [[nhân]] [[dân]] xã Mẫu")
    assert {"text": "Ủy ban nhân dân", "hit": True} in result["snippet_parts"]
    assert result["number"] == "383/KH-UBND"
    assert result["holder"]["id_number"] == "0012•••••567", "a list masks"
    assert filled.person().get(result["links"]["pdf"]).content == PDF
    assert filled.person().get(result["links"]["image"]).content == jpeg(2)


@pytest.mark.parametrize(
    ("asked", "total"),
    [
        ({"q": "Ủy ban nhân dân"}, 1),
        ({"q": "383"}, 1),
        ({"number": "383/KH-UBND"}, 1),
        ({"holder_id": "001203004567"}, 1),
        ({"holder_id": "001203004567", "paper_type": "quyet_dinh"}, 0),
        ({"paper_type": "ke_hoach"}, 1),
        ({"q": "không có từ này"}, 0),
        ({"q": "'; DROP TABLE scan; --"}, 0),
        ({"q": '"ban hành Kế hoạch"'}, 1),
        ({"q": "uy ban", "offset": "1"}, 1),
    ],
)
def test_filters(filled: Api, asked: dict[str, str], total: int) -> None:
    assert filled.station().get("/api/v1/results", params=asked).json()["total"] == total


def test_something_must_be_asked(filled: Api) -> None:
    for asked in ({}, {"q": "  "}, {"q": "x" * 301}, {"q": "x", "limit": "0"}, {"q": "x", "limit": "1000"}):
        assert filled.station().get("/api/v1/results", params=asked).json()["code"] == "INVALID_REQUEST"


def test_who_was_shown_what_is_on_record_and_the_words_are_not(filled: Api) -> None:
    filled.person().get("/api/v1/results", params={"q": "uy ban nhan dan"})
    filled.person().get("/api/v1/results", params={"q": "không có từ này"})
    with filled.sessions() as session:
        searches = list(session.scalars(select(Event).where(Event.kind == "searched")))
    assert [(event.actor, len(event.data["components"])) for event in searches] == [("account:clerk-h56.14", 1)]
    assert "ban" not in str(searches[0].data)
    assert searches[0].agency_id is not None


def test_snippets_in_parts() -> None:
    shown = [(part.text, part.hit) for part in split_snippet("…một [[hai]] ba [[bốn]]")]
    assert shown == [("…một ", False), ("hai", True), (" ba ", False), ("bốn", True)]
    assert [part.text for part in split_snippet("[[hai]] [[ba]],[[bốn]]")] == ["hai ba", ",", "bốn"]
    assert split_snippet("") == []
    assert [part.text for part in split_snippet("a [[b")] == ["a ", "b"]
