"""A page made small, once, for the measures that need no detail: 100 dpi, ink found against the paper around it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import Pixels
from workers.steps.copies import grey_of, halved

DPI = 100.0
MM = DPI / 25.4  # pixels of the reduced page in a millimetre
INK_CONTRAST = (
    0.30  # darker than the paper by this part: print, pens, pencil; ink shining through from the back is under it
)
_PAPER_WINDOW, _PAPER_BLUR = 15, 31  # px: wider than a stroke, narrower than a shadow
_INK_BELOW = np.ceil(np.arange(256, dtype=np.float32) * np.float32(1 - INK_CONTRAST)).astype(np.uint8)
_RED = 40  # grey levels by which red exceeds the other channels in seal ink


@dataclass(frozen=True, slots=True)
class Reduced:
    """All ``(h, w)`` uint8 at about ``DPI``. ``ink``: 1 where something that is not red is written; ``paper``: its background.

    ``colour``: the page itself, ``(h, w, 3)`` RGB; ``spread``: difference of the largest and smallest channel (how colourful);
    both ``None`` for a grey image.
    """

    grey: Pixels
    paper: Pixels
    ink: Pixels
    spread: Pixels | None
    colour: Pixels | None = None

    @property
    def size(self) -> tuple[int, int]:
        return self.grey.shape[0], self.grey.shape[1]


def reduce(pixels: Pixels, dpi: float) -> Reduced:
    """``pixels`` at ``dpi`` -> the reduced page; finer than ``DPI`` is shrunk, coarser is left as it is."""
    small = _shrunk(pixels, DPI / dpi) if dpi > DPI * 1.05 else pixels
    grey, red, spread = grey_of(small), None, None
    if small.ndim == 3:
        r, g, b = cv2.split(small)
        red = cv2.subtract(r, cv2.max(g, b)) >= _RED
        spread = np.asarray(cv2.subtract(cv2.max(cv2.max(r, g), b), cv2.min(cv2.min(r, g), b)), dtype=np.uint8)
    window = np.ones((_PAPER_WINDOW, _PAPER_WINDOW), np.uint8)
    paper = np.asarray(cv2.blur(cv2.dilate(grey, window), (_PAPER_BLUR, _PAPER_BLUR)), dtype=np.uint8)
    ink: NDArray[np.bool_] = cv2.compare(grey, cv2.LUT(paper, _INK_BELOW), cv2.CMP_LT) > 0
    if red is not None:
        ink &= ~red
    return Reduced(grey, paper, ink.astype(np.uint8), spread, small if small.ndim == 3 else None)


def _shrunk(pixels: Pixels, scale: float) -> Pixels:
    """Halved while it can be, then interpolated: 6 ms for a 300-dpi colour page, where one step by area takes 34."""
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    while min(pixels.shape[0] // size[1], pixels.shape[1] // size[0]) >= 2:
        pixels = halved(pixels)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def pieces(ink: Pixels) -> NDArray[np.int32]:
    """Connected pieces of ink: rows of x, y, width, height, area (px)."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    return np.asarray(stats[1:], dtype=np.int32)
