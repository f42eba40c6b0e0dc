"""Page numbers and footnotes: told from running text, and put where a person reads them."""

from __future__ import annotations

import pytest

from tests.workers.drawn import BODY, Sheet
from workers.ocr.roles import with_roles
from workers.ocr.tables import find_ruled
from workers.page import Box, Cell, Line, LineRole, Table, Word

DPI = 200
SIZE = (1654, 2339)
MM = DPI / 25.4
NUMBER, NOTE = LineRole.PAGE_NUMBER, LineRole.FOOTNOTE


def line(text: str, x: float, y: float, *, points: float = 13) -> Line:
    """``text`` as one word; its corner at (x, y) mm."""
    high = 0.9 * points * DPI / 72
    left, top = round(x * MM), round(y * MM)
    return Line((Word(text, (left, top, left + round(0.45 * high * len(text)), top + round(high)), 0.9),))


def body(first: float = 30, last: float = 240) -> list[Line]:
    return [
        line("Căn cứ Luật Tổ chức chính quyền địa phương;", 30, first + 7 * i) for i in range(int((last - first) / 7))
    ]


def rule(y: float, *, x: float = 30, wide: float = 51) -> Box:
    return round(x * MM), round(y * MM), round((x + wide) * MM), round(y * MM) + 2


def told(
    lines: list[Line], *, tables: tuple[Table, ...] = (), rules: tuple[Box, ...] = ()
) -> list[tuple[str, LineRole | None]]:
    return [(found.text, found.role) for found in with_roles(lines, SIZE, DPI, tables=tables, rules=rules)]


@pytest.mark.parametrize("text", ["2", "- 2 -", "12", "Trang 3", "2/11"])
def test_a_number_in_the_upper_margin_stands_first(text: str) -> None:
    found = told([*body(), line(text, 104, 12)])
    assert found[0] == (text, NUMBER)
    assert {role for _, role in found[1:]} == {None}


def test_a_number_in_the_lower_margin_stands_last() -> None:
    found = told([*body()[:4], line("2", 180, 282), *body()[4:]])
    assert found[-1] == ("2", NUMBER)


@pytest.mark.parametrize(
    "number",
    [
        line("2", 104, 100),  # in the text
        line("2025", 104, 12),  # a year
        line("Số 2", 104, 12),
        line("2", 104, 30),  # beside a line of the text
    ],
)
def test_other_figures_are_no_page_numbers(number: Line) -> None:
    assert {role for _, role in told([*body(), number])} == {None}


def test_a_cell_and_one_of_two_figures_are_no_page_numbers() -> None:
    box = (round(20 * MM), round(8 * MM), round(190 * MM), round(20 * MM))
    table = Table(box, 1, 1, (Cell(box, 0, 0),))
    assert {role for _, role in told([line("2", 104, 12), *body()], tables=(table,))} == {None}
    assert {role for _, role in told([line("2", 60, 8), line("3", 104, 16), *body()])} == {None}


def test_footnotes_stand_last_and_a_lower_number_after_them() -> None:
    notes = [
        line("1 Thông báo số 185/TB-VPCP ngày 14/4/2026;", 30, 252, points=10),
        line("các văn bản khác.", 30, 257, points=10),
    ]
    found = told([*body()[:5], *notes, *body()[5:], line("2", 104, 285)], rules=(rule(249),))
    assert [role for _, role in found[-3:]] == [NOTE, NOTE, NUMBER]
    assert {role for _, role in found[:-3]} == {None}


@pytest.mark.parametrize(
    ("notes", "rules"),
    [
        ([line("1 Thông báo", 30, 252, points=10)], ()),
        ([line("1 Thông báo", 30, 252, points=13)], (rule(249),)),  # as large as the text
        ([line("Thông báo", 30, 252, points=10)], (rule(249),)),  # no mark
        ([line("1 Thông báo", 30, 252, points=10)], (rule(249, wide=150),)),  # a table's or a frame's
        ([line("1 Thông báo", 30, 270, points=10)], (rule(249),)),  # far below
        ([line("1 Thông báo", 100, 252, points=10)], (rule(249),)),  # beside it
    ],
)
def test_what_looks_otherwise_is_no_footnote(notes: list[Line], rules: tuple[Box, ...]) -> None:
    assert {role for _, role in told([*body(), *notes], rules=rules)} == {None}


def test_level_rules_are_found_without_those_of_tables() -> None:
    sheet = Sheet(DPI)
    sheet.write(30, 30, BODY)
    sheet.grid([30, 80, 180], [100, 115, 130])
    pixels = sheet.grey
    x0, y0, x1, _ = rule(200)
    pixels[y0 : y0 + 3, x0:x1] = 20
    found = find_ruled(pixels, DPI)
    assert len(found.tables) == 1
    (short,) = found.rules
    assert abs(short[0] - x0) < 6
    assert abs(short[2] - x1) < 6
    assert abs(short[1] - y0) < 6


def test_an_empty_page() -> None:
    assert with_roles([], SIZE, DPI, tables=(), rules=()) == ()
