"""Plain copies of a picture: its grey, half of its size, any size. They know no other step, so that every step may use them."""

from __future__ import annotations

import cv2
import numpy as np

from workers.page import Pixels


def grey_of(pixels: Pixels) -> Pixels:
    """uint8 ``(H, W)``; grey pages as they are."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8) if pixels.ndim == 3 else pixels


def halved(pixels: Pixels) -> Pixels:
    """Half as wide and as high, averaged by two; an odd last row or column is left out. No side comes under 1.

    OpenCV averages by two in a third to a fifth of the time of any other whole factor, a tenth of that of a broken one: what is to be
    shrunk further is halved as long as it can be.
    """
    height, width = (max(1, side // 2) for side in pixels.shape[:2])
    return np.asarray(
        cv2.resize(pixels[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA), np.uint8
    )


def resized(pixels: Pixels, factor: float) -> Pixels:
    """``factor`` times as wide and as high, rounded, at least 1 x 1: averaged when smaller, else interpolated."""
    height, width = pixels.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    kind = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=kind), np.uint8)
