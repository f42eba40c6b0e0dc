"""Words lie on their ink however the sheet lay in the scanner, for poppler as for pdfium, and the page is shown straight."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.workers.pdf.drawing import ROWS, draw, jpeg_source, outcome, save, tilted, write
from tests.workers.pdf.proof import Found, overlap, pdfium_words, pdftoppm, poppler_words, render
from workers.page import Encoding, Line, SourceImage, Word

ANGLES = [0.0, 90.0, 180.0, 270.0, 3.0, -3.0, 93.0]


def compare(found: list[Found], expected: list[Word]) -> None:
    assert [word.text for word in found] == [word.text for word in expected]
    shares = {word.text: overlap(there.box, word.box) for there, word in zip(found, expected, strict=True)}
    letters = {text: share for text, share in shares.items() if any(c.isalnum() for c in text)}
    assert min(letters.values()) >= 0.7, sorted(letters.items(), key=lambda item: item[1])[:5]
    assert np.mean(list(letters.values())) >= 0.85


@pytest.mark.parametrize("degrees", ANGLES)
def test_words_lie_on_their_ink(tmp_path: Path, degrees: float) -> None:
    page = draw()
    pixels, placement = tilted(page, degrees)
    path = tmp_path / "out.pdf"
    write(path, outcome(page, jpeg_source(pixels), placement))
    compare(poppler_words(path, 1, page.dpi), page.words)
    compare(pdfium_words(path, 1, page.dpi), page.words)
    compare(pdfium_words(path, 1, page.dpi, loose=True), page.words)


@pytest.mark.parametrize("degrees", ANGLES)
def test_the_rendered_page_is_straight_and_its_ink_under_the_words(tmp_path: Path, degrees: float) -> None:
    page = draw()
    pixels, placement = tilted(page, degrees)
    path = tmp_path / "out.pdf"
    write(path, outcome(page, jpeg_source(pixels), placement))
    ink = page.pixels.min(axis=2) < 128
    by_poppler = pdftoppm(path, page.dpi).min(axis=2) < 128
    assert by_poppler.shape == ink.shape
    assert (by_poppler & ink).sum() / (by_poppler | ink).sum() > 0.7  # a page one pixel off has under 0.5
    by_pdfium = render(path, dpi=page.dpi).min(axis=2) < 128  # it draws images up to three pixels off, at any placement
    rows, columns = min(by_pdfium.shape[0], ink.shape[0]), min(by_pdfium.shape[1], ink.shape[1])
    by_pdfium, ink = by_pdfium[:rows, :columns], ink[:rows, :columns]
    near = cv2.dilate(ink.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    assert (by_pdfium & near).sum() / by_pdfium.sum() > 0.97
    assert 0.8 < by_pdfium.sum() / ink.sum() < 1.25


@pytest.mark.parametrize(("dpi", "size_pt"), [(72, 13), (200, 13), (300, 14), (600, 8)])
def test_positions_hold_at_every_resolution(tmp_path: Path, dpi: int, size_pt: float) -> None:
    page = draw(ROWS[:4], dpi=dpi, size_pt=size_pt, height_mm=100)
    path = tmp_path / "out.pdf"
    write(path, outcome(page, jpeg_source(page.pixels)))
    if dpi > 72:  # at 72 dpi a letter is 5 pixels high, and a pixel of rounding is a fifth of it
        compare(poppler_words(path, 1, dpi), page.words)
        compare(pdfium_words(path, 1, dpi), page.words)
    assert [w.text for w in poppler_words(path, 1, dpi)] == [w.text for w in page.words]


def test_a_sloping_line_is_followed_along_its_baseline(tmp_path: Path) -> None:
    """What deskew left over: 0.6 degrees over the width of the page are 12 pixels."""
    page = draw()
    slope = np.tan(np.deg2rad(0.6))
    lines = []
    for line in page.lines:
        words = []
        for word in line.words:
            drop = round(slope * (word.box[0] + word.box[2]) / 2)
            words.append(Word(word.text, (word.box[0], word.box[1] + drop, word.box[2], word.box[3] + drop), 0.9))
        lines.append(Line(tuple(words)))
    path = tmp_path / "out.pdf"
    write(path, outcome(page, jpeg_source(page.pixels), lines=tuple(lines)))
    expected = [word for line in lines for word in line.words]
    compare(poppler_words(path, 1, page.dpi), expected)
    compare(pdfium_words(path, 1, page.dpi), expected)


@pytest.mark.parametrize("baseline", [(1e9, 0.0), (float("nan"), 0.0), (0.0, 3.0), (0.0, 0.0)])
def test_a_wild_baseline_is_not_believed(tmp_path: Path, baseline: tuple[float, float]) -> None:
    page = draw()
    lines = tuple(Line(line.words, baseline) for line in page.lines)
    path = tmp_path / "out.pdf"
    write(path, outcome(page, jpeg_source(page.pixels), lines=lines))
    compare(poppler_words(path, 1, page.dpi), page.words)


def test_an_engine_s_own_baseline_is_used(tmp_path: Path) -> None:
    page = draw()
    lines = []
    for line in page.lines:
        feet = [word.box[3] for word in line.words if not set(word.text.lower()) & set("gpqyj,;/ộịạẹậ")]
        lines.append(Line(line.words, (float(np.median(feet)), 0.0)))
    path = tmp_path / "out.pdf"
    write(path, outcome(page, jpeg_source(page.pixels), lines=tuple(lines)))
    compare(poppler_words(path, 1, page.dpi), page.words)
    compare(pdfium_words(path, 1, page.dpi), page.words)


def test_a_png_page_is_placed_like_any_other(tmp_path: Path) -> None:
    page = draw(ROWS[:3])
    pixels, placement = tilted(page, 90)
    data = save(pixels, "PNG")
    source = SourceImage(Encoding.PNG, pixels.shape[1], pixels.shape[0], data)
    path = tmp_path / "out.pdf"
    write(path, outcome(page, source, placement))
    compare(pdfium_words(path, 1, page.dpi), page.words)
    assert render(path, dpi=36).shape[0] > render(path, dpi=36).shape[1]


def test_two_rows_taken_for_one_line_stay_on_their_ink(tmp_path: Path) -> None:
    """As an engine gives them for a narrow column beside another: words of both rows mixed from left to right."""
    page = draw(())
    boxes = {
        "Tổng": (265, 201, 339, 226),
        "II.": (267, 242, 294, 264),
        "SỞ": (303, 236, 342, 263),
        "công": (346, 203, 414, 227),
    }
    line = Line(tuple(Word(text, box, 0.9) for text, box in boxes.items()))
    path = tmp_path / "out.pdf"
    write(path, outcome(page, jpeg_source(page.pixels), lines=(line,)))
    found = {word.text: word.box for word in poppler_words(path, 1, page.dpi)}
    assert found.keys() == boxes.keys()
    assert min(overlap(found[text], box) for text, box in boxes.items()) > 0.7


def test_a_speck_inside_a_word_does_not_cut_it(tmp_path: Path) -> None:
    page = draw(())
    line = Line(
        (
            Word("hưởng", (100, 100, 249, 151), 0.9),
            Word(".", (141, 102, 147, 109), 0.2),
            Word("bởi", (262, 100, 320, 140), 0.9),
        )
    )
    path = tmp_path / "out.pdf"
    write(path, outcome(page, jpeg_source(page.pixels), lines=(line,)))
    found = {word.text: word.box for word in poppler_words(path, 1, page.dpi)}
    assert set(found) == {"hưởng", ".", "bởi"}
    assert overlap(found["hưởng"], (100, 100, 249, 151)) > 0.8
