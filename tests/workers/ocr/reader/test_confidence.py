from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.ocr.reader.confidence import Calibration, sureness, worth
from workers.page import Word

TABLE = [[0.0, 0.2], [0.5, 0.4], [0.9, 0.8], [1.0, 0.99]]


def word(text: str, confidence: float) -> Word:
    return Word(text, (0, 0, 1, 1), confidence)


def test_without_a_table_raw_confidence_stands() -> None:
    assert [Calibration.from_json(None)(raw) for raw in (-0.1, 0.0, 0.3, 1.0, 1.1)] == [0.0, 0.0, 0.3, 1.0, 1.0]


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_table_keeps_the_order(one: float, other: float) -> None:
    calibrated = Calibration.from_json(TABLE)
    assert calibrated(0.7) == pytest.approx(0.6)
    low, high = sorted((one, other))
    assert 0.2 <= calibrated(low) <= calibrated(high) <= 0.99


@pytest.mark.parametrize(
    "points", [[[0.0, 0.5], [1.0, 0.4]], [[0.5, 0.1], [0.5, 0.2]], [[0.0, 0.0], [1.0, 1.2]], [[0.0, float("nan")]]]
)
def test_tables_that_fall_repeat_or_leave_the_range_are_refused(points: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="calibration"):
        Calibration.from_json(points)


def test_a_line_is_as_sure_as_its_letters() -> None:
    assert sureness([word("aaa", 1.0), word("b", 0.0)]) == pytest.approx(0.75)
    assert sureness([]) == 0.0


def test_neither_dropping_words_nor_making_them_up_pays() -> None:
    whole = [word("Nguyễn", 0.9), word("Văn", 0.8)]
    assert worth(whole) > worth(whole[1:])
    assert worth(whole) > worth([*whole, word("~~~~", 0.05)])
    assert worth([word("Nguyễn", 0.4)]) > worth([]) == 0.0  # most of its letters are right
