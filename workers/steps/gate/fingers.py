"""Fingers that hold the sheet: skin-coloured, as wide as a finger, reaching in from an edge of the picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import Box
from workers.steps.gate.light import CELL_MM, Light

# Parts of the paper's red, green and blue that skin of any tone gives back: most of the red, less of the green, least of the blue.
MIN_RED, MAX_BLUE = 0.25, 0.85
RED_OVER_GREEN, RED_OVER_BLUE = 1.08, 1.25
MAX_RED_OVER_GREEN = 2.0  # seal ink, red folders
MIN_DEPTH_MM, MIN_WIDTH_MM, MAX_WIDTH_MM, MAX_DEPTH_MM = 8.0, 8.0, 60.0, 110.0
MIN_FILL = 0.55  # of its box
MAX_SPREAD = 0.12  # skin is even; pictures and patterns are not


def fingers(page: Light) -> list[Box]:
    """Boxes in pixels of the reduced page; none on a grey one, where nothing tells a finger from other things."""
    if page.cells.ndim == 2:
        return []
    skin = _skin(page.cells)
    height, width = skin.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(skin.astype(np.uint8), connectivity=4)
    found = []
    for label, (x, y, w, h, area) in enumerate(stats.tolist()):
        if label == 0 or area < 0.5 * MIN_FILL * (MIN_DEPTH_MM * MIN_WIDTH_MM) / CELL_MM**2:
            continue
        across, down = x == 0 or x + w == width, y == 0 or y + h == height
        both_sides = (x == 0 and x + w == width) or (y == 0 and y + h == height)
        if both_sides or not (across or down) or area < MIN_FILL * w * h:
            continue
        sides = (w * CELL_MM, h * CELL_MM)
        depths = [side for side, touches in zip(sides, (across, down), strict=True) if touches]
        widths = [side for side, touches in zip(sides, (across, down), strict=True) if not touches] or [min(sides)]
        if min(depths) < MIN_DEPTH_MM or max(depths) > MAX_DEPTH_MM:
            continue
        if MIN_WIDTH_MM <= widths[0] <= MAX_WIDTH_MM and _even(page.cells[labels == label]):
            found.append(page.box(x, y, w, h))
    return found


def _skin(cells: NDArray[np.float32]) -> NDArray[np.bool_]:
    red, green, blue = cells[..., 0], cells[..., 1], np.maximum(cells[..., 2], 0.02)
    over_green = red / np.maximum(green, 0.02)
    return np.asarray(
        (red >= MIN_RED)
        & (blue <= MAX_BLUE)
        & (over_green >= RED_OVER_GREEN)
        & (over_green <= MAX_RED_OVER_GREEN)
        & (red / blue >= RED_OVER_BLUE)
        & (green >= blue * 0.95),
        np.bool_,
    )


def _even(cells: NDArray[np.float32]) -> bool:
    """How much the hue, green over red, varies: shading over a round finger changes its brightness, not this."""
    return float(np.std(cells[:, 1] / np.maximum(cells[:, 0], 0.02))) <= MAX_SPREAD
