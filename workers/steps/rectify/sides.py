"""The four sides of a sheet to a fraction of a pixel, straight or bowed, from where its paper ends."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import Pixels
from workers.steps.rectify.outline import STEP, Colours, Corners, as_colours

SIDE = 1600
"""Long side of the copy that the sides are followed on, pixels."""
BAND = 0.022
"""Of the copy's long side: how far from the straight side paper may end, both ways."""
LOOK = 5
"""Pixels of paper and of ground that are compared."""
SAMPLES = 240
"""Places along a side."""
LIKE_PAPER = 14.0
"""Colour difference (Y, Cr, Cb) at which what lies inside an edge is half-way to being no paper."""
LEAST_FITTING = 0.5
"""Share of a side's places whose edge lies on the curve; with less the side is not known well enough."""
BOWED = 0.0035
"""Of a side's length: what bows less is straight."""

Curve = NDArray[np.float64]
"""``(N, 2)`` points along a side, from corner to corner, in the flat sheet: x and y of 0..1."""


@dataclass(frozen=True, slots=True)
class Sides:
    """``corners`` as in ``Outline``. ``bows``: ``(4, 2)`` for the top, right, bottom and left side: how far it lies off the straight line
    between its corners on the flat sheet, at ``t`` of the way (from left or from above): ``t (1 - t) (p + q t)`` sheet widths or heights
    to the right or down; zeros for a flat sheet.
    """

    corners: Corners
    bows: NDArray[np.float64]

    @property
    def flat(self) -> bool:
        return not self.bows.any()


def follow(copy: Pixels, corners: Corners) -> Sides | None:
    """The sides of the sheet whose corners are known to about a hundredth of the picture; ``None`` where they can't be followed."""
    colours = as_colours(copy)
    found = [_edge(colours, corners[i], corners[(i + 1) % 4]) for i in range(4)]
    if any(edge is None for edge in found):
        return None
    edges = [edge for edge in found if edge is not None]
    refined = np.array([_meeting(edges[i - 1], edges[i]) for i in range(4)])
    if np.abs(refined - corners).max() > 3 * BAND * max(copy.shape[:2]):
        return None
    bows = np.zeros((4, 2))
    if any(edge.bow >= BOWED for edge in edges):
        to_flat = cv2.getPerspectiveTransform(refined.astype(np.float32), _SQUARE)
        for index, edge in enumerate(edges):
            flat = cv2.perspectiveTransform(edge.points.reshape(-1, 1, 2), to_flat).reshape(-1, 2)
            bows[index] = _bow(np.asarray(flat, np.float64), index)
    return Sides(refined, bows)


_SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)


@dataclass(frozen=True, slots=True)
class _Edge:
    """A side as a cubic over the chord between two rough corners: ``offset(t)`` pixels along ``normal`` at ``t`` of the way."""

    start: NDArray[np.float64]
    chord: NDArray[np.float64]
    normal: NDArray[np.float64]
    cubic: NDArray[np.float64]
    bow: float

    def at(self, t: NDArray[np.float64] | float) -> NDArray[np.float64]:
        offset = np.asarray(np.polyval(self.cubic, t))
        return self.start + np.multiply.outer(t, self.chord) + np.multiply.outer(offset, self.normal)

    @property
    def points(self) -> NDArray[np.float64]:
        return self.at(np.linspace(0.02, 0.98, 97))

    def tangent(self, t: float) -> NDArray[np.float64]:
        return self.chord + np.polyval(np.polyder(self.cubic), t) * self.normal


