"""Papers and lines compared field by field: what ties, what never does, and that the order of things changes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.matching import (
    Field,
    Judged,
    Kind,
    Likeness,
    Line,
    Paper,
    compare,
    compare_days,
    compare_names,
    compare_numbers,
    judge,
    key_name,
)

DAY = date(2023, 5, 2)
LINE = Line("l", 2023, number="12/2023", day=DAY, holder="Nguyễn Thị Mẫu")
PAPER = Paper("p", number="12/2023", day=DAY, holder="Nguyễn Thị Mẫu")


def findings(judged: Judged) -> list[tuple[Kind, str | None, str | None]]:
    return sorted(((one.kind, one.line_id, one.paper_id) for one in judged.findings), key=str)


def ties(judged: Judged) -> dict[str, str]:
    return {pair.line_id: pair.paper_id for pair in judged.ties}


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("12/2023", "12/2023", "same"),
        ("12/2023", "l2/2023", "near"),  # a letter for its look-alike
        ("13/2023", "18/2023", "near"),
        ("12/2023", "13/2023", "different"),  # no reader takes 2 for 3: another paper of the register
        ("57/2023", "574/2023", "near"),  # a lost digit
        ("15/qd-ubnd", "15/qd-ubnb", "near"),
        ("13/2023", "18/2028", "different"),  # two slips
        ("", "12/2023", "absent"),
    ],
)
def test_numbers(one: str, other: str, found: str) -> None:
    assert compare_numbers(one, other) == compare_numbers(other, one) == Likeness(found)


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (DAY, "same"),
        (date(2023, 6, 2), "near"),
        (date(2028, 5, 2), "near"),
        (date(2023, 5, 3), "different"),
        (date(2023, 6, 7), "different"),
        (None, "absent"),
    ],
)
def test_days(other: date | None, found: str) -> None:
    assert compare_days(DAY, other) == compare_days(other, DAY) == Likeness(found)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Nguyễn Thị Mẫu", "NGUYEN  THI MAU", "same"),
        ("Nguyễn Thị Mẫu", "Nguyễn Thj Mẫu", "near"),
        ("Nguyễn Thị Mẫu và Trần Văn Thử", "Trần Văn Thử", "same"),
        ("Lê An", "Lê Ân", "same"),
        ("Lê An", "Lê Am", "different"),  # short names are one letter away from others
        ("Nguyễn Thị Mẫu", "Trần Văn Thử", "different"),
        (" ", "Trần Văn Thử", "absent"),
    ],
)
def test_names(one: str, other: str, found: str) -> None:
    assert compare_names(one, other) == compare_names(other, one) == Likeness(found)


def test_a_key_is_the_code_or_the_number_as_a_file_may_be_called() -> None:
    assert key_name("15/QĐ-UBND") == key_name("15-QD-UBND") == key_name("015_qđ_ubnd")
    assert compare(replace(LINE, code="h07-001"), replace(PAPER, key="H07_001")).by_key
    assert compare(LINE, replace(PAPER, key="12-2023")).by_key
    assert not compare(LINE, replace(PAPER, key="13-2023")).by_key


@pytest.mark.parametrize(
    ("line", "paper", "tied"),
    [
        ({}, {}, True),
        ({"day": None, "holder": ""}, {}, True),  # nothing contradicts the number
        ({}, {"number": "l2/2023"}, True),  # one slip, the rest agrees
        ({}, {"number": "l2/2023", "certain": frozenset({Field.NUMBER})}, False),  # a person read it so
        ({"holder": ""}, {"number": "l2/2023"}, False),  # too little agrees
        ({}, {"holder": "Nguyễn Thj Mẫu"}, True),
        ({}, {"number": "l2/2023", "holder": "Nguyễn Thj Mẫu"}, False),  # two slips
        ({}, {"day": date(2023, 6, 2)}, True),
        ({}, {"day": date(2023, 6, 2), "certain": frozenset({Field.DAY})}, False),
        ({}, {"day": date(2023, 5, 3)}, False),
        ({}, {"holder": "Trần Văn Thử"}, True),  # number and day: the other holder of the same paper
        ({"day": None}, {"holder": "Trần Văn Thử"}, False),
        ({"day": None}, {"day": date(2022, 5, 2)}, False),  # another year
        ({"holder_id": "079200000123"}, {"holder_id": "079200000124"}, False),
        ({"types": frozenset({"a"})}, {"type": "b"}, False),
        ({"code": "h7"}, {"key": "H7", "number": "", "day": None, "holder": ""}, True),  # the key alone
        ({"code": "h7"}, {"key": "H7", "number": "99/2023"}, False),  # key and content contradict
        ({"code": "h7"}, {"key": "H7", "number": "l2/2023", "holder": ""}, True),
        ({"number": ""}, {"number": ""}, False),  # namesakes on one day
        ({"number": "", "holder_id": "1"}, {"number": "", "holder_id": "1"}, True),
    ],
)
def test_what_ties(line: dict[str, Any], paper: dict[str, Any], tied: bool) -> None:
    one, other = replace(LINE, **line), replace(PAPER, **paper)
    assert compare(one, other).ties is tied
    judged = judge([one], [other], tied={})
    assert ties(judged) == ({"l": "p"} if tied else {})
    assert bool(judged.findings) is not tied


def test_points_are_explained() -> None:
    told = compare(LINE, replace(PAPER, number="l2/2023")).told()
    assert told["score"] == 25 + 25 + 20
    assert told["fields"] == {
        "key": "absent",
        "number": "near",
        "issued_on": "same",
        "holder_id": "absent",
        "holder_name": "same",
        "paper_type": "absent",
    }


def test_two_near_lines_tie_none_and_both_are_told() -> None:
    twin = replace(LINE, id="m", holder="")
    judged = judge([LINE, twin], [replace(PAPER, holder="")], tied={})
    assert judged.ties == ()
    assert findings(judged) == [(Kind.MISSING, "l", None), (Kind.MISSING, "m", None), (Kind.UNLISTED, None, "p")]
    assert {pair.line_id for pair in judged.findings[0].pairs} == {"l", "m"}


def test_an_exact_number_goes_before_a_near_one() -> None:
    lines = [replace(LINE, number="13/2023"), replace(LINE, id="m", number="18/2023")]
    papers = [replace(PAPER, number="18/2023"), replace(PAPER, id="q", number="13/2023")]
    assert ties(judge(lines, papers, tied={})) == {"m": "p", "l": "q"}


def test_two_papers_for_one_line_are_duplicates() -> None:
    twice = [PAPER, replace(PAPER, id="q")]
    judged = judge([LINE], twice, tied={})
    assert findings(judged) == [(Kind.DUPLICATE, "l", "p"), (Kind.DUPLICATE, "l", "q")]
    judged = judge([LINE], twice, tied={"l": "p"})
    assert findings(judged) == [(Kind.DUPLICATE, "l", "q")]


def test_key_first() -> None:
    """The key names one line, the content another: neither is tied."""
    other = replace(LINE, id="m", number="99/2023", code="h7")
    judged = judge([LINE, other], [replace(PAPER, key="H7")], tied={})
    assert judged.ties == ()
    assert findings(judged) == [(Kind.MISMATCHED, "m", "p"), (Kind.MISSING, "l", None)]
    mismatch = next(one for one in judged.findings if one.kind is Kind.MISMATCHED)
    assert [pair.line_id for pair in mismatch.pairs] == ["m", "l"]  # the pair itself, then what the content says


def test_a_tie_is_loosened_by_what_contradicts_unless_a_person_made_it() -> None:
    wrong = replace(PAPER, day=date(2023, 5, 9))
    judged = judge([LINE], [wrong], tied={"l": "p"})
    assert [(pair.line_id, pair.paper_id) for pair in judged.loosened] == [("l", "p")]
    assert findings(judged) == [(Kind.MISMATCHED, "l", "p")]
    kept = judge([LINE], [wrong], tied={"l": "p"}, settled={"l"})
    assert kept == Judged((), (), ())


def test_kept_apart_is_neither_tied_nor_told_again() -> None:
    judged = judge([LINE], [PAPER], tied={}, apart={("l", "p")})
    assert judged.ties == ()
    assert findings(judged) == [(Kind.MISSING, "l", None), (Kind.UNLISTED, None, "p")]
    assert all(one.pairs == () for one in judged.findings)


def test_a_paper_that_no_list_need_name_is_no_finding() -> None:
    stray = replace(PAPER, number="7/1999", day=date(1999, 1, 1), holder="Trần Văn Thử", expected=False)
    assert findings(judge([LINE], [stray], tied={})) == [(Kind.MISSING, "l", None)]
    assert (Kind.UNLISTED, None, "p") in findings(judge([LINE], [replace(stray, expected=True)], tied={}))


NUMBERS = st.sampled_from(["", "1/2023", "7/2023", "l/2023", "3/2023", "8/2023", "38/2023", "5/QĐ-UBND"])
DAYS = st.sampled_from([None, DAY, date(2023, 6, 2), date(2023, 5, 3), date(2022, 5, 2)])
NAMES = st.sampled_from(["", "Nguyễn Thị Mẫu", "Nguyễn Thj Mẫu", "Trần Văn Thử"])
KEYS = st.sampled_from(["", "1-2023", "h1", "h2"])
LINES = st.lists(
    st.builds(lambda number, day, name, code: Line("", 2023, code, number, day, name), NUMBERS, DAYS, NAMES, KEYS),
    max_size=6,
)
PAPERS = st.lists(
    st.builds(lambda key, number, day, name: Paper("", key, number, day, name), KEYS, NUMBERS, DAYS, NAMES),
    max_size=6,
)


def test_a_line_tied_in_this_run_speaks_like_one_tied_before() -> None:
    line = Line("l", 2023, number="1/2023", holder="Trần Văn Thử")
    own = Paper("own", number="1/2023")
    other = Paper("other", number="1/2023", holder="Nguyễn Thị Mẫu")
    first = judge([line], [own, other], tied={})
    assert ties(first) == {"l": "own"}
    again = judge([line], [own, other], tied={"l": "own"})
    assert findings(first) == findings(again)
    assert [one.kind for one in first.findings] == [Kind.UNLISTED]


@given(LINES, PAPERS, st.randoms())
def test_nothing_is_dropped_tied_twice_or_dependent_on_order(
    some_lines: list[Line], some_papers: list[Paper], random: Any
) -> None:
    lines = [replace(line, id=f"l{place}") for place, line in enumerate(some_lines)]
    papers = [replace(paper, id=f"p{place}") for place, paper in enumerate(some_papers)]
    judged = judge(lines, papers, tied={})
    made = ties(judged)
    assert len(made) == len(judged.ties) == len(set(made.values()))
    of_lines = {one.line_id for one in judged.findings if one.line_id}
    of_papers = Counter(one.paper_id for one in judged.findings if one.paper_id)
    assert of_lines | made.keys() == {line.id for line in lines}
    assert not any(one.kind is Kind.MISSING and one.line_id in made for one in judged.findings)
    assert set(of_papers) | set(made.values()) == {paper.id for paper in papers}
    assert all(count == 1 for count in of_papers.values())
    assert not set(of_papers) & set(made.values())
    for pair in judged.ties:
        assert pair.ties
        assert not pair.contradictions
    random.shuffle(lines)
    random.shuffle(papers)
    again = judge(lines, papers, tied={})
    assert (ties(again), findings(again)) == (made, findings(judged))
    after = judge(lines, papers, tied=made)  # a second run ties nothing else and loosens nothing
    assert (after.ties, after.loosened) == ((), ())
    assert findings(after) == findings(judged)
