"""From the sheet in the photo to the sheet as it lies flat."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import Pixels
from workers.steps.decode.resolution import A4_LONG_INCHES
from workers.steps.rectify.outline import Corners
from workers.steps.rectify.sides import Sides

FOCAL = 0.75
"""Of the picture's long side: 27 mm of 36, what phones' main cameras have. Off by a third, it shifts the ratio of a sheet seen at
20 degrees by some 2 %."""
CARD_LONG_INCHES = 85.6 / 25.4
KNOWN = ((2**0.5, A4_LONG_INCHES), (85.60 / 53.98, CARD_LONG_INCHES))
"""Long side to short side, and inches of the long side: ISO 216 (taken for A4, which most papers are; A5 has the same shape), and
ISO/IEC 7810 ID-1, the identity card."""
LIKE = 0.05
"""How far off, in parts, a ratio may be and still be that of a known sheet."""
GRID = 16
"""Pixels between the places of a bowed sheet that are mapped exactly."""


def true_ratio(corners: Corners, size: tuple[int, int]) -> float:
    """Width to height of the sheet seen at ``corners`` (pixels) in a picture of ``size`` (height, width).

    The columns of the homography from the unit square, freed of the camera, are the sheet's two sides (Zhang and He, Whiteboard
    scanning and image enhancement, Digital Signal Processing 17(2), 2007); the camera is taken to look at the picture's middle.
    """
    high, wide = size
    focal = FOCAL * max(size)
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    centred = (corners - np.array([wide / 2, high / 2])) / focal
    matrix = cv2.getPerspectiveTransform(square, centred.astype(np.float32))
    return float(np.linalg.norm(matrix[:, 0]) / np.linalg.norm(matrix[:, 1]))


def sheet_size(corners: Corners, size: tuple[int, int]) -> tuple[int, int, float]:
    """(width, height, dpi) of the flat sheet: as fine as its nearest part, a known shape where it is like one.

    The dpi of an unknown shape is that of a long side as long as A4's, as for any picture that tells none.
    """
    ratio = true_ratio(corners, size)
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    across, down = float(max(sides[0], sides[2])), float(max(sides[1], sides[3]))
    long_ratio, inches = max(ratio, 1 / ratio), A4_LONG_INCHES
    for known, its_inches in KNOWN:
        if abs(long_ratio / known - 1) <= LIKE:
            long_ratio, inches = known, its_inches
    ratio = long_ratio if ratio >= 1 else 1 / long_ratio
    # Neither direction loses resolution: the finer one sets the scale.
    width = max(across, down * ratio)
    width *= min(1.0, (1.25 * size[0] * size[1] / (width * width / ratio)) ** 0.5)
    wide, high = max(1, round(width)), max(1, round(width / ratio))
    return wide, high, round(max(wide, high) / inches, 2)


def flattened(pixels: Pixels, sides: Sides, width: int, height: int) -> Pixels:
    """The sheet alone, ``width`` x ``height``; ``sides`` in pixels of ``pixels``."""
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    matrix = cv2.getPerspectiveTransform(flat.astype(np.float32), sides.corners.astype(np.float32))
    if sides.flat:
        half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])  # corners are edges of pixels, OpenCV maps their centres
        centres = np.linalg.inv(half) @ matrix @ half
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        warped = cv2.warpPerspective(pixels, centres, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(warped, np.uint8)
    x, y = _map(np.asarray(matrix, np.float64), sides.bows, width, height)
    return np.asarray(cv2.remap(pixels, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _map(
    matrix: NDArray[np.float64], bows: NDArray[np.float64], width: int, height: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where each pixel of the flat sheet comes from: a Coons patch between its bowed sides (Coons, MIT MAC-TR-41, 1967)."""
    columns, rows = -(-width // GRID) + 1, -(-height // GRID) + 1
    across, down = np.meshgrid(np.arange(columns) * GRID + GRID / 2, np.arange(rows) * GRID + GRID / 2)
    u, v = across / width, down / height
    top, right, bottom, left = (t * (1 - t) * (p + q * t) for (p, q), t in zip(bows, (u, v, u, v), strict=True))
    x = u + (1 - u) * left + u * right
    y = v + (1 - v) * top + v * bottom
    points = np.stack([x * width, y * height], axis=-1).reshape(-1, 1, 2)
    seen = cv2.perspectiveTransform(points, matrix).reshape(rows, columns, 2) - 0.5
    # Each place stands in the middle of its cell, where cv2.resize takes it to be.
    large = cv2.resize(seen.astype(np.float32), (columns * GRID, rows * GRID), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(large[:height, :width, 0]), np.ascontiguousarray(large[:height, :width, 1])
