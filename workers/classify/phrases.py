"""Phrases of the catalog (cues, labels) looked for on a page that a reader may have misread.

Each phrase is a set of letter 4-grams. A page has the phrase as far as it has its grams: one wrong letter costs four of them, a missing
space none. Two pages of words hold about 2,500 grams, of which a phrase of other words shares about a third.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from models.vietnamese.folding import fold

_GRAM: Final = 4
_DOUBT: Final = 0.7  # a type whose few phrases all have must not look sure
_LEAST, _ENOUGH = 0.55, 0.9  # shares of grams: below, it isn't there; from here on, it is


@dataclass(frozen=True, slots=True)
class PhraseScore:
    """``share``: of the paper type's phrases that the page has, rare ones counting more, 0..1; ``weight``: the sum of what was found."""

    share: float
    weight: float


class PhraseIndex:
    """Phrases by owner (a paper type); a phrase that many owners have tells little and weighs little."""

    def __init__(self, phrases: Mapping[str, Sequence[str]]) -> None:
        owners = Counter(bare for own in phrases.values() for bare in {bare_of(phrase) for phrase in own})
        self._grams = {bare: grams_of(bare) for bare in owners if len(bare) >= _GRAM}
        count = max(1, len(phrases))
        self._weights = {bare: log(count / owners[bare]) / log(max(2, count)) for bare in self._grams}
        self._of: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for owner, own in phrases.items():
            self._of[owner] = tuple({bare for phrase in own if (bare := bare_of(phrase)) in self._grams})

    def scores(self, page_grams: frozenset[str] | set[str]) -> dict[str, PhraseScore]:
        """By owner, how many of its phrases the page has."""
        there = {bare: _presence(grams, page_grams) for bare, grams in self._grams.items()}
        found = {}
        for owner, own in self._of.items():
            whole = sum(self._weights[bare] for bare in own)
            weight = sum(self._weights[bare] * there[bare] for bare in own)
            found[owner] = PhraseScore(weight / (whole + _DOUBT), weight)
        return found


def bare_of(text: str) -> str:
    """Folded letters and digits alone."""
    return "".join(letter for letter in fold(text) if letter.isascii() and letter.isalnum())


def grams_of(bare: str) -> frozenset[str]:
    """Its 4-grams."""
    return frozenset(bare[start : start + _GRAM] for start in range(len(bare) - _GRAM + 1))


def grams_of_lines(lines: Iterable[str]) -> set[str]:
    """The 4-grams of bare lines, each with the next as if they were one: a phrase may run over a line's end."""
    found: set[str] = set()
    tail = ""
    for line in lines:
        text = tail + line
        found.update(text[start : start + _GRAM] for start in range(len(text) - _GRAM + 1))
        tail = text[-(_GRAM - 1) :]
    return found


def _presence(grams: frozenset[str], page: frozenset[str] | set[str]) -> float:
    share = len(grams & page) / len(grams)
    return min(1.0, max(0.0, (share - _LEAST) / (_ENOUGH - _LEAST)))
