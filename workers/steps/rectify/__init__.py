"""A phone's photo of a sheet becomes the sheet, flat and alone; everything else stays exactly as it is.

``rectified`` is the whole step. A scan is left alone, and so is a picture of something else: a sheet has to be found by its four sides,
to be paper that is written on, and to be seen aslant, as no scanner sees it. Found on a small copy; a page whose border is paper,
which nearly every scan's is, costs about a millisecond.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from workers.page import DecodedPage, Pixels, Quad
from workers.steps.copies import halved, resized
from workers.steps.rectify import outline, sides
from workers.steps.rectify.flatten import flattened, sheet_size
from workers.steps.rectify.outline import Corners, as_colours, find_outline
from workers.steps.rectify.sides import follow

PHOTO_RECTIFIED = "PHOTO_RECTIFIED"

RIM = 0.012
"""Of the long side: the rim that is looked at first."""
PAPER_RANK, RIM_BELOW = 70, 10
"""The paper is as light as this percentile of the picture, and a rim of paper no darker than so much under it."""
RIM_SHARE = 0.8
"""Of each side of the rim; print and stamps may touch it."""
ASLANT_DEGREES, ASLANT_SIDES = 1.0, 1.02
"""Corners off the right angle and opposite sides' ratio from which a sheet is seen aslant. Scans of skewed sheets reach 0.3 and 1.005."""
LIVELY, COLOURED = 8.0, 12.0
"""Spread of lightness (0..255), or mean colour (Y, Cr, Cb), from which what lies around a sheet is no scanner's lid."""
SMALLEST = 200
"""Pixels of the short side under which a picture is no photo of a sheet."""


def rectified(page: DecodedPage) -> DecodedPage:
    """The sheet in the photo, or ``page`` itself, unchanged, when it is no photo of one.

    ``pixels`` become the sheet's, ``dpi`` is estimated from its shape, ``source`` is gone and ``sheet`` says where it lay. A page
    with a text layer is not looked at: its words have places already.
    """
    if page.text_layer or min(page.pixels.shape[:2]) < SMALLEST or _rim_is_paper(page.pixels):
        return page
    found = _find(page.pixels, dpi_known=page.dpi_known)
    if found is None:
        return page
    width, height, dpi = sheet_size(found.corners, (page.pixels.shape[0], page.pixels.shape[1]))
    return replace(
        page,
        pixels=flattened(page.pixels, found, width, height),
        dpi=dpi,
        dpi_known=False,
        source=None,
        overlays=(),
        warnings=(*page.warnings, PHOTO_RECTIFIED),
        sheet=_as_quad(found.corners),
    )


def _find(pixels: Pixels, *, dpi_known: bool) -> sides.Sides | None:
    """In pixels of ``pixels``."""
    small = _shrunk(pixels, outline.SIDE)
    rough = find_outline(small)
    if rough is None:
        return None
    copy = _shrunk(pixels, sides.SIDE)
    exact = follow(copy, _rescaled(rough.corners, small, copy))
    if exact is None:
        return None
    if not seen_aslant(exact.corners) and (dpi_known or not _lies_on_something(small, rough.corners)):
        return None
    return replace(exact, corners=_rescaled(exact.corners, copy, pixels))


def _rim_is_paper(pixels: Pixels) -> bool:
    """Three sides of the rim nearly all as light as the paper: a sheet that ends within the picture has ground on all four."""
    width = max(2, round(RIM * max(pixels.shape[:2])))
    step = max(1, width // 4)
    coarse = pixels[:: 8 * step, :: 8 * step]
    light = np.percentile(coarse.reshape(-1, *coarse.shape[2:]), PAPER_RANK, axis=0) - RIM_BELOW
    rims = (
        pixels[:width:step, ::step],
        pixels[-width::step, ::step],
        pixels[::step, :width:step],
        pixels[::step, -width::step],
    )
    return sum(float((rim >= light).mean()) >= RIM_SHARE for rim in rims) >= 3


def seen_aslant(corners: Corners) -> bool:
    """Whether the sheet is no rectangle in the picture, as a scanner would show it."""
    ways = np.roll(corners, -1, axis=0) - corners
    length = np.linalg.norm(ways, axis=1)
    ways /= length[:, None]
    lean = np.degrees(np.arcsin(np.abs((ways * np.roll(ways, -1, axis=0)).sum(axis=1)).clip(0, 1)))
    apart = np.maximum(length[:2], length[2:]) / np.minimum(length[:2], length[2:])
    return bool(lean.max() >= ASLANT_DEGREES or apart.max() >= ASLANT_SIDES)


def _lies_on_something(small: Pixels, corners: Corners) -> bool:
    """Whether there is a table around the sheet, and not a scanner's even, colourless lid."""
    inside = np.zeros(small.shape[:2], np.uint8)
    cv2.fillPoly(inside, [corners.round().astype(np.int32)], 1)
    around = cv2.dilate(inside, np.ones((9, 9), np.uint8)) == 0
    if np.count_nonzero(around) < 0.02 * around.size:
        return False
    colours = as_colours(np.asarray(cv2.GaussianBlur(small, (0, 0), 2.0), np.uint8))[around]
    return bool(
        float(colours[:, 0].std()) >= LIVELY or float(np.hypot(colours[:, 1], colours[:, 2]).mean()) >= COLOURED
    )


def _shrunk(pixels: Pixels, side: int) -> Pixels:
    """No longer than ``side``."""
    while max(pixels.shape[:2]) >= 2 * side:
        pixels = halved(pixels)
    factor = side / max(pixels.shape[:2])
    return resized(pixels, factor) if factor < 1 else pixels


def _rescaled(corners: Corners, copy: Pixels, whole: Pixels) -> Corners:
    scale = np.array([whole.shape[1] / copy.shape[1], whole.shape[0] / copy.shape[0]])
    return np.asarray(corners * scale, np.float64)


def _as_quad(corners: Corners) -> Quad:
    one, two, three, four = ((round(float(x), 1), round(float(y), 1)) for x, y in corners)
    return one, two, three, four
