"""Ink that people put on paper: round seals, signatures, handwritten digits, rubber stamps. All drawn, nothing copied.

The seal shows a star in a gear, not the state's emblem, and only names of places that do not exist.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from sample_scans.layout.fonts import font

Grey = NDArray[np.uint8]
Point = tuple[float, float]
Colour = tuple[int, int, int]

COLOURS: dict[str, Colour] = {
    "print": (28, 28, 32),
    "pen": (24, 52, 150),
    "black_pen": (34, 34, 44),
    "seal": (214, 36, 48),
    "violet": (92, 50, 140),
    "frame": (178, 96, 88),
    "pale": (236, 170, 168),
}
_FINE = 3  # marks are drawn this many times larger, then reduced

# Skeletons of handwritten digits: strokes of points in a unit box, y down.
_DIGITS: dict[str, list[list[Point]]] = {
    "0": [[(0.6, 0.04), (0.2, 0.2), (0.08, 0.6), (0.3, 0.97), (0.7, 0.85), (0.88, 0.4), (0.65, 0.05), (0.5, 0.06)]],
    "1": [[(0.25, 0.28), (0.55, 0.03), (0.5, 0.5), (0.42, 1.0)]],
    "2": [[(0.12, 0.25), (0.4, 0.02), (0.78, 0.2), (0.6, 0.55), (0.1, 0.96), (0.5, 0.9), (0.92, 0.97)]],
    "3": [[(0.15, 0.12), (0.55, 0.02), (0.78, 0.24), (0.42, 0.46), (0.82, 0.66), (0.6, 0.98), (0.1, 0.88)]],
    "4": [[(0.55, 0.03), (0.3, 0.4), (0.08, 0.66), (0.5, 0.64), (0.95, 0.6)], [(0.72, 0.36), (0.66, 0.7), (0.6, 1.0)]],
    "5": [
        [(0.3, 0.06), (0.26, 0.42), (0.62, 0.4), (0.86, 0.68), (0.55, 0.98), (0.1, 0.9)],
        [(0.28, 0.06), (0.88, 0.03)],
    ],
    "6": [[(0.75, 0.03), (0.3, 0.3), (0.1, 0.7), (0.4, 0.98), (0.78, 0.78), (0.55, 0.52), (0.16, 0.7)]],
    "7": [[(0.1, 0.08), (0.5, 0.06), (0.9, 0.04), (0.6, 0.5), (0.4, 1.0)], [(0.32, 0.52), (0.8, 0.48)]],
    "8": [[(0.75, 0.14), (0.4, 0.03), (0.22, 0.26), (0.7, 0.62), (0.5, 0.97), (0.14, 0.8), (0.5, 0.45), (0.78, 0.14)]],
    "9": [[(0.8, 0.22), (0.45, 0.04), (0.16, 0.3), (0.45, 0.52), (0.8, 0.22), (0.74, 0.6), (0.5, 1.0)]],
}


@dataclass(frozen=True, slots=True)
class Mark:
    """Ink that is not black print. ``coverage``: uint8 (h, w), 255 = full; placed with its top left at (x, y) pixels."""

    x: int
    y: int
    coverage: Grey
    colour: Colour
    kind: str  # seal | signature | stamp | hand | print | frame | qr

    @property
    def box(self) -> tuple[float, float, float, float]:
        height, width = self.coverage.shape
        return (self.x, self.y, self.x + width, self.y + height)


def spline(points: list[Point], per_span: int = 10) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    if len(points) < 3:
        return points
    knots = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for a, b, c, d in zip(knots, knots[1:], knots[2:], knots[3:], strict=False):
        for step in range(per_span):
            t = step / per_span
            curve.append(
                (
                    _catmull(a[0], b[0], c[0], d[0], t),
                    _catmull(a[1], b[1], c[1], d[1], t),
                )
            )
    curve.append(points[-1])
    return curve


def _catmull(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t)


def _stroke(canvas: Grey, curve: list[Point], thickness: list[int]) -> None:
    """Draws a curve segment by segment; points in pixels of the canvas. Integer arithmetic inside OpenCV."""
    shift = 4
    fixed = [(round(x * 16), round(y * 16)) for x, y in curve]
    for (start, end), width in zip(itertools.pairwise(fixed), thickness, strict=False):
        cv2.line(canvas, start, end, 255, width, cv2.LINE_AA, shift)


def handwritten(digits: str, em_px: float, rng: Random, x: int, baseline: int, colour: str = "pen") -> Mark:
    """Digits in a hand; ``em_px`` is the size of the print beside them. Cropped to its ink."""
    height, advance = em_px * 0.86, em_px * 0.62
    pad = round(em_px * 0.3)
    canvas: Grey = np.zeros((round(height) + 2 * pad, round(advance * len(digits)) + 2 * pad), np.uint8)
    thick = max(1, round(em_px / 16))
    slant = rng.uniform(0.08, 0.28)
    for index, digit in enumerate(digits):
        lift = rng.uniform(-0.07, 0.07) * height
        scale = rng.uniform(0.9, 1.12)
        for stroke in _DIGITS[digit]:
            points = [
                (
                    pad + advance * (index + 0.08 + 0.78 * (px + slant * (1 - py) + rng.uniform(-0.04, 0.04)) * 0.85),
                    pad + lift + height * (1 - scale * (1 - py - rng.uniform(-0.03, 0.03))),
                )
                for px, py in stroke
            ]
            curve = spline(points)
            _stroke(canvas, curve, [thick + (rng.random() < 0.25) for _ in curve])
    return _cropped(canvas, x - pad, baseline - round(height) - pad, COLOURS[colour], "hand")


def signature(width_px: float, rng: Random, x: int, y: int, colour: str = "pen") -> Mark:
    """A signature about ``width_px`` wide whose middle left is at (x, y): letters, loops, and a long last stroke."""
    height = width_px * rng.uniform(0.26, 0.4)
    pad = round(width_px * 0.25)
    canvas: Grey = np.zeros((round(height * 2) + 2 * pad, round(width_px * 1.3) + 2 * pad), np.uint8)
    middle = pad + height
    bumps = rng.randint(5, 8)
    points: list[Point] = [(pad, middle + rng.uniform(-0.1, 0.3) * height)]
    for index in range(bumps):
        across = pad + width_px * 0.8 * (index + 0.6) / bumps
        fall = 1 - 0.55 * index / bumps
        points.append((across + rng.uniform(-0.02, 0.1) * width_px, middle - rng.uniform(0.2, 0.95) * height * fall))
        if rng.random() < 0.4:  # a loop back
            points.append((across - rng.uniform(0.04, 0.14) * width_px, middle - rng.uniform(0.0, 0.3) * height))
        points.append((across + rng.uniform(0.0, 0.07) * width_px, middle + rng.uniform(0.05, 0.7) * height * fall))
    points.append((pad + width_px * rng.uniform(0.9, 1.25), middle - rng.uniform(0.1, 0.6) * height))
    strokes = [points]
    if rng.random() < 0.65:  # the stroke under it
        tilt = rng.uniform(-0.5, -0.05) * height
        low = middle + rng.uniform(0.45, 0.8) * height
        strokes.append(
            [(pad + width_px * 0.1, low), (pad + width_px * 0.5, low + tilt / 3), (pad + width_px * 1.2, low + tilt)]
        )
    base = max(2, round(width_px / 115))
    for stroke in strokes:
        curve = spline(stroke, 14)
        steps = [math.hypot(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(curve)]
        fast = sorted(steps)[len(steps) * 2 // 3]
        _stroke(canvas, curve, [base if step > fast else base + 1 for step in steps])
    return _cropped(canvas, x - pad, round(y - middle), COLOURS[colour], "signature")


def _cropped(canvas: Grey, x: int, y: int, colour: Colour, kind: str) -> Mark:
    rows, columns = np.flatnonzero(canvas.any(axis=1)), np.flatnonzero(canvas.any(axis=0))
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    return Mark(x + left, y + top, np.ascontiguousarray(canvas[top:bottom, left:right]), colour, kind)


def _arc_text(
    image: Image.Image, text: str, radius: float, size: float, middle: float, span: float, *, top: bool
) -> None:
    """Letters along a circle about the image's centre, spread over ``span`` degrees about ``middle`` (0 = up)."""
    used = font("Arimo", True, False, size)
    advances = [used.getlength(letter) for letter in text]
    total = sum(advances)
    span = min(span, math.degrees(total * 1.12 / radius))
    centre, cell = image.width / 2, round(size * 2.2)
    along = 0.0
    for letter, advance in zip(text, advances, strict=True):
        part = (along + advance / 2) / total - 0.5
        along += advance
        degrees = middle + (span * part if top else -span * part)
        glyph = Image.new("L", (cell, cell), 0)
        ImageDraw.Draw(glyph).text((cell / 2, cell / 2), letter, fill=255, font=used, anchor="mm")
        glyph = glyph.rotate(-degrees if top else 180 - degrees, Image.Resampling.BILINEAR)
        angle = math.radians(degrees)
        place = (
            round(centre + radius * math.sin(angle) - cell / 2),
            round(centre - radius * math.cos(angle) - cell / 2),
        )
        region = (place[0], place[1], place[0] + cell, place[1] + cell)
        image.paste(ImageChops.lighter(image.crop(region), glyph), place)


