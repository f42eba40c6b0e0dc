"""Strings of digits as they stand in the slots of scanned papers, written by one hand and with one pen, and shown to the net as the product
shows it a slot: ``workers.ocr.slots.pen_frame``.

One string in ten is no number: letters, scribbles, digits struck out. Strings may have scraps of the print beside the slot at their sides and a
dotted line under them. Paper comes in 100 to 400 dpi, ink blurred, thinned, thickened, thresholded or compressed.
"""

from __future__ import annotations

import math
import random
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from training.fonts import FAMILIES
from training.pens.sources import LIFTED, Digits
from training.pens.strokes import smooth, strokes
from workers.ocr.slots.pen_frame import View, frame
from workers.page import Pixels

SIZE = 48
"""Pixels that a digit is drawn high, before the scan."""
LETTERS = "abcdeghkmnprtuvwxyđABCDEFGHKLMNPRTUVXYĐ-/+&("
"""None that a digit may look like."""
LENGTHS = (1, 2, 3, 4, 5)
WEIGHTS = (10, 48, 29, 10, 3)
PEN, ROUGH = (0.05, 0.2), 0.012
"""Width of a pen's line in heights of a digit, and how much it wavers."""
PRINT = tuple(path for family in FAMILIES[:3] for path in family.files)
"""Type of offices: what was taken for a pen's may be print."""
Glyph = NDArray[np.uint8]
"""Ink 255, cut to its ink, about ``SIZE`` high."""


