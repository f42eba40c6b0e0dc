"""Character errors as everywhere in this repository: NFC, quotes, dashes and spaces folded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from benchmarks.reader.judge import alike
from workers.ocr.reader.ctc import spell


@dataclass(frozen=True, slots=True)
class Score:
    """``errors`` and ``symbols`` counted; ``exact`` of ``lines`` are without an error."""

    errors: int
    symbols: int
    exact: int
    lines: int

    @property
    def cer(self) -> float:
        """Per cent."""
        return 100.0 * self.errors / max(1, self.symbols)


def score(pairs: list[tuple[str, str]]) -> Score:
    """Of (read, true) pairs."""
    errors = symbols = exact = 0
    for read, true in pairs:
        said, meant = alike(read), alike(true)
        errors += Levenshtein.distance(said, meant)
        symbols += len(meant)
        exact += said == meant
    return Score(errors, symbols, exact, len(pairs))


def greedy_text(logits: NDArray[np.float32]) -> str:
    """The best path of ``(CLASSES, T)``."""
    best = logits.argmax(axis=0)
    return spell([k for i, k in enumerate(best) if k and (i == 0 or k != best[i - 1])])
