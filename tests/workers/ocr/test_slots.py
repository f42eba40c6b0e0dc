"""Number and date slots: found between their anchors, told print from pen, and read only where both witnesses agree."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from PIL import ImageFont

from tests.workers.drawn import FONTS, Sheet
from workers.ocr.lines import CutLine
from workers.ocr.slots import line_reader, read_slots
from workers.ocr.slots.find import find_gaps, width_of
from workers.ocr.slots.pen import PenReading
from workers.ocr.slots.read import Slots
from workers.page import Box, Candidate, Holds, Line, Pixels, SlotKind, Word

DPI = 200
POINTS = 13
EM = POINTS * DPI / 72
NUMBER, DAY, MONTH, YEAR = SlotKind


class Head:
    """A page with a number and a date line; words are put at places of our own, in em from the line's begin."""

    def __init__(self) -> None:
        self.sheet = Sheet(DPI)
        self.lines: list[Line] = []
        self._font = ImageFont.truetype(FONTS.format("Regular"), round(EM))

    def line(
        self, x: float, y: float, words: Sequence[tuple[float, str]], *, read: Sequence[str] | None = None
    ) -> None:
        """Print ``words`` (em from ``x`` mm); the engine reads them as ``read``, ``""`` for nothing."""
        found = []
        for place, (at, text) in enumerate(words):
            left = x + at * EM * 25.4 / DPI
            self.sheet.write(left, y, [text], points=POINTS)
            x0, y0, x1, y1 = self._font.getbbox(text)
            px, py = self.sheet.px(left), self.sheet.px(y)
            box = (round(px + x0), round(py + y0), round(px + x1), round(py + y1))
            said = text if read is None else read[place]
            if said:
                found.append(Word(said, box, 0.97))
        base = self.sheet.px(y) + self._font.getmetrics()[0]
        self.lines.append(Line(tuple(found), (float(base), 0.0)))


def head(number: str = "383", day: str = "15", *, said: tuple[str, str] | None = None) -> Head:
    """The usual head. ``said``: what the engine read in both slots, if not what is printed."""
    made = Head()
    seen = said or (number, day)
    made.line(30, 30, [(0, "Số:"), (1.8, number), (4, "/QĐ-UBND")], read=["Số:", seen[0], "/QĐ-UBND"])
    date = [
        (0, "Tiền"),
        (2.3, "Giang,"),
        (5.3, "ngày"),
        (7.9, day),
        (9.6, "tháng"),
        (12.3, "8"),
        (13.2, "năm"),
        (15.4, "2025"),
    ]
    made.line(110, 30, date, read=[text if text != day else seen[1] for _, text in date])
    return made


class Reader:
    """Gives its readings in order."""

    def __init__(self, *texts: str, confidence: float = 0.99) -> None:
        self.texts, self.confidence = list(texts), confidence
        self.crops: list[CutLine] = []

    def read_lines(self, cut: Sequence[CutLine], dpi: float) -> list[Line | None]:
        assert dpi == DPI
        self.crops += cut
        return [Line((Word(self.texts.pop(0), line.box, self.confidence),)) for line in cut]


class Digits:
    """Gives its readings in order, one a look, then nothing."""

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)

    def digits(self, sheet: Pixels, mode: int) -> str:
        assert sheet.ndim == 2
        assert mode in {7, 13}
        return self.texts.pop(0) if self.texts else ""


class Pens:
    """Reads the same wherever it looks."""

    def __init__(self, *candidates: tuple[str, float], agreed: bool = True) -> None:
        self.reading = PenReading(tuple(Candidate(value, chance) for value, chance in candidates), agreed)
        self.shown: list[Pixels] = []

    def read(self, pixels: Pixels) -> PenReading:
        self.shown.append(pixels)
        return self.reading


def read(
    page: Head, reader: Reader | None, digits: Digits | None, pixels: Pixels | None = None, pens: Pens | None = None
) -> Slots:
    shown = page.sheet.pixels if pixels is None else pixels

    def cut(box: Box) -> Pixels:
        x0, y0, x1, y1 = box
        return shown[y0:y1, x0:x1]

    size = (shown.shape[1], shown.shape[0])
    return read_slots(page.lines, size, DPI, cut, reader, second=lambda: digits, pens=lambda: pens)


def with_pen(page: Head, at_em: float, *, blue: bool) -> Pixels:
    """A pen's two strokes in the number slot, taller than print and under the line."""
    pixels = page.sheet.pixels
    x = page.sheet.px(30) + round(at_em * EM)
    base = round(page.lines[0].baseline[0]) if page.lines[0].baseline else 0
    ink = (40, 60, 200) if blue else (25, 25, 25)
    for left in (x, x + round(0.8 * EM)):
        points = [
            (left, base + 6),
            (left + round(0.4 * EM), base - round(0.9 * EM)),
            (left + round(0.5 * EM), base + 4),
        ]
        cv2.polylines(pixels, [np.array(points, np.int32)], isClosed=False, color=ink, thickness=5)
    return pixels


