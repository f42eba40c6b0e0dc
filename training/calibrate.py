"""How often a word of a given raw confidence is right: the tables that ``reader.json`` carries.

Fitted on generated pages (``sample_scans``: other drawing code, other text and other wear than the training lines) that go through the
product's own straightening, cleaning and line cutting; never on the real lines that the reader is judged by. Isotonic regression by
pooling adjacent violators (Barlow et al., 1972), thinned to a dozen points.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from benchmarks.reader.crops import Cut, cut_page
from benchmarks.reader.judge import folded
from sample_scans.generator import generate
from workers.ocr.reader.confidence import Calibration
from workers.ocr.reader.engine import ReaderEngine
from workers.ocr.reader.weights import FACTS, READER_TABLE, TESSERACT_TABLE, load_weights
from workers.ocr.tesseract import TesserocrEngine
from workers.page import Line
from workers.steps import placement as placing

PAPERS = (
    "cong_van",
    "giay_khai_sinh",
    "quyet_dinh",
    "to_khai",
    "thong_bao",
    "phu_luc",
    "giay_chung_nhan_dang_ky_ho_kinh_doanh",
)
WEARS = ("scan", "stamped", "photocopy", "bitonal", "yellow", "bleed", "skewed", "lowres", "clean")
FIRST_SEED = 770_000
POINTS = 12
Read = Callable[[Cut], Sequence[Line | None]]
Judged = list[tuple[float, bool]]


def pages(papers: Sequence[str]) -> Iterator[tuple[Cut, list[str]]]:
    """(a straightened and cut page, its printed words)."""
    for number, wear in enumerate(WEARS):
        for index, paper in enumerate(papers):
            made = generate(paper, FIRST_SEED + 100 * number + index, wear)
            height, width = made.image.shape[:2]
            place = placing.place(width, height, rotation=made.truth.rotation, skew=made.truth.skew)
            words = [folded(word.text) for line in made.truth.lines for word in line.words if not word.hand]
            yield cut_page(placing.apply(made.image, place), made.truth.dpi), words


def judged(lines: Sequence[Line | None], truth: Sequence[str]) -> Judged:
    """(confidence, right) of each word that was read; right is what an alignment with the page's words matches."""
    words = [word for line in lines if line for word in line.words]
    said = [folded(word.text) for word in words]
    right = [False] * len(words)
    for block in Levenshtein.editops(said, list(truth)).as_matching_blocks():
        right[block.a : block.a + block.size] = [True] * block.size
    return [(word.confidence, ok) for word, ok in zip(words, right, strict=True)]


def fitted(data: Judged) -> list[tuple[float, float]]:
    """Rising points (raw, share right). A wrong word is added at each end, so that nothing is ever certain."""
    ordered = sorted([*data, (0.0, False), (1.0, False), (1.0, True)])
    blocks: list[tuple[float, int, int]] = []  # highest raw, right, words
    for raw, ok in ordered:
        block = (raw, int(ok), 1)
        while blocks and blocks[-1][1] * block[2] >= block[1] * blocks[-1][2]:
            earlier = blocks.pop()
            block = (raw, earlier[1] + block[1], earlier[2] + block[2])
        blocks.append(block)
    raws = np.array([raw for raw, _, _ in blocks])
    shares = np.array([right / words for _, right, words in blocks])
    at = np.unique(
        np.concatenate([[0.0], np.quantile([raw for raw, _ in ordered], np.linspace(0, 1, POINTS - 2)), [0.5, 1.0]])
    )
    values = np.interp(at, raws, shares)
    return [(round(float(a), 5), round(float(v), 5)) for a, v in zip(at, np.maximum.accumulate(values), strict=True)]


def calibrate(folder: Path, papers: Sequence[str]) -> None:
    """Rewrites the tables of ``reader.json`` in ``folder`` for our reader and for tesseract ``vie``."""
    weights = load_weights(folder)
    plain = Calibration()
    reader = ReaderEngine(replace(weights, calibration=plain, tesseract_calibration=plain))
    tesseract = TesserocrEngine("vie")
    ours: Judged = []
    theirs: Judged = []
    for cut, words in pages(papers):
        ours += judged([line.as_line() for line in reader.read_lines(cut.lines)], words)
        theirs += judged(tesseract.read_lines(cut.lines, cut.dpi), words)
    path = folder / FACTS
    facts = json.loads(path.read_text(encoding="utf-8"))
    facts["calibration"] = {READER_TABLE: fitted(ours), TESSERACT_TABLE: fitted(theirs)}
    facts["calibrated_on_words"] = len(ours)
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(
        json.dumps(facts["calibration"]),
        len(ours),
        sum(ok for _, ok in ours) / len(ours),
        sum(ok for _, ok in theirs) / len(theirs),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("workers/ocr/reader/weights"))
    given = parser.parse_args()
    calibrate(given.folder, PAPERS)


if __name__ == "__main__":
    main()
