"""Số định danh cá nhân (R13), and the older numbers of persons: CMND, passports.

Twelve digits ``PPP C YY RRRRRR``: province or country of birth registration, century and sex, year of birth, random (NĐ 137/2015
Điều 13, TT 07/2016/TT-BCA Điều 7; reported by secondary sources). There is no check digit: what can be checked is the date of
birth and the sex printed beside it. Digits that are easily confused are never mended here.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.vietnamese.folding import nfc
from models.vietnamese.names import Sex


@dataclass(frozen=True, slots=True)
class IdCheck:
    """``errors`` forbid the number: ``not_12_digits``, ``year_differs``, ``sex_differs``, ``birth_in_future``.

    ``warnings`` are shown: ``unknown_province``. ``century``: the first year of it (1900, 2000 …); ``year``: of birth; all ``None`` where
    the number is none.
    """

    ok: bool
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    number: str | None = None
    province: str | None = None
    century: int | None = None
    sex: Sex | None = None
    year: int | None = None


class PersonNumber(StrEnum):
    """The kinds of number by which papers name a person."""

    PERSONAL_ID = "personal_id"  # số định danh cá nhân, số căn cước (công dân): 12 digits
    CMND = "cmnd"  # chứng minh nhân dân: 9 digits; no longer usable after 31/12/2024
    PASSPORT = "passport"  # hộ chiếu Việt Nam: a letter and 7 or 8 digits


@dataclass(frozen=True, slots=True)
class FoundPersonNumber:
    """``value`` without spaces; ``start``, ``end``: in the NFC text."""

    kind: PersonNumber
    value: str
    start: int
    end: int


_SPACES = re.compile(r"[\s.]+")
_TWELVE = re.compile(r"\d{12}", re.ASCII)
_GAP = r"[ \u00a0.]?"
_FOUND = re.compile(
    rf"(?<![\w,/-])(?<!\d[ .])(?:(?P<personal_id>\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{3}})|(?P<cmnd>\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{3}})|"
    r"(?P<passport>[A-Z]\d{7,8}))(?![\w/-]|[,. ]\d)",
    re.ASCII,
)
_KINDS = (
    (PersonNumber.PERSONAL_ID, re.compile(r"\d{12}", re.ASCII)),
    (PersonNumber.CMND, re.compile(r"\d{9}", re.ASCII)),
    (PersonNumber.PASSPORT, re.compile(r"[A-Z]\d{7,8}", re.ASCII)),
)


def check_personal_id(
    text: str,
    birth_date: date | None = None,
    sex: Sex | None = None,
    known_provinces: AbstractSet[str] = frozenset(),
    *,
    birth_year: int | None = None,
    today: date | None = None,
) -> IdCheck:
    """Check a number against itself and against what is printed beside it; what is not known is not checked.

    ``known_provinces``: codes ``PPP`` of the catalog; none given, none is checked. An unknown one is a warning: people born abroad carry a
    country's. ``birth_year`` is for papers that print the year alone.
    """
    number = normalise_person_number(text)
    if not _TWELVE.fullmatch(number):
        return IdCheck(ok=False, errors=("not_12_digits",))
    century_and_sex = int(number[3])
    century = 1900 + 100 * (century_and_sex // 2)
    holder_sex = Sex.FEMALE if century_and_sex % 2 else Sex.MALE
    year = century + int(number[4:6])
    printed_year = birth_date.year if birth_date else birth_year
    errors = []
    if printed_year is not None and printed_year != year:
        errors.append("year_differs")
    if sex is not None and sex is not holder_sex:
        errors.append("sex_differs")
    if today is not None and year > today.year:
        errors.append("birth_in_future")
    warnings = ("unknown_province",) if known_provinces and number[:3] not in known_provinces else ()
    return IdCheck(not errors, tuple(errors), warnings, number, number[:3], century, holder_sex, year)


def normalise_person_number(text: str) -> str:
    """Without spaces and dots, letters as capitals: ``001 085 012 345`` → ``001085012345``. Nothing else is changed."""
    return _SPACES.sub("", nfc(text)).upper()


def kind_of_person_number(text: str) -> PersonNumber | None:
    """By its build alone; ``None`` if it is none of them."""
    number = normalise_person_number(text)
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(number)), None)


def find_person_numbers(text: str) -> list[FoundPersonNumber]:
    """Numbers built like a person's, in order. Twelve digits may be another thing (a driving licence): the label beside tells."""
    return [
        FoundPersonNumber(PersonNumber(match.lastgroup), normalise_person_number(match[0]), match.start(), match.end())
        for match in _FOUND.finditer(nfc(text))
        if match.lastgroup
    ]
