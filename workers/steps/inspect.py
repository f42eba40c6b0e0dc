"""Is this page fit to keep? Told within a tenth of a second, while the citizen still stands at the counter.

Nothing is refused here: each doubt is a warning with a code, and the person at the scanner decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from workers.page import DecodedPage, Pixels
from workers.steps.blank import is_blank
from workers.steps.reduced import MM, Reduced, pieces, reduce
from workers.steps.sharpness import edge_width


class Warn(StrEnum):
    """Codes as they stand in a page's ``warnings``; the messages beside them are the front door's."""

    BLANK = "BLANK"
    DPI_LOW = "DPI_LOW"
    DPI_UNKNOWN = "DPI_UNKNOWN"
    NOT_COLOUR = "NOT_COLOUR"
    BLURRED = "BLURRED"
    CUT_EDGES = "CUT_EDGES"
    TOO_DARK = "TOO_DARK"


# NĐ 30/2020 Phụ lục I, Phần II, Mục I.2: colour, at least 200 dpi. Less 2.5 %, which rounded page sizes take.
MIN_DPI = 195.0
# Letters stay readable up to a blur of about 0.15 mm; real scans at 200 dpi and more measure 0.08-0.24 mm, the same
# blurred by 0.2 mm 0.39-0.48. In pixels a sharp edge is 1.8-2.3 wide, so coarse pages are not called blurred for being so.
BLUR_MM, BLUR_PX = 0.40, 2.4
CUT_PIECES = 4  # letters on the very edge; no real page that is whole has more than 2
DARK_PAPER = 130.0  # the paper's median; no real scan is under 230
_COLOURFUL = 25  # channels differ by more than scanner noise
_ONE_GREY = 3  # channels of a grey picture stored as RGB differ at most so much (JPEG rounding)


@dataclass(frozen=True, slots=True)
class Inspection:
    """``edge_mm``: width of the letters' edges in millimetres, ``None`` without enough of them. ``paper``: 0..255.

    ``colourful``: share of the page, 0..1, that is clearly coloured (seals, blue ink, letterheads).
    """

    warnings: tuple[str, ...]
    blank: bool
    paper: float
    edge_mm: float | None
    colourful: float


def inspect(page: DecodedPage) -> Inspection:
    """All measures of one page, with what the decoder already knew about it."""
    small = reduce(page.pixels, page.dpi)
    blank = is_blank(small)
    paper = float(np.median(small.paper))
    width = None if blank else edge_width(_one_channel(page.pixels), page.dpi)
    edge_mm = None if width is None else width * 25.4 / page.dpi
    found = {
        Warn.BLANK: blank,
        Warn.DPI_LOW: page.dpi_known and page.dpi < MIN_DPI,
        Warn.DPI_UNKNOWN: not page.dpi_known,
        Warn.NOT_COLOUR: not blank and _no_colour(small),
        Warn.BLURRED: width is not None and width > BLUR_PX and edge_mm is not None and edge_mm > BLUR_MM,
        Warn.CUT_EDGES: not blank and cut_edges(small),
        Warn.TOO_DARK: paper < DARK_PAPER,
    }
    warnings = [*page.warnings, *(code for code, true in found.items() if true and code not in page.warnings)]
    if Warn.DPI_UNKNOWN in warnings and page.dpi < MIN_DPI and Warn.DPI_LOW not in warnings:
        warnings.append(Warn.DPI_LOW)  # even the largest sheet that fits, A4, would be under it
    colourful = 0.0 if small.spread is None else float((small.spread >= _COLOURFUL).mean())
    return Inspection(tuple(str(code) for code in warnings), blank, paper, edge_mm, colourful)


def cut_edges(page: Reduced) -> bool:
    """Whether a line of letters runs over an edge of the picture. Feeder shadows and rules are longer than letters."""
    height, width = page.size
    found = pieces(page.ink)
    x, y, w, h, area = found.T
    letters = (np.minimum(w, h) >= 0.7 * MM) & (np.maximum(w, h) <= 10 * MM) & (area >= 6)
    sides = (x <= 1, y <= 1, x + w >= width - 1, y + h >= height - 1)
    return any(int((letters & side).sum()) >= CUT_PIECES for side in sides)


def _no_colour(page: Reduced) -> bool:
    """Scanned in grey or black and white: not one pixel in a thousand differs between the channels."""
    return page.spread is None or float((page.spread > _ONE_GREY).mean()) < 1e-3


def _one_channel(pixels: Pixels) -> Pixels:
    """Green is nearest to what the eye calls brightness, and costs a tenth of a conversion."""
    return pixels if pixels.ndim == 2 else np.asarray(cv2.extractChannel(pixels, 1), dtype=np.uint8)
