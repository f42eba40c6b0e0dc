"""Every shape of ink is given to one row: letters to the row they stand in, marks to the row whose letters they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workers.ocr.ink import Enlarged
from workers.ocr.layout import Region
from workers.ocr.lines.rows import BASE_MAX, WIDEST, Row, is_letter
from workers.ocr.lines.shapes import AREA, Floats, H, Ints, Shapes, W, X, Y

NOBODY = -1
"""Too large to be one line's: left alone in every crop, since it may have letters in it."""
STRAY = -2
"""Specks and scraps near no line: in no crop."""
DOT_REACH = 0.5
"""A mark whose middle is at most this many letter heights under a baseline may belong to the line above."""
DOT_SIZE, DOT_SIDES, DOT_FILL = (0.1, 0.42), 0.5, 0.68
"""The dot of *nặng*: letter heights across (least, most), its short side to its long one, share of its box filled. No mark above letters is so
compact, but the dot of *i*, which stands higher up.
"""
DOT_HANGS = 0.4
"""Letter heights under the baseline at which the dot's middle hangs at most (0.33 in Times)."""
NEXT_TO = 0.3
"""Letter heights: what is no dot and has a letter so close below it is that letter's mark; under a line hang only torn hooks."""
HIGHEST = 1.5
"""x-heights over a row's letters at which the middle of a mark on a capital still stands (1.2 in Times)."""
LOFTY, UPON = 0.75, (0.6, 0.3)
"""x-heights over a row's letters from which a mark stands on a letter: it or another mark lies so close under it, and no farther beside
it, in letter heights. Quotation marks and raised figures stand lower; a speck up there would make the whole line small.
"""
BESIDE, SPECK, BESIDE_SPECK = 4.0, 0.3, 1.0
"""Letter heights beyond the ends of a row's letters at which a mark is still its own: the dash or bullet before a tab; and for
those no larger than a speck: a full stop.
"""
SLIVER = (0.16, 1.0)
"""Letter heights: what is lower than the first and wider than the second beside a printed rule is the rule's rim."""


@dataclass(frozen=True, slots=True)
class Field:
    """Where each row's band stands at each shape: ``tops`` and ``bottoms`` ``(shapes, rows)``, ``allowed``: may it own it."""

    tops: Floats
    bottoms: Floats
    allowed: NDArray[np.bool_]

    @staticmethod
    def of(stats: Ints, rows: Sequence[Row], regions: Sequence[Region], letter: float) -> Field:
        x = stats[:, X] + stats[:, W] / 2
        y = stats[:, Y] + stats[:, H] / 2
        slopes, cores = np.array([row.slope for row in rows]), np.array([row.core for row in rows])
        bottoms = np.array([row.base for row in rows]) + slopes * x[:, None]
        boxes = np.array([regions[row.region].box for row in rows], np.float64)
        speck = np.maximum(stats[:, W], stats[:, H]) < SPECK * letter
        reach = np.where(speck, BESIDE_SPECK, BESIDE)[:, None] * np.maximum(letter, cores)
        left, right = np.array([row.x0 for row in rows]) - reach, np.array([row.x1 for row in rows]) + reach
        allowed = (np.maximum(boxes[:, 0], left) <= x[:, None]) & (x[:, None] < np.minimum(boxes[:, 2], right))
        allowed &= (boxes[:, 1] - letter <= y[:, None]) & (y[:, None] < boxes[:, 3] + 0.5 * letter)
        return Field(bottoms - cores, bottoms, allowed)

    def overlaps(self, stats: Ints) -> Floats:
        """Pixels of height that each shape shares with each row's band; not positive where it has none or may not."""
        top, foot = stats[:, Y, None], stats[:, Y, None] + stats[:, H, None]
        return np.where(self.allowed, np.minimum(self.bottoms, foot) - np.maximum(self.tops, top), -1.0)


