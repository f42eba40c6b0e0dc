"""Which words of a whole page were read right, wherever on the page they stand in its truth.

Reading order, columns and table cells do not count here (``benchmarks.accuracy`` and ``compare`` judge them): each read line is laid on the
stretch of the truth that is most like it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from benchmarks.reader.judge import folded
from workers.page import Line, Word

SLACK = 0.125
"""Of a line's letters: so far the ends of the stretch that is most like it are moved to fit better."""


@dataclass(frozen=True, slots=True)
class Truth:
    """``letters``: the text folded, without spaces; ``starts``: where in it a word begins, its end among them.

    ``spaces``: whether the truth knows all of its spaces. A typed one does; text layers of justified lines lack some.
    """

    letters: str
    starts: frozenset[int]
    spaces: bool

    @staticmethod
    def of(text: str, *, spaces: bool) -> Truth:
        starts, letters = {0}, ""
        for word in folded(text).split():
            letters += word
            starts.add(len(letters))
        return Truth(letters, frozenset(starts), spaces)


@dataclass(slots=True)
class Judged:
    """``words``: (confidence, right) of each word that was judged; ``covered``: the truth's letters that were found somewhere."""

    words: list[tuple[float, bool]] = field(default_factory=list)
    covered: set[int] = field(default_factory=set)

    @property
    def wrong(self) -> int:
        return sum(1 for _, right in self.words if not right)


def judge(lines: Iterable[Line], truth: Truth) -> Judged:
    """Words that hold a letter or a digit; bullets and dashes are left out, since typed truths leave them out."""
    result = Judged()
    for line in lines:
        places = _places(line.words, truth, result.covered)
        found = 0
        for index, word in enumerate(line.words):
            length = len(_bare(word))
            mine = places[found : found + length]
            found += length
            if not any(character.isalnum() for character in word.text):
                continue
            right = _is_right(mine, truth, first=index == 0, last=index == len(line.words) - 1)
            result.words.append((word.confidence, right))
        result.covered.update(place for place in places if place >= 0)
    return result


def missed(truth: Truth, covered: set[int]) -> int:
    """Words of the truth, of letters or digits, of which nothing was read."""
    ends = sorted(truth.starts)
    return sum(
        1
        for start, end in pairwise(ends)
        if any(c.isalnum() for c in truth.letters[start:end]) and not any(i in covered for i in range(start, end))
    )


def _places(words: Sequence[Word], truth: Truth, covered: set[int]) -> list[int]:
    """For each letter of a line where in the truth it stands, -1 where it does not."""
    said, starts = "", {0}
    for word in words:
        said += _bare(word)
        starts.add(len(said))
    begin, end = _whole(said, starts, truth, covered) or _stretch(said, truth.letters)
    places = [-1] * len(said)
    for op in Levenshtein.opcodes(said, truth.letters[begin:end]):
        if op.tag == "equal":
            for offset in range(op.src_end - op.src_start):
                places[op.src_start + offset] = begin + op.dest_start + offset
    return places


def _whole(said: str, starts: set[int], truth: Truth, covered: set[int]) -> tuple[int, int] | None:
    """Where the line stands letter for letter: where its words are the truth's if anywhere (cells hold single words and numbers), then
    where no other line was found to stand."""
    found, at = [], truth.letters.find(said)
    while said and at >= 0:
        there = {offset for offset in range(len(said) + 1) if at + offset in truth.starts}
        found.append((len(starts ^ there), at in covered, at))
        at = truth.letters.find(said, at + 1)
    return (min(found)[2], min(found)[2] + len(said)) if found else None


def _stretch(said: str, letters: str) -> tuple[int, int]:
    """The part of the truth that is most like the line: the likeliest part of its length, its ends moved to where fewest edits are left."""
    best = partial_ratio_alignment(said, letters) if 0 < len(said) < len(letters) else None
    if best is None:
        return 0, len(letters)
    begin, end, slack = best.dest_start, best.dest_end, 2 + round(SLACK * len(said))
    near = range(-slack, slack + 1)

    def edits(begin: int, end: int) -> tuple[int, int]:
        return Levenshtein.distance(said, letters[begin:end]), abs(end - begin - len(said))

    begin = min((at for off in near if 0 <= (at := begin + off) < end), key=lambda at: edits(at, end))
    end = min((at for off in near if begin < (at := end + off) <= len(letters)), key=lambda at: edits(begin, at))
    return begin, end


def _is_right(places: Sequence[int], truth: Truth, *, first: bool, last: bool) -> bool:
    """All its letters are in the truth side by side, and it begins and ends as a word does there.

    At a line's ends a word may be a part of one: the printer broke it (``4869/UBND-`` / ``SYT``).
    """
    begin, end = places[0], places[-1] + 1
    if begin < 0 or list(places) != list(range(begin, begin + len(places))):
        return False
    if any(place in truth.starts for place in places[1:]):
        return False
    return not truth.spaces or ((first or begin in truth.starts) and (last or end in truth.starts))


def _bare(word: Word) -> str:
    return folded(word.text).replace(" ", "")
