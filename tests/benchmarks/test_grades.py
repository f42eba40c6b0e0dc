"""What counts as a word read right on a whole page, and what a reviewer of the worst pages meets."""

from __future__ import annotations

import pytest

from benchmarks.grades import ORDERS, Result, reliability, routed
from benchmarks.words import Truth, judge, missed
from workers.page import Grade, Line, Word

TRUTH = Truth.of("ỦY BAN NHÂN DÂN\nSố: 12/QĐ-UBND ngày 05 tháng 3\nĐiều 1. Phê duyệt kế hoạch", spaces=True)


def _line(text: str, confidence: float = 0.9) -> Line:
    return Line(tuple(Word(word, (10 * i, 0, 10 * i + 9, 9), confidence) for i, word in enumerate(text.split())))


def _right(text: str, truth: Truth = TRUTH) -> list[bool]:
    return [right for _, right in judge([_line(text)], truth).words]


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("Điều 1. Phê duyệt kế hoạch", [True] * 6),
        ("Điều 1. Phê duỵệt kế hoạch", [True, True, True, False, True, True]),
        ("ngày 05tháng 3", [True, False, True]),  # a space was lost
        ("ngày 05 th áng 3", [True, True, False, False, True]),  # and one was made
        ("Số: 12/QĐ-UBND 05 tháng 3", [True] * 5),  # a word left out harms no other
        ("- Điều 1.", [True, True]),  # bullets are not judged
        ("BND ngày 05 tháng 3", [True] * 5),  # a line may begin within a word that the printer broke
        ("hoàn toàn khác hẳn", [False] * 4),
    ],
)
def test_words_are_judged_by_the_stretch_of_the_truth_that_is_most_like_their_line(
    read: str, right: list[bool]
) -> None:
    assert _right(read) == right


def test_the_order_of_lines_does_not_count() -> None:
    lines = [_line("Điều 1. Phê duyệt kế hoạch"), _line("ỦY BAN NHÂN DÂN")]
    assert judge(lines, TRUTH).wrong == 0


def test_a_truth_that_lacks_spaces_asks_for_none() -> None:
    assert _right("Danh mục thủ tục", Truth.of("Danhmục thủtục", spaces=False)) == [True] * 4
    assert _right("Danhmục thủ", Truth.of("Danh mục thủ", spaces=False)) == [False, True]


def test_a_cell_is_looked_for_as_a_whole_word_first() -> None:
    truth = Truth.of("1.0112 1 1 10 11 12", spaces=True)
    assert judge([_line("11")], truth).covered == {10, 11}
    assert judge([_line("1 1")], truth).covered == {6, 7}


def test_a_line_that_is_printed_twice_covers_both_places() -> None:
    truth = Truth.of("Ghi chú Ghi chú", spaces=True)
    assert missed(truth, judge([_line("Ghi chú"), _line("Ghi chú")], truth).covered) == 0


def test_words_that_nobody_read_are_missed() -> None:
    judged = judge([_line("ỦY BAN NHÂN DÂN"), _line("Điều 1. Phê duyệt kế hoạch")], TRUTH)
    assert missed(TRUTH, judged.covered) == 6


def _page(mean: float, low: float, wrong: int, words: int = 10) -> Result:
    return Result("", "", Grade(mean, low), [(mean, index >= wrong) for index in range(words)])


def test_a_reviewer_of_the_lowest_tenth_meets_its_wrong_words() -> None:
    pages = [_page(0.98, 0.9, 0)] * 8 + [_page(0.97, 0.5, 6), _page(0.9, 0.8, 2)]
    met = routed(pages, ORDERS["5th percentile"])
    assert (met.pages, met.wrong, met.words) == (1, 6, 10)
    assert (met.other_pages, met.other_wrong, met.other_words) == (9, 2, 90)
    assert routed(pages, ORDERS["mean"]).wrong == 2


def test_reliability_sets_what_was_said_beside_what_was_right() -> None:
    rows = reliability([_page(0.92, 0.9, 1), _page(0.6, 0.5, 5)])
    assert [(low, high, words, right) for low, high, words, _, right in rows] == [
        (0.5, 0.7, 10, 0.5),
        (0.9, 0.95, 10, 0.9),
    ]
    assert [sure for *_, sure, _ in rows] == pytest.approx([0.6, 0.92])
