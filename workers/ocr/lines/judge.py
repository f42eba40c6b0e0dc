"""Which rows are no print: remains of seals, ink shining through, streaks at the edge (left out), and a pen's shapes (told).

Only rows that look odd are looked at closely, and small print (a digital signature's note) is never judged: its letters are
too few pixels high to say how they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np

from workers.ocr.ink import histogram
from workers.ocr.lines.line import CutLine
from workers.ocr.lines.rows import Row
from workers.ocr.lines.shapes import H, Ints, Shapes, W, X, Y
from workers.page import Pixels

FEW, LETTER = 4, 0.55
"""Letters under which a row says little by how they stand; x-heights that make a shape a letter."""
STANDS, ORDERLY, PENNED = 0.18, 0.6, 0.45
"""x-heights by which a foot may miss the baseline; share of feet on it that print has (0.6 and more), and that a pen has not."""
SMALL_PRINT = 0.66
"""Of the page's letter height: rows with smaller letters are not judged."""
FAINT = 0.55
"""How far from the page's ink towards white the ink of a row is that was never printed."""
SCATTERED, SLIM = 0.3, 0.27
"""Share of a row's width that its few letters cover at least, specks on one height less; letter heights that each is wide."""
LONG, MOST = 8, 0.4
"""Where so large a share of the rows of so many letters look penned, the page is bent, and how letters stand says nothing."""
NO_INK, USUAL_INK = 200, 40
"""A page without a hundredth as dark as the first has next to no ink; print would then be about as dark as the second."""
EDGE_MM = 3.0
"""Nothing is printed so close to the edge of the paper."""


class Kind(IntEnum):
    PRINT = 0
    PEN = 1
    SCRAP = 2


def judged(
    grey: Pixels, dpi: float, shapes: Shapes, *, rows: Sequence[Row], lines: Sequence[CutLine | None], owner: Ints
) -> list[Kind]:
    """What each row is; rows in cells are always print. ``owner``: the row of each shape."""
    letters, standing, width = _letters(shapes.stats, rows, owner)
    black: float | None = None
    kinds: list[Kind] = []
    for index, (row, line) in enumerate(zip(rows, lines, strict=True)):
        kind = Kind.PRINT
        orderly = standing[index] >= ORDERLY * letters[index]
        odd = letters[index] < FEW or not orderly or (line is not None and row.letter < line.x_height)
        if line is not None and not line.cell and odd:
            black = _black(grey) if black is None else black
            few, wide = letters[index] < FEW, line.box[2] - line.box[0]
            faint = _darkness(line.pixels) > black + FAINT * (255 - black)
            thin = width[index] < max(SCATTERED * wide, SLIM * line.x_height * letters[index])
            if faint or (few and (thin or _at_edge(line, grey, dpi))):
                kind = Kind.SCRAP
            elif not few and standing[index] < PENNED * letters[index] and row.core >= SMALL_PRINT * line.x_height:
                kind = Kind.PEN
        kinds.append(kind)
    long = [kind for kind, number in zip(kinds, letters.tolist(), strict=True) if number >= LONG]
    if long.count(Kind.PEN) > MOST * max(LONG, len(long)):
        return [Kind.PRINT if kind is Kind.PEN else kind for kind in kinds]
    return kinds


def _letters(stats: Ints, rows: Sequence[Row], owner: Ints) -> tuple[Ints, Ints, Ints]:
    """Of each row: the number of its letters, of those on its baseline, and their widths together."""
    cores, bases, slopes = (np.array([getattr(row, name) for row in rows]) for name in ("core", "base", "slope"))
    mine = np.flatnonzero(owner >= 0)
    row = owner[mine]
    x, y, w, h = (stats[mine, k] for k in (X, Y, W, H))
    letter = h >= LETTER * cores[row]
    off = np.abs(y + h - bases[row] - slopes[row] * (x + w / 2))
    on_line = letter & (off <= np.maximum(1.0, STANDS * cores[row]))
    counted = (np.bincount(row, weights, len(rows)).astype(np.int32) for weights in (letter, on_line, w * letter))
    return next(counted), next(counted), next(counted)


def _at_edge(line: CutLine, grey: Pixels, dpi: float) -> bool:
    reach = EDGE_MM / 25.4 * dpi
    x, y = (line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2
    return not (reach <= x < grey.shape[1] - reach and reach <= y < grey.shape[0] - reach)


def _black(grey: Pixels) -> float:
    """How dark the page's ink is: its darkest hundredth."""
    counts = histogram(grey[::4, ::4]).cumsum()
    black = float(np.searchsorted(counts, 0.01 * counts[-1]))
    return black if black < NO_INK else USUAL_INK


def _darkness(crop: Pixels) -> float:
    """Grey of the darker part of a crop's ink: a tenth of what is not paper."""
    ink = crop[crop < 225]
    return float(np.partition(ink, ink.size // 10)[ink.size // 10]) if ink.size else 255.0
