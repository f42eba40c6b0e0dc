"""Warping with the same bytes on every machine.

OpenCV's own warps round differently with and without AVX2. ``remap`` on fixed-point maps works in integers only, and numpy's
element-wise sums, products and quotients of doubles are exactly rounded everywhere, so the maps are made here.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Fine = NDArray[np.int32]

_STEPS = 32  # OpenCV's bilinear table: 1/32 pixel
_PLACES = 1 << 18  # 13 more binary places than the table; 8000 pixels fit in 32 bits
_ROWS = 256  # a strip of the map at a time, to stay in the cache


def inverse(matrix: Matrix) -> Matrix:
    """The inverse of a 3 x 3 matrix by cofactors: no linear-algebra library, whose last bit depends on the processor."""
    (a, b, c), (d, e, f), (g, h, i) = (tuple(float(value) for value in row) for row in matrix)
    cofactors = (
        (e * i - f * h, c * h - b * i, b * f - c * e),
        (f * g - d * i, a * i - c * g, c * d - a * f),
        (d * h - e * g, b * g - a * h, a * e - b * d),
    )
    scale = a * cofactors[0][0] + b * cofactors[1][0] + c * cofactors[2][0]
    return np.array([[value / scale for value in row] for row in cofactors])


def warp(
    source: Pixels, matrix: Matrix, width: int, height: int, border: int | None, onto: Pixels | None = None
) -> Pixels:
    """The source through ``matrix`` (source to result, pixel edges), bilinear.

    What the source does not cover is ``border`` grey, or, when ``onto`` is given (and changed), stays as it is there.
    """
    shape = (height, width, 3) if source.ndim == 3 else (height, width)
    result: Pixels = onto if onto is not None else np.empty(shape, np.uint8)
    back = inverse(matrix)
    mode = cv2.BORDER_TRANSPARENT if onto is not None else cv2.BORDER_CONSTANT
    fine = _affine if not back[2, 0] and not back[2, 1] else _projective
    for top in range(0, height, _ROWS):
        count = min(_ROWS, height - top)
        fine_x, fine_y = fine(back, width, top, count)
        whole = np.empty((count, width, 2), np.int16)
        np.right_shift(fine_x, 5, out=whole[..., 0], casting="unsafe")
        np.right_shift(fine_y, 5, out=whole[..., 1], casting="unsafe")
        part = (((fine_y & 31) << 5) | (fine_x & 31)).astype(np.uint16)
        strip = result[top : top + count]
        strip[:] = cv2.remap(source, whole, part, cv2.INTER_LINEAR, strip.copy(), mode, (border or 0,) * 3)
    return result


def _affine(back: Matrix, width: int, top: int, count: int) -> tuple[Fine, Fine]:
    """Where each pixel comes from, in 1/32 pixel: sums of integers with 18 binary places."""
    columns, rows = np.arange(width) + 0.5, np.arange(top, top + count) + 0.5
    found = []
    for a, b, c in back[:2]:
        across = np.floor(columns * a * _PLACES + 0.5).astype(np.int32)
        down = np.floor((rows * b + (c - 0.5 + 0.5 / _STEPS)) * _PLACES + 0.5).astype(np.int32)
        found.append((down[:, None] + across) >> 13)
    return found[0], found[1]


def _projective(back: Matrix, width: int, top: int, count: int) -> tuple[Fine, Fine]:
    """The same with a division for each pixel."""
    columns, rows = np.arange(width) + 0.5, (np.arange(top, top + count) + 0.5)[:, None]
    x, y, w = (columns * a + (rows * b + c) for a, b, c in back)
    found = [np.floor((value / w - 0.5) * _STEPS + 0.5).astype(np.int32) for value in (x, y)]
    return found[0], found[1]
