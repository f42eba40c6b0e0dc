"""R19."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese.land_numbers import find_land_numbers, is_empty_mark
from models.vietnamese.licences import (
    parse_driving_class,
    parse_driving_licence_number,
    parse_household_business_number,
    parse_land_certificate_code,
)


def _found(text: str) -> list[tuple[str, str]]:
    return [(one.kind.value, one.value) for one in find_land_numbers(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("AB 123456", [("serial", "AB 123456")]),
        ("BĐ123456", [("serial", "BĐ 123456")]),
        ("AA 01234567", [("serial", "AA 01234567")]),
        ("Số vào sổ cấp GCN: CS 01234", [("book", "CS01234")]),
        ("Số vào sổ cấp giấy chứng nhận quyền sử dụng đất: CH.00.123", [("book", "CH.00.123")]),
        ("Số vào sổ: VP00012", [("book", "VP00012")]),
        ("Số phát hành: CS 123456", [("serial", "CS 123456")]),  # the label decides
        ("Số vào sổ cấp GCN: CS 123456", [("book", "CS123456")]),
        ("CS 123456", []),  # either
        ("CS 01234", []),
        ("AB 123456\nSố vào sổ cấp GCN: CH 00123", [("serial", "AB 123456"), ("book", "CH00123")]),
        (
            "6. Ghi chú: Thay thế GCN số AC 654321, số vào sổ CH 00001\nSố vào sổ cấp GCN: CS 00002",
            [("book", "CS00002")],
        ),
        ("6. Ghi chú: GCN cũ AC 654321.", []),
        ("Số vào sổ cấp GCN: -/-", []),
        ("thửa đất số 123456, tờ AB", []),
        ("12/AB 123456/2020", []),
        ("", []),
    ],
)
def test_r19_never_swapped(text: str, found: list[tuple[str, str]]) -> None:
    assert _found(text) == found


def test_r19_where_they_stand() -> None:
    text = "Seri: AB 123456, số vào sổ: CS 01234"
    assert [text[one.start : one.end] for one in find_land_numbers(text)] == ["AB 123456", "CS 01234"]


@pytest.mark.parametrize(
    ("text", "empty"), [("-/-", True), (" - / -.", True), ("(-/-)", True), ("-", False), ("", False), ("1-/-", False)]
)
def test_r19_empty_mark(text: str, empty: bool) -> None:
    assert is_empty_mark(text) is empty


def test_r15_licences() -> None:
    assert parse_driving_licence_number("790 123 456 789") == "790123456789"
    assert parse_driving_licence_number("79012345678") is None
    assert (parse_driving_class("c1e"), parse_driving_class("8")) == ("C1E", None)
    assert parse_household_business_number("41A8012345") == "41A8012345"
    assert parse_household_business_number("0300588569") is None
    assert parse_land_certificate_code("AA0123456789") == "AA0123456789"
    assert parse_land_certificate_code("AA012345678") is None


@given(st.text(alphabet="Số vào sổ cấp GCN: phát hành ABCSĐ0123456789./-\n"))
def test_never_crashes(text: str) -> None:
    for one in find_land_numbers(text):
        assert one.value
