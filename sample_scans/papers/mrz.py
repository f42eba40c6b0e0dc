"""The machine-readable zone of identity cards (ICAO 9303 part 5, TD1: three lines of 30) and passports (part 4, TD3: two of 44).

The Vietnamese card: document number = last 9 digits of the id, then its check digit; the whole id in the optional data with a check
digit of its own at the end of the line (RULES 5.1).
"""

from __future__ import annotations

import unicodedata
from datetime import date

from sample_scans.people import Person

_WEIGHTS = (7, 3, 1)


def check_digit(text: str) -> str:
    """ICAO 9303 part 3, 4.9: weights 7-3-1, A = 10 … Z = 35, ``<`` = 0, modulo 10."""
    total = 0
    for index, letter in enumerate(text):
        value = 0 if letter == "<" else int(letter) if letter.isdigit() else ord(letter) - 55
        total += value * _WEIGHTS[index % 3]
    return str(total % 10)


def plain(name: str) -> str:
    """Capitals A-Z without marks; Đ becomes D."""
    text = unicodedata.normalize("NFD", name.upper().replace("Đ", "D"))
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def _names(name: str, width: int) -> str:
    family, *given = plain(name).split()
    return f"{family}<<{'<'.join(given)}".ljust(width, "<")[:width]


def _day(day: date) -> str:
    return f"{day:%y%m%d}"


def card(person: Person, expires: date | None) -> tuple[str, str, str]:
    """Three lines of 30. A card that never expires has the day 991231."""
    number, until = person.id_number[-9:], _day(expires) if expires else "991231"
    first = f"IDVNM{number}{check_digit(number)}{person.id_number}<<{check_digit(person.id_number)}"
    born, sex = _day(person.born), "M" if person.sex == "Nam" else "F"
    second = f"{born}{check_digit(born)}{sex}{until}{check_digit(until)}VNM".ljust(29, "<")
    second += check_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29])
    return first, second, _names(person.name, 30)


def passport(person: Person, number: str, expires: date) -> tuple[str, str]:
    """Two lines of 44; the id stands in the personal number."""
    first = f"P<VNM{_names(person.name, 39)}"
    book, own = number.ljust(9, "<"), person.id_number.ljust(14, "<")
    born, until, sex = _day(person.born), _day(expires), "M" if person.sex == "Nam" else "F"
    second = (
        f"{book}{check_digit(book)}VNM{born}{check_digit(born)}{sex}{until}{check_digit(until)}{own}{check_digit(own)}"
    )
    return first, second + check_digit(second[0:10] + second[13:20] + second[21:43])
