"""Ruled tables: the printed rules and the cells between them.

A grid is believed only when its cells tile it; a box around a stamp, an underline or a torn edge gives none, and the text is
then read as running text.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.ocr.half_ruled import HalfRuled
from workers.ocr.ink import Reduced, components, outlines
from workers.page import Box

RULE_MM = 7.0
"""Shortest printed rule: longer than any letter stroke, shorter than the side of a narrow cell."""
LONG_MM = 25.0
"""A streak so long is a table's rule even where it is half as dark as ink: thin rules fade where they step from row to row."""
SIDE_MM = 0.8
MIN_FREE = ((25.0, 0.3), (15.0, 0.6), (0.0, 0.75))
"""(length in mm, share): a rule at least so long has paper at ``SIDE_MM`` on both sides along at least this share of it. The serifs of
a word that run together in a coarse scan look like a short rule with letters on one side, free along 0.4 to 0.7 of it; the
long frame of a stamp may be set across print.
"""
MIN_GRID_MM = 25.0
MIN_CELL_MM = 2.5
MIN_CELLS = 4
OPEN_ENDS = 3
"""Level rules that end in the open at one side of a table: fewer are a cross or an underline that touches it."""
MIN_TILED = 0.75
"""Share of the grid's box that its cells must cover."""


@dataclass(frozen=True, slots=True)
class Grid:
    """``cells`` row by row, left to right; a cell that spans rows stands in the row of its upper edge."""

    box: Box
    cells: tuple[Box, ...]


def find_grids(page: Reduced) -> tuple[list[Grid], NDArray[np.uint8]]:
    """Grids from top to bottom, and a mask (255) of all printed rules, those of underlines and frames included.

    ``page``: at 75-150 dpi, straightened to within about a degree.
    """
    ink, per_mm = page.ink(), page.dpi / 25.4
    length, long = (max(9, round(mm * per_mm)) for mm in (RULE_MM, LONG_MM))
    across, down = (_rules_of(_streaks(ink, axis, length), ink, axis, per_mm) for axis in (0, 1))
    if cv2.hasNonZero(across) and cv2.hasNonZero(down):
        faint = page.faint_ink()
        for axis, found in ((0, across), (1, down)):
            cv2.bitwise_or(found, _rules_of(_streaks(faint, axis, long), ink, axis, per_mm), dst=found)
    rules = np.asarray(cv2.bitwise_or(across, down), np.uint8)
    if not cv2.hasNonZero(rules):
        return [], rules
    half = HalfRuled(across, down, ink, page.dpi)
    grids = _ruled(rules, half, per_mm)
    for box, mask in half.tables([grid.box for grid in grids]):
        grids += _grid(mask, box, per_mm)
    return sorted(grids, key=lambda grid: grid.box[1]), rules


def _ruled(rules: NDArray[np.uint8], half: HalfRuled, per_mm: float) -> list[Grid]:
    """Grids whose cells have rules all around, with the rows that are open in them or under them."""
    joined = np.asarray(cv2.dilate(rules, np.ones((3, 3), np.uint8)), np.uint8)
    labels, stats = components(joined)
    grids: list[Grid] = []
    for index in range(1, len(stats)):
        x, y, w, h, _ = (int(value) for value in stats[index])
        if min(w, h) < 0.4 * MIN_GRID_MM * per_mm or max(w, h) < MIN_GRID_MM * per_mm:
            continue
        mask = np.asarray(labels[y : y + h, x : x + w] == index, np.uint8)
        _close_sides(mask, per_mm)
        for grid in _grid(mask, (x, y, x + w, y + h), per_mm):
            opened = half.opened(grid.box, grid.cells)
            grids += (_grid(opened[1], opened[0], per_mm) if opened else []) or [grid]
    return grids


def _close_sides(rules: NDArray[np.uint8], per_mm: float) -> None:
    """Draws the upright at the left or right of a table whose level rules end there in the open, three or more under one another."""
    reach = min(rules.shape[1], round(MIN_CELL_MM * per_mm))
    for side in (rules[:, :reach], rules[:, ::-1][:, :reach]):
        if np.count_nonzero(side, axis=0).max() >= 0.5 * len(side):
            continue  # there is one
        ends = np.flatnonzero(np.count_nonzero(side, axis=1) >= 0.3 * reach)
        if np.count_nonzero(np.diff(ends) > reach) + 1 >= OPEN_ENDS:
            side[ends] = 1
            side[ends[0] : ends[-1] + 1, 0] = 1


