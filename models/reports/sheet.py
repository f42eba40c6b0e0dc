"""A report as a spreadsheet: CSV for any program (UTF-8 with BOM, semicolons, comma decimals, as a Vietnamese Excel opens it), and XLSX.

In XLSX the first sheet reads as printed, each ratio as the text that the report states; the second holds the same numbers to calculate with.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from models.catalog import Indicator, Rounding
from models.local_time import LOCAL
from models.reports.report import Report, Row
from models.rules.ratios import written

TOTAL: Final = "Tổng cộng"
BY_UNIT: Final = "Theo đơn vị"
BY_PROCEDURE: Final = "Theo thủ tục"
ROUNDINGS: Final = {Rounding.TRUNCATE: "cắt bỏ", Rounding.HALF_UP: "làm tròn nửa lên"}
CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int | Decimal | None
"""``Decimal``: a ratio in per cent; ``None``: a ratio that there is none of (n/a), or nothing to say."""

HEADERS: Final = (
    "Phân loại",
    "Mã",
    "Tên",
    "Hồ sơ tiếp nhận",
    "Có số hóa thành phần",
    "Chưa số hóa thành phần",
    "Tỷ lệ số hóa thành phần (%)",
    "Có tái sử dụng",
    "Tỷ lệ tái sử dụng (%)",
    "Nộp trực tuyến",
    "Tỷ lệ trực tuyến (%)",
    "Hồ sơ đã giải quyết",
    "Đã số hóa kết quả",
    "Chưa số hóa kết quả",
    "Tỷ lệ số hóa kết quả (%)",
    "Kết quả điện tử",
    "Tỷ lệ kết quả điện tử (%)",
    "Kết quả giấy đã kiểm đếm",
    "Kết quả giấy đã số hóa (lũy kế)",
    "Kết quả giấy số hóa trong kỳ",
    "Tỷ lệ số hóa kết quả giấy (%)",
)


def cells(report: Report) -> Iterator[list[Cell]]:
    """The rows under :data:`HEADERS`: the total, each unit, each procedure."""
    yield _cells(TOTAL, report.total)
    for row in report.rows:
        yield _cells(BY_UNIT, row)
    for row in report.procedures:
        yield _cells(BY_PROCEDURE, row)


def _cells(group: str, row: Row) -> list[Cell]:
    counts = row.counts

    def share(indicator: Indicator) -> Decimal | None:
        figure = row.figures.get(indicator)
        return figure.percent if figure else None

    return [
        group,
        row.code,
        f"{row.name} (riêng cơ quan)" if row.own else row.name or ("Chưa ghi thủ tục" if not row.code else ""),
        counts.received,
        counts.with_component,
        counts.received - counts.with_component,
        share(Indicator.COMPONENTS),
        counts.with_reuse,
        share(Indicator.REUSE),
        counts.online,
        share(Indicator.ONLINE),
        counts.finished,
        counts.with_result,
        counts.finished - counts.with_result,
        share(Indicator.RESULTS),
        counts.with_e_result,
        share(Indicator.E_RESULTS),
        row.inventoried,
        row.done,
        row.done_in_period,
        share(Indicator.BACKLOG),
    ]


def csv_bytes(report: Report) -> bytes:
    """The table with its headers in the first line."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADERS)
    for row in cells(report):
        writer.writerow([_plain(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def xlsx_bytes(report: Report) -> bytes:
    """A workbook of two sheets: the report as printed, and its numbers."""
    import openpyxl  # noqa: PLC0415 - a third of a second that only a workbook needs to spend

    book = openpyxl.Workbook()
    printed = book.worksheets[0]
    printed.title = "Báo cáo"
    for line in about(report):
        printed.append([line])
    printed.append([])
    _table(printed, [[_text(cell) if isinstance(cell, str) else cell for cell in row] for row in _printed(report)])
    numbers = book.create_sheet("Số liệu")
    _table(numbers, [[_text(cell) if isinstance(cell, str) else cell for cell in row] for row in cells(report)])
    for row in numbers.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, Decimal):
                cell.number_format = "0" + ("." + "0" * report.rules.decimals if report.rules.decimals else "")
    scores = book.create_sheet("Điểm")
    scores.append(["Tiêu chí", "Đạt", "Trên tổng", "Điểm", "Điểm tối đa", "Độ chắc chắn", "Căn cứ"])
    for score in report.scores:
        of, ratio = score.line, score.ratio
        shown = [of.name, ratio.numerator, ratio.denominator, written(score.points), written(of.weight)]
        scores.append([*shown, of.certainty.value, of.source])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def about(report: Report) -> list[str]:
    """What the numbers are of, a line each."""
    made = report.made_at.astimezone(LOCAL)
    lines = [
        f"Báo cáo số hóa hồ sơ, kết quả giải quyết TTHC: {report.agency.name} ({report.agency.code})",
        f"Kỳ: {report.period.name} (từ {report.period.first:%d/%m/%Y} đến {report.period.last:%d/%m/%Y})",
        f"Lập lúc {made:%H:%M ngày %d/%m/%Y}",
        f"Tỷ lệ {ROUNDINGS[report.rounding]} ở {report.rules.decimals} chữ số thập phân; mỗi hồ sơ đếm một lần; n/a: mẫu số bằng 0",
    ]
    if report.procedure:
        lines.append(f"Thủ tục: {report.procedure}")
    if report.backlog is not None:
        lines.append(f"Kết quả giấy: năm {report.backlog.year}")
    return lines


def _printed(report: Report) -> Iterator[list[Cell]]:
    for row in cells(report):
        yield [_shown(place, cell) for place, cell in enumerate(row)]


def _shown(place: int, cell: Cell) -> Cell:
    return written(cell) if isinstance(cell, Decimal) or (cell is None and "%" in HEADERS[place]) else cell


def _table(sheet: Any, rows: Sequence[Sequence[Cell]]) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - as above

    sheet.append(list(HEADERS))
    top = sheet.max_row
    for cell in sheet[top]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="center")
    for row in rows:
        sheet.append(list(row))
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str) and cell.column > 3:
                cell.alignment = Alignment(horizontal="right")
    sheet.freeze_panes = sheet.cell(top + 1, 4)
    for place in range(1, len(HEADERS) + 1):
        column = sheet.cell(top, place).column_letter
        sheet.column_dimensions[column].width = 44 if place == 3 else 18 if place == 1 else 14


def _plain(cell: Cell) -> str:
    if cell is None or isinstance(cell, Decimal):
        return written(cell)
    return _text(cell) if isinstance(cell, str) else str(cell)


def _text(text: str) -> str:
    """Never a formula: a spreadsheet runs what begins with one of these signs."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