def star(centre: float, radius: float, points: int = 5, inner: float = 0.4) -> list[Point]:
    """The corners of a star about (centre, centre), pixels."""
    corners: list[Point] = []
    for index in range(points * 2):
        reach = radius if index % 2 == 0 else radius * inner
        angle = math.pi * index / points
        corners.append((centre + reach * math.sin(angle), centre - reach * math.cos(angle)))
    return corners


def seal(upper: str, lower: str, diameter_px: float, rng: Random, x: float, y: float) -> Mark:
    """A round red seal (TT 01: upper half over the body's name, lower over its place), centred at (x, y) pixels.

    Inked unevenly and turned a little, as a hand presses it.
    """
    size = round(diameter_px) * _FINE
    image = Image.new("L", (size + 4 * _FINE, size + 4 * _FINE), 0)
    draw = ImageDraw.Draw(image)
    centre, radius = image.width / 2, size / 2
    pen = max(2, round(size / 75))
    for reach, width in ((1.0, pen * 2), (0.94, pen - 1), (0.62, pen)):
        box = (centre - radius * reach, centre - radius * reach, centre + radius * reach, centre + radius * reach)
        draw.ellipse(box, outline=255, width=width)
    for text, middle, span in ((upper, 0, 224), (lower, 180, 92)):
        letter = radius * 0.215
        wanted = font("Arimo", True, False, letter).getlength(text)
        letter *= min(1.0, math.radians(span) * radius * 0.775 / wanted)
        _arc_text(image, text, radius * 0.775, letter, middle, span, top=middle == 0)
    for side in (-1, 1):
        angle = math.radians(123)
        spot = (centre + side * radius * 0.775 * math.sin(angle), centre - radius * 0.775 * math.cos(angle))
        shift = (spot[0] - centre, spot[1] - centre)
        draw.polygon([(px + shift[0], py + shift[1]) for px, py in star(centre, radius * 0.07)], fill=255)
    draw.polygon(star(centre, radius * 0.54, 24, 0.9), outline=255, width=pen)
    draw.ellipse(
        [centre - radius * 0.4, centre - radius * 0.4, centre + radius * 0.4, centre + radius * 0.4],
        outline=255,
        width=pen,
    )
    draw.polygon(star(centre, radius * 0.26), fill=255)
    for index in range(9):  # rays under the star, so that the middle is not empty
        angle = math.radians(130 + index * 12.5)
        for reach in (0.31, 0.35):
            spot = (centre + radius * reach * math.sin(angle), centre - radius * reach * math.cos(angle))
            draw.ellipse((spot[0] - pen, spot[1] - pen, spot[0] + pen, spot[1] + pen), fill=255)
    image = image.rotate(rng.uniform(-14, 14), Image.Resampling.BILINEAR).reduce(_FINE)
    coverage = _uneven(np.asarray(image), rng, floor=150)
    return Mark(round(x - image.width / 2), round(y - image.height / 2), coverage, COLOURS["seal"], "seal")


