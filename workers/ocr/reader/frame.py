"""A line's crop as the net wants it: one height, ink by ink, paper white. Training and reading share this code."""

from __future__ import annotations

import cv2
import numpy as np

from workers.ocr.ink import histogram
from workers.page import Pixels

FRAME_HEIGHT = 40
"""Pixels. A 13-pt line with stacked marks is as high as this at 190 dpi: the hook of *ổ* keeps 3 to 4 pixels."""
STRIDE = 4
"""Pixels of a frame per output of the net."""
MIN_ABOVE, MIN_BELOW = 1.3, 0.3
"""Letter heights shown above and below the baseline even where there is no ink, so that a dash is not blown up to a bar."""
MIN_WIDTH, MAX_WIDTH = 16, 4096
COARSE = 1.4
"""A crop so many times as high as a frame is averaged down; a lower one is interpolated, which reads as well in a quarter of the time."""
_INK_SHARE, _PAPER_SHARE, _MIN_CONTRAST = 0.02, 0.75, 20


def frame(crop: Pixels, baseline: float, letter: float) -> Pixels:
    """uint8 ``(FRAME_HEIGHT, w)``: dark ink on white, contrast stretched.

    ``crop``: uint8 grey ``(h, w)``, a line's ink with a small margin; ``baseline``: its row in the crop; ``letter``: median
    letter height of the page, pixels.
    """
    height = crop.shape[0]
    above = max(0, round(MIN_ABOVE * letter - baseline))
    below = max(0, round(baseline + MIN_BELOW * letter) - height)
    if above or below:
        crop = np.asarray(cv2.copyMakeBorder(crop, above, below, 0, 0, cv2.BORDER_CONSTANT, value=(255.0,)), np.uint8)
    return stretched(scaled(crop))


def scaled(crop: Pixels) -> Pixels:
    """``crop`` at ``FRAME_HEIGHT`` rows, its proportions kept."""
    height, width = crop.shape
    size = (min(MAX_WIDTH, max(MIN_WIDTH, round(width * FRAME_HEIGHT / height))), FRAME_HEIGHT)
    kind = cv2.INTER_AREA if height > COARSE * FRAME_HEIGHT else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(crop, size, interpolation=kind), np.uint8)


def stretched(grey: Pixels) -> Pixels:
    """Ink (2nd percentile) to 0 and paper (75th) to 255: the net never sees how dark a scanner was set."""
    counts = histogram(grey[::2, ::2]).cumsum()
    low = int(np.searchsorted(counts, counts[-1] * _INK_SHARE))
    high = max(int(np.searchsorted(counts, counts[-1] * _PAPER_SHARE)), low + _MIN_CONTRAST)
    table = np.clip((np.arange(256) - low) * 255.0 / (high - low), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(grey, table), np.uint8)
