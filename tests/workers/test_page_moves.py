"""Pages moved within a scan and left out of it, job by job, on a real database and store: no page is lost, and row, store and search agree."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import select, text

from models import arrangements, intake
from models.arrangements import Wanted
from models.database import transaction
from models.entities import Component, Page, Scan
from models.errors import InvalidRequest, PagesMoved, PaperFixed
from models.scans import load_scan
from storage.keys import scan_prefix
from tests.workers import test_arranging as arranging
from tests.workers.runtimes import runtime_in
from tests.workers.test_arranging import Engine, World
from tests.workers.test_jobs import events_of, run_all
from workers.jobs.assemble_scan import outcomes_of

read, world = arranging.read, arranging.world  # the fixtures: four pages, one paper
NUMBER = {"value": "12/QĐ-UBND", "confidence": 1.0, "box": [1, 2, 3, 4], "source": "manual"}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def six(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str | None]:
    """A data folder and database whose only scan has six pages, three papers; to be copied."""
    folder, database = tmp_path_factory.mktemp("six"), None
    if request.param == "postgresql":
        database = request.getfixturevalue("postgres_server").create_migrated()
    with runtime_in(folder, load_engine=lambda: Engine(0.0), database=database) as runtime:
        arranging.read_in(runtime, folder, 6).move(begins={1, 3, 5})
    return folder, database


@pytest.fixture
def either(
    six: tuple[Path, str | None], request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """Six pages, on both databases: they check unique numbers at different times."""
    folder, database = six
    if database:
        database = request.getfixturevalue("postgres_server").create_database(database)
    with arranging.copy_of(folder, tmp_path, database) as made:
        monkeypatch.setattr(made.runtime.doorbell, "ring", lambda _rings: [])
        yield made


def picture(world: World, number: int) -> bytes:
    with world.runtime.store.open(str(world.page(number).image_key)) as stream:
        return stream.read()


def pdf_of(world: World, paper: Component) -> bytes:
    with world.runtime.store.open(str(paper.pdf_key)) as stream:
        return stream.read()


def images(pdf: bytes) -> list[bytes]:
    """The bytes of each page's image: which page of the file it is."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [next(iter(page.get_images().values())).read_raw_bytes() for page in opened.pages]


def searched(world: World) -> set[tuple[str, int]]:
    """The papers and pages that the search knows of the scan."""
    with world.runtime.sessions() as session:
        own = {one.id for one in world.papers()}
        rows = session.execute(text("SELECT component_id, page FROM search_page")).all()
        assert {component for component, _ in rows} <= own, "nothing of papers that are no more"
        return {(str(component), int(page)) for component, page in rows}


def test_pages_are_put_in_another_order_and_back(world: World) -> None:
    (before,) = world.papers()
    whole, pictures = images(pdf_of(world, before)), [picture(world, number) for number in range(1, 5)]
    assert world.move(3, 1, 2, 4) == [(3, 1, 2, 4)]
    (paper,) = world.papers()
    assert (paper.id, paper.version) == (before.id, before.version + 1)
    assert images(pdf_of(world, paper)) == [whole[2], whole[0], whole[1], whole[3]]
    assert [picture(world, number) for number in range(1, 5)] == [pictures[place] for place in (2, 0, 1, 3)]
    with world.runtime.sessions() as session:
        pages = session.scalars(select(Page).where(Page.scan_id == world.scan).order_by(Page.number)).all()
        assert [outcome.number for outcome in outcomes_of(world.runtime, pages)] == [1, 2, 3, 4]
    kind, data = events_of(world.runtime, world.scan)[-1]
    assert (kind, data["order"]) == ("arranged", {"before": [1, 2, 3, 4], "after": [3, 1, 2, 4]})

    assert world.move(2, 3, 1, 4) == [(1, 2, 3, 4)], "by the numbers that they have then"
    (again,) = world.papers()
    assert images(pdf_of(world, again)) == whole


def test_papers_whose_pages_stay_together_stay_papers(either: World) -> None:
    """With an order alone."""
    assert either.move(6, 5, 1, 2, 3, 4) == [(6, 5), (1, 2), (3, 4)]
    assert either.move(1, 2, 3, 5, 6, 4) == [(6, 5), (1,), (3, 4, 2)]


