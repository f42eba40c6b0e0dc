"""Witnesses of one value, and what they say together: all must agree, or the field stays open with the reason.

Two sorts: some *read* a value where it stands or is repeated, others only *expect*: an act is dated on the day of its first digital
signature or a little before (in print by the last one), and never after it came in or was scanned. What is expected makes a reading surer or doubtful and can rule one
out; it never is the value itself.

Readings are weighed as independent (Bayes' rule over the values that any of them names, and one more for all others).
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workers.page import Candidate


class Source(StrEnum):
    """Who says it."""

    SLOT = "slot"  # the page's own slot: print, or a pen's digits
    REFERENCE = "reference"  # another place of the paper that names it: "(Kèm theo Quyết định số … ngày …)"
    SIGNING = "signing"  # the time in a signature's printed note, or in the file's digital signature
    ARRIVAL = "arrival"  # it was there by then: an incoming-mail stamp, the scan


class Role(StrEnum):
    READS = "reads"
    EXPECTS = "expects"


@dataclass(frozen=True, slots=True)
class Witness:
    """``candidates`` of one who *reads*: with the chance of each, likeliest first; what they lack of 1 is some other value's. Of one who
    *expects*: how many times likelier than any other value each is; a value that is not among them is ruled out.
    """

    source: Source
    candidates: tuple[Candidate, ...]
    role: Role = Role.READS


@dataclass(frozen=True, slots=True)
class Agreement:
    """``value`` is ``None`` unless all agree; then ``reason`` is ``None`` and ``confidence`` the chance that it is right. ``sources``: who said so."""

    value: str | None
    confidence: float
    reason: str | None = None
    sources: tuple[Source, ...] = ()


UNREAD, DISAGREE, IMPOSSIBLE, UNSURE = "UNREAD", "WITNESSES_DISAGREE", "IMPOSSIBLE", "UNSURE"
SURE = 0.9
"""Chance from which a value is given. Most are far surer: of pens' digits about one in a hundred is wrong (``make bench-slots``)."""
BELIEVED, POSSIBLE = 0.5, 0.2
"""Who believes so much in another value contradicts; a reader must hold the value possible at least so far."""
OTHERS = 30
"""Values among which the rest of a reader's chance is spread."""

LAGS = (12.0, 5.0, 3.0, 2.5, 2.5, 1.0, 1.0, 1.0, 0.7, 0.7, 0.7)
"""How much likelier than another day of the month is the day so many days before the first signature. On eleven signed scans, a province's and the
Government's, it was 0 days before (5 times), 1 (3) and 4 (3); the figures here are flatter than that, since it is few.
"""
EARLIER = 0.3


def agree(witnesses: Sequence[Witness]) -> Agreement:
    """What all ``witnesses`` of one value say together. Order does not matter."""
    readers = [one for one in witnesses if one.role is Role.READS and one.candidates]
    expecting = [one for one in witnesses if one.role is Role.EXPECTS]
    if not readers:
        return Agreement(None, 0.0, UNREAD)
    chances = _chances(readers, expecting)
    value, confidence = max(chances.items(), key=lambda item: (item[1], item[0]))
    if confidence == 0.0:
        return Agreement(None, 0.0, IMPOSSIBLE)
    for reader in readers:
        first = reader.candidates[0]
        held = next((one.confidence for one in reader.candidates if one.value == value), 0.0)
        if held < POSSIBLE or (first.value != value and first.confidence >= BELIEVED):
            ruled_out = not all(_expected(one, first.value) for one in expecting)
            weak = first.value == value  # nobody contradicts: it is only hardly read
            return Agreement(None, confidence, IMPOSSIBLE if ruled_out else UNSURE if weak else DISAGREE)
    if confidence < SURE:
        return Agreement(None, confidence, UNSURE)
    helped = [one.source for one in expecting if _expected(one, value) > 1.0]
    return Agreement(value, confidence, None, tuple(dict.fromkeys([*(one.source for one in readers), *helped])))


def _chances(readers: Sequence[Witness], expecting: Sequence[Witness]) -> dict[str, float]:
    """The chance of each value that a reader names; what is left is another's."""
    values = {one.value for reader in readers for one in reader.candidates}
    weights = dict.fromkeys(values, 0.0)
    other = 0.0
    for reader in readers:
        rest = max(1e-6, 1.0 - sum(one.confidence for one in reader.candidates))
        named = {one.value: one.confidence for one in reader.candidates}
        for value in values:
            weights[value] += math.log(max(named.get(value, rest / OTHERS), 1e-9))
        # All readers may be wrong in the same way.
        other += math.log(rest)
    top = max(*weights.values(), other)
    likely = {
        value: math.exp(weight - top) * math.prod(_expected(one, value) for one in expecting)
        for value, weight in weights.items()
    }
    total = sum(likely.values()) + math.exp(other - top)
    return {value: chance / total for value, chance in likely.items()}


def _expected(witness: Witness, value: str) -> float:
    plain = value.lstrip("0")
    return next((one.confidence for one in witness.candidates if one.value.lstrip("0") == plain), 0.0)


def signing_days(year: int, month: int, signed: date, last: date | None = None) -> Witness:
    """Days of a month on which an act may be dated whose first digital signature is of ``signed``; none is later.

    ``last``: its last signature, for a date in print. Where several sign, the office that issues the act prints its number and day
    before it signs as the last, a day or more after the first of them.
    """
    days = range(1, calendar.monthrange(year, month)[1] + 1)
    lags = {day: (signed - date(year, month, day)).days for day in days}
    near = any(0 <= lag < len(LAGS) for lag in lags.values())
    usual = {day: (LAGS[lag] if lag < len(LAGS) else EARLIER) if near else 1.0 for day, lag in lags.items() if lag >= 0}
    usual |= {day: 1.0 for day, lag in lags.items() if lag < 0 and last and date(year, month, day) <= last}
    return Witness(Source.SIGNING, tuple(Candidate(str(day), weight) for day, weight in usual.items()), Role.EXPECTS)


def days_until(year: int, month: int, last: date | None = None) -> Witness:
    """The days that a month has, up to ``last`` where that is known: the paper was there by then."""
    days = range(1, calendar.monthrange(year, month)[1] + 1)
    known = (Candidate(str(day), 1.0) for day in days if last is None or date(year, month, day) <= last)
    return Witness(Source.ARRIVAL, tuple(known), Role.EXPECTS)
