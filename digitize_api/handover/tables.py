"""The tables for people in a package: its papers, and every file or line that it was made of."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from models.handover.appendix import LENGTHS
from models.handover.record import PaperRecord
from models.handover.steps import LEFT, Entry, Left

MARK: Final = b"\xef\xbb\xbf"  # so that a spreadsheet reads Vietnamese
PAPER_HEADERS: Final = (
    "Tệp",
    *LENGTHS,
    "Mã kết quả số hóa",
    "Trạng thái",
    "SHA-256",
    "Bị cắt ngắn",
    "Bỏ trống vì quá dài",
)
ENTRY_HEADERS: Final = (
    "STT",
    "Nguồn",
    "Mã kiểm kê",
    "Mã hồ sơ",
    "Tệp trong gói",
    "Trạng thái",
    "Không giao vì",
    "Mã lý do",
    "Chi tiết",
)


def paper_cells(paper: PaperRecord) -> tuple[str, ...]:
    told = [paper.appendix.get(name, "") for name in LENGTHS]
    return (
        paper.file,
        *told,
        paper.code or "",
        paper.state,
        paper.sha256,
        " ".join(paper.cut),
        " ".join(paper.left_out),
    )


def entry_cells(entry: Entry, file: str, left: Left | None) -> tuple[str, ...]:
    """``file``: under which name the paper is in the package."""
    why = ("", "") if left is None else (LEFT[left][0], left.value)
    return (str(entry.number), entry.source, entry.key, entry.dossier, file, entry.state, *why, entry.detail)


def row(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    # Never a formula: a spreadsheet runs what begins with one of these signs.
    plain = [f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell for cell in cells]
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(plain)
    return out.getvalue().encode()
