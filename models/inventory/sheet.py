"""An agency's list of paper results, read row by row: what is right, and what is wrong with each other row."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from models.catalog import Catalog
from models.catalog.catalog import national_code
from models.catalog.sheets import Record, RowError, read_rows, records_under
from models.inventory.columns import find_layout
from models.local_time import local_day
from models.vietnamese.agency_codes import parse_agency_code
from models.vietnamese.folding import fold
from models.vietnamese.numbers import number_key

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_PROCEDURE = re.compile(r"\d\.\d{6}(?:\.[0-9A-Z.]+)?")
_TOTAL = re.compile(r"(?:tong(?: cong| so)?|cong)\s*:?")
_LONGEST_TOTAL = 20  # signs; folding every cell of a long list would take half of its time
_NUMBERED = re.compile(r"\(\d+\)")
_YEAR = re.compile(r"(?:19|20|21)\d\d")
_LENGTHS = {
    "number": 100,
    "holder_name": 200,
    "holder_id_number": 50,
    "title": 300,
    "box": 60,
    "shelf": 60,
    "note": 300,
}
MAX_LINES = 200_000  # of a province's largest agency in a year; such a list takes 0.5 GiB while it is read
MAX_CODE = 200
MAX_COUNT = 10_000_000
FIRST_YEAR = 1945


@dataclass(frozen=True, slots=True)
class Usual:
    """What a row means that doesn't say it. ``agency``: the code of the agency whose list it is."""

    agency: str
    year: int | None = None
    procedure: str = ""


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """A row that is right; ``code`` names it within agency, year and procedure."""

    row: int
    agency: str
    year: int
    procedure: str
    code: str
    listed: bool
    count: int
    number: str
    title: str
    paper_type: str | None
    holder_name: str
    holder_id_number: str
    issued_on: date | None
    box: str
    shelf: str
    note: str


@dataclass(frozen=True, slots=True)
class InventorySheet:
    """``headers``: by column, as the file writes them; ``others``: headers that were not understood."""

    rows: tuple[InventoryRow, ...]
    errors: tuple[RowError, ...]
    headers: Mapping[str, str]
    others: tuple[str, ...]


def read_inventory(
    path: Path,
    catalog: Catalog,
    usual: Usual,
    *,
    agencies: Collection[str],
    told: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
) -> InventorySheet:
    """The rows of a list. ``agencies``: codes that it may be of; ``told``, ``remembered``: header by column (``models.inventory.columns``).

    Raises what ``read_rows`` and ``find_layout`` raise.
    """
    rows = read_rows(path, most=MAX_LINES)
    layout = find_layout(rows, told or {}, remembered or {})
    reader = _Reader(catalog, usual, frozenset(agencies))
    found: dict[tuple[str, int, str, str], InventoryRow] = {}
    errors: list[RowError] = []
    for record in records_under(rows, layout.index, layout.places):
        row, faults = reader.read(record)
        if row is not None:
            key = (row.agency, row.year, row.procedure, row.code)
            first = found.get(key)
            if first is None:
                found[key] = row
                continue
            column = "code" if record["code"] else "number" if row.listed else "count"
            faults = [record.error(column, f"trùng với dòng {first.row}", f"the same as row {first.row}")]
        errors += faults
    return InventorySheet(tuple(found.values()), tuple(sorted(errors)), layout.headers, layout.others)


def is_procedure_code(text: str) -> bool:
    """``1.001193``, with a local tail or without."""
    return _PROCEDURE.fullmatch(text) is not None


