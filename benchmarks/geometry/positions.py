"""Do the words of the finished PDF lie on their ink? Judged from outside: a viewer's word boxes against the page that it draws.

The ink of a word is found without our own boxes: shapes of ink on the rendered page whose middles lie in the word's strip,
which is the viewer's box with room on all sides and up to half of the way to its neighbours.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import cv2
import img2pdf
import numpy as np
import pypdfium2
from numpy.typing import NDArray

from benchmarks.chromium import launched_chromium
from benchmarks.geometry import pdfjs
from benchmarks.geometry.scans import Scan, turned
from benchmarks.measure import ROOT
from workers.page import Pixels

DPI = 200
ROOM = 0.35
"""Word heights around the box in which the word's ink may lie."""
LEAST_LETTERS = 2
SEED = 7

FloatBox = tuple[float, float, float, float]
Word = tuple[str, FloatBox]
Viewer = Callable[[Path], Iterator[tuple[Pixels, list[Word]]]]
"""Each page as drawn, grey, and its words with the boxes that are marked when they are found."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A word of the PDF and its ink, pixels at ``DPI``; ``ink`` is ``None`` where there is none."""

    text: str
    box: FloatBox
    ink: FloatBox | None

    @property
    def iou(self) -> float:
        """Intersection over union of both boxes, 0..1."""
        if self.ink is None:
            return 0.0
        (a0, b0, a1, b1), (c0, d0, c1, d1) = self.box, self.ink
        shared = max(0.0, min(a1, c1) - max(a0, c0)) * max(0.0, min(b1, d1) - max(b0, d0))
        return shared / ((a1 - a0) * (b1 - b0) + (c1 - c0) * (d1 - d0) - shared)

    @property
    def across(self) -> float:
        """The same from left to right only, 0 when the box misses the ink: pdf.js marks every word as high as its line."""
        if self.ink is None or self.iou == 0:
            return 0.0
        (a0, _, a1, _), (c0, _, c1, _) = self.box, self.ink
        return (min(a1, c1) - max(a0, c0)) / (max(a1, c1) - min(a0, c0))


def measure(scans: Sequence[Scan], angle: float, count: int) -> dict[str, list[Placed]]:
    """For each viewer ``count`` words drawn at random from the PDFs that ``digitize scan`` makes of the scans turned by ``angle``."""
    found: dict[str, list[Placed]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for index, scan in enumerate(scans):
            pixels = turned(scan.page.pixels, -angle) if angle else scan.page.pixels
            _save(pixels, scan.page.dpi, folder / f"{index:03d}.pdf")
        sources, out = sorted(folder.glob("*.pdf")), folder / "out"
        program = [sys.executable, "-m", "commands", "scan"]
        subprocess.run([*program, *sources, "--out", out], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        with launched_chromium() as chromium, pdfjs.viewer(chromium) as browser:
            viewers: dict[str, Viewer] = {
                "poppler": poppler,
                "pdfium": pdfium,
                "pdf.js": lambda pdf: ((page.drawn, page.words) for page in browser.pages(pdf, DPI)),
            }
            for viewer, look in viewers.items():
                words = [word for source in sources for word in _words(out / source.name, look)]
                found[viewer] = random.Random(SEED).sample(words, min(count, len(words)))
    return found


def _save(pixels: Pixels, dpi: float, path: Path) -> None:
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else pixels
    _, coded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 90])
    layout = img2pdf.get_fixed_dpi_layout_fun((dpi, dpi))
    path.write_bytes(img2pdf.convert(coded.tobytes(), layout_fun=layout))


def _words(pdf: Path, viewer: Viewer) -> list[Placed]:
    found: list[Placed] = []
    for grey, named in viewer(pdf):
        shapes, boxes = _shapes(grey), [box for _, box in named]
        found += [
            Placed(text, box, _ink(shapes, _strip(box, boxes)))
            for text, box in named
            if sum(letter.isalnum() for letter in text) >= LEAST_LETTERS
        ]
    return found


def poppler(pdf: Path) -> Iterator[tuple[Pixels, list[Word]]]:
    """What its programs draw and list."""
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(["pdftoppm", "-gray", "-r", str(DPI), pdf, f"{name}/page"], check=True)
        listed = subprocess.run(["pdftotext", "-bbox", pdf, "-"], check=True, capture_output=True, text=True).stdout
        pages = [node for node in ET.fromstring(listed).iter() if node.tag.endswith("page")]
        for page, drawn in zip(pages, sorted(Path(name).iterdir()), strict=True):
            grey = np.asarray(cv2.imread(str(drawn), cv2.IMREAD_GRAYSCALE), np.uint8)
            scale = grey.shape[1] / float(page.attrib["width"]), grey.shape[0] / float(page.attrib["height"])
            yield grey, [(node.text or "", _box(node, scale)) for node in page if node.tag.endswith("word")]


def pdfium(pdf: Path) -> Iterator[tuple[Pixels, list[Word]]]:
    """What Chromium's library draws, and where it marks what was found."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            grey = page.render(scale=DPI / 72, grayscale=True).to_numpy()
            width, height = page.get_size()
            fx, fy = grey.shape[1] / width, grey.shape[0] / height
            text, words = page.get_textpage(), list[Word]()
            for match in re.finditer(r"\S+", text.get_text_range()):
                sides = [text.get_charbox(index) for index in range(match.start(), match.end())]
                x0, y0 = min(side[0] for side in sides), max(side[3] for side in sides)
                x1, y1 = max(side[2] for side in sides), min(side[1] for side in sides)
                words.append((match[0], (x0 * fx, (height - y0) * fy, x1 * fx, (height - y1) * fy)))
            yield np.asarray(grey.reshape(grey.shape[:2]), np.uint8), words
    finally:
        document.close()


def _box(node: ET.Element, scale: tuple[float, float]) -> FloatBox:
    """Pixels of the drawn page, whose sides are rounded up; ``scale``: pixels a point across and down."""
    x0, y0, x1, y1 = (float(node.attrib[side]) for side in ("xMin", "yMin", "xMax", "yMax"))
    return x0 * scale[0], y0 * scale[1], x1 * scale[0], y1 * scale[1]


def _shapes(grey: Pixels) -> NDArray[np.int32]:
    """x, y, width, height, area of each shape of ink."""
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 51, 25)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return np.asarray(stats[1:], np.int32)


def _strip(box: FloatBox, boxes: Sequence[FloatBox]) -> FloatBox:
    x0, y0, x1, y1 = box
    room = ROOM * (y1 - y0)
    left, right = x0 - room, x1 + room
    for a0, b0, a1, b1 in boxes:
        if min(b1, y1) - max(b0, y0) > 0.3 * (y1 - y0):
            if a1 <= x0 + 1:
                left = max(left, (a1 + x0) / 2)
            elif a0 >= x1 - 1:
                right = min(right, (a0 + x1) / 2)
    return left, y0 - room / 2, right, y1 + room / 2


def _ink(shapes: NDArray[np.int32], strip: FloatBox) -> FloatBox | None:
    x, y, w, h, area = shapes.T.astype(np.float64)
    x0, y0, x1, y1 = strip
    inside = (x + w / 2 > x0) & (x + w / 2 < x1) & (y + h / 2 > y0) & (y + h / 2 < y1)
    inside &= (area >= 4) & (h < 1.6 * (y1 - y0)) & (w < 1.2 * (x1 - x0))
    if not inside.any():
        return None
    return (
        float(x[inside].min()),
        float(y[inside].min()),
        float((x + w)[inside].max()),
        float((y + h)[inside].max()),
    )
