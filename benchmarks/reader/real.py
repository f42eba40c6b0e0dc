"""The hand-typed lines of real scans, read by every engine from the same crops."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.reader.crops import cut_page, read_page, words_in
from benchmarks.reader.engines import Contestant
from benchmarks.reader.judge import Tally
from benchmarks.reader.truth import TruthLine, pages, straight_page

ALL = "all printed"
APART = frozenset({"handwriting"})
"""Conditions that no engine here claims to read: counted apart, not in the whole."""


@dataclass(slots=True)
class RealResult:
    """``tallies``: by engine and condition; ``wrong``: (line, engine, read) with errors; CPU seconds to clean and to cut each page."""

    tallies: dict[str, dict[str, Tally]] = field(default_factory=dict)
    wrong: list[tuple[TruthLine, str, str]] = field(default_factory=list)
    cleaning: list[float] = field(default_factory=list)
    cutting: list[float] = field(default_factory=list)

    @property
    def pages(self) -> int:
        return len(self.cutting)


def measure(lines: Iterable[TruthLine], engines: Sequence[Contestant]) -> RealResult:
    """Every line of the truth counts: one that the cutter lost is all errors for every engine."""
    result = RealResult({engine.name: {} for engine in engines})
    for group in pages(lines):
        pixels, dpi = straight_page(group[0])
        cut = cut_page(pixels, dpi)
        for seconds, spent in zip((result.cleaning, result.cutting), cut.seconds, strict=True):
            seconds.append(spent)
        for engine in engines:
            read = read_page(pixels, dpi, cut, engine.read)
            for line in group:
                words = words_in(cut, read, line.box)
                conditions = set(line.conditions.split())
                names = conditions & APART or {ALL, *(conditions or {"plain"})}
                errors = [
                    result.tallies[engine.name].setdefault(name, Tally()).add(line.text, words)
                    for name in sorted(names)
                ]
                if errors[0] and not conditions & APART:
                    result.wrong.append((line, engine.name, " ".join(word.text for word in words)))
    return result
