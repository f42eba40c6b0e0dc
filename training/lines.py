"""One training line after the other: drawn large, worn, scanned, cut as the line cutter cuts, framed as the reader frames."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from training import wear
from training.draw import EM, Drawn, Ink, Pen, thickened
from training.text import Sources, Text
from training.wear import Grey
from workers.ocr.reader.frame import FRAME_HEIGHT, STRIDE, frame

READING_EM = 34.0
"""Pixels an em of 13-pt print at the reading copy's 190 dpi."""


@dataclass(frozen=True, slots=True)
class Sample:
    """``frame``: uint8 ``(FRAME_HEIGHT, w)``; ``text``: what it says, nameable symbols only."""

    frame: Grey
    text: str


class Lines:
    """Samples without end; the same ``seed`` gives the same ones. ``without``: names of ``wear.GROUPS`` to leave out."""

    def __init__(
        self,
        sources: Sources,
        fonts: Path,
        seed: int,
        without: frozenset[str] = frozenset(),
        height: int = FRAME_HEIGHT,
    ) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.numbers = np.random.default_rng(seed)
        self.text = Text(sources, seed)
        self.pen = Pen(fonts, self.rng)
        self.without, self.height = without, height
        self.other: Drawn | None = None

    def sample(self, low: int, high: int) -> Sample:
        """A line of about ``low`` to ``high`` symbols that CTC can spell in the frame's width."""
        while True:
            text = self.text.line(low, high)
            line = self.pen.draw(text)
            framed = self._framed(wear.initialled(line, self.rng) if self._chance("pens", 0.03) else line)
            # CTC needs an output a symbol and a blank between equal neighbours.
            steps = len(text) + sum(a == b for a, b in pairwise(text))
            if framed.shape[1] // STRIDE >= steps + 1:
                return Sample(framed, text)

    def _chance(self, group: str, share: float) -> bool:
        return self.rng.random() < share and group not in self.without

    def _framed(self, line: Drawn) -> Grey:
        rng = self.rng
        ink = wear.with_neighbours(line, self.other, rng) if self._chance("neighbours", 0.33) else line.ink
        if rng.random() < 0.3:
            self.other = line
        if self._chance("rules", 0.07):
            ink = wear.ruled(ink.copy(), line.baseline, rng)
        stretch = 1.0
        if self._chance("geometry", 0.5):
            ink, stretch = wear.bent(ink, line.baseline, rng)
        ink = thickened(ink, rng)
        ink, baseline = self._cropped(ink, line, stretch)
        grey, baseline = self._scanned(ink, baseline)
        letter = self.rng.uniform(0.44, 0.62) * EM * grey.shape[0] / ink.shape[0]
        framed = frame(grey, baseline, letter)
        if self.height == FRAME_HEIGHT:
            return framed
        width = round(framed.shape[1] * self.height / FRAME_HEIGHT)
        return np.asarray(cv2.resize(framed, (width, self.height), interpolation=cv2.INTER_AREA), np.uint8)

    def _cropped(self, ink: Ink, line: Drawn, stretch: float) -> tuple[Ink, float]:
        """The line's own ink with a margin, as the cutter gives it; now and then a fixed band, or a mark's top lost."""
        rng, baseline = self.rng, line.baseline
        top, bottom = float(line.own[0]), float(line.own[1])
        kind = rng.random()
        if kind < 0.22:
            top, bottom = baseline - rng.uniform(0.86, 1.12) * EM, baseline + rng.uniform(0.22, 0.34) * EM
        elif kind < 0.29 and top < baseline - 0.8 * EM:
            top, bottom = top + rng.uniform(0.0, 0.07) * EM, bottom + rng.uniform(-0.03, 0.1) * EM
        else:
            top, bottom = top - rng.uniform(-0.01, 0.17) * EM, bottom + rng.uniform(-0.01, 0.17) * EM
        height, width = ink.shape
        left = max(0, int(EM / 2 - rng.uniform(0, 0.4) * EM))
        right = min(width, int((line.ink.shape[1] - EM) * stretch + rng.uniform(0.02, 0.45) * EM))
        y0, y1 = max(0, round(top)), min(height, round(bottom))
        return np.ascontiguousarray(ink[y0:y1, left : max(right, left + 8)]), float(baseline - y0)

    def _scanned(self, ink: Ink, baseline: float) -> tuple[Grey, float]:
        """Grey crop as the reading copy holds it, and the baseline's row in it."""
        rng = self.rng
        height, width = ink.shape
        reading = rng.triangular(20, 52, READING_EM)
        em = reading * rng.choice((1, 1, 1, rng.uniform(1.0, 1.6)))  # scanned at more, reduced for reading
        if self._chance("resolution", 0.25):
            em = rng.uniform(12, 23)  # 75 to 130 dpi, or the 6-pt lines of a visible signature, enlarged for reading
        factor = min(1.0, em / EM)
        if factor < 1:
            size = (max(8, round(width * factor)), max(8, round(height * factor)))
            ink = np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.float32)
        blur = abs(rng.gauss(0.3, 0.4)) if rng.random() < 0.65 else 0.0
        if blur > 0.25:
            ink = cv2.GaussianBlur(ink, (0, 0), blur * min(1.5, em / 26)).astype(np.float32)
        seal = None
        if self._chance("seals", 0.11):
            ink, seal = wear.sealed(ink, rng)
        if self._chance("toner", 0.3):
            ink = wear.uneven(ink, rng, self.numbers)
        noisy = "noise" not in self.without
        grey = np.clip(wear.on_paper(ink, seal, rng, self.numbers, noisy=noisy), 0, 255).astype(np.uint8)
        if self._chance("jpeg", 0.35):
            grey = wear.as_jpeg(grey, rng)
        if self._chance("bitonal", 0.17):
            grey = wear.as_bitonal(grey, rng)
        elif rng.random() < 0.06:
            grey = wear.sharpened(grey, rng)
        size = (max(8, round(width * reading / EM)), max(8, round(height * reading / EM)))
        if abs(size[1] - grey.shape[0]) > 1:
            smaller = size[1] < grey.shape[0]
            grey = np.asarray(
                cv2.resize(grey, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC), np.uint8
            )
        return grey, baseline * grey.shape[0] / height
