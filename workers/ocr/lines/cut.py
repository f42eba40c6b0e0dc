"""Cuts a page into its printed lines, each with all its marks and nothing of its neighbours.

Tesseract's own row finder cuts the upper marks of tightly set Vietnamese (``bổ`` comes out as ``bô``): its boxes follow Latin
letters. Here every connected shape of ink is given to one line: letters by the row they stand in, small marks to the line
below unless they hang just under a baseline (the *nặng* dot, commas).
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from workers.ocr.layout import analyse
from workers.ocr.lines import crops
from workers.ocr.lines.judge import Kind, judged
from workers.ocr.lines.line import CutLine
from workers.ocr.lines.owners import owners
from workers.ocr.lines.rows import find_rows
from workers.ocr.lines.shapes import Shapes
from workers.ocr.lines.touching import part_touching
from workers.page import Pixels

BLURRED = 0.12
"""Share of the page's shapes in which letters run together. Sharp scans have 0.07 at most, noisy ones of 100 dpi 0.11 (there
noise would be sharpened too, and more words lost), a page of 82 dpi blurred by a pixel 0.21."""
SHARPER, HALO_MM = 4.0, 0.25
"""Amount and standard deviation of the unsharp mask of a blurred page."""


def cut_lines(grey: Pixels, dpi: float) -> tuple[CutLine, ...]:
    """Lines in reading order; empty when the page holds no text. ``grey``: uint8 ``(H, W)``, straightened.

    A page so blurred that its letters run together is cut, and shown to the readers, sharpened.
    """
    page = analyse(grey, dpi)
    if page.touching > BLURRED:
        grey = _sharpened(grey, dpi)
        page = analyse(grey, dpi)
    if not page.regions:
        return ()
    box = page.text_box()
    ink = page.ink(grey, box)
    shapes = Shapes.of(ink, box)
    rows = find_rows(shapes, page.regions, page.letter)
    if not rows:
        return ()
    part_touching(shapes, rows, page.regions, page.letter)
    owner = owners(shapes, rows, page.regions, page.letter, page.rules)
    sheet = crops.Sheet(grey, ink, page.rules, page.letter)
    found = crops.cut(sheet, shapes, rows, owner, page.regions)
    kinds = judged(grey, dpi, shapes, rows=rows, lines=found, owner=owner)
    return tuple(
        replace(line, handwritten=True) if kind is Kind.PEN else line
        for line, kind in zip(found, kinds, strict=True)
        if line is not None and kind is not Kind.SCRAP
    )


def _sharpened(grey: Pixels, dpi: float) -> Pixels:
    """Unsharp mask: what blur took from the paper between the letters, and from their marks, is given back."""
    soft = cv2.GaussianBlur(grey, (0, 0), HALO_MM / 25.4 * dpi)
    return np.asarray(cv2.addWeighted(grey, 1 + SHARPER, soft, -SHARPER, 0), np.uint8)
