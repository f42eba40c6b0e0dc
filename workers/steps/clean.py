"""The page as the reader wants it: grey, without the coloured ink that lies over and beside the print. Never what is kept.

Red seals over signatures and blue pen strokes spoil the lines they touch and the layout around them. Printed letters stay: black
ones are dark in every channel, and coloured ones (the red title of a *giấy khai sinh*, a printed signature stamp) stand in a row
of like height on one base line, which seals, signatures and pen strokes do not. Measured on the scanned decision with known
text. Binarisation is left out, since it harmed real pages; the background is divided out of photos only (``rectify.light``).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import Box, Pixels
from workers.steps.copies import grey_of

COLOURED = 60
"""Spread of the channels above which a pixel is coloured ink, the paper taken as white."""
TINTED = 30
"""The same for a stroke's thin and blurred parts, next to what is surely coloured."""
DARK = 110
"""What is darker than this in every channel is never ink alone: it is print under the seal, and stays."""
HALO_MM = 0.25
"""What scanners and JPEG leave of a stroke beyond its colour."""
PAPER, PAPER_MM = 160, 8.0
"""What is lighter than this is paper, and how far around the ink its lightness is asked."""
BLACK = 60
"""Print this dark keeps its darkness where ink is taken off it."""
UNDER_SEALS, UNDER_PENS = 20.0, 8.0
"""Per cent of the ink that print lies under at most: all brighter pixels are ink alone. Seals are pressed on print; pens write beside it,
and where they press harder they are darker."""
MAX_SHARE = 0.25
"""More colour than this is no seal or signature but a coloured page or a photograph: only its grey is taken."""
MAX_INK_SHARE = 0.9
"""So much of the ink being coloured means a text in coloured ink."""

LETTER_MM = (0.8, 9.0)
"""Height of a printed letter, from a footnote's x to a title's capital with its marks."""
SEAL_MM = (15.0, 60.0)
"""Diameter of a seal; seals of agencies are 36 to 42 mm, and part of one may be missing."""
UNDERLINE_MM = 9.0
"""Longer than the serifs of a title whose letters touch."""
LETTERS_IN_A_ROW = 5
"""Fewer coloured shapes than this in a row are a handwritten number or a scrap of a seal, not a line of print."""
LIKE_HEIGHT = 0.7
"""Share of a row's shapes that must be about as tall as its middle one, or as its capitals."""
BASE_LINE = 0.16
"""How far (in letter heights) the feet of a row's letters may scatter about a straight line."""

_Stats = NDArray[np.int32]
_X, _Y, _W, _H, _AREA = range(5)


def for_reading(pixels: Pixels, dpi: float = 200.0) -> Pixels:
    """Grey ``(H, W)`` from grey or RGB ``(H, W, 3)`` uint8 of ``dpi``, upright; coloured ink that is no print becomes paper."""
    if pixels.ndim == 2:
        return pixels
    grey = grey_of(pixels)
    red, green, blue = cv2.split(on_white(pixels))
    high = np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)
    low = np.asarray(cv2.min(cv2.min(red, green), blue), np.uint8)
    spread = cv2.subtract(high, low)
    coloured = np.asarray(spread > COLOURED, np.uint8)
    count = int(np.count_nonzero(coloured))
    if count == 0 or count > MAX_SHARE * grey.size:
        return grey
    if count > MAX_INK_SHARE * (count + int(np.count_nonzero(high < DARK))):
        return grey
    left, top, width, height = cv2.boundingRect(coloured)
    here = np.s_[top : top + height, left : left + width]
    inked, darkest = coloured[here], low[here]
    # Colour is blurred across two pixels and more by JPEG, darkness is not: letters come apart where it is half as light as paper.
    half = (255.0 + float(np.median(darkest[inked > 0]))) / 2
    tinted = np.asarray((spread[here] > TINTED) & (darkest < half), np.uint8)
    for x0, y0, x1, y1 in printed_rows(inked, tinted, dpi):
        row = np.s_[y0:y1, x0:x1]
        inked[row] = 0
        grey[here][row] = darkest[row]  # as dark as its ink is in any channel: red on white is faint in grey
    halo = np.ones((2 * max(1, round(HALO_MM * dpi / 25.4)) + 1,) * 2, np.uint8)
    reddish = ((red[here] >= blue[here]) & (red[here] >= green[here])).astype(np.uint8)
    paper = _paper(grey[here], np.asarray(cv2.dilate(inked, halo), np.uint8), dpi)
    for ink, under in ((inked & reddish, UNDER_SEALS), (inked & ~reddish, UNDER_PENS)):
        around = cv2.dilate(ink, halo) > 0
        bare = _without_ink(high[here][around], high[here][ink > 0], under)
        grey[here][around] = np.maximum(grey[here][around], (bare * paper[around]).astype(np.uint8))
    return grey


