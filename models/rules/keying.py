"""What people keyed, brought to a field's own normal form: so two who typed the same in other ways agree, and a mark that matters tells apart.

Marks of letters count (``Án`` is not ``An``, ``HĐ`` not ``HD``); capitals, spaces, the place of a tone and the zeros before a number don't.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from models.fields import is_day
from models.vietnamese.dates import typed_day
from models.vietnamese.folding import nfc, place_tones
from models.vietnamese.numbers import normalise_number

MAX_VALUE: Final = 1000
_ZEROS = re.compile(r"^0+(?=\d)")
_BETWEEN_DIGITS = re.compile(r"[\s.\-–]+")


class Answer(StrEnum):
    VALUE = "value"
    UNREADABLE = "unreadable"  # it stands there, and nobody can read it
    ABSENT = "absent"  # the paper does not say it


@dataclass(frozen=True, slots=True)
class Keyed:
    """What somebody says of a field. ``value``: as it is kept, of a ``VALUE`` alone."""

    answer: Answer
    value: str | None = None


def keyed(field: str, text: str) -> Keyed:
    """``text`` as the field keeps it: a day as ISO date, a number in its one spelling. ``ValueError`` for nothing, too much, and no day."""
    tidy = " ".join(nfc(text).split())
    if not tidy or len(tidy) > MAX_VALUE:
        raise ValueError("1 to 1000 characters")
    if is_day(field):
        day = typed_day(tidy)
        if day is None:
            raise ValueError("no day that exists")
        return Keyed(Answer.VALUE, day.isoformat())
    if _is_id(field):
        return Keyed(Answer.VALUE, _BETWEEN_DIGITS.sub("", tidy).upper() or tidy)
    if _is_number(field):
        return Keyed(Answer.VALUE, normalise_number(tidy) or tidy)
    return Keyed(Answer.VALUE, tidy)


def normal_form(field: str, value: str) -> str:
    """What two ways to write one value of the field have in common."""
    text = place_tones(" ".join(value.split()))
    if is_day(field):
        return text
    if _is_id(field):
        return _BETWEEN_DIGITS.sub("", text).casefold()
    if _is_number(field):
        return _ZEROS.sub("", re.sub(r"\s+", "", normalise_number(text) or text)).casefold()
    return text.casefold()


def agree(field: str, one: Keyed, other: Keyed) -> bool:
    """Whether two people said the same."""
    if one.answer is not other.answer:
        return False
    return one.answer is not Answer.VALUE or normal_form(field, one.value or "") == normal_form(
        field, other.value or ""
    )


def _is_id(field: str) -> bool:
    return field == "holder_id" or field.endswith("_id")


def _is_number(field: str) -> bool:
    return field == "number" or field.endswith("_number")
