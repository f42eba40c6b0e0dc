"""How far the page leans: the length-weighted median of the directions of its smeared text lines.

No correction without agreement (after NAPS2's deskewer): too few lines, or lines that point different ways, give exactly 0. A table
of narrow columns has no long lines of text; there its rules are asked, which must agree across and down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

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
RULE_SHARE, MIN_RULES = 0.15, 4
"""Of the page's shorter side: how long a rule is at least; and how many there are across and down, more than a sheet has edges."""
_RULE_MARGIN, _RULE_STEP = 12.0, 0.1
_PASSES = 3
_STARTS = (0.0, 12.0, -12.0)
_Segment = tuple[float, float, float]
"""Angle in degrees, length, and where it (or what it is part of) crosses the page's middle, pixels."""


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
            return _worth(total)
    return _worth(_of_rules(small) or 0.0)


def _worth(angle: float) -> float:
    return round(angle, 2) if TRIFLE <= abs(angle) <= MAX_ANGLE else 0.0


def _of_rules(grey: Pixels) -> float | None:
    """The direction of a table's rules, those across and those down together; ``None`` without a table, or when they disagree."""
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 41, _RULE_MARGIN)
    least = RULE_SHARE * min(grey.shape)
    found = cv2.HoughLinesP(ink, 1, math.radians(_RULE_STEP), round(0.7 * least), minLineLength=least, maxLineGap=3)
    if found is None:
        return None
    across, down = list[_Segment](), list[_Segment]()
    middle_x, middle_y = grey.shape[1] / 2, grey.shape[0] / 2
    for x0, y0, x1, y1 in found.reshape(-1, 4).astype(float).tolist():
        angle, length = math.degrees(math.atan2(y1 - y0, x1 - x0)), math.hypot(x1 - x0, y1 - y0)
        if abs(angle) <= MAX_ANGLE:
            across.append((angle, length, y0 + (middle_x - x0) * (y1 - y0) / (x1 - x0)))
        elif abs(abs(angle) - 90) <= MAX_ANGLE:
            down.append((angle - math.copysign(90, angle), length, x0 + (middle_y - y0) * (x1 - x0) / (y1 - y0)))
    if min(_places(across, least), _places(down, least)) < MIN_RULES:
        return None
    both = np.array(sorted(across + down))
    reached = both[:, 1].cumsum()
    median = float(both[np.searchsorted(reached, reached[-1] / 2), 0])
    agreeing = both[np.abs(both[:, 0] - median) <= AGREE_DEGREES, 1].sum()
    return median if agreeing >= AGREE_SHARE * reached[-1] else None


def _places(segments: Sequence[_Segment], least: float) -> int:
    """How many rules the segments belong to: both edges of a rule, and its pieces, are one."""
    at = sorted(place for *_, place in segments)
    return sum(b - a > 0.1 * least for a, b in pairwise(at)) + bool(at)


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
