"""How long a paper holds (R26, R30). Which rule applies to which paper and when is data; this is the arithmetic of days.

A period of months that begins on the day of issue ends on the same day of its last month, and holds on that day: a paper of
15/01/2024 that is good for six months may be used on 15/07/2024 and not on 16/07/2024 (BLDS 2015 Điều 147-148: the first day is
not counted, and the period ends with its last day). Where the last month has no such day, the month's last day is meant (Điều 148
khoản 4, from memory).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from models.catalog import ValidityKind, ValidityRule


@dataclass(frozen=True, slots=True)
class Validity:
    """``until``: the last day on which it holds; ``None`` with ``known``: it has no end. Not ``known``: nobody can tell.

    ``basis``: ``printed`` on the paper, the id of the catalog's rule, or ``none`` where no rule gives it an end.
    """

    until: date | None
    known: bool
    basis: str


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last of that month. Raises ``ValueError`` past the year 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Dates:
    """What a paper says that bears on how long it holds. ``printed``: *có giá trị đến*; ``licence_class``: hạng (``B``, ``C1``)."""

    issued_on: date | None = None
    printed: date | None = None
    licence_class: str | None = None
    birth_date: date | None = None


def validity(dates: Dates, rule: ValidityRule | None) -> Validity:
    """What the paper itself says comes first; then the rule's period; no rule gives no end (R30: not six months).

    A period without a day of issue is not known: it is not guessed from the day of the scan. Where paper and rule both speak,
    the earlier day holds: "six months at most" is not lengthened by a slip of the pen.
    """
    if rule is None:
        return Validity(dates.printed, known=True, basis="printed" if dates.printed else "none")
    found = _by_rule(dates, rule)
    if dates.printed is not None and (not found.known or found.until is None or dates.printed <= found.until):
        found = Validity(dates.printed, known=True, basis="printed")
    if rule.void_after is not None and (found.until is None or found.until > rule.void_after):
        return Validity(rule.void_after, known=True, basis=rule.id)
    return found


def _by_rule(dates: Dates, rule: ValidityRule) -> Validity:
    unknown, endless = Validity(None, known=False, basis=rule.id), Validity(None, known=True, basis=rule.id)
    match rule.kind:
        case ValidityKind.NONE:
            return endless
        case ValidityKind.BY_CLASS:
            classes = rule.classes or {}
            name = (dates.licence_class or "").upper()
            if name not in classes:
                return unknown
            years = classes[name]
            return endless if years is None else _after(dates.issued_on, 12 * years, rule.id)
        case ValidityKind.BY_AGE:
            return _until_age(dates, rule)
        case ValidityKind.MONTHS | ValidityKind.PRINTED if rule.months is not None:
            return _after(dates.issued_on, rule.months, rule.id)
        case _:
            return unknown  # printed, and nothing could be read; or only the content tells


def _after(issued_on: date | None, months: int, basis: str) -> Validity:
    if issued_on is None:
        return Validity(None, known=False, basis=basis)
    return Validity(add_months(issued_on, months), known=True, basis=basis)


def _until_age(dates: Dates, rule: ValidityRule) -> Validity:
    """The day on which the holder reaches the next age of the rule (Luật Căn cước 2023 Điều 21).

    One issued within ``early_years`` before an age holds until the age after that; after the last age it has no end.
    """
    if dates.issued_on is None or dates.birth_date is None:
        return Validity(None, known=False, basis=rule.id)
    for age in sorted(rule.ages):
        reached = add_months(dates.birth_date, 12 * age)
        if dates.issued_on < add_months(reached, -12 * rule.early_years):
            return Validity(reached, known=True, basis=rule.id)
    return Validity(None, known=True, basis=rule.id)
