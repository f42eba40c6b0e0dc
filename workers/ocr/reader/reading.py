"""What the reader found, with what else it could have been: the material for the page's lines and for a language model."""

from __future__ import annotations

from dataclasses import dataclass

from workers.ocr.normal import normal_words
from workers.ocr.reader.confidence import sureness
from workers.page import Box, Line, Word

Alternative = tuple[str, float]
"""Text in NFC, and the natural logarithm of its probability given the ink of this word (never of language)."""


@dataclass(frozen=True, slots=True)
class ReadWord:
    """``text`` from column ``x0`` to ``x1`` of the page (end exclusive), rows ``y0`` to ``y1``: tight to its ink.

    ``confidence``: calibrated, 0..1. ``alternatives``: best first, ``text`` among them; one alone where the net is sure. An
    alternative may hold a space: what was read as one word may be two.
    """

    text: str
    x0: int
    x1: int
    confidence: float
    alternatives: tuple[Alternative, ...]
    y0: int = 0
    y1: int = 0

    @property
    def box(self) -> Box:
        return (self.x0, self.y0, self.x1, self.y1)


@dataclass(frozen=True, slots=True)
class ReadLine:
    """Words from left to right. ``baseline``: (y at x=0, slope) on the page."""

    words: tuple[ReadWord, ...]
    baseline: tuple[float, float]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        return sureness(self.words)

    def as_line(self) -> Line | None:
        """As engines give it, in the normal form of ``workers.ocr.normal``; ``None`` without words."""
        words = tuple(part for word in self.words for part in normal_words(Word(word.text, word.box, word.confidence)))
        return Line(words, self.baseline) if words else None
