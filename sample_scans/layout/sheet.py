"""One side of a sheet of paper while it is being set: black print, coloured marks, and the truth of every word on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

import numpy as np
from PIL import Image, ImageDraw

from sample_scans import ink
from sample_scans.ink import Mark
from sample_scans.layout.fonts import inked
from sample_scans.layout.rich import RichWord

Quad = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]

MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class SetWord:
    """A word as set. ``box``: its ink in sheet pixels (x0, y0, x1, y1), end exclusive. ``fields``: what it belongs to."""

    text: str
    box: tuple[float, float, float, float]
    hand: bool
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class SetLine:
    """One printed line. ``block`` groups the lines of a paragraph, cell or column entry."""

    block: int
    words: tuple[SetWord, ...]


@dataclass
class Sheet:
    """A side of paper. Positions are millimetres from the top left unless a name ends in ``_px``."""

    width_mm: float
    height_mm: float
    dpi: float
    rng: Random
    marks: list[Mark] = field(default_factory=list)
    lines: list[SetLine] = field(default_factory=list)
    tint: tuple[int, int, int] = (255, 255, 255)
    day: date | None = None  # when the paper was issued, for stamps that come later

    def __post_init__(self) -> None:
        self.width_px = round(self.px(self.width_mm))
        self.height_px = round(self.px(self.height_mm))
        self.print = Image.new("L", (self.width_px, self.height_px), 0)  # 255 = full black
        self._draw = ImageDraw.Draw(self.print)
        self._blocks = 0

    def px(self, mm: float) -> float:
        return mm * self.dpi / MM_PER_INCH

    def new_block(self) -> int:
        self._blocks += 1
        return self._blocks

    def rule(self, x0: float, y0: float, x1: float, y1: float, weight_pt: float = 0.75) -> None:
        """A straight printed line; ``weight_pt`` in points."""
        width = max(1, round(weight_pt * self.dpi / 72))
        ends = [(round(self.px(x0)), round(self.px(y0))), (round(self.px(x1)), round(self.px(y1)))]
        self._draw.line(ends, fill=255, width=width)

    def dots(self, x0: float, x1: float, baseline: float) -> None:
        """A dotted leader of a form. It is no text: the truth leaves it out."""
        step, radius = self.px(1.05), max(0.6, self.px(0.17))
        x, y = self.px(x0), self.px(baseline)
        while x < self.px(x1):
            self._draw.ellipse((x - radius, y - 2 * radius, x + radius, y), fill=200)
            x += step

    def line(self, words: list[tuple[float, RichWord]], baseline_px: float, block: int) -> None:
        """Prints one line; each word comes with its x in pixels. Records the ink box of each."""
        placed = tuple(self._word(x, round(baseline_px), word) for x, word in words)
        if placed:
            self.lines.append(SetLine(block, placed))

    def _word(self, x: float, baseline: int, word: RichWord) -> SetWord:
        boxes: list[tuple[float, float, float, float]] = []
        for fragment in word.fragments:
            style, size = fragment.style, fragment.style.size * self.dpi / 72
            if style.hand:
                mark = ink.handwritten(fragment.text, size, self.rng, round(x), baseline)
                self.marks.append(mark)
                height, width = mark.coverage.shape
                boxes.append((mark.x, mark.y, mark.x + width, mark.y + height))
            else:
                mask, dx, dy = inked(fragment.text, style.face, style.bold, style.italic, size)
                left, top = round(x) + dx, baseline + dy
                if style.ink == "print":
                    self.print.paste(255, (left, top), mask)
                else:
                    cover = np.asarray(mask) // 16 * 15
                    self.marks.append(Mark(left, top, cover, ink.COLOURS[style.ink], "print"))
                boxes.append((left, top, left + mask.width, top + mask.height))
            x += fragment.advance(self.dpi)
        box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
        fields = frozenset(f.style.field for f in word.fragments if f.style.field)
        return SetWord(word.text, box, any(f.style.hand for f in word.fragments), fields)
