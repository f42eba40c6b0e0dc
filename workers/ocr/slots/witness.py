"""A printed slot read by two that have nothing in common: the page's own reader, and tesseract that knows digits alone.

Neither has learned handwriting, and both believe what they see: of the pens' *11* on a real page both made *44*, at 0.97 and 0.85. So pens
are not shown to them, and a pen's number stays unread.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, runtime_checkable

import cv2
import numpy as np

from models.errors import MissingProgram
from workers.ocr.engine import OcrEngine
from workers.ocr.lines import CutLine
from workers.ocr.reader.confidence import Calibration
from workers.ocr.reader.reading import ReadLine
from workers.ocr.second_opinion import ReaderWithSecondOpinion
from workers.ocr.slots.ink import SlotInk
from workers.page import Line, Pixels, SlotKind

log = logging.getLogger(__name__)

SURE = 0.9
"""Confidence of our reader under which its word is no evidence."""
LOOKS = ((24, 7), (32, 7), (32, 13))
"""Height in pixels at which a digit is shown to tesseract, and its page mode (7 a line, 13 a raw line): lone digits are often lost in one of
them, and seldom read as others. Any look that agrees is agreement."""
X_HEIGHT, DIGIT = 0.45, 0.68
"""Em, in Times."""

_VALUES = {
    SlotKind.NUMBER: re.compile(r"(?=\d*[1-9])\d{1,5}"),
    SlotKind.DAY: re.compile(r"0?[1-9]|[12]\d|3[01]"),
    SlotKind.MONTH: re.compile(r"0?[1-9]|1[0-2]"),
    SlotKind.YEAR: re.compile(r"(?:19|20)\d\d"),
}


class LineReader(Protocol):
    """Our reader, with or without a second opinion, or tesseract."""

    def read_lines(self, cut: Sequence[CutLine], dpi: float) -> list[Line | None]: ...


class DigitReader(Protocol):
    """Reads digits and nothing else. ``digits`` gives what stands in a crop at one look, without spaces; empty for nothing."""

    def digits(self, sheet: Pixels, mode: int) -> str: ...


@runtime_checkable
class _OurReader(Protocol):
    """``ReaderEngine``, told from other engines by its calibration; its library is not loaded for the asking."""

    second_calibration: Calibration

    def read_lines(self, lines: Sequence[CutLine]) -> list[ReadLine]: ...


@dataclass(frozen=True, slots=True)
class _Alone:
    reader: _OurReader

    def read_lines(self, cut: Sequence[CutLine], dpi: float) -> list[Line | None]:  # noqa: ARG002 - as engines have it
        return [line.as_line() for line in self.reader.read_lines(cut)]


def line_reader(engine: OcrEngine) -> LineReader | None:
    """The page's engine as a witness: our reader, with or without a second opinion. Tesseract would only repeat itself."""
    if isinstance(engine, ReaderWithSecondOpinion):
        return engine
    return _Alone(engine) if isinstance(engine, _OurReader) else None


def is_value(kind: SlotKind, text: str) -> bool:
    """Whether ``text`` can stand in a slot of that kind."""
    return bool(_VALUES[kind].fullmatch(text))


@lru_cache(maxsize=1)
def digit_reader() -> DigitReader | None:
    """Tesseract with digits alone, loaded once a process when the first printed slot is met; ``None`` without tesseract."""
    try:
        from workers.ocr.tesseract import TesserocrDigits  # noqa: PLC0415 - the library is loaded only by those who need it

        return TesserocrDigits()
    except (ImportError, MissingProgram) as error:
        log.warning("printed numbers and dates are not read apart, for want of a second witness: %s", error)
        return None


def as_line(ink: SlotInk) -> CutLine:
    """The slot's ink as a line of its own, with the margin that lines have."""
    crop, left, top = _trimmed(ink.pixels, round(0.1 * ink.em))
    x0, y0 = ink.box[0] + left, ink.box[1] + top
    height, width = crop.shape
    return CutLine(
        crop,
        (x0, y0, x0 + width, y0 + height),
        ink.box[1] + ink.foot,
        height,
        X_HEIGHT * ink.em,
        cell=False,
        own_x_height=DIGIT * ink.em,
    )


def says(digits: DigitReader, ink: SlotInk, value: str) -> bool:
    """Whether tesseract reads ``value`` too."""
    crop, _, _ = _trimmed(ink.pixels, round(0.1 * ink.em))
    return any(digits.digits(_shown(crop, height / (DIGIT * ink.em), height), mode) == value for height, mode in LOOKS)


def _shown(crop: Pixels, factor: float, digit: int) -> Pixels:
    kind = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    sized = cv2.resize(crop, None, fx=factor, fy=factor, interpolation=kind)
    pad = round(0.35 * digit)
    return np.asarray(cv2.copyMakeBorder(sized, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=(255.0,)), np.uint8)


def _trimmed(pixels: Pixels, margin: int) -> tuple[Pixels, int, int]:
    """(the part with ink and a white margin about it, columns and rows that it begins right of and under the crop's corner)."""
    inked = pixels < 200
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not rows.size:
        return pixels, 0, 0
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    part = cv2.copyMakeBorder(
        pixels[top:bottom, left:right], margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=(255.0,)
    )
    return np.asarray(part, np.uint8), left - margin, top - margin
