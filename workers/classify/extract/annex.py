"""An annex names the act it belongs to under its title: ``(Kèm theo Quyết định số 371/QĐ-UBND ngày 18/02/2025 của Chủ tịch UBND tỉnh …)``."""

from __future__ import annotations

import re

from models.vietnamese.dates import find_dates
from models.vietnamese.document_numbers import find_numbers
from models.vietnamese.folding import fold_in_place, nfc, place_tones
from workers.classify.extract.field import Field, Reason, read_field
from workers.classify.extract.issuers import without_head
from workers.classify.head import Head
from workers.classify.pieces import words_between
from workers.page import Word

_NOTE = re.compile(r"(?:ban hanh )?kem theo\b[^()]*")
_BODY = re.compile(r"\bcua\s+(?P<body>[^()\d]{4,90}?)\s*\)?\s*$")


def annex_fields(head: Head, page: int) -> dict[str, Field]:
    """``number``, ``issued_on`` and ``issuer`` of the act, as its annex names them; blank ones say so."""
    lines = sorted((*head.title, *head.summary, *head.stamps), key=lambda piece: piece.middle)
    words = tuple(word for piece in lines for word in piece.words)
    text = nfc(" ".join(word.text for word in words))
    note = _NOTE.search(fold_in_place(text))
    if note is None:
        return {name: Field(None, page=page, reason=Reason.NOT_FOUND) for name in ("number", "issued_on", "issuer")}
    spoken = words_between(words, *note.span())
    said = " ".join(word.text for word in spoken)
    return {
        "number": _number(said, spoken, page),
        "issued_on": _date(said, spoken, page),
        "issuer": _body(said, spoken, page),
    }


def _number(text: str, words: tuple[Word, ...], page: int) -> Field:
    found = next(iter(find_numbers(text)), None)
    if found is None:
        return read_field(None, words, page, reason=Reason.NOT_FOUND)
    number, spoken = found.number, words_between(words, found.start, found.end)
    tail = number.text[len(number.serial) :] if number.serial else number.text
    more = {"symbol": tail} if tail else {}
    if number.serial is None:
        return read_field(None, spoken, page, reason=Reason.EMPTY if number.blank else Reason.UNREADABLE, more=more)
    return read_field(number.text, spoken, page, more=more)


def _date(text: str, words: tuple[Word, ...], page: int) -> Field:
    found = next(iter(find_dates(text)), None)
    if found is None:
        return read_field(None, words, page, reason=Reason.EMPTY)
    spoken = words_between(words, found.start, found.end)
    if found.date is None:
        known = f"{found.year}-{found.month:02d}" if found.year and found.month else str(found.year or "")
        return read_field(None, spoken, page, reason=Reason.PARTIAL, more={"known": known} if known else {})
    return read_field(found.date.isoformat(), spoken, page)


def _body(text: str, words: tuple[Word, ...], page: int) -> Field:
    match = _BODY.search(fold_in_place(text))
    if match is None:
        return read_field(None, words, page, reason=Reason.NOT_FOUND)
    start, end = match.span("body")
    return read_field(
        without_head(place_tones(text[start:end].strip(" .,;)"))), words_between(words, start, end), page, rule=0.93
    )
