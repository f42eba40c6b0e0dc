"""Cuts a page into its printed lines, each with all its marks and nothing of its neighbours.

Tesseract's own row finder cuts the upper marks of tightly set Vietnamese (``bổ`` comes out as ``bô``): its boxes follow Latin
letters. Here every connected component of ink is given to one line: letters by the smear they lie in, small marks to the line
below unless they hang just under a baseline (the *nặng* dot, commas).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.ocr.layout import Layout, Region, analyse
from workers.page import Box, Pixels

BASE_MIN, BASE_MAX = 0.55, 2.6
"""Letter heights between which a component is a letter that can carry a line; smaller ones are marks."""
TALL_MAX = 4.5
DOT_REACH = 0.5
"""A mark whose middle is at most this many letter heights under a baseline belongs to the line above."""
MIN_LEADING, MARKS_SHARE = 0.35, 0.3
"""Letter heights between a baseline and the next line's letters: print leaves 0.5 and more, marks stand within 0.2. And how
wide the carrying letters of a line of marks may be against those of the line itself (some were taken for letters)."""
MARGIN = 0.15


@dataclass(frozen=True, slots=True)
class CutLine:
    """``pixels``: grey ``(h, w)`` of the line alone, other lines' ink whitened; ``box``: where it stands on the page.

    ``baseline``: y on the page. ``ink_height``: of the line's own ink, ``x_height``: of this page's letters, pixels.
    ``cell``: it stands in a cell of a ruled table.
    """

    pixels: Pixels
    box: Box
    baseline: float
    ink_height: int
    x_height: float
    cell: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a region: ``top``/``bottom`` of its x-height letters (bottom = baseline), in pixels."""

    region: int
    top: float
    bottom: float
    ink_width: int


def cut_lines(grey: Pixels, dpi: float) -> tuple[CutLine, ...]:
    """Lines in reading order; empty when the page holds no text. ``grey``: uint8 ``(H, W)``, straightened."""
    page = analyse(grey, dpi)
    if not page.regions:
        return ()
    factor = page.reduced.factor
    height, width = (side * factor for side in page.small_rules.shape)
    grey = grey[:height, :width]
    ink, rules = page.ink_and_rules(grey, (0, 0, width, height))
    _, found, facts, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)
    labels, stats = np.asarray(found, np.int32), np.asarray(facts, np.int32)
    letter = page.letter
    tall, wide = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]
    base = (tall >= BASE_MIN * letter) & (tall <= BASE_MAX * letter) & (wide <= 20 * letter)
    base[0] = False
    rows = _rows(page, rules, np.where(base[labels], np.uint8(255), np.uint8(0)), stats, base)
    if not rows:
        return ()
    owner = _owners(rows, page.regions, stats, base, letter)
    return _crops(grey, page, rules, rows, owner, labels, stats)


_Piece = tuple[int, float, float, int]
"""Region, top and bottom of the x-height band, width."""


def _rows(
    page: Layout, rules: Pixels, base_ink: NDArray[np.uint8], stats: NDArray[np.int32], base: NDArray[np.bool_]
) -> list[_Row]:
    """The printed lines of every region, from top to bottom."""
    rows: list[_Row] = []
    pieces = _pieces(page, rules, base_ink, stats, base)
    for region in range(len(page.regions)):
        lines: list[list[_Piece]] = []
        for piece in sorted((p for p in pieces if p[0] == region), key=lambda p: p[1] + p[2]):
            for line in reversed(lines[-2:]):
                top, bottom = min(p[1] for p in line), max(p[2] for p in line)
                if min(bottom, piece[2]) - max(top, piece[1]) > 0.4 * min(bottom - top, piece[2] - piece[1]):
                    line.append(piece)
                    break
            else:
                lines.append([piece])
        for line in lines:
            widths = [p[3] for p in line]
            top = float(np.average([p[1] for p in line], weights=widths))
            bottom = float(np.average([p[2] for p in line], weights=widths))
            rows.append(_Row(region, top, bottom, sum(widths)))
    return _without_marks(rows, page.letter)


