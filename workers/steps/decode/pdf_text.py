"""The words that a PDF page already carries, read by pdfium, with their boxes in page pixels."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator

import pypdfium2 as pdfium
from pypdfium2 import raw

from workers.page import Box, Line, Word
from workers.steps.decode.orientation import Matrix

MAX_CHARACTERS = 100_000  # a dense A3 table has some 20 000
_BREAKS = "\r\n\f\v\u2028\u2029"
_UNREADABLE = "\ufffd"  # a glyph that its font gives no meaning: kept, so that the layer can be judged
_HYPHEN = "\x02"  # pdfium's mark for a hyphen at the end of a line

Char = tuple[str, tuple[float, float, float, float] | None]


def text_layer(page: pdfium.PdfPage, matrix: Matrix, width: int, height: int) -> tuple[Line, ...] | None:
    """Lines in pdfium's reading order; ``None`` for a page without text.

    ``matrix``: user space -> page pixels; ``width``/``height``: the page in pixels. Words whose middle lies outside are
    left out. The confidence is 1: it is text, how good it is another step decides.
    """
    lines: list[Line] = []
    words: list[Word] = []
    letters: list[str] = []
    boxes: list[Box] = []

    def end_word() -> None:
        if letters:
            text = unicodedata.normalize("NFC", "".join(letters))
            box = _around(boxes)
            if box is not None and _inside(box, width, height):
                words.append(Word(text, _clipped(box, width, height), 1.0))
            letters.clear()
            boxes.clear()

    def end_line() -> None:
        end_word()
        if words:
            lines.append(Line(tuple(words)))
            words.clear()

    for character, place in _characters(page):
        if character in _BREAKS:
            end_line()
        elif character.isspace():
            end_word()
        else:
            letters.append(character)
            if place is not None:
                boxes.append(_to_pixels(place, matrix))
    end_line()
    return tuple(lines) or None


def _characters(page: pdfium.PdfPage) -> Iterator[Char]:
    """Each character with its box (left, bottom, right, top) in user space."""
    text = page.get_textpage()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    try:
        for index in range(min(text.count_chars(), MAX_CHARACTERS)):
            code = raw.FPDFText_GetUnicode(text, index)
            character = _letter(code)
            if not character:
                continue
            place = None
            if not character.isspace() and raw.FPDFText_GetCharBox(text, index, left, right, bottom, top):
                place = (left.value, bottom.value, right.value, top.value)
            yield character, place
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


def _to_pixels(place: tuple[float, float, float, float], matrix: Matrix) -> Box:
    a, b, c, d, e, f = matrix
    x0, y0, x1, y1 = place
    xs = [a * x + c * y + e for x in (x0, x1) for y in (y0, y1)]
    ys = [b * x + d * y + f for x in (x0, x1) for y in (y0, y1)]
    return (int(min(xs)), int(min(ys)), int(max(xs)) + 1, int(max(ys)) + 1)


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
