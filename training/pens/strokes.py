"""Digits as Vietnamese hands write them, as strokes: ones with a flag that may begin far down, barred sevens, open fours, fives whose bar stands
off, twos with a loop, nines with a tail like a *g*.

Each form is a few points in a box one high; every digit drawn moves them a little, so that no two are alike. Written for this project, by eye
after the pens' numbers of public papers of this country; no scan is drawn from.
"""

from __future__ import annotations

import math
import random

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.float32]
"""``(points, 2)``: x, and y downwards, of a box one high."""
JITTER = 0.035
STEPS = 9
"""Points drawn between two of a form's."""


def strokes(digit: int, rng: random.Random) -> list[Stroke]:
    """The strokes of one digit, another each time."""
    return [_moved(points, rng) for points in _FORMS[digit](rng)]


def smooth(points: Stroke) -> Stroke:
    """A curve through all ``points`` (Catmull and Rom, 1974)."""
    if len(points) < 3:
        return points
    ends = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, 1, STEPS, endpoint=False, dtype=np.float32)[:, None]
    parts = []
    for one, two, three, four in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        bend = 2 * one - 5 * two + 4 * three - four
        parts.append(0.5 * (2 * two + (three - one) * t + bend * t**2 + (3 * two - one - 3 * three + four) * t**3))
    return np.asarray(np.concatenate([*parts, points[-1:]]), np.float32)


Form = list[list[tuple[float, float]]]


