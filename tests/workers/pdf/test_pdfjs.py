"""Search and selection in pdf.js (Firefox, and many web pages that show PDFs), run in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from benchmarks.geometry.pdfjs import Viewer, viewer
from tests.workers.pdf.drawing import draw, jpeg_source, outcome, tilted, write


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Iterator[Viewer]:
    with viewer(chromium) as shown:
        yield shown


@pytest.mark.browser
@pytest.mark.parametrize("degrees", [0.0, 3.0, 90.0])
def test_what_is_found_and_marked_is_the_word(tmp_path: Path, browser: Viewer, degrees: float) -> None:
    """Left and right as the ink; above and below as high as the line's letters, for pdf.js knows no other height."""
    page = draw()
    pixels, placement = tilted(page, degrees)
    path = tmp_path / "out.pdf"
    write(path, outcome(page, jpeg_source(pixels), placement))
    (shown,) = browser.pages(path, page.dpi)
    assert shown.text.split("\n") == page.text.split("\n")
    assert shown.drawn.shape == page.pixels.shape[:2]
    for (text, (left, top, right, bottom)), word in zip(shown.words, page.words, strict=True):
        x0, y0, x1, y1 = word.box
        assert text == word.text
        assert abs(left - x0) <= 2, text
        assert abs(right - x1) <= 2, text
        assert top < (y0 + y1) / 2 < bottom, text
        assert min(bottom, y1) - max(top, y0) >= 0.9 * (y1 - y0), text
        assert bottom - top < 0.035 * page.pixels.shape[0]  # the lines' distance: no word of the next is marked
    ink = page.pixels.min(axis=2) < 128
    drawn = shown.drawn < 128
    assert (drawn & ink).sum() / np.count_nonzero(drawn | ink) > 0.6