def _without_ink(brightest: NDArray[np.uint8], ink: NDArray[np.uint8], under: float) -> NDArray[np.float64]:
    """Print as dark as it is beside the ink, and ink as paper (1.0). ``brightest``: the channel that the ink dims least; ``ink``: the same of the
    ink's own pixels, of which print lies under ``under`` per cent. The blurred edges of letters stay, which a threshold cuts off.
    """
    if ink.size == 0:
        return np.zeros(brightest.shape)
    clear = max(float(np.percentile(ink, under)), float(DARK))
    return np.interp(brightest, (0.0, BLACK, clear), (0.0, BLACK / 255.0, 1.0))


def _paper(grey: Pixels, without: Pixels, dpi: float) -> NDArray[np.float32]:
    """How light the paper is at each place, where neither ink (``without`` > 0) nor print is: cards are printed on tints."""
    small = (max(1, grey.shape[1] // 4), max(1, grey.shape[0] // 4))
    bare = ((without == 0) & (grey > PAPER)).astype(np.float32)
    reach = (2 * round(PAPER_MM * dpi / 25.4 / 8) + 1,) * 2
    seen = cv2.blur(cv2.resize(bare, small, interpolation=cv2.INTER_AREA), reach)
    light = cv2.blur(cv2.resize(bare * grey, small, interpolation=cv2.INTER_AREA), reach)
    level = np.where(seen > 0.02, light / np.maximum(seen, 1e-6), 255.0).astype(np.float32)
    return np.asarray(cv2.resize(level, grey.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def printed_rows(coloured: Pixels, tinted: Pixels, dpi: float) -> list[Box]:
    """Boxes of the lines of print in coloured ink. Masks ``(H, W)`` of 0 and 1: what is surely coloured, and what may be."""
    mm = dpi / 25.4
    tinted = _without_underlines(tinted, mm)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(tinted, connectivity=8)
    surely = np.bincount(labels[coloured > 0], minlength=len(stats))[1:] > 0
    shapes = np.asarray(stats[1:], np.int32)[surely]
    outside = ~_in_seals(shapes, coloured, mm)
    tall = (shapes[:, _H] >= LETTER_MM[0] * mm) & (shapes[:, _H] <= LETTER_MM[1] * mm)
    slim = shapes[:, _W] <= 3 * LETTER_MM[1] * mm
    letters = shapes[outside & tall & slim & (shapes[:, _AREA] >= 6)]
    if len(letters) < LETTERS_IN_A_ROW:
        return []
    rows = _rows(letters, coloured.shape)
    sure = [_is_print(row, LETTERS_IN_A_ROW) for row in rows]
    # A form filled in by machine has short entries too ("Nữ", "1984"), of the type that its long ones are set in.
    sizes = [float(np.median(row[:, _H])) for row, printed in zip(rows, sure, strict=True) if printed]
    return [_with_marks(row, mm) for row, printed in zip(rows, sure, strict=True) if printed or _is_like(row, sizes)]


def _without_underlines(ink: Pixels, mm: float) -> Pixels:
    """The mask without its level strokes: letters of an address stand on the underline and would be one shape with it."""
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, max(3, round(UNDERLINE_MM * mm))), np.uint8))
    return np.asarray(cv2.subtract(ink, level), np.uint8)


def _in_seals(shapes: _Stats, coloured: Pixels, mm: float) -> NDArray[np.bool_]:
    """Which shapes belong to a seal: its broken ring is closed first, and all inside its box is the seal's."""
    size = max(3, round(1.2 * mm)) | 1
    closed = cv2.morphologyEx(coloured, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(closed, np.uint8), connectivity=8)
    inside = np.zeros(len(shapes), np.bool_)
    middle_x = shapes[:, _X] + shapes[:, _W] / 2
    middle_y = shapes[:, _Y] + shapes[:, _H] / 2
    for x, y, width, height, _area in stats[1:]:
        long, short = max(width, height) / mm, min(width, height) / mm
        # Letters of a title that touch are long too, but never taller than letters.
        if SEAL_MM[0] <= long <= SEAL_MM[1] and short >= max(0.4 * long, LETTER_MM[1]):
            inside |= (middle_x >= x) & (middle_x < x + width) & (middle_y >= y) & (middle_y < y + height)
    return inside


def _rows(letters: _Stats, shape: tuple[int, ...]) -> list[_Stats]:
    """Shapes whose boxes, drawn out to both sides by a letter's width, run into each other."""
    canvas = np.zeros(shape, np.uint8)
    for x, y, width, height, _area in letters:
        reach = round(0.9 * height)
        # Only the middle of each letter is drawn, so that a hook below does not join the line underneath.
        top, bottom = y + height // 4, y + max(height // 4 + 1, 3 * height // 4)
        canvas[top:bottom, max(0, x - reach) : x + width + reach] = 1
    _, labels = cv2.connectedComponents(canvas, connectivity=8)
    middles = labels[letters[:, _Y] + letters[:, _H] // 2, letters[:, _X] + letters[:, _W] // 2]
    return [letters[middles == label] for label in np.unique(middles) if label]


def _is_like(row: _Stats, sizes: list[float]) -> bool:
    height = float(np.median(row[:, _H]))
    return _is_print(row, 2) and any(0.8 * size <= height <= 1.4 * size for size in sizes)


def _is_print(row: _Stats, at_least: int) -> bool:
    if len(row) < at_least:
        return False
    heights = row[:, _H].astype(np.float64)
    middle = float(np.median(heights))
    like = (heights >= 0.6 * middle) & (heights <= 1.75 * middle)
    if np.count_nonzero(like) < LIKE_HEIGHT * len(row):
        return False
    feet = (row[:, _Y] + row[:, _H]).astype(np.float64)[like]
    x = (row[:, _X] + row[:, _W] / 2.0)[like]
    slope = float(np.polyfit(x, feet, 1)[0]) if np.ptp(x) > 0 else 0.0
    off = feet - slope * x
    # Letters that reach below the line and commas are few; half of the letters must stand on it.
    scatter = float(np.median(np.abs(off - np.median(off))))
    return abs(slope) < 0.1 and scatter <= BASE_LINE * middle


def _with_marks(row: _Stats, mm: float) -> Box:
    """The row's box with room for tone marks above and dots below, which are shapes of their own."""
    height = int(np.median(row[:, _H]))
    side = round(mm)
    x0, x1 = int(row[:, _X].min()) - side, int((row[:, _X] + row[:, _W]).max()) + side
    y0, y1 = int(row[:, _Y].min()) - height // 2, int((row[:, _Y] + row[:, _H]).max()) + height // 3
    return max(0, x0), max(0, y0), x1, y1


def on_white(pixels: Pixels) -> Pixels:
    """Channels stretched so that the paper is white: yellowed paper is no coloured ink."""
    table = whitening(pixels)
    return pixels if table is None else np.asarray(cv2.LUT(pixels, table), np.uint8)


def whitening(pixels: Pixels) -> Pixels | None:
    """The table ``(256, 1, 3)`` for ``cv2.LUT`` that makes the page's paper white; ``None`` for white paper, and where none can be told."""
    sample = pixels[::8, ::8].reshape(-1, 3)
    bright = sample[sample.max(axis=1) >= np.percentile(sample.max(axis=1), 60)]
    paper = np.median(bright, axis=0)
    if float(np.ptp(paper)) < 8 or float(paper.min()) < 100:
        return None
    table = np.clip(np.arange(256)[:, None] * (255.0 / paper), 0, 255).astype(np.uint8)
    return np.asarray(table.reshape(256, 1, 3), np.uint8)
