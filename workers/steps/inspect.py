"""Is this page fit to keep? Told within a tenth of a second, while the citizen still stands at the counter.

Nothing is refused here: each doubt is a warning with a code, and the person at the scanner decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from workers.page import Box, DecodedPage, Origin, Region
from workers.steps.blank import is_blank
from workers.steps.gate.corners import cut_corners
from workers.steps.gate.fingers import fingers
from workers.steps.gate.lean import lean
from workers.steps.gate.light import light
from workers.steps.gate.shadows import shadows
from workers.steps.gate.sharpness import sharpness
from workers.steps.gate.sizes import odd_size
from workers.steps.reduced import MM, Reduced, pieces, reduce


class Warn(StrEnum):
    """Codes as they stand in a page's ``warnings``; the messages beside them are the front door's."""

    BLANK = "BLANK"
    DPI_LOW = "DPI_LOW"
    DPI_UNKNOWN = "DPI_UNKNOWN"
    NOT_COLOUR = "NOT_COLOUR"
    BLURRED = "BLURRED"
    CUT_EDGES = "CUT_EDGES"
    CUT_CORNER = "CUT_CORNER"
    FINGER = "FINGER"
    SHADOW = "SHADOW"
    SKEWED = "SKEWED"
    ODD_SIZE = "ODD_SIZE"
    TOO_DARK = "TOO_DARK"


# NĐ 30/2020 Phụ lục I, Phần II, Mục I.2: colour, at least 200 dpi. Less 2.5 %, which rounded page sizes take.
MIN_DPI = 195.0
CUT_PIECES = 4  # letters on the very edge; no real page that is whole has more than 2
DARK_PAPER = 130.0  # the paper's median; no real scan is under 230
SKEWED_DEGREES = 3.0
FINGER_SHARE = 0.15  # of what is blurred
_ONE_GREY = 3  # channels of a grey picture stored as RGB differ at most so much (JPEG rounding)


@dataclass(frozen=True, slots=True)
class Inspection:
    """``regions``: where, in image space of ``size`` (width, height), for the warnings that are about a part of the page. ``edge_mm``: width of the letters'
    edges in millimetres, ``None`` without enough of them. ``paper``: 0..255. ``skew``: degrees, as ``deskew`` counts them.
    """

    warnings: tuple[str, ...]
    regions: tuple[Region, ...]
    size: tuple[int, int]
    blank: bool
    paper: float
    edge_mm: float | None
    skew: float


def inspect(page: DecodedPage) -> Inspection:
    """All measures of one page, with what the decoder already knew about it."""
    small = reduce(page.pixels, page.dpi)
    letters = _letters(small)
    sharp = sharpness(page.pixels, page.dpi, small, letters)
    # Print that is blurred past reading leaves no letters either.
    blank = not sharp.blurred and is_blank(small)
    paper = _median(small)
    skew = 0.0 if blank else lean(letters)
    places: dict[Warn, tuple[Box, ...]] = {Warn.BLURRED: sharp.blurred}
    if page.origin is Origin.RASTER:  # what no scanner and no camera saw has no shadow
        cells = light(small)
        places |= {
            Warn.CUT_CORNER: _grown(cut_corners(small, cells), small, page),
            Warn.FINGER: _grown(fingers(cells), small, page),
            Warn.SHADOW: _grown(shadows(cells), small, page),
        }
        places[Warn.BLURRED] = tuple(box for box in sharp.blurred if not _is_a_finger(box, places[Warn.FINGER]))
    found = {
        Warn.BLANK: blank,
        Warn.DPI_LOW: page.dpi_known and page.dpi < MIN_DPI,
        Warn.DPI_UNKNOWN: not page.dpi_known,
        Warn.NOT_COLOUR: not blank and _no_colour(small),
        **{code: bool(boxes) for code, boxes in places.items()},
        Warn.CUT_EDGES: not blank and cut_edges(small, letters),
        Warn.SKEWED: abs(skew) >= SKEWED_DEGREES,
        Warn.ODD_SIZE: page.dpi_known and page.origin is Origin.RASTER and _odd_size(page),
        Warn.TOO_DARK: paper < DARK_PAPER,
    }
    warnings = [*page.warnings, *(code for code, true in found.items() if true and code not in page.warnings)]
    if Warn.DPI_UNKNOWN in warnings and page.dpi < MIN_DPI and Warn.DPI_LOW not in warnings:
        warnings.append(Warn.DPI_LOW)  # even the largest sheet that fits, A4, would be under it
    regions = tuple(Region(str(code), box) for code, boxes in places.items() for box in boxes)
    height, width = page.pixels.shape[:2]
    return Inspection(
        tuple(str(code) for code in warnings), regions, (width, height), blank, paper, sharp.edge_mm, skew
    )


def cut_edges(page: Reduced, letters: NDArray[np.int32]) -> bool:
    """Whether a line of letters runs over an edge of the picture. Feeder shadows and rules are longer than letters."""
    height, width = page.size
    x, y, w, h, _ = letters.T
    sides = (x <= 1, y <= 1, x + w >= width - 1, y + h >= height - 1)
    return any(int(side.sum()) >= CUT_PIECES for side in sides)


def _letters(page: Reduced) -> NDArray[np.int32]:
    """The pieces of ink that are as large as letters."""
    found = pieces(page.ink)
    _, _, w, h, area = found.T
    letters: NDArray[np.bool_] = (np.minimum(w, h) >= 0.7 * MM) & (np.maximum(w, h) <= 10 * MM) & (area >= 6)
    return np.asarray(found[letters], np.int32)


def _odd_size(page: DecodedPage) -> bool:
    height, width = page.pixels.shape[:2]
    return odd_size(width, height, page.dpi)


def _grown(boxes: list[Box], small: Reduced, page: DecodedPage) -> tuple[Box, ...]:
    """From pixels of the reduced page to those of the page."""
    (h, w), (height, width) = small.size, page.pixels.shape[:2]
    return tuple((x0 * width // w, y0 * height // h, x1 * width // w, y1 * height // h) for x0, y0, x1, y1 in boxes)


def _is_a_finger(blurred: Box, held: tuple[Box, ...]) -> bool:
    """Skin has no sharp edges; the field that a finger fills is not blurred print."""
    x0, y0, x1, y1 = blurred
    return any(
        max(0, min(x1, c) - max(x0, a)) * max(0, min(y1, d) - max(y0, b)) >= FINGER_SHARE * (x1 - x0) * (y1 - y0)
        for a, b, c, d in held
    )


def _median(page: Reduced) -> float:
    """Of the paper, which is smooth: every fourth pixel tells it."""
    return float(np.median(page.paper[::4, ::4]))


def _no_colour(page: Reduced) -> bool:
    """Scanned in grey or black and white: not one pixel in a thousand differs between the channels."""
    return page.spread is None or float((page.spread > _ONE_GREY).mean()) < 1e-3
