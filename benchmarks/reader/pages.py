"""Whole pages through the pipeline: accuracy in reading order against typed truth, and what a page costs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.accuracy import cer, word_recall
from benchmarks.annex import as_truth, without_ticks
from benchmarks.compare.inputs import TRUTHS
from benchmarks.reader.judge import folded
from benchmarks.reader.truth import SCANS
from workers.limits import Limits
from workers.ocr.engine import OcrEngine
from workers.ocr.factory import make_engine
from workers.pipeline import read_page
from workers.steps.decode import open_document

ENGINES = ("reader", "reader-alone", "tesserocr")


@dataclass(slots=True)
class PageResult:
    """``rows``: (pages, errors, characters, words found, words). ``recognise``: seconds of each page's cut and reading."""

    rows: list[tuple[str, int, int, int, int]] = field(default_factory=list)
    recognise: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)

    @property
    def median_recognise(self) -> float:
        return statistics.median(self.recognise) if self.recognise else 0.0


def measure(name: str) -> PageResult:
    """Every page of ``text`` and ``official`` with one engine in this process (one core)."""
    engine, result = make_engine(name), PageResult()
    try:
        _accuracy(engine, result)
        for path in sorted((SCANS / "official").glob("*.pdf")):
            _read(path, range(1, open_document(path, Limits()).page_count + 1), engine, result)
    finally:
        engine.close()
    return result


def _read(path: Path, numbers: Sequence[int], engine: OcrEngine, result: PageResult) -> str:
    info, texts = open_document(path, Limits()), []
    for number in numbers:
        started = time.process_time()
        outcome = read_page(info, number, engine, Limits())
        result.whole.append(time.process_time() - started)
        if "recognise" in outcome.seconds:
            result.recognise.append(outcome.seconds["recognise"])
        texts.append(outcome.text)
    return "\n".join(texts)


def _accuracy(engine: OcrEngine, result: PageResult) -> None:
    for name, first, last, truth_name in TRUTHS:
        truth = folded((SCANS / "text" / truth_name).read_text(encoding="utf-8"))
        pages = [folded(_read(SCANS / "text" / name, [n], engine, result)) for n in range(first, last + 1)]
        read = " ".join(pages)
        if "table" in truth_name:
            truth, read = without_ticks(truth), as_truth(pages)
        result.rows.append((f"{name} {first}-{last}", *cer(truth, read), *word_recall(truth, read)))


def memory_mib() -> float:
    """Resident memory of this process."""
    return float(psutil.Process().memory_info().rss) / 2**20
