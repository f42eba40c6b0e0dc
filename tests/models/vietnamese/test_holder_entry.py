from __future__ import annotations

from datetime import date

import pytest

from models.vietnamese.holder_entry import read_holder_entry
from models.vietnamese.names import Sex

TODAY = date(2026, 11, 22)
CARD = "001195999872|012345678|Lý Diệu Thu Quỳnh|05031995|Nữ|Số 1, phường Ví Dụ, Hà Nội|10052021"


@pytest.mark.parametrize(
    ("text", "problem", "number", "digits"),
    [
        ("", None, None, 0),
        ("0011959", "unfinished", None, 7),
        ("001 195 999 872", None, "001195999872", 12),
        ("0011959998721", "tax_code", None, 13),
        ("00119599987212", "not_a_number", None, 14),
        ("001299999872", "birth_in_future", None, 12),
        ("012345678", "cmnd", None, 9),
        ("C1234567", None, "C1234567", 0),
        ("0300588569", None, "0300588569", 0),
        ("0300588568", "tax_code", None, 10),
        ("0300588569-001", None, "0300588569-001", 0),
        ("không phải số", "not_a_number", None, 0),
        ("a|b", "not_a_card", None, 0),
        ("H56.14-261121-0007||||||", "not_a_card", None, 0),
    ],
)
def test_r13_what_is_typed_is_told(text: str, problem: str | None, number: str | None, digits: int) -> None:
    entry = read_holder_entry(text, known_provinces={"001"}, today=TODAY)
    assert (entry.problem, entry.number, entry.digits, entry.scanned) == (problem, number, digits, False)


def test_r13_what_the_number_says() -> None:
    entry = read_holder_entry("001195999872", known_provinces={"001"}, today=TODAY)
    assert entry.check is not None
    assert (entry.check.province, entry.check.sex, entry.check.year) == ("001", Sex.FEMALE, 1995)
    assert entry.warnings == ()
    assert read_holder_entry("999195999872", known_provinces={"001"}, today=TODAY).warnings == ("unknown_province",)
    born = read_holder_entry("001195999872", birth_date=date(1996, 3, 5), today=TODAY)
    assert (born.problem, born.number) == ("year_differs", None)


def test_a_card_fills_in_what_it_says_and_is_checked_against_itself() -> None:
    entry = read_holder_entry(CARD, known_provinces={"001"}, today=TODAY)
    assert (entry.number, entry.name, entry.birth_date) == ("001195999872", "Lý Diệu Thu Quỳnh", date(1995, 3, 5))
    assert entry.scanned
    wrong = read_holder_entry(CARD.replace("|Nữ|", "|Nam|"), today=TODAY)
    assert (wrong.number, wrong.problem, wrong.name) == (None, "sex_differs", "Lý Diệu Thu Quỳnh")


def test_a_tax_code_is_an_organisation() -> None:
    assert read_holder_entry("0300588569").kind == "organisation"
    assert read_holder_entry("001195999872").kind == "person"
