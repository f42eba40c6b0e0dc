"""Which column of an agency's list is which: by what was told, by what was remembered, else by its header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.catalog.sheets import HEADER_WITHIN, plain_header
from models.errors import InvalidRequest

NAMES: Mapping[str, tuple[str, ...]] = {
    "agency": ("Mã cơ quan", "Mã đơn vị", "Mã định danh", "Cơ quan cấp mã", "Đơn vị", "Agency code"),
    "year": ("Năm", "Năm cấp", "Năm ban hành", "Năm kết quả", "Year"),
    "procedure": ("Mã TTHC", "Mã thủ tục", "Thủ tục", "Tên thủ tục", "Thủ tục hành chính", "Tên TTHC", "Procedure"),
    "code": ("Mã kiểm đếm", "Mã kết quả giấy", "Mã hồ sơ lưu", "Inventory code"),
    "number": (
        "Số, ký hiệu",
        "Số ký hiệu",
        "Số/ký hiệu",
        "Số hiệu",
        "Số kết quả",
        "Số văn bản",
        "Số giấy",
        "Số quyết định",
        "Số giấy chứng nhận",
        "Number",
    ),
    "holder_name": (
        "Họ và tên",
        "Họ tên",
        "Chủ hồ sơ",
        "Tên công dân",
        "Người được cấp",
        "Cá nhân, tổ chức",
        "Tên cá nhân, tổ chức",
        "Tổ chức, cá nhân",
        "Holder",
    ),
    "holder_id_number": ("Số định danh", "Số CCCD", "CCCD", "Số định danh cá nhân", "Mã số thuế", "MST", "Id number"),
    "issued_on": (
        "Ngày cấp",
        "Ngày ban hành",
        "Ngày ký",
        "Ngày tháng năm cấp",
        "Ngày, tháng, năm",
        "Ngày",
        "Issued on",
    ),
    "paper_type": ("Loại giấy tờ", "Loại kết quả", "Tên loại", "Paper type"),
    "title": ("Tên giấy tờ", "Tên kết quả", "Trích yếu", "Nội dung", "Trích yếu nội dung", "Title"),
    "box": ("Hộp", "Hộp số", "Số hộp", "Cặp", "Cặp số", "Box"),
    "shelf": ("Giá", "Kệ", "Giá, kệ", "Tủ", "Vị trí", "Vị trí lưu", "Shelf"),
    "count": ("Số lượng", "Tổng số", "Số lượng kết quả", "Số kết quả giấy", "Số lượng giấy", "Count"),
    "note": ("Ghi chú", "Note"),
}
"""Columns by key, with the headers each answers to; any case, with or without marks."""
TELLING = ("number", "holder_name", "code", "count")
"""Without one of these a row names nothing that could be counted."""


@dataclass(frozen=True, slots=True)
class Layout:
    """``index``: the row of the headers, from 0. ``places``: column by key. ``others``: headers that mean nothing here."""

    index: int
    places: dict[str, int]
    headers: dict[str, str]
    others: tuple[str, ...]


def find_layout(rows: list[list[str]], told: Mapping[str, str], remembered: Mapping[str, str]) -> Layout:
    """The row that makes most sense as headers, and what its columns are.

    ``told`` and ``remembered``: header by key; what is told must be there, what is remembered may be. ``InvalidRequest`` with the headers
    that were seen when there is no such row.
    """
    unknown = sorted(set(told) - set(NAMES))
    if unknown:
        raise InvalidRequest(f"no such column: {', '.join(unknown)}; they are {', '.join(NAMES)}")
    best: Layout | None = None
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        found = _layout(index, row, told, remembered)
        if found is not None and (best is None or len(found.places) > len(best.places)):
            best = found
    if best is None:
        seen = next((row for row in rows[:HEADER_WITHIN] if sum(bool(cell) for cell in row) > 1), rows[0])
        shown = "; ".join(cell for cell in seen if cell)[:300]
        raise InvalidRequest(f"no row of headers names a number, a holder, a code or a count. Seen: {shown}")
    return best


def _layout(index: int, row: list[str], told: Mapping[str, str], remembered: Mapping[str, str]) -> Layout | None:
    plain = [plain_header(cell) for cell in row]
    places: dict[str, int] = {}
    for key, header in told.items():
        if plain_header(header) not in plain:
            return None
        places[key] = plain.index(plain_header(header))
    taken = set(places.values())
    for key, header in remembered.items():
        wanted = plain_header(str(header))
        if key in NAMES and key not in places and wanted and wanted in plain and plain.index(wanted) not in taken:
            places[key] = plain.index(wanted)
            taken.add(places[key])
    _guess(plain, places, taken)
    if not set(places) & set(TELLING):
        return None
    others = tuple(row[place] for place in range(len(row)) if row[place] and place not in taken)
    return Layout(index, places, {key: row[place] for key, place in places.items()}, others)


def _guess(plain: list[str], places: dict[str, int], taken: set[int]) -> None:
    """First headers that are a known name as a whole, then those that begin or end with one, the longest name first."""
    names = sorted(
        ((plain_header(name), key) for key, all_names in NAMES.items() for name in all_names),
        key=lambda one: -len(one[0]),
    )
    for whole in (True, False):
        for place, header in enumerate(plain):
            if not header or place in taken:
                continue
            for name, key in names:
                partly = len(name) > 3 and (header.startswith(f"{name} ") or header.endswith(f" {name}"))
                if key not in places and (header == name or (not whole and partly)):
                    places[key] = place
                    taken.add(place)
                    break
