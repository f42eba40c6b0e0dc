"""Doubtful small print is looked at again, and only that; what is worth less never replaces what was read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from tests.workers.drawn import Sheet, act, error_rate, leaning
from workers.ocr.reader.engine import ReaderEngine
from workers.ocr.small_print import MOST, with_small_print
from workers.page import Box, Line, Word
from workers.reading import straighten_and_read
from workers.steps import placement as placing
from workers.steps.resample import moved
from workers.stopwatch import Stopwatch

DPI = 254.0
"""Ten pixels a millimetre: small print is up to 27 pixels high."""
SIZE = (2100, 2970)
NOTE = (
    "Ký bởi: Ủy ban nhân dân tỉnh Thái Nguyên",
    "Cơ quan: Tỉnh Thái Nguyên",
    "Thời gian ký: 24/01/2025 14:23:43 +07:00",
)


def line(text: str, x: int, y: int, *, high: int = 20, sure: float = 0.5) -> Line:
    words = []
    for word in text.split():
        words.append(Word(word, (x, y, x + 12 * len(word), y + high), sure))
        x += 12 * (len(word) + 1)
    return Line(tuple(words), (float(y + high), 0.0))


BODY = line("thân văn bản của trang", 300, 400, high=40, sure=0.6)


class Again:
    def __init__(self, *answer: Line) -> None:
        self.answer, self.asked = answer, list[Box]()

    def __call__(self, box: Box) -> Sequence[Line]:
        self.asked.append(box)
        return self.answer


def test_what_is_worth_more_takes_the_place_of_all_lines_of_the_note() -> None:
    one, other = line("Ky boi", 1200, 100), line("Tmhi gian", 1200, 130)
    fresh = line("Ký bởi:", 1200, 100, sure=0.98), line("Thời gian ký:", 1200, 130, sure=0.98)
    again = Again(*fresh)
    assert with_small_print([one, BODY, other], SIZE, DPI, again) == (*fresh, BODY)
    ((x0, y0, x1, y1),) = again.asked
    assert (x0, y0) == (1200 - 20, 100 - 40)
    assert (x1, y1) == (other.words[-1].box[2] + 40, 150 + 40)


@pytest.mark.parametrize("answer", [(), (line("Ký bởi", 1200, 100, sure=0.4),)], ids=["nothing", "worse"])
def test_what_is_worth_less_does_not(answer: tuple[Line, ...]) -> None:
    note = line("Ký bởi", 1200, 100)
    assert with_small_print([note, BODY], SIZE, DPI, Again(*answer)) == (note, BODY)


def test_neighbours_are_never_read_twice_nor_scraps_added() -> None:
    note, above = line("Ký bởi", 300, 370), line("Kí bởi:", 300, 370, sure=0.95)
    strange, scrap = line("thân văn", 300, 405, sure=0.99), line("8 áow sọx", 500, 370, sure=0.1)
    assert with_small_print([note, BODY], SIZE, DPI, Again(above, strange, scrap)) == (above, BODY)


@pytest.mark.parametrize(
    "others",
    [
        [line("Ký bởi: Ủy ban", 1200, 100, sure=0.97)],  # read with confidence
        [line("nội dung", 1200, 100, high=40)],  # body text
        [line("x y", 1200, 100)],  # scraps of a seal
        [line("ô của một bảng chữ nhỏ", 100 + 280 * (i % 6), 100 + 22 * (i // 6)) for i in range(180)],
        [line("chữ nhỏ", 100 + 280 * (i % 6), 100 + 44 * (i // 6)) for i in range(300)],  # a whole page of it
    ],
    ids=["sure", "body", "scraps", "table", "page"],
)  # fmt: skip
def test_nothing_else_is_looked_at_again(others: list[Line]) -> None:
    again = Again()
    assert with_small_print([BODY, *others], SIZE, DPI, again) == (BODY, *others)
    assert again.asked == []


def test_looks_are_few() -> None:
    notes = [line("ghi chú", 200, 500 + 100 * i) for i in range(3 * MOST)]
    again = Again()
    with_small_print(notes, SIZE, DPI, again)
    assert len(again.asked) == MOST


@pytest.mark.parametrize("lean", [0.0, 1.2])
def test_the_note_of_a_signature_is_read_off_the_page_itself(lean: float) -> None:
    sheet = act(300)
    sheet.write(128, 3, NOTE, points=6)
    engine = ReaderEngine()
    pixels = leaning(sheet.pixels, lean)
    read = straighten_and_read(pixels, 300, engine, Stopwatch(), lambda _: 0)
    placement, lines = read.placement, read.lines
    note = [found for found in lines if found.words[0].box[3] < 320 and found.words[0].box[0] > 1400]
    assert error_rate(" ".join(NOTE), " ".join(found.text for found in note)) < 0.05
    assert "14:23:43" in note[-1].text.split()
    for word in (word for found in note for word in found.words):
        x0, y0, x1, y1 = word.box
        assert (placing.apply(pixels, placement)[y0:y1, x0:x1] < 128).any()


def test_a_part_is_cut_out_as_it_lies_on_the_whole_page() -> None:
    sheet = Sheet(100)
    sheet.write(20, 20, NOTE)
    pixels = sheet.pixels
    height, width = pixels.shape[:2]
    box = (60, 70, 400, 200)
    for rotation, skew in ((0, 0.0), (90, 0.0), (270, 3.0), (0, -1.5)):
        placement = placing.place(width, height, rotation=rotation, skew=skew)
        whole = placing.apply(pixels, placement)[box[1] : box[3], box[0] : box[2]]
        part = placing.cut_out(pixels, placement, box)
        assert part.shape == whole.shape
        assert np.abs(part.astype(int) - whole.astype(int)).max() <= 8  # warpAffine rounds places to 1/32 pixel


def test_moved_lines_keep_their_baseline() -> None:
    (there,) = moved((Line((Word("x", (0, 0, 10, 20), 0.9),), (20.0, 0.1), "tesseract"),), 100, 50)
    assert there.words[0].box == (100, 50, 110, 70)
    assert there.baseline is not None
    assert there.baseline[0] + 100 * there.baseline[1] == pytest.approx(70.0)
    assert there.engine == "tesseract"
