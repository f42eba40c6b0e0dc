"""A field of a paper: what was read, how sure that is, and where it stands (TT 01/2023/TT-VPCP Điều 9; R11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import prod
from typing import Any

from workers.page import Box, Word, hull


class Source(StrEnum):
    """Who says it. What a person types is ``manual``, elsewhere."""

    OCR = "ocr"
    QR = "qr"
    MRZ = "mrz"
    SIGNATURE = "signature"


class Reason(StrEnum):
    """Why a field has no value. The reasons of a slot (``EMPTY``, ``HANDWRITING``, ``WITNESSES_DISAGREE`` …) are told as the slot has them."""

    NOT_FOUND = "NOT_FOUND"  # nothing on the paper looks like it
    EMPTY = "EMPTY"  # its place is there, and nothing stands in it
    HANDWRITING = "HANDWRITING"  # a pen wrote it
    UNREADABLE = "UNREADABLE"  # something stands there that is no such value
    IMPOSSIBLE = "IMPOSSIBLE"  # a day that no calendar has
    PARTIAL = "PARTIAL"  # a date without its day or month
    LUNAR = "LUNAR"


class Doubt(StrEnum):
    """Why a value is to be looked at by a person."""

    UNSURE = "UNSURE"  # the reader was not sure of some word
    MENDED = "MENDED"  # a slip of the reader was put right by another part of the paper
    NOT_A_NAME = "NOT_A_NAME"
    NO_PLACE = "NO_PLACE"  # an issuer without the place it is of
    PLACE_ELSEWHERE = "PLACE_ELSEWHERE"  # the place it is of stands elsewhere on the paper
    ISSUED_AFTER_SCAN = "ISSUED_AFTER_SCAN"
    SIGNED_BEFORE_ISSUE = "SIGNED_BEFORE_ISSUE"
    EXPIRES_BEFORE_ISSUE = "EXPIRES_BEFORE_ISSUE"
    ID_YEAR_DIFFERS = "ID_YEAR_DIFFERS"  # R13
    ID_SEX_DIFFERS = "ID_SEX_DIFFERS"
    ID_FORM = "ID_FORM"  # no twelve, nine digits, nor a passport's number
    CHECK_DIGIT = "CHECK_DIGIT"  # R14
    WORDS_DIFFER = "WORDS_DIFFER"  # digits and words say different things (R19)
    WITNESSES_DIFFER = "WITNESSES_DIFFER"  # print, MRZ and QR code don't agree


UNSURE_BELOW = 0.6
"""Confidence of a value under which it is to be looked at."""


@dataclass(frozen=True, slots=True)
class Field:
    """``value``: normalised; ``None`` with a ``reason`` where nothing sure was read. ``raw``: the words as read.

    ``page``: number of the scan's page; ``box`` in its page space, around the words (or the slot, when that is open). ``confidence`` 0..1: how
    often such a value is right. ``doubt``: why a person should look at it. ``more``: what else is known: ``symbol`` of a number whose serial is
    open, ``known`` parts of a date, ``authority`` and ``position`` of a signer, ``superior`` of an issuer.
    """

    value: str | None
    confidence: float = 0.0
    page: int | None = None
    box: Box | None = None
    source: Source = Source.OCR
    raw: str = ""
    doubt: str | None = None
    reason: str | None = None
    more: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "confidence": round(self.confidence, 3),
            "page": self.page,
            "box": list(self.box) if self.box else None,
            "source": self.source.value,
            "raw": self.raw,
            "doubt": self.doubt,
            "reason": self.reason,
            **self.more,
        }


def confidence_of(words: Iterable[Word], rule: float = 1.0) -> float:
    """That all of the words are right, and the rule that chose them (``rule``: how often it is).

    Slips on one line share their causes: the least sure word says most, the others little.
    """
    sure = sorted(word.confidence for word in words)
    if not sure:
        return 0.0
    return rule * sure[0] * prod(sure[1:]) ** 0.25


def read_field(
    value: str | None, words: Sequence[Word], page: int, *, rule: float = 0.97, doubt: str | None = None,
    reason: str | None = None, more: Mapping[str, str] | None = None, raw: str | None = None,
) -> Field:  # fmt: skip
    """A field from words of a page; under :data:`UNSURE_BELOW` it is in doubt."""
    sure = confidence_of(words, rule) if value is not None else 0.0
    if value is not None and doubt is None and sure < UNSURE_BELOW:
        doubt = Doubt.UNSURE
    return Field(
        value,
        sure if doubt is None else min(sure, UNSURE_BELOW),
        page,
        hull([word.box for word in words]) if words else None,
        raw=" ".join(word.text for word in words) if raw is None else raw,
        doubt=str(doubt) if doubt else None,
        reason=str(reason) if reason and value is None else None,
        more=more or {},
    )
