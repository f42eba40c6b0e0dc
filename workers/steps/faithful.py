"""The JPEG quality that a page needs to look like itself: structural similarity of at least 0.98 where it has most to lose.

SSIM after Wang, Bovik, Sheikh and Simoncelli (IEEE Trans. Image Processing 13(4), 2004): Gaussian window of 11 pixels, sigma 1.5,
K1 = 0.01, K2 = 0.03. It is taken on the inkiest tiles of the page, coded alone: their sides are multiples of a JPEG block, so
each is coded as it would be in the page, and the empty rest can only be more alike.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import Pixels
from workers.steps.copies import grey_of

ALIKE = 0.98
QUALITIES = (72, 78, 83, 87, 90, 93, 95, 97, 99)
TILES, TILE = 6, 256
COARSE = 8
"""Ink is looked for in every eighth pixel each way."""
_BLOCK = 16
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2

_Floats = NDArray[np.float32]


def quality_for(page: Pixels) -> int:
    """The lowest of ``QUALITIES`` at which every tile is alike enough; the highest when none is. ``page``: grey or RGB, uint8."""
    tiles = _inkiest(page)
    for quality in QUALITIES[:-1]:
        if all(similarity(tile, _coded(tile, quality)) >= ALIKE for tile in tiles):
            return quality
    return QUALITIES[-1]


def similarity(one: Pixels, other: Pixels) -> float:
    """Mean SSIM of two pictures of one size, of their brightness; 1 for equals."""
    a, b = _brightness(one), _brightness(other)
    mean_a, mean_b = _blurred(a), _blurred(b)
    across = _blurred(a * b) - mean_a * mean_b
    spread = (_blurred(a * a) - mean_a * mean_a) + (_blurred(b * b) - mean_b * mean_b)
    alike = (2 * mean_a * mean_b + _C1) * (2 * across + _C2)
    return float((alike / ((mean_a * mean_a + mean_b * mean_b + _C1) * (spread + _C2))).mean())


def _brightness(pixels: Pixels) -> _Floats:
    return np.asarray(grey_of(pixels), np.float32)


def _blurred(values: _Floats) -> _Floats:
    return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5), np.float32)


def _coded(tile: Pixels, quality: int) -> Pixels:
    bgr = cv2.cvtColor(tile, cv2.COLOR_RGB2BGR) if tile.ndim == 3 else tile
    _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    back = np.asarray(cv2.imdecode(data, cv2.IMREAD_UNCHANGED), np.uint8)
    return np.asarray(cv2.cvtColor(back, cv2.COLOR_BGR2RGB), np.uint8) if back.ndim == 3 else back


def _inkiest(page: Pixels) -> list[Pixels]:
    """Up to ``TILES`` tiles apart from one another, those with most edges first; the page itself when it is no larger than one."""
    height, width = page.shape[:2]
    if height <= TILE or width <= TILE:
        return [page]
    coarse = np.asarray(page[::COARSE, ::COARSE], np.float32)
    if coarse.ndim == 3:
        coarse = coarse[:, :, 1]
    edges = np.abs(cv2.Laplacian(coarse, cv2.CV_32F))
    side = TILE // COARSE
    inky = np.asarray(
        cv2.boxFilter(edges, -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT), np.float32
    )
    tiles: list[Pixels] = []
    for _ in range(TILES):
        y, x = map(int, np.unravel_index(int(inky.argmax()), inky.shape))
        if tiles and inky[y, x] <= 0:
            break
        top, left = _tile_start(y, height), _tile_start(x, width)
        tiles.append(np.ascontiguousarray(page[top : top + TILE, left : left + TILE]))
        inky[max(0, y - side) : y + side, max(0, x - side) : x + side] = -1.0
    return tiles


def _tile_start(middle: int, length: int) -> int:
    """Where the tile about a coarse pixel begins: within the page, at a JPEG block."""
    return min(max(0, middle * COARSE - TILE // 2), length - TILE) // _BLOCK * _BLOCK
