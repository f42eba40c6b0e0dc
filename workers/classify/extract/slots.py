"""What stands in the slots of a paper's head: as witnesses settled it, or as the page's own readers did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workers.classify.extract.evidence import Evidence
from workers.page import Box, Holds, PageOutcome, SlotKind


@dataclass(frozen=True, slots=True)
class SlotValue:
    """``value`` where it is sure. ``may_be_read``: print of which the page's line is a witness still, if a doubtful one."""

    page: int
    box: Box
    value: str | None
    confidence: float
    reason: str | None
    may_be_read: bool


def slot_values(page: PageOutcome, evidence: Evidence) -> Mapping[SlotKind, SlotValue]:
    """The slots of a page, by kind."""
    settled = evidence.settled or {}
    values: dict[SlotKind, SlotValue] = {}
    for slot in page.slots:
        told = settled.get(slot.kind)
        if told is not None and told.page == page.number:
            value, sure, reason = told.agreement.value, told.agreement.confidence, told.agreement.reason
        else:
            value, sure, reason = slot.value, slot.confidence or 0.0, slot.reason
        printed = slot.holds is Holds.PRINTED
        values.setdefault(slot.kind, SlotValue(page.number, slot.box, value, sure, reason, printed))
    return values


def first_page_of(pages: Sequence[PageOutcome]) -> PageOutcome | None:
    """The first page that has text."""
    return next((page for page in pages if page.lines), None)
