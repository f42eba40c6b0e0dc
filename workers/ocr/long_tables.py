"""Tables put together over the pages that they run on: the repeated head once, rows that a page's end broke made whole."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from workers.ocr.tables import goes_on
from workers.page import Cell, PageOutcome, Table

SAME_HEAD = 0.85
"""Share of its letters that a row repeated at the top of a page has in common with the first one: readings differ a little."""

Row = tuple[Cell, ...]


@dataclass(slots=True)
class LongTable:
    """``pages``: numbers of those it stands on; ``rows``: the cells that begin in each row, left to right. Boxes are of their pages."""

    pages: list[int]
    columns: int
    rows: list[Row]


@dataclass(slots=True)
class LongTables:
    """Takes a document's pages in order."""

    found: list[LongTable] = field(default_factory=list)
    _before: PageOutcome | None = None

    def add(self, page: PageOutcome) -> bool:
        """Whether the page's first table goes on with the last one of the page before."""
        continued = self._before is not None and goes_on(page, self._before)
        for index, table in enumerate(page.tables):
            if continued and index == 0:
                _append(self.found[-1], page.number, table)
            else:
                self.found.append(LongTable([page.number], table.columns, _rows(table)))
        self._before = replace(page, preview=None, fallback_jpeg=None, source=None, overlays=())
        return continued


def _append(whole: LongTable, number: int, table: Table) -> None:
    rows = _rows(table)
    head = 0
    while head < min(len(rows), len(whole.rows)) and _alike(rows[head], whole.rows[head]):
        head += 1
    rows = rows[head:]
    if rows and whole.rows and _is_broken_off(whole.rows[-1], rows[0]):
        whole.rows[-1] = tuple(_joined(over, under) for over, under in zip(whole.rows[-1], rows[0], strict=True))
        rows = rows[1:]
    whole.rows += rows
    whole.pages.append(number)


def _rows(table: Table) -> list[Row]:
    rows: list[list[Cell]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row].append(cell)
    return [tuple(row) for row in rows if row]


def _alike(row: Row, other: Row) -> bool:
    if [_span(cell) for cell in row] != [_span(cell) for cell in other]:
        return False
    ours, theirs = (" ".join(cell.text for cell in cells).split() for cells in (row, other))
    return SequenceMatcher(None, " ".join(ours), " ".join(theirs), autojunk=False).ratio() >= SAME_HEAD


def _is_broken_off(last: Row, first: Row) -> bool:
    """A row goes on overleaf when what stands first in it (its number) doesn't, and it says nothing in a cell that was empty."""
    if [_span(cell) for cell in last] != [_span(cell) for cell in first]:
        return False
    says = [bool(cell.text) for cell in first]
    return any(says) and not says[0] and all(over.text or not said for over, said in zip(last, says, strict=True))


def _span(cell: Cell) -> tuple[int, int, int]:
    return cell.column, cell.rows, cell.columns


def _joined(over: Cell, under: Cell) -> Cell:
    return replace(over, text=f"{over.text}\n{under.text}" if under.text else over.text)
