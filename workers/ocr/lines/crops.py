"""The picture of each row alone, as its reader gets it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

import cv2
import numpy as np

from workers.ocr.ink import TABLE_16, Enlarged, painted
from workers.ocr.layout import Region
from workers.ocr.lines.line import CutLine, Point
from workers.ocr.lines.owners import NOBODY
from workers.ocr.lines.rows import Row
from workers.ocr.lines.shapes import Floats, H, Ints, Shapes, W, X, Y
from workers.page import Box, Pixels

MARGIN = 0.15
ABOVE, BELOW = 2.4, 1.4
"""Letter heights over a row's x-height letters and under its baseline that a crop reaches at most."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page, the mask (255) of ink without rules in the part of it that ``shapes.labels`` covers, and the page's rules."""

    grey: Pixels
    ink: Pixels
    rules: Enlarged
    letter: float

    @property
    def margin(self) -> int:
        return max(2, round(MARGIN * self.letter))


@dataclass(frozen=True, slots=True)
class _Extents:
    """Of each row's shapes, by place in ``rows``: edges, and edges of the strip that leans as the row does (y at x = 0)."""

    rows: Ints
    left: Ints
    right: Ints
    top: Ints
    foot: Ints
    lean_top: Floats
    lean_foot: Floats


def cut(
    sheet: Sheet, shapes: Shapes, rows: Sequence[Row], owner: Ints, regions: Sequence[Region]
) -> list[CutLine | None]:
    """A crop for each row; ``None`` for one that owns no ink."""
    found: list[CutLine | None] = [None] * len(rows)
    order = np.flatnonzero(owner >= 0)
    order = order[np.argsort(owner[order], kind="stable")].astype(np.int32)
    if order.size == 0:
        return found
    around = 3 if sheet.letter < 24 else 5  # the grey rim of a stroke grows with its scale
    kernel = np.ones((around, around), np.uint8)
    foreign = np.zeros(max(TABLE_16, len(owner)), np.uint8)
    foreign[: len(owner)][owner != NOBODY] = 255
    foreign[0] = 0
    extents, starts = _extents(shapes.stats[order], owner[order], rows)
    for place, index in enumerate(extents.rows.tolist()):
        row = rows[index]
        box = _box(extents, place, shapes, row, sheet)
        if box is None:
            continue
        mine = order[starts[place] : starts[place + 1]]
        foreign[mine] = 0
        pixels = _alone(sheet, shapes, box, foreign, kernel)
        foreign[mine] = 255
        found[index] = CutLine(
            pixels,
            box,
            row.bottom((box[0] + box[2]) / 2),
            box[3] - box[1] - 2 * sheet.margin,
            sheet.letter,
            regions[row.region].cell,
            slope=row.slope,
            own_x_height=row.core,
            polygon=_around(extents, place, row.slope),
        )
    return found


def _extents(stats: Ints, owner: Ints, rows: Sequence[Row]) -> tuple[_Extents, Ints]:
    """Extents of the rows that own shapes, and where each one's shapes begin and end. ``stats``, ``owner``: sorted by row."""
    some, starts = np.unique(owner, return_index=True)
    left, right = stats[:, X], stats[:, X] + stats[:, W]
    top, foot = stats[:, Y], stats[:, Y] + stats[:, H]
    slope = np.array([row.slope for row in rows])[owner]
    extents = _Extents(
        some,
        np.minimum.reduceat(left, starts),
        np.maximum.reduceat(right, starts),
        np.minimum.reduceat(top, starts),
        np.maximum.reduceat(foot, starts),
        np.minimum.reduceat(top - np.maximum(slope * left, slope * right), starts),
        np.maximum.reduceat(foot - np.minimum(slope * left, slope * right), starts),
    )
    return extents, np.append(starts, len(owner)).astype(np.int32)


def _box(extents: _Extents, place: int, shapes: Shapes, row: Row, sheet: Sheet) -> Box | None:
    margin, size = sheet.margin, max(sheet.letter, row.core)
    left, top = shapes.origin
    height, width = shapes.labels.shape
    highest = min(row.top(row.x0), row.top(row.x1)) - ABOVE * size
    lowest = max(row.bottom(row.x0), row.bottom(row.x1)) + BELOW * size
    x0 = max(left, int(extents.left[place]) - margin)
    x1 = min(left + width, int(extents.right[place]) + margin)
    y0 = max(top, int(max(extents.top[place], highest)) - margin)
    y1 = min(top + height, int(min(extents.foot[place], lowest)) + margin)
    return (x0, y0, x1, y1) if x1 - x0 >= 3 and y1 - y0 >= 3 else None


def _alone(sheet: Sheet, shapes: Shapes, box: Box, foreign: Pixels, kernel: Pixels) -> Pixels:
    """The part ``box`` of the page with other rows' ink and rules whitened, and their rims where no ink is."""
    window = shapes.window(box)
    pixels = sheet.grey[box[1] : box[3], box[0] : box[2]]
    others = painted(shapes.labels[window], foreign)
    rules = sheet.rules.within(box)
    if rules is not None:
        cv2.bitwise_or(others, rules, dst=others)
    if not cv2.hasNonZero(others):
        return pixels.copy()
    rims = cv2.subtract(cv2.dilate(others, kernel), sheet.ink[window])
    return np.asarray(cv2.max(cv2.max(pixels, others), rims), np.uint8)


def _around(extents: _Extents, place: int, slope: float) -> tuple[Point, Point, Point, Point]:
    """The parallelogram that leans as the row does and holds all its shapes."""
    x0, x1 = int(extents.left[place]), int(extents.right[place])
    top, foot = float(extents.lean_top[place]), float(extents.lean_foot[place])
    return (
        (x0, floor(top + slope * x0)),
        (x1, floor(top + slope * x1)),
        (x1, ceil(foot + slope * x1)),
        (x0, ceil(foot + slope * x0)),
    )
