"""What scanners, copiers, seals and neighbours do to a line. All on float ink (1 = ink), then on grey paper.

Each wear belongs to a group, so that an ablation can leave one out (``--without seals``).
"""

from __future__ import annotations

import random

import cv2
import numpy as np
from numpy.typing import NDArray

from training.draw import EM, Drawn, Ink

Grey = NDArray[np.uint8]
GROUPS = ("neighbours", "pens", "geometry", "rules", "seals", "toner", "noise", "jpeg", "bitonal", "resolution")


def with_neighbours(line: Drawn, other: Drawn | None, rng: random.Random) -> Ink:
    """The lines above and below reach into the crop, whole or as what was left after they were wiped away."""
    ink = line.ink.copy()
    if other is None:
        return ink
    height, width = ink.shape
    leading = rng.uniform(1.0, 1.5)
    remains = rng.random() < 0.5
    for side in rng.choice(((1,), (-1,), (1, -1))):
        top = line.baseline + round(side * leading * EM) - other.baseline
        start = rng.randrange(max(1, other.ink.shape[1] - width + 1))
        y0, y1 = max(0, top), min(height, top + other.ink.shape[0])
        piece = other.ink[y0 - top : y1 - top, start : start + width]
        if y1 <= y0 or not piece.size:
            continue
        if remains:  # columns in runs, as components that were given to the wrong line
            kept = np.repeat([rng.random() < 0.25 for _ in range(piece.shape[1] // 20 + 1)], 20)[: piece.shape[1]]
            piece = piece * kept.astype(np.float32)
        ink[y0:y1, : piece.shape[1]] = np.maximum(ink[y0:y1, : piece.shape[1]], piece)
    return ink


def initialled(line: Drawn, rng: random.Random) -> Drawn:
    """A clerk's pen behind the line's end: the initials and page counts that follow *Lưu: VT*; they are no text of the line.

    Always wider than a full stop or comma, which must go on being read.
    """
    room = round(rng.uniform(1.2, 2.5) * EM)
    ink = cv2.copyMakeBorder(line.ink, 0, 0, 0, room, cv2.BORDER_CONSTANT, value=0)
    tall = rng.uniform(0.5, 1.1) * EM
    left = line.ink.shape[1] - EM + rng.uniform(0.0, 0.5) * EM
    top = line.baseline + rng.uniform(-0.7, 0.1) * EM
    thick, dark = rng.randint(2, 6), rng.uniform(0.6, 1.0)
    for _ in range(rng.randint(2, 4)):
        wide = rng.uniform(0.4, 1.3) * tall
        knots = [(left + rng.random() * wide, top + rng.random() * tall) for _ in range(rng.randint(4, 6))]
        cv2.polylines(ink, [_smooth(knots)], False, dark, thick, cv2.LINE_AA)
        left += wide * rng.uniform(0.7, 1.3)
        if left > ink.shape[1] - EM / 2:
            break
    return Drawn(np.asarray(ink, np.float32), line.baseline, line.own)


def _smooth(knots: list[tuple[float, float]]) -> NDArray[np.int32]:
    """Points of the quadratic B-spline of ``knots``: a stroke as a hand makes it."""
    points = np.array([knots[0], *knots, knots[-1]], np.float32)
    at = np.linspace(0, 1, 8, dtype=np.float32)[:, None]
    pieces = [
        ((1 - at) ** 2 * a + (-2 * at**2 + 2 * at + 1) * b + at**2 * c) / 2
        for a, b, c in zip(points, points[1:], points[2:], strict=False)
    ]
    return np.concatenate(pieces).round().astype(np.int32)


def bent(ink: Ink, baseline: int, rng: random.Random) -> tuple[Ink, float]:
    """(tilted, sheared, stretched and slightly waved ink, horizontal stretch)."""
    height, width = ink.shape
    tilt = max(-0.012, min(0.012, rng.gauss(0, 0.004)))
    tilt = max(-0.13 * EM / width * 2, min(0.13 * EM / width * 2, tilt))
    shear, stretch = rng.gauss(0, 0.045), rng.uniform(0.86, 1.16)
    matrix = np.array([[stretch, shear, -shear * baseline], [tilt, 1.0, -tilt * width / 2]], np.float32)
    out = cv2.warpAffine(ink, matrix, (int(width * stretch) + 2, height), flags=cv2.INTER_LINEAR)
    if rng.random() < 0.15:
        wave = np.sin(np.arange(out.shape[1]) / rng.uniform(80, 400) + rng.uniform(0, 6)) * rng.uniform(0.5, 2.5)
        ys, xs = np.mgrid[0 : out.shape[0], 0 : out.shape[1]].astype(np.float32)
        out = cv2.remap(out, xs, ys + wave.astype(np.float32), cv2.INTER_LINEAR)
    return np.asarray(out, np.float32), stretch


def ruled(ink: Ink, baseline: int, rng: random.Random) -> Ink:
    """An underline, or the gap it left, a table rule's remains at an edge of the crop, or a stray pen stroke."""
    height, width = ink.shape
    kind, thick = rng.random(), rng.randint(2, 5)
    if kind < 0.2:  # an underline that was taken out, and what it took along of the letters' feet
        y = baseline + rng.randint(4, 14)
        ink[y : y + rng.randint(3, 8)] = 0
    elif kind < 0.4:
        y = baseline + rng.randint(5, 14)
        x0, x1 = (
            (rng.randrange(width // 2), rng.randrange(width // 2, width))
            if rng.random() < 0.5
            else (EM // 2, width - EM)
        )
        cv2.line(ink, (x0, y), (max(x0 + 8, x1), y), rng.uniform(0.5, 1.0), thick)
    elif kind < 0.6:
        x = rng.choice((rng.randint(0, EM // 2), width - 1 - rng.randint(0, EM)))
        y0 = rng.randrange(height)
        cv2.line(ink, (x, y0), (x, min(height, y0 + rng.randint(10, height))), rng.uniform(0.4, 1.0), thick)
    elif kind < 0.8:
        y = rng.choice((rng.randint(0, EM // 3), height - 1 - rng.randint(0, EM // 3)))
        x0 = rng.randrange(width)
        cv2.line(ink, (x0, y), (x0 + rng.randint(20, 400), y), rng.uniform(0.4, 1.0), thick)
    else:
        x, y = rng.randrange(width), rng.randrange(height)
        points = [(x, y)]
        for _ in range(rng.randint(2, 6)):
            points.append((points[-1][0] + rng.randint(-50, 50), points[-1][1] + rng.randint(-35, 35)))
        cv2.polylines(ink, [np.array(points, np.int32)], False, rng.uniform(0.3, 0.9), rng.randint(2, 4), cv2.LINE_AA)
    return ink


def sealed(ink: Ink, rng: random.Random) -> tuple[Ink, Ink]:
    """(ink washed out where a red seal crossed it, what max(R, G, B) left of the seal itself)."""
    height, width = ink.shape
    mark = np.zeros((height, width), np.float32)
    radius = rng.uniform(1.5, 5) * height
    cx, cy = rng.uniform(0, width), rng.uniform(-radius, radius + height)
    for _ in range(rng.randint(1, 3)):
        cv2.circle(mark, (int(cx), int(cy)), int(radius), rng.uniform(0.2, 0.7), max(1, height // 14), cv2.LINE_AA)
        radius *= rng.uniform(0.75, 0.95)
    if rng.random() < 0.5:
        for _ in range(rng.randint(2, 12)):
            x, y = int(cx + rng.uniform(-radius, radius)), rng.randrange(height)
            cv2.line(
                mark,
                (x, y),
                (x + rng.randint(-8, 8), y + rng.randint(-12, 12)),
                rng.uniform(0.2, 0.7),
                max(1, height // 16),
                cv2.LINE_AA,
            )
    blurred = np.asarray(cv2.GaussianBlur(mark, (0, 0), 0.8), np.float32)
    washed = ink * (1 - blurred * rng.uniform(0, 1.0))
    return washed.astype(np.float32), (blurred * rng.uniform(0.05, 0.7)).astype(np.float32)


def uneven(ink: Ink, rng: random.Random, numbers: np.random.Generator) -> Ink:
    """Toner that did not hold everywhere."""
    height, width = ink.shape
    cell = rng.choice((3, 6, 12))
    field = numbers.normal(1, rng.uniform(0.05, 0.3), (max(2, height // cell), max(2, width // cell))).astype(
        np.float32
    )
    smooth = cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(ink * np.clip(smooth, 0.15, 1.3), np.float32)


def on_paper(ink: Ink, seal: Ink | None, rng: random.Random, numbers: np.random.Generator, *, noisy: bool) -> Ink:
    """Grey paper 0..255 (float) with the ink on it; with noise, an uneven background and specks if ``noisy``."""
    height, width = ink.shape
    dark = rng.uniform(0, 70) if rng.random() < 0.7 else rng.uniform(40, 150)
    paper = max(rng.uniform(195, 255), dark + 60)
    grey = paper - (paper - dark) * np.clip(ink, 0, 1)
    if seal is not None:
        grey = np.minimum(grey, paper - (paper - dark) * seal)
    if not noisy:
        return np.asarray(grey, np.float32)
    if rng.random() < 0.3:
        field = numbers.normal(0, rng.uniform(3, 14), (2, max(2, width // 60))).astype(np.float32)
        grey = grey + cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.6:
        grain = numbers.standard_normal((height, width), dtype=np.float32)
        if rng.random() < 0.4:
            grain = cv2.GaussianBlur(grain, (0, 0), rng.uniform(0.5, 1.2)) * 1.6
        grey = grey + grain * abs(rng.gauss(0, 11))
    if rng.random() < 0.12:
        chance = numbers.random((height, width), dtype=np.float32)
        share = rng.uniform(0.0005, 0.012)
        grey[chance < share] = rng.uniform(0, 90)
        grey[chance > 1 - share] = 255
    return np.asarray(grey, np.float32)


def as_jpeg(grey: Grey, rng: random.Random) -> Grey:
    quality = rng.randint(18, 60) if rng.random() < 0.35 else rng.randint(60, 92)
    _, coded = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)


def as_bitonal(grey: Grey, rng: random.Random) -> Grey:
    """A 1-bit copy at a threshold that was not set with care; sometimes with ragged edges."""
    low, high = float(grey.min()), float(np.percentile(grey, 80))
    cut = high - (high - low) * min(0.75, max(0.2, rng.gauss(0.45, 0.12)))
    return np.where(grey > cut, np.uint8(255), np.uint8(0))


def sharpened(grey: Grey, rng: random.Random) -> Grey:
    share = rng.uniform(0.5, 1.5)
    return np.asarray(cv2.addWeighted(grey, 1 + share, cv2.GaussianBlur(grey, (0, 0), 1), -share, 0), np.uint8)
