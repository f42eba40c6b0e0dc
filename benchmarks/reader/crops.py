"""A page as the engines get it, its cut lines, and which of them belong to a line of the truth."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workers.ocr.lines import CutLine, cut_lines
from workers.ocr.small_print import FINER, height, with_small_print
from workers.page import Box, Line, Pixels, Placement, Word
from workers.steps.clean import for_reading
from workers.steps.leaders import without_leaders
from workers.steps.resample import moved, reading_copy, to_page

Read = Callable[[Sequence[CutLine], float], Sequence[Line | None]]
"""Cut lines and their dpi in, what stands in each out."""

SAME_ROW = 0.6
"""Letter heights by which the baselines of pieces of one printed line may differ."""


@dataclass(frozen=True, slots=True)
class Cut:
    """``lines`` of the reading copy, which is ``factor`` times as large as the page; CPU ``seconds`` to clean and to cut it."""

    lines: tuple[CutLine, ...]
    dpi: float
    factor: float
    grey: Pixels
    seconds: tuple[float, float]


def cut_page(pixels: Pixels, dpi: float) -> Cut:
    """What the pipeline does to a straightened page before an engine reads it."""
    started = time.process_time()
    copy, copy_dpi = reading_copy(pixels, dpi)
    grey = without_leaders(for_reading(copy, copy_dpi), copy_dpi)
    cleaned = time.process_time()
    lines = cut_lines(grey, copy_dpi)
    seconds = cleaned - started, time.process_time() - cleaned
    return Cut(lines, copy_dpi, copy.shape[1] / pixels.shape[1], grey, seconds)


@dataclass(frozen=True, slots=True)
class Row:
    """Where a line stands that was read at the page's own resolution; in pixels of the reading copy, as ``CutLine`` has it."""

    baseline: float
    x_height: float


def read_page(pixels: Pixels, dpi: float, cut: Cut, read: Read) -> list[tuple[CutLine | Row, Line | None]]:
    """What the pipeline makes of the cut page: its lines, small print read again from the page's own ``pixels``."""
    first = list(read(cut.lines, cut.dpi))
    if dpi <= FINER * cut.dpi:
        return list(zip(cut.lines, first, strict=True))
    page, copy = (Placement.identity(image.shape[1], image.shape[0]) for image in (pixels, cut.grey))

    def again(box: Box) -> tuple[Line, ...]:
        x0, y0, x1, y1 = (round(side / cut.factor) for side in box)
        near = cut_lines(without_leaders(for_reading(pixels[y0:y1, x0:x1].copy(), dpi), dpi), dpi)
        fresh = tuple(line for line in read(near, dpi) if line)
        return to_page(moved(fresh, x0, y0), page, copy)

    found = with_small_print([line for line in first if line], (copy.width, copy.height), cut.dpi, again)
    kept = {id(line) for line in found}
    rows: list[tuple[CutLine | Row, Line | None]] = [
        (row, line) for row, line in zip(cut.lines, first, strict=True) if line is None or id(line) in kept
    ]
    known = {id(line) for line in first}
    return rows + [(_row(line), line) for line in found if id(line) not in known]


def _row(line: Line) -> Row:
    feet = sorted(word.box[3] for word in line.words)
    middle = (line.words[0].box[0] + line.words[-1].box[2]) / 2
    base = line.baseline[0] + line.baseline[1] * middle if line.baseline else feet[len(feet) // 2]
    return Row(base, 0.7 * height(line))


def words_in(cut: Cut, read: Sequence[tuple[CutLine | Row, Line | None]], box: Box) -> list[Word]:
    """What was read inside ``box`` (page pixels): the words of the row nearest to its middle, left to right."""
    x0, y0, x1, y1 = (value * cut.factor for value in box)
    middle = (y0 + y1) / 2
    inside: list[tuple[float, CutLine | Row, list[Word]]] = []
    for line, said in read:
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
