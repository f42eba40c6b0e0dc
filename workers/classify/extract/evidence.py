"""What is known beside the pages: codes read off them, digital signatures, the day of the scan, slots that witnesses settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from workers.page import Box, Slot, SlotKind


class Agreed(Protocol):
    """What witnesses of a slot said together: a value, or why there is none."""

    @property
    def value(self) -> str | None: ...
    @property
    def confidence(self) -> float: ...
    @property
    def reason(self) -> str | None: ...


class SettledSlot(Protocol):
    """A slot after its witnesses were heard; ``page``: its page's number."""

    @property
    def page(self) -> int: ...
    @property
    def slot(self) -> Slot: ...
    @property
    def agreement(self) -> Agreed: ...


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code or barcode: ``page`` number, ``text``, ``box`` in page space. Its text may be personal: it is not in ``repr``."""

    page: int
    text: str = field(repr=False)
    box: Box


@dataclass(frozen=True, slots=True)
class Evidence:
    """``scanned``: the day of the scan at +07:00. ``signed``: days of the file's sound digital signatures. ``settled``: slots that witnesses
    settled; without it the slots' own values stand.
    """

    scanned: date | None = None
    signed: Sequence[date] = ()
    codes: Sequence[Code] = ()
    settled: Mapping[SlotKind, SettledSlot] | None = None
