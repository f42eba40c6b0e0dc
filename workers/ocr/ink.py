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
MIN_LETTER_MM, MAX_LETTER_MM = 0.8, 12.0
RUN_TOGETHER = 2.0
"""Times its height that a shape is wide which holds several letters: no letter is, and a dash is too low to be counted."""
FEWEST = 100
"""Shapes under which their widths say nothing about the page."""
TABLE_16 = 1 << 16


@dataclass(frozen=True, slots=True)
class Reduced:
    """``grey``: the page by ``factor`` smaller each way (whole pixels; less than ``factor`` rows and columns are cut off).

    ``dpi``: of that copy. ``paper``: grey value from which on a pixel is paper, darker ones are ink; of the copy's size.
    ``margin``: by how much ink is darker than its surroundings.
    """

    grey: Pixels
    dpi: float
    factor: int
    paper: Pixels
    margin: int

    def ink(self) -> Pixels:
        """255 where the copy holds ink."""
        return np.asarray(cv2.compare(self.grey, self.paper, cv2.CMP_LT), np.uint8)

    def faint_ink(self) -> Pixels:
        """255 where it is half as dark: of a thin rule that leans a little, the places where it goes from one row to the next."""
        paper = cv2.add(self.paper, np.full_like(self.paper, self.margin // 2))
        return np.asarray(cv2.compare(self.grey, paper, cv2.CMP_LT), np.uint8)

    def ink_of(self, grey: Pixels, box: Box, without: Pixels | None = None) -> Pixels:
        """255 where ``grey``, the page at full size, holds ink inside ``box`` (whose sides are multiples of ``factor``).

        ``without``: a mask (255) of the copy's size, under which nothing counts as ink.
        """
        x0, y0, x1, y1 = box
        paper = self.paper if without is None else np.asarray(cv2.subtract(self.paper, without), np.uint8)
        rows = _widened(_part(paper, box, self.factor), self.factor)
        ink = np.empty((y1 - y0, x1 - x0), np.uint8)
        for first in range(self.factor):
            cv2.compare(grey[y0 + first : y1 : self.factor, x0:x1], rows, cv2.CMP_LT, dst=ink[first :: self.factor])
        return ink


@dataclass(frozen=True, slots=True)
class Enlarged:
    """A mask (255) at ``factor`` times its size, made only where it is asked for."""

    small: Pixels
    factor: int

    def within(self, box: Box) -> Pixels | None:
        """The part under ``box`` (full size); ``None`` where it is empty."""
        x0, y0, x1, y1 = box
        factor = self.factor
        whole = (x0 // factor * factor, y0 // factor * factor, x1 + -x1 % factor, y1 + -y1 % factor)
        part = _part(self.small, whole, factor)
        if not cv2.hasNonZero(part):
            return None
        rows = _widened(part, factor).repeat(factor, axis=0)
        out = np.zeros((y1 - y0, x1 - x0), np.uint8)
        found = rows[y0 - whole[1] :, x0 - whole[0] :][: y1 - y0, : x1 - x0]
        out[: found.shape[0], : found.shape[1]] = found
        return out


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
    counts = histogram(grey[::4, ::4]).cumsum()
    low, high = (int(np.searchsorted(counts, counts[-1] * share)) for share in (0.005, 0.75))
    margin = round(max(MIN_MARGIN, MARGIN_SHARE * (high - low)))
    paper = np.maximum(cv2.subtract(around, np.full_like(around, margin - 1)), 1, dtype=np.uint8)
    return Reduced(small, dpi / factor, factor, paper, margin)


def histogram(grey: Pixels) -> NDArray[np.int64]:
    """How often each of the 256 values stands in ``grey``, shape ``(256,)``."""
    counts = cv2.calcHist([np.ascontiguousarray(grey)], [0], None, [256], [0, 256])
    return np.asarray(counts, np.int64).ravel()


def ink_mask(grey: Pixels, dpi: float) -> Pixels:
    """255 where there is ink, uint8 ``(H, W)``: darker than its surroundings by a part of the page's own contrast."""
    page = reduce(grey, dpi)
    height, width = (side * page.factor for side in page.grey.shape)
    ink = page.ink_of(grey, (0, 0, width, height))
    bottom, right = grey.shape[0] - height, grey.shape[1] - width
    return np.asarray(cv2.copyMakeBorder(ink, 0, bottom, 0, right, cv2.BORDER_CONSTANT, value=(0.0,)), np.uint8)


def _part(small: Pixels, box: Box, factor: int) -> Pixels:
    """The part of ``small`` under ``box`` (full size, sides multiples of ``factor``)."""
    x0, y0, x1, y1 = (side // factor for side in box)
    return small[y0:y1, x0:x1]


def _widened(small: Pixels, factor: int) -> Pixels:
    """Each pixel ``factor`` times side by side: interleaving copies takes half the time of OpenCV's nearest neighbour."""
    if factor == 1:
        return small
    return np.asarray(cv2.merge([small] * factor), np.uint8).reshape(small.shape[0], -1)


def components(ink: Pixels) -> tuple[NDArray[np.uint16] | NDArray[np.int32], NDArray[np.int32]]:
    """(labels ``(h, w)``, rows of x, y, width, height, area); row 0 is the paper. 8-connected.

    Labels of 16 bits take half the time. OpenCV numbers pieces before it joins them and gives up when its numbers run out, as
    on noise or close hatching.
    """
    try:
        _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_16U)
    except cv2.error:  # for 32 bits its default takes twice the time of this algorithm
        _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(ink, 8, cv2.CV_32S, cv2.CCL_GRANA)
        labels = labels.astype(np.uint16) if len(stats) < TABLE_16 else labels
    return labels, np.asarray(stats, np.int32)  # type: ignore[return-value]  # OpenCV types labels as any integer or float


def outlines(ink: Pixels) -> list[tuple[Box, NDArray[np.int32]]]:
    """(box, outer contour) of each 8-connected piece: for a few large pieces a third of the time of ``components``."""
    found, nesting = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = [line for line, (*_, parent) in zip(found, nesting[0], strict=True) if parent < 0] if found else []
    sides = [cv2.boundingRect(line) for line in outer]
    return [((x, y, x + w, y + h), np.asarray(line, np.int32)) for (x, y, w, h), line in zip(sides, outer, strict=True)]


def painted(labels: NDArray[np.uint16] | NDArray[np.int32], colours: Pixels) -> Pixels:
    """``colours[labels]``: uint8 of the labels' shape. OpenCV's look-up takes a third of numpy's time, and 16-bit labels only.

    A table that is asked more than once is best made with ``TABLE_16`` colours.
    """
    if labels.dtype != np.uint16:
        return np.asarray(colours[labels], np.uint8)
    table = colours
    if len(colours) < TABLE_16:
        table = np.zeros(TABLE_16, np.uint8)
        table[: len(colours)] = colours
    return np.asarray(cv2.LUT(labels, table), np.uint8)


def letters(ink: Pixels, dpi: float) -> tuple[Pixels, float, float]:
    """The ink without specks and without what is too large for text, the median letter height (0 = no text), and how much of it touches.

    The last is the share, 0..1, of its shapes that hold several letters; 0 where there are too few to tell.
    """
    labels, stats = components(ink)
    per_mm = dpi / 25.4
    height, width, area = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_AREA]
    sized = (height >= MIN_LETTER_MM * per_mm) & (height <= MAX_LETTER_MM * per_mm) & (width <= 40 * per_mm)
    sized[0] = False
    if np.count_nonzero(sized) < 3:
        return np.zeros_like(ink), 0.0, 0.0
    letter = float(np.median(height[sized]))
    keep = (height <= 4 * letter) & (width <= 20 * letter) & (area >= 2)
    keep[0] = False
    together = np.count_nonzero(sized & (width > RUN_TOGETHER * height)) / np.count_nonzero(sized)
    touching = float(together) if np.count_nonzero(sized) >= FEWEST else 0.0
    return painted(labels, np.where(keep, np.uint8(255), np.uint8(0))), letter, touching
