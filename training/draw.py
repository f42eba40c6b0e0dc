"""A line of text as clean, large ink: 1 where there is ink, 0 elsewhere; the wear comes later."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont

from training.fonts import FAMILIES, VARIANTS, Family, lacking, variant

Ink = NDArray[np.float32]
EM = 64
"""Pixels an em: twice what a 13-pt line has at 190 dpi, so that hinting and whole pixels leave no trace after scaling."""
HEAD, FOOT = 1.35, 0.55
"""Room above and below the baseline, in em."""
RAISED = {"¹": "1", "²": "2", "³": "3"}
RAISED_SIZE, RAISED_LIFT = (0.58, 0.7), (0.3, 0.42)
"""Of a letter's em: a figure raised by a word processor (two thirds, a third up), which isn't the font's own small glyph."""


@dataclass(slots=True)
class Drawn:
    """``ink``: float32 ``(h, w)``, 0..1; ``baseline``: its row; ``own``: first and last row (exclusive) of the line's own ink."""

    ink: Ink
    baseline: int
    own: tuple[int, int]


class Pen:
    """Draws lines in the faces of ``fonts.FAMILIES``; ``folder`` holds the variants."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self.folder, self.rng = folder, rng
        self.weights = [family.weight for family in FAMILIES]

    def draw(self, text: str) -> Drawn:
        rng = self.rng
        family = rng.choices(FAMILIES, self.weights)[0]
        style = rng.choices(range(4), (35, 50, 8, 7) if text.isupper() else (52, 19, 22, 7))[0]
        words = text.split(" ")
        turn = rng.randrange(1, len(words)) if len(words) > 2 and rng.random() < 0.12 else len(words)
        faces = [self._face(family, style, text)]
        faces.append(
            self._face(family, rng.choices(range(4), (5, 4, 3, 1))[0], text) if turn < len(words) else faces[0]
        )
        space = _glyph(faces[0], " ").advance
        justified = space * rng.choice((1, 1, rng.uniform(0.6, 1.0), rng.uniform(0.7, 2.2)))
        tracking = EM * rng.choice((rng.uniform(-0.03, 0.06), rng.uniform(-0.07, 0.0))) if rng.random() < 0.32 else 0.0
        if tracking and text.isupper() and rng.random() < 0.2:
            tracking = EM * rng.uniform(0.05, 0.25)
        raised = (rng.uniform(*RAISED_SIZE), rng.uniform(*RAISED_LIFT)) if rng.random() < 0.6 else None
        glyphs: list[tuple[int, Glyph]] = []
        x = EM / 2
        for index, word in enumerate(words):
            face = faces[index >= turn]
            for letter in word:
                glyph = _raised(face, letter, *raised) if raised and letter in RAISED else _glyph(face, letter)
                glyphs.append((round(x), glyph))
                x += glyph.advance + tracking
            x += justified
        baseline = int(EM * HEAD)
        ink = np.zeros((int(EM * (HEAD + FOOT)), max(EM, int(x - justified + EM))), np.uint8)
        for left, glyph in glyphs:
            _stamp(ink, glyph, left, baseline)
        clean = ink.astype(np.float32) / np.float32(255)
        return Drawn(clean, baseline, _extent(clean, baseline))

    def _face(self, family: Family, style: int, text: str) -> Path:
        path = family.files[style]
        if not _lacking(path).isdisjoint(text):
            path = FAMILIES[0].files[style]
        elif family.varied and self.rng.random() < 0.7:
            path = variant(self.folder, path, self.rng.randrange(VARIANTS))
        return path


@dataclass(frozen=True, slots=True)
class Glyph:
    """``mask``: uint8; ``left``/``top``: of the mask from the pen's position and the baseline (up negative)."""

    mask: NDArray[np.uint8]
    left: int
    top: int
    advance: float


@lru_cache(maxsize=60_000)
def _glyph(path: Path, letter: str) -> Glyph:
    """Drawn once a face. Letters are set without kerning, as Word sets Times New Roman."""
    font = _loaded(path)
    mask, (left, top) = font.getmask2(letter, mode="L", anchor="ls")
    pixels = np.array(mask, np.uint8).reshape(mask.size[1], mask.size[0])
    return Glyph(pixels, left, top, font.getlength(letter))


def _raised(path: Path, letter: str, size: float, lift: float) -> Glyph:
    whole = _glyph(path, RAISED[letter])
    height, width = (max(1, round(side * size)) for side in whole.mask.shape)
    mask = np.asarray(cv2.resize(whole.mask, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    return Glyph(mask, round(whole.left * size), round(whole.top * size - lift * EM), whole.advance * size)


def _stamp(ink: NDArray[np.uint8], glyph: Glyph, x: int, baseline: int) -> None:
    x0, y0 = x + glyph.left, baseline + glyph.top
    height, width = glyph.mask.shape
    top, left = max(0, -y0), max(0, -x0)
    target = ink[y0 + top : y0 + height, x0 + left : x0 + width]
    if target.size:
        np.maximum(target, glyph.mask[top : top + target.shape[0], left : left + target.shape[1]], out=target)


@lru_cache(maxsize=256)
def _loaded(path: Path) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), EM, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=256)
def _lacking(path: Path) -> frozenset[str]:
    return frozenset(lacking(path))


def _extent(ink: Ink, baseline: int) -> tuple[int, int]:
    rows = np.flatnonzero(ink.max(axis=1) > 0.3)
    return (int(rows[0]), int(rows[-1]) + 1) if rows.size else (baseline - EM // 4, baseline)


def thickened(ink: Ink, rng: random.Random) -> Ink:
    """Ink spread or starved: a blur and a steep threshold, as toner, ink jet and a photocopier's lens do it."""
    spread = rng.uniform(0.7, 2.6)
    at = min(0.72, max(0.24, rng.gauss(0.47, 0.11)))
    steep = rng.uniform(1.2, 4.0)
    sharp = (cv2.GaussianBlur(ink, (0, 0), spread) - at) * steep + 0.5
    return np.asarray(np.clip(sharp, 0.0, 1.0), np.float32)
