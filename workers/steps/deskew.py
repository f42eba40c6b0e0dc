"""How far the page leans: the length-weighted median of the directions of its smeared text lines.

No correction without agreement (after NAPS2's deskewer): too few lines, or lines that point different ways, give exactly 0.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import Pixels

WORKING_DPI = 100.0
MAX_ANGLE = 20.0
TRIFLE = 0.1
"""Degrees: below this a page is straight; turning it would only blur it (3 pixels over the width of A4 at 200 dpi)."""
MIN_LINES = 4
MIN_LENGTH_LETTERS = 10.0
MIN_ASPECT = 5.0
AGREE_DEGREES = 0.6
AGREE_SHARE = 0.6
"""Share of the total line length that must point within ``AGREE_DEGREES`` of the median."""
_PASSES = 3
_STARTS = (0.0, 12.0, -12.0)


def skew_angle(grey: Pixels, dpi: float) -> float:
    """Degrees, counter-clockwise positive, that straighten the page; 0.0 when straight, unsure or beyond 20 degrees.

    ``grey``: uint8 ``(H, W)``, upright to within 45 degrees.
    """
    scale = min(1.0, WORKING_DPI / dpi, 2000 / max(grey.shape))
    small = np.asarray(grey, np.uint8)
    if scale < 1:
        small = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    if min(small.shape) < 64:
        return 0.0
    ink = _ink(small)
    # Letters are smeared along rows, which finds lines that lean by up to some 10 degrees; the others after a turn.
    for start in _STARTS:
        total = _followed(ink, start)
        if total is not None:
            return round(total, 2) if TRIFLE <= abs(total) <= MAX_ANGLE else 0.0
    return 0.0


def _followed(ink: NDArray[np.uint8], start: float) -> float | None:
    """The direction of the lines seen from ``start``, made more exact by turning and looking again."""
    total = start
    for _ in range(_PASSES):
        found = _direction(_turned(ink, total))
        if found is None:
            return None
        total += found
        if abs(found) < 0.05:
            break
    return total


def _ink(grey: Pixels) -> NDArray[np.uint8]:
    """255 where darker than the surroundings, without what touches the border (scanner edges, desk)."""
    margin = max(12.0, 0.15 * float(np.ptp(np.percentile(grey[::3, ::3], (1, 80)))))
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 41, margin)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    height, width = grey.shape
    x, y, w, h = (stats[:, k] for k in range(4))
    keep = (x > 1) & (y > 1) & (x + w < width - 1) & (y + h < height - 1) & (h >= 2) & (h <= height / 8)
    keep[0] = False
    return np.where(keep[labels], np.uint8(255), np.uint8(0)) if count > 1 else np.zeros_like(grey)


def _turned(ink: NDArray[np.uint8], angle: float) -> NDArray[np.uint8]:
    if angle == 0:
        return ink
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return np.asarray(cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_NEAREST), np.uint8)


def _direction(ink: NDArray[np.uint8]) -> float | None:
    """Degrees by which the lines fall to the right (= counter-clockwise turn that straightens); ``None`` when unsure."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    heights = stats[1:, cv2.CC_STAT_HEIGHT]
    heights = heights[heights >= 4]
    if heights.size < 30:
        return None
    letter = float(np.median(heights))
    smear = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, max(3, round(2.2 * letter))), np.uint8))
    outlines, _ = cv2.findContours(smear, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    angles, lengths = [], []
    for outline in outlines:
        _, _, w, h = cv2.boundingRect(outline)
        if w < MIN_LENGTH_LETTERS * letter or w < h:
            continue
        (_, _), (first, second), angle = cv2.minAreaRect(outline)
        length, thick = max(first, second), min(first, second)
        if thick < 1 or length < MIN_ASPECT * thick or thick > 4 * letter:
            continue
        angle = angle if first >= second else angle - 90
        angles.append((angle + 90) % 180 - 90)
        lengths.append(length)
    if len(angles) < MIN_LINES:
        return None
    order = np.argsort(angles)
    sorted_angles, weights = np.array(angles)[order], np.array(lengths)[order]
    reached = np.cumsum(weights)
    median = float(sorted_angles[np.searchsorted(reached, reached[-1] / 2)])
    agreeing = weights[np.abs(sorted_angles - median) <= max(AGREE_DEGREES, 0.12 * abs(median))]
    if agreeing.size < MIN_LINES or agreeing.sum() < AGREE_SHARE * reached[-1]:
        return None
    return median
