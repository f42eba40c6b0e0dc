from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.catalog import Certainty, ValidityKind, ValidityRule
from models.rules.validity import Dates, Validity, add_months, validity


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2024, 1, 15), 6, date(2024, 7, 15)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2022, 8, 31), 6, date(2023, 2, 28)),
        (date(2024, 12, 31), 2, date(2025, 2, 28)),
        (date(2024, 11, 30), 1, date(2024, 12, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2019, 6, 15), 60, date(2024, 6, 15)),
    ],
)
def test_r26_months_end_on_the_same_day_or_the_last_of_the_month(day: date, months: int, end: date) -> None:
    assert add_months(day, months) == end


ISSUED, PRINTED = date(2024, 1, 15), date(2024, 5, 1)


def rule(kind: ValidityKind, **values: Any) -> ValidityRule:
    return ValidityRule(id="rule", kind=kind, source="test", certainty=Certainty.QUOTED, **values)


SIX = rule(ValidityKind.MONTHS, months=6)
NEVER = rule(ValidityKind.NONE)
PRINT = rule(ValidityKind.PRINTED)


@pytest.mark.parametrize(
    ("issued", "printed", "line", "expected"),
    [
        (ISSUED, None, SIX, Validity(date(2024, 7, 15), known=True, basis="rule")),
        (ISSUED, PRINTED, SIX, Validity(PRINTED, known=True, basis="printed")),
        (ISSUED, date(2030, 1, 1), SIX, Validity(date(2024, 7, 15), known=True, basis="rule")),
        (None, None, SIX, Validity(None, known=False, basis="rule")),  # never guessed from the day of the scan
        (None, PRINTED, SIX, Validity(PRINTED, known=True, basis="printed")),
        (ISSUED, None, NEVER, Validity(None, known=True, basis="rule")),
        (ISSUED, PRINTED, NEVER, Validity(PRINTED, known=True, basis="printed")),
        (ISSUED, PRINTED, PRINT, Validity(PRINTED, known=True, basis="printed")),
        (ISSUED, None, PRINT, Validity(None, known=False, basis="rule")),
        (ISSUED, None, rule(ValidityKind.CONTENT), Validity(None, known=False, basis="rule")),
        (ISSUED, None, rule(ValidityKind.PRINTED, months=12), Validity(date(2025, 1, 15), known=True, basis="rule")),
    ],
)
def test_r30_paper_rule_and_what_is_not_known(
    issued: date | None, printed: date | None, line: ValidityRule, expected: Validity
) -> None:
    assert validity(Dates(issued_on=issued, printed=printed), line) == expected


def test_r30_no_rule_gives_no_end_and_not_six_months() -> None:
    assert validity(Dates(issued_on=ISSUED), None) == Validity(None, known=True, basis="none")


LICENCE = rule(ValidityKind.BY_CLASS, classes={"A1": None, "B": 10, "C": 5})


@pytest.mark.parametrize(
    ("licence_class", "expected"),
    [
        ("A1", Validity(None, known=True, basis="rule")),
        ("b", Validity(date(2034, 1, 15), known=True, basis="rule")),
        ("C", Validity(date(2029, 1, 15), known=True, basis="rule")),
        ("Z", Validity(None, known=False, basis="rule")),
        (None, Validity(None, known=False, basis="rule")),
    ],
)
def test_r30_driving_licences_by_class(licence_class: str | None, expected: Validity) -> None:
    assert validity(Dates(issued_on=ISSUED, licence_class=licence_class), LICENCE) == expected


CARD = rule(ValidityKind.BY_AGE, ages=(14, 25, 40, 60), early_years=2)
BORN = date(2000, 5, 20)


@pytest.mark.parametrize(
    ("issued", "until"),
    [
        (date(2016, 1, 1), date(2025, 5, 20)),
        (date(2023, 5, 19), date(2025, 5, 20)),
        (date(2023, 5, 20), date(2040, 5, 20)),  # within two years before 25: good until 40
        (date(2059, 1, 1), None),  # after the last age there is no next
    ],
)
def test_r30_identity_cards_until_the_next_age(issued: date, until: date | None) -> None:
    assert validity(Dates(issued_on=issued, birth_date=BORN), CARD) == Validity(until, known=True, basis="rule")


def test_r30_an_age_without_a_birth_date_is_not_known() -> None:
    assert not validity(Dates(issued_on=ISSUED), CARD).known


def test_r30_a_kind_of_paper_that_was_abolished() -> None:
    gone = rule(ValidityKind.NONE, void_after=date(2022, 12, 31))
    assert validity(Dates(issued_on=date(2015, 1, 1)), gone) == Validity(date(2022, 12, 31), known=True, basis="rule")