class Writer:
    """Draws strings; the same seed draws the same."""

    def __init__(self, digits: Digits, seed: int) -> None:
        self._digits = digits
        self._rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._noise = np.random.default_rng(seed)

    def sample(self) -> tuple[Pixels, str]:
        """A frame, and what stands there in ``SYMBOLS``."""
        while True:
            sheet, text = self.slot()
            view = View(self._rng.randint(18, 28), self._rng.randint(-2, 2), self._rng.choice((0.0, 0.0, 0.15, 0.25)))
            shown = frame(sheet, view)
            if shown is not None:
                return shown, text

    def slot(self) -> tuple[Pixels, str]:
        """A slot's own ink, grey, dark on white, as ``slot_ink`` gives it, and what stands there."""
        rng = self._rng
        length = rng.choices(LENGTHS, WEIGHTS)[0]
        digits = [rng.choice((1, 7, *(rng.randrange(10) for _ in range(6)))) for _ in range(length)]
        text = "".join(map(str, digits))
        glyphs = self._glyphs(digits)
        kind = rng.random()
        if kind < 0.07:
            glyphs = [self._letter() for _ in digits]
            text = "?" * length
        elif kind < 0.11:
            at = rng.randrange(length)
            glyphs[at] = self._letter() if rng.random() < 0.5 else _struck(glyphs[at], rng)
            text = text[:at] + "?" + text[at + 1 :]
        elif kind < 0.13:
            glyphs, text = [self._scribble()], "?"
        return self._scanned(self._fragments(_line(glyphs, rng))), text

    def _glyphs(self, digits: list[int]) -> list[Glyph]:
        """All by one hand: of one source, with one pen, one slant and one width."""
        rng = self._rng
        source = rng.choices(("strokes", "images", "ways", "faces", "print"), (42, 26, 12, 14, 6))[0]
        pen = rng.uniform(*PEN) * SIZE
        lean, wide = rng.gauss(0.15, 0.15), rng.uniform(0.75, 1.3)
        face = rng.choice(PRINT if source == "print" else self._digits.faces)
        made = []
        for digit in digits:
            if source in {"faces", "print"}:
                glyph = _typed(str(digit), face)
                thicker = rng.uniform(-0.03, 0.06) * SIZE
            elif source == "images":
                glyph = self._photographed(digit)
                thicker = rng.uniform(-0.05, 0.05) * SIZE
            else:
                lines = strokes(digit, rng)
                if source == "ways" and digit not in LIFTED:
                    way = self._digits.ways[digit]
                    lines = [smooth(way[rng.randrange(len(way))])]
                glyph, thicker = _written(lines, pen * rng.uniform(0.9, 1.1)), 0.0
            narrow = wide if source in {"strokes", "ways"} else 0.5 * (1 + wide)
            made.append(_bent(_thickened(glyph, thicker), lean if source == "strokes" else lean - 0.15, narrow, rng))
        return made

    def _photographed(self, digit: int) -> Glyph:
        images = self._digits.images[digit]
        image = images[self._rng.randrange(len(images))]
        large = cv2.resize(image, None, fx=SIZE / 20, fy=SIZE / 20, interpolation=cv2.INTER_CUBIC)
        return np.asarray(np.clip((large.astype(np.float32) - 90) * 4, 0, 255), np.uint8)

    def _letter(self) -> Glyph:
        letter = np.zeros((1, 1), np.uint8)
        while not letter.any():  # a face may lack one
            letter = _typed(self._rng.choice(LETTERS), self._rng.choice(self._digits.faces))
        return _bent(letter, self._rng.gauss(0, 0.15), self._rng.uniform(0.8, 1.2), self._rng)

    def _scribble(self) -> Glyph:
        rng = self._rng
        points = [(rng.uniform(0, rng.uniform(0.3, 2)), rng.uniform(0, 1)) for _ in range(rng.randint(6, 14))]
        return _written([smooth(np.array(points, np.float32))], rng.uniform(*PEN) * SIZE)

    def _fragments(self, sheet: Glyph) -> Glyph:
        """With what a slot's edges leave of the print beside it, and a dotted line."""
        rng = self._rng
        height = sheet.shape[0]
        pad = rng.randint(4, 24)
        out = cv2.copyMakeBorder(sheet, 6, 6, pad, pad, cv2.BORDER_CONSTANT, value=(0.0,))
        thin = max(2, round(0.05 * height))
        if rng.random() < 0.12:  # the tail of the y of "ngày", or the foot of a slash
            begin, end = (
                (rng.randint(-8, 6), height - rng.randint(0, 14)),
                (rng.randint(2, 10), height - rng.randint(14, 30)),
            )
            cv2.line(out, begin, end, 255, thin)
        if rng.random() < 0.1:  # the bar of a t, the head of a slash
            x = out.shape[1] - 1
            cv2.line(out, (x, rng.randint(0, height)), (x - rng.randint(3, 8), rng.randint(0, height // 2)), 255, thin)
        if rng.random() < 0.1:
            step, foot = rng.randint(12, 30), out.shape[0] - rng.randint(4, 16)
            for x in range(rng.randint(0, step), out.shape[1], step):
                cv2.circle(out, (x, foot), max(1, thin // 2), 255, -1)
        for _ in range(rng.choice((0, 0, 0, 1, 2))):
            cv2.circle(out, (rng.randrange(out.shape[1]), rng.randrange(out.shape[0])), rng.randint(1, 3), 255, -1)
        return np.asarray(out, np.uint8)

    def _scanned(self, sheet: Glyph) -> Pixels:
        rng = self._rng
        factor = math.exp(rng.uniform(math.log(17), math.log(60))) / SIZE
        small = cv2.resize(sheet, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        if rng.random() < 0.7:
            small = cv2.GaussianBlur(small, (0, 0), rng.uniform(0.3, 1.1) * max(0.6, factor))
        darkness = rng.uniform(0.45, 1.0)
        grey = 255 - darkness * small.astype(np.float32)
        grey += self._noise.normal(0, rng.uniform(0, 9), grey.shape).astype(np.float32)
        out = np.asarray(np.clip(grey, 0, 255), np.uint8)
        if rng.random() < 0.5:
            _, coded = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(30, 95)])
            out = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)
        mask = (out < 255 - 90 * darkness).astype(np.uint8)
        if rng.random() < 0.15:  # one bit
            return np.asarray(np.where(mask > 0, 0, 255), np.uint8)
        # As slots are cut: the ink, one pixel around it, and white.
        rim = cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0
        return np.asarray(np.where(rim, out, 255), np.uint8)


def _written(lines: list[NDArray[np.float32]], pen: float) -> Glyph:
    """Strokes drawn with a pen ``pen`` pixels wide."""
    points = np.concatenate(lines)
    low, pad = points.min(axis=0), round(pen) + 4
    size = np.ceil((points.max(axis=0) - low) * SIZE).astype(int) + 2 * pad
    sheet = np.zeros((size[1], size[0]), np.uint8)
    for line in lines:
        at = ((line - low) * SIZE + pad) * 16
        cv2.polylines(
            sheet,
            [np.round(at).astype(np.int32)],
            isClosed=False,
            color=255,
            thickness=max(1, round(pen)),
            lineType=cv2.LINE_AA,
            shift=4,
        )
    return sheet


@lru_cache(maxsize=4096)
def _typed(letter: str, face: Path) -> Glyph:
    font = ImageFont.truetype(str(face), round(1.3 * SIZE))
    x0, y0, x1, y1 = font.getbbox(letter)
    image = Image.new("L", (max(1, round(x1 - x0) + 4), max(1, round(y1 - y0) + 4)), 0)
    ImageDraw.Draw(image).text((2 - x0, 2 - y0), letter, font=font, fill=255)
    return np.asarray(image, np.uint8)


def _thickened(glyph: Glyph, pixels: float) -> Glyph:
    """``glyph`` with strokes wider by ``pixels`` (narrower, where negative); one that would be lost stays."""
    around = round(abs(pixels))
    if not around:
        return glyph
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (around + 1, around + 1))
    padded = cv2.copyMakeBorder(glyph, around, around, around, around, cv2.BORDER_CONSTANT, value=(0.0,))
    made = cv2.dilate(padded, kernel) if pixels > 0 else cv2.erode(padded, kernel)
    return glyph if np.count_nonzero(made > 127) < 0.4 * np.count_nonzero(padded > 127) else np.asarray(made, np.uint8)


def _bent(glyph: Glyph, lean: float, wide: float, rng: random.Random) -> Glyph:
    """Leaned, widened, a little turned and waved, cut to its ink."""
    height, width = glyph.shape
    turn = rng.gauss(0, 0.04)
    matrix = np.array([[wide, turn - lean, 0], [turn, rng.uniform(0.9, 1.1), 0]], np.float32)
    corners = matrix[:, :2] @ np.array([[0, width, 0, width], [0, 0, height, height]], np.float32)
    matrix[:, 2] = 8 - corners.min(axis=1)
    size = np.ceil(np.ptp(corners, axis=1)).astype(int) + 16
    out = cv2.warpAffine(glyph, matrix, (int(size[0]), int(size[1])), flags=cv2.INTER_LINEAR)
    waves = [(rng.uniform(0, ROUGH * SIZE * 2), rng.uniform(0.02, 0.09), rng.uniform(0, math.tau)) for _ in range(2)]
    y, x = np.mgrid[: out.shape[0], : out.shape[1]].astype(np.float32)
    (a, f, p), (b, g, q) = waves
    out = cv2.remap(
        out, x + a * np.sin(f * y + p, dtype=np.float32), y + b * np.sin(g * x + q, dtype=np.float32), cv2.INTER_LINEAR
    )
    rows, columns = np.flatnonzero((out > 100).any(axis=1)), np.flatnonzero((out > 100).any(axis=0))
    if not rows.size:
        return glyph
    return np.asarray(out[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], np.uint8)


def _struck(glyph: Glyph, rng: random.Random) -> Glyph:
    """``glyph`` struck out, thrice at least: fewer lines could be a bar, or a slip of the pen."""
    out = cv2.copyMakeBorder(glyph, 4, 4, 8, 8, cv2.BORDER_CONSTANT, value=(0.0,))
    height, width = out.shape
    for _ in range(rng.randint(3, 6)):
        cv2.line(out, (0, rng.randrange(height)), (width - 1, rng.randrange(height)), 255, rng.randint(3, 8))
    return np.asarray(out, np.uint8)


def _line(glyphs: list[Glyph], rng: random.Random) -> Glyph:
    """Side by side on one line, as a hand sets them: some higher, some touching, none inside another."""
    gap, spread = rng.gauss(0.09, 0.1), rng.uniform(0, 0.08)
    drop, slope = rng.uniform(0, 0.07), rng.gauss(0, 0.05)
    tallest = max(glyph.shape[0] for glyph in glyphs)
    sheet = np.zeros((3 * tallest, sum(glyph.shape[1] for glyph in glyphs) + 3 * SIZE * len(glyphs)), np.uint8)
    x, edge = SIZE, np.full(3 * tallest, 0)
    for place, glyph in enumerate(glyphs):
        sized = cv2.resize(glyph, None, fx=(size := rng.uniform(0.88, 1.12)), fy=size, interpolation=cv2.INTER_LINEAR)
        height, width = sized.shape
        top = round(2 * tallest - height + (rng.gauss(0, drop) + slope * (x / SIZE)) * tallest)
        top = min(max(0, top), 3 * tallest - height)
        if place:  # as near as their ink allows, row by row, and the hand's own gap
            inked = sized > 100
            first = np.where(inked.any(axis=1), inked.argmax(axis=1), 10_000)
            near = np.array([edge[max(0, row - 3) : row + 4].max(initial=0) for row in range(top, top + height)])
            tight = int((near - first).max())
            bounds = int(edge.max())
            x = round(min(max(tight, bounds - 0.35 * width), bounds) + max(-0.05, rng.gauss(gap, spread)) * SIZE)
            x = max(x, 1)
        np.maximum(sheet[top : top + height, x : x + width], sized, out=sheet[top : top + height, x : x + width])
        last = np.where((sized > 100).any(axis=1), x + width - (sized > 100)[:, ::-1].argmax(axis=1), 0)
        edge[top : top + height] = np.maximum(edge[top : top + height], last)
    rows, columns = np.flatnonzero(sheet.any(axis=1)), np.flatnonzero(sheet.any(axis=0))
    return np.ascontiguousarray(sheet[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
