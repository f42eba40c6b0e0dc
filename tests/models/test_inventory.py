"""R36: lists of paper results read, kept once, tied to what is stored, and counted, on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from models.agencies import create_agency
from models.catalog import default_catalog
from models.database import reading, transaction
from models.entities import Agency, Component, InventoryImport, InventoryLine, Result
from models.errors import InvalidRequest
from models.inventory import links, read, store
from models.inventory.counts import Scope, Sum, more_scopes_than, scopes, scopes_by_now, sums
from models.inventory.sheet import InventorySheet, Usual, read_inventory
from models.local_time import local_day
from models.reports.choose import find_period
from models.reports.report import Asked, Backlog, make
from models.rules.periods import between
from models.rules.ratios import Ratio
from tests.models.stored import Paper, at, open_dossier
from tests.models.stored import store as keep

Factory = sessionmaker[Session]
HEAD = "STT;Số, ký hiệu;Họ và tên;Ngày cấp;Hộp số"
CODES = ("H58", "H58.2")
WEDDING = "1.000894"


@pytest.fixture
def commune(factory: Factory) -> Agency:
    with transaction(factory) as session:
        province = create_agency(session, code="H58", name="UBND tỉnh Mẫu")
        return create_agency(session, code="H58.2", name="UBND xã Tây", parent=province)


def sheet(folder: Path, *lines: str, usual: Usual | None = None, **how: Any) -> InventorySheet:
    path = folder / "danh-sach.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_inventory(path, default_catalog(), usual or Usual("H58.2", 2023), agencies=CODES, **how)


def bring(factory: Factory, found: InventorySheet, *, replace: bool = False) -> InventoryImport:
    with transaction(factory) as session:
        agency = session.scalars(select(Agency).where(Agency.code == "H58.2")).one()
        source = store.Source(agency, "danh-sach.csv", "account:le.giam.sat")
        return store.take(session, found, source, default_catalog(), replace=replace)


def outcome(done: InventoryImport) -> tuple[int, int, int, int]:
    return done.created, done.changed, done.unchanged, done.withdrawn


def lines(factory: Factory) -> dict[str, InventoryLine]:
    with reading(factory) as session:
        return {line.code: line for line in session.scalars(select(InventoryLine))}


def counted(factory: Factory, year: int = 2023) -> Scope:
    """The one scope of the year, by day; added up by the database it says the same."""
    with reading(factory) as session:
        ids, catalog = session.scalars(select(Agency.id)).all(), default_catalog()
        found = scopes(session, ids, catalog, year=year)
        now = scopes_by_now(session, ids, catalog, year=year)
        added = sums(session, ids, catalog, year=year)
    assert len(found) == 1, found
    one = found[0]
    assert [(each.total, each.listed, each.done(date.max)) for each in now] == [
        (one.total, one.listed, one.done(date.max))
    ]
    assert added == {(one.agency_id, year): Sum(one.total, one.listed, one.done(date.max))}
    return found[0]


def stored(factory: Factory, commune: Agency, paper: Paper, moment: datetime, procedure: str = WEDDING) -> str:
    with transaction(factory) as session:
        here = session.get_one(Agency, commune.id)
        dossier = open_dossier(session, here, moment, procedure=procedure)
        return keep(session, dossier, paper, moment, queue="backscan").id


DONE_BY = date(2100, 1, 1)


def test_columns_are_guessed_from_vietnamese_headers(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        "ỦY BAN NHÂN DÂN XÃ TÂY",
        "DANH SÁCH KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH CÒN HIỆU LỰC",
        "TT;SỐ KÝ HIỆU VĂN BẢN;HỌ TÊN;NGÀY, THÁNG, NĂM;HỘP SỐ;KỆ;Số CCCD;Điện thoại",
        "(1);(2);(3);(4);(5);(6);(7);(8)",
        "1; 05/2023 ;Nguyễn Thị Mẫu;02/05/2023;07;A2;079200000123;0900",
        "Tổng cộng;1;;;;;;",
    )
    assert found.errors == ()
    assert found.others == ("TT", "Điện thoại")
    row = found.rows[0]
    assert (row.number, row.holder_name, row.issued_on, row.box, row.shelf, row.holder_id_number) == (
        "05/2023",
        "Nguyễn Thị Mẫu",
        date(2023, 5, 2),
        "07",
        "A2",
        "079200000123",
    )
    assert (row.agency, row.year, row.procedure, row.listed, row.count, row.row) == ("H58.2", 2023, "", True, 1, 5)


def test_count_only_lines(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        "Mã cơ quan;Năm;Mã TTHC;Số lượng",
        f"H58.2;2023;{WEDDING}.H58;1.234",
        "H58.2;2022;Đăng ký khai sinh;40",
        "H58.2;2021;;7",
    )
    assert found.errors == ()
    assert [(row.year, row.procedure, row.listed, row.count) for row in found.rows] == [
        (2023, WEDDING, False, 1234),
        (2022, "1.001193", False, 40),
        (2021, "", False, 7),
    ]


@pytest.mark.parametrize(
    ("head", "line", "column", "says"),
    [
        (HEAD, "1;1/2023;A;31/02/2023;", "Ngày cấp", "ngày không hợp lệ"),
        (HEAD, f"1;1/2023;A;{local_day() + timedelta(days=9):%d/%m/%Y};", "Ngày cấp", "không thể có"),
        (HEAD, "1;;Nguyễn Văn Thử;;", "Số, ký hiệu", "thiếu số"),
        (HEAD, f"1;{'9' * 101};A;02/05/2023;", "Số, ký hiệu", "dài hơn 100"),
        ("Số hiệu;Năm", "1/2023;hai ba", "Năm", "năm không hợp lệ"),
        ("Số hiệu;Thủ tục", "1/2023;Bán hàng", "Thủ tục", "không rõ thủ tục"),
        ("Số hiệu;Loại giấy tờ", "1/2023;giấy gì đó", "Loại giấy tờ", "không rõ loại"),
        ("Số hiệu;Mã cơ quan", "1/2023;H57", "Mã cơ quan", "không có cơ quan này"),
        ("Số hiệu;Số lượng", "1/2023;3", "Số lượng", "là một kết quả"),
        ("Năm;Số lượng", "2023;không rõ", "Số lượng", "số lượng không hợp lệ"),
        ("Năm;Số lượng", "2023;0", "Số lượng", "số lượng không hợp lệ"),
    ],
)
def test_every_wrong_row_is_named(tmp_path: Path, head: str, line: str, column: str, says: str) -> None:
    found = sheet(tmp_path, head, line)
    assert found.rows == ()
    assert [(error.row, error.column) for error in found.errors] == [(2, column)]
    assert says in found.errors[0].vi


def test_the_year_is_that_of_the_issue_when_nobody_says_it(tmp_path: Path) -> None:
    found = sheet(tmp_path, HEAD, "1;1/2023;A;02/05/2021;", "2;2/2023;B;;", usual=Usual("H58.2"))
    assert [row.year for row in found.rows] == [2021]
    assert [error.vi for error in found.errors] == ["thiếu năm"]


def test_the_same_paper_twice_in_a_file(tmp_path: Path) -> None:
    found = sheet(tmp_path, HEAD, "1;05/2023;A;02/05/2023;", "2;5 / 2023;B;02/05/2023;")
    assert len(found.rows) == 1
    assert [str(error) for error in found.errors] == ["dòng/row 3, Số, ký hiệu: trùng với dòng 2 / the same as row 2"]
    typed = sheet(tmp_path, "Số hiệu;Loại giấy tờ", "5/2023;Giấy khai sinh", "5/2023;Giấy chứng nhận kết hôn")
    assert len(typed.rows) == 2  # registers of two types number alike


def test_a_list_of_other_words_is_told_once_and_remembered(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    with pytest.raises(InvalidRequest, match="SHKQ"):
        sheet(tmp_path, "SHKQ;Người ta;Lúc", "1/2023;A;02/05/2023")
    with pytest.raises(InvalidRequest, match="no such column: colour"):
        sheet(tmp_path, "SHKQ", "1/2023", told={"colour": "SHKQ"})
    told = sheet(tmp_path, "SHKQ;Người ta;Lúc", "1/2023;A;02/05/2023", told={"number": "SHKQ", "issued_on": "lúc"})
    bring(factory, told)
    with reading(factory) as session:
        known = store.remembered(session, commune.id)
    assert known == {"number": "SHKQ", "issued_on": "Lúc"}
    again = sheet(tmp_path, "shkq;LÚC", "2/2023;02/05/2023", remembered=known)
    assert again.rows[0].issued_on == date(2023, 5, 2)


def test_a_workbook_is_read_like_a_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Số, ký hiệu", "Họ và tên", "Ngày cấp"])  # type: ignore[union-attr]  # a new book has a sheet
    book.active.append(["12/2023", "Nguyễn Thị Mẫu", datetime(2023, 5, 2)])  # type: ignore[union-attr]  # noqa: DTZ001
    book.save(tmp_path / "a.xlsx")
    found = read_inventory(tmp_path / "a.xlsx", default_catalog(), Usual("H58.2", 2023), agencies=CODES)
    assert [(row.number, row.issued_on) for row in found.rows] == [("12/2023", date(2023, 5, 2))]


def test_the_same_list_again_changes_nothing_and_a_corrected_one_never_doubles(
    tmp_path: Path, factory: Factory, commune: Agency
) -> None:
    first = [HEAD, "1;1/2023;Nguyễn A;02/05/2023;07", "2;2/2023;Nguyễn B;03/05/2023;07", "3;3/2023;Nguyễn C;;08"]
    assert outcome(bring(factory, sheet(tmp_path, *first))) == (3, 0, 0, 0)
    assert outcome(bring(factory, sheet(tmp_path, *first))) == (0, 0, 3, 0)
    mended = [HEAD, "1;01/2023;Nguyễn Anh;04/05/2023;09", "2;2/2023;Nguyễn B;03/05/2023;07"]
    assert outcome(bring(factory, sheet(tmp_path, *mended))) == (0, 1, 1, 0)
    kept = lines(factory)
    assert len(kept) == 3
    assert (kept["1/2023"].holder_name, kept["1/2023"].box) == ("Nguyễn Anh", "09")
    assert counted(factory).total == 3
    assert outcome(bring(factory, sheet(tmp_path, *mended), replace=True)) == (0, 0, 2, 1)
    assert counted(factory).total == 2
    assert len(lines(factory)) == 3  # withdrawn, not deleted
    assert outcome(bring(factory, sheet(tmp_path, *first))) == (0, 2, 1, 0)
    assert counted(factory).total == 3


def test_a_code_of_the_list_lets_even_a_number_be_mended(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    head = "Mã kiểm đếm;Số hiệu"
    bring(factory, sheet(tmp_path, head, "H07-001;1/2032"))
    assert outcome(bring(factory, sheet(tmp_path, head, "h07-001;1/2023"))) == (0, 1, 0, 0)
    assert [line.number for line in lines(factory).values()] == ["1/2023"]


def test_replacing_one_year_leaves_the_others(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    bring(factory, sheet(tmp_path, HEAD, "1;1/2022;A;02/05/2022;", usual=Usual("H58.2", 2022)))
    bring(factory, sheet(tmp_path, HEAD, "1;1/2023;A;02/05/2023;"))
    assert outcome(bring(factory, sheet(tmp_path, HEAD, "1;2/2023;A;02/05/2023;"), replace=True)) == (1, 0, 0, 1)
    assert counted(factory, 2022).total == 1


def test_lines_are_tied_to_what_is_stored_before_and_after(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    moment = at(date(2023, 9, 15))
    before = stored(factory, commune, Paper(number="01/2023", issued_on=date(2023, 5, 2)), moment)
    bring(factory, sheet(tmp_path, HEAD, "1;1/2023;A;02/05/2023;", "2;2/2023;B;03/05/2023;", "3;3/2023;C;;"))
    assert lines(factory)["1/2023"].result_id == before
    assert lines(factory)["1/2023"].scanned_at == moment
    after = stored(factory, commune, Paper(number="2/2023", issued_on=date(2023, 5, 3)), at(date(2023, 9, 16)))
    assert lines(factory)["2/2023"].result_id == after
    assert counted(factory).ratio(DONE_BY) == Ratio(2, 3)


@pytest.mark.parametrize(
    ("line", "paper"),
    [
        ("1/2023;A;03/05/2023;", Paper(number="1/2023", issued_on=date(2023, 5, 2))),  # another day
        ("1/2023;A;;", Paper(number="1/2023", issued_on=date(2022, 5, 2))),  # another year
        ("1/2023;A;02/05/2023;079200000124", Paper(number="1/2023", issued_on=date(2023, 5, 2), holder="079200000123")),
        ("1/2023;A;02/05/2023;", Paper(number="11/2023", issued_on=date(2023, 5, 2))),
        (
            "1/2023;A;02/05/2023;",
            Paper(kind="giay_khai_sinh", number="1/2023", issued_on=date(2023, 5, 2)),
        ),  # of the procedure?
    ],
)
def test_what_contradicts_is_not_tied(
    tmp_path: Path, factory: Factory, commune: Agency, line: str, paper: Paper
) -> None:
    head = "Số hiệu;Họ tên;Ngày cấp;Số định danh"
    usual = Usual("H58.2", 2023, WEDDING)
    stored(factory, commune, paper, at(date(2023, 9, 15)))
    bring(factory, sheet(tmp_path, head, line, usual=usual))
    assert counted(factory).ratio(DONE_BY) == Ratio(0, 1)


def test_two_papers_of_one_number_tie_none(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    for _ in range(2):
        stored(factory, commune, Paper(number="1/2023", issued_on=date(2023, 5, 2)), at(date(2023, 9, 15)))
    bring(factory, sheet(tmp_path, HEAD, "1;1/2023;A;02/05/2023;"))
    assert lines(factory)["1/2023"].result_id is None


def test_a_number_that_was_corrected_frees_its_line(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    paper = stored(factory, commune, Paper(number="1/2023", issued_on=date(2023, 5, 2)), at(date(2023, 9, 15)))
    bring(factory, sheet(tmp_path, HEAD, "1;1/2023;A;02/05/2023;", "2;7/2023;B;02/05/2023;"))
    with transaction(factory) as session:
        result = session.get_one(Result, paper)
        result.number_key = "7/2023"
        links.tie_result(session, result, default_catalog())
    tied = {line.number: line.result_id for line in lines(factory).values()}
    assert tied == {"1/2023": None, "7/2023": paper}


def test_numbers_alone_are_filled_by_stored_results_up_to_the_number(
    tmp_path: Path, factory: Factory, commune: Agency
) -> None:
    for day in (1, 2, 3):
        stored(factory, commune, Paper(number=f"{day}/2023", issued_on=date(2023, 5, day)), at(date(2023, 9, 10 + day)))
    stored(factory, commune, Paper(number="9/2022", issued_on=date(2022, 5, 1)), at(date(2023, 9, 12)))  # another year
    stored(factory, commune, Paper(kind="to_khai", issued_on=date(2023, 5, 1)), at(date(2023, 9, 12)))  # no result
    bring(factory, sheet(tmp_path, "Mã TTHC;Số lượng", f"{WEDDING};2"))
    assert counted(factory).ratio(DONE_BY) == Ratio(2, 2)
    assert counted(factory).by_day() == {date(2023, 9, 11): 1, date(2023, 9, 12): 1}
    bring(factory, sheet(tmp_path, "Mã TTHC;Số lượng", f"{WEDDING};5"))
    assert counted(factory).ratio(DONE_BY) == Ratio(3, 5)
    assert len(lines(factory)) == 1  # the number was corrected, not added


def test_a_number_of_several_procedures_takes_papers_of_any(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    stored(factory, commune, Paper(number="1/2023", issued_on=date(2023, 5, 1)), at(date(2023, 9, 11)))
    birth = Paper(kind="giay_khai_sinh", number="1/2023", issued_on=date(2023, 5, 2))
    stored(factory, commune, birth, at(date(2023, 9, 12)), procedure="1.001193")
    stored(factory, commune, Paper(number="2/2022", issued_on=date(2022, 5, 1)), at(date(2023, 9, 12)))
    bring(factory, sheet(tmp_path, "Số lượng", "5"))
    assert counted(factory).ratio(DONE_BY) == Ratio(2, 5)
    assert counted(factory).by_day() == {date(2023, 9, 11): 1, date(2023, 9, 12): 1}


def test_a_list_names_papers_of_the_number(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    usual = Usual("H58.2", 2023, WEDDING)
    stored(factory, commune, Paper(number="1/2023", issued_on=date(2023, 5, 1)), at(date(2023, 9, 11)))
    stored(factory, commune, Paper(number="8/2023", issued_on=date(2023, 5, 1)), at(date(2023, 9, 11)))
    bring(factory, sheet(tmp_path, HEAD, "1;1/2023;A;01/05/2023;", "2;2/2023;B;01/05/2023;", usual=usual))
    assert counted(factory).ratio(DONE_BY) == Ratio(1, 2)  # what is not listed does not stand for what is
    bring(factory, sheet(tmp_path, "Mã TTHC;Số lượng", f"{WEDDING};10"))
    assert counted(factory).ratio(DONE_BY) == Ratio(2, 10)


def backlog(factory: Factory, period: str, today: date) -> Backlog:
    with reading(factory) as session:
        ids = frozenset(session.scalars(select(Agency.id)))
        chosen = find_period(default_catalog(), today, period)
        found = make(session, Asked("H58", chosen, year=2023, today=today), ids, default_catalog()).backlog
    assert found is not None
    return found


def test_r37_a_scan_of_15_9_is_in_dot_1_and_one_of_16_9_in_dot_2(
    tmp_path: Path, factory: Factory, commune: Agency
) -> None:
    scans = [
        at(date(2023, 9, 15), time(23, 59, 59)),
        at(date(2023, 9, 16), time(0)),
        at(date(2023, 10, 16)),
        at(date(2023, 10, 30), time(23, 59)),
        at(date(2023, 10, 31), time(0)),
    ]
    for number, moment in enumerate(scans, 1):
        stored(factory, commune, Paper(number=f"{number}/2023", issued_on=date(2023, 5, 2)), moment)
    bring(factory, sheet(tmp_path, HEAD, *(f"{one};{one}/2023;A;02/05/2023;" for one in range(1, 11))))
    today = date(2023, 11, 20)
    found = [backlog(factory, f"tien_giang_2023_{number}", today) for number in (1, 2, 3, 4)]
    assert [one.in_period for one in found] == [1, 1, 0, 4]
    assert [one.figure.ratio for one in found] == [Ratio(1, 10), Ratio(2, 10), Ratio(2, 10), Ratio(4, 10)]


def test_r36_the_target_the_pace_and_the_day_it_is_met(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    """100 papers counted, ten a day since 11/9: on 15/9 fifty are done, ninety on 19/9."""
    with transaction(factory) as session:
        dossier = open_dossier(session, session.get_one(Agency, commune.id), at(date(2023, 9, 11)), procedure=WEDDING)
        for number in range(50):
            paper = Paper(number=f"{number + 1}/2023", issued_on=date(2023, 5, 2))
            keep(session, dossier, paper, at(date(2023, 9, 11 + number // 10)), queue="backscan")
    bring(factory, sheet(tmp_path, HEAD, *(f"{one};{one}/2023;A;02/05/2023;" for one in range(1, 101))))
    found = backlog(factory, "tien_giang_2023_4", date(2023, 9, 15))
    assert found.figure.target is not None
    assert (found.figure.target.percent, found.figure.target.valid_to) == (Decimal(90), date(2023, 10, 30))
    assert (found.figure.ratio, found.figure.lacks) == (Ratio(50, 100), 40)
    assert (found.pace.done, found.pace.days) == (50, 5)
    assert (found.met_on, found.needed_per_day, found.late) == (date(2023, 9, 19), 1, False)
    slow = backlog(factory, "tien_giang_2023_4", date(2023, 10, 29))  # nothing since 15/9
    assert (slow.met_on, slow.needed_per_day, slow.late) == (None, 40, True)


def test_r36_of_a_target_that_is_met_the_day_it_was(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    for number in range(1, 11):
        paper = Paper(number=f"{number}/2023", issued_on=date(2023, 5, 2))
        stored(factory, commune, paper, at(date(2023, 9, number)))
    bring(factory, sheet(tmp_path, HEAD, *(f"{one};{one}/2023;A;02/05/2023;" for one in range(1, 11))))
    found = backlog(factory, "tien_giang_2023_4", date(2023, 10, 1))
    assert (found.figure.ratio, found.met_on, found.late) == (Ratio(10, 10), date(2023, 9, 9), False)


def test_lines_are_found_by_state_number_and_box(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    stored(factory, commune, Paper(number="1/2023", issued_on=date(2023, 5, 2)), at(date(2023, 9, 15)))
    rows = [HEAD, "1;1/2023;A;02/05/2023;07", "2;2/2023;B;02/05/2023;07", "3;3/2023;C;02/05/2023;08"]
    bring(factory, sheet(tmp_path, *rows))
    bring(factory, sheet(tmp_path, *rows[:-1]), replace=True)

    def numbers(**asked: Any) -> list[str]:
        with reading(factory) as session:
            found, total = read.lines(session, read.Asked(**asked), [commune.id])
            assert total == len(found)
            return [line.number for line in found]

    assert numbers() == ["1/2023", "2/2023"]
    assert numbers(state=read.LineState.OPEN) == ["2/2023"]
    assert numbers(state=read.LineState.DONE) == ["1/2023"]
    assert numbers(state=read.LineState.WITHDRAWN) == ["3/2023"]
    assert numbers(number="02 / 2023") == ["2/2023"]
    assert numbers(number="07") == ["1/2023", "2/2023"]
    assert numbers(year=2022) == []
    with reading(factory) as session:
        assert read.lines(session, read.Asked(), []) == ([], 0)
        assert session.scalars(select(func.count(Component.id))).one() == 1


def test_r36_without_a_target_or_work_no_day_is_invented(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    bring(factory, sheet(tmp_path, "Năm;Số lượng", "2023;5"))
    untold = replace(default_catalog(), report_targets=())
    for catalog in (default_catalog(), untold):
        with reading(factory) as session:
            ids = frozenset(session.scalars(select(Agency.id)))
            asked = Asked("H58.2", between(date(2023, 1, 1), date(2023, 12, 31)))
            found = make(session, asked, ids, catalog).backlog
        assert found is not None
        assert (found.figure.ratio, found.met_on, found.by_day) == (Ratio(0, 5), None, {})
        assert (found.figure.target is None) == (catalog is untold)


def test_several_scopes_of_a_year_are_added_up(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    """Numbers alone beside lists, a list longer than the number, and papers of the number that are stored: each scope for itself."""
    rows = [
        f"{WEDDING};;7;",
        "1.001193;;2;",
        "1.001193;1/2023;;02/05/2023",
        "1.001193;2/2023;;02/05/2023",
        "1.001193;3/2023;;02/05/2023",
        ";;4;",
    ]
    bring(factory, sheet(tmp_path, "Mã TTHC;Số hiệu;Số lượng;Ngày cấp", *rows))
    for number in (11, 12):
        stored(factory, commune, Paper(number=f"{number}/2023", issued_on=date(2023, 6, 2)), at(date(2023, 9, 15)))
    birth = Paper(kind="giay_khai_sinh", number="1/2023", issued_on=date(2023, 5, 2))
    stored(factory, commune, birth, at(date(2023, 9, 16)), procedure="1.001193")
    with reading(factory) as session:
        ids, catalog = session.scalars(select(Agency.id)).all(), default_catalog()
        found = scopes(session, ids, catalog, year=2023)
        assert [(one.procedure, one.total, one.done(date.max)) for one in found] == [
            ("", 4, 0),
            (WEDDING, 7, 2),
            ("1.001193", 3, 1),
        ]
        assert sums(session, ids, catalog) == {(commune.id, 2023): Sum(14, 3, 3)}
        assert [one.procedure for one in scopes_by_now(session, ids, catalog, limit=1, offset=1)] == [WEDDING]
        assert [one.done(date.max) for one in scopes_by_now(session, ids, catalog, limit=1, offset=1)] == [2]
        assert more_scopes_than(session, ids, 2)
        assert not more_scopes_than(session, ids, 3)
        assert not more_scopes_than(session, [], 0)
