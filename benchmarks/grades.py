"""``make bench-grades``: is a word of confidence 0.9 right nine times in ten on whole pages, and do the grades find the pages that need a person?

Every page with a known text goes through the pipeline: the scanned decision and its annex, the low-resolution photographs, Word-born pages drawn
at four resolutions; the scans and the drawn pages also worn, and strongly worn. Every word that was read is judged (``benchmarks.words``), not those of lines
prepared for it. Raw numbers and tables go to ``benchmarks/results/grades-<date>-<commit>``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import cv2
import numpy as np

from benchmarks.compare.inputs import TRUTHS
from benchmarks.measure import SCANS, keep, machine
from benchmarks.reader import digital
from benchmarks.reader.judge import BINS
from benchmarks.words import Judged, Truth, judge, missed
from workers.limits import Limits
from workers.ocr.engine import OcrEngine
from workers.ocr.factory import make_engine
from workers.ocr.grade import grade
from workers.ocr.reader.symbols import readable
from workers.page import Box, Grade, Line, Pixels
from workers.reading import straighten_and_read
from workers.steps.decode import decode_page, open_document
from workers.stopwatch import Stopwatch

WEARS = {"as it is": 0.0, "worn": 1.0, "strongly worn": 2.0}
"""Strengths of ``digital.damaged``."""
FLAGGED = 0.1
"""Share of the pages that a person looks at: those of the lowest grade."""
LOWRES_VARIANTS = ("v0_original", "v1_noisy", "v2_blur", "v3_dark", "v4_rotated")


@dataclass(frozen=True, slots=True)
class Known:
    """A page and its text. ``inside``: boxes outside which nothing is judged (stamps drawn on a Word-born page are in no text layer)."""

    name: str
    group: str
    pixels: Pixels
    dpi: float
    truth: Truth
    inside: tuple[Box, ...] | None = None
    own: bool = True  # the truth is this page's alone: what is missing from it is known too


@dataclass(frozen=True, slots=True)
class Result:
    """A page that was read. ``words``: (confidence, right) of those judged; ``missed``: words of the truth that were not read at all."""

    name: str
    group: str
    grade: Grade
    words: list[tuple[float, bool]] = field(repr=False)
    missed: int = 0

    @property
    def wrong(self) -> int:
        return sum(1 for _, right in self.words if not right)


def known_pages(pages_a_file: int) -> Iterator[Known]:
    yield from _scanned()
    yield from _coarse()
    yield from word_born(pages_a_file)


def _scanned() -> Iterator[Known]:
    for name, first, last, truth_name in TRUTHS:
        truth = Truth.of((SCANS / "text" / truth_name).read_text(encoding="utf-8"), spaces=True)
        info = open_document(SCANS / "text" / name, Limits())
        for number in range(first, last + 1):
            page = decode_page(info, number, Limits())
            for index, (wear, strength) in enumerate(WEARS.items()):
                pixels = _worn(page.pixels, 10 * number + index, strength)
                yield Known(f"{name} {number} {wear}", f"scan, {wear}", pixels, page.dpi, truth, own=first == last)


def _coarse() -> Iterator[Known]:
    truth = Truth.of((SCANS / "lowres" / "4_1_gt.txt").read_text(encoding="utf-8"), spaces=True)
    for variant in LOWRES_VARIANTS:
        page = decode_page(open_document(SCANS / "lowres" / f"4_1_{variant}.jpg", Limits()), 1, Limits())
        yield Known(f"lowres {variant}", "576 x 960 pixels", page.pixels, page.dpi, truth)


def word_born(pages_a_file: int) -> Iterator[Known]:
    """Pages drawn from Word-born PDFs, at every resolution and in every state of wear."""
    for index, (path, number) in enumerate(digital.sample(pages_a_file)):
        page = decode_page(open_document(path, Limits()), number, Limits())
        layer = page.text_layer or ()
        truth = Truth.of(readable("\n".join(line.text for line in layer)), spaces=False)
        for dpi in digital.RESOLUTIONS:
            inside = tuple(_grown(line.box, dpi / page.dpi) for line in layer if not digital.BLANKS.search(line.text))
            clean = digital.rendered(path, number, dpi)
            for wear, strength in WEARS.items():
                pixels = _worn(clean, digital.SEED + index, strength)
                name = f"{path.name} {number} {dpi} dpi {wear}"
                yield Known(name, f"drawn, {dpi} dpi, {wear}", pixels, dpi, truth, inside, own=False)


def _worn(pixels: Pixels, seed: int, strength: float) -> Pixels:
    if not strength:
        return pixels
    coloured = pixels if pixels.ndim == 3 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), np.uint8)
    return digital.damaged(coloured, seed, strength)


def _grown(box: Box, factor: float) -> Box:
    x0, y0, x1, y1 = (side * factor for side in box)
    around = 0.2 * (y1 - y0)
    return round(x0 - around), round(y0 - around), round(x1 + around), round(y1 + around)


def read(page: Known, engine: OcrEngine) -> Result | None:
    """``None`` where no word was read."""
    lines = straighten_and_read(page.pixels, page.dpi, engine, Stopwatch()).lines
    given = grade(lines)
    if given is None:
        return None
    judged = judged_lines(page, lines)
    lost = missed(page.truth, judged.covered) if page.own else 0
    return Result(page.name, page.group, given, judged.words, lost)


def judged_lines(page: Known, lines: Sequence[Line]) -> Judged:
    """The words of those lines that the page's truth speaks of."""
    return judge((line for line in lines if _is_inside(line, page.inside)), page.truth)