def _pieces(
    page: Layout, rules: Pixels, base_ink: NDArray[np.uint8], stats: NDArray[np.int32], base: NDArray[np.bool_]
) -> list[_Piece]:
    """Runs of letters on one line, none across the rules of a table."""
    letter = page.letter
    reach = max(3, round(1.6 * letter)) | 1
    smear = cv2.morphologyEx(base_ink, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    smear[rules > 0] = 0
    for region in page.regions:
        if region.cell:  # a gap in a printed rule joins no cells
            x0, y0, x1, y1 = region.box
            smear[y0:y1, max(0, x0 - 1) : x0 + 1] = smear[y0:y1, x1 - 1 : x1 + 1] = 0
    count, chunk_of, chunk_stats, _ = cv2.connectedComponentsWithStats(smear, connectivity=8)
    # The x-height band of each run: medians over its letters, found by looking up the run under each letter.
    letters = np.flatnonzero(base)
    x, y, w, h = (stats[letters, k] for k in range(4))
    column = np.clip(x + w // 2, 0, smear.shape[1] - 1)
    chunk = chunk_of[np.clip(y + h // 2, 0, smear.shape[0] - 1), column]
    order = np.argsort(chunk, kind="stable")
    starts = np.searchsorted(chunk[order], np.arange(count + 1))
    pieces: list[_Piece] = []
    for index in range(1, count):
        mine = order[starts[index] : starts[index + 1]]
        cx, cy, cw, ch, _ = (int(v) for v in chunk_stats[index])
        if mine.size:
            top, bottom = float(np.median(y[mine])), float(np.median((y + h)[mine]))
        elif ch <= BASE_MAX * letter:
            top, bottom = float(cy), float(cy + ch)
        else:
            continue
        where = _region_of(page.regions, cx + cw / 2, (top + bottom) / 2)
        if where is not None:
            pieces.append((where, top, bottom, cw))
    return pieces


def _without_marks(rows: list[_Row], letter: float) -> list[_Row]:
    """Large marks (bold, italic, stacked on capitals) can look like a line of their own, close above the line they belong to.

    Between two printed lines there is always room for the marks of the lower one.
    """
    kept: list[_Row] = []
    for row in sorted(rows, key=lambda r: (r.region, r.top)):
        last = kept[-1] if kept else None
        if last is not None and last.region == row.region and row.top - last.bottom < MIN_LEADING * letter:
            wide, narrow = (row, last) if row.ink_width > last.ink_width else (last, row)
            if narrow.ink_width < MARKS_SHARE * wide.ink_width:
                kept[-1] = wide
                continue
        kept.append(row)
    return kept


def _region_of(regions: tuple[Region, ...], x: float, y: float) -> int | None:
    inside = [i for i, r in enumerate(regions) if r.box[0] <= x < r.box[2] and r.box[1] <= y < r.box[3]]
    # A cell is sure of its edges; the hull of running text may reach over a table beside it, and margins overlap a little.
    return min(inside, key=lambda i: (not regions[i].cell, _area(regions[i].box)), default=None)


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _owners(
    rows: list[_Row],
    regions: tuple[Region, ...],
    stats: NDArray[np.int32],
    base: NDArray[np.bool_],
    letter: float,
) -> NDArray[np.int32]:
    """For each component the index of its row; -1: none, or too large to be one line's (left alone in every crop)."""
    owner = np.full(len(stats), -1, np.int32)
    x, y, w, h, area = (stats[:, k] for k in range(5))
    ours = np.flatnonzero((h <= BASE_MAX * letter) & (w <= 20 * letter) & (area >= 2))
    ours = ours[ours > 0]
    if ours.size == 0:
        return owner
    tops, bottoms = np.array([r.top for r in rows]), np.array([r.bottom for r in rows])
    boxes = np.array([regions[r.region].box for r in rows])
    cx, cy = x[ours] + w[ours] / 2, y[ours] + h[ours] / 2
    allowed = (
        (boxes[:, 0] <= cx[:, None])
        & (cx[:, None] < boxes[:, 2])
        & (boxes[:, 1] - letter <= cy[:, None])
        & (cy[:, None] < boxes[:, 3] + 0.5 * letter)
    )
    overlap = np.minimum(bottoms, (y + h)[ours][:, None]) - np.maximum(tops, y[ours][:, None])
    overlap = np.where(allowed, overlap, -1.0)
    best = overlap.argmax(axis=1)
    touching = overlap[np.arange(ours.size), best] > 0
    carried = touching & (base[ours] | (cy <= bottoms[best]) & (cy >= tops[best]))
    owner[ours[carried]] = best[carried]
    middle = (tops + bottoms) / 2
    distance = cy[:, None] - middle
    up = np.where(allowed & (distance >= 0), -distance, -np.inf).argmax(axis=1)
    down = np.where(allowed & (distance < 0), distance, -np.inf).argmax(axis=1)
    has_up = (allowed & (distance >= 0)).any(axis=1)
    has_down = (allowed & (distance < 0)).any(axis=1)
    for position in np.flatnonzero(~carried):
        above = int(up[position]) if has_up[position] else -1
        below = int(down[position]) if has_down[position] else -1
        owner[ours[position]] = _row_of_mark(
            stats, owner, rows, mark=int(ours[position]), up=above, down=below, letter=letter
        )
    return owner


def _row_of_mark(
    stats: NDArray[np.int32],
    owner: NDArray[np.int32],
    rows: list[_Row],
    *,
    mark: int,
    up: int,
    down: int,
    letter: float,
) -> int:
    """The row of a mark that stands between two rows: the one whose letter (or lower mark) it all but touches."""
    x, y, w, h = (int(v) for v in stats[mark, :4])
    middle = y + h / 2
    if up >= 0 and y <= rows[up].bottom:
        return up  # commas and the like begin on the line
    drop = middle - rows[up].bottom if up >= 0 else np.inf
    rise = rows[down].top - middle if down >= 0 else np.inf
    if min(drop, rise) > 2.0 * letter:
        return -1
    if down < 0 or up < 0:
        near = drop <= letter if down < 0 else rise <= 2.0 * letter
        return (up if down < 0 else down) if near else -1
    if drop > DOT_REACH * letter:
        return down
    if max(w, h) <= 0.4 * letter and 0.7 <= w / h <= 1.4 and stats[mark, cv2.CC_STAT_AREA] >= 0.68 * w * h:
        return up  # round: the dot of nặng; no mark above letters is, but that of i, which stands higher
    near_x = (stats[:, 0] < x + w) & (stats[:, 0] + stats[:, 2] > x)
    bottoms = stats[:, 1] + stats[:, 3]
    letters_up = near_x & (owner == up) & (bottoms <= rows[up].bottom + 0.2 * letter)
    gap_up = y - bottoms[letters_up].max() if letters_up.any() else np.inf
    things_down = near_x & (stats[:, 1] >= y + h - 1) & (stats[:, 1] < rows[down].bottom) & (stats[:, 4] >= 4)
    things_down[mark] = False
    gap_down = stats[things_down, 1].min() - (y + h) if things_down.any() else np.inf
    return up if gap_up <= gap_down else down


def _crops(  # noqa: PLR0917 - arrays of one labelling, passed in the order they are made
    grey: Pixels,
    page: Layout,
    rules: Pixels,
    rows: list[_Row],
    owner: NDArray[np.int32],
    labels: NDArray[np.int32],
    stats: NDArray[np.int32],
) -> tuple[CutLine, ...]:
    letter = page.letter
    margin = max(2, round(MARGIN * letter))
    lines: list[CutLine] = []
    order = np.argsort(owner, kind="stable")
    starts = np.searchsorted(owner[order], np.arange(len(rows) + 1))
    kernel = np.ones((3, 3), np.uint8)
    for index, row in enumerate(rows):
        mine = order[starts[index] : starts[index + 1]]
        if mine.size == 0:
            continue
        x0 = int(stats[mine, 0].min()) - margin
        y0 = int(max(stats[mine, 1].min(), row.top - 2.4 * letter)) - margin
        x1 = int((stats[mine, 0] + stats[mine, 2]).max()) + margin
        y1 = int(min((stats[mine, 1] + stats[mine, 3]).max(), row.bottom + 1.4 * letter)) + margin
        x0, y0, x1, y1 = max(0, x0), max(0, y0), min(grey.shape[1], x1), min(grey.shape[0], y1)
        if x1 - x0 < 3 or y1 - y0 < 3:
            continue
        owners = owner[labels[y0:y1, x0:x1]]
        foreign = ((owners >= 0) & (owners != index)) | (rules[y0:y1, x0:x1] > 0)
        pixels = grey[y0:y1, x0:x1].copy()
        if foreign.any():
            spread = cv2.dilate(foreign.astype(np.uint8), kernel)
            pixels[(spread > 0) & (owners != index)] = 255
        lines.append(
            CutLine(pixels, (x0, y0, x1, y1), row.bottom, y1 - y0 - 2 * margin, letter, page.regions[row.region].cell)
        )
    return tuple(lines)
