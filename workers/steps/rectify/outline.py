"""The outline of a sheet of paper in a photo, told on a small copy: four straight lines with paper inside and something else outside.

Print is closed over first, so that only what is larger than letters has edges. Lines come from the line segment detector of Grompone von
Gioi, Jakubowicz, Morel and Randall (IEEE PAMI 32(4), 2010); every quadrangle of the longest lines is judged by how much of each of its
sides has a step of colour across it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.page import Pixels
from workers.steps.copies import grey_of

SIDE = 640
"""Long side of the small copy, pixels."""
PRINT = 9
"""Letters of the small copy are narrower than this."""
LINES = 26
"""So many of the longest lines make quadrangles."""
SHORTEST = 0.06
"""Of the copy's long side: the shortest segment that counts."""
GRADIENTS = (2.0, 0.7)
"""Grey levels by which the line detector takes gradients to be off: its authors' two, and, where no sheet was found so, fewer: a sheet
on a white table steps by ten over several pixels, and among wood grain so fine a detector loses the long lines."""
NEAR, TURN = 3.5, 3.0
"""Pixels and degrees within which segments lie on one line."""
REACH = 4
"""Pixels on both sides of a line between which the colour must step."""
STEP = 7.0
"""Colour difference (Euclidean, of Y, Cr and Cb) that is a step."""
AREA = (0.15, 0.985)
"""Of the picture."""
OUTSIDE = 0.02
"""Of the copy's long side: how far a corner may lie outside the picture."""
LEAST_SIDE, LEAST_MEAN = 0.55, 0.78
"""Shares of the sides along which the colour steps: the worst side's and the mean of the four."""
CHECKED = 24
"""So many of the best quadrangles are looked into."""
PAPER_SHARE, PAPER_SIDE = 0.7, 0.6
"""Of the quadrangle, and of the strip along each of its sides, that is as light as the paper around it and of its colour."""
BAND = 5
"""Width of that strip, of 58."""
PAPER_LIGHTNESS, PAPER_CHROMA = 65.0, 32.0
"""Y, and length of (Cr, Cb): darker, or more coloured, is no paper."""
INK = (0.002, 0.35)
"""Share of the quadrangle that is thin and dark: what is written."""

Corners = NDArray[np.float64]
"""``(4, 2)``: x and y of the corners, clockwise on the screen from the one that is nearest to the top left."""

Colours = NDArray[np.float32]
"""``(H, W, 3)``: see ``as_colours``."""


@dataclass(frozen=True, slots=True)
class Outline:
    """``corners`` in pixels of the picture (edges, not centres). ``coverage``: of the worst side and the mean, 0..1."""

    corners: Corners
    worst: float
    mean: float


def find_outline(small: Pixels) -> Outline | None:
    """The sheet in a picture of about ``SIDE`` pixels, uint8 ``(H, W, 3)`` RGB or ``(H, W)``."""
    plain = without_print(small)
    for gradient in GRADIENTS:
        found = _best(small, plain, gradient)
        if found is not None:
            return found
    return None


def _best(small: Pixels, plain: Pixels, gradient: float) -> Outline | None:
    colours = as_colours(plain)
    lines = _lines(plain, gradient)
    if len(lines) < 4:
        return None
    quads, cover = _quadrangles(lines, colours)
    if not len(quads):
        return None
    worst, mean = cover.min(axis=1), cover.mean(axis=1)
    area = np.array([abs(_area(quad)) for quad in quads]) / (small.shape[0] * small.shape[1])
    worth = (mean + 0.5 * worst) * area**0.3
    best: tuple[float, Outline] | None = None
    ground = grey_of(plain).astype(np.int16)
    ink = (ground - grey_of(small)) > 0.18 * ground
    for index in np.argsort(-worth)[:CHECKED]:
        if best is not None and worth[index] <= best[0]:
            break
        if is_paper(colours, ink.astype(np.uint8), quads[index]):
            best = float(worth[index]), Outline(quads[index], float(worst[index]), float(mean[index]))
    return best[1] if best else None


def without_print(pixels: Pixels, size: int = PRINT) -> Pixels:
    """Dark strokes narrower than ``size`` become the ground around them."""
    closed = cv2.morphologyEx(pixels, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    return np.asarray(cv2.medianBlur(np.asarray(closed, np.uint8), 5), np.uint8)


def as_colours(pixels: Pixels) -> Colours:
    """Lightness of 0..255 and two colour differences about 0 (Y, Cr, Cb of ITU-R BT.601)."""
    rgb = pixels if pixels.ndim == 3 else cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB)
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb), np.float32) - np.array([0, 128, 128], np.float32)


