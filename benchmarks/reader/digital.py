"""Renderings of Word-born PDFs: the exact text is known, line by line, at any resolution and in any state of wear.

Spaces do not count here: in justified lines these text layers lack some of them (``Danhmục thủtục``). The real lines count them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pypdfium2

from benchmarks.reader.crops import cut_page, read_page, words_in
from benchmarks.reader.engines import Contestant
from benchmarks.reader.judge import Tally, folded
from benchmarks.reader.truth import SCANS
from workers.limits import Limits
from workers.ocr.reader.symbols import readable
from workers.page import Box, Pixels, Word
from workers.steps.decode import decode_page, open_document

BLANKS = re.compile(r"Số:?\s*/|ngày\s+tháng|tháng\s+năm|[.…_]{4,}|…")
"""Slots left open for a number, a date or a pen: the stamps drawn into them, and their dots, are not in the text layer's words."""
GAP = 1.0
"""Word heights between two words of one line. Wider in justified lines: there the pieces are measured apart, no harm done."""
TWO_ROWS = 1.6
"""Of the median word height: a word as tall as this goes on in the next row."""
RESOLUTIONS = (300, 200, 150, 100)
WEARS = ("clean", "damaged")
SEED = 20231


@dataclass(frozen=True, slots=True)
class Known:
    """A line of a page's own text layer. ``box``: pixels at ``dpi``."""

    text: str
    box: Box


def rendered(path: Path, number: int, dpi: int) -> Pixels:
    """uint8 RGB of page ``number`` (from 1)."""
    document = pypdfium2.PdfDocument(path)
    try:
        image = document[number - 1].render(scale=dpi / 72).to_numpy()
        return np.ascontiguousarray(image[:, :, 2::-1])
    finally:
        document.close()


def known_lines(path: Path, number: int, dpi: int) -> list[Known]:
    """The printed lines of the text layer, as far as the reader has symbols for them.

    What stands a letter's height apart is a line of its own: text layers run across the cells of a table. A piece with a
    word that ends on the next row (``NĐ-`` / ``CP`` as one word) is left out: its box is that of two rows.
    """
    page = decode_page(open_document(path, Limits()), number, Limits())
    factor = dpi / page.dpi
    found = []
    for line in page.text_layer or ():
        if BLANKS.search(line.text):
            continue
        height = float(np.median([word.box[3] - word.box[1] for word in line.words]))
        for words in _pieces(line.words, GAP * height):
            text = " ".join(word.text for word in words)
            if not text.strip() or folded(readable(text)) != folded(text):
                continue
            if max(word.box[3] - word.box[1] for word in words) > TWO_ROWS * height:
                continue
            boxes = np.array([word.box for word in words], float) * factor
            x0, y0, x1, y1 = boxes[:, 0].min(), boxes[:, 1].min(), boxes[:, 2].max(), boxes[:, 3].max()
            short = max(0.0, height * factor - (y1 - y0)) / 2
            found.append(Known(text, (round(x0) - 3, round(y0 - short), round(x1) + 3, round(y1 + short))))
    return found


def _pieces(words: Sequence[Word], gap: float) -> Iterator[list[Word]]:
    """Neighbours no further apart than ``gap`` and on one row."""
    piece: list[Word] = []
    for word in words:
        if piece:
            last = piece[-1].box
            apart = word.box[0] - last[2] > gap or word.box[0] < last[0]
            shared = min(word.box[3], last[3]) - max(word.box[1], last[1])
            if apart or shared < 0.5 * min(word.box[3] - word.box[1], last[3] - last[1]):
                yield piece
                piece = []
        piece.append(word)
    if piece:
        yield piece


def damaged(page: Pixels, seed: int, strength: float = 1.0) -> Pixels:
    """Softened, noisy, unevenly lit and JPEG-coded, as a worn office scanner gives it; ``strength`` times as much of it."""
    bits = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(page, (0, 0), 0.7 * strength).astype(np.float32)
    height, width = soft.shape[:2]
    light = np.linspace(0.86, 1.0, width, dtype=np.float32)[None, :, None]
    worn = 30 + soft * light * 0.85 + bits.normal(0, 9 * strength, (height, width, 1)).astype(np.float32)
    _, coded = cv2.imencode(
        ".jpg", np.clip(worn, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, round(45 / strength)]
    )
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def sample(pages_a_file: int) -> Iterator[tuple[Path, int]]:
    """The first pages of each file that have a text layer."""
    for path in sorted((SCANS / "digital").glob("*.pdf")):
        count = open_document(path, Limits()).page_count
        for number in range(1, min(count, pages_a_file) + 1):
            yield path, number


def measure(engines: Sequence[Contestant], pages_a_file: int) -> dict[tuple[str, int, str], Tally]:
    """Tallies by engine, dpi and wear."""
    tallies: dict[tuple[str, int, str], Tally] = {}
    for index, (path, number) in enumerate(sample(pages_a_file)):
        for dpi in RESOLUTIONS:
            lines, clean = known_lines(path, number, dpi), rendered(path, number, dpi)
            for wear in WEARS:
                page = clean if wear == "clean" else damaged(clean, SEED + index)
                cut = cut_page(page, dpi)
                for engine in engines:
                    read = read_page(page, dpi, cut, engine.read)
                    tally = tallies.setdefault((engine.name, dpi, wear), Tally())
                    for line in lines:
                        tally.add(line.text, words_in(cut, read, line.box), spaces=False)
    return tallies