def _uneven(coverage: Grey, rng: Random, floor: int) -> Grey:
    """Ink that took better here and worse there: coverage times a soft random field between ``floor`` and 255."""
    height, width = coverage.shape
    coarse = Image.frombytes("L", (9, 9), bytes(rng.randint(floor, 255) for _ in range(81)))
    field = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC)).astype(np.uint16)
    grain = np.frombuffer(rng.randbytes(height * width), np.uint8).reshape(height, width)
    worn = coverage.astype(np.uint16) * field // 255
    worn = np.where(grain < 18, worn // 2, worn)
    return np.asarray(Image.fromarray(worn.astype(np.uint8)).filter(ImageFilter.BoxBlur(0.5)))


def rubber_stamp(lines: list[str], width_px: float, rng: Random, x: int, y: int, colour: str = "violet") -> Mark:
    """A framed rubber stamp of capital lines, tilted a little; its top left near (x, y) pixels."""
    size = width_px * _FINE / 9.5
    height = round(size * 1.5 * len(lines) + size * 0.9)
    image = Image.new("L", (round(width_px) * _FINE, height), 0)
    draw = ImageDraw.Draw(image)
    draw.rectangle((3, 3, image.width - 4, image.height - 4), outline=255, width=2 * _FINE)
    for index, line in enumerate(lines):
        used = font("Arimo", True, False, size)
        room = image.width * 0.92 / used.getlength(line)
        if room < 1:
            used = font("Arimo", True, False, size * room)
        draw.text((image.width / 2, size * (1.2 + 1.5 * index)), line, fill=255, font=used, anchor="mm")
    image = image.rotate(rng.uniform(-2.5, 2.5), Image.Resampling.BILINEAR, expand=True).reduce(_FINE)
    return Mark(x, y, _uneven(np.asarray(image), rng, floor=120), COLOURS[colour], "stamp")


def framed_word(word: str, em_px: float, rng: Random, x: int, y: int, colour: str = "seal") -> Mark:
    """A stamp of one or two words with a frame close round them (secrecy, urgency), letters of ``em_px``; top left near (x, y)."""
    size = em_px * _FINE
    used = font("Tinos", True, False, round(size, 2))
    image = Image.new("L", (round(used.getlength(word) + size * 0.9), round(size * 1.55)), 0)
    draw = ImageDraw.Draw(image)
    draw.rectangle((3, 3, image.width - 4, image.height - 4), outline=255, width=round(size / 12))
    draw.text((image.width / 2, image.height * 0.53), word, fill=255, font=used, anchor="mm")
    turned = image.rotate(rng.uniform(-4, 4), Image.Resampling.BILINEAR, expand=True).reduce(_FINE)
    return Mark(x, y, _uneven(np.asarray(turned), rng, floor=120), COLOURS[colour], "stamp")


def plain_patch(width_px: float, height_px: float, depth: int = 150) -> Grey:
    """An even patch of ink: where a portrait was glued, without one."""
    return np.full((round(height_px), round(width_px)), depth, np.uint8)
