"""Tables that lack some of their rules, drawn with known cells: how many cells are read wholly right (F1) in each style.

``python -m benchmarks.half_ruled [pages a style]`` prints a line for each style, resolution and wear.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.accuracy import cell_f1, cer
from benchmarks.reader.digital import damaged
from benchmarks.reader.judge import folded
from workers.ocr.engine import OcrEngine
from workers.ocr.factory import make_engine
from workers.page import Pixels
from workers.reading import straighten_and_read
from workers.stopwatch import Stopwatch

FONT = "/usr/share/fonts/truetype/croscore/Tinos-{}.ttf"
STYLES = ("all rules", "level rules", "three rules", "boxed head", "open head", "no row rules", "open sides")
HEAD = ("STT", "Họ và tên", "Ngày sinh", "Nơi cư trú", "Số tiền", "Ghi chú")
WIDTHS_MM = (13, 40, 25, 49, 27, 18)
NAMES = (
    "Nguyễn Văn An",
    "Trần Thị Bích Ngọc",
    "Lê Hoàng Phước",
    "Phạm Minh Đức",
    "Võ Thị Kim Loan",
    "Đặng Quốc Huy",
    "Bùi Thu Hà",
)
PLACES = ("ấp Bình Thạnh", "khu phố 3", "thôn Phú Lễ", "tổ dân phố số 7", "ấp Mỹ Lương", "xóm Đình")
COMMUNES = (
    "xã Tân Hội Đông, huyện Châu Thành",
    "phường 5, thị xã Gò Công",
    "xã Bình Phú",
    "thị trấn Cái Bè",
    "xã Hòa Khánh, huyện Cái Bè",
)
XS = tuple(accumulate(WIDTHS_MM, initial=20))
LEADING, PAD = 6.0, 1.9
"""Millimetres from line to line, and from a column's edge to its text."""
ABOVE = ("DANH SÁCH HỖ TRỢ", "(Kèm theo Quyết định của Ủy ban nhân dân xã)")
BODY = (
    "Căn cứ Luật Tổ chức chính quyền địa phương, Ủy ban nhân dân xã lập danh sách những",
    "người được hỗ trợ trong đợt này như sau. Các cơ quan, đơn vị có liên quan chịu trách",
    "nhiệm thi hành kể từ ngày ký ban hành văn bản; mọi ý kiến xin gửi về bộ phận một cửa.",
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """``pixels``: uint8 ``(H, W, 3)``; ``cells``: texts of all cells; ``text``: of the page, row by row."""

    pixels: Pixels
    cells: tuple[str, ...]
    text: str


class _Sheet:
    """A white A4 page at ``dpi``; places in millimetres."""

    def __init__(self, dpi: int) -> None:
        self._unit = dpi / 25.4
        self.image = Image.new("RGB", (round(210 * self._unit), round(297 * self._unit)), "white")
        self._pen = ImageDraw.Draw(self.image)
        self._fonts = [ImageFont.truetype(FONT.format(face), round(13 * dpi / 72)) for face in ("Regular", "Bold")]
        self._width = max(1, round(0.18 * self._unit))

    def write(self, x: float, y: float, text: str, *, bold: bool = False, room: float = 0.0) -> None:
        """``room``: the text is set in the middle of so much."""
        left = x + (room - self.length(text, bold=bold)) / 2 if room else x
        self._pen.text((left * self._unit, y * self._unit), text, fill=(25, 25, 25), font=self._fonts[bold])

    def length(self, text: str, *, bold: bool) -> float:
        return float(self._fonts[bold].getlength(text)) / self._unit

    def wrapped(self, text: str, room: float, *, bold: bool) -> list[str]:
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if self.length(longer, bold=bold) <= room or not lines[-1]:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        places = [round(place * self._unit) for place in (x0, y0, x1, y1)]
        self._pen.line(places, fill=(20, 20, 20), width=self._width)


def _rows(bits: np.random.Generator) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [HEAD]
    for number in range(1, int(bits.integers(4, 10)) + 1):
        place = str(bits.choice(PLACES))
        if bits.random() < 0.5:
            place = f"{place}, {bits.choice(COMMUNES)}"
        day = f"{bits.integers(1, 29):02d}/{bits.integers(1, 13):02d}/{bits.integers(1950, 2006)}"
        money = f"{bits.integers(1, 90)}.{bits.integers(0, 10)}00.000"
        rows.append((str(number), str(bits.choice(NAMES)), day, place, money, "Mới" if bits.random() < 0.3 else ""))
    return rows


def _set(sheet: _Sheet, rows: Sequence[Sequence[str]], top: float, space: float, *, middle: bool) -> list[float]:
    """Writes the cells; the heights of all level rules. ``space``: above and below them; ``middle``: set in the middle of their rows."""
    ys = [top]
    for index, row in enumerate(rows):
        bold = index == 0
        room = [b - a - 2 * PAD for a, b in pairwise(XS)]
        cells = [sheet.wrapped(text, wide, bold=bold) for text, wide in zip(row, room, strict=True)]
        high = max(len(cell) for cell in cells) * LEADING
        for column, cell in enumerate(cells):
            lift = (high - len(cell) * LEADING) / 2 if middle or bold else 0.0
            for number, line in enumerate(cell):
                y = ys[-1] + space + lift + number * LEADING
                centred = bold or column in (0, 2)
                sheet.write(XS[column] + PAD, y, line, bold=bold, room=room[column] if centred else 0.0)
        ys.append(ys[-1] + high + 2 * space)
    return ys


def _rule(sheet: _Sheet, style: str, ys: Sequence[float]) -> None:
    few = (ys[0], ys[1], ys[-1])
    levels = {"three rules": few, "no row rules": few, "boxed head": ys[:2], "open head": ys[:2]}.get(style, ys)
    for y in levels:
        sheet.rule(XS[0], y, XS[-1], y)
    if style in ("all rules", "no row rules", "boxed head", "open sides"):
        for x in XS[1:-1] if style == "open sides" else XS:
            sheet.rule(x, ys[0], x, ys[1] if style == "boxed head" else ys[-1])


def draw(style: str, seed: int, dpi: int) -> Drawn:
    """One A4 page with text above and below a table of 4 to 9 rows, some of several lines; entries at the top or in the middle."""
    bits = np.random.default_rng(seed)
    sheet, rows = _Sheet(dpi), _rows(bits)
    y = 25.0
    for line, bold in zip(ABOVE, (True, False), strict=True):
        sheet.write(XS[0], y, line, bold=bold, room=XS[-1] - XS[0])
        y += LEADING
    for line in BODY:
        sheet.write(22, y + 4, line)
        y += LEADING
    ys = _set(sheet, rows, y + 8, float(bits.choice([0.4, 1.2])), middle=bool(bits.integers(2)))
    _rule(sheet, style, ys)
    for number, line in enumerate(BODY):
        sheet.write(22, ys[-1] + 6 + number * LEADING, line)
    said = [*ABOVE, *BODY, *(" ".join(filter(None, row)) for row in rows), *BODY]
    cells = tuple(text for row in rows for text in row)
    return Drawn(np.asarray(sheet.image, np.uint8).copy(), cells, " ".join(said))


def measured(style: str, dpi: int, wear: str, pages: int, engine: OcrEngine) -> tuple[float, float, float]:
    """Mean cell F1, CER of the pages read in the order of their lines, and seconds a page."""
    scores, edits, characters, started = [], 0, 0, time.process_time()
    for seed in range(pages):
        drawn = draw(style, seed, dpi)
        pixels = damaged(drawn.pixels, seed) if wear == "damaged" else drawn.pixels
        reading = straighten_and_read(pixels, dpi, engine, Stopwatch())
        read = [folded(cell.text) for table in reading.tables for cell in table.cells]
        scores.append(cell_f1([folded(cell) for cell in drawn.cells], read))
        wrong, of = cer(folded(drawn.text), folded(" ".join(line.text for line in reading.lines)))
        edits, characters = edits + wrong, characters + of
    return float(np.mean(scores)), edits / characters, (time.process_time() - started) / pages


def main() -> None:
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    engine = make_engine("reader")
    try:
        for style in STYLES:
            for dpi in (300, 200):
                for wear in ("clean", "damaged"):
                    f1, rate, seconds = measured(style, dpi, wear, pages, engine)
                    print(
                        f"{style:13} {dpi} {wear:8} cell F1 {f1:.3f}  CER {100 * rate:5.2f} %  {seconds:.2f} s",
                        flush=True,
                    )
    finally:
        engine.close()


if __name__ == "__main__":
    main()
