"""From a cut line to what the net is shown, and back: which column of the page a column of a frame is.

The *whole* crop is shown first: all of the line's own ink. The *band* is the second look where that was read with doubt: a fixed
part of the line in letter heights around the baseline, which neither a long stroke of the seal nor a stray mark shrinks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.ocr.lines import CutLine
from workers.ocr.reader.frame import FRAME_HEIGHT, MAX_WIDTH, MIN_ABOVE, MIN_BELOW, frame
from workers.page import Pixels

BAND_ABOVE, BAND_BELOW = 2.1, 0.55
"""Letter heights: a capital with two marks, and the tail of *g* with the dot of *ặ* under it."""
MOST_ABOVE, MOST_BELOW = 2.35, 0.8
"""Of the line's own x-height: the tilde over the circumflex of a capital, and the dot under *ỵ*, with a margin."""
MIN_ROWS = 6
WIDER = 0.25
LIKE = 0.12
"""A band within this share of the whole crop's height would show the same picture: the second look is then this much (``WIDER``,
letter heights, above and below) wider than the whole crop."""
INK = 150
"""Grey of a frame under which a column holds ink; the frame's paper is 255, its ink 0."""


class Look(Enum):
    WHOLE = "whole"
    BAND = "band"


@dataclass(frozen=True, slots=True)
class Framed:
    """``frame``: uint8 ``(FRAME_HEIGHT, w)`` of the line's columns from ``left``; ``scale``: columns of the page per column of it."""

    frame: Pixels
    left: float
    scale: float

    def on_page(self, column: float) -> float:
        return self.left + column * self.scale

    @property
    def inked(self) -> NDArray[np.bool_]:
        """Which columns of the frame hold ink."""
        return np.asarray(self.frame.min(axis=0) < INK, np.bool_)


def frame_line(line: CutLine, look: Look = Look.WHOLE) -> list[Framed]:
    """The line's frames from left to right: one, or several where it is too long for one."""
    x0, y0, _, _ = line.box
    crop, baseline = line.pixels, line.baseline - y0
    if look is Look.BAND:
        crop, baseline = _band(crop, baseline, line.x_height)
    else:
        crop, baseline = _trimmed(crop, baseline, line.own_x_height or line.x_height)
    height = max(crop.shape[0], (MIN_ABOVE + MIN_BELOW) * line.x_height)
    longest = max(1, int(MAX_WIDTH * height / FRAME_HEIGHT))
    framed: list[Framed] = []
    for start, end in _pieces(crop, longest):
        made = frame(crop[:, start:end], baseline, line.x_height)
        framed.append(Framed(made, float(x0 + start), (end - start) / made.shape[1]))
    return framed


def _trimmed(crop: Pixels, baseline: float, letter: float) -> tuple[Pixels, float]:
    """The rows where letters and their marks can be: a seal's arc or a pen's stroke must not make the print small."""
    top = max(0, round(baseline - MOST_ABOVE * letter))
    bottom = min(crop.shape[0], round(baseline + MOST_BELOW * letter))
    return (crop[top:bottom], baseline - top) if bottom - top >= MIN_ROWS else (crop, baseline)


def _band(crop: Pixels, baseline: float, letter: float) -> tuple[Pixels, float]:
    """Rows of the band, paper where the crop has none; and the baseline's row in it."""
    top, bottom = round(baseline - BAND_ABOVE * letter), round(baseline + BAND_BELOW * letter)
    if abs((bottom - top) - crop.shape[0]) <= LIKE * crop.shape[0]:
        top, bottom = round(-WIDER * letter), round(crop.shape[0] + WIDER * letter)
    inside = crop[max(0, top) : max(1, bottom)]
    above, below = max(0, -top), max(0, bottom - crop.shape[0])
    padded = cv2.copyMakeBorder(inside, above, below, 0, 0, cv2.BORDER_CONSTANT, value=(255.0,))
    return np.asarray(padded, np.uint8), baseline - top


def _pieces(crop: Pixels, longest: int) -> list[tuple[int, int]]:
    """Ranges of columns no longer than ``longest`` that cover the crop, parted in the widest gaps."""
    todo, done = [(0, crop.shape[1])], []
    while todo:
        start, end = todo.pop()
        if end - start <= longest:
            done.append((start, end))
            continue
        # Not near an end, or a line of even gaps would be peeled word by word.
        quarter = (end - start) // 4
        at = start + quarter + widest_gap(_without_ink(crop[:, start + quarter : end - quarter]))
        todo += [(start, at), (at, end)]
    return sorted(done)


def _without_ink(crop: Pixels) -> NDArray[np.bool_]:
    middle = (float(crop.min()) + float(crop.max())) / 2
    return np.asarray(crop.min(axis=0) > middle, np.bool_)


def widest_gap(free: NDArray[np.bool_]) -> int:
    """Middle of the longest run of free columns; the middle of all of them when none is free."""
    columns = (
        free.tobytes()
    )  # a byte a column; splitting bytes is ten times faster than numpy on a gap of a few columns
    longest = max(columns.split(b"\0"), key=len)
    if not longest:
        return len(free) // 2
    return (2 * columns.index(longest) + len(longest)) // 2