def test_slots_are_found_between_their_anchors() -> None:
    found = {gap.kind: gap for gap in find_gaps(head().lines, 2339)}
    assert set(found) == {NUMBER, DAY, MONTH, YEAR}
    number = found[NUMBER]
    assert number.sharp == (True, True)
    assert number.em == pytest.approx(EM, rel=0.06)
    text = head().lines[0].text
    assert text[number.begin : number.end].strip() == "383"


@pytest.mark.parametrize(
    ("texts", "kinds"),
    [
        (["Số:44", "/CT-UBND"], {NUMBER}),
        (["Số:", "217/QĐ-UBND"], {NUMBER}),
        (["Số", "hiệu:", "217/XNKT"], {NUMBER}),
        (["Số:", "/f6/F", "/TTg-CĐS"], {NUMBER}),
        (["Quảng", "Ngãi,", "ngày5", "tháng", "4", "năm", "2020"], {DAY, MONTH, YEAR}),
        (["Ngày", "tháng", "năm", "20"], {DAY, MONTH, YEAR}),
        (["…,", "ngày", "tháng", "năm", "20"], {DAY, MONTH, YEAR}),
        (["Số", "1284/QĐ-UBND", "ngày", "17/10/2024", "của"], set()),
        (["và", "Luật", "ngày", "26", "tháng", "5", "năm", "2020", "được", "sửa"], set()),
        (["theo", "Luật", "ngày", "26", "tháng", "5", "năm", "2020"], set()),
        (["Số:", "điện", "thoại"], set()),
        (["/"], set()),
    ],
)
def test_which_lines_hold_slots(texts: list[str], kinds: set[SlotKind]) -> None:
    words, x = [], 100.0
    for text in texts:
        wide = width_of(text) * EM
        words.append(Word(text, (round(x), 200, round(x + wide), 230), 0.9))
        x += wide + 0.9 * EM
    assert {gap.kind for gap in find_gaps([Line(tuple(words), (228.0, 0.0))], 2339)} == kinds


def test_a_number_in_the_midst_of_the_page_is_no_slot() -> None:
    line = Line(
        (Word("Số:", (100, 1500, 150, 1530), 0.9), Word("12/QĐ-UBND", (160, 1500, 330, 1530), 0.9)), (1528.0, 0.0)
    )
    assert find_gaps([line], 2339) == []


def test_print_is_read_where_both_witnesses_agree() -> None:
    found = read(head(), Reader("383", "15", "8", "2025"), Digits("383", "15", "8", "2025"))
    assert [(slot.kind, slot.holds, slot.value) for slot in found.slots] == [
        (NUMBER, Holds.PRINTED, "383"),
        (DAY, Holds.PRINTED, "15"),
        (MONTH, Holds.PRINTED, "8"),
        (YEAR, Holds.PRINTED, "2025"),
    ]
    assert found.lines == tuple(head().lines)


def test_what_the_reader_is_shown_is_the_slot_alone() -> None:
    reader = Reader("383", "15", "8", "2025")
    page = head()
    read(page, reader, Digits("383", "15", "8", "2025"))
    words = page.lines[0].words
    for crop, edges in ((reader.crops[0], (words[0].box[2], words[2].box[0])),):
        assert edges[0] <= crop.box[0] < crop.box[2] <= edges[1]
        assert crop.pixels[:, [0, -1]].min() > 200


@pytest.mark.parametrize(
    ("heard", "digits", "confidence", "reason"),
    [
        ("383", ["388"], 0.99, "WITNESSES_DISAGREE"),
        ("388", ["388"], 0.99, "WITNESSES_DISAGREE"),  # the line said otherwise
        ("383", ["383"], 0.6, "UNSURE"),
        ("38", ["38"], 0.99, "WITNESSES_DISAGREE"),  # three digits are there
        ("3B3", ["383"], 0.99, "UNREADABLE"),
        ("0", ["0"], 0.99, "UNREADABLE"),
    ],
)
def test_unread_rather_than_wrong(heard: str, digits: list[str], confidence: float, reason: str) -> None:
    reader = Reader(heard, "15", "8", "2025", confidence=confidence)
    said = ("", "15") if heard == "38" else None  # the line lost them
    found = read(head(said=said), reader, Digits(*digits))
    assert (found.slots[0].value, found.slots[0].reason) == (None, reason)
    assert {word.confidence for word in found.lines[0].words if word.text == "383"} <= {0.5}


