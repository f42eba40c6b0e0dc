"""R11, R13: the second line of a passport's zone; its check digits are what makes it a witness."""

from __future__ import annotations

from datetime import date

import pytest

from models.vietnamese.mrz import check_digit
from models.vietnamese.names import Sex
from models.vietnamese.passport_mrz import parse_passport_line


def zone_line(number: str, own: str, born: str, sex: str, until: str) -> str:
    book, personal = number.ljust(9, "<"), own.ljust(14, "<")
    own_check = str(check_digit(personal)) if own else "<"
    parts = f"{book}{check_digit(book)}", f"{born}{check_digit(born)}", f"{until}{check_digit(until)}"
    whole = "".join(parts) + personal + own_check
    return f"{parts[0]}VNM{parts[1]}{sex}{parts[2]}{personal}{own_check}{check_digit(whole)}"


LINE = zone_line("C4200720", "083193999513", "930916", "F", "291011")


@pytest.mark.parametrize("text", [LINE, LINE.replace("<", "", 1), LINE.replace("<", "«"), f"{LINE[:20]} {LINE[20:]}"])
def test_what_a_passport_line_says_though_fillers_were_lost(text: str) -> None:
    line = parse_passport_line(text)

    assert line is not None
    assert (line.number, line.personal_id, line.sex) == ("C4200720", "083193999513", Sex.FEMALE)
    assert (line.birth_date, line.valid_until) == (date(1993, 9, 16), date(2029, 10, 11))


def test_a_line_without_a_personal_number_tells_no_century() -> None:
    line = parse_passport_line(zone_line("B1234567", "", "930916", "M", "291011"))

    assert line is not None
    assert (line.number, line.personal_id, line.birth_date) == ("B1234567", None, None)


@pytest.mark.parametrize("place", [0, 3, 14, 18, 22, 30, 43])
def test_one_sign_that_was_misread_silences_the_line(place: int) -> None:
    other = "7" if LINE[place] != "7" else "8"

    assert parse_passport_line(f"{LINE[:place]}{other}{LINE[place + 1 :]}") is None


def test_r13_a_personal_number_of_another_sex_is_not_believed() -> None:
    assert parse_passport_line(zone_line("C4200720", "083093999513", "930916", "F", "291011")) is None


@pytest.mark.parametrize("text", ["", "P<VNMNGO<<THI<MY<VAN<SUONG<<<<<<<<<<<<<<<<<<", "Nơi cấp / Place of issue"])
def test_other_lines_are_none(text: str) -> None:
    assert parse_passport_line(text) is None