def _is_inside(line: Line, inside: Sequence[Box] | None) -> bool:
    """The middle of every word of the line is in one of the boxes."""
    if inside is None:
        return True
    middles = [((word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2) for word in line.words]
    return all(any(x0 <= x < x1 and y0 <= y < y1 for x0, y0, x1, y1 in inside) for x, y in middles)


def expected_wrong(page: Result) -> float:
    """How many words the confidences say are wrong."""
    return sum(1.0 - confidence for confidence, _ in page.words)


ORDERS: dict[str, Callable[[Result], float]] = {
    "mean": lambda page: page.grade.mean,
    "5th percentile": lambda page: page.grade.low,
    "5th percentile, then mean": lambda page: page.grade.low + 1e-3 * page.grade.mean,
    "words expected wrong (no grade)": lambda page: -expected_wrong(page),
    "words wrong (what no machine knows)": lambda page: -page.wrong,
}
"""Lowest first is looked at first."""


@dataclass(frozen=True, slots=True)
class Routed:
    """What a person meets on the flagged pages, and what is left on the others."""

    pages: int
    wrong: int
    words: int
    other_pages: int
    other_wrong: int
    other_words: int


def routed(pages: Sequence[Result], order: Callable[[Result], float], share: float = FLAGGED) -> Routed:
    ranked = sorted(pages, key=order)
    count = max(1, round(share * len(ranked)))
    flagged, rest = ranked[:count], ranked[count:]
    return Routed(
        count,
        sum(page.wrong for page in flagged),
        sum(len(page.words) for page in flagged),
        len(rest),
        sum(page.wrong for page in rest),
        sum(len(page.words) for page in rest),
    )


def reliability(pages: Sequence[Result]) -> list[tuple[float, float, int, float, float]]:
    """(from, to, words, mean confidence, share right) of each bin of ``BINS`` that holds words."""
    words = [word for page in pages for word in page.words]
    sure = np.array([confidence for confidence, _ in words])
    right = np.array([was for _, was in words], np.bool_)
    rows = []
    for low, high in pairwise(BINS):
        here = (sure >= low) & (sure < high)
        if here.any():
            rows.append((low, min(1.0, high), int(here.sum()), float(sure[here].mean()), float(right[here].mean())))
    return rows


def _by_group(pages: Sequence[Result], out: list[str]) -> None:
    out += ["## By kind of page", ""]
    out += ["| | pages | words | right % | mean confidence % | grade, mean | grade, 5th percentile | wrong, a page |"]
    out += ["|---|---|---|---|---|---|---|---|"]
    for group in dict.fromkeys(page.group for page in pages):
        mine = [page for page in pages if page.group == group]
        words = [word for page in mine for word in page.words]
        right, sure = (100 * float(np.mean([word[k] for word in words])) for k in (1, 0))
        grades = [float(np.mean([getattr(page.grade, k) for page in mine])) for k in ("mean", "low")]
        wrong = sum(page.wrong for page in mine) / len(mine)
        out.append(
            f"| {group} | {len(mine)} | {len(words)} | {right:.1f} | {sure:.1f} | {grades[0]:.3f} | {grades[1]:.3f} | {wrong:.1f} |"
        )
    out.append("")


def _reliability(title: str, pages: Sequence[Result], out: list[str]) -> None:
    out += [f"### {title}", "", "| confidence | words | mean % | right % | off by |", "|---|---|---|---|---|"]
    for low, high, words, sure, right in reliability(pages):
        out.append(
            f"| {low:g} to {high:g} | {words} | {100 * sure:.1f} | {100 * right:.1f} | {100 * (right - sure):+.1f} |"
        )
    out.append("")


def _page_grades(pages: Sequence[Result], out: list[str]) -> None:
    out += [
        "## Mean grade against words right",
        "",
        "| mean grade | pages | mean of it % | words right % |",
        "|---|---|---|---|",
    ]
    edges = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.93, 0.96, 0.98, 1.01)
    for low, high in pairwise(edges):
        mine = [page for page in pages if low <= page.grade.mean < high and page.words]
        if mine:
            shares = [np.mean([right for _, right in page.words]) for page in mine]
            given = np.mean([page.grade.mean for page in mine])
            out.append(
                f"| {low:g} to {min(1.0, high):g} | {len(mine)} | {100 * given:.1f} | {100 * np.mean(shares):.1f} |"
            )
    out.append("")


