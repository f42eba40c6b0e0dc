"""Two who typed the same agree whatever way they typed it; a mark that matters tells apart."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.keying import Answer, Keyed, agree, keyed, normal_form


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("number", "15 /qđ - ubnd", "15/QĐ-UBND"),
        ("number", "Số: 05/QĐ–UBND", "05/QĐ-UBND"),
        ("number", "12/2023", "12/2023"),
        ("issued_on", "02051990", "1990-05-02"),
        ("issued_on", "2-5-1990", "1990-05-02"),
        ("wife_birth_date", "ngày 02 tháng 5 năm 1990", "1990-05-02"),
        ("holder_id", "0792 0000 0123", "079200000123"),
        ("holder_id", "b 1234567", "B1234567"),
        ("holder_name", "  NGUYỄN   THỊ MẪU ", "NGUYỄN THỊ MẪU"),
    ],
)
def test_what_is_kept(field: str, typed: str, kept: str) -> None:
    assert keyed(field, typed) == Keyed(Answer.VALUE, kept)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("number", ""),
        ("number", "  "),
        ("issued_on", "31/02/2023"),
        ("issued_on", "2023"),
        ("title", "x" * 1001),
    ],
)
def test_what_is_no_value(field: str, typed: str) -> None:
    with pytest.raises(ValueError, match=r"characters|day"):
        keyed(field, typed)


@pytest.mark.parametrize(
    ("field", "one", "other", "same"),
    [
        ("number", "5/QĐ-UBND", "05 / qđ-ubnd", True),
        ("number", "5/HĐ-UBND", "5/HD-UBND", False),  # a contract is no guideline
        ("number", "12/2023", "012/2023", True),
        ("number", "12/2023", "12/2032", False),
        ("issued_on", "1/2/2023", "01022023", True),
        ("issued_on", "1/2/2023", "2/1/2023", False),
        ("holder_name", "Nguyễn Văn Án", "NGUYỄN VĂN ÁN", True),
        ("holder_name", "Nguyễn Văn Án", "Nguyễn Văn An", False),
        ("holder_name", "Hoà", "Hòa", True),
        ("holder_id", "079.200.000.123", "079200000123", True),
        ("issuer", "UBND xã Mẫu", "ubnd  xã mẫu", True),
    ],
)
def test_agreement(field: str, one: str, other: str, same: bool) -> None:
    assert agree(field, keyed(field, one), keyed(field, other)) is same


def test_answers_without_a_value() -> None:
    unreadable, absent = Keyed(Answer.UNREADABLE), Keyed(Answer.ABSENT)
    assert agree("number", unreadable, unreadable)
    assert not agree("number", unreadable, absent)
    assert not agree("number", unreadable, keyed("number", "1/2023"))


@given(st.sampled_from(["number", "holder_name", "holder_id", "issuer"]), st.text(min_size=1, max_size=40))
def test_normal_forms_are_stable(field: str, text: str) -> None:
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    if tidy:
        kept = keyed(field, tidy).value or ""
        assert keyed(field, kept).value == kept
        assert agree(field, keyed(field, tidy), keyed(field, unicodedata.normalize("NFD", tidy)))
        assert normal_form(field, kept) == normal_form(field, tidy)
