"""Pages in any order, any of them left out: none is lost, papers are pages in a row, and what nobody touches stays where it is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.page_order import laid_out, papers, successors


@st.composite
def wishes(draw: st.DrawFn) -> tuple[list[int], set[int], set[int]]:
    """An order of pages, where papers are to begin, and what is to be left out, though not all."""
    count = draw(st.integers(1, 12))
    order = draw(st.permutations(range(1, count + 1)))
    begins = draw(st.sets(st.integers(1, count)))
    out = draw(st.sets(st.integers(1, count), max_size=count - 1))
    return list(order), begins, out


@given(wishes())
def test_every_page_is_there_once_and_papers_are_pages_in_a_row(wish: tuple[list[int], set[int], set[int]]) -> None:
    order, begins, out = wish
    placed, starts = laid_out(order, begins, out)
    assert sorted(placed) == sorted(order)
    stay = [page for page in placed if page not in out]
    assert stay == [page for page in order if page not in out], "those that stay keep their order"
    made = papers(stay, starts, ())
    assert [page for paper in made for page in paper] == stay
    for paper in made:
        first = placed.index(paper[0])
        assert placed[first : first + len(paper)] == paper, "no page that is left out lies inside"
    assert {paper[0] for paper in made} == starts
    assert not starts & out


@given(wishes())
def test_laid_out_again_it_is_the_same(wish: tuple[list[int], set[int], set[int]]) -> None:
    order, begins, out = wish
    placed, starts = laid_out(order, begins, out)
    assert laid_out(placed, starts, out) == (placed, starts)


@given(wishes())
def test_leaving_out_moves_no_page_of_another_paper(wish: tuple[list[int], set[int], set[int]]) -> None:
    order, begins, out = wish
    untouched, starts = laid_out(order, begins, ())
    placed, _ = laid_out(order, begins, out)
    for paper in papers(untouched, starts, ()):
        if out.isdisjoint(paper):
            assert [placed.index(page) for page in paper] == [order.index(page) for page in paper]


def test_the_mark_of_a_page_that_is_left_out_goes_to_the_next() -> None:
    assert laid_out([1, 2, 3, 4], {1, 3}, {3}) == ((1, 2, 3, 4), frozenset({1, 4}))
    assert laid_out([1, 2, 3, 4], {1, 3}, {1, 2}) == ((1, 2, 3, 4), frozenset({3}))
    assert laid_out([1, 2, 3, 4], {1}, {2}) == ((1, 3, 4, 2), frozenset({1}))


def test_separator_sheets_part_and_are_in_no_paper() -> None:
    assert papers([1, 2, 3, 4, 5], {1}, {3}) == ((1, 2), (4, 5))
    assert papers([3, 1, 2], {1}, {3}) == ((1, 2),)


def test_a_paper_goes_on_as_the_one_that_began_on_its_first_page() -> None:
    assert successors([(1,), (2, 3, 4)], [(1, 2, 3, 4)]) == {0: 0}, "though the other has more of its pages"
    assert successors([(2, 3, 4), (1,)], [(1, 2, 3, 4)]) == {1: 0}
    assert successors([(3,), (1, 2)], [(1,), (2, 3)]) == {0: 1, 1: 0}
    assert successors([(2, 1)], [(1, 2)]) == {0: 0}
    assert successors([(5, 6)], [(1, 2)]) == {}


@given(wishes(), wishes())
def test_no_paper_goes_on_as_two(
    one: tuple[list[int], set[int], set[int]], other: tuple[list[int], set[int], set[int]]
) -> None:
    old, new = (papers(order, laid_out(order, begins, ())[1], ()) for order, begins, _ in (one, other))
    found = successors(new, old)
    assert len(set(found.values())) == len(found)
    for place, before in found.items():
        assert not set(new[place]).isdisjoint(old[before])
    for place, paper in enumerate(new):
        if paper in old:
            assert old[found[place]] == paper
