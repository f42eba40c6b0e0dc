"""Lines of a page as their readers see them: cut where columns meet, in order of height.

A text layer joins the two columns of a head into one line (``Số: 15/QĐ-UBND    Hà Nội, ngày 05 tháng 01 năm 2020``); forms put several
fields on one. A piece is the words between two wide gaps; an open slot is wide and no gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from models.vietnamese.folding import fold_in_place, nfc
from workers.line_gaps import APART, is_open
from workers.page import Box, LineRole, PageOutcome, Word, hull

# Where another part of the head begins, if a reader joined two without a gap.
_BEGINS = re.compile(r"(?<=\s)(?:cong hoa xa hoi|dang cong san viet|doc lap\s*[-\u2010-\u2015.]?\s*tu do)")
_DATE_BEHIND_NUMBER = re.compile(
    r"^s[o0]\s*[:.;,]?.{0,24}?/\s?[^\s/]+(?:\s?[-\u2010-\u2015]\s?[^\s/]+)?(?=\s(?:[^\W\d_][^,]{1,40},\s*)?ngay\b)"
)


@dataclass(frozen=True)
class Piece:
    """Words of one line with no wide gap between them, left to right; at least one. ``line``: index of its line on the page."""

    words: tuple[Word, ...]
    line: int

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @cached_property
    def bare(self) -> str:
        """Folded, letter by letter: what stands at a place here stands at the same in :attr:`text`."""
        return fold_in_place(self.text)

    @cached_property
    def box(self) -> Box:
        return hull([word.box for word in self.words])

    @property
    def confidence(self) -> float:
        """Of its least sure word."""
        return min(word.confidence for word in self.words)

    @property
    def centre(self) -> float:
        """Of its middle, along x."""
        return (self.box[0] + self.box[2]) / 2

    @property
    def middle(self) -> float:
        """Of its middle, along y."""
        return (self.box[1] + self.box[3]) / 2

    @property
    def width(self) -> int:
        return self.box[2] - self.box[0]

    def part(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that have letters in ``text[start:end]``."""
        return words_between(self.words, start, end)


def words_between(words: Sequence[Word], start: int, end: int) -> tuple[Word, ...]:
    """Those of ``words``, joined by one space each, that have letters between the two places of the text."""
    found, at = [], 0
    for word in words:
        if at < end and at + len(word.text) > start:
            found.append(word)
        at += len(word.text) + 1
    return tuple(found)


def pieces_of(page: PageOutcome, role: LineRole | None = None) -> tuple[Piece, ...]:
    """The page's running text in pieces, from top to bottom (by their middles), then left to right. Page numbers, footnotes and the words of
    coloured stamps are left out; or its lines of that ``role`` alone.
    """
    slots = [slot.box for slot in page.slots]
    pieces = [
        piece
        for index, line in enumerate(page.lines)
        if line.words and line.role is role
        for piece in _pieces(index, line.words, slots)
    ]
    return tuple(sorted(pieces, key=lambda piece: (piece.middle, piece.box[0])))


def em_of(pieces: Iterable[Piece]) -> float:
    """The height that words mostly have, in pixels; 1 for none."""
    heights = [word.box[3] - word.box[1] for piece in pieces for word in piece.words]
    return float(median(heights)) if heights else 1.0


def rows_of(pieces: Sequence[Piece]) -> list[tuple[Piece, ...]]:
    """Pieces side by side, as rows from top to bottom; ``pieces`` in order of their middles."""
    rows: list[list[Piece]] = []
    for piece in pieces:
        if rows and _beside(rows[-1][-1], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [tuple(sorted(row, key=lambda piece: piece.box[0])) for row in rows]


def _beside(one: Piece, other: Piece) -> bool:
    """Whether two pieces stand on one line of print."""
    shared = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    return shared > 0.5 * min(one.box[3] - one.box[1], other.box[3] - other.box[1])


def _pieces(index: int, words: tuple[Word, ...], slots: Sequence[Box]) -> Iterable[Piece]:
    em = median(word.box[3] - word.box[1] for word in words)
    cuts = {0, len(words)}
    for place, (one, other) in enumerate(pairwise(words), start=1):
        gap = other.box[0] - one.box[2]
        if gap > APART * em and not _is_to_fill(one, other, slots):
            cuts.add(place)
    for start, end in pairwise(sorted(cuts)):
        part = words[start:end]
        inner = sorted({0, len(part), *_joints(part)})
        for first, last in pairwise(inner):
            yield Piece(part[first:last], index)


def _is_to_fill(one: Word, other: Word, slots: Sequence[Box]) -> bool:
    """Whether what lies between two words is a place to write in."""
    if is_open(one.text, other.text):
        return True
    y = (one.box[1] + one.box[3]) / 2
    return any(
        box[1] <= y <= box[3] and box[0] < other.box[0] and one.box[2] < box[2] and box[2] - box[0] > 0 for box in slots
    )


def _joints(words: Sequence[Word]) -> list[int]:
    """Indices of words with which another part of the head begins."""
    bare = fold_in_place(nfc(" ".join(word.text for word in words)))
    starts = [match.start() for match in _BEGINS.finditer(bare)]
    if match := _DATE_BEHIND_NUMBER.match(bare):
        starts.append(match.end() + 1)
    if not starts:
        return []
    places, at = [], 0
    for place, word in enumerate(words):
        if at in starts:
            places.append(place)
        at += len(word.text) + 1
    return places
