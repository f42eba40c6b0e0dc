"""What several papers share: heads of an act, numbers, dates, the fields of an administrative document."""

from __future__ import annotations

from datetime import date
from random import Random

from sample_scans.layout.draft import Draft
from sample_scans.layout.parts import Head, Signature, head, long_date
from sample_scans.people import Cast, Person


def short(day: date) -> str:
    """``05/01/2026``."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def grouped(value: int) -> str:
    """``12.500.000``."""
    return f"{value:,}".replace(",", ".")


def serial(rng: Random, last: int = 480) -> str:
    """A running number; below 10 it takes a leading zero (NĐ 30/2020)."""
    return f"{rng.randint(1, last):02d}"


def act_head(
    draft: Draft,
    cast: Cast,
    rng: Random,
    *,
    symbol: str,
    day: date,
    about: str = "",
    number: str | None = None,
) -> str:
    """The head of an act of the commune; returns its number and notes number, date, place, issuer.

    Now and then the clerk writes number and day by hand, as counters do.
    """
    agency = cast.agency
    number = number or serial(rng)
    hand = rng.random() < 0.55
    shown = f"Số: {{~number|{number}}}{{number|/{symbol}}}" if hand else f"Số: {{number|{number}/{symbol}}}"
    place = f"{{issued_at|{agency.name}}}, {{issued_on|{long_date(day, hand=hand)}}}"
    head(draft, Head("**{issuer|ỦY BAN NHÂN DÂN}**", agency.place.upper(), shown, place, about))
    draft.sheet.day = day
    draft.fields |= {
        "number": f"{number}/{symbol}",
        "issued_on": day,
        "issued_at": agency.name,
        "issuer": agency.body,
    }
    return f"{number}/{symbol}"


def chairman(cast: Cast, rng: Random, *, receivers: tuple[str, ...] = (), collective: bool = True) -> Signature:
    """The chairman signs, or a deputy in his stead (KT.)."""
    lines = ("TM. ỦY BAN NHÂN DÂN",) if collective else ()
    if rng.random() < 0.6:
        return Signature((*lines, "CHỦ TỊCH"), cast.chairman, cast.agency.seal, receivers=receivers)
    return Signature((*lines, "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), cast.deputy, cast.agency.seal, receivers=receivers)


def holder_fields(draft: Draft, person: Person) -> None:
    draft.fields |= {
        "holder_id": person.id_number,
        "holder_name": person.name,
        "holder_birth_date": person.born,
    }