def owners(shapes: Shapes, rows: Sequence[Row], regions: Sequence[Region], letter: float, rules: Enlarged) -> Ints:
    """For each shape the index of its row, ``NOBODY`` or ``STRAY``. ``rules``: of the whole page."""
    stats = shapes.stats
    owner = np.full(len(stats), STRAY, np.int32)
    field = Field.of(stats, rows, regions, letter)
    tallest = BASE_MAX * np.maximum(letter, np.array([row.core for row in rows]))
    overlap = field.overlaps(stats)
    best = overlap.argmax(axis=1)
    everyone = np.arange(len(stats))
    touching = overlap[everyone, best] > 0
    small = (stats[:, H] <= np.where(touching, tallest[best], BASE_MAX * letter)) & (stats[:, W] <= WIDEST * letter)
    owner[~small] = NOBODY
    _drop_uprights(owner, stats, letter)
    ours = small & (stats[:, AREA] >= 2)
    middle = stats[:, Y] + stats[:, H] / 2
    within = (middle <= field.bottoms[everyone, best]) & (middle >= field.tops[everyone, best])
    sizes = np.array([row.letter for row in rows])
    carried = ours & touching & (is_letter(stats, sizes[best]) | within)
    owner[carried] = best[carried]
    marks = np.flatnonzero(ours & ~carried).astype(np.int32)
    if marks.size:
        cores = np.array([row.core for row in rows])
        owner[marks] = _of_marks(stats, owner, field, marks, cores=cores, sizes=sizes)
        _drop_lofty(owner, stats, field, marks, cores=cores, sizes=sizes)
    _drop_rims(owner, shapes, rules, letter)
    return owner


def _drop_uprights(owner: Ints, stats: Ints, letter: float) -> None:
    """A long thin upright is a fold, a scanner's streak or a cell's side: it holds no letters, so no crop needs it."""
    upright = (owner == NOBODY) & (stats[:, W] <= 0.5 * letter) & (stats[:, H] >= 2 * BASE_MAX * letter)
    owner[upright] = STRAY


def _drop_rims(owner: Ints, shapes: Shapes, rules: Enlarged, letter: float) -> None:
    stats = shapes.stats
    low = np.minimum(stats[:, W], stats[:, H]) <= max(2.0, SLIVER[0] * letter)
    for index in np.flatnonzero(low & (np.maximum(stats[:, W], stats[:, H]) >= SLIVER[1] * letter)):
        x0, y0, x1, y1 = shapes.box(int(index))
        around = rules.within((max(0, x0 - 2), max(0, y0 - 2), x1 + 2, y1 + 2))
        if around is None:
            continue
        if np.count_nonzero(around.any(axis=0)) > 0.5 * (x1 - x0) or np.count_nonzero(around.any(axis=1)) > 0.5 * (
            y1 - y0
        ):
            owner[index] = STRAY


