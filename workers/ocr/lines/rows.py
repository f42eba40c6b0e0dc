"""Rows of letters: each printed line's letters, the straight line they stand on and their x-height.

Letters whose middles lie side by side are runs; runs at one height in one region are a row. The foot of most letters
gives its baseline, and the height of most letters above that its x-height.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workers.ocr.ink import components
from workers.ocr.layout import Region
from workers.ocr.lines.shapes import Floats, H, Ints, Shapes, W, X, Y, group_medians
from workers.page import area

BASE_MIN, BASE_MAX = 0.55, 2.6
"""Letter heights between which a shape is a letter that can carry a line; smaller ones are marks."""
WIDEST = 20.0
"""Letter heights; wider ones are no letters, not even a word of them run together."""
SMALLEST, SMALL = 0.3, 0.72
"""Of the page's letter height: lower shapes are no letters; a region whose letters are lower than the second is small print."""
REACH = 0.8
"""Letter heights to either side that letters of one run bridge."""
CANVAS_LETTER = (5.0, 10.0)
"""Pixels across and down that a letter has on the canvas where runs are joined: lines of a note are set close above one another."""
TALL, THIN = 1.6, 0.12
SAME_LINE = 0.4
"""Share of the lower run's height that two runs of one line must have in common."""
MIN_LEADING, MARKS_SHARE = 0.35, 0.3
"""Letter heights between a baseline and the next line's letters: print leaves 0.5 and more, marks stand within 0.2. And how
wide the carrying letters of a line of marks may be against those of the line itself (some were taken for letters)."""
LEANING = (6, 12.0)
"""Letters and x-heights of width that a row needs to tell how it leans; a shorter one is taken as level."""
MAX_SLOPE = 0.03
LOW_LETTERS = 0.3
"""Of a row's letters so many at least have no ascender, unless all are capitals."""


@dataclass(frozen=True, slots=True)
class Row:
    """``base``: y of the baseline at x = 0; ``core``: x-height; ``letters``: shapes that carry it; ``width``: of its runs.

    ``letter``: median letter height of its region, where that is small print; else of the page.
    """

    region: int
    x0: int
    x1: int
    base: float
    slope: float
    core: float
    width: int
    letters: Ints
    letter: float

    def bottom(self, x: float) -> float:
        return self.base + self.slope * x

    def top(self, x: float) -> float:
        return self.bottom(x) - self.core

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class _Run:
    region: int
    x0: int
    x1: int
    top: float
    bottom: float
    letters: Ints


def is_letter(stats: Ints, letter: Floats) -> NDArray[np.bool_]:
    """Which shapes can carry a line, where letters are as high as ``letter`` (for each shape)."""
    height, width = stats[:, H], stats[:, W]
    return np.asarray((height >= BASE_MIN * letter) & (height <= BASE_MAX * letter) & (width <= WIDEST * letter))


def find_rows(shapes: Shapes, regions: Sequence[Region], letter: float) -> list[Row]:
    """The rows of all regions: by region, from top to bottom. ``letter``: the page's median letter height, pixels."""
    sizes = _sizes(shapes.stats, regions, letter)
    runs = _runs(shapes, regions, sizes)
    lines: list[list[_Run]] = []
    for region in range(len(regions)):
        lines += _lines([run for run in runs if run.region == region])
    if not lines:
        return []
    return _without_marks(_fitted(lines, shapes.stats, sizes))


def region_of(x: Floats, y: Floats, regions: Sequence[Region]) -> Ints:
    """The region that holds each point, -1 where none does.

    A cell is sure of its edges; the hull of running text may reach over a table beside it, and margins overlap a little.
    """
    found = np.full(len(x), -1, np.int32)
    order = sorted(range(len(regions)), key=lambda i: (regions[i].cell, -area(regions[i].box)))
    for index in order:
        x0, y0, x1, y1 = regions[index].box
        found[(x >= x0) & (x < x1) & (y >= y0) & (y < y1)] = index
    return found


