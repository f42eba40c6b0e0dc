"""Shadows over the sheet: darker by a good part, of the paper's own hue, and fading out; a shaded table cell has edges."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import Box
from workers.steps.gate.light import CELL_MM, Light

DIM = 0.72  # of the paper; uneven light of scanners is above 0.85
BLACK = 0.12  # as dark as this is no paper: a lid, a desk, a black bar
SAME_HUE = 0.15  # by which the channels may differ in a shadow, parts of the paper
MIN_CM2 = 9.0
MIN_WIDTH_MM = 9.0  # the dark rim of a photocopy is narrower
SOFT_STEP = 0.17  # between cells of 3 mm side by side
SOFT_SHARE = 0.5  # of its outline on the paper


def shadows(page: Light) -> list[Box]:
    """Boxes in pixels of the reduced page."""
    grey = page.grey
    hue = np.zeros_like(grey) if page.cells.ndim == 2 else page.cells.max(axis=2) - page.cells.min(axis=2)
    dim = ((grey < DIM) & (grey > BLACK) & (hue < SAME_HUE)).astype(np.uint8)
    size = round(MIN_WIDTH_MM / CELL_MM)
    # Beyond the picture a shadow goes on, so its rim does not make it narrow.
    framed = cv2.copyMakeBorder(dim, size, size, size, size, cv2.BORDER_REPLICATE)
    wide = cv2.morphologyEx(framed, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))[size:-size, size:-size]
    both = np.asarray(cv2.bitwise_and(np.ascontiguousarray(wide), dim), np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(both, connectivity=4)
    return [
        page.box(x, y, w, h)
        for label, (x, y, w, h, area) in enumerate(stats.tolist())
        if label and area * CELL_MM**2 >= 100 * MIN_CM2 and _fades(grey, labels == label)
    ]


def _fades(grey: NDArray[np.float32], region: NDArray[np.bool_]) -> bool:
    """Whether most of its outline towards lighter paper is a slope."""
    soft = hard = 0
    for axis in (0, 1):
        inside, light = np.moveaxis(region, axis, 0), np.moveaxis(grey, axis, 0)
        for here, there in ((slice(None, -1), slice(1, None)), (slice(1, None), slice(None, -1))):
            rim = inside[here] & ~inside[there]
            step = light[there][rim] - light[here][rim]
            lighter = step > 0
            soft += int((step[lighter] <= SOFT_STEP).sum())
            hard += int((step[lighter] > SOFT_STEP).sum())
    return soft >= SOFT_SHARE * max(1, soft + hard)