def _moved(points: list[tuple[float, float]], rng: random.Random) -> Stroke:
    """Corners are points given twice: they stay corners."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for place, point in enumerate(points):
        pieces[-1].append((point[0] + rng.gauss(0, JITTER), point[1] + rng.gauss(0, JITTER)))
        if place and point == points[place - 1]:
            pieces[-1].pop()
            pieces.append([pieces[-1][-1]])
    curves = [smooth(np.array(piece, np.float32)) for piece in pieces if piece]
    return np.concatenate(curves)


def _zero(rng: random.Random) -> Form:
    wide, start = rng.uniform(0.22, 0.36), rng.uniform(-1.0, 0.6)
    turn = math.tau * rng.uniform(0.86, 1.1) * rng.choice((1, -1, -1))
    angles = [start - math.pi / 2 + turn * step / 9 for step in range(10)]
    return [[(wide * math.cos(a), 0.5 + 0.5 * math.sin(a)) for a in angles]]


def _one(rng: random.Random) -> Form:
    kind, lean = rng.random(), rng.uniform(-0.05, 0.08)
    if kind < 0.15:
        return [[(0.0, 0.0), (-lean, 1.0)]]
    down = rng.uniform(0.1, 0.45) if rng.random() < 0.45 else rng.uniform(0.4, 0.85)
    top, foot = (0.0, 0.0), (-lean, 1.0)
    # The less it goes down the shorter it is: else it would be a seven.
    flag = [(-rng.uniform(0.15, 0.22 + 0.5 * down), down), top, top, foot]
    if kind < 0.22:
        return [flag, [(-0.2, 1.0), (0.2, 1.0)]]
    return [flag]


def _two(rng: random.Random) -> Form:
    top = [
        (rng.uniform(-0.05, 0.1), rng.uniform(0.15, 0.35)),
        (0.28, 0.0),
        (0.52, rng.uniform(0.15, 0.28)),
        (0.35, 0.6),
    ]
    corner = (rng.uniform(-0.08, 0.04), rng.uniform(0.88, 0.99))
    end = (rng.uniform(0.5, 0.75), rng.uniform(0.85, 1.05))
    if rng.random() < 0.55:  # a loop at its foot
        loop = [(rng.uniform(-0.18, 0.0), rng.uniform(0.74, 0.86)), (rng.uniform(0.08, 0.2), rng.uniform(0.7, 0.88))]
        return [[*top, corner, *loop, (0.36, 1.0), end]]
    return [[*top, corner, corner, end]]


def _three(rng: random.Random) -> Form:
    waist = (rng.uniform(0.15, 0.3), rng.uniform(0.38, 0.5))
    low = [(0.5, rng.uniform(0.6, 0.75)), (0.28, 1.0), (rng.uniform(-0.05, 0.05), rng.uniform(0.8, 0.95))]
    if rng.random() < 0.2:  # a flat top
        right = (0.48, rng.uniform(-0.02, 0.06))
        return [[(0.02, 0.03), right, right, waist, waist, *low]]
    top = [(rng.uniform(-0.02, 0.1), rng.uniform(0.08, 0.22)), (0.27, 0.0), (0.46, 0.17)]
    return [[*top, waist, *([waist] if rng.random() < 0.7 else []), *low]]


def _four(rng: random.Random) -> Form:
    level = rng.uniform(0.5, 0.72)
    corner, bar = (0.0, level), (rng.uniform(0.55, 0.85), level + rng.uniform(-0.1, 0.04))
    foot = (rng.uniform(0.3, 0.48), 1.0)
    if rng.random() < 0.7:  # open
        x = rng.uniform(0.36, 0.56)
        return [
            [(rng.uniform(0.12, 0.34), 0.0), corner, corner, bar],
            [(x, rng.uniform(0.02, 0.42)), foot],
        ]
    top = (rng.uniform(0.36, 0.5), 0.0)
    return [[top, corner, corner, bar], [top, foot]]


def _five(rng: random.Random) -> Form:
    left = rng.uniform(0.08, 0.2)
    start, corner = (left, 0.02), (left - rng.uniform(0.02, 0.1), rng.uniform(0.36, 0.48))
    bowl = [
        (0.36, rng.uniform(0.36, 0.48)),
        (0.52, 0.68),
        (0.3, 0.98),
        (rng.uniform(-0.06, 0.06), rng.uniform(0.8, 0.98)),
    ]
    off = (rng.uniform(-0.04, 0.12), rng.uniform(-0.08, 0.06))
    bar = [(left + off[0], off[1]), (rng.uniform(0.45, 0.85), off[1] + rng.uniform(-0.08, 0.03))]
    if rng.random() < 0.3:  # in one stroke, from the right
        return [[(rng.uniform(0.45, 0.65), 0.0), start, start, corner, corner, *bowl]]
    return [[start, corner, *([corner] if rng.random() < 0.6 else []), *bowl], bar]


def _six(rng: random.Random) -> Form:
    top = (rng.uniform(0.25, 0.55), 0.0)
    return [[
        top, (0.12, 0.36), (0.0, 0.72), (0.22, 1.0), (rng.uniform(0.4, 0.52), 0.76), (0.26, rng.uniform(0.5, 0.62)),
        (rng.uniform(0.0, 0.1), rng.uniform(0.7, 0.85)),
    ]]  # fmt: skip


def _seven(rng: random.Random) -> Form:
    right = (rng.uniform(0.45, 0.65), rng.uniform(-0.02, 0.06))
    foot = (rng.uniform(0.1, 0.32), 1.0)
    top: list[tuple[float, float]] = [(0.0, rng.uniform(0.0, 0.1))]
    if rng.random() < 0.5:  # a hook or a wave at its begin
        top = [(rng.uniform(-0.08, 0.04), rng.uniform(0.1, 0.25)), (0.08, 0.03), (0.28, rng.uniform(0.02, 0.1))]
    down = [right, right, ((right[0] + foot[0]) / 2 - rng.uniform(-0.02, 0.08), 0.5), foot]
    made: Form = [[*top, *down]]
    if rng.random() < 0.7:
        level, middle = rng.uniform(0.36, 0.62), (right[0] + foot[0]) / 2
        half = rng.uniform(0.14, 0.34)
        rise = rng.uniform(-0.14, 0.03) if rng.random() < 0.8 else rng.uniform(-0.4, -0.14)
        made.append([(middle - half, level - rise / 3), (middle + half * rng.uniform(0.8, 1.3), level + rise)])
    return made


def _eight(rng: random.Random) -> Form:
    kind = rng.random()
    if kind < 0.2:  # two rings
        cut = rng.uniform(0.42, 0.5)
        return [
            [(0.25 + 0.2 * math.cos(a), cut / 2 * (1 + math.sin(a))) for a in np.linspace(0.5, 7.0, 8).tolist()],
            [(0.25 + 0.25 * math.cos(a), cut + (1 - cut) / 2 * (1 + math.sin(a))) for a in np.linspace(-1.6, 4.8, 8).tolist()],
        ]  # fmt: skip
    end = (rng.uniform(0.36, 0.52), rng.uniform(-0.02, 0.16))
    return [[
        (rng.uniform(0.38, 0.5), rng.uniform(0.05, 0.2)), (0.24, 0.0), (0.05, 0.2), (0.24, 0.46), (0.47, 0.74), (0.23, 1.0),
        (0.0, 0.76), (0.24, 0.48), (0.4, 0.24), end,
    ]]  # fmt: skip


def _nine(rng: random.Random) -> Form:
    right = rng.uniform(0.42, 0.52)
    ring = [(right, rng.uniform(0.08, 0.22)), (0.22, 0.0), (0.0, 0.25), (0.2, 0.5), (right - 0.02, 0.2)]
    if rng.random() < 0.6:  # a tail like a g's
        return [[*ring, (right, 0.7), (0.22, 1.0), (rng.uniform(-0.08, 0.08), rng.uniform(0.82, 0.95))]]
    return [[*ring, ring[-1], (right - rng.uniform(-0.02, 0.15), 1.0)]]


_FORMS = (_zero, _one, _two, _three, _four, _five, _six, _seven, _eight, _nine)
