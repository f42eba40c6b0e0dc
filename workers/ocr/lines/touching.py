"""Shapes that belong to two rows because their inks touch: a hook of the upper line on a mark or letter of the lower one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from workers.ocr.layout import Region
from workers.ocr.lines.owners import Field
from workers.ocr.lines.rows import WIDEST, Row
from workers.ocr.lines.shapes import H, Shapes, W, Y

SHARED = 0.35
"""Share of a row's x-height that a shape must reach into for it to have letters there."""
DEEPEST, HOOK = 0.62, 0.35
"""x-heights under the baseline: no letter reaches the first (*g* and *y*: 0.48); a cut is never made above the second."""
HIGHEST = 8.0
"""Letter heights; what is taller crosses the page, and is no two letters."""


def part_touching(shapes: Shapes, rows: Sequence[Row], regions: Sequence[Region], letter: float) -> None:
    """Cut such shapes where they are thinnest between the rows; the lower part becomes a shape of its own."""
    stats = shapes.stats
    tall = (stats[:, H] > 1.2 * letter) & (stats[:, H] <= HIGHEST * letter) & (stats[:, W] <= WIDEST * letter)
    candidates = np.flatnonzero(tall)
    if candidates.size == 0:
        return
    part = stats[candidates]
    field = Field.of(part, rows, regions, letter)
    cores = np.array([row.core for row in rows])
    held = field.overlaps(part) > SHARED * cores
    feet = part[:, Y] + part[:, H]
    lowest = np.where(held, field.bottoms + DEEPEST * cores, -np.inf).max(axis=1)
    deep = held.any(axis=1) & (feet > lowest)
    for place in np.flatnonzero(deep | (np.count_nonzero(held, axis=1) > 1)).tolist():
        mine = sorted(np.flatnonzero(held[place]).tolist(), key=lambda r: float(field.tops[place, r]))
        cuts = [
            (float(field.bottoms[place, a]), float(field.tops[place, b]))
            for a, b in pairwise(mine)
            if field.tops[place, b] > field.bottoms[place, a]
        ]
        bottom = float(field.bottoms[place, mine[-1]])
        if deep[place] and _has_row_below(field, place, bottom, letter):
            cuts.append((bottom + HOOK * float(cores[mine[-1]]), float(feet[place])))
        for low, high in reversed(cuts):
            _cut(shapes, int(candidates[place]), low, high)


def _has_row_below(field: Field, place: int, bottom: float, letter: float) -> bool:
    gaps = field.tops[place] - bottom
    return bool((field.allowed[place] & (gaps > 0) & (gaps < 2.5 * letter)).any())


def _cut(shapes: Shapes, index: int, low: float, high: float) -> None:
    """Part shape ``index`` at its thinnest row from ``low`` to ``high`` (page y)."""
    x0, y0, x1, y1 = shapes.box(index)
    first, last = max(1, round(low) - y0), min(y1 - y0 - 1, round(high) - y0)
    if last < first:
        return
    mask = shapes.labels[shapes.window((x0, y0, x1, y1))] == index
    ink = np.count_nonzero(mask[first : last + 1], axis=1)
    at = first + int(np.flatnonzero(ink == ink.min())[-1])  # the last: the stem above it is the upper line's
    mask[:at] = False
    shapes.add(index, mask)
