"""Our reader first; lines that it read with doubt are shown to tesseract too, and the more credible reading is kept whole.

Tesseract is loaded when it is first needed. Where it is not installed, the reader goes on alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

from models.errors import MissingProgram
from workers.ocr.engine import MIN_SIDE
from workers.ocr.lines import CutLine, cut_lines
from workers.ocr.normal import is_noise
from workers.ocr.reader.confidence import Calibration, sureness, worth
from workers.ocr.reader.reading import ReadLine
from workers.page import Line, Pixels, Word

log = logging.getLogger(__name__)

DOUBT = 0.73
"""Confidence of a line's letters under which tesseract is asked: one letter in three stands in a word read wrong. On the surer ones
its reading is seldom worth more, and it takes as long for one line as the reader takes for ten."""
MAX_ASKED = 8
"""Lines of a page that are shown to it, least sure first."""


class FirstReader(Protocol):
    """Our reader, as far as it is needed here."""

    name: str
    second_calibration: Calibration

    def read_lines(self, lines: Sequence[CutLine]) -> list[ReadLine]: ...
    def close(self) -> None: ...


@runtime_checkable
class SecondReader(Protocol):
    """An engine that can read single lines."""

    name: str

    def read_lines(self, cut: Sequence[CutLine], dpi: float) -> list[Line | None]: ...
    def close(self) -> None: ...


class ReaderWithSecondOpinion:
    """``load_second`` raises ``MissingProgram`` when there is none to be had."""

    def __init__(self, first: FirstReader, load_second: Callable[[], SecondReader]) -> None:
        self._first = first
        self._load: Callable[[], SecondReader] | None = load_second
        self._second: SecondReader | None = None

    @property
    def name(self) -> str:
        """The first reader's; lines that the second one read carry its name."""
        return self._first.name

    def read(self, grey: Pixels, dpi: float) -> tuple[Line, ...]:
        cut = cut_lines(grey, dpi) if min(grey.shape[:2]) >= MIN_SIDE else ()
        found = self.read_lines(cut, dpi)
        return tuple(
            line for piece, line in zip(cut, found, strict=True) if line and (piece.cell or not is_noise(line))
        )

    def read_lines(self, cut: Sequence[CutLine], dpi: float) -> list[Line | None]:
        """For each line what stands there, by whoever is more credible; ``None`` where nobody read anything."""
        found = [read.as_line() for read in self._first.read_lines(cut)]
        doubtful = [
            index
            for index, line in enumerate(found)
            if not cut[index].handwritten and (line is None or sureness(line.words) < DOUBT)
        ]
        asked = sorted(doubtful, key=lambda index: _sure(found[index]))[:MAX_ASKED]
        for index, other in zip(asked, self._opinions([cut[index] for index in asked], dpi), strict=True):
            found[index] = _better(found[index], other)
        return found

    def close(self) -> None:
        self._first.close()
        if self._second is not None:
            self._second.close()
            self._second = None

    def _opinions(self, cut: Sequence[CutLine], dpi: float) -> list[Line | None]:
        second = self._loaded() if cut else None
        if second is None:
            return [None] * len(cut)
        return [self._signed(line, second.name) if line else None for line in second.read_lines(cut, dpi)]

    def _loaded(self) -> SecondReader | None:
        if self._second is None and self._load is not None:
            try:
                self._second = self._load()
            except MissingProgram as error:
                self._load = None  # said once, and not tried again for each page
                log.warning("no second opinion on doubtful lines: %s", error.detail)
        return self._second

    def _signed(self, line: Line, engine: str) -> Line:
        """With the engine's name, and confidence on the scale of the first reader."""
        words = tuple(Word(word.text, word.box, self._first.second_calibration(word.confidence)) for word in line.words)
        return replace(line, words=words, engine=engine)


def _sure(line: Line | None) -> float:
    return sureness(line.words) if line else 0.0


def _better(ours: Line | None, theirs: Line | None) -> Line | None:
    """One of both as it is, never a blend. Ours when they are worth the same."""
    if ours is None or theirs is None:
        return ours or theirs
    return theirs if worth(theirs.words) > worth(ours.words) else ours