def test_without_a_second_witness_nothing_is_read() -> None:
    for slot in (*read(head(), Reader("383", "15", "8", "2025"), None).slots, *read(head(), None, Digits("383")).slots):
        assert (slot.holds, slot.value, slot.reason) == (Holds.PRINTED, None, "NO_WITNESS")


def test_the_second_word_of_a_label_is_no_part_of_its_slot() -> None:
    made = Head()
    made.line(30, 30, [(0, "Số"), (1.5, "hiệu:"), (4.4, "217"), (6, "/XNKT")])

    (gap,) = find_gaps(made.lines, 2339)

    assert made.lines[0].text[gap.begin : gap.end].strip() == "217"


@pytest.mark.parametrize("blue", [True, False])
def test_a_pens_strokes_are_boxed_unread_and_leave_the_text(*, blue: bool) -> None:
    page = head(number=" ", said=("4A", "15"))
    pixels = with_pen(page, 1.8, blue=blue)
    found = read(page, Reader("15", "8", "2025"), Digits("15", "8", "2025"), pixels)
    slot = found.slots[0]
    assert (slot.kind, slot.holds, slot.value, slot.reason) == (NUMBER, Holds.PEN, None, "HANDWRITING")
    x = page.sheet.px(30) + round(1.8 * EM)
    assert slot.box[0] <= x < x + round(1.3 * EM) <= slot.box[2]
    assert found.lines[0].text == "Số: /QĐ-UBND"
    assert found.lines[1] == page.lines[1]


def test_a_pens_digits_are_the_nets_where_all_its_looks_agree() -> None:
    page = head(number=" ", said=("44", "15"))
    pens = Pens(("11", 0.99), ("14", 0.01))
    found = read(page, Reader("15", "8", "2025"), Digits("15", "8", "2025"), with_pen(page, 1.8, blue=False), pens)
    slot = found.slots[0]
    assert (slot.holds, slot.value, slot.confidence, slot.reason) == (Holds.PEN, "11", 0.99, None)
    assert slot.candidates == pens.reading.candidates
    assert found.lines[0].text == "Số: 11 /QĐ-UBND"  # not the engine's 44
    word = found.lines[0].words[1]
    x = page.sheet.px(30) + round(1.8 * EM)
    assert word.box[:3:2] == pytest.approx((x, x + round(1.3 * EM)), abs=4)
    assert word.confidence == 0.99
    assert pens.shown[0].shape[1] == slot.box[2] - slot.box[0]


@pytest.mark.parametrize(
    "pens",
    [
        Pens(("11", 0.85), ("17", 0.1)),
        Pens(("11", 0.99), agreed=False),
        Pens(),
        Pens(("00", 0.99)),  # no number
    ],
)
def test_a_pens_digits_that_are_not_sure_are_candidates(pens: Pens) -> None:
    page = head(number=" ", said=("", "15"))
    slot = read(
        page, Reader("15", "8", "2025"), Digits("15", "8", "2025"), with_pen(page, 1.8, blue=False), pens
    ).slots[0]
    assert (slot.value, slot.confidence, slot.reason) == (None, None, "HANDWRITING")
    assert [one.value for one in slot.candidates] == [one.value for one in pens.reading.candidates if one.value != "00"]


