"""Is this page empty? Backs of sheets, on which a seal's and the print's ink shines through, are; a single line is not."""

from __future__ import annotations

from workers.page import Pixels
from workers.steps.reduced import Reduced, pieces, reduce

# Measured on real backs with ghost ink: at most 2 pieces and 0.6 in ten thousand; the emptiest real page had 65 pieces.
MAX_PIECES = 5
MAX_INK = 1.5e-4  # of the page: 9 mm² of an A4 page, some ten letters
_MARGIN = 0.02  # of the long side: punch holes, feeder shadows, neighbours' edges
_SMALLEST, _LONGEST = 5, 40  # px at 100 dpi: specks under 0.3 mm², lines and streaks over 10 mm


def is_blank(page: Reduced) -> bool:
    """True when hardly anything is written on it.

    Red does not count: what shines through a sheet most is the red seal of its front, and no page bears a seal alone.
    Ghost print is paler than ``reduced.INK_CONTRAST``.
    """
    ink = _inner(page.ink)
    if ink.size == 0 or float(ink.mean()) > MAX_INK:
        return False
    found = pieces(ink)
    longest = found[:, 2:4].max(axis=1, initial=0)
    letters = (found[:, 4] >= _SMALLEST) & (longest >= 4) & (longest <= _LONGEST)
    return int(letters.sum()) <= MAX_PIECES


def blank(pixels: Pixels, dpi: float) -> bool:
    """``is_blank`` of a page as decoded."""
    return is_blank(reduce(pixels, dpi))


def _inner(ink: Pixels) -> Pixels:
    margin = round(_MARGIN * max(ink.shape))
    return ink[margin : ink.shape[0] - margin, margin : ink.shape[1] - margin]
