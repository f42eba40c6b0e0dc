"""The cut lines under each other on one white sheet, for engines that read pages; and the way back to the page.

One call reads all lines, in their order, without the engine's own idea of columns; the wide white gaps keep it from joining
lines or cutting their marks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from workers.ocr.lines import CutLine
from workers.page import Box, Line, Pixels, Word

GAP_LETTERS = 1.2
WHITE = 255


@dataclass(frozen=True, slots=True)
class Mosaic:
    """``pixels``: the sheet, grey; ``tops``: y of each line's crop on it, ascending; ``left``: x of all of them."""

    pixels: Pixels
    lines: tuple[CutLine, ...]
    tops: tuple[int, ...]
    left: int

    def gather(self, words: Iterable[Word]) -> dict[int, Line]:
        """Words with boxes on the sheet -> lines with boxes on the page, by the index of their cut line."""
        found: list[list[Word]] = [[] for _ in self.lines]
        for word in words:
            index = self._line_at((word.box[1] + word.box[3]) / 2)
            box = self._on_page(index, word.box)
            if box is not None:
                found[index].append(Word(word.text, box, word.confidence))
        return {
            index: Line(tuple(sorted(mine, key=lambda word: word.box[0])), (self.lines[index].baseline, 0.0))
            for index, mine in enumerate(found)
            if mine
        }

    def _line_at(self, y: float) -> int:
        index = max(0, bisect_right(self.tops, y) - 1)
        bottom = self.tops[index] + self.lines[index].pixels.shape[0]
        if y > bottom and index + 1 < len(self.lines) and self.tops[index + 1] - y < y - bottom:
            return index + 1
        return index

    def _on_page(self, index: int, box: Box) -> Box | None:
        x0, y0, x1, y1 = self.lines[index].box
        dx, dy = x0 - self.left, y0 - self.tops[index]
        moved = (max(x0, box[0] + dx), max(y0, box[1] + dy), min(x1, box[2] + dx), min(y1, box[3] + dy))
        return moved if moved[0] < moved[2] and moved[1] < moved[3] else None


def lay_out(lines: Sequence[CutLine]) -> Mosaic:
    """A sheet for at least one line."""
    letter = max(4.0, float(np.median([line.x_height for line in lines])))
    gap = round(GAP_LETTERS * letter)
    width = max(line.pixels.shape[1] for line in lines) + 2 * gap
    height = sum(line.pixels.shape[0] + gap for line in lines) + gap
    sheet = np.full((height, width), WHITE, np.uint8)
    tops: list[int] = []
    y = gap
    for line in lines:
        h, w = line.pixels.shape
        sheet[y : y + h, gap : gap + w] = line.pixels
        tops.append(y)
        y += h + gap
    return Mosaic(sheet, tuple(lines), tuple(tops), gap)


def flow_and_cells(lines: Sequence[CutLine]) -> list[list[int]]:
    """Indices of the lines of running text, and of those of table cells: narrow ones waste the width of a shared sheet."""
    cells = [i for i, line in enumerate(lines) if line.cell]
    flow = [i for i, line in enumerate(lines) if not line.cell]
    return [group for group in (flow, cells) if group]
