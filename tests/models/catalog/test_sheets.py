"""Agencies and procedures from the tables that offices keep: the good rows, and why the others are bad."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from models.catalog import Catalog, Level, Procedure, load_catalog
from models.catalog.agency_sheet import AgencyRow, read_agencies
from models.catalog.procedure_sheet import read_procedures
from models.catalog.sheets import Sheet
from models.errors import CorruptFile, EmptyFile, InvalidRequest, UnsupportedType


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def csv(folder: Path, text: str, name: str = "bang.csv", encoding: str = "utf-8-sig") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def xlsx(folder: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    path = folder / "bang.xlsx"
    book.save(path)
    book.close()
    return path


def tree(sheet: Sheet[AgencyRow]) -> list[tuple[str, str | None]]:
    return [(row.code, row.parent) for row in sheet.rows]


def said(sheet: Sheet[object]) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.en) for error in sheet.errors]


TREE = "Mã định danh;Tên cơ quan;Mã cấp trên\nH56.14.2;Trạm;\nH56.14;UBND phường Ví Dụ;\nH56;UBND tỉnh;\n000.17.22.H56;Phòng;H56\n"


def test_the_tree_follows_the_codes_parents_first(tmp_path: Path) -> None:
    sheet = read_agencies(csv(tmp_path, TREE))
    assert sheet.errors == ()
    assert tree(sheet) == [("H56", None), ("H56.14", "H56"), ("H56.22.17", "H56"), ("H56.14.2", "H56.14")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_programs_write_it(tmp_path: Path, encoding: str, delimiter: str) -> None:
    sheet = read_agencies(csv(tmp_path, TREE.replace(";", delimiter), encoding=encoding))
    assert len(sheet.rows) == 4
    assert sheet.rows[1].name == "UBND phường Ví Dụ"


def test_a_workbook_with_a_title_above_its_headers_in_english(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["DANH SÁCH CƠ QUAN"],
        [],
        ["No", "CODE", "Name", "Parent code"],
        [1, "h56", "UBND tỉnh", None],
    ]
    sheet = read_agencies(xlsx(tmp_path, [*rows, [None, None, None, None], [2, "H56.14", "UBND phường", "H56"]]))
    assert tree(sheet) == [("H56", None), ("H56.14", "H56")]
    assert [row.row for row in sheet.rows] == [4, 6]


def test_bad_rows_are_named_and_take_what_hangs_on_them_along(tmp_path: Path) -> None:
    text = (
        "Mã định danh,Tên cơ quan,Mã cấp trên\n"
        "56.14,Sai mã,\n"
        ",Thiếu mã,\n"
        "H56.1,,\n"
        "H56.2,Đúng,\n"
        "H56.2,Trùng,\n"
        "H56.3,Mồ côi,H99\n"
        "H56.4,Dưới mồ côi,H56.3\n"
        "H56.5,Vòng,H56.6\n"
        "H56.6,Vòng,H56.5\n"
        f"H56.7,{'x' * 201},\n"
    )
    sheet = read_agencies(csv(tmp_path, text), known={"H56"})
    assert tree(sheet) == [("H56.2", "H56")]
    assert said(sheet) == [
        (2, "Mã định danh", "not the shape of a code (H56.14): 56.14"),
        (3, "Mã định danh", "the code is missing"),
        (4, "Tên cơ quan", "the name is missing"),
        (6, "Mã định danh", "the same code as row 5"),
        (7, "Mã cấp trên", "no agency has the code H99"),
        (8, "Mã cấp trên", "H56.3 above it can't be taken, or a loop"),
        (9, "Mã cấp trên", "H56.6 above it can't be taken, or a loop"),
        (10, "Mã cấp trên", "H56.5 above it can't be taken, or a loop"),
        (11, "Tên cơ quan", "the name has more than 200 characters"),
    ]
    assert str(sheet.errors[1]) == "dòng/row 3, Mã định danh: thiếu mã định danh / the code is missing"


@pytest.mark.parametrize(
    ("name", "raw", "refusal"),
    [
        ("a.csv", b"", EmptyFile),
        ("a.csv", b"\n;;\n", EmptyFile),
        ("a.csv", b"a;b\n1;2\n", InvalidRequest),
        ("a.csv", b"M\xe3;T\xean\n", CorruptFile),
        ("a.xlsx", b"PK\x03\x04 not a zip", CorruptFile),
        ("a.xls", b"\xd0\xcf\x11\xe0", UnsupportedType),
    ],
)
def test_files_that_are_no_sheet_are_refused(tmp_path: Path, name: str, raw: bytes, refusal: type[Exception]) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(refusal):
        read_agencies(path)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(CorruptFile):
        read_agencies(path)


HEAD = "Mã TTHC;Tên TTHC;Lĩnh vực;Cấp thực hiện;Thiết yếu;Kết quả;Thành phần hồ sơ;Loại giấy tờ;Bắt buộc;Điều kiện;Xuất trình;Hiệu lực từ\n"


def test_a_procedure_with_its_components_on_the_rows_below(tmp_path: Path, catalog: Catalog) -> None:
    text = HEAD + (
        "1.001193.H56;Đăng ký khai sinh;Hộ tịch;Cấp xã;x;Giấy khai sinh;Tờ khai đăng ký khai sinh;;x;;;01/7/2025\n"
        ";;;;;;Giấy chứng sinh hoặc văn bản thay thế;giay_chung_sinh; ;;;\n"
        ";;;;;;Văn bản ủy quyền;GIẤY ỦY QUYỀN;không;khi ủy quyền;;\n"
        "1.001193.H56;;;;;;Hộ chiếu, căn cước;Hộ chiếu; Căn cước;x\n"
        ";;;;;;Ảnh 3x4;;;;;\n"
    )
    text = text.replace("Hộ chiếu; Căn cước;x", '"Hộ chiếu; Căn cước";x;;x;01/7/2025')
    sheet = read_procedures(csv(tmp_path, text), catalog)
    assert sheet.errors == ()
    (found,) = sheet.rows
    assert (found.code, found.name, found.essential, found.results) == (
        "1.001193",
        "Đăng ký khai sinh",
        True,
        ("giay_khai_sinh",),
    )
    assert found.valid_from == date(2025, 7, 1)
    assert found.source == "nhập từ bang.csv"
    slots = [(slot.accepts, slot.required, slot.condition, slot.shown_only) for slot in found.components]
    assert slots == [
        (("to_khai",), True, None, False),
        (("giay_chung_sinh",), True, None, False),
        (("giay_uy_quyen",), False, "khi ủy quyền", False),
        (("ho_chieu", "can_cuoc"), True, None, True),
        (("khac",), True, None, False),
    ]
    assert len({slot.id for slot in found.components}) == 5
    merged = catalog.with_procedures(sheet.rows)
    assert merged.procedure("1.001193", date(2026, 1, 5)) == found


def test_a_code_that_a_workbook_took_for_a_number_keeps_its_six_digits(tmp_path: Path, catalog: Catalog) -> None:
    rows: list[list[object]] = [
        ["Code", "Name", "Level", "Valid from"],
        [1.00083, "Một thủ tục", "District; Commune", date(2026, 1, 1)],
    ]
    (found,) = read_procedures(xlsx(tmp_path, rows), catalog).rows
    assert found.code == "1.000830"
    assert found.valid_from == date(2026, 1, 1)


def test_a_district_ends_with_the_last_day_there_were_districts(tmp_path: Path, catalog: Catalog) -> None:
    text = "Mã;Tên;Cấp\n1.000831;A;Huyện, xã\n1.000832;B;\n"
    first, second = read_procedures(csv(tmp_path, text), catalog).rows
    assert [(span.level, span.valid_to) for span in first.levels] == [
        (Level.COMMUNE, None),
        (Level.DISTRICT, date(2025, 6, 30)),
    ]
    assert [span.level for span in second.levels] == [Level.COMMUNE]


def test_wrong_procedures_are_named_row_by_row_and_not_half_taken(tmp_path: Path, catalog: Catalog) -> None:
    text = HEAD + (
        ";Không mã;;;;;;;;;;\n"
        "1.01193;Sai mã;;;;;;;;;;\n"
        "1.000830;;;;;;;;;;;\n"
        "1.000831;Đúng;;xã;;Quyết định;Đơn đề nghị;;;;;\n"
        "1.000832;Sai nhiều;;Mặt trăng;có thể;Giấy bay;Đơn;Giấy lạ;;;;31/02/2025\n"
        "1.000833;Tờ khai là kết quả;;xã;;Tờ khai;;;;;;\n"
        "1.000831;Tên khác;;;;;;;;;;\n"
    )
    sheet = read_procedures(csv(tmp_path, text), catalog)
    assert sheet.rows == ()
    found = said(sheet)
    assert [(row, column) for row, column, _ in found] == [
        (2, "Mã TTHC"),
        (3, "Mã TTHC"),
        (4, "Tên TTHC"),
        (6, "Cấp thực hiện"),
        (6, "Hiệu lực từ"),
        (6, "Kết quả"),
        (6, "Loại giấy tờ"),
        (6, "Thiết yếu"),
        (7, "Mã TTHC"),
        (8, "Tên TTHC"),
    ]
    assert found[8][2] == "a paper from the applicant is no result: to_khai (R21)"


def test_the_same_code_twice_at_the_same_time_is_an_error(tmp_path: Path, catalog: Catalog) -> None:
    text = "Mã;Tên;Từ ngày;Đến ngày\n1.000830;A;;30/6/2025\n1.000830;B;01/7/2025;\n1.000830;C;2026-01-01;\n"
    sheet: Sheet[Procedure] = read_procedures(csv(tmp_path, text), catalog)
    assert [row.name for row in sheet.rows] == ["A", "B"]
    assert said(sheet) == [(4, "Từ ngày", "in force at the same time as a row above")]
