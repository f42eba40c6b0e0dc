"""Number and date of a head, from its slots and what the rest of the paper says of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from workers.classify.extract.head_slots import HeadValue, head_values
from workers.classify.extract.witnesses import Source
from workers.page import Candidate, Holds, Line, PageOutcome, Slot, SlotKind, Word

NUMBER, DAY, MONTH, YEAR = SlotKind
BOX = (0, 0, 10, 10)


def line(text: str, confidence: float = 0.97) -> Line:
    return Line(tuple(Word(word, BOX, confidence) for word in text.split()))


def pen(kind: SlotKind, *candidates: tuple[str, float], sure: bool = False) -> Slot:
    offered = tuple(Candidate(value, chance) for value, chance in candidates)
    if sure:
        return Slot(kind, BOX, Holds.PEN, offered[0].value, offered[0].confidence, None, offered)
    return Slot(kind, BOX, Holds.PEN, reason="HANDWRITING", candidates=offered)


def printed(kind: SlotKind, value: str) -> Slot:
    return Slot(kind, BOX, Holds.PRINTED, value, 0.99)


def act(*slots: Slot, lines: Sequence[str] = (), confidence: float = 0.97) -> PageOutcome:
    head = [line("Số: /QĐ-UBND"), line("Quảng Ngãi, ngày tháng 01 năm 2025")]
    return PageOutcome(
        1, lines=(*head, *(line(text, confidence) for text in lines)),
        slots=(*slots, printed(MONTH, "01"), printed(YEAR, "2025")),
    )  # fmt: skip


def annex(text: str, confidence: float = 0.97) -> PageOutcome:
    return PageOutcome(2, lines=(line(text, confidence),))


def told(values: dict[SlotKind, HeadValue] | object, kind: SlotKind) -> tuple[str | None, str | None]:
    assert isinstance(values, dict)
    found = values[kind].agreement
    return found.value, found.reason


def test_a_page_without_slots_has_nothing_to_settle() -> None:
    assert head_values([]) == {}
    assert head_values([annex("Phụ lục")]) == {}


def test_print_stands_as_the_page_has_it() -> None:
    values = head_values([act(printed(NUMBER, "383"), printed(DAY, "15"))])
    assert {kind: found.agreement.value for kind, found in values.items()} == {
        NUMBER: "383",
        DAY: "15",
        MONTH: "01",
        YEAR: "2025",
    }
    assert values[NUMBER].page == 1


@pytest.mark.parametrize(
    ("note", "value", "reason"),
    [
        ("Thời gian ký: 17/01/2025 17:06:30", "17", None),
        ("17.01.2025 17:17:01 +07:00", "17", None),
        ("Thời gian ký: 14/01/2025 17:06:30", None, "IMPOSSIBLE"),
        ("Căn cứ Nghị định ngày 17/01/2025 của Chính phủ", None, "UNSURE"),  # no signature's note
        ("ĐẾN Số: 1234 Ngày: 20/01/2025", None, "UNSURE"),  # a bound, and no more
        ("ĐẾN Số: 1234 Ngày: 10/01/2025", None, "IMPOSSIBLE"),
        ("nhiệm vụ trong thời gian đến. Căn cứ Tờ trình ngày 10/01/2025", None, "UNSURE"),
        ("KẾ HOẠCH ĐẾN NĂM 2030 Căn cứ Tờ trình ngày 10/01/2025", None, "UNSURE"),
    ],
)
def test_a_signature_makes_a_days_reading_sure_or_impossible(note: str, value: str | None, reason: str | None) -> None:
    doubtful = pen(DAY, ("17", 0.85), ("11", 0.05))
    assert told(head_values([act(doubtful, lines=[note])]), DAY) == (value, reason)


def test_a_note_that_was_read_with_doubt_is_no_witness() -> None:
    doubtful = pen(DAY, ("17", 0.85), ("11", 0.05))
    page = act(doubtful, lines=["Thời gian ký: 17/01/2025 17:06:30"], confidence=0.7)
    assert told(head_values([page]), DAY) == (None, "UNSURE")


def test_digital_signatures_of_the_file_and_its_coming_in_count() -> None:
    page = act(pen(DAY, ("17", 0.85), ("11", 0.05)))
    values = head_values([page], signed=[date(2025, 1, 21), date(2025, 1, 17)])
    assert told(values, DAY) == ("17", None)
    assert values[DAY].agreement.sources == (Source.SLOT, Source.SIGNING)
    assert told(head_values([page], scanned=date(2025, 1, 12)), DAY) == (None, "IMPOSSIBLE")


def test_a_signature_alone_gives_no_day() -> None:
    page = act(pen(DAY), lines=["Thời gian ký: 17/01/2025 17:06:30"])
    assert told(head_values([page]), DAY) == (None, "HANDWRITING")


@pytest.mark.parametrize(
    ("named", "number", "day"),
    [
        ("(Kèm theo Quyết định số 47/QĐ-UBND ngày 17/01/2025 của Ủy ban nhân dân tỉnh)", "047", "17"),
        ("(Kèm theo Quyết định số: 47/QĐ-UBND ngày 17 tháng 01 năm 2025 của Ủy ban)", "047", "17"),
        ("(Kèm theo Quyết định số 41/QĐ-UBND ngày 11/01/2025 của Ủy ban)", None, None),
        ("(Kèm theo Kế hoạch số 47/KH-UBND ngày 17/01/2025 của Ủy ban)", None, None),  # another paper's
        ("Căn cứ Quyết định số 47/QĐ-UBND ngày 17/01/2025 của Ủy ban", None, None),
        ("danh sách kèm theo Quyết định số 47/QĐ-UBND ngày 17/01/2025 của Ủy ban", None, None),
    ],
)
def test_an_annex_repeats_number_and_day(named: str, number: str | None, day: str | None) -> None:
    page = act(pen(NUMBER, ("047", 0.8), ("41", 0.1)), pen(DAY, ("17", 0.8), ("11", 0.1)))
    values = head_values([page, annex(named)])
    assert values[NUMBER].agreement.value == number
    assert values[DAY].agreement.value == day
    if number:
        assert values[NUMBER].agreement.sources == (Source.SLOT, Source.REFERENCE)


def test_an_act_does_not_name_itself_in_its_own_body() -> None:
    named = "(kèm theo Quyết định số 12/QĐ-UBND ngày 03/01/2025 của Ủy ban nhân dân tỉnh)"
    values = head_values([act(pen(NUMBER, ("47", 0.99)), pen(DAY, ("17", 0.99)), lines=[named]), annex("Phụ lục")])
    assert (values[NUMBER].agreement.value, values[DAY].agreement.value) == ("47", "17")


def test_a_day_is_given_as_it_is_written() -> None:
    values = head_values([act(pen(DAY, ("04", 0.6), ("4", 0.39), sure=False))])
    assert told(values, DAY) == ("04", None)


def test_what_may_be_print_or_pen_stays_open() -> None:
    slot = Slot(DAY, BOX, Holds.UNSURE, reason="PRINT_OR_PEN", candidates=(Candidate("17", 0.999),))
    assert told(head_values([act(slot)]), DAY) == (None, "PRINT_OR_PEN")


def test_without_month_or_year_a_day_has_only_its_pen() -> None:
    page = PageOutcome(1, slots=(pen(DAY, ("31", 0.99), sure=True), Slot(MONTH, BOX, Holds.EMPTY, reason="EMPTY")))
    values = head_values([page], signed=[date(2025, 1, 17)])
    assert told(values, DAY) == ("31", None)
    assert told(values, MONTH) == (None, "EMPTY")
