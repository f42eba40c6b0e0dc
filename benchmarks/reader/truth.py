"""Lines of real scans with the text typed from looking at them: ``tests/data/real_lines.csv``.

A line is a file under ``../shared/scans``, a page (from 1), the turn and skew that straighten it, a box and a text. The turn and skew are kept
with the line, so the boxes stay where they are when our own algorithms change: the page is decoded by the product's decoder, laid
straight by ``workers.steps.placement`` with those two numbers, and the box is in pixels of that page, at the image's own resolution.

How it was made, and how far two typings differed, is told in ``docs/truth.md``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from workers.limits import Limits
from workers.page import Box, Pixels
from workers.steps import placement as placing
from workers.steps.decode import decode_page, open_document

ROOT = Path(__file__).resolve().parent.parent.parent
SCANS = ROOT.parent / "shared" / "scans"
REAL_LINES = ROOT / "tests" / "data" / "real_lines.csv"

CONDITIONS = ("seal", "bitonal", "lowdpi", "capitals", "bold", "italic", "table", "number", "rendered")
"""What may make a line hard, judged by eye. ``seal``: a seal, stamp or pen stroke lies over its letters. ``capitals``, ``bold``,
``italic``: the larger part of it. ``number``: it holds a digit. ``lowdpi``: 100 dpi or less. ``rendered``: its letters are drawn
by our own decoder (a born-digital page, the text of a visible signature), not scanned."""


@dataclass(frozen=True, slots=True)
class TruthLine:
    """``file``: under the scans, with ``/``. ``page``: from 1. ``rotation``: clockwise degrees, ``skew``: then degrees counter-clockwise
    that straighten it. The box, end exclusive, is in pixels of the straightened page and may hold bits of neighbouring lines.
    ``conditions``: of ``CONDITIONS``, separated by spaces. ``text``: NFC, as printed; dot leaders as one ``…``."""

    file: str
    page: int
    rotation: int
    skew: float
    x0: int
    y0: int
    x1: int
    y1: int
    conditions: str
    text: str = ""

    @property
    def box(self) -> Box:
        return self.x0, self.y0, self.x1, self.y1


def load(path: Path = REAL_LINES) -> tuple[TruthLine, ...]:
    """The lines of a CSV with one column for each field; further columns are passed over. ``KeyError`` when one is missing."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_line(row) for row in csv.DictReader(file))


def save(path: Path, lines: Iterable[TruthLine]) -> None:
    """Sorted by file, page, then downwards and to the right."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [f.name for f in fields(TruthLine)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(line) for line in sorted(lines, key=lambda a: (a.file, a.page, a.y0, a.x0)))


def pages(lines: Iterable[TruthLine]) -> Iterator[tuple[TruthLine, ...]]:
    """The lines of one page at a time: each page need be decoded only once."""
    ordered = sorted(lines, key=lambda a: (a.file, a.page))
    for _, group in groupby(ordered, key=lambda a: (a.file, a.page)):
        yield tuple(group)


@lru_cache(maxsize=1)
def _decoded(file: str, page: int) -> tuple[Pixels, float]:
    done = decode_page(open_document(SCANS / file, Limits()), page, Limits())
    return done.pixels, done.dpi


def straight_page(line: TruthLine) -> tuple[Pixels, float]:
    """(the straightened page of ``line``, its dpi): uint8 ``(H, W)`` grey or ``(H, W, 3)`` RGB, colours as scanned."""
    pixels, dpi = _decoded(line.file, line.page)
    height, width = pixels.shape[:2]
    return placing.apply(pixels, placing.place(width, height, rotation=line.rotation, skew=line.skew)), dpi


def crop(page: Pixels, box: Box) -> Pixels:
    """The box's pixels of a straightened page."""
    x0, y0, x1, y1 = box
    return page[y0:y1, x0:x1]


def _line(row: dict[str, str]) -> TruthLine:
    return TruthLine(
        file=row["file"],
        page=int(row["page"]),
        rotation=int(row["rotation"]),
        skew=float(row["skew"]),
        x0=int(row["x0"]),
        y0=int(row["y0"]),
        x1=int(row["x1"]),
        y1=int(row["y1"]),
        conditions=row["conditions"],
        text=row.get("text") or "",
    )
