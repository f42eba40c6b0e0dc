"""Pieces of a page with their place on it as shares: what the evidence of a paper's type and of its borders is looked for in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from models.vietnamese.folding import nfc
from workers.classify.pieces import Piece, pieces_of
from workers.page import Box, PageOutcome

_OTHER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Segment:
    """A piece on its page. ``width``, ``height``: of the page, in pixels. Shares are of these."""

    piece: Piece
    width: int
    height: int

    @property
    def box(self) -> Box:
        """In page space."""
        return self.piece.box

    @cached_property
    def text(self) -> str:
        """NFC, words with a space between."""
        return nfc(self.piece.text)

    @property
    def folded(self) -> str:
        """Lower case without marks."""
        return self.piece.bare

    @cached_property
    def bare(self) -> str:
        """Folded letters and digits alone: what a title looks like to somebody who sees neither spaces nor dots."""
        return _OTHER.sub("", self.piece.bare)

    @cached_property
    def capitals(self) -> float:
        """The share of capitals among the letters, 0..1; 0 without letters."""
        letters = [letter for letter in self.text if letter.isalpha()]
        return sum(map(str.isupper, letters)) / len(letters) if letters else 0.0

    @property
    def left(self) -> float:
        """Share of the page's width."""
        return self.box[0] / max(1, self.width)

    @property
    def right(self) -> float:
        """Share of the page's width."""
        return self.box[2] / max(1, self.width)

    @property
    def top(self) -> float:
        """Share of the page's height."""
        return self.box[1] / max(1, self.height)

    @property
    def bottom(self) -> float:
        """Share of the page's height."""
        return self.box[3] / max(1, self.height)

    @property
    def middle(self) -> float:
        """Of the segment, as a share of the page's width."""
        return (self.left + self.right) / 2

    @property
    def tall(self) -> int:
        """Height in pixels."""
        return self.box[3] - self.box[1]


def segments_of(page: PageOutcome) -> tuple[Segment, ...]:
    """The page's segments, top to bottom and left to right; page numbers and footnotes are left out."""
    return tuple(Segment(piece, page.width, page.height) for piece in pieces_of(page))


def usual_height(segments: Sequence[Segment]) -> float:
    """The median height of segments with more than two letters, in pixels; 1 without any."""
    tall = [segment.tall for segment in segments if len(segment.bare) > 2]
    return float(median(tall)) if tall else 1.0


def body_span(segments: Sequence[Segment]) -> tuple[float, float]:
    """Left and right border of what is printed, as shares of the width: the 5th and 95th percentile of the segments' ends."""
    if not segments:
        return 0.0, 1.0
    lefts = sorted(segment.left for segment in segments)
    rights = sorted(segment.right for segment in segments)
    return lefts[len(lefts) // 20], rights[-1 - len(rights) // 20]
