"""How right a finished PDF is. Every program is judged through ``pdftotext``; only tables need our JSON, since no other tells cells."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from PIL import Image

from benchmarks.accuracy import cell_f1, cer, pdf_text, word_recall, words_in_order
from benchmarks.annex import as_truth, without_ticks
from benchmarks.compare.inputs import LOWRES_TRUTH, TRUTHS, Input
from benchmarks.measure import SCANS
from benchmarks.reader.digital import Known
from benchmarks.reader.judge import folded

_Placed = tuple[str, float, float]
"""A word and its middle: x and y as shares of the page's width and height."""


@dataclass(frozen=True, slots=True)
class Score:
    """``edits``: in the order that ``pdftotext`` makes; ``edits_as_written``: in that in which the program wrote its words.

    ``in_order``: words of the truth met in its order, of ``ordered_words`` (a table's ticks left out); ``found``: met anywhere, of ``words``.
    """

    pages: str
    characters: int
    edits: int
    edits_as_written: int
    in_order: int
    ordered_words: int
    found: int
    words: int


def typed(folder: Path) -> list[Score]:
    """The scanned decision, page by page, from its PDF in ``folder``."""
    scores = []
    for name, first, last, truth_name in TRUTHS:
        pdf = folder / name
        if pdf.exists():
            truth = folded((SCANS / "text" / truth_name).read_text(encoding="utf-8"))
            scores.append(_score(f"{name} {first}-{last}", truth, pdf, first, last, table="table" in truth_name))
    return scores


def lowres(item: Input, pdf: Path) -> Score:
    truth = folded(LOWRES_TRUTH.read_text(encoding="utf-8"))
    return _score(item.path.stem, truth, pdf, 1, 1, table=False)


def _score(name: str, truth: str, pdf: Path, first: int, last: int, *, table: bool) -> Score:
    read, written = (
        [folded(pdf_text(pdf, number, number, raw=raw)) for number in range(first, last + 1)] for raw in (False, True)
    )
    found, words = word_recall(truth, " ".join(read))
    if table:
        truth, read, written = without_ticks(truth), [as_truth(read)], [as_truth(written)]
    (edits, length), (as_written, _) = (cer(truth, " ".join(pages)) for pages in (read, written))
    return Score(name, length, edits, as_written, *words_in_order(truth, " ".join(written)), found, words)


def drawn(item: Input, pdf: Path) -> Score:
    """Line by line: what the PDF has where the line stands, left to right, without spaces, which text layers of justified lines lack."""
    placed, (width, height) = _placed(pdf), _size(item)
    edits = characters = words = ordered = found = 0
    for line in item.lines:
        said = _inside(placed, line, width, height)
        meant = folded(line.text)
        characters += len(meant.replace(" ", ""))
        edits += cer(meant.replace(" ", ""), folded(said).replace(" ", ""))[0]
        hit, of = word_recall(meant, folded(said))
        words, found, ordered = words + of, found + hit, ordered + words_in_order(meant, folded(said))[0]
    return Score(item.path.stem, characters, edits, edits, ordered, words, found, words)


def _inside(placed: Sequence[_Placed], line: Known, width: int, height: int) -> str:
    x0, y0, x1, y1 = line.box
    inside = [(x, text) for text, x, y in placed if x0 <= x * width <= x1 and y0 <= y * height <= y1]
    return " ".join(text for _, text in sorted(inside))


def _size(item: Input) -> tuple[int, int]:
    with Image.open(item.path) as image:
        return image.size


def _placed(pdf: Path) -> list[_Placed]:
    listed = subprocess.run(["pdftotext", "-bbox", pdf, "-"], check=True, capture_output=True, text=True).stdout
    page = next(node for node in ET.fromstring(listed).iter() if node.tag.endswith("page"))
    width, height = float(page.attrib["width"]), float(page.attrib["height"])
    return [
        (
            node.text or "",
            (float(node.attrib["xMin"]) + float(node.attrib["xMax"])) / 2 / width,
            (float(node.attrib["yMin"]) + float(node.attrib["yMax"])) / 2 / height,
        )
        for node in page
        if node.tag.endswith("word")
    ]


def table_cells(folder: Path) -> float | None:
    """F1 of the cells of the annex; ``None`` for a program that tells no cells."""
    name, *_, truth_name = TRUTHS[-1]
    report = (folder / name).with_suffix(".json")
    if not report.exists():
        return None
    truth = (SCANS / "text" / truth_name).read_text(encoding="utf-8").splitlines()
    tables: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["tables"]
    read = [cell["text"] for table in tables for row in table["rows"] for cell in row]
    # The titles above the table stand first in the truth, a line each.
    return cell_f1([folded(cell) for cell in truth[truth.index("STT") :]], [folded(cell) for cell in read])
