"""Real pages and their labels, as the steps that turn and straighten them get them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from benchmarks.measure import SCANS
from benchmarks.reader.digital import rendered, sample
from workers.limits import Limits
from workers.page import DecodedPage, Pixels
from workers.steps.copies import grey_of
from workers.steps.decode import decode_page, open_document
from workers.steps.resample import reading_copy

WHOLE = ("official", "text", "bitonal")
"""Folders of scans that stand upright as they are."""


BLANK_BACKS = frozenset(
    {
        "official/11 CT.signed_20250513_153510.pdf p. 4",
        "official/574 UB.signed_20250510_124908.pdf p. 2",
        "official/84 QĐ UB.signed_20250513_162846.pdf p. 4",
    }
)
"""Told by eye: nothing but the front's seal shines through."""


@dataclass(frozen=True, slots=True)
class Scan:
    """``name``: file and page; ``label``: of its row in ``labels.csv``, empty without one."""

    name: str
    page: DecodedPage
    label: dict[str, str]

    @property
    def is_blank(self) -> bool:
        """As a person told it: nobody can say which way up such a page is."""
        return self.name in BLANK_BACKS or self.label.get("is_blank_back_page") == "1"


def whole_pages() -> Iterator[Scan]:
    for folder in WHOLE:
        for path in sorted((SCANS / folder).glob("*.pdf")):
            info = open_document(path, Limits())
            for number in range(1, info.page_count + 1):
                yield Scan(f"{folder}/{path.name} p. {number}", decode_page(info, number, Limits()), {})


def born_digital(dpi: int = 200, pages_a_file: int = 3) -> Iterator[Scan]:
    """Pages drawn from Word-born PDFs: exactly straight."""
    for path, number in sample(pages_a_file):
        yield Scan(f"digital/{path.name} p. {number}", DecodedPage(rendered(path, number, dpi), dpi), {})


def labelled(folder: str) -> Iterator[Scan]:
    """The pictures of ``folder`` that its ``labels.csv`` names, first page of each."""
    with (SCANS / folder / "labels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        path = SCANS / folder / row["file"]
        yield Scan(row["file"], decode_page(open_document(path, Limits()), 1, Limits()), row)


def grey_copy(page: DecodedPage) -> tuple[Pixels, float]:
    """What orientation and skew are found on: the reading copy, grey, and its dpi."""
    copy, dpi = reading_copy(page.pixels, page.dpi)
    return grey_of(copy), dpi


def quarter_turned(pixels: Pixels, turns: int) -> Pixels:
    """Turned clockwise by so many quarters."""
    return np.ascontiguousarray(np.rot90(pixels, -turns))


def turned(pixels: Pixels, degrees: float) -> Pixels:
    """Turned counter-clockwise about its middle on paper of its own brightness; the size stays."""
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    paper = tuple(np.percentile(pixels.reshape(-1, *pixels.shape[2:]), 75, axis=0).ravel().tolist())
    out = cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper)
    return np.asarray(out, np.uint8)