class _Reader:
    def __init__(self, catalog: Catalog, usual: Usual, agencies: frozenset[str]) -> None:
        self._usual = usual
        self._agencies = agencies
        self._procedures = {fold(line.name): line.code for line in catalog.procedures}
        self._papers = {
            _plain(name): paper.id
            for paper in catalog.paper_types.values()
            for name in (*reversed(paper.titles), paper.name, paper.id)
        }

    def read(self, record: Record) -> tuple[InventoryRow | None, list[RowError]]:
        """The row, or what is wrong with it; neither for a row that only numbers or sums up."""
        if _sums_up(record):
            return None, []
        faults: list[RowError] = []
        issued_on = self._day(record, faults)
        year = self._year(record, issued_on, faults)
        agency = self._agency(record, faults)
        procedure = self._procedure(record, faults)
        paper_type = self._paper_type(record, faults)
        listed = bool(record["number"] or record["holder_name"] or record["code"])
        count = self._count(record, faults, listed=listed)
        for key, most in _LENGTHS.items():
            if len(record[key]) > most:
                faults.append(record.error(key, f"dài hơn {most} ký tự", f"more than {most} characters"))
        if listed and not (record["number"] or record["code"] or (record["holder_name"] and issued_on)):
            faults.append(
                record.error(
                    "number", "thiếu số, ký hiệu (hoặc họ tên và ngày cấp)", "no number (nor a holder and a date)"
                )
            )
        if len(record["code"]) > MAX_CODE:
            faults.append(record.error("code", f"dài hơn {MAX_CODE} ký tự", f"more than {MAX_CODE} characters"))
        if faults:
            return None, faults
        return InventoryRow(
            row=record.number,
            agency=agency,
            year=year,
            procedure=procedure,
            code=_code(record, issued_on, paper_type, listed=listed),
            listed=listed,
            count=count,
            number=record["number"],
            title=record["title"],
            paper_type=paper_type,
            holder_name=record["holder_name"],
            holder_id_number=re.sub(r"\s", "", record["holder_id_number"]),
            issued_on=issued_on,
            box=record["box"],
            shelf=record["shelf"],
            note=record["note"],
        ), []

    def _day(self, record: Record, faults: list[RowError]) -> date | None:
        text = record["issued_on"]
        if not text:
            return None
        found = _DAY.fullmatch(text)
        try:
            day = date(int(found[3]), int(found[2]), int(found[1])) if found else datetime.fromisoformat(text).date()
        except ValueError:
            faults.append(record.error("issued_on", f"ngày không hợp lệ: {text}", f"not a date (dd/mm/yyyy): {text}"))
            return None
        if day > local_day() or day.year < FIRST_YEAR:
            faults.append(record.error("issued_on", f"ngày không thể có: {text}", f"no day it can be: {text}"))
        return day

    def _year(self, record: Record, issued_on: date | None, faults: list[RowError]) -> int:
        text = record["year"]
        if text and not _YEAR.fullmatch(text):
            faults.append(record.error("year", f"năm không hợp lệ: {text}", f"not a year: {text}"))
            return 0
        year = int(text) if text else self._usual.year or (issued_on.year if issued_on else 0)
        if not year and not faults:
            faults.append(record.error("year", "thiếu năm", "the year is missing"))
        return year

    def _agency(self, record: Record, faults: list[RowError]) -> str:
        text = record["agency"]
        if not text:
            return self._usual.agency
        found = parse_agency_code(text)
        code = found.code if found else text
        if code not in self._agencies:
            faults.append(
                record.error(
                    "agency", f"không có cơ quan này trong phạm vi: {text}", f"no such agency in reach: {text}"
                )
            )
        return code

    def _procedure(self, record: Record, faults: list[RowError]) -> str:
        text = record["procedure"]
        if not text:
            return self._usual.procedure
        if is_procedure_code(text):
            return national_code(text)
        code = self._procedures.get(fold(text))
        if code is None:
            faults.append(record.error("procedure", f"không rõ thủ tục: {text}", f"no such procedure: {text}"))
        return code or ""

    def _paper_type(self, record: Record, faults: list[RowError]) -> str | None:
        text = record["paper_type"]
        if not text:
            return None
        found = self._papers.get(_plain(text))
        if found is None:
            faults.append(
                record.error("paper_type", f"không rõ loại giấy tờ: {text}", f"no paper type is named {text}")
            )
        return found

    def _count(self, record: Record, faults: list[RowError], *, listed: bool) -> int:
        text = record["count"]
        if not text and listed:
            return 1
        digits = re.sub(r"(?<=\d)[.\s](?=\d{3}(?!\d))", "", text)  # 1.234 as Vietnam writes it
        if not digits.isascii() or not digits.isdigit() or not 0 < int(digits) <= MAX_COUNT:
            said = text or "…"
            faults.append(
                record.error("count", f"số lượng không hợp lệ: {said}", f"not a count of at least one: {said}")
            )
            return 0
        if listed and int(digits) != 1:
            faults.append(
                record.error("count", "một dòng có số hiệu là một kết quả", "a row that names a paper is one paper")
            )
        return int(digits)


@lru_cache(maxsize=1024)
def _plain(name: str) -> str:
    """What spellings of one type of paper have in common."""
    return " ".join(re.findall(r"\w+", fold(name.replace("_", " "))))


def _sums_up(record: Record) -> bool:
    """``Tổng cộng``, and the row ``(1) (2) (3)`` that forms have under their headers."""
    cells = [cell for cell in record.cells.values() if cell]
    total = any(_TOTAL.fullmatch(fold(cell)) for cell in cells if cell[0] in "TtCc" and len(cell) <= _LONGEST_TOTAL)
    return total or all(_NUMBERED.fullmatch(cell) for cell in cells)


def _code(record: Record, issued_on: date | None, paper_type: str | None, *, listed: bool) -> str:
    """The list's own code; else its number (with its type: certificates of two types share numbers); else holder and day.

    What a correction usually mends (holder, date, box) is no part of it, so that the mended row changes its line.
    """
    tail = f"|{paper_type}" if paper_type else ""
    if not listed:
        return f"*{tail}"
    if record["code"]:
        return "=" + fold(record["code"])
    if record["number"]:
        return f"{number_key(record['number'])}{tail}"[:250]
    day = issued_on.isoformat() if issued_on else ""
    return f"~{fold(record['holder_name'])}|{day}{tail}"[:250]
