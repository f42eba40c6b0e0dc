"""Ruled tables as rows, columns and spans; what their cells say; and tables that go on overleaf."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.workers.drawn import BODY, Sheet, leaning
from workers.ocr.tables import filled, find_ruled, goes_on, moved_to, structured
from workers.page import Line, PageOutcome, Word

DPI = 190
XS = (20, 40, 100, 140, 180)


def sheet_with_table(dpi: int = DPI) -> Sheet:
    """Two columns that are two rows high in the head, one head over two columns, two rows of four cells, no text."""
    sheet = Sheet(dpi)
    sheet.grid(XS[:3], (50, 70))
    sheet.grid((XS[2], XS[4]), (50, 60))
    sheet.grid(XS[2:], (60, 70))
    sheet.grid(XS, (70, 85, 100))
    return sheet


def place(cells: object) -> list[tuple[int, int, int, int]]:
    return [(c.row, c.column, c.rows, c.columns) for c in cells]  # type: ignore[attr-defined]  # cells of a table


HEAD = [(0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 1, 2), (1, 2, 1, 1), (1, 3, 1, 1)]
ROWS = [(row, column, 1, 1) for row in (2, 3) for column in range(4)]


@pytest.mark.parametrize("angle", [0.0, 0.4])
def test_rows_columns_and_spans(angle: float) -> None:
    sheet = sheet_with_table()
    sheet.write(30, 120, BODY)
    grey = leaning(sheet.grey, angle) if angle else sheet.grey
    (table,) = find_ruled(grey, DPI).tables
    assert (table.rows, table.columns) == (4, 4)
    assert place(table.cells) == HEAD + ROWS
    if not angle:
        wanted = [round(mm / 25.4 * DPI) for mm in (20, 50, 180, 100)]
        assert table.box == pytest.approx(wanted, abs=6)


def test_a_rule_may_fade_for_a_while() -> None:
    """Where a thin rule that leans steps from one row of pixels to the next, the copy shows it half as dark."""
    dpi = 95  # that of the copy on which rules are looked for
    faded = sheet_with_table(dpi).grey
    y, x = round(85 / 25.4 * dpi), round(120 / 25.4 * dpi)
    part = faded[y - 3 : y + 4, x : x + 20]
    part[part < 128] = 216
    (table,) = find_ruled(faded, dpi).tables
    assert place(table.cells) == HEAD + ROWS
    part[:] = 255
    assert place(find_ruled(faded, dpi).tables[0].cells) != HEAD + ROWS


def test_a_page_without_rules_has_no_table() -> None:
    sheet = Sheet(DPI)
    sheet.write(30, 50, BODY)
    assert find_ruled(sheet.grey, DPI).tables == ()


def test_a_bent_column_is_one_column() -> None:
    """Edges drift along a page that bends; both sides of a rule are one edge."""
    rows = 12
    boxes = [(100 + 300 * c + r, 50 * r, 398 + 300 * c + r, 50 * r + 47) for r in range(rows) for c in range(3)]
    table = structured(boxes, 12)
    assert (table.rows, table.columns) == (rows, 3)
    assert place(table.cells) == [(r, c, 1, 1) for r in range(rows) for c in range(3)]


def test_no_cells_make_no_table() -> None:
    with pytest.raises(ValueError, match="cells"):
        structured([], 10)


def test_words_lie_in_the_cells_that_hold_their_middles() -> None:
    table = structured([(0, 0, 100, 50), (103, 0, 200, 50), (0, 53, 100, 100), (103, 53, 200, 100)], 5)
    across = Line(
        (Word("Mã", (10, 10, 40, 30), 0.9), Word("số", (60, 10, 104, 30), 0.9), Word("Tên", (120, 10, 160, 30), 0.9))
    )
    under = Line((Word("1.013239", (10, 32, 90, 48), 0.9),))
    elsewhere = Line((Word("2", (300, 10, 310, 30), 0.9),))
    (found,) = filled([table], [across, under, elsewhere])
    assert [cell.text for cell in found.cells] == ["Mã số\n1.013239", "Tên", "", ""]


def test_moved_tables_keep_their_structure() -> None:
    table = structured([(0, 0, 100, 50), (103, 0, 200, 50)], 5)
    (moved,) = moved_to([table], 2.0, 3.0)
    assert moved.box == (0, 0, 400, 150)
    assert [cell.box for cell in moved.cells] == [(0, 0, 200, 150), (206, 0, 400, 150)]
    assert place(moved.cells) == place(table.cells)


def outcome(number: int, top: int, *lines: str, shift: int = 0) -> PageOutcome:
    """A page of 1000 x 1400 pixels with a table of two columns from ``top`` on, and printed lines above or under it."""
    boxes = [(100 + shift, top, 500 + shift, top + 200), (503 + shift, top, 900 + shift, top + 200)]
    printed = tuple(
        Line((Word(text, (400, at, 600, at + 20), 0.9),)) for text, at in zip(lines, (40, 1300), strict=False) if text
    )
    return PageOutcome(number, width=1000, height=1400, tables=(structured(boxes, 8),), lines=printed)


def test_a_table_goes_on_overleaf() -> None:
    first, second = outcome(1, 1000), outcome(2, 100)
    assert goes_on(second, first)
    assert goes_on(outcome(2, 100, "- 2 -"), outcome(1, 1000, "Phụ lục", "1"))
    assert goes_on(outcome(2, 100, shift=10), first)
    assert goes_on(replace(second, width=1000), replace(first, width=1000))


def test_a_table_does_not_go_on() -> None:
    first, second = outcome(1, 1000), outcome(2, 100)
    assert not goes_on(outcome(2, 100, "Mẫu số 02"), first)  # a title stands over it
    assert not goes_on(second, outcome(1, 1000, "", "Ghi chú:"))  # a note stands under the one before
    assert not goes_on(outcome(2, 100, shift=60), first)  # other columns
    assert not goes_on(replace(second, tables=()), first)
    assert not goes_on(second, replace(first, tables=()))
