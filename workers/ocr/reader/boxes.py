"""Where the words stand: the alignment says about where, the ink says exactly.

A net names a symbol somewhere within its glyph, not at its edges. So two words are parted in the widest gap of ink between
the last symbol of one and the first of the other, and each box is drawn tight around the ink between two such gaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.ocr.lines import CutLine
from workers.ocr.reader.ctc import Span
from workers.ocr.reader.frame import STRIDE
from workers.ocr.reader.framing import Framed, widest_gap
from workers.ocr.reader.net import LEFT
from workers.page import Box, Pixels

REACH = 30
"""Columns of a frame, about one letter and a half, beyond a line's first and last symbol at which ink still is that word's."""


def word_boxes(line: CutLine, framed: Framed, spans: Sequence[Span]) -> list[Box]:
    """A box on the page for each word, left to right, inside the line's box and never empty."""
    if not spans:
        return []
    inked = framed.inked
    width = len(inked)
    cuts = [max(0, _column(spans[0].first) - REACH)]
    for one, other in pairwise(spans):
        begin, end = _column(one.last), _column(other.first)
        begin, end = min(max(begin, cuts[-1]), width), min(max(end, begin, cuts[-1]), width)
        cuts.append(begin + widest_gap(~inked[begin:end]))
    cuts.append(min(width, max(_column(spans[-1].last) + REACH, cuts[-1] + 1)))
    darkest, lightest, _, _ = cv2.minMaxLoc(line.pixels)
    _, ink = cv2.threshold(line.pixels, ceil((darkest + lightest) / 2) - 1, 255, cv2.THRESH_BINARY_INV)
    return [_tight(line, framed, np.asarray(ink, np.uint8), _ends(inked, begin, end)) for begin, end in pairwise(cuts)]


def _ends(inked: NDArray[np.bool_], begin: int, end: int) -> tuple[int, int]:
    """First and one past the last inked column of ``[begin, end)``; all of it where none is."""
    columns = inked[begin:end].tobytes()  # a byte a column, which is many times faster searched than numpy's
    first = columns.find(1)
    return (begin, end) if first < 0 else (begin + first, begin + columns.rfind(1) + 1)


def _column(steps: tuple[int, int]) -> int:
    """The frame's column in the middle of steps ``[begin, end)``."""
    return max(0, STRIDE * (steps[0] + steps[1]) // 2 - LEFT)


def _tight(line: CutLine, framed: Framed, ink: Pixels, ends: tuple[int, int]) -> Box:
    """Around the ink (not 0) under these columns of the frame, ``[first, last)``; as high as the line where there is none."""
    x0, y0, x1, y1 = line.box
    left = min(max(x0, int(framed.on_page(ends[0]))), x1 - 1)
    right = min(max(left + 1, ceil(framed.on_page(ends[1]))), x1)
    _, top, _, height = cv2.boundingRect(ink[:, left - x0 : right - x0])
    return (left, y0 + top, right, y0 + top + height) if height else (left, y0, right, y1)
