"""A photo's light taken out, for the reader only: each channel divided by the paper behind the print."""

from __future__ import annotations

import cv2
import numpy as np

from workers.page import Pixels
from workers.steps.copies import resized

DPI = 25.0
"""Of the copy on which the paper is found: light changes slowly."""
STROKE_MM = 12.0
"""Wider dark things than this are taken for shadow."""
PAPER = 245
"""What the paper becomes."""
DARKEST = 40
"""Paper darker than this gets no lighter in proportion: that would be noise."""


def evenly_lit(pixels: Pixels, dpi: float) -> Pixels:
    """uint8 ``(H, W)`` or ``(H, W, 3)`` with paper of one brightness and no colour; print and ink stay as dark in proportion."""
    high, wide = pixels.shape[:2]
    small = resized(pixels, min(1.0, DPI / dpi))
    size = max(3, round(STROKE_MM / 25.4 * min(DPI, dpi))) | 1
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    paper = np.maximum(cv2.GaussianBlur(cv2.medianBlur(np.asarray(closed, np.uint8), 5), (0, 0), size / 4), DARKEST)
    light = cv2.resize(np.asarray(paper, np.uint8), (wide, high), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(pixels, light, scale=PAPER), np.uint8)
