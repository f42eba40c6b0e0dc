"""Witnesses of one value agree, or it stays open with the reason."""

from __future__ import annotations

from datetime import date

import pytest

from workers.classify.extract.witnesses import (
    LAGS,
    SURE,
    Agreement,
    Role,
    Source,
    Witness,
    agree,
    days_until,
    signing_days,
)
from workers.page import Candidate


def reads(*candidates: tuple[str, float], source: Source = Source.SLOT) -> Witness:
    return Witness(source, tuple(Candidate(value, chance) for value, chance in candidates))


def expects(*candidates: tuple[str, float]) -> Witness:
    return Witness(Source.SIGNING, tuple(Candidate(value, weight) for value, weight in candidates), Role.EXPECTS)


JANUARY = days_until(2025, 1)


@pytest.mark.parametrize(
    ("witnesses", "value", "reason"),
    [
        ([], None, "UNREAD"),
        ([reads()], None, "UNREAD"),
        ([signing_days(2025, 1, date(2025, 1, 17))], None, "UNREAD"),  # a signature's day alone is no value
        ([reads(("17", 0.99))], "17", None),
        ([reads(("17", 0.85), ("11", 0.1))], None, "UNSURE"),
        ([reads(("17", 0.85), ("11", 0.1)), reads(("17", 0.9), source=Source.REFERENCE)], "17", None),
        ([reads(("17", 0.99)), reads(("11", 0.9), source=Source.REFERENCE)], None, "WITNESSES_DISAGREE"),
        ([reads(("17", 0.45), ("11", 0.4)), reads(("11", 0.99), source=Source.REFERENCE)], "11", None),
        ([reads(("17", 0.55), ("11", 0.4)), reads(("11", 0.99), source=Source.REFERENCE)], None, "WITNESSES_DISAGREE"),
        ([reads(("17", 0.45), ("11", 0.1)), reads(("11", 0.999), source=Source.REFERENCE)], None, "WITNESSES_DISAGREE"),
        ([reads(("47", 0.99)), JANUARY], None, "IMPOSSIBLE"),
        ([reads(("17", 0.1), ("11", 0.05)), signing_days(2025, 1, date(2025, 1, 17))], None, "UNSURE"),
        ([reads(("17", 0.85), ("11", 0.1)), signing_days(2025, 1, date(2025, 1, 17))], "17", None),
        ([reads(("17", 0.99)), signing_days(2025, 1, date(2025, 1, 21))], "17", None),  # dated four days before
        ([reads(("17", 0.99)), signing_days(2025, 1, date(2025, 1, 16))], None, "IMPOSSIBLE"),
        ([reads(("19", 0.99)), signing_days(2025, 2, date(2025, 2, 18), date(2025, 2, 19))], "19", None),
        ([reads(("20", 0.99)), signing_days(2025, 2, date(2025, 2, 18), date(2025, 2, 19))], None, "IMPOSSIBLE"),
        ([reads(("31", 0.6), ("21", 0.35)), days_until(2025, 1, date(2025, 1, 25))], None, "IMPOSSIBLE"),
        ([reads(("17", 0.99)), days_until(2025, 1, date(2024, 12, 31))], None, "IMPOSSIBLE"),
    ],
)
def test_all_agree_or_it_stays_open(witnesses: list[Witness], value: str | None, reason: str | None) -> None:
    said = agree(witnesses)
    assert (said.value, said.reason) == (value, reason)
    assert said.reason == agree(witnesses[::-1]).reason
    assert 0.0 <= said.confidence <= 1.0
    if value is not None:
        assert said.confidence >= SURE


def test_who_said_so_is_told() -> None:
    seen, signed = reads(("17", 0.85), ("11", 0.1)), signing_days(2025, 1, date(2025, 1, 17))
    assert agree([seen, signed]).sources == (Source.SLOT, Source.SIGNING)
    assert agree([reads(("17", 0.99)), JANUARY]).sources == (Source.SLOT,)
    assert agree([seen]) == Agreement(None, agree([seen]).confidence, "UNSURE")


def test_agreeing_witnesses_are_surer_than_each() -> None:
    one = reads(("17", 0.85))
    both = agree([one, reads(("17", 0.9), source=Source.REFERENCE)])
    assert both.confidence > 0.97
    assert agree([reads(("17", 0.98))]).confidence == pytest.approx(0.98)


def test_expectations_alone_weigh_what_is_read() -> None:
    torn = reads(("17", 0.6), ("11", 0.35))
    assert agree([torn, expects(("17", 12.0), ("11", 0.3))]).value == "17"
    assert agree([torn, expects(("17", 0.3), ("11", 12.0))]).reason == "WITNESSES_DISAGREE"


def test_days_before_a_signature() -> None:
    days = {one.value: one.confidence for one in signing_days(2024, 2, date(2024, 3, 2)).candidates}
    assert set(days) == {str(day) for day in range(1, 30)}  # a leap year
    assert days["29"] == LAGS[2]
    long_ago = {one.confidence for one in signing_days(2018, 3, date(2025, 2, 21)).candidates}
    assert long_ago == {1.0}  # signed by who scanned it
    assert signing_days(2025, 2, date(2025, 1, 31)).candidates == ()
    assert [one.value for one in days_until(2025, 1, date(2025, 1, 3)).candidates] == ["1", "2", "3"]
    assert len(days_until(2025, 1, date(2025, 6, 1)).candidates) == 31
