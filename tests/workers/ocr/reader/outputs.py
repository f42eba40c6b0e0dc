"""Hand-made outputs of a net."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, product

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from workers.ocr.reader.ctc import BLANK
from workers.ocr.reader.net import LogProbabilities
from workers.ocr.reader.symbols import CLASSES, encode

unhurried = settings(deadline=None, max_examples=40)
"""Every path is tried: on a busy machine an example takes its time."""

Steps = Sequence[dict[str, float]]
"""For each step the probability of some symbols; what is left of 1 is the blank's (``""`` names it too)."""


def outputs(steps: Steps) -> LogProbabilities:
    """``(T, CLASSES)``."""
    chances = np.full((len(steps), CLASSES), 1e-9)
    for row, step in zip(chances, steps, strict=True):
        row[BLANK] = max(1e-9, 1.0 - sum(step.values()))
        for symbol, chance in step.items():
            row[encode(symbol)[0] if symbol else BLANK] += chance
    return np.asarray(np.log(chances / chances.sum(axis=1, keepdims=True)), np.float32)


def spelled(text: str, sure: float = 0.999, *, gap: int = 1) -> LogProbabilities:
    """A step for each symbol and ``gap`` blanks after it."""
    return outputs([step for symbol in text for step in ({symbol: sure}, *[{} for _ in range(gap)])])


def texts_by_brute_force(steps: LogProbabilities) -> dict[tuple[int, ...], float]:
    """Probability of every text: the sum over all paths of any length that spell it."""
    chances = np.exp(steps.astype(np.float64))
    found: dict[tuple[int, ...], float] = {}
    for path in product(range(steps.shape[1]), repeat=len(steps)):
        text = tuple(symbol for symbol, _ in groupby(path) if symbol != BLANK)
        found[text] = found.get(text, 0.0) + float(np.prod(chances[np.arange(len(path)), path]))
    return found


@st.composite
def small_outputs(draw: st.DrawFn) -> LogProbabilities:
    """At most 5 steps of a net that knows 2 or 3 symbols."""
    length, classes = draw(st.integers(1, 5)), draw(st.integers(3, 4))
    numbers = draw(st.lists(st.floats(-4, 4), min_size=length * classes, max_size=length * classes))
    logits = np.array(numbers).reshape(length, classes)
    return np.asarray(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)), np.float32)