def _lines(plain: Pixels, gradient: float) -> NDArray[np.float64]:
    """Rows of ``(nx, ny, c)``: unit normal and distance, ``nx x + ny y = c``; the longest ``LINES``."""
    long_side = max(plain.shape[:2])
    found = []
    channels = [plain] if plain.ndim == 2 else cv2.split(np.asarray(cv2.cvtColor(plain, cv2.COLOR_RGB2YCrCb), np.uint8))
    for index, channel in enumerate(channels):
        # Colour differs less than brightness does: stretched, so that the detector's own threshold finds it.
        sharp = channel if index == 0 else cv2.convertScaleAbs(channel, alpha=2.0, beta=-128)
        segments = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD, 0.8, 0.6, gradient).detect(
            np.asarray(sharp, np.uint8)
        )[0]
        if segments is not None:
            found.append(np.asarray(segments, np.float64).reshape(-1, 4))
    if not found:
        return np.zeros((0, 3))
    segments = np.concatenate(found)
    length = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    keep = length >= SHORTEST * long_side
    return _joined(segments[keep], length[keep])


def _joined(segments: NDArray[np.float64], length: NDArray[np.float64]) -> NDArray[np.float64]:
    """Segments on one line made that line: total least squares through their ends, weighted by length."""
    left = np.argsort(-length)
    lines, total = [], []
    turn = np.cos(np.radians(TURN))
    while len(left):
        x0, y0, x1, y1 = segments[left[0]]
        normal = np.array([y0 - y1, x1 - x0]) / length[left[0]]
        c = float(normal @ np.array([(x0 + x1) / 2, (y0 + y1) / 2]))
        ends = segments[left].reshape(-1, 2, 2)
        along = (ends[:, 1] - ends[:, 0]) / length[left, None]
        for _ in range(2):
            off = np.abs(ends @ normal - c).max(axis=1)
            mine = (off <= NEAR) & (np.abs(along @ np.array([normal[1], -normal[0]])) >= turn)
            mine[0] = True
            points, weight = ends[mine].reshape(-1, 2), np.repeat(length[left][mine], 2)
            middle = (points * weight[:, None]).sum(axis=0) / weight.sum()
            spread = ((points - middle) * weight[:, None]).T @ (points - middle)
            normal = np.linalg.eigh(spread)[1][:, 0]
            c = float(normal @ middle)
        lines.append((*normal, c))
        total.append(float(length[left][mine].sum()))
        left = left[~mine]
        if len(lines) >= 3 * LINES:
            break
    order = np.argsort(-np.array(total))[:LINES]
    return np.array(lines)[order]


