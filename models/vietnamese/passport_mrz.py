"""The second line of a Vietnamese passport's machine-readable zone (R11; ICAO Doc 9303 part 4, TD3; check digits: part 3).

Nine places of number, check, ``VNM``, ``YYMMDD`` check, sex, ``YYMMDD`` check, fourteen places of the holder's own number, check, composite check. A number has a
letter and seven digits, so its ninth place is a filler, which readers lose; nothing else of the line is mended. A line counts only when all its
check digits hold and the personal number, where it is a số định danh cá nhân, names the line's own sex and year of birth (R13).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from models.vietnamese.mrz import check_digit
from models.vietnamese.names import Sex

_FILLERS = str.maketrans({"«": "<", "‹": "<", "＜": "<", "≤": "<", "〈": "<"})
_LINE = re.compile(
    r"(?P<number>[A-Z]\d{7})<?(?P<number_check>\d)VNM(?P<birth>\d{6})(?P<birth_check>\d)(?P<sex>[MF])(?P<expiry>\d{6})(?P<expiry_check>\d)"
    r"(?P<own>\d{12}|\d{9}|)(?P<fill><*)(?P<own_check>[\d<])(?P<composite>\d)$"
)


@dataclass(frozen=True, slots=True)
class PassportLine:
    """What the line says; ``personal_id``: twelve digits, ``None`` where the line has none. ``birth_date``: only where that tells the century."""

    number: str
    personal_id: str | None
    birth_date: date | None
    sex: Sex
    valid_until: date


def parse_passport_line(text: str) -> PassportLine | None:
    """``None`` for any line that is none, and for one whose checks don't hold."""
    match = _LINE.match(re.sub(r"\s+", "", text.translate(_FILLERS)).upper())
    if match is None:
        return None
    number, birth, expiry = f"{match['number']}<", match["birth"], match["expiry"]
    own = match["own"].ljust(14, "<")
    own_check = match["own_check"] if match["own"] else "<"
    parts = ((number, match["number_check"]), (birth, match["birth_check"]), (expiry, match["expiry_check"]))
    if any(digit != str(check_digit(part)) for part, digit in parts) or (
        match["own"] and own_check != str(check_digit(own))
    ):
        return None
    whole = "".join(f"{part}{digit}" for part, digit in parts) + own + own_check
    personal_id = match["own"] if len(match["own"]) == 12 else None
    if match["composite"] != str(check_digit(whole)):
        return None
    if personal_id and (personal_id[4:6] != birth[:2] or match["sex"] != "MF"[int(personal_id[3]) % 2]):
        return None
    valid_until = _day(expiry, 2000)
    if valid_until is None:
        return None
    return PassportLine(
        number=match["number"],
        personal_id=personal_id,
        birth_date=_day(birth, 1900 + 100 * (int(personal_id[3]) // 2)) if personal_id else None,
        sex=Sex.MALE if match["sex"] == "M" else Sex.FEMALE,
        valid_until=valid_until,
    )


def _day(digits: str, century: int) -> date | None:
    try:
        return date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        return None
