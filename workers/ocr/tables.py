"""Ruled tables as rows and columns: which cell stands where, what it spans and what it says.

``grid`` finds the cells; here their edges become the table's lines. The text of a cell is that of the words whose middles lie
in it, whoever read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np

from workers.ocr.grid import find_grids
from workers.ocr.ink import outlines, reduce
from workers.page import Box, Cell, Line, PageOutcome, Pixels, Table, Word, hull, meet

ONE_EDGE_MM = 2.2
"""Edges so near to one another are one line of the table: both sides of a rule, a page that bends a little. Cells are wider
and higher (``grid.MIN_CELL_MM``)."""
LEVEL = 5
"""Times as long as high is a level rule."""
SAME_COLUMNS = 0.015
"""Of the page's width by which the columns of a table and of its continuation overleaf may differ."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """``tables`` from top to bottom, without text; ``rules``: boxes of level rules that are no table's."""

    tables: tuple[Table, ...]
    rules: tuple[Box, ...]

    def moved(self, fx: float, fy: float) -> Ruled:
        """The same on a page ``fx`` times as wide and ``fy`` times as high."""
        rules = tuple((round(x0 * fx), round(y0 * fy), round(x1 * fx), round(y1 * fy)) for x0, y0, x1, y1 in self.rules)
        return Ruled(moved_to(self.tables, fx, fy), rules)


def find_ruled(grey: Pixels, dpi: float) -> Ruled:
    """What is ruled on a page; boxes in pixels of ``grey``, uint8 ``(H, W)``, straightened."""
    page = reduce(grey, dpi)
    grids, mask = find_grids(page)
    near = ONE_EDGE_MM / 25.4 * page.dpi
    tables = tuple(structured(grid.cells, near) for grid in grids)
    level = tuple(
        box
        for box, _ in outlines(mask)
        if box[2] - box[0] > LEVEL * (box[3] - box[1]) and not any(meet(box, grid.box) for grid in grids)
    )
    return Ruled(tables, level).moved(page.factor, page.factor)


def structured(boxes: Sequence[Box], near: float) -> Table:
    """The rows, columns and spans that ``boxes`` make, whose edges are one when closer than ``near``; ``ValueError`` for none."""
    if not boxes:
        raise ValueError("a table has cells")
    across = _numbered([side for box in boxes for side in (box[0], box[2])], near)
    down = _numbered([side for box in boxes for side in (box[1], box[3])], near)
    cells = []
    for box in boxes:
        column, row = across[box[0]], down[box[1]]
        spans = max(1, down[box[3]] - row), max(1, across[box[2]] - column)
        cells.append(Cell(box, row, column, *spans))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return Table(hull(boxes), max(down.values()), max(across.values()), tuple(cells))


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
    over = [line for line in page.lines if line.words and line.box[3] <= table.box[1]]
    under = [line for line in before.lines if line.words and line.box[1] >= last.box[3]]
    return all(_is_page_number(line) for line in (*over, *under))


def _is_page_number(line: Line) -> bool:
    return line.text.strip(" -–—.").isdigit()


def _columns(table: Table, width: float) -> list[float]:
    """The left edges of the columns and the last right one, as shares of the page's width."""
    found: dict[int, list[float]] = {}
    for cell in table.cells:
        found.setdefault(cell.column, []).append(cell.box[0] / width)
        found.setdefault(cell.column + cell.columns, []).append(cell.box[2] / width)
    return [float(np.median(sides)) for _, sides in sorted(found.items())]


def _numbered(edges: Sequence[int], near: float) -> dict[int, int]:
    """The number of the table's line that each edge is part of, from 0; edges nearer than ``near`` to the next are one."""
    ordered = sorted(set(edges))
    starts = accumulate((b - a > near for a, b in pairwise(ordered)), initial=0)
    return dict(zip(ordered, starts, strict=True))


def _text(box: Box, lines: Sequence[Line]) -> str:
    rows = ([word.text for word in line.words if _within(word, box)] for line in lines)
    return "\n".join(" ".join(words) for words in rows if words)


def _within(word: Word, box: Box) -> bool:
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    return box[0] <= x < box[2] and box[1] <= y < box[3]
