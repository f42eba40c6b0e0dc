"""What is no photo of a sheet: every page of the real scans, of broken files and of Word-born PDFs, which must come out as it went in."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from benchmarks.measure import SCANS
from benchmarks.reader.digital import rendered, sample
from models.errors import DigitizeError
from workers.limits import Limits
from workers.page import DecodedPage, Pixels
from workers.steps.decode import decode_page, open_document
from workers.steps.rectify import rectified

FOLDERS = ("official", "text", "bitonal", "lowres", "pages", "skew", "bad", "digital", "photos")
SHEETS_IN_PHOTOS = frozenset({"perspective.png"})
"""Told by eye: the only picture of ``photos`` that shows a whole sheet aslant on something else. The others are parts of
documents, drawings of programs, and a warped page whose outline was drawn on white."""
PAGES_A_FILE = 12


@dataclass(slots=True)
class Alone:
    """``seconds``: of processor a page. ``changed``: names of the pages that were taken for a photo of a sheet."""

    pages: int = 0
    changed: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, name: str, page: DecodedPage) -> None:
        started = time.process_time()
        out = rectified(page)
        self.seconds.append(time.process_time() - started)
        self.pages += 1
        if out is not page:
            self.changed.append(name)

    @property
    def median_ms(self) -> float:
        return 1000 * statistics.median(self.seconds) if self.seconds else 0.0


def measure() -> dict[str, Alone]:
    """By folder, and pages with a scanner's marks drawn onto them."""
    found: dict[str, Alone] = {}
    for folder in FOLDERS:
        tally = found[folder] = Alone()
        for name, page in _pages(SCANS / folder):
            tally.add(name, page)
    found["drawn by a program"], found["scanned with dark edges"] = _drawn()
    return found


def _pages(folder: Path) -> Iterator[tuple[str, DecodedPage]]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            info = open_document(path, Limits())
        except DigitizeError:
            continue
        for number in range(1, min(info.page_count, PAGES_A_FILE) + 1):
            try:
                page = decode_page(info, number, Limits())
            except DigitizeError:
                continue
            yield f"{path.relative_to(SCANS)} p. {number}", page


def _drawn() -> tuple[Alone, Alone]:
    """Screenshots of pages on a program's grey, and the same pages as a feeder scans them askew before its dark roller."""
    screens, fed = Alone(), Alone()
    for index, (path, number) in enumerate(sample(1)):
        name, page = f"{path.name} p. {number}", rendered(path, number, 100)
        bits = np.random.default_rng(index)
        top, bottom, left, right = (int(edge) for edge in bits.integers(20, 200, 4))
        grey = [int(bits.integers(60, 200))] * 3
        shown = cv2.copyMakeBorder(page, top, bottom, left, right, cv2.BORDER_CONSTANT, value=grey)
        screens.add(name, DecodedPage(np.asarray(shown, np.uint8), 96.0, dpi_known=False))
        for known in (True, False):
            fed.add(
                f"{name}, dpi {'told' if known else 'not told'}", DecodedPage(_fed(page, bits), 100.0, dpi_known=known)
            )
    return screens, fed


def _fed(page: Pixels, bits: np.random.Generator) -> Pixels:
    high, wide = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), float(bits.uniform(-4, 4)), 0.97)
    roller = int(bits.integers(10, 60))
    askew = cv2.warpAffine(page, matrix, (wide, high), borderValue=(roller,) * 3)
    return np.clip(askew + bits.normal(0, 3, (high, wide, 1)), 0, 255).astype(np.uint8)
