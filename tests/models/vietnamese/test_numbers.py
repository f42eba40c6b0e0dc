from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese.numbers import find_document_numbers, normalise_number, number_key, toneless_symbols
from tests.paths import SEEDS, needs_seeds


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Số: 383/KH-UBND", ["383/KH-UBND"]),
        ("Số: 15 /QĐ - UBND Tiền Giang, ngày 15/8/2023", ["15/QĐ-UBND"]),
        ("Số:15/ QĐ–UBND", ["15/QĐ-UBND"]),
        ("Nghị định số 45/2020/NĐ-CP và Thông tư số 01/2023/TT-VPCP", ["45/2020/NĐ-CP", "01/2023/TT-VPCP"]),
        ("Luật số 15/2023/QH15; Nghị quyết số 27-NQ/TW", ["15/2023/QH15", "27-NQ/TW"]),
        (
            "05/BNV-VP, 12/BNN&PTNT-KH, 362/QĐ-BNN-TCLN, 06/QĐ-TTg",
            ["05/BNV-VP", "12/BNN&PTNT-KH", "362/QĐ-BNN-TCLN", "06/QĐ-TTg"],
        ),
        ("146/2012/TTLT-BTC-BTP", ["146/2012/TTLT-BTC-BTP"]),
        ("15/ÐÐ-UBND", ["15/ĐĐ-UBND"]),  # eth for Đ
        ("ngày 15/8/2023, 3/4, 24/7, 5/ Đề nghị, 10 km/ha, Số: /KH-UBND, 1.234/QĐ-UBND", []),
        ("số 12\n/QĐ-UBND", []),  # another line, another cell
    ],
)
def test_numbers_in_text(text: str, found: list[str]) -> None:
    assert [number.value for number in find_document_numbers(text)] == found
    assert [number.value for number in find_document_numbers(unicodedata.normalize("NFD", text))] == found


def test_where_it_stands() -> None:
    (number,) = find_document_numbers("Số: 15 /QĐ - UBND, ngày")
    assert "Số: 15 /QĐ - UBND, ngày"[number.start : number.end] == "15 /QĐ - UBND"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("383/KH-UBND", "383/KH-UBND"),
        (" Số: 15 /qđ – ubnd ", "15/QĐ-UBND"),
        ("5/QĐ-TTg", "5/QĐ-TTg"),
        ("45/2020/nđ-cp", "45/2020/NĐ-CP"),
        ("383", None),
        ("kế hoạch", None),
        ("", None),
    ],
)
def test_normalise(typed: str, number: str | None) -> None:
    assert normalise_number(typed) == number


def test_keys_meet() -> None:
    keys = {number_key(text) for text in ("05/QĐ-TTg", "5/qd-ttg", "Số: 05 / QĐ – TTG", "005/Qđ-Ttg")}
    assert keys == {"5/qd-ttg"}


@given(st.integers(1, 99999), st.sampled_from(["QĐ-UBND", "KH-UBND", "TTr-SCT", "2023/NĐ-CP", "QĐ-BNN-TCLN"]))
def test_a_number_survives_its_surroundings(number: int, symbol: str) -> None:
    value = f"{number}/{symbol}"
    assert [each.value for each in find_document_numbers(f"theo Quyết định số {value}, ngày 1/2/2023 ({value})")] == [
        value
    ] * 2
    assert normalise_number(value) == value
    assert normalise_number(f"số {value.replace('/', ' / ')}") == value


@needs_seeds
def test_seeds() -> None:
    (plan,) = SEEDS.glob("003_*.txt")
    assert "383/KH-UBND" in {number.value for number in find_document_numbers(plan.read_text("utf-8"))}


@pytest.mark.parametrize(
    ("read", "mended"),
    [
        ("Số: 23/BC-ỦBND", "Số: 23/BC-UBND"),
        ("05/BNV-VỤ TCCB", "05/BNV-VU TCCB"),
        ("27-NQ/TƯ", "27-NQ/TƯ"),
        ("Ủy ban / Ứng dụng", "Ủy ban / Ưng dụng"),  # a lone slash between words is rare, and the length stays
        ("383/KH-UBND", "383/KH-UBND"),
    ],
)
def test_r15_symbols_bear_no_tones(read: str, mended: str) -> None:
    assert toneless_symbols(read) == mended
    assert len(mended) == len(read)
