"""From outputs to words: checked against every path there is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from tests.workers.ocr.reader.outputs import outputs, small_outputs, spelled, texts_by_brute_force, unhurried
from workers.ocr.reader.ctc import Claim, best_path, text_probabilities
from workers.ocr.reader.net import LogProbabilities


def words(line: LogProbabilities) -> list[str]:
    return [span.text for span in best_path(line)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Số: 383/KH-UBND", ["Số:", "383/KH-UBND"]),
        ("  hai   chữ ", ["hai", "chữ"]),
        ("2003", ["2003"]),
        ("   ", []),
        ("", []),
    ],
)
def test_repeats_merge_blanks_part_and_spaces_make_words(text: str, wanted: list[str]) -> None:
    assert words(outputs([{}])) == []
    assert words(np.concatenate([outputs([{}]), np.repeat(spelled(text), 2, axis=0)])) == wanted


def test_a_blank_between_keeps_two_of_the_same() -> None:
    assert words(outputs([{"0": 0.9}, {"0": 0.9}, {}, {"0": 0.9}])) == ["00"]
    assert words(outputs([{"0": 0.9}, {"0": 0.9}, {"0": 0.9}])) == ["0"]


def test_a_word_knows_its_steps_and_the_spaces_beside_it() -> None:
    one, two = best_path(outputs([{}, {"a": 0.9}, {"b": 0.9}, {" ": 0.6}, {}, {"c": 0.9}, {"c": 0.8}]))
    assert (one.start, one.end, one.first, one.last) == (0, 3, (1, 2), (2, 3))
    assert (two.start, two.end, two.first, two.last) == (4, 7, (5, 7), (5, 7))
    assert one.apart == two.apart == pytest.approx(0.6, abs=1e-3)


@unhurried
@given(small_outputs())
def test_a_text_is_as_likely_as_all_its_paths_together(steps: LogProbabilities) -> None:
    wanted = texts_by_brute_force(steps)
    claims = [Claim(0, 0, len(steps), text) for text in wanted]
    assert text_probabilities([steps], claims) == pytest.approx(list(wanted.values()), rel=1e-4, abs=1e-7)


@unhurried
@given(small_outputs(), small_outputs())
def test_claims_of_all_lengths_are_summed_side_by_side(one: LogProbabilities, two: LogProbabilities) -> None:
    lines = [one, two]
    claims = [
        Claim(line, start, end, text)
        for line, steps in enumerate(lines)
        for start in range(len(steps))
        for end in range(start + 1, len(steps) + 1)
        for text in ((1,), (2, 2), (1, 2, 1), ())
    ]
    together = text_probabilities(lines, claims)
    alone = [text_probabilities(lines, [claim])[0] for claim in claims]
    assert together == pytest.approx(alone, rel=1e-9, abs=1e-15)


def test_a_text_longer_than_its_steps_is_impossible() -> None:
    assert text_probabilities([spelled("ab", gap=0)], [Claim(0, 0, 2, (1, 2, 3))]).tolist() == [0.0]
    assert text_probabilities([], []).tolist() == []
