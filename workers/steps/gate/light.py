"""The page as cells of 3 mm, each as light as its lightest spot: print vanishes, what lies over the paper stays."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import Box, Pixels
from workers.steps.reduced import MM, Reduced

CELL_MM = 3.0  # wider than a stroke, narrower than a finger
CELL = round(CELL_MM * MM)  # px of the reduced page
_SPECK = 3  # px: a light speck of this size on a dark thing does not count


@dataclass(frozen=True, slots=True)
class Light:
    """``cells``: ``(h, w)`` or ``(h, w, 3)`` float32, parts of the paper's own brightness (1.0: as light as the page's paper)."""

    cells: NDArray[np.float32]
    size: tuple[int, int]

    @property
    def grey(self) -> NDArray[np.float32]:
        """``(h, w)``: the lightest channel, which coloured paper and a pale wash of colour darken least."""
        return self.cells if self.cells.ndim == 2 else np.asarray(self.cells.max(axis=2), np.float32)

    def box(self, x: int, y: int, w: int, h: int) -> Box:
        """Cells -> pixels of the reduced page."""
        height, width = self.size
        return x * CELL, y * CELL, min(width, (x + w) * CELL), min(height, (y + h) * CELL)


def light(page: Reduced) -> Light:
    source: Pixels = page.grey if page.colour is None else page.colour
    opened = cv2.erode(source, np.ones((_SPECK, _SPECK), np.uint8))
    lightest = cv2.dilate(opened, np.ones((CELL, CELL), np.uint8))[CELL // 2 :: CELL, CELL // 2 :: CELL]
    if lightest.size == 0:
        lightest = opened[:1, :1]
    flat = lightest.reshape(-1, *lightest.shape[2:]).astype(np.float32)
    paper = np.maximum(
        np.percentile(flat, 90, axis=0), 1.0
    )  # of each channel: yellow light and tinted paper are no colour
    return Light(np.asarray(lightest / paper, np.float32), page.size)
