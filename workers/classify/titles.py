"""Lines that may be a paper's title, and how well each title of the catalog fits one.

A title is compared without marks, spaces and dots, as the beginning of a line and of those right under it: so it may be followed by more
words (``TỜ KHAI ĐĂNG KÝ LẠI KHAI SINH``), be broken over lines, or have lost a space or a mark to the reader.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from models.catalog import Catalog, PaperType
from models.vietnamese.folding import fold, nfc
from workers.classify.segments import Segment, body_span, usual_height

LEAST_LIKENESS: Final = 0.7
"""Below this share of right letters two words are different words: KHAI SINH and KHAI TỬ agree in 0.7."""
_JOINED_LINES: Final = 4
_MOTTO: Final = (
    "conghoaxahoichunghiavietnam",
    "doclaptudohanhphuc",
    "socialistrepublicofvietnam",
    "independencefreedomhappiness",
)
_CAPITALS: Final = 0.65
_MOST: Final = 40  # candidates of a page; a page of capitals alone (a list of names) has more, none of them a title


@dataclass(frozen=True)
class Candidate:
    """A segment that may open a title, with those that may carry it on.

    ``place``: of the segment among the page's. ``first``: its own bare text; ``block``: that and the next lines' of the same column.
    ``size``: height against the page's usual; ``centred``: how well it stands in the middle of the print or of its column, 0..1.
    """

    place: int
    segments: tuple[Segment, ...]
    size: float
    centred: float

    @property
    def head(self) -> Segment:
        return self.segments[0]

    @cached_property
    def first(self) -> str:
        return self.head.bare

    @cached_property
    def block(self) -> str:
        return "".join(segment.bare for segment in self.segments)

    @cached_property
    def ends(self) -> frozenset[int]:
        """How many letters of ``block`` stand before each end of a word."""
        ends, length = set(), 0
        for segment in self.segments:
            for word in segment.folded.split():
                length += sum(map(_is_plain, word))
                ends.add(length)
        return frozenset(ends)

    @cached_property
    def marked(self) -> str:
        """``block`` with its marks, in capitals."""
        text = " ".join(segment.text for segment in self.segments)
        return "".join(letter for letter in text.upper() if letter.isalnum())


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """How a title fits a candidate: ``likeness`` without marks, ``marked`` with them, 0..1; ``length``: letters of the title."""

    candidate: Candidate
    title: str
    length: int
    likeness: float
    marked: float

    @property
    def whole_words(self) -> bool:
        """Whether it ends where a word ends, a letter more or less."""
        return any(self.length + slip in self.candidate.ends for slip in (0, 1, -1))

    @property
    def coverage(self) -> float:
        """How much of the candidate's own line it explains."""
        return min(1.0, self.length / max(1, len(self.candidate.first)))


class TitleIndex:
    """The titles of a catalog, ready to be compared."""

    def __init__(self, types: Sequence[PaperType]) -> None:
        self._by_length: dict[int, list[tuple[int, str]]] = defaultdict(list)
        self._titles: list[tuple[str, str, str]] = []  # paper type, printed, in capitals without spaces
        for paper in types:
            for title in paper.titles:
                bare = _bare(title)
                if bare:
                    self._by_length[len(bare)].append((len(self._titles), bare))
                    marked = "".join(letter for letter in nfc(title).upper() if letter.isalnum())
                    self._titles.append((paper.id, title, marked))

    def matches(self, candidates: Sequence[Candidate]) -> Mapping[str, list[TitleMatch]]:
        """By paper type, every match that is alike enough, in the order of the page."""
        found: defaultdict[str, list[TitleMatch]] = defaultdict(list)
        if not candidates:
            return found
        likeness = self._compare([candidate.block for candidate in candidates])
        for place, title in zip(*np.nonzero(likeness >= LEAST_LIKENESS), strict=True):
            paper, printed, marked = self._titles[title]
            candidate = candidates[place]
            with_marks = Levenshtein.normalized_similarity(candidate.marked[: len(marked)], marked)
            length = len(_bare(printed))
            found[paper].append(TitleMatch(candidate, printed, length, float(likeness[place, title]), with_marks))
        return found

    def _compare(self, blocks: Sequence[str]) -> NDArray[np.float32]:
        """Candidates x titles: likeness of a title to the beginning of a block."""
        likeness = np.zeros((len(blocks), len(self._titles)), np.float32)
        for length, titles in self._by_length.items():
            starts = [block[:length] for block in blocks]
            columns = [column for column, _ in titles]
            likeness[:, columns] = cdist(
                starts,
                [bare for _, bare in titles],
                scorer=Levenshtein.normalized_similarity,
                score_cutoff=LEAST_LIKENESS,
            )
        return likeness


def candidates_of(segments: Sequence[Segment]) -> list[Candidate]:
    """What may be a title on a page: capitals, or short lines in the middle; not the motto, page numbers or numbered headings."""
    usual, (left, right) = usual_height(segments), body_span(segments)
    found = []
    for place, segment in enumerate(segments):
        if len(segment.bare) < 3 or is_motto(segment.bare):
            continue
        if segment.folded.lstrip(" '\"“(-–.")[:1].isdigit():
            continue
        centred = _centredness(segment, left, right)
        in_capitals = segment.capitals >= _CAPITALS
        if in_capitals or (centred > 0.6 and segment.right - segment.left < 0.75 * (right - left)):
            found.append(Candidate(place, _block(segments, place), segment.tall / usual, centred))
    return sorted(found, key=lambda candidate: candidate.head.capitals < _CAPITALS)[:_MOST]


def is_motto(bare: str) -> bool:
    """Whether it is quốc hiệu or tiêu ngữ, or the greater part of one."""
    return any(
        Levenshtein.normalized_similarity(bare, motto) >= 0.75 or (len(bare) > 14 and bare in motto) for motto in _MOTTO
    )


def is_state_name(bare: str) -> bool:
    """Whether it is quốc hiệu (in Vietnamese)."""
    return Levenshtein.normalized_similarity(bare, _MOTTO[0]) >= 0.75


def _centredness(segment: Segment, left: float, right: float) -> float:
    off = abs(segment.middle - (left + right) / 2)
    return max(0.0, 1.0 - off / 0.15)


def _block(segments: Sequence[Segment], place: int) -> tuple[Segment, ...]:
    """The segment and up to three right under it in the same column, each no further off than a line of its height."""
    block = [segments[place]]
    for other in segments[place + 1 : place + 14]:
        last = block[-1]
        gap = other.box[1] - last.box[3]
        overlap = min(other.box[2], last.box[2]) - max(other.box[0], last.box[0])
        if overlap <= 0.3 * min(other.box[2] - other.box[0], last.box[2] - last.box[0]) or gap < -0.6 * last.tall:
            continue
        if gap > 1.6 * last.tall or len(block) == _JOINED_LINES or other.bare == "":
            break
        block.append(other)
    return tuple(block)


def titles_of(catalog: Catalog) -> TitleIndex:
    """Of all paper types of the catalog."""
    return TitleIndex(tuple(catalog.paper_types.values()))


def _is_plain(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _bare(title: str) -> str:
    return "".join(filter(_is_plain, fold(title)))