def _of_marks(stats: Ints, owner: Ints, field: Field, marks: Ints, *, cores: Floats, sizes: Floats) -> Ints:
    """The rows of marks, each between two rows: by where it hangs, else the one whose ink it all but touches."""
    top = stats[marks, Y].astype(np.float64)
    w, h, area = (stats[marks, k].astype(np.float64) for k in (W, H, AREA))
    middle = top + h / 2
    bottoms, tops, allowed = field.bottoms[marks], field.tops[marks], field.allowed[marks]
    distance = middle[:, None] - (bottoms + tops) / 2
    line = np.arange(len(marks))
    above = np.where(allowed & (distance >= 0), -distance, -np.inf)
    below = np.where(allowed & (distance < 0), distance, -np.inf)
    up, down = above.argmax(axis=1), below.argmax(axis=1)
    has_up, has_down = np.isfinite(above[line, up]), np.isfinite(below[line, down])
    size_up = np.maximum(sizes[up], 0.72 * cores[up])
    drop = np.where(has_up, middle - bottoms[line, up], np.inf)
    rise = np.where(has_down, tops[line, down] - middle, np.inf)
    round_ = (np.maximum(w, h) <= np.maximum(2.0, DOT_SIZE[1] * size_up)) & (
        np.minimum(w, h) >= DOT_SIDES * np.maximum(w, h)
    )
    round_ &= (area >= DOT_FILL * w * h) & (np.minimum(w, h) >= DOT_SIZE[0] * sizes[up])
    begun = has_up & (top <= bottoms[line, up]) & (drop <= 0.3 * size_up)
    near_up, near_down = drop <= size_up, rise <= HIGHEST * np.maximum(sizes[down], cores[down])
    both = has_up & has_down
    rules = [
        (begun, up),  # commas and the like begin on the line
        (~has_down & near_up, up),
        (~has_up & near_down, down),
        (both & (drop > DOT_REACH * size_up), np.where(near_down, down, np.where(near_up, up, STRAY))),
        (both & round_ & (drop <= DOT_HANGS * size_up), up),
    ]
    chosen = np.select([rule for rule, _ in rules], [row for _, row in rules], STRAY)
    found: Ints = chosen.astype(np.int32)
    doubtful = both & ~np.logical_or.reduce([rule for rule, _ in rules])
    for index in np.flatnonzero(doubtful).tolist():
        a, b = int(up[index]), int(down[index])
        gap_up, gap_down = _gaps(
            stats, int(marks[index]), owner == a, bottoms[index, a] + 0.2 * sizes[a], bottoms[index, b]
        )
        found[index] = b if gap_down <= max(2 * gap_up, NEXT_TO * sizes[b]) else a
    return found


def _drop_lofty(owner: Ints, stats: Ints, field: Field, marks: Ints, *, cores: Floats, sizes: Floats) -> None:
    """What hangs over a row with nothing of that row under it is the dot of a letter above, or remains of a rule, or dirt."""
    mine = marks[owner[marks] >= 0]
    row = owner[mine]
    lofty = field.tops[mine, row] - (stats[mine, Y] + stats[mine, H]) > LOFTY * cores[row]
    lofty &= np.maximum(stats[mine, W], stats[mine, H]) <= DOT_SIZE[1] * sizes[row]
    for index in mine[lofty].tolist():
        x, y, w, h, _ = stats[index].tolist()
        size = float(sizes[owner[index]])
        beside = (stats[:, X] < x + w + UPON[1] * size) & (stats[:, X] + stats[:, W] > x - UPON[1] * size)
        beside[index] = False
        if (beside & (owner == owner[index]) & (stats[:, Y] <= y + h + UPON[0] * size)).any():
            continue
        drop = np.where(field.allowed[index], y + h / 2 - field.bottoms[index], np.inf)
        up = int(np.where(drop >= 0, drop, np.inf).argmin())
        dot = 0 <= drop[up] <= DOT_REACH * sizes[up] and min(w, h) >= DOT_SIZE[0] * sizes[up]
        owner[index] = up if dot and (beside & (owner == up)).any() else STRAY


def _gaps(stats: Ints, mark: int, uppers: NDArray[np.bool_], foot_up: float, foot_down: float) -> tuple[float, float]:
    """Paper between a mark and the nearest of the ``uppers`` over it, and the nearest ink under it; infinite where none is.

    Hooks below the upper line (feet under ``foot_up``) do not count, nor what lies under the lower line's feet.
    """
    x, y, w, h, _ = stats[mark].tolist()
    near = (stats[:, X] < x + w) & (stats[:, X] + stats[:, W] > x)
    feet = stats[:, Y] + stats[:, H]
    over = near & uppers & (feet <= foot_up)
    under = near & (stats[:, Y] >= y + h - 1) & (stats[:, Y] < foot_down) & (stats[:, AREA] >= 4)
    under[mark] = False
    above = float(y - feet[over].max()) if over.any() else np.inf
    below = float(stats[under, Y].min() - (y + h)) if under.any() else np.inf
    return above, below