def test_a_page_moves_to_another_paper(either: World) -> None:
    first, second, third = either.papers()
    either.change(third.id, fields={"number": {**NUMBER, "page": 6}}, flags=[{"code": "BORDER_UNSURE", "page": 5}])
    assert either.move(1, 2, 4, 3, 5, 6, begins={1, 3, 5}) == [(1, 2, 4), (3,), (5, 6)]
    now_first, now_second, now_third = either.papers()
    assert [now_first.id, now_second.id, now_third.id] == [first.id, second.id, third.id]
    assert [(one.first_page, one.last_page) for one in either.papers()] == [(1, 3), (4, 4), (5, 6)]
    assert (now_third.version, now_third.pdf_sha256) == (third.version, third.pdf_sha256), "left alone"

    assert either.move(6, 1, 2, 3, 4, 5, begins={6, 4, 5, 1}) == [(6,), (1, 2, 4), (3,), (5,)]
    one, moved, *_ = either.papers()
    assert (moved.id, moved.first_page, moved.last_page) == (first.id, 2, 4)
    assert (moved.version, moved.pdf_sha256) == (now_first.version, now_first.pdf_sha256), (
        "renumbered and not made anew"
    )
    assert {page for paper, page in searched(either) if paper == moved.id} == {2, 3, 4}
    assert {page for paper, page in searched(either) if paper == one.id} == {1}
    assert moved.id in either.found("khai sinh")


def test_corrections_go_along_with_a_paper_that_only_moves(either: World) -> None:
    third = either.papers()[2]
    flag = {"code": "BORDER_UNSURE", "field": None, "page": 5, "box": None, "detail": ""}
    either.change(third.id, fields={**third.fields, "number": {**NUMBER, "page": 6}}, flags=[flag], state="extracted")
    assert either.move(5, 6, 1, 2, 3, 4, begins={5, 1, 3}) == [(5, 6), (1, 2), (3, 4)]
    now = either.papers()[0]
    assert (now.id, now.position, now.first_page, now.last_page) == (third.id, 1, 1, 2)
    assert (now.state, now.version, now.pdf_key) == ("extracted", third.version, third.pdf_key)
    assert now.fields["number"] == {**NUMBER, "page": 2}
    assert now.flags == [{**flag, "page": 1}]
    assert {page for paper, page in searched(either) if paper == now.id} == {1, 2}


def test_a_page_is_left_out_and_put_back(either: World) -> None:
    """Its words leave the search and its picture stays; no other paper's pages get other numbers."""
    first, second, third = either.papers()
    whole = images(pdf_of(either, second))
    said = either.page(3).text
    assert said
    assert either.move(out={3}) == [(1, 2), (4,), (5, 6)]
    assert [(one.first_page, one.last_page) for one in either.papers()] == [(1, 2), (4, 4), (5, 6)]
    page = either.page(3)
    assert (page.source_number, page.left_out, page.text) == (3, True, said)
    assert picture(either, 3)
    assert images(pdf_of(either, either.papers()[1])) == whole[1:]
    assert {number for _, number in searched(either)} == {1, 2, 4, 5, 6}
    assert events_of(either.runtime, either.scan)[-1][1]["left_out"] == {"before": [], "after": [3]}
    assert [either.papers()[at].pdf_sha256 for at in (0, 2)] == [first.pdf_sha256, third.pdf_sha256]

    assert either.move(begins={1, 3, 5}, out=set()) == [(1, 2), (3, 4), (5, 6)]
    assert not either.page(3).left_out
    assert images(pdf_of(either, either.papers()[1])) == whole
    assert [one.id for one in either.papers()] == [first.id, second.id, third.id]


def test_a_page_left_out_of_the_middle_comes_behind_its_paper(world: World) -> None:
    assert world.move(out={2}) == [(1, 3, 4)]
    assert [world.page(number).source_number for number in range(1, 5)] == [1, 3, 4, 2]
    assert world.page(4).left_out
    assert world.pdf_pages(world.papers()[0]) == 3
    assert world.want(Wanted(left_out=frozenset({4}))) is None, "so already"


def test_the_scan_itself_is_never_all_left_out(world: World) -> None:
    with pytest.raises(InvalidRequest):
        world.want(Wanted(left_out=frozenset({1, 2, 3, 4})))


