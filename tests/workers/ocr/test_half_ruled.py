"""Tables that lack rules: found where the white between the words parts rows and columns, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from tests.workers.drawn import BODY, LEFT_HEAD, RECEIVERS, RIGHT_HEAD, Sheet, act, leaning
from workers.ocr.layout import analyse
from workers.ocr.tables import find_ruled
from workers.page import Table

DPI = 190
XS = (20, 35, 85, 130, 185)
YS = (60, 70, 80, 90, 100, 110)
ROWS = (
    ("STT", "Họ và tên", "Ngày sinh", "Nơi cư trú"),
    ("1", "Nguyễn Văn An", "02/9/1961", "ấp Bình Thạnh"),
    ("2", "Trần Thị Bích Ngọc", "19/5/1970", "thôn Phú Lễ"),
    ("3", "Lê Hoàng Phước", "30/4/1975", "khu phố 3"),
    ("4", "Phạm Minh Đức", "01/5/1986", "tổ dân phố 7"),
)


def sheet_of(rows: Sequence[Sequence[str]] = ROWS) -> Sheet:
    """Words in the places of a table's cells, text above and below; no rules."""
    sheet = Sheet(DPI)
    sheet.write(25, 20, BODY)
    for y, row in zip(YS, rows, strict=False):
        for x, text in zip(XS, row, strict=False):
            sheet.write(x + 3, y + 2, [text])
    sheet.write(25, YS[-1] + 10, BODY)
    return sheet


def rule(sheet: Sheet, ys: Sequence[float], x0: float = XS[0], x1: float = XS[-1]) -> None:
    for y in ys:
        sheet.grid((x0, x1), (y,))


def upright(sheet: Sheet, xs: Sequence[float], y0: float = YS[0], y1: float = YS[-1]) -> None:
    for x in xs:
        sheet.grid((x,), (y0, y1))


def is_whole(table: Table) -> bool:
    """Five rows of four cells, each holding what was written there."""
    middles = [(c.row, c.column, (c.box[0] + c.box[2]) / 2, c.box[1], c.box[3]) for c in table.cells]
    per_mm = DPI / 25.4
    right = all(
        XS[column] < x / per_mm < XS[column + 1] and y0 / per_mm < YS[row] + 4 and y1 / per_mm > YS[row] + 6
        for row, column, x, y0, y1 in middles
    )
    return right and len(middles) == 20 and (table.rows, table.columns) == (5, 4)


@pytest.mark.parametrize(
    ("levels", "uprights"),
    [
        (YS, ()),
        ((YS[0], YS[1], YS[-1]), ()),
        (YS[:2], ()),
        ((YS[0], YS[1], YS[-1]), XS),
        (YS, XS[1:-1]),
        ((YS[0], YS[-1]), XS[1:-1]),
    ],
    ids=["level rules", "three rules", "open under the head", "no rules between rows", "open sides", "uprights alone"],
)
def test_missing_rules_are_told_by_the_words(levels: Sequence[float], uprights: Sequence[float]) -> None:
    sheet = sheet_of()
    rule(sheet, levels)
    upright(sheet, uprights)
    for grey in (sheet.grey, leaning(sheet.grey, 0.2)):
        (table,) = find_ruled(grey, DPI).tables
        assert is_whole(table)


def test_a_boxed_head_has_its_rows_below() -> None:
    sheet = sheet_of()
    sheet.grid(XS, YS[:2])
    (table,) = find_ruled(sheet.grey, DPI).tables
    assert is_whole(table)


def test_rows_of_several_lines_go_by_their_numbers() -> None:
    """Neither the second line of a place nor that of a name begins a row."""
    sheet = Sheet(DPI)
    rule(sheet, (60, 70, 112))
    for x, text in zip(XS, ROWS[0], strict=False):
        sheet.write(x + 3, 62, [text])
    for y, row, lines in zip((71, 84, 91, 104), ROWS[1:], (2, 1, 2, 1), strict=True):
        for x, text in zip(XS, row, strict=False):
            sheet.write(x + 3, y, [text])
        if lines == 2:
            sheet.write(XS[3] + 3, y + 6, ["xã Bình Phú"])
    (table,) = find_ruled(sheet.grey, DPI).tables
    assert (table.rows, table.columns, len(table.cells)) == (5, 4, 20)
    tops = sorted({cell.box[1] / DPI * 25.4 for cell in table.cells if cell.column == 3})
    assert all(top < y + 1.5 for top, y in zip(tops[1:], (71, 84, 91, 104), strict=True))
    assert all(top > y for top, y in zip(tops[2:], (82, 89, 102), strict=True))


def test_cells_are_read_one_by_one() -> None:
    sheet = sheet_of()
    rule(sheet, YS)
    cells = [region for region in analyse(sheet.grey, DPI).regions if region.cell]
    assert len(cells) == 20


def test_the_head_of_an_act_and_its_signature_are_no_table() -> None:
    sheet = act(DPI)
    rule(sheet, (36,), 30, 62)
    rule(sheet, (31,), 100, 165)
    rule(sheet, (250,), 25, 75)  # over a footnote
    assert find_ruled(sheet.grey, DPI).tables == ()


@pytest.mark.parametrize("ys", [(15, 280), (15, 48, 280)])
def test_rules_at_the_page_s_head_and_foot_are_no_table(ys: Sequence[float]) -> None:
    sheet = act(DPI)
    rule(sheet, ys, 15, 195)
    assert find_ruled(sheet.grey, DPI).tables == ()


def test_ruled_text_is_no_table() -> None:
    """Running text between rules, blanks of a form, two columns of a head over a rule."""
    sheet = Sheet(DPI)
    for number, line in enumerate(BODY):
        sheet.write(25, 30 + 10 * number, [line])
    rule(sheet, range(38, 98, 10), 22, 190)
    for number, line in enumerate(("Họ và tên:", "Ngày sinh:", "Nơi cư trú:", "Điện thoại:")):
        sheet.write(25, 110 + 9 * number, [line])
    rule(sheet, range(116, 150, 9), 60, 185)
    sheet.write(25, 160, LEFT_HEAD)
    sheet.write(100, 160, RIGHT_HEAD, points=11)
    sheet.write(25, 200, RECEIVERS)
    rule(sheet, (158, 182), 20, 190)
    assert find_ruled(sheet.grey, DPI).tables == ()


def test_words_beside_the_rules_make_them_no_table() -> None:
    sheet = sheet_of()
    rule(sheet, YS)
    assert len(find_ruled(sheet.grey, DPI).tables) == 1
    for y in YS[:-1]:
        sheet.write(3, y + 2, ["Điều 12"])
    assert find_ruled(sheet.grey, DPI).tables == ()


def test_an_act_without_words_has_no_table() -> None:
    sheet = Sheet(DPI)
    rule(sheet, YS)
    assert find_ruled(sheet.grey, DPI).tables == ()
    assert find_ruled(np.full((40, 40), 255, np.uint8), DPI).tables == ()
