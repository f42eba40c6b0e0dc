"""The engines that are measured, behind one call: cut lines in, lines out, CPU seconds counted."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workers.ocr.lines import CutLine
from workers.ocr.reader.engine import ReaderEngine
from workers.ocr.second_opinion import ReaderWithSecondOpinion
from workers.ocr.tesseract import TesserocrEngine
from workers.page import Line

NAMES = ("reader", "reader alone", "tesseract vie", "tesseract script")
"""``reader``: as pages are read by default, with tesseract's opinion on doubtful lines."""


@dataclass(slots=True)
class Contestant:
    """``seconds``: CPU time of this process spent in reading, so far."""

    name: str
    read_lines: Callable[[Sequence[CutLine], float], list[Line | None]]
    seconds: float = 0.0

    def read(self, cut: Sequence[CutLine], dpi: float) -> list[Line | None]:
        started = time.process_time()
        lines = self.read_lines(cut, dpi)
        self.seconds += time.process_time() - started
        return lines


def contestants(names: Sequence[str] = NAMES) -> list[Contestant]:
    """Loaded and warm. ``Vietnamese`` is tesseract's larger model for the script."""
    makers: dict[str, Callable[[], Contestant]] = {
        "reader": _with_second_opinion,
        "reader alone": _reader,
        "tesseract vie": lambda: _tesseract("tesseract vie", "vie"),
        "tesseract script": lambda: _tesseract("tesseract script", "Vietnamese"),
    }
    return [makers[name]() for name in names]


def _with_second_opinion() -> Contestant:
    engine = ReaderWithSecondOpinion(ReaderEngine(), lambda: TesserocrEngine("vie"))
    return Contestant("reader", engine.read_lines)


def _reader() -> Contestant:
    engine = ReaderEngine()
    return Contestant("reader alone", lambda cut, _: [line.as_line() for line in engine.read_lines(cut)])


def _tesseract(name: str, languages: str) -> Contestant:
    return Contestant(name, TesserocrEngine(languages).read_lines)
