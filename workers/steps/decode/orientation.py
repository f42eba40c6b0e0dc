"""The eight ways a stored image can lie (EXIF 2.32 §4.6.4, tag 274), applied to pixels and read off PDF matrices."""

from __future__ import annotations

import cv2
import numpy as np

from workers.page import Pixels

Matrix = tuple[float, float, float, float, float, float]  # PDF order: x' = a x + c y + e, y' = b x + d y + f
UPRIGHT = 1
SWAPS_SIDES = (5, 6, 7, 8)

# For each orientation: where a stored pixel's right and down point on the upright page (x right, y down).
_AXES = {
    1: ((1, 0), (0, 1)),
    2: ((-1, 0), (0, 1)),
    3: ((-1, 0), (0, -1)),
    4: ((1, 0), (0, -1)),
    5: ((0, 1), (1, 0)),
    6: ((0, 1), (-1, 0)),
    7: ((0, -1), (-1, 0)),
    8: ((0, -1), (1, 0)),
}
_BY_AXES = {axes: orientation for orientation, axes in _AXES.items()}


def turn_upright(pixels: Pixels, orientation: int) -> Pixels:
    """Stored pixels -> upright ones; the same array when it is upright already."""
    if orientation not in range(2, 9):
        return pixels
    if orientation in SWAPS_SIDES:
        pixels = np.asarray(cv2.transpose(pixels), dtype=np.uint8)
        orientation = {5: 1, 6: 2, 7: 3, 8: 4}[orientation]
    if orientation == UPRIGHT:
        return pixels
    return np.asarray(cv2.flip(pixels, {2: 1, 3: -1, 4: 0}[orientation]), dtype=np.uint8)


def of_matrix(matrix: Matrix, rotate: int) -> int | None:
    """The orientation of an image painted with ``matrix`` on a page with ``/Rotate`` ``rotate``.

    ``None`` when it is skewed: a side leans by more than 0.06 degrees (a pixel in a thousand).
    """
    a, b, c, d, _, _ = matrix
    right, down = (a, -b), (-c, d)  # one step along the stored row and column, on screen (y down)
    for _ in range(rotate // 90 % 4):
        right, down = (-right[1], right[0]), (-down[1], down[0])
    axes = (_axis(right), _axis(down))
    if axes[0] is None or axes[1] is None:
        return None
    return _BY_AXES.get((axes[0], axes[1]))


def _axis(vector: tuple[float, float]) -> tuple[int, int] | None:
    x, y = vector
    if abs(x) > abs(y) * 1000:
        return (1 if x > 0 else -1, 0)
    if abs(y) > abs(x) * 1000:
        return (0, 1 if y > 0 else -1)
    return None


def stored_to_upright(width: int, height: int, orientation: int) -> Matrix:
    """Stored pixel coordinates -> upright pixel coordinates, for an image stored as ``width`` x ``height``."""
    (ax, ay), (bx, by) = _AXES[orientation]
    return (
        float(ax),
        float(ay),
        float(bx),
        float(by),
        (width if ax < 0 else 0.0) + (height if bx < 0 else 0.0),
        (width if ay < 0 else 0.0) + (height if by < 0 else 0.0),
    )


def chain(first: Matrix, then: Matrix) -> Matrix:
    """``first``, then ``then``."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def inverse(matrix: Matrix) -> Matrix | None:
    """``None`` when it squashes everything to a line."""
    a, b, c, d, e, f = matrix
    determinant = a * d - b * c
    if abs(determinant) < 1e-12:
        return None
    return (
        d / determinant,
        -b / determinant,
        -c / determinant,
        a / determinant,
        (c * f - d * e) / determinant,
        (b * e - a * f) / determinant,
    )
