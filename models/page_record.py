r"""How a page's reading lies in the store (``Page.words_key``), for those who write it and those who only show its words.

``digitize-page/1\n``, the length of the JSON (8 bytes, big endian), the JSON, then binary parts (``workers.outcome_codec`` knows them).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

MAGIC: Final = b"digitize-page/1\n"
LENGTH: Final = struct.Struct(">Q")
HEAD: Final = len(MAGIC) + LENGTH.size
_MOST: Final = 64 * 1024 * 1024  # no page has so many words; a longer one is damage

Box = tuple[int, int, int, int]
Read = Callable[[int, int], bytes]  # (start, length) of the object


class UnknownFormat(ValueError):
    """Not the bytes of a page outcome, cut short, or written by another version."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as read. ``box``: x0, y0, x1, y1 in page space. ``confidence`` 0..1."""

    text: str
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A slot of the head (``number``, ``day``, ``month``, ``year``), its value where witnesses agreed, and what a pen may have written."""

    kind: str
    box: Box
    value: str | None
    candidates: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class PageWords:
    """What is shown of a page's reading: its lines in reading order, each of its words."""

    lines: tuple[tuple[Word, ...], ...] = ()
    slots: tuple[OpenPlace, ...] = ()

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for line in self.lines for word in line)


def facts_at(head: bytes) -> int:
    """The length of the JSON, from the first ``HEAD`` bytes. ``UnknownFormat``."""
    if not head.startswith(MAGIC):
        raise UnknownFormat(f"begins with {head[:16]!r}")
    if len(head) < HEAD:
        raise UnknownFormat("cut short")
    (length,) = LENGTH.unpack(head[len(MAGIC) : HEAD])
    if length > _MOST:
        raise UnknownFormat(f"{length} bytes of facts")
    return int(length)


def page_words(read: Read) -> PageWords:
    """The words and slots, of the object that ``read`` reads; its pictures are not touched. ``UnknownFormat``."""
    length = facts_at(read(0, HEAD))
    try:
        facts: dict[str, Any] = json.loads(read(HEAD, length))
        lines = tuple(
            tuple(Word(text, (x0, y0, x1, y1), confidence) for text, x0, y0, x1, y1, confidence in line)
            for _, line, *_ in facts["lines"]
        )
        slots = [
            OpenPlace(
                kind, (x0, y0, x1, y1), value, tuple((text, chance) for text, chance in (later[0] if later else ()))
            )
            for kind, (x0, y0, x1, y1), _, value, _, _, *later in facts.get("slots", ())
        ]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise UnknownFormat(f"not a page outcome: {error}") from error
    return PageWords(lines, tuple(slots))
