"""What an officer types, or a hand scanner types for them, into the field of a citizen's number (R13, R14)."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Literal

from models.vietnamese.folding import nfc
from models.vietnamese.identity_qr import parse_identity_qr
from models.vietnamese.names import Sex
from models.vietnamese.personal_ids import (
    IdCheck,
    PersonNumber,
    check_personal_id,
    kind_of_person_number,
    normalise_person_number,
)
from models.vietnamese.tax_codes import check_tax_code

ID_DIGITS = 12


@dataclass(frozen=True, slots=True)
class HolderEntry:
    """``number``: as it is to be kept, ``None`` where ``problem`` forbids it or nothing was typed; ``digits``: how many of the twelve are there.

    ``problem``: ``unfinished`` (digits, but fewer than asked for), ``not_a_number``, ``not_a_card`` (a code, but of no identity card), ``cmnd``
    (nine digits, of no effect since 01/01/2025), ``tax_code`` (its check digit is wrong), or an error of :class:`IdCheck`. ``warnings`` are
    :class:`IdCheck`'s. ``name`` and ``birth_date`` come from a card (``scanned``) alone.
    """

    kind: Literal["person", "organisation"] = "person"
    number: str | None = None
    problem: str | None = None
    warnings: tuple[str, ...] = ()
    check: IdCheck | None = None
    digits: int = 0
    scanned: bool = False
    name: str = ""
    birth_date: date | None = None


def read_holder_entry(
    text: str,
    *,
    birth_date: date | None = None,
    known_provinces: AbstractSet[str] = frozenset(),
    today: date | None = None,
) -> HolderEntry:
    """The number in what was typed: a số định danh, the text of an identity card's QR code, a passport's number, a mã số thuế.

    ``birth_date``: as typed beside it, to be compared (a card's own stands before it). Digits are never mended.
    """
    if "|" in text:
        card = parse_identity_qr(text)
        if card is None:
            return HolderEntry(problem="not_a_card")
        entry = _personal(card.personal_id, card.birth_date or birth_date, card.sex, known_provinces, today)
        return HolderEntry(
            number=entry.number,
            problem=entry.problem,
            warnings=entry.warnings,
            check=entry.check,
            digits=entry.digits,
            scanned=True,
            name=card.name,
            birth_date=card.birth_date,
        )
    number = normalise_person_number(text)
    if not number:
        return HolderEntry()
    if re.fullmatch(r"\d{12}", number, re.ASCII):
        return _personal(number, birth_date, None, known_provinces, today)
    if kind_of_person_number(number) is PersonNumber.PASSPORT:
        return HolderEntry(number=number)
    return _other(number, nfc(text))


def _personal(
    number: str, birth_date: date | None, sex: Sex | None, known_provinces: AbstractSet[str], today: date | None
) -> HolderEntry:
    check = check_personal_id(number, birth_date, sex, known_provinces, today=today)
    problem = check.errors[0] if check.errors else None
    return HolderEntry(
        number=check.number if check.ok else None,
        problem=problem,
        warnings=check.warnings,
        check=check,
        digits=ID_DIGITS,
    )


def _other(number: str, text: str) -> HolderEntry:
    """Neither twelve digits nor a passport: an organisation's code, an old number, or not finished."""
    tax = check_tax_code(text)
    if tax.ok and tax.code is not None:
        return HolderEntry(kind="organisation", number=tax.code.text)
    digits = len(number)
    if not re.fullmatch(r"[\d-]+", number, re.ASCII):
        return HolderEntry(problem="not_a_number")
    if tax.code is not None:
        return HolderEntry(problem="tax_code", digits=digits)
    problem = "cmnd" if kind_of_person_number(number) is PersonNumber.CMND else "unfinished"
    return HolderEntry(problem=problem if digits < ID_DIGITS else "not_a_number", digits=digits)
