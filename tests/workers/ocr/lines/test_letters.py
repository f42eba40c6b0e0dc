"""No mark of any Vietnamese letter is clipped or given to another line, in any style, however close the lines stand."""

from __future__ import annotations

import pytest

from tests.workers.ocr.lines.letters import FACES, LETTERS, Held, drawn, held, lines_of_letters
from workers.ocr.lines import cut_lines

NORMAL, SINGLE, SOLID = 1.25, 1.15, 1.0
"""Parts of the type's size from line to line: Word's 1.1 lines, its single spacing for Times, and lines set solid, where the marks
on capitals stand among the hooks of the line above.
"""


def all_held(face: str, dpi: int, leading: float, *, damaged: bool) -> list[Held]:
    sample = drawn(face, dpi, leading, damaged=damaged)
    cut = cut_lines(sample.grey, dpi)
    assert len(cut) == len(sample.alone)
    return [held(line, sample, index) for index, line in enumerate(cut)]


def test_the_pages_hold_every_letter() -> None:
    assert len(LETTERS) == 2 * (72 + 1 + 20)
    assert set("".join(lines_of_letters())) - {" "} == set(LETTERS)


@pytest.mark.parametrize("damaged", [False, True], ids=["clean", "damaged"])
@pytest.mark.parametrize("dpi", [150, 190, 300])
@pytest.mark.parametrize("face", FACES)
def test_at_normal_spacing_each_mark_of_each_letter_is_kept(face: str, dpi: int, damaged: bool) -> None:
    for line in all_held(face, dpi, NORMAL, damaged=damaged):
        assert line.least >= 0.9
        assert line.foreign <= 0.003


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("dpi", [190, 300])
def test_at_single_spacing_each_mark_of_each_letter_is_kept(face: str, dpi: int) -> None:
    for line in all_held(face, dpi, SINGLE, damaged=False):
        assert line.least >= 0.9
        assert line.foreign <= 0.003


@pytest.mark.parametrize(
    ("dpi", "leading", "own", "foreign"),
    [(100, NORMAL, 0.985, 0.015), (100, SINGLE, 0.98, 0.02), (150, SINGLE, 0.985, 0.015), (190, SOLID, 0.975, 0.025)],
)
@pytest.mark.parametrize("face", FACES)
def test_where_the_inks_of_two_lines_touch_little_is_lost(
    face: str, dpi: int, leading: float, own: float, foreign: float
) -> None:
    for damaged in (False, True):
        for line in all_held(face, dpi, leading, damaged=damaged):
            assert line.own >= own
            assert line.foreign <= foreign
