"""The machine-readable zone of identity cards (R11, R13): TD1, three lines of 30 (ICAO Doc 9303 part 5; check digits: part 3).

On a Vietnamese card line 1 is ``IDVNM``, the last nine digits of the số định danh, their check digit, all twelve digits, two fillers and one
more digit; line 2 ``YYMMDD`` check, sex, ``YYMMDD`` check, ``VNM``, fillers, the composite check (seen on cards' shapes, not in a legal text).
A zone is mended only in its numeric places, and only where the check digits leave exactly one possible reading; a name has no check
digit, and is never mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from models.vietnamese.folding import fold, nfc
from models.vietnamese.names import Sex

WIDTH = 30
MOST_READINGS = 4096
"""Tried at most; a zone that needs more is not read."""

_WEIGHTS = (7, 3, 1)
# What a reader makes of digits of OCR-B. Two ways for a letter mean that a check digit has to choose.
_DIGITS_LIKE = {
    "O": "0", "Q": "0", "D": "0", "U": "0", "C": "0", "I": "1", "L": "1", "T": "17", "Z": "27", "A": "4", "S": "5", "G": "69", "B": "83",
    "E": "3", "<": "",
}  # fmt: skip
_NUMBER, _NUMBER_CHECK, _OPTIONAL = slice(5, 14), 14, slice(15, 30)
_BIRTH, _BIRTH_CHECK, _SEX, _EXPIRY, _EXPIRY_CHECK, _NATION, _COMPOSITE = (
    slice(0, 6),
    6,
    7,
    slice(8, 14),
    14,
    slice(15, 18),
    29,
)
_LINE = re.compile(r"[A-Z0-9<]{28,32}")
_FILLERS = str.maketrans({"«": "<", "‹": "<", "＜": "<", "≤": "<", "〈": "<"})


@dataclass(frozen=True, slots=True)
class Mrz:
    """What a zone says. ``ok``: every check holds; else the numbers and dates are ``None``, and ``failed`` says why.

    ``failed`` holds ``number``, ``birth``, ``expiry``, ``composite`` (check digits), ``personal_id`` (its last nine digits are not the
    number), ``holder`` (it names another sex or year of birth than line 2, R13), and ``optional`` (the digit that ends line 1: no part of ``ok``,
    its rule was seen nowhere). ``surname`` and ``given_names``: capitals without marks, ``None`` if a sign in them can be no letter.
    ``birth_date`` needs the century of the số định danh. ``repaired``: (line, column) from 0 of what was mended.
    """

    lines: tuple[str, str, str]
    number: str | None
    personal_id: str | None
    birth_date: date | None
    sex: Sex | None
    valid_until: date | None
    issuer: str
    nationality: str
    surname: str | None
    given_names: str | None
    failed: tuple[str, ...]
    repaired: tuple[tuple[int, int], ...] = ()

    @property
    def ok(self) -> bool:
        return not set(self.failed) - {"optional"}

    @property
    def name(self) -> str | None:
        """As a Vietnamese writes it: family name first."""
        if self.surname is None or self.given_names is None:
            return None
        return " ".join(part for part in (self.surname, self.given_names) if part)


def check_digit(field: str) -> int:
    """7-3-1 over digits, letters (A = 10) and fillers (0), mod 10; ``ValueError`` for any other sign."""
    return sum(_value(sign) * _WEIGHTS[place % 3] for place, sign in enumerate(field)) % 10


def find_mrz(text: str) -> Mrz | None:
    """The first zone in a text whose lines it has: three that follow one another, built like a zone."""
    candidates = [_tidy(line) for line in nfc(text).splitlines() if line.strip()]
    for place in range(len(candidates) - 2):
        found = parse_mrz(candidates[place : place + 3])
        if found is not None:
            return found
    return None


def parse_mrz(lines: list[str]) -> Mrz | None:
    """Read three lines; ``None`` if they are none of a TD1 zone of an identity card. Fillers lost or doubled in a run make no difference."""
    if len(lines) != 3:
        return None
    whole = [_to_width(_tidy(line), place) for place, line in enumerate(lines)]
    if (
        not all(whole)
        or whole[0][0] not in "IAC"
        or not whole[0][2:5].replace("<", "").isalpha()
        or "<<" not in whole[2]
    ):
        return None
    one, two, three = whole
    if sum(sign.isdigit() for sign in two) < 8:
        return None
    readings = [reading for reading in _readings(one, two) if not set(_failed(*reading)) - {"optional"}]
    original = (one, two)
    chosen = original if original in readings or len(readings) != 1 else readings[0]
    repaired = tuple(
        (line, column) for line in (0, 1) for column in range(WIDTH) if chosen[line][column] != original[line][column]
    )
    return _made(chosen[0], chosen[1], three, repaired)


def _tidy(line: str) -> str:
    return re.sub(r"\s+", "", line.translate(_FILLERS)).upper()


def _to_width(line: str, place: int) -> str:
    """The line in 30 signs, where only the length of its run of fillers was misread; empty if it cannot be one."""
    if not _LINE.fullmatch(line):
        return ""
    if len(line) == WIDTH:
        return line
    if place == 2 and line.endswith("<<"):
        return line.rstrip("<").ljust(WIDTH, "<")[:WIDTH] if len(line.rstrip("<")) <= WIDTH else ""
    if place == 1:
        match = re.fullmatch(r"(.{18})<{5,}(.)", line)
        return f"{match[1]}{'<' * 11}{match[2]}" if match else ""
    return ""


def _value(sign: str) -> int:
    if sign == "<":
        return 0
    if sign.isascii() and sign.isdigit():
        return int(sign)
    if "A" <= sign <= "Z":
        return ord(sign) - 55
    raise ValueError(f"{sign!r} is no sign of a machine-readable zone")


def _is_vietnamese(one: str) -> bool:
    return one[2:5] == "VNM"


def _numeric_places(one: str) -> Iterator[tuple[int, int]]:
    """(line, column) where only a digit can stand."""
    if _is_vietnamese(one):
        yield from ((0, column) for column in range(5, 27))
        yield 0, 29
    else:
        yield 0, _NUMBER_CHECK
    yield from ((1, column) for column in (*range(7), *range(8, 15), _COMPOSITE))


def _readings(one: str, two: str) -> Iterator[tuple[str, str]]:
    """The zone as it was read, and every reading in which letters stand for digits where only digits can be.

    The nine digits that a Vietnamese card prints twice may also be read two ways: either may be right.
    """
    lines = (one, two)
    ways: dict[tuple[int, int], str] = {}
    for place in _numeric_places(one):
        sign = lines[place[0]][place[1]]
        if not sign.isdecimal():
            ways[place] = _DIGITS_LIKE.get(sign, "")
    if _is_vietnamese(one):
        for column in range(9):
            first, second = (0, 5 + column), (0, 18 + column)
            both = "".join(sorted({*ways.get(first, one[first[1]]), *ways.get(second, one[second[1]])}))
            if one[first[1]] != one[second[1]]:
                ways[first] = ways[second] = both
    count = 1
    for options in ways.values():
        count *= len(options)
    if not ways or not 0 < count <= MOST_READINGS:
        yield lines
        return
    for digits in product(*ways.values()):
        read = [list(one), list(two)]
        for (line, column), digit in zip(ways, digits, strict=True):
            read[line][column] = digit
        yield "".join(read[0]), "".join(read[1])


def _failed(one: str, two: str) -> tuple[str, ...]:
    failed = []
    for name, field, digit in (
        ("number", one[_NUMBER], one[_NUMBER_CHECK]),
        ("birth", two[_BIRTH], two[_BIRTH_CHECK]),
        ("expiry", two[_EXPIRY], two[_EXPIRY_CHECK]),
        ("composite", one[5:30] + two[0:7] + two[8:15] + two[18:29], two[_COMPOSITE]),
    ):
        if digit != str(check_digit(field)):
            failed.append(name)
    if _is_vietnamese(one):
        if not one[15:27].isdecimal() or one[18:27] != one[_NUMBER]:
            failed.append("personal_id")
        else:
            if one[19:21] != two[0:2] or two[_SEX] != "MF"[int(one[18]) % 2]:
                failed.append("holder")
            if one[29] != str(check_digit(one[15:27])):
                failed.append("optional")
    return tuple(failed)


def _made(one: str, two: str, three: str, repaired: tuple[tuple[int, int], ...]) -> Mrz:
    failed = _failed(one, two)
    sound = not set(failed) - {"optional"}  # the checks share places: one that fails casts doubt on all
    personal_id = one[15:27] if sound and _is_vietnamese(one) else None
    century = 1900 + 100 * (int(personal_id[3]) // 2) if personal_id else None
    surname, given_names = _names(three)
    return Mrz(
        lines=(one, two, three),
        number=one[_NUMBER].rstrip("<") if sound else None,
        personal_id=personal_id,
        birth_date=_day(two[_BIRTH], century),
        sex={"M": Sex.MALE, "F": Sex.FEMALE}.get(two[_SEX]),
        valid_until=_day(two[_EXPIRY], 2000) if sound else None,
        issuer=one[2:5].replace("<", ""),
        nationality=two[_NATION].replace("<", ""),
        surname=surname,
        given_names=given_names,
        failed=failed,
        repaired=repaired,
    )


def _day(digits: str, century: int | None) -> date | None:
    if century is None or not digits.isdecimal():
        return None
    try:
        return date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        return None


def _names(three: str) -> tuple[str | None, str | None]:
    if any(sign.isdigit() for sign in three):
        return None, None
    surname, _, given = three.rstrip("<").partition("<<")
    return surname.replace("<", " "), given.replace("<", " ").strip()


def mrz_lines(  # the other way round: for drawn cards and tests
    *, personal_id: str, birth_date: date, sex: Sex, valid_until: date, surname: str, given_names: str
) -> tuple[str, str, str]:
    """The zone of a Vietnamese card with these values; ``ValueError`` if the names do not fit the line's 30 signs."""
    number = personal_id[3:]
    one = f"IDVNM{number}{check_digit(number)}{personal_id}<<{check_digit(personal_id)}"
    birth, expiry = f"{birth_date:%y%m%d}", f"{valid_until:%y%m%d}"
    sign = "F" if sex is Sex.FEMALE else "M"
    two = f"{birth}{check_digit(birth)}{sign}{expiry}{check_digit(expiry)}VNM{'<' * 11}"
    composite = check_digit(one[5:30] + two[0:7] + two[8:15] + two[18:29])
    three = "<<".join("<".join(fold(part).upper().split()) for part in (surname, given_names))
    if len(three) > WIDTH:
        raise ValueError("the names need more than one line")
    return one, f"{two}{composite}", three.ljust(WIDTH, "<")