def _sizes(stats: Ints, regions: Sequence[Region], letter: float) -> Floats:
    """The letter height of each region: the page's, but for small print (the note of a digital signature) its own."""
    seen = stats[(stats[:, H] >= SMALLEST * letter) & (stats[:, H] <= BASE_MAX * letter)]
    where = region_of(seen[:, X] + seen[:, W] / 2, seen[:, Y] + seen[:, H] / 2, regions)
    own = group_medians(seen[:, H].astype(np.float64), where, len(regions))
    number = np.bincount(where[where >= 0], minlength=len(regions))
    return np.where((number >= LEANING[0]) & (own < SMALL * letter), own, letter)


def _runs(shapes: Shapes, regions: Sequence[Region], sizes: Floats) -> list[_Run]:
    """Letters side by side in one region, closer than two word gaps."""
    stats = shapes.stats
    region = region_of(stats[:, X] + stats[:, W] / 2, stats[:, Y] + stats[:, H] / 2, regions)
    letters = np.flatnonzero((region >= 0) & is_letter(stats, sizes[region])).astype(np.int32)
    region = region[letters]
    x, y, w, h = (stats[letters, k].astype(np.float64) for k in (X, Y, W, H))
    if letters.size == 0:
        return []
    piece = _side_by_side((x, y, w, h), sizes[region])
    _, piece = np.unique(piece.astype(np.int64) * len(regions) + region, return_inverse=True)
    count = int(piece.max()) + 1
    tops = group_medians(y, piece.astype(np.int32), count)
    bottoms = group_medians(y + h, piece.astype(np.int32), count)
    order = np.argsort(piece, kind="stable")
    starts = np.searchsorted(piece[order], np.arange(count + 1))
    left, right = x[order].astype(np.int64), (x + w)[order].astype(np.int64)
    x0, x1 = np.minimum.reduceat(left, starts[:-1]), np.maximum.reduceat(right, starts[:-1])
    return [
        _Run(
            int(region[order[starts[i]]]), int(x0[i]), int(x1[i]), float(tops[i]), float(bottoms[i]),
            letters[order[starts[i] : starts[i + 1]]],
        )
        for i in range(count)
    ]  # fmt: skip


def _side_by_side(places: tuple[Floats, Floats, Floats, Floats], letter: Floats) -> Ints:
    """A number for each letter, the same for those whose middle halves, drawn out to both sides, run into each other.

    Only middles are drawn, so that a hook that reaches down beside a high letter of the next line joins nothing; and next to
    nothing of a tall shape, which may be two letters of two lines that touch. Each size of print is drawn on a canvas of its own.
    """
    number = np.zeros(len(letter), np.int32)
    for size in np.unique(letter).tolist():
        same = letter == size
        x, y, w, h = (side[same] for side in places)
        half = np.where(h > TALL * size, THIN * size, h / 4)
        middle = y + h / 2
        edges = (x - REACH * size, middle - half, x + w + REACH * size, middle + half)
        number[same] = number.max() + _joined(
            edges, (min(1.0, CANVAS_LETTER[0] / size), min(1.0, CANVAS_LETTER[1] / size))
        )
    return number


def _joined(edges: tuple[Floats, Floats, Floats, Floats], scale: tuple[float, float]) -> Ints:
    """A number from 1 on for each of the filled boxes (x0, y0, x1, y1), the same for those that touch when drawn at ``scale``, across and down."""
    left, top = float(edges[0].min()), float(edges[1].min())
    x0, y0 = ((edges[0] - left) * scale[0]).astype(np.int32), ((edges[1] - top) * scale[1]).astype(np.int32)
    x1 = ((edges[2] - left) * scale[0]).astype(np.int32) + 1
    y1 = np.maximum(y0 + 1, ((edges[3] - top) * scale[1]).astype(np.int32))
    # How many boxes begin less end at each corner; summed up along both sides: how many cover each place.
    corners = np.zeros((int(y1.max()) + 1, int(x1.max()) + 1), np.int16)
    for y, x, sign in ((y0, x0, 1), (y1, x0, -1), (y0, x1, -1), (y1, x1, 1)):
        np.add.at(corners, (y, x), np.int16(sign))
    cover = corners.cumsum(axis=0, dtype=np.int16).cumsum(axis=1, dtype=np.int16)
    labels, _ = components(np.asarray(cover > 0, np.uint8))
    return np.asarray(labels[y0, x0], np.int32)


