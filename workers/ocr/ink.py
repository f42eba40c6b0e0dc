"""What is ink on a straightened page: darker than its surroundings, found on a reduced copy and applied at full size."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import Box, Pixels

REDUCED_DPI = 80.0
"""The reduced copy has at least this; 190 dpi are halved, which costs a twentieth of resizing to exactly 100."""
WINDOW_MM = 12.0
MIN_MARGIN, MARGIN_SHARE = 12.0, 0.18
"""Grey levels below the mean of the window that make ink: a part of the page's own span from ink to paper, but no scanner noise."""
LABELS_16 = 65_000


@dataclass(frozen=True, slots=True)
class Reduced:
    """``grey``: the page by ``factor`` smaller each way (whole pixels; less than ``factor`` rows and columns are cut off).

    ``dpi``: of that copy. ``level``: grey value at or under which a pixel is ink, of the copy's size.
    """

    grey: Pixels
    dpi: float
    factor: int
    level: Pixels

    def ink(self) -> Pixels:
        """255 where the copy holds ink."""
        return np.asarray(cv2.compare(self.grey, self.level, cv2.CMP_LE), np.uint8)

    def ink_of(self, grey: Pixels, box: Box) -> Pixels:
        """255 where ``grey``, the page at full size, holds ink inside ``box`` (whose sides are multiples of ``factor``)."""
        x0, y0, x1, y1 = box
        level = enlarged(self.level, box, self.factor, cv2.INTER_LINEAR)
        return np.asarray(cv2.compare(grey[y0:y1, x0:x1], level, cv2.CMP_LE), np.uint8)


def reduce(grey: Pixels, dpi: float) -> Reduced:
    """The copy on which layout is found. ``grey``: uint8 ``(H, W)``, dark ink on light paper."""
    factor = max(1, min(int(dpi / REDUCED_DPI), *grey.shape))
    height, width = (side // factor for side in grey.shape)
    small = grey
    if factor > 1:
        whole = grey[: height * factor, : width * factor]
        small = np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    window = max(11, round(WINDOW_MM / 25.4 * dpi / factor)) | 1
    around = cv2.blur(small, (window, window), borderType=cv2.BORDER_REPLICATE)
    counts = np.bincount(grey[::4, ::4].ravel(), minlength=256).cumsum()
    low, high = (int(np.searchsorted(counts, counts[-1] * share)) for share in (0.005, 0.75))
    margin = max(MIN_MARGIN, MARGIN_SHARE * (high - low))
    level = np.asarray(cv2.subtract(around, np.full_like(around, round(margin))), np.uint8)
    return Reduced(small, dpi / factor, factor, level)


def ink_mask(grey: Pixels, dpi: float) -> Pixels:
    """255 where there is ink, uint8 ``(H, W)``: darker than its surroundings by a part of the page's own contrast."""
    page = reduce(grey, dpi)
    height, width = (side * page.factor for side in page.grey.shape)
    ink = page.ink_of(grey, (0, 0, width, height))
    bottom, right = grey.shape[0] - height, grey.shape[1] - width
    return np.asarray(cv2.copyMakeBorder(ink, 0, bottom, 0, right, cv2.BORDER_CONSTANT, value=(0.0,)), np.uint8)


def enlarged(small: Pixels, box: Box, factor: int, kind: int) -> Pixels:
    """The part of ``small`` under ``box`` (full size, sides multiples of ``factor``) at full size."""
    x0, y0, x1, y1 = (side // factor for side in box)
    part = small[y0:y1, x0:x1]
    if factor == 1:
        return part
    return np.asarray(cv2.resize(part, (box[2] - box[0], box[3] - box[1]), interpolation=kind), np.uint8)


def components(ink: Pixels) -> tuple[NDArray[np.uint16] | NDArray[np.int32], NDArray[np.int32]]:
    """(labels ``(h, w)``, rows of x, y, width, height, area); row 0 is the paper. 8-connected.

    Labels of 16 bits take half the time. OpenCV numbers pieces before it joins them, so that a page of noise could run out of
    numbers unnoticed: a piece gets one where no pixel left of or above it is ink, and those are counted first.
    """
    kind = cv2.CV_16U if _first_numbers(ink) < LABELS_16 else cv2.CV_32S
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=kind)
    return labels, np.asarray(stats, np.int32)  # type: ignore[return-value]  # OpenCV types labels as any integer or float


def painted(labels: NDArray[np.uint16] | NDArray[np.int32], colours: Pixels) -> Pixels:
    """``colours[labels]``: uint8 of the labels' shape. OpenCV's look-up takes a third of numpy's time, and 16-bit labels only."""
    if labels.dtype != np.uint16:
        return np.asarray(colours[labels], np.uint8)
    table = np.zeros(1 << 16, np.uint8)
    table[: len(colours)] = colours
    return np.asarray(cv2.LUT(labels, table), np.uint8)


def _first_numbers(ink: Pixels) -> int:
    """At least as many as there are pixels of ink with none at their left or in the three places above them."""
    height, width = int(ink.shape[0]), int(ink.shape[1])
    pixels = int(cv2.countNonZero(ink))
    if min(height, width) < 2 or pixels < LABELS_16:
        return pixels
    above = np.asarray(cv2.dilate(ink, np.ones((1, 3), np.uint8)), np.uint8)
    first = cv2.compare(ink[1:], above[:-1], cv2.CMP_GT)
    return height + width + int(cv2.countNonZero(cv2.compare(first[:, 1:], ink[1:, :-1], cv2.CMP_GT)))
