"""Counting what came out right: characters, number tokens, words by confidence."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from models.vietnamese import place_tones
from workers.page import Word

_SAME = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "..."})
BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.000001)
"""Edges of the confidence bins of a reliability table."""


def folded(text: str) -> str:
    """``alike`` and one tone placement (``hoá`` is ``hóa``)."""
    return alike(place_tones(unicodedata.normalize("NFC", text)))


def alike(text: str) -> str:
    """NFC, one kind of quotes and dashes, single spaces; runs of dots (leaders) as three."""
    plain = unicodedata.normalize("NFC", text).translate(_SAME)
    return re.sub(r"\s+", " ", re.sub(r"\.{3,}", "...", plain)).strip()


def numbers(text: str) -> list[str]:
    """The tokens of a folded text that hold a digit, without the punctuation around them."""
    return [token.strip(".,;:()[]\"'") for token in text.split() if any(c.isdigit() for c in token)]


@dataclass(slots=True)
class Tally:
    """Sums over lines. ``bins``: (words, right words, summed confidence) a bin of ``BINS``."""

    lines: int = 0
    exact: int = 0
    errors: int = 0
    symbols: int = 0
    numbers: int = 0
    numbers_right: int = 0
    slips: Counter[str] = field(default_factory=Counter)
    bins: list[list[float]] = field(default_factory=lambda: [[0.0, 0.0, 0.0] for _ in BINS[1:]])

    def add(self, truth: str, words: Sequence[Word], *, spaces: bool = True) -> int:
        """One line; the number of its wrong characters. Without ``spaces``, where words end does not count."""
        meant, said = folded(truth), folded(" ".join(word.text for word in words))
        self._add_words(words, meant, said)
        if not spaces:
            meant, said = meant.replace(" ", ""), said.replace(" ", "")
        errors = int(Levenshtein.distance(said, meant))
        self.lines += 1
        self.exact += said == meant
        self.errors += errors
        self.symbols += len(meant)
        self.slips.update(_slips(said, meant))
        return errors

    def _add_words(self, words: Sequence[Word], meant: str, said: str) -> None:
        wanted, found = Counter(numbers(meant)), Counter(numbers(said))
        self.numbers += wanted.total()
        self.numbers_right += (wanted & found).total()
        for word, right in zip(words, _right_words(words, meant), strict=True):
            index = next(i for i in range(len(self.bins)) if word.confidence < BINS[i + 1])
            self.bins[index][0] += 1
            self.bins[index][1] += right
            self.bins[index][2] += word.confidence

    @property
    def cer(self) -> float:
        """Per cent."""
        return 100.0 * self.errors / max(1, self.symbols)

    @property
    def number_share(self) -> float:
        """Per cent of the number tokens that came out as they are."""
        return 100.0 * self.numbers_right / max(1, self.numbers)

    def calibration_error(self) -> float:
        """Expected calibration error (Naeini et al., 2015), in per cent points, over ``BINS``."""
        words = sum(b[0] for b in self.bins)
        return 100.0 * sum(abs(b[1] - b[2]) for b in self.bins) / max(1.0, words)


def _right_words(words: Sequence[Word], meant: str) -> list[bool]:
    """Which of the read words stand in the truth, by an alignment of both rows of words."""
    said, wanted = [folded(word.text) for word in words], meant.split()
    right = [False] * len(said)
    for block in Levenshtein.editops(said, wanted).as_matching_blocks():
        for offset in range(block.size):
            right[block.a + offset] = True
    return right


def _slips(said: str, meant: str) -> Iterable[str]:
    """Each wrong character as ``meant>said``."""
    for op in Levenshtein.opcodes(said, meant):
        if op.tag != "equal":
            yield f"{meant[op.dest_start : op.dest_end]}>{said[op.src_start : op.src_end]}"


def kind(slip: str) -> str:
    """``marks`` (the same letter with other marks), ``case``, ``digits``, ``space``, ``signs`` or ``letters``."""
    meant, _, said = slip.partition(">")
    if _bare(meant) == _bare(said) and meant and said:
        return "case" if meant.lower() == said.lower() else "marks"
    if not (meant + said).strip():
        return "space"
    if any(c.isdigit() for c in meant + said):
        return "digits"
    return "letters" if any(c.isalpha() for c in meant + said) else "signs"


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()
