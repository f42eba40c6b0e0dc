"""How wide the edges of the letters are: what defocus and a moving hand widen, whatever the resolution."""

from __future__ import annotations

import cv2
import numpy as np

from workers.page import Pixels
from workers.steps.tiles import COARSE, heaviest

TILES, TILE = 6, 448  # where most ink is; together 1.2 Mpx, so the cost does not grow with the page
_STROKE_MM = 1.25  # window in which the contrast of a stroke is taken
_MIN_CONTRAST = 60.0
_MIN_EDGES = 200


def edge_width(grey: Pixels, dpi: float) -> float | None:
    """Median width in pixels of the edges in the inkiest parts: contrast over steepest gradient.

    A step blurred by a Gaussian of ``s`` px measures about ``2.5 s``; the sharpest scan about 1.8 px (the sampling of the
    gradient itself). ``None`` when there are too few edges to tell.
    """
    window = max(3, round(dpi * _STROKE_MM / 25.4) | 1)
    kernel = np.ones((window, window), np.uint8)
    widths = []
    for tile in _inkiest(grey):
        contrast = cv2.subtract(cv2.dilate(tile, kernel), cv2.erode(tile, kernel)).astype(np.float32)
        dx = cv2.Sobel(tile, cv2.CV_32F, 1, 0, scale=1 / 8)
        dy = cv2.Sobel(tile, cv2.CV_32F, 0, 1, scale=1 / 8)
        steepest = cv2.dilate(cv2.magnitude(dx, dy), kernel)
        marked = contrast > _MIN_CONTRAST
        widths.append((contrast[marked] / np.maximum(steepest[marked], 1e-3))[::7])
    every = np.concatenate(widths) if widths else np.zeros(0)
    return float(np.median(every)) if every.size >= _MIN_EDGES else None


def _inkiest(grey: Pixels) -> list[Pixels]:
    """Up to ``TILES`` tiles that do not overlap much, the darkest first."""
    height, width = grey.shape
    if height * width <= TILES * TILE * TILE:
        return [grey]
    coarse = grey[::COARSE, ::COARSE]
    side = TILE // COARSE
    dark = np.asarray(cv2.boxFilter((coarse < 128).astype(np.float32), -1, (side, side), normalize=False), np.float32)
    return [grey[top : top + TILE, left : left + TILE] for top, left, _ in heaviest(dark, (height, width), TILE, TILES)]
