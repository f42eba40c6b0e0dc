"""Other readings of a stretch of the line, best first: prefix beam search (Hannun et al., 2014), without a language model."""

from __future__ import annotations

import math

import numpy as np

from workers.ocr.reader.ctc import BLANK
from workers.ocr.reader.net import LogProbabilities

WIDTH, SYMBOLS_A_STEP, FLOOR = 8, 4, 1e-3
"""Prefixes kept, symbols tried at a step, and the probability under which none is tried."""
HOPELESS = 1e-4
"""A prefix so much less likely than the best one is dropped at once: most steps leave one or two."""

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
    lost = 0.0  # logarithm of what was divided out to stay in the range of floats
    for blank, tried in zip(np.exp(steps[:, BLANK]).tolist(), _tried(steps, symbols, floor), strict=True):
        if not tried and blank > 0:  # as at most steps: the net is sure that nothing is named here
            lost += math.log(blank)
            beam = {prefix: (in_blank + in_symbol, 0.0) for prefix, (in_blank, in_symbol) in beam.items()}
            continue
        grown = _grown(beam, blank, tried)
        totals = {prefix: in_blank + in_symbol for prefix, (in_blank, in_symbol) in grown.items()}
        best = max(totals.values())
        if best <= 0.0:
            return []
        kept = [prefix for prefix, total in totals.items() if total >= hopeless * best]
        if len(kept) > width:
            kept = sorted(kept, key=totals.__getitem__, reverse=True)[:width]
        lost += math.log(best)
        beam = {prefix: (grown[prefix][0] / best, grown[prefix][1] / best) for prefix in kept}
    ranked = sorted(beam.items(), key=lambda item: -(item[1][0] + item[1][1]))
    return [(prefix, lost + math.log(total)) for prefix, state in ranked if (total := state[0] + state[1]) > 0.0]


def _tried(steps: LogProbabilities, symbols: int, floor: float) -> list[list[tuple[int, float]]]:
    """For each step the symbols worth trying, blank apart, with their probabilities, likeliest first."""
    tried: list[list[tuple[int, float]]] = [[] for _ in steps]
    rows, columns = np.nonzero(steps[:, 1:] >= (math.log(floor) if floor > 0 else -math.inf))
    values = np.exp(steps[rows, columns + 1])
    for step, symbol, value in zip(rows.tolist(), (columns + 1).tolist(), values.tolist(), strict=True):
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
