from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models.catalog import default_catalog
from models.entities import SignatureState
from models.rules.reuse import StoredFacts, why_not
from models.rules.validity import Dates, validity

TODAY = date(2024, 7, 15)
GOOD = StoredFacts(
    signature=SignatureState.NOT_REQUIRED,
    coded=True,
    verified=True,
    stored=True,
    from_applicant=False,
    until=None,
    until_known=True,
    ended_on=None,
    cancelled_on=None,
    replaced=False,
    scope="",
)


def codes(facts: StoredFacts, today: date = TODAY, purpose: str | None = None) -> list[str]:
    return [reason.code for reason in why_not(facts, today, purpose)]


def test_r26_all_in_order_is_reusable() -> None:
    assert why_not(GOOD, TODAY) == ()
    assert why_not(replace(GOOD, signature=SignatureState.VALID), TODAY) == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"signature": SignatureState.MISSING}, "NOT_SIGNED"),
        ({"signature": SignatureState.INVALID}, "NOT_SIGNED"),
        ({"coded": False}, "NOT_CODED"),
        ({"verified": False}, "NOT_VERIFIED"),
        ({"stored": False}, "NOT_STORED"),
        ({"from_applicant": True}, "NOT_A_RESULT"),
        ({"until": date(2024, 7, 14)}, "EXPIRED"),
        ({"until_known": False}, "EXPIRY_UNKNOWN"),
        ({"ended_on": TODAY}, "STATUS_CHANGED"),
        ({"cancelled_on": date(2024, 1, 1)}, "CANCELLED"),
        ({"replaced": True}, "REPLACED"),
    ],
)
def test_r26_each_thing_amiss_is_its_own_reason(change: dict[str, Any], code: str) -> None:
    reasons = why_not(replace(GOOD, **change), TODAY)
    assert [reason.code for reason in reasons] == [code]
    assert reasons[0].vi
    assert reasons[0].en


def test_r26_every_reason_is_told() -> None:
    facts = replace(GOOD, signature=SignatureState.MISSING, coded=False, until=date(2024, 1, 1), cancelled_on=TODAY)
    assert codes(facts) == ["NOT_SIGNED", "NOT_CODED", "CANCELLED", "EXPIRED"]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2024, 1, 15), []),
        (date(2024, 7, 15), []),  # the last day still holds
        (date(2024, 7, 16), ["EXPIRED"]),
    ],
)
def test_r26_marital_status_of_15_01_2024(today: date, expected: list[str]) -> None:
    rule = default_catalog().validity_rule("giay_xac_nhan_tinh_trang_hon_nhan", date(2024, 1, 15))
    until = validity(Dates(issued_on=date(2024, 1, 15)), rule).until
    assert codes(replace(GOOD, until=until), today) == expected


def test_r26_a_marriage_ends_the_marital_status_before_its_six_months() -> None:
    facts = replace(GOOD, until=date(2024, 7, 15), ended_on=date(2024, 3, 2))
    assert codes(facts, date(2024, 3, 1)) == []
    assert codes(facts, date(2024, 3, 2)) == ["STATUS_CHANGED"]


@pytest.mark.parametrize(
    ("scope", "purpose", "fits"),
    [
        ("để đăng ký kết hôn", "kết hôn", True),
        ("Để đăng ký kết hôn", "ĐĂNG KÝ KẾT HÔN", True),
        ("để đăng ký kết hôn", "mua bán nhà đất", False),
        ("để đăng ký kết hôn", None, True),
        ("", "mua bán nhà đất", True),
    ],
)
def test_r26_purpose_and_scope(scope: str, purpose: str | None, fits: bool) -> None:
    assert codes(replace(GOOD, scope=scope), purpose=purpose) == ([] if fits else ["PURPOSE_DIFFERS"])
