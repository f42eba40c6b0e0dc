"""Pages put in another order and left out: what the form's numbers mean, and the API, on a running server. The work itself is tested with the workers."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitize_api.web.arranging.moves import arranged
from models import arrangements
from models.database import transaction
from models.entities import Component, Page, Scan
from models.page_order import papers
from tests.digitize_api.api import PDF, Api
from tests.digitize_api.test_upload import post

TEXTS = ["trang một", "trang hai", "trang ba", "trang bốn"]


@st.composite
def typed(draw: st.DrawFn) -> tuple[dict[int, int], set[int]]:
    """Any numbers beside the pages, and where papers begin now."""
    count = draw(st.integers(1, 9))
    places = {page: draw(st.integers(1, count + 3)) for page in range(1, count + 1)}
    return places, draw(st.sets(st.integers(1, count))) | {1}


@given(typed())
def test_any_numbers_give_an_order_of_all_pages(given_: tuple[dict[int, int], set[int]]) -> None:
    places, begins = given_
    order, marks = arranged(places, begins)
    assert sorted(order) == sorted(places)
    assert order[0] in marks
    assert len(marks) <= len(begins), "moving pages makes no paper"


@given(st.permutations(range(1, 9)))
def test_an_order_is_understood_as_it_is(order: list[int]) -> None:
    places = {page: place for place, page in enumerate(order, 1)}
    assert arranged(places, {1})[0] == tuple(order)


def numbers(count: int, **moved: int) -> dict[int, int]:
    return {page: page for page in range(1, count + 1)} | {int(page[1:]): place for page, place in moved.items()}


@pytest.mark.parametrize(
    ("begins", "places", "made"),
    [
        ({1, 3}, numbers(4, p3=2), ((1, 3, 2), (4,))),  # into the paper before; its own begins at the next page
        ({1, 3}, numbers(4, p2=4), ((1,), (3, 4, 2))),
        ({1, 3}, numbers(4, p4=3), ((1, 2), (4, 3))),  # to the front of its own paper
        ({1, 3}, numbers(4, p1=2), ((2, 1), (3, 4))),
        ({1, 3}, numbers(4, p4=1), ((4, 1, 2), (3,))),  # to the front of all
        ({1, 2, 3}, numbers(4, p2=4), ((1,), (3, 4), (2,))),  # a paper alone stays one
        ({1, 2}, numbers(2, p2=1), ((2,), (1,))),
        ({1}, numbers(3, p3=99), ((1, 2, 3),)),  # behind the last is the last
    ],
)
def test_a_page_joins_the_paper_that_it_is_put_into(
    begins: set[int], places: dict[int, int], made: tuple[tuple[int, ...], ...]
) -> None:
    order, marks = arranged(places, begins)
    assert papers(order, marks, ()) == made


@pytest.fixture
def scan(api: Api) -> str:
    code = api.dossier(api.station())
    scan_id = str(post(api.station(), code, PDF).json()["id"])
    api.read(scan_id, TEXTS)
    return scan_id


def put(client: httpx.Client, scan: str, **body: object) -> httpx.Response:
    return client.put(f"/api/v1/scans/{scan}/arrangement", json=body)


def told(client: httpx.Client, scan: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1/scans/{scan}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_order_and_left_out_pages_are_asked_for_once(api: Api, scan: str) -> None:
    person = api.person()
    first = told(person, scan)
    assert first["arrangement"] == 0
    shown = [(one["number"], one["source_number"], one["left_out"]) for one in first["pages"]]
    assert shown == [(number, number, False) for number in range(1, 5)]
    wish = {"as_of": 0, "order": [2, 1, 3, 4], "left_out": [3]}
    answer = put(person, scan, **wish)
    assert (answer.status_code, answer.json()["arranging"]) == (202, True)
    again = put(person, scan, **wish)
    assert (again.status_code, again.json()["arranging"]) == (200, True), "the same request is done once"
    assert put(person, scan, order=[1, 2, 3, 4]).json()["code"] == "CONFLICT"
    with transaction(api.sessions) as session:
        asked = session.get_one(Scan, scan).arrangement or {}
        assert (asked["order"], asked["begins"], asked["left_out"]) == ([2, 1, 4, 3], [2], [3])


def test_numbers_of_an_arrangement_that_is_no_more_are_refused(api: Api, scan: str) -> None:
    person = api.person()
    with transaction(api.sessions) as session:
        session.get_one(Scan, scan).arrangement = {"serial": 2, "done": 2, "pending": False}
    answer = put(person, scan, as_of=1, order=[2, 1, 3, 4])
    assert (answer.status_code, answer.json()["code"]) == (409, "PAGES_MOVED")
    assert told(person, scan)["arrangement"] == 2
    assert put(person, scan, as_of=2, order=[2, 1, 3, 4]).status_code == 202


@pytest.mark.parametrize(
    "body",
    [
        {"order": [1, 2, 3]},
        {"order": [1, 2, 3, 3]},
        {"order": [1, 2, 3, 5]},
        {"left_out": [5]},
        {"left_out": [1, 2, 3, 4]},
        {"order": [0, 1, 2, 3]},
        {"as_of": -1},
    ],
)
def test_orders_that_are_none_are_refused(api: Api, scan: str, body: dict[str, object]) -> None:
    answer = put(api.person(), scan, **body)
    assert answer.status_code == 422, answer.text


def test_as_it_is_already(api: Api, scan: str) -> None:
    assert put(api.person(), scan, order=[1, 2, 3, 4], left_out=[], begins=[1], as_of=0).status_code == 200


def test_a_confirmed_paper_is_named(api: Api, scan: str) -> None:
    with transaction(api.sessions) as session:
        component = session.query(Component).filter_by(scan_id=scan).one()
        component.state, component.first_page = "verified", 2
    answer = put(api.person(), scan, order=[2, 1, 3, 4])
    assert (answer.status_code, answer.json()["code"]) == (409, "PAPER_FIXED")
    assert "2-4" in answer.json()["reasons"][0]["vi"]


def form_of(api: Api, person: httpx.Client, scan: str, **fields: str) -> httpx.Response:
    token = person.headers["X-CSRF-Token"]
    plain = {f"o-{number}": str(number) for number in range(1, 5)}
    return person.post(f"/ban-quet/{scan}", data={"csrf_token": token, "as_of": "0", "b-1": "1", **plain, **fields})


def test_the_plain_form_moves_pages_by_their_numbers(api: Api, scan: str) -> None:
    person = api.person()
    page = person.get(f"/ban-quet/{scan}").text
    for name in ('name="o-4" value="4"', 'name="x-4"', 'name="as_of" value="0"'):
        assert name in page
    answer = form_of(api, person, scan, **{"o-4": "1", "x-2": "1"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/ban-quet/{scan}?xong=1")
    with transaction(api.sessions) as session:
        asked = session.get_one(Scan, scan)
        wanted = asked.arrangement or {}
        assert (wanted["order"], wanted["begins"], wanted["left_out"]) == ([4, 1, 3, 2], [4], [2])
        assert arrangements.is_pending(asked)


def test_what_was_refused_is_still_in_the_form(api: Api, scan: str) -> None:
    person = api.person()
    with transaction(api.sessions) as session:
        session.query(Component).filter_by(scan_id=scan).one().state = "coded"
    answer = form_of(api, person, scan, **{"o-4": "1", "t-3": "90"})
    assert answer.status_code == 409
    assert "đã xác nhận" in answer.text
    assert answer.text.index('id="leaf-4"') < answer.text.index('id="leaf-1"')
    assert '<option value="90" selected>' in answer.text


def test_a_page_that_is_left_out_is_shown_there_and_nowhere_else(api: Api, scan: str) -> None:
    with transaction(api.sessions) as session:
        session.query(Page).filter_by(scan_id=scan, number=4).one().left_out = True
        session.query(Component).filter_by(scan_id=scan).one().last_page = 3
    person = api.person()
    page = person.get(f"/ban-quet/{scan}").text
    assert 'name="x-4" value="1" checked' in page
    known = told(person, scan)
    assert [one["left_out"] for one in known["pages"]] == [False, False, False, True]
    counter = person.get(f"/quay/{known['dossier']}").text
    assert f'data-page="{scan}-3"' in counter
    assert f'data-page="{scan}-4"' not in counter
