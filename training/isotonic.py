"""From what a net believes to how often that is right: isotonic regression by pooling adjacent violators (Barlow et al., 1972), thinned to a few points."""

from __future__ import annotations

import numpy as np

RAW = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 1.0)
"""Raw confidences of a table's points: most words are nearly sure, and the few unsure ones make the grades."""
Judged = list[tuple[float, bool]]
"""(what was believed, whether it was right)."""


def fitted(data: Judged) -> list[tuple[float, float]]:
    """Rising points (raw, share right). A wrong word is added at each end, so that nothing is ever certain."""
    blocks: list[tuple[float, int, int]] = []  # sum of raw, right, words
    for raw, ok in sorted([*data, (0.0, False), (1.0, False), (1.0, True)]):
        block = (raw, int(ok), 1)
        while blocks and blocks[-1][1] * block[2] >= block[1] * blocks[-1][2]:
            earlier = blocks.pop()
            block = (earlier[0] + block[0], earlier[1] + block[1], earlier[2] + block[2])
        blocks.append(block)
    raws = np.array([total / words for total, _, words in blocks])
    shares = np.array([right / words for _, right, words in blocks])
    values = np.maximum.accumulate(np.interp(RAW, raws, shares))
    return [(raw, round(float(value), 5)) for raw, value in zip(RAW, values, strict=True)]
