"""Mã số thuế, which is also the mã số doanh nghiệp (R14; TT 105/2020/TT-BTC Điều 5).

``N1…N10``, N10 a check digit; a dependent unit adds ``-N11N12N13`` (001 … 999). From 01/7/2025 a person's tax code is the số định danh cá
nhân of 12 digits (TT 86/2024; from memory), which :mod:`models.vietnamese.personal_ids` checks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.vietnamese.folding import nfc

WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
"""Of N1 … N9. N10 = 10 - (weighted sum mod 11); not stated in a text that could be seen, but four well-known codes agree."""

_CODE = re.compile(r"(\d{10})(?:-(\d{3}))?", re.ASCII)
_FOUND = re.compile(r"(?<![\w.,/-])\d{10}(?:[ ]?[-–][ ]?\d{3})?(?![\w/-]|[.,]\d)", re.ASCII)
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")


@dataclass(frozen=True, slots=True)
class TaxCode:
    """``text``: ``0300588569`` or ``0300588569-001``; ``unit``: number of the dependent unit, or ``None``."""

    text: str
    main: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class TaxCodeCheck:
    """``error``: ``None``, ``not_10_or_13_digits``, ``check_digit`` or ``unit_000``."""

    code: TaxCode | None
    error: str | None

    @property
    def ok(self) -> bool:
        return self.error is None


@dataclass(frozen=True, slots=True)
class FoundTaxCode:
    """``start``, ``end``: in the NFC text."""

    code: TaxCode
    start: int
    end: int


def check_tax_code(text: str) -> TaxCodeCheck:
    """Check a code as it is printed: spaces are overlooked, 13 digits may be without their dash."""
    bare = _DASHES.sub("-", re.sub(r"\s+", "", nfc(text)))
    if re.fullmatch(r"\d{13}", bare, re.ASCII):
        bare = f"{bare[:10]}-{bare[10:]}"
    match = _CODE.fullmatch(bare)
    if match is None:
        return TaxCodeCheck(None, "not_10_or_13_digits")
    code = TaxCode(bare, match[1], match[2])
    if check_digit([int(digit) for digit in match[1][:9]]) != int(match[1][9]):
        return TaxCodeCheck(code, "check_digit")
    return TaxCodeCheck(code, "unit_000" if match[2] == "000" else None)


def check_digit(digits: Sequence[int]) -> int | None:
    """N10 of N1 … N9; ``None`` where the weighted sum is a multiple of 11: such a number is never given out."""
    rest = sum(weight * digit for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11
    return None if rest == 0 else 10 - rest


def find_tax_codes(text: str) -> list[FoundTaxCode]:
    """Codes whose check digit is right, in order; ten digits that fail it are a telephone number, or misread."""
    found = []
    for match in _FOUND.finditer(nfc(text)):
        check = check_tax_code(match[0])
        if check.ok and check.code:
            found.append(FoundTaxCode(check.code, match.start(), match.end()))
    return found
