"""The two numbers of a land certificate (R19), which are never taken for one another: số phát hành (serial) and số vào sổ.

The serial is printed by the form's maker, without a label: one or two capitals and six digits, eight on newer forms (``AA 01234567``). Số
vào sổ is given by the office that keeps the book: ``CS 01234``, ``CH00123``, ``VP.00012``; it may hold dots of its own. Two capitals and six
digits that begin like a book's number are either: without a label such a number stays open. (From practice; no text of law was seen.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from models.vietnamese.folding import fold_in_place, nfc


class LandNumberKind(StrEnum):
    """Which of the two."""

    SERIAL = "serial"  # số phát hành, seri
    BOOK = "book"  # số vào sổ cấp giấy chứng nhận


@dataclass(frozen=True, slots=True)
class LandNumber:
    """``value``: ``AB 123456`` for a serial, a book's number as written without spaces; ``start``, ``end``: in the NFC text."""

    kind: LandNumberKind
    value: str
    start: int
    end: int


BOOK_PREFIXES = ("CS", "CH", "CT", "BC", "VP")
"""With which a số vào sổ begins."""

_SERIAL = r"(?P<letters>[A-ZĐ]{1,2})[ .]?(?P<digits>\d{8}|\d{6})(?![\d/])"
_FREE_SERIAL = re.compile(rf"(?<![\w/.-]){_SERIAL}(?!\w|-\w)")
_SERIAL_VALUE = re.compile(_SERIAL)
_BOOK = re.compile(r"[A-ZĐ]{0,4}[ .]{0,2}\d[\d.]*(?:[-/][A-ZĐ0-9]{1,6})?")
_BOOK_LABEL = re.compile(
    r"so\s+vao\s+so(?:\s+cap)?(?:\s+(?:gcn|giay\s+chung\s+nhan)(?:\s+qsd\s?d?|\s+quyen\s+su\s+dung\s+dat)?)?[ \t]*[:.]*[ \t]*"
)
_SERIAL_LABEL = re.compile(
    r"(?<!\w)(?:so\s+phat\s+hanh(?:\s+gcn)?|so\s+seri|seri|so\s+hieu\s+gcn)(?:\s+so)?[ \t]*[:.]*[ \t]*"
)
_NOTE = re.compile(
    r"(?m)^[ \t]{0,60}(?:\d+\.|[ivx]+\.)?[ \t]{0,9}ghi\s+chu[ \t]*:?|noi\s+dung\s+thay\s+doi|thay\s+the\s+(?:cho\s+)?(?:gcn|giay\s+chung\s+nhan)"
)
_NEXT_ITEM = re.compile(r"(?m)^[ \t]*(?:(?:\d+|[ivx]+)\.[ \t]|so\s+vao\s+so)")
_EMPTY = re.compile(r"^[\s(]*-\s*/\s*-[\s).;]*$")


def is_empty_mark(text: str) -> bool:
    """``-/-``: how a certificate says that there is nothing to say."""
    return bool(_EMPTY.match(text))


def find_land_numbers(text: str) -> list[LandNumber]:
    """Serials and book numbers in the text, in order, without those of *Ghi chú*: there the old certificate's stand.

    A labelled number is of its label's kind. A free one is a serial if it can be no book number; else it is left out.
    """
    text = nfc(text)
    bare = fold_in_place(text)
    notes = _notes(bare)
    found: list[LandNumber] = []
    for label in _BOOK_LABEL.finditer(bare):
        match = _BOOK.match(text, label.end())
        if match and not _within(label.start(), notes):
            value = re.sub(r"\s+", "", match[0]).rstrip(".")
            found.append(LandNumber(LandNumberKind.BOOK, value, match.start(), match.end()))
    for label in _SERIAL_LABEL.finditer(bare):
        match = _SERIAL_VALUE.match(text, label.end())
        if match and not _within(label.start(), notes):
            found.append(_serial(match))
    taken = [(one.start, one.end) for one in found]
    for match in _FREE_SERIAL.finditer(text):
        free = not _within(match.start(), notes) and not any(a < match.end() and match.start() < b for a, b in taken)
        if free and match["letters"] not in BOOK_PREFIXES and len(match["letters"]) == 2:
            found.append(_serial(match))
    return sorted(found, key=lambda one: one.start)


def _serial(match: re.Match[str]) -> LandNumber:
    return LandNumber(LandNumberKind.SERIAL, f"{match['letters']} {match['digits']}", match.start(), match.end())


def _notes(bare: str) -> list[tuple[int, int]]:
    """(begin, end) of the parts that tell of other certificates."""
    spans = []
    for match in _NOTE.finditer(bare):
        following = _NEXT_ITEM.search(bare, match.end())
        spans.append((match.start(), following.start() if following else len(bare)))
    return spans


def _within(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)
