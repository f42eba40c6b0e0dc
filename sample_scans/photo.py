"""A phone photo of a page on a desk: perspective, wood, the page's own shadow, uneven light, somebody's shadow."""

from __future__ import annotations

from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from sample_scans.warp import warp

Pixels = NDArray[np.uint8]
Matrix = NDArray[np.float64]


def photograph(page: Pixels, rng: Random) -> tuple[Pixels, Matrix]:
    """The photo (3:4, RGB) and the map from page edges to photo edges. The whole page stays in the picture."""
    height, width = page.shape[:2]
    tall = round(height * 1.1)
    wide = max(round(tall * 0.75), round(width * 1.12))
    left, top = (wide - width) / 2, (tall - height) / 2
    reach = 0.032 * width
    corners = [
        (x + dx * rng.uniform(0.2, 1) * reach, y + dy * rng.uniform(0.2, 1) * reach)
        for (x, y), (dx, dy) in zip(
            [(left, top), (left + width, top), (left + width, top + height), (left, top + height)],
            rng.choice(_LEANS),
            strict=True,
        )
    ]
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = np.round(cv2.getPerspectiveTransform(flat, np.array(corners, np.float32)), 10)
    desk = _desk(wide, tall, rng)
    _drop_shadow(desk, corners)
    warp(page, np.asarray(matrix), wide, tall, None, desk)
    light = _light(wide, tall, rng)
    return np.asarray(cv2.multiply(desk, light, scale=1 / 255), np.uint8), np.asarray(matrix)


# How the four corners move when the phone leans: towards the top, the bottom, a side.
_LEANS = (
    ((1, 1), (-1, 1), (0.6, 0.6), (-0.6, 0.6)),
    ((-0.6, -0.6), (0.6, -0.6), (-1, -1), (1, -1)),
    ((1, 1), (0.5, -0.4), (0.4, 0.4), (1, -1)),
    ((-0.4, 0.8), (-1, 1), (-1, -1), (-0.4, -0.4)),
)


def _desk(wide: int, tall: int, rng: Random) -> Pixels:
    """Wood: long streaks of a few browns."""
    rows = np.frombuffer(rng.randbytes(240 * 3), np.uint8).reshape(240, 3) // 6
    streaks = cv2.resize(np.ascontiguousarray(rows), (wide, tall), interpolation=cv2.INTER_LINEAR_EXACT)
    colour = rng.choice(((92, 62, 40), (128, 92, 60), (70, 62, 56), (150, 118, 84)))
    return cv2.merge([np.asarray(streaks + np.uint8(channel), np.uint8) for channel in colour]).astype(np.uint8)


def _drop_shadow(desk: Pixels, corners: list[tuple[float, float]]) -> None:
    tall, wide = desk.shape[:2]
    small = np.full((tall // 8, wide // 8), 255, np.uint8)
    outline = np.array([(round(x / 8 + 2), round(y / 8 + 2)) for x, y in corners], np.int32)
    cv2.fillPoly(small, [outline], 110)
    small = np.asarray(cv2.GaussianBlur(small, (5, 5), 0), np.uint8)
    shade = cv2.resize(small, (wide, tall), interpolation=cv2.INTER_LINEAR_EXACT)
    cv2.multiply(desk, cv2.merge([shade] * 3), desk, scale=1 / 255)


def _light(wide: int, tall: int, rng: Random) -> Pixels:
    """A lamp's fall-off over the picture, and the shadow of whoever holds the phone."""
    grid_w, grid_h = 48, 64
    sun_x, sun_y = rng.uniform(0.1, 0.9) * grid_w, rng.uniform(-0.1, 0.5) * grid_h
    field = np.empty((grid_h, grid_w), np.uint8)
    for y in range(grid_h):
        for x in range(grid_w):
            far = ((x - sun_x) ** 2 + (y - sun_y) ** 2) / (grid_h * grid_h)
            field[y, x] = round(max(150, 250 - 62 * far))
    shadow = np.full((grid_h, grid_w), 255, np.uint8)
    x0 = rng.uniform(0.1, 0.6) * grid_w
    outline = [
        (x0, grid_h),
        (x0 + rng.uniform(2, 8), grid_h * rng.uniform(0.45, 0.7)),
        (x0 + grid_w * 0.4, grid_h * 0.6),
        (grid_w * 1.1, grid_h),
    ]
    cv2.fillPoly(shadow, [np.array([(round(x), round(y)) for x, y in outline], np.int32)], rng.randint(170, 205))
    shadow = np.asarray(cv2.GaussianBlur(shadow, (9, 9), 0), np.uint8)
    both = np.asarray(cv2.multiply(field, shadow, scale=1 / 255), np.uint8)
    large = cv2.resize(both, (wide, tall), interpolation=cv2.INTER_LINEAR_EXACT)
    warm = cv2.LUT(large, np.array([value * 243 // 255 for value in range(256)], np.uint8))
    return np.asarray(cv2.merge([large, large, warm]), np.uint8)
