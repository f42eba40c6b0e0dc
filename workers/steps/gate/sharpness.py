"""How wide the edges of the letters are, place by place: what defocus and a moving sheet widen, whatever the resolution.

The page is parted into fields of some 35 mm (A4); in each, the tile with most ink is measured. So a corner that is out of focus
is found beside sharp print, and the cost does not grow with the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import Box, Pixels
from workers.steps.reduced import Reduced

LONG_FIELDS, SHORT_FIELDS = 8, 6  # along the page's sides
TILE = 128  # px of the page itself; all tiles together 0.8 Mpx
# Median edge of a field. Letters stay readable up to a blur of about 0.15 mm: fields of real scans at 200 dpi and more measure
# 0.15-0.37 mm, the same blurred by a Gaussian of 0.2 mm 0.39-0.6. In pixels a sharp edge is 1.8-2.3 wide, so coarse pages are not
# called blurred for being so.
DEFOCUS_MM, DEFOCUS_PX = 0.40, 2.4
# What moved while it was scanned is wide in one direction alone; across or down, fields of real scans measure up to 0.36 mm, the same
# moved by 0.8 mm 0.5-0.7 mm.
MOVED_MM, MOVED_PX = 0.45, 3.0
MOVED_FIELDS, MOVED_LETTERS = (
    3,
    3,
)  # side by side, and in each: pens' strokes and rules alone have no edges in one direction either
# Print so blurred that its contrast is gone; ghost ink of the back has sharper edges or is paler.
SMEAR_MM, SMEAR_DARKNESS, SMEAR_CONTRAST = 0.60, 8.0, 25.0
_STROKE_MM = 1.25  # window in which the contrast of a stroke is taken
_MIN_CONTRAST = 60.0
_MIN_EDGES = 700  # px beside an edge; a few letters have more
_MIN_DARKNESS = 4.0  # grey levels below the paper, mean of a tile
_STEP = 7  # every so many of them is looked at
_SOBEL, _SCALE = (
    8,
    2,
)  # what the operator adds up; steps of half a grey level fit into a byte (OpenCV is five times as fast there)


@dataclass(frozen=True, slots=True)
class Sharpness:
    """``edge_mm``: median width of the edges in all fields with print, ``None`` without enough of them. ``blurred``: boxes in
    pixels of the page around neighbouring fields that are blurred.
    """

    edge_mm: float | None
    blurred: tuple[Box, ...]


def sharpness(pixels: Pixels, dpi: float, page: Reduced, letters: NDArray[np.int32]) -> Sharpness:
    """``pixels``: grey or RGB at ``dpi``; ``page``: the same, reduced; ``letters``: rows x, y, width, height, … of its pieces of
    ink as large as letters.
    """
    height, width = pixels.shape[:2]
    rows, columns = (LONG_FIELDS, SHORT_FIELDS) if height >= width else (SHORT_FIELDS, LONG_FIELDS)
    widths, smeared = np.full((rows, columns, 3), np.nan), np.zeros((rows, columns), np.bool_)
    window = max(3, round(dpi * _STROKE_MM / 25.4) | 1)
    mm = 25.4 / dpi
    boxes = dict[tuple[int, int], Box]()
    for row, column, tile, darkness, box in _darkest(pixels, page, rows, columns):
        boxes[row, column] = box
        found = _edges(tile, window, _MIN_CONTRAST)
        if found is not None:
            widths[row, column] = found
        elif darkness >= SMEAR_DARKNESS:
            faint = _edges(tile, window, SMEAR_CONTRAST)
            smeared[row, column] = faint is not None and faint[0] * mm > SMEAR_MM
    known = ~np.isnan(widths[..., 0])
    every = widths[..., 0][known]
    with np.errstate(invalid="ignore"):
        defocused = (widths[..., 0] * mm > DEFOCUS_MM) & (widths[..., 0] > DEFOCUS_PX) | smeared
        most = max(MOVED_MM / mm, MOVED_PX)
        one_way = [(widths[..., way] > most) & (widths[..., way] < window) for way in (1, 2)]
    blurred = defocused
    for fields in one_way:
        for row, column in np.argwhere(fields).tolist():
            fields[row, column] = _inside(letters, boxes[row, column]) >= MOVED_LETTERS
        blurred |= _together(fields, MOVED_FIELDS)
    return Sharpness(float(np.median(every)) * mm if every.size else None, _boxes(blurred, (height, width)))


def _darkest(pixels: Pixels, page: Reduced, rows: int, columns: int) -> Iterator[tuple[int, int, Pixels, float, Box]]:
    """Row, column, tile (one channel), its mean darkness and its box on the reduced page, of every field in which something is written.

    Green is nearest to what the eye calls brightness, and costs a tenth of a conversion.
    """
    (height, width), (h, w) = pixels.shape[:2], page.size
    darkness = cv2.subtract(page.paper, page.grey)
    side = max(3, round(TILE * h / height) | 1)
    means = cv2.blur(darkness, (side, side))
    for row in range(rows):
        for column in range(columns):
            y0, y1, x0, x1 = h * row // rows, h * (row + 1) // rows, w * column // columns, w * (column + 1) // columns
            field = means[y0:y1, x0:x1]
            if field.size == 0:
                continue
            y, x = np.unravel_index(int(field.argmax()), field.shape)
            dark = float(field[y, x])
            if dark < _MIN_DARKNESS:
                continue
            top = int(np.clip((y0 + y) * height / h - TILE / 2, 0, max(0, height - TILE)))
            left = int(np.clip((x0 + x) * width / w - TILE / 2, 0, max(0, width - TILE)))
            tile = pixels[top : top + TILE, left : left + TILE]
            middle = (x0 + int(x), y0 + int(y))
            box = (middle[0] - side // 2, middle[1] - side // 2, middle[0] + side // 2, middle[1] + side // 2)
            yield row, column, np.ascontiguousarray(tile if tile.ndim == 2 else tile[..., 1]), dark, box


def _inside(letters: NDArray[np.int32], box: Box) -> int:
    """How many have their middles in the box."""
    x, y = letters[:, 0] + letters[:, 2] // 2, letters[:, 1] + letters[:, 3] // 2
    return int(((x >= box[0]) & (x < box[2]) & (y >= box[1]) & (y < box[3])).sum())


def _edges(tile: Pixels, window: int, least: float) -> tuple[float, float, float] | None:
    """Widths in pixels, contrast over steepest gradient: of edges in any direction (median), and of those across and those down
    (lower quartiles, which letters beside a rule decide). ``None`` without enough contrast of ``least`` grey levels.

    A step blurred by a Gaussian of ``s`` px measures about ``2.5 s``; the sharpest scan about 1.8 px (the sampling of the
    gradient itself).
    """
    kernel = np.ones((window, window), np.uint8)
    margin = window // 2
    inner = (slice(margin, -margin), slice(margin, -margin))  # beyond, the window does not see all
    contrast = cv2.subtract(cv2.dilate(tile, kernel), cv2.erode(tile, kernel))[inner]
    marked = np.flatnonzero(contrast > least)
    if marked.size < _MIN_EDGES:
        return None
    marked = marked[::_STEP]
    step = np.asarray(contrast.ravel()[marked], np.float32) * np.float32(_SCALE)
    dx, dy = (cv2.convertScaleAbs(cv2.Sobel(tile, cv2.CV_16S, *way), alpha=_SCALE / _SOBEL) for way in ((1, 0), (0, 1)))
    both = cv2.convertScaleAbs(cv2.magnitude(dx.astype(np.float32), dy.astype(np.float32)))
    steepest = (cv2.dilate(way, kernel)[inner].ravel()[marked] for way in (both, dx, dy))
    median, across, down = (
        _ranked(np.asarray(step / np.maximum(most, 1), np.float32), share)
        for most, share in zip(steepest, (0.5, 0.25, 0.25), strict=True)
    )
    return median, across, down


def _ranked(values: NDArray[np.float32], share: float) -> float:
    """The value that so large a share of them does not exceed; ``np.percentile`` takes four times as long."""
    at = int(share * (values.size - 1))
    return float(np.partition(values, at)[at])


def _together(fields: NDArray[np.bool_], least: int) -> NDArray[np.bool_]:
    """Those that lie in groups of at least so many neighbours."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(fields.astype(np.uint8), connectivity=8)
    large = stats[:, cv2.CC_STAT_AREA] >= least
    large[0] = False
    return np.asarray(large[labels], np.bool_)


def _boxes(fields: NDArray[np.bool_], size: tuple[int, int]) -> tuple[Box, ...]:
    """Around each group of neighbouring fields, in pixels of a page of ``size``."""
    (rows, columns), (height, width) = fields.shape, size
    _, _, stats, _ = cv2.connectedComponentsWithStats(fields.astype(np.uint8), connectivity=8)
    return tuple(
        (width * x // columns, height * y // rows, width * (x + w) // columns, height * (y + h) // rows)
        for x, y, w, h, _ in stats[1:].tolist()
    )