def _quadrangles(lines: NDArray[np.float64], colours: Colours) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(``(N, 4, 2)`` corners, ``(N, 4)`` shares of each side along which the colour steps) of those that may be a sheet."""
    high, wide = colours.shape[:2]
    profiles = [_Profile(line, colours) for line in lines]
    angle = np.arctan2(lines[:, 1], lines[:, 0])
    pairs = [(i, j) for i, j in combinations(range(len(lines)), 2) if _apart(angle[i], angle[j]) < np.radians(35)]
    room = OUTSIDE * max(high, wide)
    quads, cover = [], []
    low, top = np.array([-room, -room]), np.array([wide + room, high + room])
    meeting = _meetings(lines)
    for (i, j), (k, m) in combinations(pairs, 2):
        if len({i, j, k, m}) < 4 or _apart(angle[i], angle[k]) < np.radians(40):
            continue
        corners = meeting[[i, i, j, j], [k, m, m, k]]
        if not (np.isfinite(corners).all() and (corners >= low).all() and (corners <= top).all()):
            continue
        area = abs(_area(corners)) / (high * wide)
        if not AREA[0] <= area <= AREA[1] or not _convex(corners):
            continue
        shares = [
            profiles[line].share(corners[a], corners[b]) for line, a, b in ((i, 0, 1), (m, 1, 2), (j, 2, 3), (k, 3, 0))
        ]
        if min(shares) >= LEAST_SIDE and sum(shares) / 4 >= LEAST_MEAN:
            quads.append(in_order(corners))
            cover.append(shares)
    return np.array(quads), np.array(cover)


def _meetings(lines: NDArray[np.float64]) -> NDArray[np.float64]:
    """``(N, N, 2)``: where each two meet; infinite for parallels."""
    n, c = lines[:, :2], lines[:, 2]
    across = n[:, None, 0] * n[None, :, 1] - n[:, None, 1] * n[None, :, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        x = (c[:, None] * n[None, :, 1] - c[None, :] * n[:, None, 1]) / across
        y = (n[:, None, 0] * c[None, :] - n[None, :, 0] * c[:, None]) / across
    out = np.stack([x, y], axis=-1)
    out[np.abs(across) < 1e-3] = np.inf
    return np.asarray(out, np.float64)


class _Profile:
    """Where along a line the colour steps, summed up so that any stretch of it is told at once."""

    def __init__(self, line: NDArray[np.float64], colours: Colours) -> None:
        high, wide = colours.shape[:2]
        normal, self._along = line[:2], np.array([-line[1], line[0]])
        reach = int(np.hypot(high, wide))
        count = 2 * reach + 1
        points = normal * line[2] + self._along * np.arange(-reach, reach + 1)[:, None]
        self._origin = -reach
        step = np.zeros(count, np.float32)
        seen = np.zeros(count, np.bool_)
        for shift in (-1.0, 0.0, 1.0):
            one, other = points + (shift - REACH) * normal, points + (shift + REACH) * normal
            both = _within(one, high, wide) & _within(other, high, wide)
            far = np.linalg.norm(_at(colours, one[both]) - _at(colours, other[both]), axis=1)
            step[both] = np.maximum(step[both], far)
            seen |= both
        self._steps = np.concatenate([[0], np.cumsum(step >= STEP)])
        self._seen = np.concatenate([[0], np.cumsum(seen)])

    def share(self, one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
        """Of the stretch between two points of the line that lies in the picture; 0 when less than 0.8 of it does."""
        a, b = sorted((float(one @ self._along), float(other @ self._along)))
        first, last = round(a - self._origin), round(b - self._origin)
        if last - first < 10 or first < 0 or last >= len(self._steps):
            return 0.0
        seen = int(self._seen[last] - self._seen[first])
        return int(self._steps[last] - self._steps[first]) / seen if seen >= 0.8 * (last - first) else 0.0


def _within(points: NDArray[np.float64], high: int, wide: int) -> NDArray[np.bool_]:
    x, y = points[:, 0], points[:, 1]
    return np.asarray((x >= 0) & (y >= 0) & (x <= wide - 1) & (y <= high - 1), np.bool_)


def _at(colours: Colours, points: NDArray[np.float64]) -> Colours:
    where = np.rint(points).astype(np.intp)
    return np.asarray(colours[where[:, 1], where[:, 0]], np.float32)


def is_paper(colours: Colours, ink: Pixels, corners: Corners) -> bool:
    """Whether the quadrangle is as light as paper, of one colour but for shadows, and written on."""
    size = 64
    square = np.array([[0, 0], [size, 0], [size, size], [0, size]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), square)
    flat = np.asarray(cv2.warpPerspective(colours, matrix, (size, size), borderMode=cv2.BORDER_REPLICATE), np.float32)
    inner = flat[3:-3, 3:-3]
    light, a, b = cv2.split(inner)
    around = cv2.blur(light, (15, 15))
    middle = np.array([np.median(a), np.median(b)])
    off = np.hypot(a - middle[0], b - middle[1])
    paper = (np.abs(light - around) <= 14) & (off <= 9)
    written = float(np.asarray(cv2.warpPerspective(ink * 255, matrix, (4 * size, 4 * size)), np.float32).mean()) / 255
    sides = (paper[:BAND], paper[-BAND:], paper[:, :BAND], paper[:, -BAND:])
    return bool(
        float(paper.mean()) >= PAPER_SHARE
        and min(float(side.mean()) for side in sides) >= PAPER_SIDE
        and float(np.median(light)) >= PAPER_LIGHTNESS
        and float(np.hypot(*middle)) <= PAPER_CHROMA
        and INK[0] <= written <= INK[1]
    )


def in_order(corners: Corners) -> Corners:
    """Clockwise on the screen, from the corner nearest to the top left."""
    around = corners - corners.mean(axis=0)
    clockwise = corners[np.argsort(np.arctan2(around[:, 1], around[:, 0]))]
    return np.asarray(np.roll(clockwise, -int(np.argmin(clockwise.sum(axis=1))), axis=0), np.float64)


def _area(corners: Corners) -> float:
    x, y = corners.T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) / 2


def _convex(corners: Corners) -> bool:
    """No corner sharper than 40 degrees or blunter than 140, all turning one way."""
    to_next = np.roll(corners, -1, axis=0) - corners
    to_next /= np.maximum(np.linalg.norm(to_next, axis=1, keepdims=True), 1e-9)
    before = np.roll(to_next, 1, axis=0)
    turn = before[:, 0] * to_next[:, 1] - before[:, 1] * to_next[:, 0]
    return bool((np.abs(turn) > np.sin(np.radians(40))).all() and (np.sign(turn) == np.sign(turn[0])).all())


def _apart(one: float, other: float) -> float:
    """Radians between two undirected lines, 0..pi/2."""
    away = abs(one - other) % np.pi
    return float(min(away, np.pi - away))