def _lines(runs: list[_Run]) -> list[list[_Run]]:
    """Runs of one region that stand at one height, from top to bottom."""
    lines: list[list[_Run]] = []
    for run in sorted(runs, key=lambda r: r.top + r.bottom):
        for line in reversed(lines[-3:]):
            near = min(line, key=lambda other: max(other.x0 - run.x1, run.x0 - other.x1))
            common = min(near.bottom, run.bottom) - max(near.top, run.top)
            if common > SAME_LINE * min(near.bottom - near.top, run.bottom - run.top):
                line.append(run)
                break
        else:
            lines.append([run])
    return lines


def _fitted(lines: list[list[_Run]], stats: Ints, sizes: Floats) -> list[Row]:
    """Straight baselines through the feet of the letters, all rows at once."""
    letters = np.concatenate([run.letters for line in lines for run in line])
    row = np.repeat(np.arange(len(lines)), [sum(run.letters.size for run in line) for line in lines]).astype(np.int32)
    x, y, w, h = (stats[letters, k].astype(np.float64) for k in (X, Y, W, H))
    x, foot, count = x + w / 2, y + h, len(lines)
    base, slope = group_medians(foot, row, count), np.zeros(count)
    core = np.maximum(1.0, base - group_medians(y, row, count))
    for reach in (0.3, 0.18):
        on_line = np.abs(foot - base[row] - slope[row] * x) <= np.maximum(1.0, reach * core[row])
        mean, lean, known = _least_squares(x[on_line], foot[on_line], row[on_line], core)
        base, slope = np.where(known, mean, base), np.where(known, lean, slope)
    over = base[row] + slope[row] * x - y
    core = group_medians(over, np.where(on_line, row, -1).astype(np.int32), count, LOW_LETTERS)
    core = np.where(core > 0, core, np.maximum(1.0, group_medians(over, row, count)))
    rows: list[Row] = []
    starts = np.searchsorted(row, np.arange(count + 1))
    for index, line in enumerate(lines):
        rows.append(
            Row(
                line[0].region, min(run.x0 for run in line), max(run.x1 for run in line),
                float(base[index]), float(slope[index]), float(core[index]),
                sum(run.x1 - run.x0 for run in line), letters[starts[index] : starts[index + 1]],
                float(sizes[line[0].region]),
            )
        )  # fmt: skip
    return rows


def _least_squares(x: Floats, foot: Floats, row: Ints, core: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """(base, slope, known) of each row from the given feet; level, at their mean, where they are few or close together."""
    rows = len(core)
    number = np.bincount(row, minlength=rows)
    some = np.maximum(number, 1)
    mean_x = np.bincount(row, x, rows) / some
    mean_y = np.bincount(row, foot, rows) / some
    dx = x - mean_x[row]
    spread = np.bincount(row, dx * dx, rows)
    lean = np.bincount(row, dx * (foot - mean_y[row]), rows) / np.maximum(spread, 1e-9)
    # The spread of evenly set letters over a width is the width squared over twelve.
    wide = (number >= LEANING[0]) & (spread / some >= (LEANING[1] * core) ** 2 / 12)
    lean = np.where(wide, np.clip(lean, -MAX_SLOPE, MAX_SLOPE), 0.0)
    return mean_y - lean * mean_x, lean, number > 0


def _without_marks(rows: list[Row]) -> list[Row]:
    """Large marks (bold, italic, stacked on capitals) can look like a line of their own, close above the line they belong to.

    Between two printed lines there is always room for the marks of the lower one.
    """
    kept: list[Row] = []
    for row in sorted(rows, key=lambda r: (r.region, r.top(r.middle))):
        last = kept[-1] if kept else None
        if last is not None and last.region == row.region:
            x = row.middle if row.width < last.width else last.middle
            wide, narrow = (row, last) if row.width > last.width else (last, row)
            if row.top(x) - last.bottom(x) < MIN_LEADING * row.letter and narrow.width < MARKS_SHARE * wide.width:
                kept[-1] = wide
                continue
        kept.append(row)
    return kept
