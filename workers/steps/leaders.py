"""Dot leaders (``Họ và tên: ……………``) taken out of the grey copy for the reader, which makes words of them. Never of what is kept."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import Pixels

DOT_MM = (0.1, 0.75)
"""Size of a dot either way; dots that ran together in printing may be three times as wide."""
GAP_MM = 1.4
"""From one dot to the next; the dots of *i* and the marks of vowels in a line stand farther apart."""
LEVEL_MM = 0.3
"""How far neighbours' feet may differ."""
DOTS = 8
"""Fewer in a row are an ellipsis or chance."""
SPECKLED = 20_000
"""With more small shapes than this the page is a halftone or noise, and no dot in it means anything."""

_X, _Y, _W, _H, _AREA = range(5)


def without_leaders(grey: Pixels, dpi: float) -> Pixels:
    """``grey`` ``(H, W)`` of ``dpi``, upright, with runs of dots painted over with their surroundings' paper."""
    runs = leader_boxes(grey, dpi)
    if not len(runs):
        return grey
    clean = grey.copy()
    for x0, y0, x1, y1 in runs:
        around = grey[max(0, y0 - 3) : y1 + 3, max(0, x0 - 3) : x1 + 3]
        clean[max(0, y0 - 1) : y1 + 1, max(0, x0 - 1) : x1 + 1] = np.percentile(around, 90)
    return clean


def leader_boxes(grey: Pixels, dpi: float) -> NDArray[np.int64]:
    """Boxes ``(x0, y0, x1, y1)`` of the single dots that belong to leaders, shape ``(N, 4)``."""
    mm = dpi / 25.4
    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    shapes = np.asarray(stats[1:], np.int64)
    low, high = max(1.0, DOT_MM[0] * mm), DOT_MM[1] * mm
    small = (shapes[:, _H] >= low) & (shapes[:, _H] <= high) & (shapes[:, _W] >= low) & (shapes[:, _W] <= 3 * high)
    dots = shapes[small]
    if not DOTS <= len(dots) <= SPECKLED:
        return np.zeros((0, 4), np.int64)
    belongs = np.concatenate([_in_runs(run) for run in _levels(dots, mm)])
    boxes = np.stack(
        [belongs[:, _X], belongs[:, _Y], belongs[:, _X] + belongs[:, _W], belongs[:, _Y] + belongs[:, _H]], 1
    )
    return np.asarray(boxes, np.int64)


def _levels(dots: NDArray[np.int64], mm: float) -> list[NDArray[np.int64]]:
    """Chains of dots, each a step to the right of the one before and on its level."""
    ordered = dots[np.argsort(dots[:, _X], kind="stable")]
    chains: list[list[int]] = []
    ends: list[tuple[int, int, int]] = []  # of the chains that may go on: number, right edge and foot of the last dot
    reach, level = GAP_MM * mm, LEVEL_MM * mm
    for number, (left, top, width, height, _area) in enumerate(ordered.tolist()):
        foot = top + height
        ends = [end for end in ends if left - end[1] <= reach]
        best, best_off = -1, level
        for at, (_chain, right, last_foot) in enumerate(ends):
            off = abs(foot - last_foot)
            if left > right and off <= best_off:
                best, best_off = at, off
        if best >= 0:
            chain = ends[best][0]
            chains[chain].append(number)
            ends[best] = (chain, left + width, foot)
        else:
            ends.append((len(chains), left + width, foot))
            chains.append([number])
    return [ordered[chain] for chain in chains]


def _in_runs(chain: NDArray[np.int64]) -> NDArray[np.int64]:
    """The chain if it is a leader: enough dots, like each other, evenly set."""
    nothing = np.zeros((0, 5), np.int64)
    if len(chain) < DOTS:
        return nothing
    heights = chain[:, _H]
    if np.percentile(heights, 90) > 2 * max(1, int(np.percentile(heights, 10))) + 1:
        return nothing
    gaps = chain[1:, _X] - (chain[:-1, _X] + chain[:-1, _W])
    spread = float(np.percentile(gaps, 80) - np.percentile(gaps, 20))
    return chain if spread <= max(2.0, 0.5 * float(np.median(gaps))) else nothing
