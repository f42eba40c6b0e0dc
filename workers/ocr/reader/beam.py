"""Other readings of a stretch of the line, best first: prefix beam search (Hannun et al., 2014), without a language model."""

from __future__ import annotations

import math

import numpy as np

from workers.ocr.reader.ctc import BLANK
from workers.ocr.reader.net import LogProbabilities

WIDTH, SYMBOLS_A_STEP, FLOOR = 6, 4, 5e-3
"""Prefixes kept, symbols tried at a step, and the probability under which none is tried."""
HOPELESS = 2e-3
"""A prefix so much less likely than the best one is dropped at once: most steps leave one or two."""
_TINY = 1e-100

_State = tuple[float, float]
"""Probability of all paths for a prefix that end in a blank, and of those that end in its last symbol."""
Reading = tuple[tuple[int, ...], float]
"""Symbols (outputs of the net) and the natural logarithm of their probability."""


def readings(
    steps: LogProbabilities,
    *,
    width: int = WIDTH,
    symbols: int = SYMBOLS_A_STEP,
    floor: float = FLOOR,
    hopeless: float = HOPELESS,
) -> list[Reading]:
    """At most ``width`` readings of ``steps`` ``(T, CLASSES)``, likeliest first.

    What lies outside the beam is lost, so probabilities are lower bounds; with a wide enough beam they are exact.
    """
    beam: dict[tuple[int, ...], _State] = {(): (1.0, 0.0)}
    lost, rested = 0.0, True  # ``lost``: logarithm of what was divided out to stay in the range of floats
    for blank, tried in zip(steps[:, BLANK].tolist(), _tried(steps, symbols, floor), strict=True):
        if not tried and blank > -math.inf:  # as at most steps: the net is sure that nothing is named here
            lost += blank
            if not rested:
                beam = {prefix: (in_blank + in_symbol, 0.0) for prefix, (in_blank, in_symbol) in beam.items()}
            rested = True
            continue
        rested = False
        grown = _grown(beam, math.exp(blank), tried)
        best = max(in_blank + in_symbol for in_blank, in_symbol in grown.values())
        if best <= 0.0:
            return []
        least = hopeless * best
        beam = {prefix: state for prefix, state in grown.items() if state[0] + state[1] >= least}
        if len(beam) > width:
            beam = dict(sorted(beam.items(), key=_total, reverse=True)[:width])
        if best < _TINY:
            lost += math.log(best)
            beam = {prefix: (in_blank / best, in_symbol / best) for prefix, (in_blank, in_symbol) in beam.items()}
    ranked = sorted(beam.items(), key=_total, reverse=True)
    return [(prefix, lost + math.log(sum(state))) for prefix, state in ranked if sum(state) > 0.0]


def _total(item: tuple[tuple[int, ...], _State]) -> float:
    return item[1][0] + item[1][1]


def _tried(steps: LogProbabilities, symbols: int, floor: float) -> list[list[tuple[int, float]]]:
    """For each step the symbols worth trying, blank apart, with their probabilities, likeliest first."""
    tried: list[list[tuple[int, float]]] = [[] for _ in steps]
    likely = steps >= (math.log(floor) if floor > 0 else -math.inf)
    likely[:, BLANK] = False
    places = np.flatnonzero(likely)
    rows, columns = np.divmod(places, steps.shape[1])
    values = np.exp(steps[rows, columns])
    for step, symbol, value in zip(rows.tolist(), columns.tolist(), values.tolist(), strict=True):
        tried[step].append((symbol, value))
    return [
        sorted(chances, key=lambda chance: -chance[1])[:symbols] if len(chances) > 1 else chances for chances in tried
    ]


def _grown(
    beam: dict[tuple[int, ...], _State], blank: float, tried: list[tuple[int, float]]
) -> dict[tuple[int, ...], _State]:
    """Every prefix after one more step."""
    grown = {prefix: ((state[0] + state[1]) * blank, 0.0) for prefix, state in beam.items()}
    for prefix, (in_blank, in_symbol) in beam.items():
        last = prefix[-1] if prefix else None
        for symbol, chance in tried:
            longer, whence = (*prefix, symbol), in_blank + in_symbol
            if symbol == last:
                grown[prefix] = (grown[prefix][0], grown[prefix][1] + in_symbol * chance)
                whence = in_blank
            before = grown.get(longer, (0.0, 0.0))
            grown[longer] = (before[0], before[1] + whence * chance)
    return grown
