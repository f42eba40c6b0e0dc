"""Which heights the fonts of a text layer have: as few as may be, each near to how far the ink of many words reaches.

A reach is ``(above, below)``: how far a word's ink stands above and hangs below its baseline, in steps of ``STEP`` ems. A viewer marks a word
as high as its font; the chosen reaches are those that give the words the largest mean intersection over union with their ink.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

STEP = 0.0625  # ems: half of it is off by 4 % of the height of a lower-case letter
ABOVE_RANGE, BELOW_RANGE = (3, 18), (0, 8)
MOST = 8
_WORTH = 5.0  # words: a font is half a kilobyte, and one more has to gain so much IoU, summed over the words,
_LIFTS = 0.008  # or so much on average, where there are few of them
_LEAST, _MISSED = (
    0.75,
    0.5,
)  # what a word below this IoU counts less: nearly right for all is better than exact for most

Reach = tuple[int, int]


def reach(above: float, below: float) -> Reach:
    """The nearest steps for ink reaching ``above`` and ``below`` the baseline, in ems (``below`` is positive downwards)."""
    up = min(max(round(above / STEP), ABOVE_RANGE[0]), ABOVE_RANGE[1])
    down = min(max(round(below / STEP), BELOW_RANGE[0]), BELOW_RANGE[1])
    return up, down


def chosen(used: Mapping[Reach, int]) -> dict[Reach, Reach]:
    """For every reach of ``used`` (with its number of words) the one whose font stands for it; at most ``MOST`` different ones.

    The best single reach, then the one that adds most, until nothing worth a font is left; then each is exchanged for a better one, if there is.
    """
    reaches = sorted(used)
    if not reaches:
        return {}
    sizes = np.array(reaches, dtype=np.float64)
    up, down = sizes[:, 0], sizes[:, 1]
    shared = np.minimum.outer(up, up) + np.minimum.outer(down, down)
    fit = shared / (np.maximum.outer(up, up) + np.maximum.outer(down, down))  # words down, fonts across
    score = fit - _MISSED * (fit < _LEAST)
    words = np.array([used[size] for size in reaches], dtype=np.float64)
    picked: list[int] = []
    best = np.full(len(reaches), -1.0)
    while len(picked) < min(MOST, len(reaches)):
        gains = words @ (np.maximum(score, best[:, None]) - best[:, None])
        index = int(gains.argmax())
        if picked and gains[index] <= _WORTH and gains[index] <= _LIFTS * words.sum():
            break
        picked.append(index)
        best = np.maximum(best, score[:, index])
    for place in range(len(picked)):
        others = score[:, [index for index in picked if index != picked[place]]].max(axis=1, initial=-1.0)
        picked[place] = int((words @ np.maximum(score, others[:, None])).argmax())
    nearest = score[:, picked].argmax(axis=1)
    return {size: reaches[picked[int(which)]] for size, which in zip(reaches, nearest, strict=True)}