def _edge(colours: Colours, one: NDArray[np.float64], other: NDArray[np.float64]) -> _Edge | None:
    chord = other - one
    length = float(np.hypot(*chord))
    normal = np.array([chord[1], -chord[0]]) / length  # outwards: the corners go clockwise
    band = max(12, round(BAND * max(colours.shape[:2])))
    t = np.linspace(0.03, 0.97, SAMPLES)
    reach = np.arange(-band - LOOK, band + LOOK + 1)
    x, y = (one + t[:, None] * chord)[:, None, :].transpose(2, 0, 1) + reach[None, None, :] * normal[:, None, None]
    high, wide = colours.shape[:2]
    strip = cv2.remap(
        colours,
        (x - 0.5).astype(np.float32),
        (y - 0.5).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    seen = (x >= LOOK) & (y >= LOOK) & (x < wide - LOOK) & (y < high - LOOK)
    summed = np.concatenate([np.zeros((SAMPLES, 1, 3), np.float32), np.cumsum(strip, axis=1)], axis=1)
    width = strip.shape[1]
    places = np.arange(LOOK, width - LOOK)
    inner = (summed[:, places] - summed[:, places - LOOK]) / LOOK
    outer = (summed[:, places + 1 + LOOK] - summed[:, places + 1]) / LOOK
    paper = np.median(strip[:, :LOOK], axis=1)
    paper = np.stack([_running_median(paper[:, channel]) for channel in range(3)], axis=1)
    step = np.linalg.norm(inner - outer, axis=2)
    alike = np.exp(-0.7 * (np.linalg.norm(inner - paper[:, None], axis=2) / LIKE_PAPER) ** 2)
    worth = np.where(seen[:, places], step * alike, 0)
    best = worth.argmax(axis=1)
    sure = worth[np.arange(SAMPLES), best] >= 0.6 * STEP
    if np.count_nonzero(sure) < LEAST_FITTING * SAMPLES:
        return None
    offset = (places[best] - band - LOOK).astype(np.float64)
    straight, fitting_straight = _fitted(t[sure], offset[sure], 1)
    cubic, fitting = _fitted(t[sure], offset[sure], 3)
    middle = np.linspace(0.1, 0.9, 17)
    from_chord = np.polyval(cubic, middle) - np.interp(middle, [0, 1], [np.polyval(cubic, 0), np.polyval(cubic, 1)])
    bow = float(np.abs(from_chord).max()) / length
    if bow < BOWED or fitting < fitting_straight + 0.05:
        cubic, fitting, bow = np.concatenate([[0, 0], straight]), fitting_straight, 0.0
    if fitting * sure.mean() < LEAST_FITTING:
        return None
    return _Edge(one, chord, normal, cubic, bow)


def _fitted(t: NDArray[np.float64], offset: NDArray[np.float64], degree: int) -> tuple[NDArray[np.float64], float]:
    """(least squares with what lies off taken out again and again, share that lies within two pixels of the curve)."""
    curve = np.polyfit(t, np.asarray(_running_median(offset), np.float64), degree)
    for _ in range(6):
        off = np.abs(offset - np.polyval(curve, t))
        near = off <= max(1.5, 2.5 * float(np.median(off)))
        if np.count_nonzero(near) < 10:
            break
        curve = np.polyfit(t[near], offset[near], degree)
    return curve, float((np.abs(offset - np.polyval(curve, t)) <= 2.0).mean())


def _running_median(values: NDArray[np.floating], reach: int = 12) -> NDArray[np.floating]:
    padded = np.pad(values, reach, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1), axis=1))


def _meeting(before: _Edge, after: _Edge) -> NDArray[np.float64]:
    """Where one side ends and the next begins: Newton's steps from the rough corner."""
    s, t = 1.0, 0.0
    for _ in range(4):
        gap = after.at(t) - before.at(s)
        s_step, t_step = np.linalg.solve(np.stack([before.tangent(s), -after.tangent(t)], axis=1), gap)
        s, t = s + float(s_step), t + float(t_step)
    return after.at(t)


def _bow(points: NDArray[np.float64], index: int) -> NDArray[np.float64]:
    along, across = (points[:, 0], points[:, 1]) if index in {0, 2} else (points[:, 1], points[:, 0])
    off = across - (0.0 if index in {0, 3} else 1.0)
    shape = along * (1 - along)
    terms = np.stack([shape, shape * along], axis=1)
    return np.asarray(np.linalg.lstsq(terms, off, rcond=None)[0], np.float64)
