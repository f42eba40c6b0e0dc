"""A page as the engines get it, its cut lines, and which of them belong to a line of the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workers.ocr.lines import CutLine, cut_lines
from workers.page import Box, Line, Pixels, Word
from workers.steps.clean import for_reading
from workers.steps.leaders import without_leaders
from workers.steps.resample import reading_copy

SAME_ROW = 0.6
"""Letter heights by which the baselines of pieces of one printed line may differ."""


@dataclass(frozen=True, slots=True)
class Cut:
    """``lines`` of the reading copy, which is ``factor`` times as large as the page."""

    lines: tuple[CutLine, ...]
    dpi: float
    factor: float
    grey: Pixels


def cut_page(pixels: Pixels, dpi: float) -> Cut:
    """What the pipeline does to a straightened page before an engine reads it."""
    copy, copy_dpi = reading_copy(pixels, dpi)
    grey = without_leaders(for_reading(copy, copy_dpi), copy_dpi)
    return Cut(cut_lines(grey, copy_dpi), copy_dpi, copy.shape[1] / pixels.shape[1], grey)


def words_in(cut: Cut, read: Sequence[Line | None], box: Box) -> list[Word]:
    """What was read inside ``box`` (page pixels): the words of the row nearest to its middle, left to right."""
    x0, y0, x1, y1 = (value * cut.factor for value in box)
    middle = (y0 + y1) / 2
    inside: list[tuple[float, CutLine, list[Word]]] = []
    for line, said in zip(cut.lines, read, strict=True):
        row = line.baseline - 0.5 * line.x_height
        if not y0 <= row <= y1:
            continue
        words = [word for word in (said.words if said else ()) if x0 <= (word.box[0] + word.box[2]) / 2 <= x1]
        if words:
            inside.append((abs(row - middle), line, words))
    if not inside:
        return []
    _, nearest, _ = min(inside, key=lambda item: item[0])
    words = [
        word
        for _, line, found in inside
        if abs(line.baseline - nearest.baseline) <= SAME_ROW * nearest.x_height
        for word in found
    ]
    return sorted(words, key=lambda word: word.box[0])