def _routing(title: str, pages: Sequence[Result], out: list[str]) -> None:
    total = sum(page.wrong for page in pages)
    out += [f"### {title}: {len(pages)} pages, {total} words wrong", ""]
    out += [
        f"| flagged by the lowest | of all wrong words, in {FLAGGED:.0%} of the pages | a flagged page | any other page |"
    ]
    out += ["|---|---|---|---|"]
    for name, order in ORDERS.items():
        met = routed(pages, order)
        share = 100 * met.wrong / max(1, total)
        out.append(
            f"| {name} | {share:.0f} % | {met.wrong / met.pages:.1f} wrong ({100 * met.wrong / max(1, met.words):.1f} %) "
            f"| {met.other_wrong / max(1, met.other_pages):.2f} ({100 * met.other_wrong / max(1, met.other_words):.2f} %) |"
        )
    out.append("")


def report(pages: Sequence[Result]) -> list[str]:
    usual = [page for page in pages if "strongly" not in page.group and "100 dpi" not in page.group]
    out: list[str] = []
    _by_group(pages, out)
    out += ["## Reliability of words", ""]
    _reliability("All pages", pages, out)
    _reliability("Without strong wear and 100 dpi", usual, out)
    _reliability("Scans and photographs", [page for page in pages if not page.group.startswith("drawn")], out)
    _page_grades(pages, out)
    out += ["## What a reviewer meets", ""]
    _routing("All pages", pages, out)
    _routing("Without strong wear and 100 dpi", usual, out)
    lost = {page.name: page.missed for page in pages if page.missed}
    out += [
        "Words of typed truths of which nothing was read: "
        + (", ".join(f"{n} in {k}" for k, n in lost.items()) or "none")
    ]
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages-a-file", type=int, default=2, help="of the Word-born PDFs")
    parser.add_argument("--engine", default="reader")
    given = parser.parse_args()
    if not SCANS.is_dir():
        print("The scans to measure on (../shared/scans) are not here; nothing was measured.", file=sys.stderr)
        return 2
    engine = make_engine(given.engine)
    pages = [result for page in known_pages(given.pages_a_file) if (result := read(page, engine)) is not None]
    engine.close()
    record: dict[str, Any] = {"machine": machine(), "options": vars(given)}
    record["pages"] = [
        {
            "name": p.name,
            "group": p.group,
            "mean": p.grade.mean,
            "low": p.grade.low,
            "missed": p.missed,
            # Fifty thousand words one by one would be megabytes: by confidence, and how sure of the wrong ones it was.
            "reliability": [[round(value, 4) for value in row] for row in reliability([p])],
            "wrong": [round(confidence, 4) for confidence, right in p.words if not right],
        }
        for p in pages
    ]
    keep(
        "grades",
        record,
        [
            f"# Grades and confidence on whole pages, {record['machine']['date']}",
            "",
            str(record["machine"]),
            "",
            *report(pages),
        ],
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
