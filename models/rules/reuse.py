"""Whether a stored result may be used again, and every reason why not (R26; NĐ 107/2021/NĐ-CP Điều 21a, NĐ 45/2020/NĐ-CP Điều 15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.entities import SignatureState
from models.rules.reasons import Reason
from models.vietnamese import fold


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """What is known of a result. Days are calendar days at +07:00.

    ``until``: last day that it holds (``None``: no end), ``until_known``: whether that is certain; ``ended_on``: the day its
    state changed (a marriage ends the marital status that was certified); ``scope``: what it was issued for, if only for that.
    """

    signature: SignatureState
    coded: bool
    verified: bool
    stored: bool
    from_applicant: bool
    until: date | None
    until_known: bool
    ended_on: date | None
    cancelled_on: date | None
    replaced: bool
    scope: str


WITHOUT_EFFECT = frozenset({"CANCELLED", "REPLACED", "EXPIRY_UNKNOWN", "EXPIRED", "STATUS_CHANGED"})
"""Reasons by which a paper does not hold, or nobody can tell; the others say that it is not ready or meant for something else."""


def why_not(facts: StoredFacts, today: date, purpose: str | None = None) -> tuple[Reason, ...]:
    """Every reason; empty: ``reusable``.

    ``purpose``: what it is wanted for; ``None`` asks for none, and is not held against a paper that was issued for one.
    """
    return (*_not_ready(facts), *_without_effect(facts, today), *_elsewhere(facts, purpose))


def _not_ready(facts: StoredFacts) -> Iterator[Reason]:
    """It has not gone all the way (TT 01/2023 Điều 8-11)."""
    if facts.from_applicant:
        yield Reason("NOT_A_RESULT", "Đơn, tờ khai không phải kết quả.", "An application is not a result.")
    if facts.signature not in {SignatureState.VALID, SignatureState.NOT_REQUIRED}:
        yield Reason("NOT_SIGNED", "Chưa có chữ ký số hợp lệ.", "There is no valid digital signature.")
    if not facts.verified:
        yield Reason("NOT_VERIFIED", "Chưa được kiểm tra.", "Nobody has verified it.")
    if not facts.coded:
        yield Reason("NOT_CODED", "Chưa có mã kết quả số hóa.", "It has no code.")
    if not facts.stored:
        yield Reason("NOT_STORED", "Chưa lưu kho.", "It is not stored yet.")


def _without_effect(facts: StoredFacts, today: date) -> Iterator[Reason]:
    """It no longer holds, or nobody can tell."""
    if facts.cancelled_on is not None:
        yield Reason("CANCELLED", "Đã bị hủy, thu hồi.", "It was cancelled.", since=facts.cancelled_on)
    if facts.replaced:
        yield Reason("REPLACED", "Đã có bản thay thế.", "Another one replaces it.", since=facts.cancelled_on)
    if not facts.until_known:
        yield Reason(
            "EXPIRY_UNKNOWN", "Chưa rõ thời hạn: thiếu ngày cấp.", "How long it holds is unknown: no day of issue."
        )
    elif facts.until is not None and today > facts.until:
        first = facts.until + timedelta(days=1)
        yield Reason(
            "EXPIRED", f"Chỉ có hiệu lực đến {facts.until:%d/%m/%Y}.", f"It held until {facts.until}.", since=first
        )
    if facts.ended_on is not None and today >= facts.ended_on:
        vi = f"Tình trạng đã thay đổi ngày {facts.ended_on:%d/%m/%Y}."
        yield Reason("STATUS_CHANGED", vi, f"What it certifies changed on {facts.ended_on}.", since=facts.ended_on)


def _elsewhere(facts: StoredFacts, purpose: str | None) -> Iterator[Reason]:
    if purpose and facts.scope and not _fits(purpose, facts.scope):
        yield Reason("PURPOSE_DIFFERS", f"Chỉ dùng cho: {facts.scope}.", f"It was issued for: {facts.scope}.")


def _fits(purpose: str, scope: str) -> bool:
    """Either names the other, marks and case aside: *kết hôn* fits *để đăng ký kết hôn*."""
    wanted, given = " ".join(fold(purpose).split()), " ".join(fold(scope).split())
    return wanted in given or given in wanted
