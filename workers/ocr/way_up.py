"""Whether a page was read the wrong way up: its words tell what the look of the whole page did not.

A last page with three lines and a seal in one corner looks to the network like one that stands on its head, and it is sure. Letters read that way
are no words: the reader says so, and the page is read the other way up before anything else is made of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from workers.page import Line

SURE: Final = 0.9
"""Of a word's confidence: from here on nine in ten words and more are right (docs/benchmarks.md)."""
FEWEST: Final = 12
"""Letters; of fewer nothing is concluded."""
LEGIBLE: Final = 0.8
"""The share of letters in sure words below which a page is tried the other way up. Worn pages that are upright pass it or lose the comparison."""
BETTER: Final = 1.5
"""So many times the sure letters make the other way up the right one."""


@dataclass(frozen=True, slots=True)
class Legible:
    """Letters and digits that were read, and those of them in words that the reader is sure of."""

    letters: int
    sure: int

    @staticmethod
    def of(lines: Iterable[Line]) -> Legible:
        words = [(sum(map(str.isalnum, word.text)), word.confidence) for line in lines for word in line.words]
        return Legible(sum(count for count, _ in words), sum(count for count, sure in words if sure >= SURE))

    @property
    def share(self) -> float:
        return self.sure / self.letters if self.letters else 0.0


def in_doubt(lines: Iterable[Line]) -> bool:
    """Whether it is worth reading the page the other way up."""
    read = Legible.of(lines)
    return read.letters >= FEWEST and read.share < LEGIBLE


def is_better(turned: Iterable[Line], first: Iterable[Line]) -> bool:
    """Whether the page stands upright as ``turned`` has it, and not as it was read ``first``."""
    one, other = Legible.of(turned), Legible.of(first)
    return one.share > other.share and one.sure > BETTER * other.sure
