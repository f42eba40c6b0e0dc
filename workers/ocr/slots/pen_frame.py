"""How a slot's ink is shown to the net that reads pens' digits: what training draws and what the product reads pass through here."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from workers.page import Pixels

SYMBOLS = "0123456789?"
"""Of the net, after the blank: ``?`` is anything that a pen left and that is no digit."""
CLASSES = len(SYMBOLS) + 1
HEIGHT, WIDEST, MARGIN = 32, 192, 6
"""Of a frame, and columns of paper on both sides of its ink."""
INKED = 60
"""Darker than white by so much is ink."""
LEVEL = 70.0
"""Percentile of the ink's darkness that becomes black: a blue pen's line is as dark as a black one's then."""


@dataclass(frozen=True, slots=True)
class View:
    """One way to look: ``rows`` high, moved ``down``, leaned by ``lean`` columns a row (positive: its top to the left)."""

    rows: int = 24
    down: int = 0
    lean: float = 0.0


VIEWS = (View(), View(20, 1), View(26, 0, 0.25))
"""As it is, smaller, and larger with its slant taken out: what all of them show the same is there."""


def frame(pixels: Pixels, view: View = VIEWS[0]) -> Pixels | None:
    """uint8 ``(HEIGHT, w)``, ink 255, of grey ``pixels`` with nothing but a slot's ink; ``None`` where there is none."""
    ink = 255 - pixels
    inked = ink > INKED
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not rows.size:
        return None
    part = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    black = float(np.percentile(part[part > INKED], LEVEL))
    scale = min(view.rows / part.shape[0], (WIDEST - 2 * MARGIN) / part.shape[1])
    height, width = (max(1, round(side * scale)) for side in part.shape)
    lean = view.lean if part.shape[1] * scale + abs(view.lean) * height <= WIDEST - 2 * MARGIN else 0.0
    across = width + round(abs(lean) * height)
    # Averaged down in one step and set in place in another: warping alone would skip pixels.
    small = cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    small = np.asarray(np.clip(small.astype(np.float32) * (255 / black), 0, 255), np.uint8)
    top = (HEIGHT - height) // 2 + view.down
    place = np.array([[1, lean, MARGIN + max(0.0, -lean) * height - lean * top], [0, 1, top]], np.float32)
    return np.asarray(cv2.warpAffine(small, place, (across + 2 * MARGIN, HEIGHT), flags=cv2.INTER_LINEAR), np.uint8)
