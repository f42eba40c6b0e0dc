"""The newest of the pages that match, over an index that answers at random places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.search import newest
from models.search.newest import Beside, Checked, Known, Newest

_NAME = re.compile(r"#([0-9a-f]+)'(:\\*)?")


class Index:
    """Pages that match, by id; a block has four. It counts what was asked."""

    def __init__(self, ids: set[int], last: int) -> None:
        self.ids = ids
        self.last = last
        self.asked: list[tuple[int, int | None]] = []

    def ask(self, window: Sequence[str], most: int | None) -> Sequence[int]:
        names = [f"{block:08x}" for block in range(self.last // 4 + 1)]
        for part in window:
            told = [(found[1], bool(found[2])) for found in _NAME.finditer(part)]
            names = [
                name for name in names if any(name.startswith(head) if more else name == head for head, more in told)
            ]
        within = {int(name, 16) for name in names}
        found = sorted(one for one in self.ids if one // 4 in within)
        self.asked.append((len(window), most))
        return found[:most]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("BLOCK_BITS", 2), ("MOST_BLOCKS", 40), ("HELD", 20), ("WANTED", 8), ("CHECKED", 5)):
        monkeypatch.setattr(newest, name, value)


EXPRESSIONS = st.sampled_from(["('hoa') & ('qua')", "('hoa') & ('q':*)", "('hoa') & ('quan':*)"])


@given(
    ids=st.sets(st.integers(1, 2000), max_size=300),
    more=st.integers(0, 400),
    size=st.integers(1, 30),
    expression=EXPRESSIONS,
)
def test_all_come_from_the_newest_back(ids: set[int], more: int, size: int, expression: str) -> None:
    last = max(ids, default=1) + more
    pages = Newest(Index(ids, last).ask, last, expression)
    chunks = list(pages.chunks(size))
    assert list(chain(*chunks)) == sorted(ids, reverse=True)
    assert all(0 < len(chunk) <= size for chunk in chunks)
    assert pages.complete


@given(ids=st.sets(st.integers(1, 2000), max_size=300), count=st.integers(1, 60), expression=EXPRESSIONS)
def test_some_are_as_many_as_there_are(ids: set[int], count: int, expression: str) -> None:
    pages = Newest(Index(ids, 2000).ask, 2000, expression)
    some = pages.some(count)
    assert len(some) == min(count, len(ids))
    assert set(some) <= ids
    assert list(chain(*pages.chunks(7))) == sorted(ids, reverse=True), "whatever was asked before"


@given(ids=st.sets(st.integers(1, 900), max_size=200), divisor=st.integers(1, 9))
def test_what_is_checked_keeps_the_order(ids: set[int], divisor: int) -> None:
    def check(some: Sequence[int]) -> list[int]:
        assert len(some) <= newest.CHECKED
        return [one for one in some if one % divisor == 0]

    pages = Checked(Newest(Index(ids, 900).ask, 900, "('a')"), check)
    held = sorted((one for one in ids if one % divisor == 0), reverse=True)
    assert pages.some(3) == held[:3]
    assert list(chain(*pages.chunks(4))) == held


@given(
    ids=st.sets(st.integers(1, 900), max_size=300),
    divisor=st.integers(1, 60),
    most=st.integers(0, 150),
    count=st.integers(1, 40),
)
def test_a_beginning_is_read_or_asked_for(ids: set[int], divisor: int, most: int, count: int) -> None:
    held = {one for one in ids if one % divisor == 0}
    asked = Index(held, 900)
    pages = Beside(
        Newest(Index(ids, 900).ask, 900, "('a')"),
        lambda some: [one for one in some if one % divisor == 0],
        most,
        otherwise=Newest(asked.ask, 900, "('a') & ('hoa':*)"),
    )
    some = pages.some(count)
    assert len(some) == min(count, len(held))
    assert set(some) <= held
    assert list(chain(*pages.chunks(7))) == sorted(held, reverse=True)
    assert len(ids) > most or not asked.asked, "few enough to be read"


def test_what_another_index_knows_comes_beside_the_newest() -> None:
    index = Index(set(range(1, 1000)), 1000)
    pages = Known(Newest(index.ask, 1000, "('a')"), lambda ids: [one for one in ids if one % 2], ids=[3, 4, 997])
    assert list(chain(*pages.chunks(9))) == [999, 997, 995, 3]
    assert pages.complete


def test_a_word_on_every_page_is_looked_for_in_the_newest_blocks_alone() -> None:
    index = Index(set(range(1, 20_000)), 20_000)
    assert len(Newest(index.ask, 20_000, "('a')").some(9)) == 9
    assert index.asked == [(1, None), (1, None)]


def test_a_longer_beginning_is_asked_for_once() -> None:
    index = Index({5, 900, 1800}, 2000)
    assert Newest(index.ask, 2000, "('hoa') & ('quan':*)").some(9) == [1800, 900, 5]
    assert index.asked == [(0, 21)]
