"""R14."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vietnamese.tax_codes import check_digit, check_tax_code, find_tax_codes

VECTORS = ["0300588569", "0101248141", "0100109106"]  # of RULES: companies that everybody knows


@pytest.mark.parametrize("code", VECTORS)
def test_r14_vectors(code: str) -> None:
    assert check_tax_code(code).ok
    assert check_tax_code(f" {code[:5]} {code[5:]} – 001").ok
    assert check_tax_code(f"{code}999").ok


@pytest.mark.parametrize("code", VECTORS)
def test_r14_every_single_digit_change_fails(code: str) -> None:
    changed = {code[:place] + digit + code[place + 1 :] for place in range(10) for digit in "0123456789"} - {code}
    assert len(changed) == 90
    assert not any(check_tax_code(one).ok for one in changed)


def test_r14_a_sum_that_11_divides_has_no_check_digit() -> None:
    nine = next(f"{number:09}" for number in range(1, 1000) if check_digit([int(d) for d in f"{number:09}"]) is None)
    assert not any(check_tax_code(f"{nine}{digit}").ok for digit in range(10))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("0300588569-000", "unit_000"),
        ("030058856", "not_10_or_13_digits"),
        ("0300588569-01", "not_10_or_13_digits"),
        ("O300588569", "not_10_or_13_digits"),
        ("0300588560", "check_digit"),
        ("", "not_10_or_13_digits"),
    ],
)
def test_r14_refused(text: str, error: str) -> None:
    assert check_tax_code(text).error == error


def test_r14_in_text() -> None:
    text = "Mã số doanh nghiệp: 0300588569; chi nhánh 0101248141-001. ĐT 0912345678; 10300588569"
    assert [one.code.text for one in find_tax_codes(text)] == ["0300588569", "0101248141-001"]


@given(st.text())
def test_never_crashes(text: str) -> None:
    check_tax_code(text)
    find_tax_codes(text)
