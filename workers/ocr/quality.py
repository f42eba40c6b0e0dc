"""Is the text that a PDF page already carries good enough to keep?

Two measures: how Vietnamese it is (``models.vietnamese.syllables``: broken OCR breaks the build of syllables), and how much of
the ink it covers (a scan whose only text is the signature's stamp carries next to none of its words).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import cv2
import numpy as np

from models.vietnamese.syllables import score
from workers.ocr.ink import ink_mask
from workers.page import Line, Pixels
from workers.steps.copies import grey_of

HEALTHY = 0.8
"""Healthy official texts score 0.98 and more, a rubbish layer 0.06; forms with few whole sentences lie between."""
COVERED = 0.5
BETTER = 0.1
"""By so much must our reading be the better text before it replaces a visible layer that is in doubt."""
_DPI = 75.0


class Verdict(StrEnum):
    KEEP = "keep"  # the page's own text is good
    DOUBT = "doubt"  # visible text that may be rubbish: read the page, then keep the better one
    REPLACE = "replace"  # hidden rubbish, or next to nothing: read the page


def judge(lines: Sequence[Line], pixels: Pixels, dpi: float, *, hidden: bool) -> Verdict:
    """What to do with a text layer. ``lines`` in the space of ``pixels`` (grey or RGB); ``hidden``: somebody's OCR."""
    if not lines or coverage(lines, pixels, dpi) < COVERED:
        return Verdict.REPLACE
    if text_score(lines) >= HEALTHY:
        return Verdict.KEEP
    return Verdict.REPLACE if hidden else Verdict.DOUBT


def ours_is_better(ours: Sequence[Line], theirs: Sequence[Line]) -> bool:
    """Whether to replace a doubtful visible layer: an English page scores low, and stays low when it is read again."""
    return text_score(ours) >= text_score(theirs) + BETTER


def text_score(lines: Sequence[Line]) -> float:
    return score("\n".join(line.text for line in lines))


def coverage(lines: Sequence[Line], pixels: Pixels, dpi: float) -> float:
    """Share of the page's ink, 0..1, that lies in the boxes of its words; 1 for a page without ink."""
    grey = grey_of(pixels)
    factor = min(1.0, _DPI / dpi)
    if factor < 1:
        grey = np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
    ink = ink_mask(grey, dpi * factor) > 0
    covered = np.zeros(ink.shape, np.bool_)
    for line in lines:
        for word in line.words:
            x0, y0, x1, y1 = (round(side * factor) for side in word.box)
            covered[max(0, y0 - 2) : y1 + 2, max(0, x0 - 2) : x1 + 2] = True
    total = int(np.count_nonzero(ink))
    return 1.0 if total == 0 else float(np.count_nonzero(ink & covered)) / total
