"""The typed truth of real lines is whole and fits the pages it speaks of."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from benchmarks.reader.truth import CONDITIONS, TruthLine, crop, load, pages, straight_page
from tests.paths import SCANS, needs_scans
from workers.ocr.reader.symbols import SYMBOLS
from workers.steps.decode import stop

LINES = load()


def test_there_are_enough_lines_of_enough_files() -> None:
    assert len(LINES) >= 400
    assert len({line.file for line in LINES}) >= 12
    assert len({(line.file, line.page) for line in LINES}) >= 30


def test_each_condition_has_lines() -> None:
    for condition in set(CONDITIONS) - {"table"}:  # the files hold no ruled table with print
        assert sum(condition in line.conditions.split() for line in LINES) >= 20, condition


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.file}-{line.page}-{line.y0}-{line.x0}")
def test_a_line_is_well_formed(line: TruthLine) -> None:
    assert line.text == " ".join(unicodedata.normalize("NFC", line.text).split()) != ""
    assert set(line.text) <= set(SYMBOLS)
    assert set(line.conditions.split()) <= set(CONDITIONS)
    assert ("number" in line.conditions.split()) == any(c.isdecimal() for c in line.text)
    assert ("capitals" not in line.conditions.split()) or line.text.isupper()
    assert line.x0 < line.x1
    assert line.y0 < line.y1


def test_no_box_is_given_twice() -> None:
    assert len({(line.file, line.page, line.box) for line in LINES}) == len(LINES)


@needs_scans
def test_boxes_lie_on_their_pages_and_hold_ink() -> None:
    try:
        for lines in pages(LINES):
            assert (SCANS / lines[0].file).is_file()
            page, dpi = straight_page(lines[0])
            for line in lines:
                cut = crop(page, line.box)
                assert cut.shape[:2] == (line.y1 - line.y0, line.x1 - line.x0), line
                assert 0.02 * dpi < line.y1 - line.y0 < 0.7 * dpi, line
                grey = cut if cut.ndim == 2 else cut.min(axis=2)
                assert np.count_nonzero(grey < 180) > 0.01 * grey.size, line
    finally:
        stop()
