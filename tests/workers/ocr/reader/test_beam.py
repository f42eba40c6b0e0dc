"""Alternatives: exact where the beam is wide enough, never likelier than they are where it is not."""

from __future__ import annotations

import math

import pytest
from hypothesis import given

from tests.workers.ocr.reader.outputs import outputs, small_outputs, texts_by_brute_force, unhurried
from workers.ocr.reader.beam import readings
from workers.ocr.reader.ctc import best_path, spell
from workers.ocr.reader.net import LogProbabilities


@unhurried
@given(small_outputs())
def test_a_wide_beam_finds_every_text_and_its_probability(steps: LogProbabilities) -> None:
    wanted = texts_by_brute_force(steps)
    found = dict(readings(steps, width=10_000, symbols=10, floor=0.0, hopeless=0.0))
    assert {text: math.exp(chance) for text, chance in found.items()} == pytest.approx(wanted, rel=1e-3, abs=1e-9)


@unhurried
@given(small_outputs())
def test_a_narrow_beam_promises_too_little_at_most(steps: LogProbabilities) -> None:
    wanted = texts_by_brute_force(steps)
    found = readings(steps, width=2, symbols=1)
    assert 1 <= len(found) <= 2
    assert [chance for _, chance in found] == sorted((chance for _, chance in found), reverse=True)
    assert all(math.exp(chance) <= wanted[text] * 1.001 for text, chance in found)


def test_a_text_of_many_paths_beats_the_best_path() -> None:
    steps = outputs([{"a": 0.4}, {"a": 0.4}])
    assert best_path(steps) == ()  # blank, blank: 0.36, and a in three ways: 0.64
    (first, chance), *_ = readings(steps)
    assert spell(first) == "a"
    assert math.exp(chance) == pytest.approx(0.64, abs=1e-3)


def test_marks_in_doubt_are_offered() -> None:
    steps = outputs([{"b": 0.99}, {}, {"ổ": 0.5, "ố": 0.3, "ồ": 0.15}])
    assert [spell(text) for text, _ in readings(steps)][:3] == ["bổ", "bố", "bồ"]


def test_a_long_line_stays_in_the_range_of_numbers() -> None:
    text, chance = readings(outputs([{"a": 0.6, "b": 0.4}, {}] * 700))[0]
    assert len(text) == 700
    assert chance == pytest.approx(700 * math.log(0.6), rel=0.01)