def test_a_moved_page_is_turned_by_its_own_number_in_the_file(world: World) -> None:
    world.move(4, 3, 2, 1)
    before = {number: world.page(number).rotation for number in range(1, 5)}
    assert world.want(Wanted(turned={2: 90})) is not None
    run_all(world.runtime, world.scan)
    page = world.page(2)
    assert (page.source_number, page.rotation) == (3, (before[2] + 90) % 360)
    assert [world.page(number).rotation for number in (1, 3, 4)] == [before[number] for number in (1, 3, 4)]
    with Image.open(io.BytesIO(picture(world, 2))) as image:
        assert image.width > image.height


def test_the_last_arrangement_is_undone_and_done_again(either: World) -> None:
    def undo() -> list[tuple[int, ...]]:
        with either.runtime.sessions() as session:
            scan = load_scan(session, either.scan, {session.get_one(Scan, either.scan).agency_id})
            wanted = arrangements.undoing(scan)
        assert wanted is not None
        assert either.want(wanted) is not None
        assert run_all(either.runtime, either.scan) == ["arrange_scan"]
        return either.in_file()

    way = either.page(3).rotation
    order, begins = (6, 1, 4, 2, 3, 5), frozenset({6, 4})
    assert either.want(Wanted(begins, {3: 90}, order, frozenset({2}))) is not None
    run_all(either.runtime, either.scan)
    after = either.in_file()
    assert after == [(6, 1), (4, 3, 5)]
    assert undo() == [(1, 2), (3, 4), (5, 6)]
    assert [(page.source_number, page.left_out) for page in map(either.page, range(1, 7))] == [
        (number, False) for number in range(1, 7)
    ]
    assert either.page(3).rotation == way
    assert undo() == after


def test_confirmed_papers_keep_their_numbers(either: World) -> None:
    either.change(either.papers()[1].id, state="verified")
    refused = [
        Wanted(order=(1, 2, 5, 3, 4, 6)),  # a page in front of it
        Wanted(order=(1, 2, 4, 3, 5, 6)),
        Wanted(left_out=frozenset({4})),
        Wanted(order=(5, 6, 3, 4, 1, 2), begins=frozenset({5, 1})),  # it would join
    ]
    for wanted in refused:
        with pytest.raises(PaperFixed) as error:
            either.want(wanted)
        assert [reason["vi"] for reason in error.value.reasons] == ["Giấy tờ ở trang 3-4 đã xác nhận."]
    before = either.papers()[1]
    assert either.move(5, 6, 3, 4, 2, 1, begins={5, 3, 2}, out={1}) == [(5, 6), (3, 4), (2,)]
    after = either.papers()[1]
    assert (after.id, after.first_page, after.version, after.pdf_key) == (before.id, 3, before.version, before.pdf_key)


def test_a_page_put_back_behind_a_confirmed_paper_does_not_join_it(either: World) -> None:
    either.move(out={3})
    either.change(either.papers()[0].id, state="coded")
    assert either.move(out=set()) == [(1, 2), (3,), (4,), (5, 6)]


def test_numbers_of_an_earlier_arrangement_are_refused_and_the_same_wish_is_done_once(world: World) -> None:
    wish = Wanted(order=(2, 1, 3, 4), as_of=0)
    assert world.want(wish) == 1
    assert world.want(wish) is None, "while it is being done"
    run_all(world.runtime, world.scan)
    assert world.want(wish) is None, "and after it"
    assert world.in_file() == [(2, 1, 3, 4)]
    with pytest.raises(PagesMoved):
        world.want(Wanted(order=(1, 2, 4, 3), as_of=0))
    assert world.want(Wanted(order=(2, 1, 3, 4), as_of=1)) == 2


def keys_of(world: World) -> set[str]:
    return {item.key for item in world.runtime.store.list(scan_prefix(world.scan))}


def test_confirmed_while_a_page_is_being_turned_row_and_store_agree(world: World) -> None:
    """The turned page was read and put into the store before the save refused: the paper that was confirmed must not show it."""
    (paper,) = world.papers()
    shown, stored, page = picture(world, 2), keys_of(world), world.page(2)
    with world.runtime.store.open(str(page.words_key)) as stream:
        words = stream.read()
    assert world.ask({1}, {2: 90}) == 1
    world.change(paper.id, state="verified")
    run_all(world.runtime, world.scan)
    assert events_of(world.runtime, world.scan)[-1] == ("arrangement_failed", {"code": "PAPER_FIXED"})
    after = world.page(2)
    assert (after.rotation, after.image_key, after.words_key) == (page.rotation, page.image_key, page.words_key)
    assert picture(world, 2) == shown
    with world.runtime.store.open(str(after.words_key)) as stream:
        assert stream.read() == words
    assert keys_of(world) == stored, "what was made for it is gone"

    # And what was refused is not done with what is asked for next.
    world.change(paper.id, state="captured")
    assert world.arrange({1, 3}) == [(1, 2), (3, 4)]
    assert world.page(2).rotation == page.rotation


