"""How often a word of a given raw confidence is right: the tables that ``reader.json`` carries.

Ours is fitted on whole pages drawn from Word-born PDFs at four resolutions, clean, worn and strongly worn (``benchmarks.grades``), where these are at hand;
tesseract's, and ours without them, on generated pages (``sample_scans``: other drawing code, other text and other wear than the training
lines). All go through the product's own straightening, cleaning and line cutting. No scan takes part, and no real line that the reader is
judged by. Isotonic regression by pooling adjacent violators (Barlow et al., 1972), thinned to a few points.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from benchmarks.grades import judged_lines, word_born
from benchmarks.measure import SCANS
from benchmarks.reader.crops import Cut, cut_page
from benchmarks.reader.judge import folded
from sample_scans.generator import generate
from training.isotonic import Judged, fitted
from workers.ocr.reader.confidence import Calibration
from workers.ocr.reader.engine import ReaderEngine
from workers.ocr.reader.weights import FACTS, READER_TABLE, TESSERACT_TABLE, Weights, load_weights
from workers.ocr.tesseract import TesserocrEngine
from workers.page import Line
from workers.reading import straighten_and_read
from workers.steps import placement as placing
from workers.stopwatch import Stopwatch

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
Read = Callable[[Cut], Sequence[Line | None]]
PAGES_A_FILE = 1


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


def word_born_words(weights: Weights) -> Judged:
    """(raw confidence, right) of the words of drawn Word-born pages, read by our reader alone; none where there are no such files."""
    if not SCANS.is_dir():
        return []
    engine = ReaderEngine(weights)
    found: Judged = []
    for page in word_born(PAGES_A_FILE):
        found += judged_lines(page, straighten_and_read(page.pixels, page.dpi, engine, Stopwatch()).lines).words
    return found


def calibrate(folder: Path, papers: Sequence[str]) -> None:
    """Rewrites the tables of ``reader.json`` in ``folder`` for our reader and for tesseract ``vie``."""
    weights = load_weights(folder)
    plain = Calibration()
    bare = replace(weights, calibration=plain, tesseract_calibration=plain)
    reader, tesseract = ReaderEngine(bare), TesserocrEngine("vie")
    ours, theirs = word_born_words(bare), Judged()
    drawn = bool(ours)
    for cut, words in pages(papers):
        if not drawn:
            ours += judged([line.as_line() for line in reader.read_lines(cut.lines)], words)
        theirs += judged(tesseract.read_lines(cut.lines, cut.dpi), words)
    path = folder / FACTS
    facts = json.loads(path.read_text(encoding="utf-8"))
    facts["calibration"] = {READER_TABLE: fitted(ours), TESSERACT_TABLE: fitted(theirs)}
    facts["calibrated_on_words"] = len(ours)
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(facts["calibration"]), len(ours), sum(ok for _, ok in ours) / len(ours))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("workers/ocr/reader/weights"))
    given = parser.parse_args()
    calibrate(given.folder, PAPERS)


if __name__ == "__main__":
    main()
