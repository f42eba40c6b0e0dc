"""Is a corner of the sheet missing or folded over? Seen as a straight, slanting edge that parts a corner of the picture from the
page with nothing written beyond it, or as a dark corner where the lid shows through.

On a white lid that the scanner shows as white as the paper nothing is to be seen, and nothing is said.
"""

from __future__ import annotations

import math
from typing import NamedTuple, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import Box, Pixels
from workers.steps.gate.light import CELL_MM, Light
from workers.steps.reduced import MM, Reduced

REACH_MM, LEAST_MM = 70.0, 8.0  # along each edge
MIN_SLOPE, MAX_SLOPE = (
    25.0,
    65.0,
)  # degrees, the one of each edge the other's complement; what is flatter is a sheet that leans
GRADIENT = (
    2.0  # grey levels a pixel (0.5 mm): the fold's shadow on white paper has 3 and more, a scanner's grain less than 1
)
COVERED = 0.85  # of the edge between its ends
RIM_MM = 6.0  # between its ends and the picture's edges; the sheet need not lie on them
MAX_INK = 0.004  # beyond the edge
DARK = 0.6  # a lid or desk, part of the paper's brightness
_ANGLE_STEP, _OFFSET_STEP, _ALIGNED = 4.0, 2.0, 12.0
_FLATTEST = math.tan(math.radians(MAX_SLOPE))
T = TypeVar("T", bound=np.generic)
_MM = MM / 2  # edges are looked for at half of the reduced page's resolution


