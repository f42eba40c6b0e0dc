"""R16 and R19 rest on these: years and areas in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese import fold, fold_in_place, nfc
from models.vietnamese.number_words import (
    LARGEST,
    decimal_in_words,
    integer_in_words,
    parse_area,
    parse_decimal,
    parse_integer,
)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("không", 0),
        ("năm", 5),
        ("mười", 10),
        ("mười lăm", 15),
        ("mười nhăm", 15),
        ("mười bốn", 14),
        ("hai mươi", 20),
        ("Hai mươi mốt", 21),
        ("hai mươi tư", 24),
        ("hai mươi bốn", 24),
        ("ba mươi bẩy", 37),
        ("chín mươi lăm", 95),
        ("một trăm", 100),
        ("một trăm linh năm", 105),
        ("một trăm lẻ tư", 104),
        ("hai trăm mười", 210),
        ("hai nghìn không trăm hai mươi", 2020),
        ("hai ngàn không trăm lẻ ba", 2003),
        ("hai nghìn linh năm", 2005),
        ("hai nghìn mười lăm", 2015),
        ("một nghìn chín trăm chín mươi chín", 1999),
        ("mot nghin chin tram chin muoi chin", 1999),  # without marks
        ("hai mươi triệu không trăm linh một nghìn hai trăm", 20_001_200),
        ("ba tỷ hai trăm triệu", 3_200_000_000),
        ("ba tỉ", 3_000_000_000),
        # said short, or broken: not guessed
        ("một trăm năm", None),
        ("hai nghìn ba", None),
        ("một nghìn không trăm", None),
        ("linh năm", None),
        ("mười tư", None),
        ("lăm", None),
        ("một mươi", None),
        ("năm năm", None),
        ("không trăm hai mươi", None),
        ("một nghìn hai nghìn", None),
        ("hai mươi lăm đồng", None),
        ("nghìn", None),
        ("hai 5", None),
        ("", None),
    ],
)
def test_r16_integers(words: str, number: int | None) -> None:
    assert parse_integer(words) == number


@pytest.mark.parametrize(
    ("words", "area"),
    [
        ("một trăm hai mươi phẩy năm mét vuông", Decimal("120.5")),
        ("Bằng chữ: Một trăm hai mươi phẩy năm mét vuông.", Decimal("120.5")),
        ("(Bằng chữ: tám mươi phẩy không bảy mét vuông)", Decimal("80.07")),
        ("một nghìn hai trăm phẩy hai mươi lăm m2", Decimal("1200.25")),
        ("chín mươi phẩy hai lăm mét vuông", Decimal("90.25")),
        ("hai trăm mét vuông", Decimal(200)),
        ("một trăm hai mươi phẩy năm", None),  # of what?
        ("120,5 mét vuông", None),
        ("một phẩy hai phẩy ba mét vuông", None),
        ("một trăm phẩy mét vuông", None),
        ("mét vuông", None),
    ],
)
def test_r19_areas(words: str, area: Decimal | None) -> None:
    assert parse_area(words) == area


@given(st.integers(0, LARGEST))
def test_r19_integers_come_back(number: int) -> None:
    words = integer_in_words(number)
    assert parse_integer(words) == number
    assert parse_integer(fold(words)) == number
    assert parse_integer(words.replace("linh", "lẻ").replace("nghìn", "ngàn").upper()) == number


@given(st.decimals(0, 10**6, places=2))
def test_r19_decimals_come_back(number: Decimal) -> None:
    assert parse_decimal(decimal_in_words(number)) == number
    assert parse_area(decimal_in_words(number) + " mét vuông") == number


def test_out_of_range() -> None:
    with pytest.raises(ValueError, match="not between"):
        integer_in_words(LARGEST + 1)


@given(st.text())
def test_never_crashes(text: str) -> None:
    parse_integer(text)
    parse_area(text + " mét vuông")
    assert len(fold_in_place(text)) == len(nfc(text))
