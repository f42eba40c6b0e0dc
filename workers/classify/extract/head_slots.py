"""Number, day, month and year of an act's head: the page's slots, and what the rest of the paper says of them.

Looked for on the paper's pages: its slots (``workers.ocr.slots``), the notes that digital signatures leave (``Thời gian ký: 17/01/2025 17:06:30``), an
incoming-mail stamp, and the line with which an annex names its act (``Kèm theo Quyết định số 47/QĐ-UBND ngày 17/01/2025 của …``). A file's name is
no witness.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.vietnamese.folding import fold, fold_in_place, nfc
from workers.classify.extract.witnesses import (
    Agreement,
    Source,
    Witness,
    agree,
    days_until,
    signing_days,
)
from workers.classify.pieces import words_between
from workers.page import Candidate, Holds, PageOutcome, Slot, SlotKind, Word

CLEAR = 0.9
"""Confidence of words below which they are no evidence."""
_SIGNED = re.compile(r"(?<!\d)(\d{1,2})[./](\d{1,2})[./](\d{4})\s+\d{1,2}:\d{2}")
_ARRIVED = re.compile(
    r"\bĐẾN\b.{0,30}?\bN[Gg][AÀaà][Yy]\s?[:.]\s?(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4})(?!\d)"
)
"""As stamps have it: capitals and a colon. Bodies of papers speak of days *đến ngày* as well."""
_ANNEXED = re.compile(
    r"\(\s?(?:ban hanh )?kem theo [^()]{0,60}?\bso\W{0,3}(?P<number>\d{1,5})\s?/\s?(?P<code>[a-z][a-z-]*)\s+ngay\s+(?P<day>\d{1,2})\s?(?:/|thang)\s?(?P<month>\d{1,2})\s?(?:/|nam)\s?(?P<year>\d{4})(?!\d)"
)
_CODE = re.compile(r"^so\W{0,3}\d{0,5}\s?/\s?([a-z][a-z-]*)")


@dataclass(frozen=True, slots=True)
class HeadValue:
    """``slot``: where it stands, ``page`` (its number) and what was agreed on."""

    page: int
    slot: Slot
    agreement: Agreement


def head_values(
    pages: Sequence[PageOutcome], *, signed: Sequence[date] = (), scanned: date | None = None
) -> Mapping[SlotKind, HeadValue]:
    """The slots of the first of ``pages`` (one paper's) that has any, each settled or open with its reason.

    ``signed``: dates of the file's digital signatures; ``scanned``: when the paper came in or was scanned, if known.
    """
    first = next((page for page in pages if page.slots), None)
    if first is None:
        return {}
    texts = [_Text.of(page) for page in pages]
    annexes = [text for page, text in zip(pages, texts, strict=True) if page is not first]
    slots = {slot.kind: slot for slot in first.slots}
    settled: dict[SlotKind, Agreement] = {
        kind: agree([_read(slots[kind])]) for kind in (SlotKind.MONTH, SlotKind.YEAR) if kind in slots
    }
    annexed = _annexed(annexes, _code(first))
    if SlotKind.NUMBER in slots:
        settled[SlotKind.NUMBER] = agree([_read(slots[SlotKind.NUMBER]), *_numbers(annexed, slots[SlotKind.NUMBER])])
    if SlotKind.DAY in slots:
        month, year = (_number(settled.get(kind)) for kind in (SlotKind.MONTH, SlotKind.YEAR))
        witnesses = [_plain(_read(slots[SlotKind.DAY]))]
        if month and year:
            known = [*signed, *(day for text in texts for day in text.dates(_SIGNED))]
            arrived = [*_arrivals(pages), *([scanned] if scanned else [])]
            witnesses += _days(annexed, month, year)
            witnesses.append(days_until(year, month, min(arrived, default=None)))
            printed = slots[SlotKind.DAY].holds is Holds.PRINTED
            witnesses += [signing_days(year, month, min(known), max(known) if printed else None)] if known else []
        settled[SlotKind.DAY] = _as_written(agree(witnesses), slots[SlotKind.DAY])
    return {
        kind: HeadValue(first.number, slots[kind], _explained(agreement, slots[kind]))
        for kind, agreement in settled.items()
    }


def _arrivals(pages: Sequence[PageOutcome]) -> Iterator[date]:
    for page in pages:
        yield from _Text.of(page, nfc).dates(_ARRIVED)


def _read(slot: Slot) -> Witness:
    if slot.holds is Holds.PRINTED and slot.value is not None:
        # Two readers that have nothing in common agreed on it; the less sure one's confidence is the slot's.
        return Witness(Source.SLOT, (Candidate(slot.value, 1 - (1 - (slot.confidence or 0.0)) * (1 - CLEAR)),))
    # What may be print or a pen's is not settled by a net that learned pens' digits.
    return Witness(Source.SLOT, slot.candidates if slot.holds is Holds.PEN else ())


def _plain(witness: Witness) -> Witness:
    """Days without a leading zero, the same day once."""
    chances: dict[str, float] = {}
    for one in witness.candidates:
        day = one.value.lstrip("0")
        chances[day] = min(1.0, chances.get(day, 0.0) + one.confidence)
    ranked = sorted(chances.items(), key=lambda item: -item[1])
    return replace(witness, candidates=tuple(Candidate(day, chance) for day, chance in ranked))


def _as_written(agreement: Agreement, slot: Slot) -> Agreement:
    """The day as the slot has it: ``04``."""
    if agreement.value is None:
        return agreement
    said = [slot.value or "", *(one.value for one in slot.candidates)]
    return replace(agreement, value=next(text for text in said if text.lstrip("0") == agreement.value))


def _explained(agreement: Agreement, slot: Slot) -> Agreement:
    """A slot that nobody read keeps the reason that the page gave."""
    unread = agreement.reason == "UNREAD" and slot.reason
    return replace(agreement, reason=slot.reason) if unread else agreement


def _number(agreement: Agreement | None) -> int | None:
    return int(agreement.value) if agreement and agreement.value else None


@dataclass(frozen=True, slots=True)
class _Named:
    """An act as an annex names it."""

    number: int
    code: str
    day: date


def _annexed(texts: Sequence[_Text], code: str | None) -> list[_Named]:
    """How annexes name the act of that ``code`` (folded, ``qd-ubnd``); without one, nothing can be told to be about it."""
    found = (
        _Named(int(match["number"]), match["code"], day)
        for text in texts
        for match in text.clear(_ANNEXED)
        if (day := _date(match["year"], match["month"], match["day"]))
    )
    return [one for one in found if one.code == code]


def _code(page: PageOutcome) -> str | None:
    matches = (_CODE.match(fold(line.text)) for line in page.lines)
    return next((match[1] for match in matches if match), None)


def _numbers(annexed: Sequence[_Named], slot: Slot) -> Iterator[Witness]:
    """With the slot's own leading zeros."""
    for one in annexed:
        written = (text for text in (slot.value or "", *(c.value for c in slot.candidates)) if text.isdecimal())
        value = next((text for text in written if int(text) == one.number), str(one.number))
        yield Witness(Source.REFERENCE, (Candidate(value, CLEAR),))


def _days(annexed: Sequence[_Named], month: int, year: int) -> Iterator[Witness]:
    for one in annexed:
        if (one.day.month, one.day.year) == (month, year):
            yield Witness(Source.REFERENCE, (Candidate(str(one.day.day), CLEAR),))


@dataclass(frozen=True, slots=True)
class _Text:
    """A page's words as one text; spelt in another way, each letter keeps its place."""

    text: str
    words: tuple[Word, ...]

    @staticmethod
    def of(page: PageOutcome, spelt: Callable[[str], str] = fold_in_place) -> _Text:
        return _Text(spelt(" ".join(word.text for word in page.words)), page.words)

    def clear(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Where all words with a digit are read surely."""
        for match in pattern.finditer(self.text):
            inside = words_between(self.words, *match.span())
            if all(word.confidence >= CLEAR for word in inside if any(map(str.isdigit, word.text))):
                yield match

    def dates(self, pattern: re.Pattern[str]) -> Iterator[date]:
        for match in self.clear(pattern):
            if found := _date(match[3], match[2], match[1]):
                yield found


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
