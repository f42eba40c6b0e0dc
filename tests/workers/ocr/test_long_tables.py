"""Tables over several pages, put together."""

from __future__ import annotations

from collections.abc import Sequence

from workers.ocr.long_tables import LongTables
from workers.page import Cell, Line, PageOutcome, Table, Word

HEAD = ("STT", "Mã TTHC", "Tên thủ tục hành chính")


def page(number: int, *rows: Sequence[str], title: str = "") -> PageOutcome:
    """A page of 1000 x 1400 with one table of three columns."""
    cells = tuple(
        Cell((100 + 250 * c, 100 + 50 * r, 340 + 250 * c, 145 + 50 * r), r, c, text=text)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    lines = (Line((Word(title, (400, 40, 600, 60), 0.9),)),) if title else ()
    return PageOutcome(
        number, width=1000, height=1400, lines=lines, tables=(Table((100, 100, 840, 1300), len(rows), 3, cells),)
    )


def gathered(*pages: PageOutcome) -> LongTables:
    tables = LongTables()
    for each in pages:
        tables.add(each)
    return tables


def test_a_repeated_head_stands_once_and_a_broken_row_is_whole() -> None:
    tables = gathered(
        page(4, HEAD, ("1", "1.013239", "Thẩm định báo cáo"), ("2", "1.013234", "Cấp giấy phép\nxây dựng")),
        page(5, ("STT", "Mã TTHC", "Tên thủ tục hành chinh"), ("", "", "mới"), ("3", "1.013236", "Gia hạn")),
        page(6, ("4", "1.013238", "Cấp lại")),
    )
    (whole,) = tables.found
    assert whole.pages == [4, 5, 6]
    assert [[cell.text for cell in row] for row in whole.rows] == [
        list(HEAD),
        ["1", "1.013239", "Thẩm định báo cáo"],
        ["2", "1.013234", "Cấp giấy phép\nxây dựng\nmới"],
        ["3", "1.013236", "Gia hạn"],
        ["4", "1.013238", "Cấp lại"],
    ]
    assert whole.rows[2][2].text.split() == ["Cấp", "giấy", "phép", "xây", "dựng", "mới"]


def test_a_row_with_a_number_or_with_more_cells_is_a_row_of_its_own() -> None:
    first = page(1, HEAD, ("1", "", "Đăng ký"))
    for row in (("2", "", "khai sinh"), ("", "1.000656", "khai tử"), ("", "", "")):
        (whole,) = gathered(first, page(2, row)).found
        assert len(whole.rows) == 3
        assert whole.rows[1][2].text == "Đăng ký"


def test_another_table_is_another_table() -> None:
    tables = gathered(page(1, HEAD, ("1", "a", "b")), page(2, HEAD, ("1", "c", "d"), title="PHỤ LỤC II"))
    assert [table.pages for table in tables.found] == [[1], [2]]
    assert gathered(PageOutcome(1), PageOutcome(2)).found == []


def test_pages_say_whether_they_go_on() -> None:
    tables = LongTables()
    assert [tables.add(page(n, HEAD)) for n in (1, 2)] == [False, True]
