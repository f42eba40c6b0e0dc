"""Ruled tables as rows and columns: which cell stands where, what it spans and what it says.

``grid`` finds the cells; here their edges become the table's lines. The text of a cell is that of the words whose middles lie
in it, whoever read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from workers.ocr.grid import find_grids
from workers.ocr.ink import reduce
from workers.page import Box, Cell, Line, PageOutcome, Pixels, Table, Word

ONE_EDGE_MM = 2.2
"""Edges so near to one another are one line of the table: both sides of a rule, a page that bends a little. Cells are wider
and higher (``grid.MIN_CELL_MM``)."""
SAME_COLUMNS = 0.015
"""Of the page's width by which the columns of a table and of its continuation overleaf may differ."""


def find_tables(grey: Pixels, dpi: float) -> tuple[Table, ...]:
    """Tables from top to bottom, without text; boxes in pixels of ``grey``, uint8 ``(H, W)``, straightened."""
    page = reduce(grey, dpi)
    grids, _ = find_grids(page)
    near = ONE_EDGE_MM / 25.4 * dpi
    return tuple(structured([_enlarged(cell, page.factor) for cell in grid.cells], near) for grid in grids)


def structured(boxes: Sequence[Box], near: float) -> Table:
    """The rows, columns and spans that ``boxes`` make, whose edges are one when closer than ``near``; ``ValueError`` for none."""
    if not boxes:
        raise ValueError("a table has cells")
    across = _Edges([side for box in boxes for side in (box[0], box[2])], near)
    down = _Edges([side for box in boxes for side in (box[1], box[3])], near)
    cells = []
    for box in boxes:
        column, row = across.index(box[0]), down.index(box[1])
        spans = max(1, down.index(box[3]) - row), max(1, across.index(box[2]) - column)
        cells.append(Cell(box, row, column, *spans))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    hull = across.first, down.first, across.last, down.last
    return Table(hull, down.count - 1, across.count - 1, tuple(cells))


def filled(tables: Sequence[Table], lines: Sequence[Line]) -> tuple[Table, ...]:
    """The tables with the words of ``lines`` (in the same pixels) in their cells, printed lines parted by newlines."""
    return tuple(
        replace(table, cells=tuple(replace(cell, text=_text(cell.box, lines)) for cell in table.cells))
        for table in tables
    )


def moved_to(tables: Sequence[Table], fx: float, fy: float) -> tuple[Table, ...]:
    """The tables on a page ``fx`` times as wide and ``fy`` times as high."""

    def at(box: Box) -> Box:
        return round(box[0] * fx), round(box[1] * fy), round(box[2] * fx), round(box[3] * fy)

    return tuple(
        replace(table, box=at(table.box), cells=tuple(replace(cell, box=at(cell.box)) for cell in table.cells))
        for table in tables
    )


def goes_on(page: PageOutcome, before: PageOutcome) -> bool:
    """Whether the first table of ``page`` goes on where the last one of the page before was broken off.

    Both have the same columns, in shares of their pages' widths, and no printed line stands between them but the pages' numbers.
    """
    if not (page.tables and before.tables):
        return False
    table, last = page.tables[0], before.tables[-1]
    ours, theirs = _columns(table, page.width), _columns(last, before.width)
    if len(ours) != len(theirs) or any(abs(a - b) > SAME_COLUMNS for a, b in zip(ours, theirs, strict=True)):
        return False
    over = [line for line in page.lines if line.words and _foot(line) <= table.box[1]]
    under = [line for line in before.lines if line.words and _top(line) >= last.box[3]]
    return all(_is_page_number(line) for line in (*over, *under))


def _top(line: Line) -> int:
    return min(word.box[1] for word in line.words)


def _foot(line: Line) -> int:
    return max(word.box[3] for word in line.words)


def _is_page_number(line: Line) -> bool:
    return line.text.strip(" -–—.").isdigit()


def _columns(table: Table, width: float) -> list[float]:
    """The left edges of the columns and the last right one, as shares of the page's width."""
    found: dict[int, list[float]] = {}
    for cell in table.cells:
        found.setdefault(cell.column, []).append(cell.box[0] / width)
        found.setdefault(cell.column + cell.columns, []).append(cell.box[2] / width)
    return [float(np.median(sides)) for _, sides in sorted(found.items())]


class _Edges:
    """Edges along one side of a table, gathered where they are near; numbered from 0."""

    def __init__(self, values: Sequence[int], near: float) -> None:
        ordered = sorted(set(values))
        self.first, self.last = ordered[0], ordered[-1]
        self._number: dict[int, int] = {}
        number, last = 0, ordered[0]
        for value in ordered:
            number += value - last > near
            self._number[value] = number
            last = value
        self.count = number + 1

    def index(self, value: int) -> int:
        return self._number[value]


def _text(box: Box, lines: Sequence[Line]) -> str:
    rows = ([word.text for word in line.words if _within(word, box)] for line in lines)
    return "\n".join(" ".join(words) for words in rows if words)


def _within(word: Word, box: Box) -> bool:
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def _enlarged(box: Box, factor: int) -> Box:
    x0, y0, x1, y1 = box
    return x0 * factor, y0 * factor, x1 * factor, y1 * factor
