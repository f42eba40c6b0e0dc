"""From a net's outputs to words, by connectionist temporal classification (Graves et al., 2006).

The best path takes the likeliest symbol of every step, merges repeats and drops blanks. How sure a text is, is another matter: the sum
over *all* paths that spell it (the forward algorithm), for all words of a page at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from workers.ocr.reader.net import LogProbabilities
from workers.ocr.reader.symbols import SYMBOLS

BLANK = 0
SPACE = SYMBOLS.index(" ") + 1
_NAMED = ("", *SYMBOLS)
_CHUNK = 128
"""Words whose alignments are summed together: enough to spare calls, few enough that long words don't pad short ones much."""


@dataclass(frozen=True, slots=True)
class Span:
    """A word on the best path of its line.

    ``classes``: its symbols as outputs of the net. ``start``/``end``: the steps that are its own, from the end of the space before to
    the beginning of the space after. ``first``/``last``: steps ``[begin, end)`` of its first and last symbol. ``apart``: probability,
    0..1, of the less sure one of the spaces beside it.
    """

    classes: tuple[int, ...]
    start: int
    end: int
    first: tuple[int, int]
    last: tuple[int, int]
    apart: float

    @property
    def text(self) -> str:
        return spell(self.classes)


@dataclass(frozen=True, slots=True)
class _Run:
    symbol: int
    start: int
    end: int
    peak: float


def spell(classes: Sequence[int]) -> str:
    return "".join(map(_NAMED.__getitem__, classes))


def best_path(line: LogProbabilities) -> tuple[Span, ...]:
    """The words of the best path, left to right. ``line`` has at least one step."""
    best = line.argmax(axis=1)
    value = line[np.arange(len(best)), best]
    starts = np.concatenate(([0], np.flatnonzero(best[1:] != best[:-1]) + 1))
    ends = np.concatenate((starts[1:], [len(best)]))
    peaks = np.exp(np.maximum.reduceat(value, starts))
    runs = [
        _Run(symbol, start, end, peak)
        for symbol, start, end, peak in zip(
            best[starts].tolist(), starts.tolist(), ends.tolist(), peaks.tolist(), strict=True
        )
        if symbol != BLANK
    ]
    return _spans(runs, len(best))


def _spans(runs: Sequence[_Run], length: int) -> tuple[Span, ...]:
    """The runs between spaces; where there is no space the line's edge takes its place, and is sure."""
    bounded = [_Run(SPACE, 0, 0, 1.0), *runs, _Run(SPACE, length, length, 1.0)]
    spaces = [index for index, run in enumerate(bounded) if run.symbol == SPACE]
    spans: list[Span] = []
    for one, other in pairwise(spaces):
        before, own, after = bounded[one], bounded[one + 1 : other], bounded[other]
        if own:
            spans.append(
                Span(
                    tuple(run.symbol for run in own),
                    before.end,
                    after.start,
                    (own[0].start, own[0].end),
                    (own[-1].start, own[-1].end),
                    min(before.peak, after.peak),
                )
            )
    return tuple(spans)


@dataclass(frozen=True, slots=True)
class Claim:
    """That steps ``[start, end)`` of line number ``line`` spell ``classes``."""

    line: int
    start: int
    end: int
    classes: tuple[int, ...]


def text_probabilities(lines: Sequence[LogProbabilities], claims: Sequence[Claim]) -> NDArray[np.float64]:
    """Probability of each claim, 0..1: the sum over all its alignments."""
    result = np.zeros(len(claims), np.float64)
    order = sorted(range(len(claims)), key=lambda index: claims[index].end - claims[index].start)
    for begin in range(0, len(order), _CHUNK):
        chosen = order[begin : begin + _CHUNK]
        result[chosen] = _forward(lines, [claims[index] for index in chosen])
    return np.asarray(np.minimum(result, 1.0), np.float64)


def _forward(lines: Sequence[LogProbabilities], claims: Sequence[Claim]) -> NDArray[np.float64]:
    """Claims sorted by their number of steps. States alternate blank, symbol, blank, ...; sums are of plain probabilities."""
    lengths = np.array([claim.end - claim.start for claim in claims])
    counts = np.array([len(claim.classes) for claim in claims])
    states = np.full((len(claims), 2 * int(counts.max()) + 1), BLANK, np.intp)
    given = np.zeros((int(lengths.max()), *states.shape), np.float64)
    for row, claim in enumerate(claims):
        states[row, 1 : 2 * len(claim.classes) : 2] = claim.classes
        given[: claim.end - claim.start, row] = lines[claim.line][claim.start : claim.end, states[row]]
    np.exp(given, out=given)
    # A symbol may follow the one before it without a blank, unless they are the same.
    leap = np.zeros(states.shape, np.float64)
    leap[:, 2:] = (states[:, 2:] != BLANK) & (states[:, 2:] != states[:, :-2])
    alpha = np.zeros(states.shape, np.float64)
    alpha[:, 0] = 1.0  # before the first step: as if a blank had been
    result: NDArray[np.float64] = np.where(counts == 0, 1.0, 0.0)
    rows = np.arange(len(claims))
    for step, here in enumerate(given):
        moved = alpha.copy()
        moved[:, 1:] += alpha[:, :-1]
        moved[:, 2:] += leap[:, 2:] * alpha[:, :-2]
        alpha = moved * here
        done = rows[lengths == step + 1]
        last = 2 * counts[done]
        result[done] = alpha[done, last] + np.where(last > 0, alpha[done, last - 1], 0.0)
    return result
