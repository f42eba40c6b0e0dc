"""Tables that an office keeps in CSV or XLSX: read cell by cell as text, headers in Vietnamese or English."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from models.errors import CorruptFile, EmptyFile, InvalidRequest, TooLarge, UnsupportedType
from models.vietnamese.folding import fold, nfc

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024  # of an XLSX, which is a ZIP
MAX_ROWS = 50_000
MAX_COLUMNS = 200
HEADER_WITHIN = 15  # a sheet may open with titles; the headers stand in one of its first rows

Row = TypeVar("Row", covariant=True)  # noqa: PLC0105 - the row of a sheet, whatever it is


@dataclass(frozen=True, order=True)
class RowError:
    """Why a row is not taken: its number as a spreadsheet shows it (from 1), the column's header, what in both languages."""

    row: int
    column: str
    vi: str
    en: str

    def __str__(self) -> str:
        column = f", {self.column}" if self.column else ""
        return f"dòng/row {self.row}{column}: {self.vi} / {self.en}"


@dataclass(frozen=True)
class Sheet(Generic[Row]):
    """The rows that are right, and an error for each of the others."""

    rows: tuple[Row, ...]
    errors: tuple[RowError, ...]


@dataclass(frozen=True)
class Record:
    """A row by the keys of the columns that are known. A missing or blank cell is ``""``."""

    number: int
    cells: Mapping[str, str]
    headers: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.cells.get(key, "")

    def error(self, key: str, vi: str, en: str) -> RowError:
        return RowError(self.number, self.headers.get(key, key), vi, en)


@dataclass(frozen=True)
class Column:
    """A column: its key and the headers it answers to, in any case, with or without marks."""

    key: str
    names: tuple[str, ...]
    required: bool = False


def read_records(path: Path, columns: Iterable[Column]) -> list[Record]:
    """The rows under the header row, blank ones left out.

    Refusals: ``UnsupportedType`` (neither CSV nor XLSX), ``CorruptFile``, ``TooLarge``, ``EmptyFile``, and ``InvalidRequest``
    when no row holds the headers of the required columns.
    """
    wanted = tuple(columns)
    rows = read_rows(path)
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        places = _places(row, wanted)
        if all(column.key in places for column in wanted if column.required):
            return records_under(rows, index, places)
    names = "; ".join(column.names[0] for column in wanted if column.required)
    raise InvalidRequest(f"no row of headers was found; these columns are needed: {names}")


def records_under(rows: list[list[str]], index: int, places: Mapping[str, int]) -> list[Record]:
    """The rows below the headers in ``rows[index]``, by the keys that ``places`` gives columns; blank ones left out."""
    headers = {key: rows[index][place] for key, place in places.items()}
    records = (
        Record(number, {key: values[place] for key, place in places.items() if place < len(values)}, headers)
        for number, values in enumerate(rows[index + 1 :], index + 2)
    )
    return [record for record in records if any(record.cells.values())]


def _places(row: list[str], columns: tuple[Column, ...]) -> dict[str, int]:
    known = {plain_header(name): column.key for column in columns for name in column.names}
    places: dict[str, int] = {}
    for place, cell in enumerate(row):
        key = known.get(plain_header(cell))
        if key is not None:
            places.setdefault(key, place)
    return places


def plain_header(text: str) -> str:
    """What two spellings of one header have in common."""
    return " ".join(re.findall(r"\w+", fold(text)))


def read_rows(path: Path, *, most: int = MAX_ROWS) -> list[list[str]]:
    """Every row as text. ``UnsupportedType``, ``CorruptFile``, ``TooLarge`` (also for more than ``most`` rows), ``EmptyFile``."""
    rows = _rows(path, most)
    if not any(any(row) for row in rows):
        raise EmptyFile("the sheet has no rows")
    return rows


def _rows(path: Path, most: int) -> list[list[str]]:
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile(f"{path.name} is empty")
    if size > MAX_BYTES:
        raise TooLarge(f"{path.name} is larger than {MAX_BYTES} bytes")
    match path.suffix.lower():
        case ".csv" | ".tsv" | ".txt":
            return _csv_rows(path, most)
        case ".xlsx" | ".xlsm":
            return _xlsx_rows(path, most)
        case _:
            raise UnsupportedType(f"{path.name}: a sheet is CSV or XLSX")


def _csv_rows(path: Path, most: int) -> list[list[str]]:
    raw = path.read_bytes()
    encoding = "utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise CorruptFile(f"{path.name} is not UTF-8: save it as CSV UTF-8, or as XLSX") from error
    head = "\n".join(text.splitlines()[:HEADER_WITHIN])
    delimiter = max(",;\t|", key=head.count)
    try:
        rows = [[_text(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise CorruptFile(f"{path.name}: {error}") from error
    if len(rows) > most:
        raise TooLarge(f"{path.name} has more than {most} rows")
    return rows


def _xlsx_rows(path: Path, most: int) -> list[list[str]]:
    """Of the first sheet. Formulas give the value that was saved with them."""
    import openpyxl  # noqa: PLC0415 - a third of a second that only an import of a workbook needs to spend

    try:
        with zipfile.ZipFile(path) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        rows = [] if unpacked > MAX_UNPACKED else _workbook_rows(path, most, openpyxl.load_workbook)
    except Exception as error:  # the library raises what its parts raise
        raise CorruptFile(f"{path.name} is no workbook that can be read") from error
    if unpacked > MAX_UNPACKED:
        raise TooLarge(f"{path.name} unpacks to more than {MAX_UNPACKED} bytes")
    if len(rows) > most:
        raise TooLarge(f"{path.name} has more than {most} rows")
    return rows


def _workbook_rows(path: Path, most: int, load_workbook: Callable[..., Any]) -> list[list[str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and validation that are not read here
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a program wrote there may be wrong
            found = sheet.iter_rows(max_col=MAX_COLUMNS, max_row=most + 1, values_only=True)
            return [[_text(cell) for cell in row] for row in found]
        finally:
            book.close()


def _text(value: Any) -> str:
    """A cell as text. A number keeps up to six decimals, so that 1.001193 typed as a number stays a code."""
    match value:
        case None:
            return ""
        case bool():
            return "x" if value else ""
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case float():
            return f"{value:.6f}"  # codes of procedures have six; a price would too, and none is read
        case _:
            return nfc(str(value).replace("\xa0", " ")).strip()
