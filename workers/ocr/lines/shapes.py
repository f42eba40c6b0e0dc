"""The connected shapes of ink on a page, and medians of many groups of them at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workers.ocr.ink import components
from workers.page import Box, Pixels

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
X, Y, W, H, AREA = range(5)


@dataclass(slots=True)
class Shapes:
    """``labels``: ``(h, w)`` of the page's part that begins at ``origin``; ``stats``: x, y, width, height, area on the page.

    Shape 0 is the paper; its ``stats`` are all 0, so that it is never taken for a letter.
    """

    labels: NDArray[np.uint16] | NDArray[np.int32]
    stats: Ints
    origin: tuple[int, int]

    @staticmethod
    def of(ink: Pixels, box: Box) -> Shapes:
        labels, stats = components(ink)
        stats[:, X] += box[0]
        stats[:, Y] += box[1]
        stats[0] = 0
        return Shapes(labels, stats, (box[0], box[1]))

    def window(self, box: Box) -> tuple[slice, slice]:
        """Where ``box`` (page) stands in ``labels``."""
        x0, y0, x1, y1 = box
        left, top = self.origin
        return slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)

    def box(self, index: int) -> Box:
        x, y, w, h, _ = self.stats[index].tolist()
        return x, y, x + w, y + h

    def add(self, index: int, part: NDArray[np.bool_]) -> None:
        """Make ``part`` (a mask of the box of shape ``index``, some of its pixels) a shape of its own, the last one."""
        if len(self.stats) > np.iinfo(self.labels.dtype).max:
            return
        x0, y0, x1, y1 = self.box(index)
        view = self.labels[self.window((x0, y0, x1, y1))]
        rest = (view == index) & ~part
        view[part] = len(self.stats)
        self.stats[index] = _measured(rest, x0, y0)
        self.stats = np.vstack([self.stats, _measured(part, x0, y0)])


def _measured(mask: NDArray[np.bool_], left: int, top: int) -> Ints:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if rows.size == 0:
        return np.zeros(5, np.int32)
    x0, y0, x1, y1 = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    return np.array([left + x0, top + y0, x1 - x0, y1 - y0, np.count_nonzero(mask)], np.int32)


def group_medians(values: Floats, group: Ints, count: int, share: float = 0.5) -> Floats:
    """The (lower) median of each group's values, or what ``share`` of them lie under; 0 for a group without any.

    ``group``: 0 to ``count - 1`` for each value; a negative one leaves it out.
    """
    used = group >= 0
    values, group = values[used], group[used]
    order = np.lexsort((values, group))
    starts = np.searchsorted(group[order], np.arange(count + 1))
    sizes = np.diff(starts)
    medians = np.zeros(count)
    full = sizes > 0
    medians[full] = values[order][(starts[:-1] + ((sizes - 1) * share).astype(np.int64))[full]]
    return medians
