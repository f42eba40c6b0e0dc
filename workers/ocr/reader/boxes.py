"""Where the words stand: the alignment says about where, the ink says exactly.

A net names a symbol somewhere within its glyph, not at its edges. So two words are parted in the widest gap of ink between
the last symbol of one and the first of the other, and each box is drawn tight around the ink between two such gaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from workers.ocr.lines import CutLine
from workers.ocr.reader.ctc import Span
from workers.ocr.reader.frame import STRIDE
from workers.ocr.reader.framing import Framed, widest_gap
from workers.ocr.reader.net import LEFT
from workers.page import Box

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
    return [_tight(line, framed, inked[begin:end].nonzero()[0] + begin, (begin, end)) for begin, end in pairwise(cuts)]


def _column(steps: tuple[int, int]) -> int:
    """The frame's column in the middle of steps ``[begin, end)``."""
    return max(0, STRIDE * (steps[0] + steps[1]) // 2 - LEFT)


def _tight(
    line: CutLine, framed: Framed, columns: np.ndarray[tuple[int], np.dtype[np.intp]], cut: tuple[int, int]
) -> Box:
    """Around the ink in these columns of the frame; where it has none, as wide as the cuts and as high as the line."""
    x0, y0, x1, y1 = line.box
    first, last = (int(columns[0]), int(columns[-1]) + 1) if len(columns) else cut
    left = min(max(x0, int(framed.on_page(first))), x1 - 1)
    right = min(max(left + 1, int(np.ceil(framed.on_page(last)))), x1)
    ink = line.pixels[:, left - x0 : right - x0]
    rows = np.flatnonzero(ink.min(axis=1) < (float(line.pixels.min()) + float(line.pixels.max())) / 2)
    if not len(rows):
        return (left, y0, right, y1)
    return (left, y0 + int(rows[0]), right, y0 + int(rows[-1]) + 1)
