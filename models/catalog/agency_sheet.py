"""Agencies from a sheet: codes, names and the tree they form."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from models.catalog.sheets import Column, Record, RowError, Sheet, read_records
from models.vietnamese.agency_codes import parse_agency_code

COLUMNS = (
    Column(
        "code",
        ("Mã định danh", "Mã cơ quan", "Mã đơn vị", "Mã định danh điện tử", "Mã", "Code", "Agency code"),
        required=True,
    ),
    Column("name", ("Tên cơ quan", "Tên đơn vị", "Tên cơ quan, đơn vị", "Tên", "Name", "Agency name"), required=True),
    Column(
        "parent",
        (
            "Mã cấp trên",
            "Mã cơ quan cấp trên",
            "Mã đơn vị cấp trên",
            "Mã đơn vị cha",
            "Cơ quan cấp trên",
            "Parent",
            "Parent code",
        ),
    ),
)
MAX_NAME = 200


@dataclass(frozen=True)
class AgencyRow:
    """An agency; ``parent`` is the code of the one above it, ``None`` at the top."""

    row: int
    code: str
    name: str
    parent: str | None


def read_agencies(path: Path, known: Collection[str] = ()) -> Sheet[AgencyRow]:
    """The agencies of a sheet, those above before those below. ``known``: codes that exist already.

    Without a parent in the row it is the agency with the longest code that opens this one (``H56`` for ``H56.14``). Codes in
    the order of TT 10/2016 (``000.17.22.H56``) are turned. Raises what ``read_records`` raises.
    """
    errors: list[RowError] = []
    found: dict[str, tuple[AgencyRow, Record]] = {}
    for record in read_records(path, COLUMNS):
        faults = _faults(record)
        code = _code(record["code"])
        if not faults and code in found:
            first = found[code][1].number
            faults = [record.error("code", f"trùng mã với dòng {first}", f"the same code as row {first}")]
        errors += faults
        if not faults:
            found[code] = (AgencyRow(record.number, code, record["name"], _code(record["parent"]) or None), record)
    rows = _in_order(found, frozenset(known), errors)
    return Sheet(tuple(rows), tuple(sorted(errors)))


def _code(text: str) -> str:
    """In the new order; "" when it is none."""
    found = parse_agency_code(text)
    return found.code if found else ""


def _faults(record: Record) -> list[RowError]:
    faults = []
    for key in ("code", "parent"):
        text = record[key]
        if not text and key == "code":
            faults.append(record.error(key, "thiếu mã định danh", "the code is missing"))
        elif text and not _code(text):
            faults.append(
                record.error(key, f"mã định danh sai dạng: {text}", f"not the shape of a code (H56.14): {text}")
            )
    if not record["name"]:
        faults.append(record.error("name", "thiếu tên cơ quan", "the name is missing"))
    elif len(record["name"]) > MAX_NAME:
        faults.append(
            record.error("name", f"tên dài hơn {MAX_NAME} ký tự", f"the name has more than {MAX_NAME} characters")
        )
    return faults


def _in_order(
    found: dict[str, tuple[AgencyRow, Record]], known: frozenset[str], errors: list[RowError]
) -> list[AgencyRow]:
    """Parents before children. What hangs on nothing, or on itself, goes to ``errors``, with all that hangs on it."""
    waiting = {
        code: (row if row.parent else replace(row, parent=_above(code, found.keys() | known)), record)
        for code, (row, record) in found.items()
    }
    placed: dict[str, AgencyRow] = {}
    while True:
        ready = [
            code
            for code, (row, _) in waiting.items()
            if row.parent is None or row.parent in placed or (row.parent in known and row.parent not in waiting)
        ]
        if not ready:
            break
        for code in ready:
            placed[code] = waiting.pop(code)[0]
    for row, record in waiting.values():
        if row.parent in waiting:
            errors.append(
                record.error(
                    "parent",
                    f"cấp trên {row.parent} không nhập được hoặc vòng lặp",
                    f"{row.parent} above it can't be taken, or a loop",
                )
            )
        else:
            errors.append(
                record.error("parent", f"không có cơ quan {row.parent}", f"no agency has the code {row.parent}")
            )
    return list(placed.values())


def _above(code: str, codes: Collection[str]) -> str | None:
    """The longest of ``codes`` that opens ``code`` at a dot."""
    groups = code.split(".")
    shorter = (".".join(groups[:length]) for length in range(len(groups) - 1, 0, -1))
    return next((candidate for candidate in shorter if candidate in codes), None)
