"""Where the text stands and in which order a person reads it: columns, signature blocks, the cells of ruled tables.

Tesseract's own layout analysis joins the issuer's column of an administrative act with the national motto beside it, and
loses the signature block beside *Nơi nhận*. The structure of these pages is
simple, so it is found here from the ink itself, and every engine is given one region after the other.

All thresholds are in lines (the median height of letters) or millimetres, never in pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.ocr.grid import Grid, find_grids
from workers.ocr.ink import Enlarged, Reduced, letters, outlines, reduce
from workers.page import Box, Pixels, hull

GUTTER_LINES = 1.6
"""A gap in a row of at least this many letter heights may separate columns; justified word gaps stay below it."""
ALIGNED_SHARE = 0.6
"""Side by side lines that mostly share their baselines are rows (a form), not columns, except at the head of the page."""
MIN_COLUMN_ROWS = 3
HEAD_SHARE = 0.3
"""The two-column head (issuer | national motto) stands in this upper share of the page (NĐ 30/2020, Phụ lục I)."""
APART = 1.5
"""Letter heights of paper, and so many times the widest gap over it in the column, that part the head from a line under its left side."""
RIGHT_LINES = 3
"""Name of the state, motto, place and date: where they stand beside the left column, the number does too."""


@dataclass(frozen=True, slots=True)
class Region:
    """One block of text to be read on its own. ``box`` in pixels of the given image; ``cell``: of a ruled table."""

    box: Box
    cell: bool = False


@dataclass(slots=True)
class _Row:
    """Chunks whose vertical extents overlap, left to right."""

    chunks: list[Box]

    @property
    def top(self) -> int:
        return min(c[1] for c in self.chunks)

    @property
    def bottom(self) -> int:
        return max(c[3] for c in self.chunks)


@dataclass(frozen=True, slots=True)
class Layout:
    """``regions`` in reading order; ``letter``: median letter height, pixels (0: no text).

    ``reduced`` and ``small_rules`` (a 255 mask): the copy on which they were found, and the printed rules on it.
    ``touching``: share of its shapes of text in which letters run together; 0 where there are too few shapes to tell.
    """

    regions: tuple[Region, ...]
    letter: float
    reduced: Reduced
    small_rules: NDArray[np.uint8]
    touching: float = 0.0

    def text_box(self) -> Box:
        """The part of the page that holds all regions; its sides are multiples of the reduced copy's factor."""
        factor = self.reduced.factor
        height, width = (side * factor for side in self.small_rules.shape)
        x0, y0, x1, y1 = hull([region.box for region in self.regions])
        x0, y0 = x0 // factor * factor, y0 // factor * factor
        return x0, y0, min(width, -(-x1 // factor) * factor), min(height, -(-y1 // factor) * factor)

    def ink(self, grey: Pixels, box: Box) -> NDArray[np.uint8]:
        """255 where the part ``box`` of ``grey``, the page at full size, holds ink that is no rule."""
        return self.reduced.ink_of(grey, box, without=self.small_rules)

    @property
    def rules(self) -> Enlarged:
        return Enlarged(self.small_rules, self.reduced.factor)


def analyse(grey: Pixels, dpi: float) -> Layout:
    """The regions of a straightened page in reading order; none when there is no text.

    ``grey``: uint8 ``(H, W)``, dark ink on light paper, coloured ink already taken out.
    """
    page = reduce(grey, dpi)
    grids, rules = find_grids(page)
    ink = np.asarray(cv2.subtract(page.ink(), rules), np.uint8)
    text, letter, touching = letters(ink, page.dpi)
    if letter == 0:
        return Layout((), 0.0, page, rules)
    for grid in grids:
        x0, y0, x1, y1 = grid.box
        text[y0:y1, x0:x1] = 0
    regions = _flow(_chunks(text, letter), grids, ink, letter, ink.shape[0])
    full = tuple(_scaled(region, page.factor, grey.shape, letter) for region in regions)
    return Layout(full, letter * page.factor, page, rules, touching)


def _chunks(text: NDArray[np.uint8], letter: float) -> list[Box]:
    """Boxes of pieces of lines: letters whose gaps are below a column gutter, marks above and below them included."""
    reach = max(3, round(GUTTER_LINES * letter)) | 1
    smear = cv2.morphologyEx(text, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    smear = cv2.dilate(smear, np.ones((max(1, round(letter * 0.25)), 1), np.uint8))
    least = 0.6 * letter
    pieces = sorted((box for box, _ in outlines(np.asarray(smear, np.uint8))), key=lambda box: box[1::-1])
    return [(x0, y0, x1, y1) for x0, y0, x1, y1 in pieces if y1 - y0 >= least and x1 - x0 >= least]


def _rows(chunks: list[Box]) -> list[_Row]:
    """Chunks gathered into rows by vertical overlap of more than a third of the smaller one."""
    rows: list[_Row] = []
    for chunk in sorted(chunks, key=lambda c: (c[1] + c[3], c[0])):
        for row in reversed(rows[-3:]):
            overlap = min(chunk[3], row.bottom) - max(chunk[1], row.top)
            if overlap > 0.4 * min(chunk[3] - chunk[1], row.bottom - row.top):
                row.chunks.append(chunk)
                break
        else:
            rows.append(_Row([chunk]))
    for row in rows:
        row.chunks.sort()
    return sorted(rows, key=lambda r: r.top)


def _flow(chunks: list[Box], grids: list[Grid], ink: NDArray[np.uint8], letter: float, height: int) -> list[Region]:
    """Everything in reading order: text above a table, its cells, the text below it."""
    regions: list[Region] = []
    todo = sorted(chunks, key=lambda c: c[1])
    for grid in sorted(grids, key=lambda g: g.box[1]):
        above = [c for c in todo if (c[1] + c[3]) / 2 < (grid.box[1] + grid.box[3]) / 2]
        todo = [c for c in todo if c not in above]
        regions += _columns(_rows(above), letter, height)
        regions += [Region(cell, cell=True) for cell in grid.cells if _has_ink(ink, cell, letter)]
    return regions + _columns(_rows(todo), letter, height)


def _has_ink(ink: NDArray[np.uint8], cell: Box, letter: float) -> bool:
    """Whether a cell holds more than specks and the remains of its own rules."""
    x0, y0, x1, y1 = cell
    inset = max(1, round(0.15 * letter))
    inner = ink[y0 + inset : y1 - inset, x0 + inset : x1 - inset]
    if inner.size == 0 or cv2.countNonZero(inner) < 0.15 * letter * letter:
        return False  # most cells of a wide table are empty
    _, _, stats, _ = cv2.connectedComponentsWithStats(inner, connectivity=8)
    return any(h >= 0.4 * letter and area >= 0.15 * letter * letter for _, _, _, h, area in stats[1:])


def _columns(rows: list[_Row], letter: float, page_height: int) -> list[Region]:
    """Cut the rows into full-width bands and bands of two columns."""
    regions: list[Region] = []
    flow: list[Box] = []
    index = 0
    while index < len(rows):
        band, split = _band(rows, index, letter)
        if split is not None and _are_columns(band, split, page_height):
            if band[0].top < HEAD_SHARE * page_height:
                band = _head(band, split, letter)
            if flow:
                regions.append(Region(hull(flow)))
                flow = []
            sides = [c for row in band for c in row.chunks]
            regions.append(Region(hull([c for c in sides if c[2] <= split])))
            regions.append(Region(hull([c for c in sides if c[0] >= split])))
            index += len(band)
        else:
            flow += rows[index].chunks
            index += 1
    if flow:
        regions.append(Region(hull(flow)))
    return regions


def _band(rows: list[_Row], start: int, letter: float) -> tuple[list[_Row], int | None]:
    """The longest run of rows from ``start`` with a free vertical strip that has text on both sides, and its middle."""
    if len(rows[start].chunks) < 2:
        return [], None
    best: tuple[list[_Row], int | None] = ([], None)
    for left, right in pairwise(rows[start].chunks):
        strips = [(left[2], right[0])]
        band: list[_Row] = []
        for row in rows[start:]:
            if band and row.top - band[-1].bottom > 6 * letter:
                break
            free = [strip for strip in _without(row, strips) if strip[1] - strip[0] >= GUTTER_LINES * letter]
            if not free:
                break
            strips = free
            band.append(row)
        split = _middle_of_widest(strips)
        while band and all(c[0] >= split for c in band[-1].chunks):
            band.pop()  # a title centred below the head stands right of the strip, and belongs to what follows
        if len(band) > max(1, len(best[0])):
            best = (band, split)
    return best


def _without(row: _Row, strips: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The vertical strips (x from, to) less what this row's chunks cover of them."""
    for x0, _, x1, _ in row.chunks:
        strips = [part for lo, hi in strips for part in ((lo, min(hi, x0)), (max(lo, x1), hi)) if part[1] > part[0]]
    return strips


def _middle_of_widest(strips: list[tuple[int, int]]) -> int:
    width, lo = max((hi - lo, lo) for lo, hi in strips)
    return lo + width // 2


def _are_columns(band: list[_Row], split: int, page_height: int) -> bool:
    """Columns are read one after the other; rows of a form across. The head of an act is always two columns."""
    left = [c for row in band for c in row.chunks if c[2] <= split]
    right = [c for row in band for c in row.chunks if c[0] >= split]
    if not left or not right:
        return False
    if band[0].top < HEAD_SHARE * page_height:
        return True
    fewer, more = sorted((left, right), key=len)
    aligned = sum(any(abs(a[3] - b[3]) <= 0.15 * (a[3] - a[1]) for b in more) for a in fewer)
    return len(more) >= MIN_COLUMN_ROWS and aligned < ALIGNED_SHARE * len(more)


def _head(band: list[_Row], split: int, letter: float) -> list[_Row]:
    """The band without the lines that stand alone under its left column, well apart from it.

    *Kính gửi* of an official letter does, when its addressees are listed under it; it follows both columns (NĐ 30/2020, Phụ lục I).
    """
    right = [index for index, row in enumerate(band) if row.chunks[-1][0] >= split]
    if len(right) < RIGHT_LINES:
        return band  # the line may be the number, under the rule that closes the issuer's name
    shared = right[-1]
    widest = 0.0
    for index, (above, below) in enumerate(pairwise([c for c in row.chunks if c[2] <= split] for row in band), start=1):
        if not above or not below:
            continue
        gap = min(c[1] for c in below) - max(c[3] for c in above)
        if index > shared and gap >= APART * max(letter, widest):
            return band[:index]
        widest = max(widest, gap)
    return band


def _scaled(region: Region, factor: int, shape: tuple[int, ...], letter: float) -> Region:
    """A region in pixels of the full image, with a margin so that no mark at its edge is cut (none for cells)."""
    margin = 0.0 if region.cell else 0.5 * letter
    x0, y0, x1, y1 = region.box
    return Region(
        (
            max(0, round((x0 - margin) * factor)),
            max(0, round((y0 - margin) * factor)),
            min(shape[1], round((x1 + margin) * factor)),
            min(shape[0], round((y1 + margin) * factor)),
        ),
        region.cell,
    )
