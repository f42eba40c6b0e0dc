"""Tiles of a page where most of something is: what is measured there costs the same for every size of page."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

COARSE = 8
"""The weights are of every eighth pixel each way."""


def heaviest(
    weights: NDArray[np.float32], size: tuple[int, int], tile: int, most: int
) -> Iterator[tuple[int, int, float]]:
    """(top, left, weight) of up to ``most`` tiles of ``tile`` pixels that do not overlap much, the heaviest first.

    ``weights``: summed over a tile around each place; altered. ``size``: height and width of the page, at least a tile.
    """
    side = tile // COARSE
    for _ in range(most):
        y, x = np.unravel_index(int(weights.argmax()), weights.shape)
        weight = float(weights[y, x])
        top, left = (
            int(np.clip(at * COARSE - tile // 2, 0, max(0, length - tile)))
            for at, length in zip((y, x), size, strict=True)
        )
        yield top, left, weight
        weights[max(0, y - side) : y + side, max(0, x - side) : x + side] = -1.0
