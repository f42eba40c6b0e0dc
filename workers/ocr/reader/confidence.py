"""From what the net believes to how often it is right.

Raw confidence is the probability of a word's text over all its alignments (``ctc.text_probabilities``) times that of the spaces
beside it. A net believes more than it knows: a table, fitted on lines that it never learned from, says how many words of a
raw confidence were right.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Calibration:
    """Piecewise linear and never falling: ``right[i]`` is the share of words right at raw confidence ``raw[i]``, both 0..1."""

    raw: tuple[float, ...] = (0.0, 1.0)
    right: tuple[float, ...] = (0.0, 1.0)

    def __post_init__(self) -> None:
        """``ValueError`` for a table that falls, repeats a raw value or leaves 0..1."""
        inside = all(0.0 <= value <= 1.0 for value in (*self.raw, *self.right))
        rises = all(a < b for a, b in zip(self.raw, self.raw[1:], strict=False))
        falls = any(a > b for a, b in zip(self.right, self.right[1:], strict=False))
        if len(self.raw) != len(self.right) or not self.raw or not inside or not rises or falls:
            raise ValueError("a calibration table must hold rising points (raw, right) between 0 and 1")

    def __call__(self, raw: float) -> float:
        after = bisect_right(self.raw, raw)
        if after == 0 or after == len(self.raw):
            return self.right[min(after, len(self.raw) - 1)]
        x0, x1, y0, y1 = *self.raw[after - 1 : after + 1], *self.right[after - 1 : after + 1]
        return y0 + (y1 - y0) * (raw - x0) / (x1 - x0)

    @classmethod
    def from_json(cls, points: Sequence[Sequence[float]] | None) -> Calibration:
        """From ``[[raw, right], ...]``; without a table raw confidence stands for itself. Raises ``ValueError``."""
        if not points:
            return cls()
        return cls(tuple(float(point[0]) for point in points), tuple(float(point[1]) for point in points))


class Sure(Protocol):
    """A word that says what it reads and how sure that is."""

    @property
    def text(self) -> str: ...
    @property
    def confidence(self) -> float: ...


def sureness(words: Sequence[Sure]) -> float:
    """Mean confidence of a line's letters, 0..1: a long doubtful word weighs more than a short one. 0 without words."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def worth(words: Sequence[Sure]) -> float:
    """Letters expected right less letters expected wrong. Of two readings of a line the one worth more is kept.

    Neither dropping half a line nor adding letters out of nothing pays, as it would with a mean or a sum of confidences. A word is
    right when all its letters are: each one is likelier right than the word by a root.
    """
    return sum((2.0 * math.pow(word.confidence, 1.0 / len(word.text)) - 1.0) * len(word.text) for word in words)