@pytest.mark.parametrize(
    ("heavier", "pens", "day"),
    [
        (0.0, Pens(("383", 0.99)), None),  # as heavy as a pen's, and the net surely sees something else
        (0.0, Pens(("383", 0.85)), "15"),
        (0.0, Pens(("383", 0.99), agreed=False), "15"),
        (1.4, Pens(("383", 0.99)), "15"),
    ],
)
def test_heavy_print_that_the_pens_net_reads_otherwise_is_no_value(
    heavier: float, pens: Pens, day: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.ocr.slots.read.HEAVIER", heavier)
    found = read(head(), Reader("383", "15", "8", "2025"), Digits("383", "15", "8", "2025"), pens=pens)
    values = {slot.kind: slot for slot in found.slots}
    assert values[NUMBER].value == "383"
    assert values[DAY].value == day
    assert (values[DAY].reason is None) == (day is not None)


def test_a_seal_over_an_empty_slot_is_no_pen() -> None:
    page = head(number=" ", said=("", "15"))
    pixels = page.sheet.pixels
    x = page.sheet.px(30) + round(2.5 * EM)
    cv2.circle(pixels, (x, round(page.lines[0].words[0].box[1])), round(1.2 * EM), (215, 40, 50), 4)
    slot = read(page, Reader("15", "8", "2025"), Digits("15", "8", "2025"), pixels).slots[0]
    assert (slot.holds, slot.value, slot.reason) == (Holds.EMPTY, None, "EMPTY")


def test_what_may_be_print_or_pen_stays_and_is_doubted() -> None:
    page = head()
    pixels = page.sheet.pixels
    word = page.lines[0].words[1].box  # print that the scan broke: the foot of a digit is gone
    pixels[word[3] - 3 : word[3] + 2, word[0] : word[0] + round(0.5 * EM)] = 255
    pens = Pens(("383", 0.99))  # learned pens' digits: of print it gives no value
    found = read(page, Reader("15", "8", "2025"), Digits("15", "8", "2025"), pixels, pens)
    assert (found.slots[0].holds, found.slots[0].value, found.slots[0].reason) == (Holds.UNSURE, None, "PRINT_OR_PEN")
    assert found.slots[0].candidates == pens.reading.candidates
    assert found.lines[0].text == page.lines[0].text
    assert [word.confidence for word in found.lines[0].words] == [0.97, 0.5, 0.97]


def test_letters_glued_to_an_anchor_are_parted_from_it() -> None:
    page = head(number=" ", said=("", "15"))
    first, *_, last = page.lines[0].words
    glued = Word("Số:4A", (first.box[0], first.box[1], page.sheet.px(30) + round(3.3 * EM), first.box[3]), 0.9)
    page.lines[0] = Line((glued, last), page.lines[0].baseline)
    found = read(page, Reader("15", "8", "2025"), Digits("15", "8", "2025"), with_pen(page, 1.8, blue=False))
    assert [word.text for word in found.lines[0].words] == ["Số:", "/QĐ-UBND"]
    assert found.lines[0].words[0].box[2] <= page.sheet.px(30) + round(1.9 * EM)


@pytest.mark.parametrize(("soft", "swallowed"), [(0.0, True), (2.0, False)])
def test_a_number_ends_where_its_slash_begins(*, soft: float, swallowed: bool) -> None:
    """Though both words beside it took digits for a part of themselves, or its ink runs into the slash."""
    page = Head()
    page.line(30, 30, [(0, "Số:"), (1.8, "2314/NQ-HĐND")])
    number, whole = page.lines[0].words
    x0, y0, x1, y1 = whole.box
    slash = x0 + round(4 * 0.5 * EM)
    if swallowed:
        left = Word("Số:5", (*number.box[:2], slash - round(0.6 * EM), number.box[3]), 0.97)
        seen = (left, Word("/NQ-HĐND", (slash - round(0.45 * EM), y0, x1, y1), 0.97))
    else:
        seen = (number, Word("2314/NQ-HĐND", (x0, y0, x1 + round(0.4 * EM), y1), 0.97))
    page.lines[0] = Line(seen, page.lines[0].baseline)
    pixels = np.asarray(cv2.GaussianBlur(page.sheet.pixels, (0, 0), soft), np.uint8) if soft else page.sheet.pixels
    (slot,) = read(page, Reader("2314"), Digits("2314"), pixels=pixels).slots
    assert slot.box[2] == pytest.approx(slash, abs=0.15 * EM)


def test_a_scrap_of_a_digit_leaves_the_rest_of_it_in_the_slot() -> None:
    """The engine took the pen's 1 for a part of *ngày*, and of the 2 it saw a speck."""
    page = head(day="12")
    ngay = page.lines[1].words[2]
    x0, y0, x1, y1 = ngay.box
    words = list(page.lines[1].words)
    words[2] = Word("ngày", (x0, y0, x1 + round(0.9 * EM), y1), 0.97)
    words[3] = Word("□", (x1 + round(1.2 * EM), y1 - 3, x1 + round(1.3 * EM), y1), 0.3)
    page.lines[1] = Line(tuple(words), page.lines[1].baseline)
    day = next(gap for gap in find_gaps(page.lines, 2339) if gap.kind is DAY)
    assert day.x0 == pytest.approx(x1, abs=0.3 * EM)


def test_words_without_size_or_place_are_left_alone() -> None:
    page = head()
    words = tuple(Word(text, (2 * i, 5, 2 * i + 1, 6), 0.9) for i, text in enumerate(("Số:(4", "/QĐ-UBND")))
    page.lines = [Line(words), Line(())]
    found = read(page, Reader(), Digits())
    assert found.slots == ()
    assert found.lines == tuple(page.lines)


def test_other_engines_are_no_witnesses() -> None:
    class Engine:
        name = "another"

        def read(self, grey: Pixels, dpi: float) -> tuple[Line, ...]:
            assert grey.size
            assert dpi
            return ()

        def close(self) -> None:
            """Nothing."""

    assert line_reader(Engine()) is None
