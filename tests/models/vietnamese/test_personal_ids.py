"""R13: made-up numbers; none is a person's."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese.names import Sex
from models.vietnamese.personal_ids import PersonNumber, check_personal_id, find_person_numbers, kind_of_person_number

PROVINCES = frozenset({"001", "038", "079"})


@pytest.mark.parametrize(
    ("number", "birth", "sex", "errors", "warnings"),
    [
        ("001085000001", date(1985, 3, 4), Sex.MALE, (), ()),
        ("001 185 000 001", date(1985, 3, 4), Sex.FEMALE, (), ()),
        ("038201000001", date(2001, 1, 1), Sex.MALE, (), ()),
        ("079310000001", date(2010, 12, 31), Sex.FEMALE, (), ()),
        ("001085000001", None, None, (), ()),
        ("001085000001", date(1986, 3, 4), Sex.MALE, ("year_differs",), ()),
        ("001085000001", date(2085, 3, 4), Sex.MALE, ("year_differs",), ()),  # the century digit says 19
        ("001085000001", date(1985, 3, 4), Sex.FEMALE, ("sex_differs",), ()),
        ("001385000001", date(1985, 3, 4), Sex.MALE, ("year_differs", "sex_differs"), ()),
        ("101085000001", date(1985, 3, 4), Sex.MALE, (), ("unknown_province",)),
        ("00108500000", None, None, ("not_12_digits",), ()),
        ("0010850000012", None, None, ("not_12_digits",), ()),
        ("00l085000001", None, None, ("not_12_digits",), ()),  # a letter is not mended
        ("", None, None, ("not_12_digits",), ()),
    ],
)
def test_r13_table(
    number: str, birth: date | None, sex: Sex | None, errors: tuple[str, ...], warnings: tuple[str, ...]
) -> None:
    check = check_personal_id(number, birth, sex, PROVINCES)
    assert (check.errors, check.warnings, check.ok) == (errors, warnings, not errors)


def test_r13_parts() -> None:
    check = check_personal_id("079310000001", birth_year=2010)
    assert (check.province, check.century, check.sex, check.year, check.ok) == ("079", 2000, Sex.FEMALE, 2010, True)
    assert check_personal_id("079310000001", birth_year=1910).errors == ("year_differs",)
    assert check_personal_id("079399000001", today=date(2026, 1, 1)).errors == ("birth_in_future",)
    assert check_personal_id("999310000001").warnings == ()  # nothing known, nothing warned of


@given(
    st.integers(0, 999), st.dates(date(1900, 1, 1), date(2399, 12, 31)), st.sampled_from(Sex), st.integers(0, 999999)
)
def test_r13_every_holder(province: int, birth: date, sex: Sex, random: int) -> None:
    digit = (birth.year - 1900) // 100 * 2 + (sex is Sex.FEMALE)
    number = f"{province:03}{digit}{birth.year % 100:02}{random:06}"
    assert check_personal_id(number, birth, sex).ok
    for place in (3, 4, 5):  # another century, sex or year clashes with what is printed
        for other in set("0123456789") - {number[place]}:
            assert not check_personal_id(number[:place] + other + number[place + 1 :], birth, sex).ok


def test_r13_numbers_in_text() -> None:
    text = "Số định danh: 001085000001, CMND 012 345 678; hộ chiếu C1234567. ĐT: 0912345678, 1.001085000001, 001085000001/2"
    assert [(one.kind, one.value) for one in find_person_numbers(text)] == [
        (PersonNumber.PERSONAL_ID, "001085000001"),
        (PersonNumber.CMND, "012345678"),
        (PersonNumber.PASSPORT, "C1234567"),
    ]
    assert kind_of_person_number("p12345678") is PersonNumber.PASSPORT
    assert kind_of_person_number("1234567890") is None


@given(st.text())
def test_never_crashes(text: str) -> None:
    check_personal_id(text)
    find_person_numbers(text)