def _grid(rules: NDArray[np.uint8], box: Box, per_mm: float) -> list[Grid]:
    """The grid that ``rules`` (1) of one box make, if they make one."""
    x, y, x1, y1 = box
    cells = _cells(rules, per_mm)
    tiled = sum((c[2] - c[0]) * (c[3] - c[1]) for c in cells)
    if len(cells) < MIN_CELLS or tiled < MIN_TILED * (x1 - x) * (y1 - y):
        return []
    return [Grid(box, tuple((c[0] + x, c[1] + y, c[2] + x, c[3] + y) for c in _row_major(cells, per_mm)))]


def _streaks(ink: NDArray[np.uint8], axis: int, length: int) -> NDArray[np.uint8]:
    """What is at least so many pixels long; ``axis`` 0: across.

    A rule that leans by a degree leaves its pixel row after 60 pixels: thicken before opening along it.
    """
    beside, along = ((3, 1), (1, length)) if axis == 0 else ((1, 3), (length, 1))
    thick = cv2.dilate(ink, np.ones(beside, np.uint8))
    return np.asarray(cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones(along, np.uint8)), np.uint8)


def _rules_of(candidates: NDArray[np.uint8], ink: NDArray[np.uint8], axis: int, per_mm: float) -> NDArray[np.uint8]:
    """Those that are thin and have paper on both sides; ``axis`` 0: across. Blurred or bold words give streaks amid ink."""
    rules = np.zeros_like(candidates)
    reach = max(3, round(SIDE_MM * per_mm))
    for (x0, y0, x1, y1), outline in outlines(candidates):
        w, h = x1 - x0, y1 - y0
        filled = cv2.drawContours(np.zeros((h, w), np.uint8), [outline], -1, 1, cv2.FILLED, offset=(-x0, -y0))
        mine = (filled > 0) & (candidates[y0:y1, x0:x1] > 0)
        area = np.count_nonzero(mine)
        if area > max(5.0, 1.6 * per_mm) * (h if axis else w):
            continue
        beside = _beside(ink, (x0, y0, x1, y1), axis, reach)
        long = max(w, h) / per_mm
        wanted = next(share for least, share in MIN_FREE if long >= least)
        if np.count_nonzero(mine & (beside == 0)) >= wanted * area:
            rules[y0:y1, x0:x1][mine] = 255
    return rules


def _beside(ink: NDArray[np.uint8], box: Box, axis: int, reach: int) -> NDArray[np.uint8]:
    """Ink at ``reach`` on either side of each place of ``box``; off the page there is none."""
    x0, y0, x1, y1 = box
    dx, dy = (reach, 0) if axis else (0, reach)
    beside = np.zeros((y1 - y0, x1 - x0), np.uint8)
    for sign in (-1, 1):
        top, left = y0 + sign * dy, x0 + sign * dx
        rows = slice(max(0, top), max(0, y1 + sign * dy))
        columns = slice(max(0, left), max(0, x1 + sign * dx))
        there = ink[rows, columns]
        down, right = max(0, -top), max(0, -left)
        beside[down : down + there.shape[0], right : right + there.shape[1]] |= there
    return beside


def _cells(rules: NDArray[np.uint8], per_mm: float) -> list[Box]:
    """Boxes of the closed areas between the rules of one grid."""
    paper = np.pad(1 - rules, 1, constant_values=1)
    count, _, stats, _ = cv2.connectedComponentsWithStats(paper.astype(np.uint8), connectivity=4)
    outside_w, outside_h = paper.shape[1], paper.shape[0]
    cells: list[Box] = []
    for x, y, w, h, area in (tuple(int(v) for v in row) for row in stats[1:count]):
        if w >= outside_w or h >= outside_h:
            continue  # the paper around the grid
        if min(w, h) >= MIN_CELL_MM * per_mm and area >= 0.7 * w * h:
            cells.append((x - 1, y - 1, x - 1 + w, y - 1 + h))
    return cells


def _row_major(cells: list[Box], per_mm: float) -> list[Box]:
    """Cells by the row of their upper edge, then from left to right."""
    rows: list[list[Box]] = []
    for cell in sorted(cells, key=lambda c: c[1]):
        # A page that is bent or slightly turned lets the upper edges of one row drift: compare with the neighbour.
        if rows and cell[1] - max(c[1] for c in rows[-1]) <= MIN_CELL_MM * per_mm * 0.6:
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return [cell for row in rows for cell in sorted(row)]
