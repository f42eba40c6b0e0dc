"""Few heights stand for many, each near to what it stands for."""

from __future__ import annotations

from workers.pdf.heights import MOST, chosen, reach


def test_what_most_words_have_is_kept_and_a_rare_neighbour_joins_it() -> None:
    stands = chosen({(11, 0): 400, (12, 0): 3, (11, 4): 200})
    assert stands == {(11, 0): (11, 0), (12, 0): (11, 0), (11, 4): (11, 4)}


def test_no_more_fonts_than_the_words_are_worth() -> None:
    used = {(up, down): 50 for up in range(3, 19) for down in range(9)}
    stands = chosen(used)
    assert set(stands) == set(used)
    assert len(set(stands.values())) == MOST
    assert chosen({}) == {}
    assert chosen({(8, 0): 0}) == {(8, 0): (8, 0)}  # nothing but dashes


def test_reaches_end_where_letters_do() -> None:
    assert reach(0.47, 0.0) == (8, 0)
    assert reach(99.0, 99.0) == (18, 8)
    assert reach(-1.0, -1.0) == (3, 0)
