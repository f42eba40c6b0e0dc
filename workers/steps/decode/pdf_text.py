"""The words that a PDF page already carries, read by pdfium, with their boxes in page pixels."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import pypdfium2 as pdfium
from pypdfium2 import raw

from workers.page import Box, Line, Word
from workers.steps.decode.orientation import Matrix

MAX_CHARACTERS = 100_000  # a dense A3 table has some 20 000
_BREAKS = "\r\n\f\v\u2028\u2029"
_UNREADABLE = "\ufffd"  # a glyph that its font gives no meaning: kept, so that the layer can be judged
_SAME_HEIGHT, _TOUCHES, _SAME_LINE = 0.5, 0.12, 1.0  # parts of the letters' height
_HYPHEN = "\x02"  # pdfium's mark for a hyphen at the end of a line


@dataclass(frozen=True, slots=True)
class _Char:
    """``box``: its ink; ``cell``: its font's full height, both in page pixels (``None`` for spaces and breaks)."""

    text: str
    box: Box | None = None
    cell: tuple[float, float, float, float] | None = None


def text_layer(page: pdfium.PdfPage, matrix: Matrix, width: int, height: int) -> tuple[Line, ...] | None:
    """Lines in pdfium's reading order; ``None`` for a page without text.

    ``matrix``: user space -> page pixels; ``width``/``height``: the page in pixels. Words whose middle lies outside are
    left out. The confidence is 1: it is text, how good it is another step decides.
    """
    lines = _Lines(width, height)
    break_told, last = False, None
    for char in _characters(page, matrix):
        if char.text in _BREAKS:
            break_told = True
            continue
        if break_told and char.cell is not None:
            lines.end(_how_broken(last, char))
            break_told = False
        if char.text.isspace():
            lines.end(_Break.WORD)
            continue
        lines.add(char)
        last = char
    lines.end(_Break.LINE)
    return tuple(lines.done) or None


class _Break(IntEnum):
    NONE, WORD, LINE = range(3)


def _how_broken(last: _Char | None, char: _Char) -> _Break:
    """What a line break told by pdfium is worth: it tells many inside words, where a program changes its text matrix.

    Characters at one height that touch are one word; up to one letter height apart, one line.
    """
    if last is None or last.cell is None or char.cell is None:
        return _Break.LINE
    (_, top, end, bottom), (start, next_top, _, next_bottom) = last.cell, char.cell
    tall = max(1.0, min(bottom - top, next_bottom - next_top))
    if min(bottom, next_bottom) - max(top, next_top) < _SAME_HEIGHT * tall:
        return _Break.LINE
    gap = (start - end) / tall
    if not -_TOUCHES <= gap <= _SAME_LINE:
        return _Break.LINE
    return _Break.NONE if gap < _TOUCHES else _Break.WORD


class _Lines:
    """Collects letters into words and words into lines; what lies off the page is dropped."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.done: list[Line] = []
        self._words: list[Word] = []
        self._letters: list[str] = []
        self._boxes: list[Box] = []

    def add(self, char: _Char) -> None:
        self._letters.append(char.text)
        if char.box is not None:
            self._boxes.append(char.box)

    def end(self, how: _Break) -> None:
        if how >= _Break.WORD and self._letters:
            box = _around(self._boxes)
            if box is not None and _inside(box, self.width, self.height):
                text = unicodedata.normalize("NFC", "".join(self._letters))
                self._words.append(Word(text, _clipped(box, self.width, self.height), 1.0))
            self._letters, self._boxes = [], []
        if how is _Break.LINE and self._words:
            self.done.append(Line(tuple(self._words)))
            self._words = []


def _characters(page: pdfium.PdfPage, matrix: Matrix) -> Iterator[_Char]:
    try:
        text = page.get_textpage()
    except pdfium.PdfiumError:
        return
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    loose = raw.FS_RECTF()
    try:
        for index in range(min(text.count_chars(), MAX_CHARACTERS)):
            letter = _letter(raw.FPDFText_GetUnicode(text, index))
            if not letter:
                continue
            if letter.isspace():
                yield _Char(letter)
                continue
            box = cell = None
            if raw.FPDFText_GetCharBox(text, index, left, right, bottom, top):
                x0, y0, x1, y1 = _to_pixels((left.value, bottom.value, right.value, top.value), matrix)
                box = (int(x0), int(y0), int(x1) + 1, int(y1) + 1)
            if raw.FPDFText_GetLooseCharBox(text, index, loose):
                cell = _to_pixels((loose.left, loose.bottom, loose.right, loose.top), matrix)
            yield _Char(letter, box, cell)
    finally:
        text.close()


def _letter(code: int) -> str:
    if code == 0 or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF):
        return _UNREADABLE
    character = chr(code)
    if character == _HYPHEN:
        return "-"
    if unicodedata.category(character) == "Cc" and not character.isspace():
        return _UNREADABLE
    return "" if character in "\u200b\ufeff\u00ad" else character


def _to_pixels(place: tuple[float, float, float, float], matrix: Matrix) -> tuple[float, float, float, float]:
    a, b, c, d, e, f = matrix
    x0, y0, x1, y1 = place
    xs = [a * x + c * y + e for x in (x0, x1) for y in (y0, y1)]
    ys = [b * x + d * y + f for x in (x0, x1) for y in (y0, y1)]
    return (min(xs), min(ys), max(xs), max(ys))


def _around(boxes: list[Box]) -> Box | None:
    if not boxes:
        return None
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _inside(box: Box, width: int, height: int) -> bool:
    return 0 <= (box[0] + box[2]) / 2 < width and 0 <= (box[1] + box[3]) / 2 < height


def _clipped(box: Box, width: int, height: int) -> Box:
    return (max(0, box[0]), max(0, box[1]), min(width, box[2]), min(height, box[3]))
