"""The QR code of a căn cước (công dân) card: seven parts between vertical bars (known from practice, not from a legal text).

Số định danh | số CMND cũ | họ tên | ngày sinh ddmmyyyy | giới tính | nơi thường trú | ngày cấp ddmmyyyy. Newer cards add parts behind them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from models.vietnamese.folding import nfc
from models.vietnamese.names import Sex, parse_sex
from models.vietnamese.personal_ids import IdCheck, check_personal_id

PARTS = 7


@dataclass(frozen=True, slots=True)
class IdentityQr:
    """What the code says; a part that is empty or is not what it should be is ``None`` (texts: empty).

    ``check``: of the number against the date of birth and the sex beside it (R13). ``extra``: parts after the seventh, as given.
    """

    personal_id: str
    old_number: str | None
    name: str
    birth_date: date | None
    sex: Sex | None
    address: str
    issued_on: date | None
    check: IdCheck
    extra: tuple[str, ...] = ()


def parse_identity_qr(text: str) -> IdentityQr | None:
    """``None`` for any other code: fewer parts, or a first part that is not twelve digits."""
    parts = [part.strip() for part in nfc(text).strip().split("|")]
    if len(parts) < PARTS or not re.fullmatch(r"\d{12}", parts[0], re.ASCII):
        return None
    number, old, name, birth, sex_text, address, issued = parts[:PARTS]
    birth_date, sex = _day(birth), parse_sex(sex_text)
    return IdentityQr(
        personal_id=number,
        old_number=old if re.fullmatch(r"\d{9}|\d{12}", old, re.ASCII) else None,
        name=name,
        birth_date=birth_date,
        sex=sex,
        address=address,
        issued_on=_day(issued),
        check=check_personal_id(number, birth_date, sex),
        extra=tuple(parts[PARTS:]),
    )


def _day(digits: str) -> date | None:
    """``ddmmyyyy``."""
    if not re.fullmatch(r"\d{8}", digits, re.ASCII):
        return None
    try:
        return date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return None
