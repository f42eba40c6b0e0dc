"""Manifests: a CSV or XLSX that names each file, its key, and which side of its sheets it shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models.catalog.sheets import Column, Record, read_records
from models.errors import DigitizeError, InvalidRequest
from models.vietnamese.folding import fold
from workers.feeding.files import BACK, FRONT

COLUMNS: Final = (
    Column("path", ("Tệp", "Tên tệp", "Đường dẫn", "File", "Path", "File name"), required=True),
    Column("key", ("Mã", "Mã kiểm kê", "Mã danh mục", "Số ký hiệu", "Key", "Inventory key")),
    Column("document", ("Tài liệu", "Giấy tờ", "Tập", "Document", "Paper")),
    Column("side", ("Mặt", "Mặt giấy", "Side", "Page side")),
    Column("order", ("Thứ tự", "Trang", "Order", "Page")),
)
_SIDES: Final = {
    "": "", "truoc": FRONT, "mat truoc": FRONT, "front": FRONT, "a": FRONT, "1": FRONT, "recto": FRONT,
    "sau": BACK, "mat sau": BACK, "back": BACK, "b": BACK, "2": BACK, "verso": BACK,
}  # fmt: skip
FIRST_ROW, LAST_ORDER = 1, 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """``number``: as a spreadsheet shows it. ``error``: why it can't be used; then ``path`` is only what it says."""

    number: int
    path: Path
    key: str | None = None
    document: str = ""
    side: str = ""
    order: int = 0
    error: DigitizeError | None = None


def rows(manifest: Path) -> Iterator[Row]:
    """The rows in their order. Refusals of the whole sheet are those of ``read_records``."""
    for record in read_records(manifest, COLUMNS):
        yield _row(manifest.parent, record)


def _row(base: Path, record: Record) -> Row:
    number, told = record.number, record["path"].replace("\\", "/").strip()
    path, key = base / told, record["key"].strip() or None
    if not told:
        return Row(number, path, key, error=InvalidRequest(f"row {number}: the column with the file is blank"))
    if not path.resolve().is_relative_to(base.resolve()):
        return Row(
            number, path, key, error=InvalidRequest(f"row {number}: the path leads out of the manifest's folder")
        )
    side = _SIDES.get(fold(record["side"]).strip())
    if side is None:
        return Row(number, path, key, error=InvalidRequest(f"row {number}: a side is trước or sau (front, back)"))
    order = record["order"].strip()
    if order and not (order.isascii() and order.isdigit() and int(order) <= LAST_ORDER):
        return Row(number, path, key, error=InvalidRequest(f"row {number}: the order is a number"))
    return Row(number, path, key, record["document"].strip(), side, int(order or 0))
