"""How sure the engine was of a page."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from workers.page import Grade, Line

LOW_PERCENTILE = 5.0
"""A mean hides the few words that are wrong; the 5th percentile routes the page to a person."""


def grade(lines: Iterable[Line]) -> Grade | None:
    """Mean and 5th percentile of the word confidences, 0..1; ``None`` for a page without words."""
    sure = [word.confidence for line in lines for word in line.words]
    if not sure:
        return None
    return Grade(mean=round(float(np.mean(sure)), 4), low=round(float(np.percentile(sure, LOW_PERCENTILE)), 4))
