"""Right, open or wrong, and by which normalisation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.vietnamese import nfc, place_tones
from models.vietnamese.numbers import number_key

_SPACE = re.compile(r"\s+")
_EDGES = " .,;:“”\"'*-–—"


def plain(text: str) -> str:
    """NFC, one tone placement, small letters, one kind of dash and quote, single spaces, no signs at the ends; *UBND* in full."""
    text = " ".join(place_tones(word) for word in nfc(text).split()).lower()
    text = re.sub(r"[‐-―−]", "-", text)
    text = re.sub(r"[“”„«»]", '"', text)
    text = re.sub(r"\bubnd\b", "ủy ban nhân dân", text)
    return _SPACE.sub(" ", text).strip(_EDGES)


def same_issuer(found: str, truth: str) -> bool:
    """The issuing body; its superior's name before or after it is not held against the reading."""
    one, other = plain(found), plain(truth)
    return one == other or one.endswith(" " + other) or one.startswith(other + " ")


def same_number(found: str, truth: str) -> bool:
    """As printed, but for spaces and leading zeros of the serial."""
    return number_key(found) == number_key(truth)


def symbol(number: str) -> str:
    """The kind-and-agency part: ``/QĐ-UBND``."""
    _, slash, rest = nfc(number).partition("/")
    parts = rest.split("/")
    return slash + _SPACE.sub("", parts[-1]) if rest else ""


@dataclass(slots=True)
class Tally:
    """Of one question. ``open_``: nothing was said, a person is shown the place; ``notes``: what was wrong."""

    right: int = 0
    open_: int = 0
    wrong: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, ok: bool | None, note: str = "") -> None:
        """``None``: left open."""
        if ok is None:
            self.open_ += 1
        elif ok:
            self.right += 1
        else:
            self.wrong += 1
        if not ok and note:
            self.notes.append(note)

    @property
    def asked(self) -> int:
        return self.right + self.open_ + self.wrong

    @property
    def rate(self) -> float:
        return self.right / self.asked if self.asked else float("nan")

    def row(self) -> str:
        return f"{self.right} of {self.asked} ({100 * self.rate:.1f} %), {self.open_} open, {self.wrong} wrong"


def boundary_f1(found: Sequence[int], truth: Sequence[int]) -> tuple[int, int, int]:
    """(right, found, true) first pages of papers; page 1 is one of them in every stack and is not counted."""
    one, other = set(found) - {1}, set(truth) - {1}
    return len(one & other), len(one), len(other)
