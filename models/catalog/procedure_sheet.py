"""Procedures from a sheet: one row each, or one row for each component with the procedure's own cells on the first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from models.catalog.catalog import Catalog, national_code
from models.catalog.lines import Level, Procedure
from models.catalog.problems import CatalogError
from models.catalog.sheets import Column, Record, RowError, Sheet, read_records
from models.vietnamese.folding import fold

COLUMNS = (
    Column(
        "code",
        ("Mã TTHC", "Mã thủ tục", "Mã số TTHC", "Mã thủ tục hành chính", "Mã", "Code", "Procedure code"),
        required=True,
    ),
    Column("name", ("Tên TTHC", "Tên thủ tục", "Tên thủ tục hành chính", "Tên", "Name"), required=True),
    Column("field_name", ("Lĩnh vực", "Tên lĩnh vực", "Field")),
    Column("field_code", ("Mã lĩnh vực", "Field code")),
    Column("levels", ("Cấp thực hiện", "Cấp giải quyết", "Cấp", "Level", "Levels")),
    Column("essential", ("Dịch vụ công thiết yếu", "DVC thiết yếu", "Thiết yếu", "Đề án 06", "Essential")),
    Column("results", ("Kết quả", "Kết quả thực hiện", "Kết quả giải quyết", "Result", "Results")),
    Column("result_codes", ("Mã kết quả", "Result code", "Result codes")),
    Column("valid_from", ("Hiệu lực từ", "Ngày hiệu lực", "Từ ngày", "Valid from")),
    Column("valid_to", ("Hiệu lực đến", "Hết hiệu lực", "Đến ngày", "Valid to")),
    Column("source", ("Căn cứ pháp lý", "Căn cứ", "Nguồn", "Source")),
    Column("certainty", ("Độ chắc chắn", "Certainty")),
    Column("component", ("Thành phần hồ sơ", "Tên thành phần", "Tên giấy tờ", "Component")),
    Column("component_code", ("Mã thành phần", "Mã giấy tờ", "Component code")),
    Column("accepts", ("Loại giấy tờ", "Giấy tờ chấp nhận", "Paper types", "Accepts")),
    Column("required", ("Bắt buộc", "Required")),
    Column("condition", ("Điều kiện", "Trường hợp", "Condition")),
    Column("shown_only", ("Chỉ xuất trình", "Xuất trình", "Shown only")),
)
_COLUMN_OF = {"components": "component", "valid_from": "valid_from", "valid_to": "valid_to"}
_SEPARATORS = re.compile(r"[;\n]+")
_YES = frozenset({"x", "co", "yes", "true", "1", "y", "bat buoc", "có"})
_NO = frozenset({"khong", "no", "false", "0", "n", "neu co"})
_LEVEL_WORDS = {
    Level.COMMUNE: r"\b(?:xa|phuong|thi tran|dac khu|commune)\b",
    Level.DISTRICT: r"\b(?:huyen|quan|thi xa|district)\b",
    Level.PROVINCE: r"\b(?:tinh|so|thanh pho|province)\b",
    Level.CENTRAL: r"\b(?:trung uong|bo|central|ministry)\b",
}
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


@dataclass
class _Draft:
    """A procedure while its rows are read."""

    first: Record
    data: dict[str, Any]
    errors: list[RowError] = field(default_factory=list)


def read_procedures(path: Path, catalog: Catalog) -> Sheet[Procedure]:
    """The procedures of a sheet, checked against the catalog. Raises what ``read_records`` raises.

    A row without a code goes on with the procedure above it. Codes may carry a local tail (``1.001193.H56``). Papers are named
    by id, name or title; a component that names none is taken from the start of its own name, else it accepts any (``khac``).
    A procedure with one wrong row is not taken at all: half of its components would mislead.
    """
    papers = _Papers(catalog)
    drafts: list[_Draft] = []
    errors: list[RowError] = []
    by_key: dict[tuple[str, str, str], _Draft] = {}
    for record in read_records(path, COLUMNS):
        if not record["code"]:
            if not drafts:
                errors.append(record.error("code", "thiếu mã thủ tục", "the code is missing"))
                continue
            draft = drafts[-1]
        else:
            key = (national_code(record["code"]), record["valid_from"], record["valid_to"])
            draft = by_key.get(key) or _start(record, path.name, catalog, papers)
            if key not in by_key:
                by_key[key] = draft
                drafts.append(draft)
            elif record["name"] and record["name"] != draft.first["name"]:
                number = draft.first.number
                draft.errors.append(
                    record.error("name", f"tên khác với dòng {number}", f"another name than in row {number}")
                )
        _component(draft, record, papers)
    rows: list[Procedure] = []
    for draft in drafts:
        procedure = _finish(draft, catalog)
        if procedure is not None:
            overlap = next((row for row in rows if row.code == procedure.code and row.overlaps(procedure)), None)
            if overlap is None:
                rows.append(procedure)
            else:
                draft.errors.append(
                    draft.first.error(
                        "valid_from",
                        "trùng thời gian hiệu lực với dòng trên",
                        "in force at the same time as a row above",
                    )
                )
        errors += draft.errors
    return Sheet(tuple(rows), tuple(sorted(set(errors))))


class _Papers:
    """Paper types by what people write: id, name, title."""

    def __init__(self, catalog: Catalog) -> None:
        self._by_name = {
            _plain(name): paper.id
            for paper in catalog.paper_types.values()
            for name in (*reversed(paper.titles), paper.name, paper.id)
        }

    def find(self, text: str) -> str | None:
        return self._by_name.get(_plain(text))

    def opening(self, text: str) -> str | None:
        """The paper whose name opens this text, the longest name first."""
        words = _plain(text).split()
        return next(
            (found for length in range(len(words), 1, -1) if (found := self._by_name.get(" ".join(words[:length])))),
            None,
        )


def _start(record: Record, file: str, catalog: Catalog, papers: _Papers) -> _Draft:
    draft = _Draft(record, {"components": []})
    draft.data |= {
        "code": national_code(record["code"]),
        "name": record["name"],
        "field_name": record["field_name"] or "Chưa rõ lĩnh vực",
        "field_code": record["field_code"] or None,
        "levels": list(_levels(draft, record, catalog)),
        "essential": _flag(draft, record, "essential", default=False),
        "result_codes": _split(record["result_codes"]),
        "source": record["source"] or f"nhập từ {file}",
        "certainty": record["certainty"].upper() or "P",
    }
    if not record["name"]:
        draft.errors.append(record.error("name", "thiếu tên thủ tục", "the name is missing"))
    for key in ("valid_from", "valid_to"):
        draft.data[key] = _day(draft, record, key)
    results = []
    for name in _split(record["results"]):
        paper = papers.find(name) or papers.opening(name)
        if paper is None:
            draft.errors.append(
                record.error("results", f"không rõ loại giấy tờ: {name}", f"no paper type is named {name}")
            )
        else:
            results.append(paper)
    draft.data["results"] = list(dict.fromkeys(results))
    return draft


def _component(draft: _Draft, record: Record, papers: _Papers) -> None:
    name = record["component"]
    if not name:
        return
    accepts = []
    for text in _split(record["accepts"]):
        paper = papers.find(text)
        if paper is None:
            draft.errors.append(
                record.error("accepts", f"không rõ loại giấy tờ: {text}", f"no paper type is named {text}")
            )
        else:
            accepts.append(paper)
    taken = {slot["id"] for slot in draft.data["components"]}
    draft.data["components"].append(
        {
            "id": _slot_id(name, taken),
            "name": name,
            "accepts": list(dict.fromkeys(accepts)) or [papers.opening(name) or "khac"],
            "codes": _split(record["component_code"]),
            "required": _flag(draft, record, "required", default=True),
            "condition": record["condition"] or None,
            "shown_only": _flag(draft, record, "shown_only", default=False),
        }
    )


def _finish(draft: _Draft, catalog: Catalog) -> Procedure | None:
    """The procedure, or ``None`` and the reasons in ``draft.errors``."""
    if draft.errors:
        return None
    try:
        procedure = Procedure.model_validate(draft.data)
        catalog.with_procedures([procedure])
    except ValidationError as error:
        for detail in error.errors():
            key = str(detail["loc"][0]) if detail["loc"] else "code"
            said = str(detail["msg"]).removeprefix("Value error, ")
            where = "component_code" if "codes" in detail["loc"] and key == "components" else _COLUMN_OF.get(key, key)
            draft.errors.append(draft.first.error(where, f"giá trị không hợp lệ: {detail['input']}", said))
        return None
    except CatalogError as error:
        draft.errors += [draft.first.error("code", problem.vi, problem.en) for problem in error.problems]
        return None
    return procedure


def _levels(draft: _Draft, record: Record, catalog: Catalog) -> Iterator[dict[str, Any]]:
    """Levels named in the cell, the commune when it names none; one that exists no more ends with its last day."""
    text = fold(record["levels"])
    named = [level for level, words in _LEVEL_WORDS.items() if re.search(words, text)] if text else [Level.COMMUNE]
    if not named:
        draft.errors.append(
            record.error("levels", f"không rõ cấp: {record['levels']}", f"no level of government: {record['levels']}")
        )
    for level in named:
        ends = [rules.valid_to for rules in catalog.rule_sets if level in rules.levels]
        last = None if None in ends or not ends else max(end for end in ends if end)
        yield {"level": level, "valid_to": last}


def _day(draft: _Draft, record: Record, key: str) -> date | None:
    text = record[key]
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return datetime.fromisoformat(text).date()
    except ValueError:
        draft.errors.append(record.error(key, f"ngày không hợp lệ: {text}", f"not a date (dd/mm/yyyy): {text}"))
        return None


def _flag(draft: _Draft, record: Record, key: str, *, default: bool) -> bool:
    text = fold(record[key])
    if not text:
        return default
    if text in _YES or text in _NO:
        return text in _YES
    draft.errors.append(record.error(key, f"ghi có hoặc không: {record[key]}", f"yes or no (x): {record[key]}"))
    return default


def _split(text: str) -> list[str]:
    return [part.strip(" -•") for part in _SEPARATORS.split(text) if part.strip(" -•")]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text.replace("_", " "))))


def _slot_id(name: str, taken: set[str]) -> str:
    """An identifier from the first words of the name: the same name gives the same id at every import."""
    words = re.findall(r"[a-z0-9]+", fold(name))[:6]
    base = "_".join(words) or "thanh_phan"
    base = base if base[0].isalpha() else f"tp_{base}"
    number, chosen = 1, base
    while chosen in taken:
        number += 1
        chosen = f"{base}_{number}"
    return chosen