def cut_corners(page: Reduced, cells: Light) -> list[Box]:
    """Boxes in pixels of the reduced page."""
    height, width = page.size
    reach = min(round(REACH_MM * MM), height // 2, width // 2)
    if reach < 2 * LEAST_MM * MM:
        return []
    half = (reach // 2, reach // 2)
    dark = cells.grey < DARK
    found = []
    for right in (False, True):
        for low in (False, True):
            # Mirrored so that the corner is top left.
            grey, ink = (
                np.ascontiguousarray(_turned(array, right, low)[:reach, :reach]) for array in (page.grey, page.ink)
            )
            grey = np.asarray(cv2.resize(grey, half, interpolation=cv2.INTER_AREA), np.uint8)
            ink = ink[: 2 * half[0] : 2, : 2 * half[0] : 2]
            legs = _dark_corner(_turned(dark, right, low), reach) or _edge(grey, ink)
            if legs is not None:
                x, y = legs
                found.append(
                    (width - x if right else 0, height - y if low else 0, width if right else x, height if low else y)
                )
    return found


def _turned(array: NDArray[T], right: bool, low: bool) -> NDArray[T]:
    array = array[:, ::-1] if right else array
    return array[::-1] if low else array


def _dark_corner(dark: NDArray[np.bool_], reach: int) -> tuple[int, int] | None:
    """Width and height in pixels of a dark triangle, straight or torn, at the top left; ``None`` without one."""
    cell = CELL_MM * MM
    n = math.ceil(reach / cell)
    part = dark[:n, :n]
    if not part[0, 0]:
        return None
    _, labels, stats, _ = cv2.connectedComponentsWithStats(part.astype(np.uint8), connectivity=4)
    label = labels[0, 0]
    region = labels == label
    # How far it goes along both edges: first cells of rows and columns.
    across, down = int(np.argmin(np.append(region[0], False))), int(np.argmin(np.append(region[:, 0], False)))
    least = LEAST_MM / CELL_MM
    if min(across, down) < least or max(across, down) >= n or not 0.4 <= across / down <= 2.5:
        return None
    triangle = across * down / 2
    if not 0.6 * triangle <= stats[label, cv2.CC_STAT_AREA] <= 1.7 * triangle:
        return None
    return round(across * cell), round(down * cell)


class _Line(NamedTuple):
    """``x cosine + y sine = offset``: both positive, so it parts off the corner at (0, 0)."""

    cosine: float
    sine: float
    offset: float


class _Slopes(NamedTuple):
    """Pixels with a steep slope across a slanting edge, and its direction in degrees."""

    xs: NDArray[np.int64]
    ys: NDArray[np.int64]
    angle: NDArray[np.float32]

    def where(self, chosen: NDArray[np.bool_]) -> _Slopes:
        return _Slopes(self.xs[chosen], self.ys[chosen], self.angle[chosen])


def _edge(grey: Pixels, ink: Pixels) -> tuple[int, int] | None:
    """Where a slanting edge meets the upper and the left edge of the picture (x, y); ``None`` without one."""
    soft = cv2.GaussianBlur(grey, (0, 0), 1.0)
    gx, gy = (np.asarray(cv2.Sobel(soft, cv2.CV_32F, *way, scale=1 / 8), np.float32) for way in ((1, 0), (0, 1)))
    # The edge falls from right to left: its normal points along (+, +), or against it.
    steep = np.abs(gy) < _FLATTEST * np.abs(gx)
    steep &= (np.abs(gx) < _FLATTEST * np.abs(gy)) & (gx * gy > 0) & (gx * gx + gy * gy > GRADIENT * GRADIENT)
    ys, xs = np.nonzero(steep)
    if xs.size < LEAST_MM * _MM:
        return None
    slopes = _Slopes(xs, ys, np.degrees(np.arctan(gy[steep] / gx[steep])))
    for darker_beyond in (True, False):
        same = slopes.where((gx[steep] > 0) == darker_beyond)
        line = _voted(same)
        if line is not None and _closes(line, same) and _empty_beyond(line, ink):
            return round(2 * line.offset / line.cosine), round(2 * line.offset / line.sine)
    return None


def _voted(slopes: _Slopes) -> _Line | None:
    """The line that most slopes lie on, each in the direction of its own gradient (Ballard, Generalizing the Hough transform, 1981):
    letters spread their votes.
    """
    best, votes = None, LEAST_MM * _MM
    for direction in np.arange(MIN_SLOPE, MAX_SLOPE + 0.1, _ANGLE_STEP).tolist():
        near = slopes.where(np.abs(slopes.angle - direction) <= _ALIGNED)
        if near.xs.size <= votes:
            continue
        cosine, sine = math.cos(math.radians(direction)), math.sin(math.radians(direction))
        counts = np.bincount(((near.xs * cosine + near.ys * sine) / _OFFSET_STEP).astype(np.int64), minlength=2)
        both = counts[:-1] + counts[1:]
        if both.max() > votes:
            best, votes = _Line(cosine, sine, (int(both.argmax()) + 1) * _OFFSET_STEP), float(both.max())
    return best


def _closes(line: _Line, slopes: _Slopes) -> bool:
    """Whether the slopes on the line make one edge that reaches (nearly) both edges of the picture."""
    cosine, sine, offset = line
    on = np.abs(slopes.xs * cosine + slopes.ys * sine - offset) <= _OFFSET_STEP
    on &= np.abs(slopes.angle - math.degrees(math.atan2(sine, cosine))) <= _ALIGNED
    along = np.unique(np.round(slopes.ys[on] * cosine - slopes.xs[on] * sine))
    if along.size == 0 or min(offset / cosine, offset / sine) < LEAST_MM * _MM:
        return False
    first, last = float(along[0]), float(along[-1])
    start, end = -offset / cosine * sine, offset / sine * cosine  # where it leaves the picture
    rim = RIM_MM * _MM / min(cosine, sine)
    reaches = first - start <= rim and end - last <= rim and last - first >= LEAST_MM * _MM
    return reaches and along.size >= COVERED * (last - first)


def _empty_beyond(line: _Line, ink: Pixels) -> bool:
    size = ink.shape[0]
    if max(line.offset / line.cosine, line.offset / line.sine) >= size:
        return False
    y, x = np.ogrid[:size, :size]
    beyond = x * line.cosine + y * line.sine < line.offset - 1.5 * _MM
    return not beyond.any() or float(ink[beyond].mean()) <= MAX_INK