def test_moved_while_a_paper_is_confirmed(either: World) -> None:
    """Also one that would only have got other numbers."""
    third = either.papers()[2]
    assert either.want(Wanted(order=(5, 6, 1, 2, 3, 4), begins=frozenset({5, 1, 3}))) is not None
    either.change(third.id, state="verified")
    run_all(either.runtime, either.scan)
    assert either.in_file() == [(1, 2), (3, 4), (5, 6)]
    assert events_of(either.runtime, either.scan)[-1] == ("arrangement_failed", {"code": "PAPER_FIXED"})


def test_pictures_before_a_turn_stay_under_their_own_keys(world: World) -> None:
    before, key = picture(world, 1), str(world.page(1).image_key)
    world.arrange({1}, {1: 180})
    assert world.page(1).image_key != key
    assert picture(world, 1) != before
    with world.runtime.store.open(key) as stream:
        assert stream.read() == before


def test_taken_out_and_put_back_the_order_stays(either: World) -> None:
    either.move(5, 6, 1, 2, 3, 4, begins={5, 1, 3}, out={2})
    before = either.in_file()
    assert before == [(5, 6), (1,), (3, 4)]
    assert either.take_out()
    with transaction(either.runtime.sessions) as session:
        assert intake.put_back(session, session.get_one(Scan, either.scan), arranging.OFFICER).dispatch_id
    assert run_all(either.runtime, either.scan) == ["arrange_scan"]
    assert either.in_file() == before
    assert [either.page(number).source_number for number in range(1, 7)] == [5, 6, 1, 2, 3, 4]
    assert either.page(4).left_out


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_is_asked_for_no_page_is_lost(either: World, seed: int) -> None:
    """Any order, marks and pages left out, one after the other, a paper confirmed among them: told from the store, not from the rows."""
    chance = random.Random(seed)
    either.change(chance.choice(either.papers()).id, state="verified")
    with either.runtime.sessions() as session:
        (fixed,) = session.scalars(
            select(Component).where(Component.scan_id == either.scan, Component.state == "verified")
        )
    sheets = {number: picture(either, number) for number in range(1, 7)}
    own = range(fixed.first_page, fixed.last_page + 1)
    for _ in range(8):
        free = [number for number in range(1, 7) if number not in own]
        mixed = iter(chance.sample(free, len(free)))
        order = tuple(number if number in own else next(mixed) for number in range(1, 7))
        begins = {fixed.first_page, *chance.sample(free, 2)} | {order[own[-1]] for _ in "1" if own[-1] < 6}
        out = frozenset(number for number in free if chance.random() < 0.3)
        serial = either.want(Wanted(frozenset(begins), order=order, left_out=out))
        if serial is not None:
            assert run_all(either.runtime, either.scan) == ["arrange_scan"]
        pages = [either.page(number) for number in range(1, 7)]
        assert sorted(page.source_number for page in pages) == [1, 2, 3, 4, 5, 6]
        assert [picture(either, page.number) for page in pages] == [sheets[page.source_number] for page in pages]
        made = [number for one in either.papers() for number in range(one.first_page, one.last_page + 1)]
        assert made == [page.number for page in pages if not page.left_out]
        for paper in either.papers():
            assert either.pdf_pages(paper) == paper.last_page - paper.first_page + 1
        same = next(one for one in either.papers() if one.id == fixed.id)
        assert (same.first_page, same.last_page, same.state) == (fixed.first_page, fixed.last_page, "verified")
        assert (same.version, same.pdf_key, same.fields) == (fixed.version, fixed.pdf_key, fixed.fields)
        assert {page for _, page in searched(either)} == set(made)
        with either.runtime.sessions() as session:
            assert not arrangements.is_pending(session.get_one(Scan, either.scan))
