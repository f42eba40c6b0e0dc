"""What a field may be instead of what stands there: one key away from the reviewer, never chosen for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import product
from typing import Any, Final

from models.entities import Holder
from models.fields import is_day
from models.page_record import Box, OpenPlace, Word
from models.vietnamese import fold, nfc

UNSURE: Final = 0.8
"""Below this confidence a word is shown as doubtful."""
MOST: Final = 4
_BRANCHES: Final = 3  # of each part of a day
_RUN: Final = re.compile(r"\w+")
_SERIAL: Final = re.compile(r"\d+")


class Ground(StrEnum):
    """Where an alternative comes from."""

    PEN = "pen"  # what a pen's digits may be
    READ = "read"  # as it was read, before the paper itself put it right
    DOSSIER = "dossier"  # what the dossier says of its holder
    EARLIER = "earlier"  # what stood here before a correction


@dataclass(frozen=True, slots=True)
class Offer:
    """``value`` as the field keeps it (an ISO day)."""

    value: str
    ground: Ground


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a value; ``doubtful``: a word of it was not read for sure."""

    text: str
    doubtful: bool


def offers(
    name: str,
    field: Mapping[str, Any],
    *,
    slots: Sequence[OpenPlace],
    holder: Holder | None,
    earlier: Sequence[str] = (),
) -> tuple[Offer, ...]:
    """At most ``MOST``, each another value than the one that stands there. ``slots``: of the field's page."""
    box = box_of(field)
    here = [slot for slot in slots if box is not None and _meet(slot.box, box)]
    found = [
        *(Offer(value, Ground.PEN) for value in (_days(field, here) if is_day(name) else _numbers(name, field, here))),
        *(Offer(value, Ground.READ) for value in _as_read(field)),
        *(Offer(value, Ground.DOSSIER) for value in _of_holder(name, holder)),
        *(Offer(value, Ground.EARLIER) for value in earlier),
    ]
    seen = {nfc(str(field.get("value") or "")), ""}
    kept = []
    for one in found:
        if one.value not in seen:
            seen.add(one.value)
            kept.append(one)
    return tuple(kept[:MOST])


def doubtful_words(words: Iterable[Word], box: Box | None = None) -> list[Word]:
    """Words that were not read for sure; with ``box`` those whose middle lies in it."""
    return [
        word
        for word in words
        if word.confidence < UNSURE and word.text.strip() and (box is None or _inside(word.box, box))
    ]


def pieces(value: str, doubtful: Sequence[Word]) -> tuple[Piece, ...]:
    """``value`` cut where doubt begins and ends; joined they are the value."""
    unsure = {fold(run) for word in doubtful for run in _RUN.findall(word.text)}
    cut: list[Piece] = []
    at = 0
    for match in _RUN.finditer(value):
        if fold(match[0]) in unsure:
            cut += [Piece(value[at : match.start()], False), Piece(match[0], True)]
            at = match.end()
    return tuple(piece for piece in [*cut, Piece(value[at:], False)] if piece.text)


def box_of(field: Mapping[str, Any]) -> Box | None:
    """Where the field stands on its page, if that is known."""
    box = field.get("box")
    if not isinstance(box, list | tuple) or len(box) != 4:
        return None
    x0, y0, x1, y1 = (round(float(side)) for side in box)
    return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None


def _numbers(name: str, field: Mapping[str, Any], slots: Sequence[OpenPlace]) -> Iterable[str]:
    """The likeliest serials before what is printed behind them."""
    if name != "number":
        return
    value, symbol = str(field.get("value") or ""), str(field.get("symbol") or "")
    for slot in slots:
        if slot.kind != "number":
            continue
        for serial, _ in slot.candidates:
            if value and _SERIAL.match(value):
                yield _SERIAL.sub(serial, value, count=1)
            elif symbol:
                yield serial + symbol


def _days(field: Mapping[str, Any], slots: Sequence[OpenPlace]) -> Iterable[str]:
    """Days that exist, of the likeliest parts first; a part whose slot is settled is as it is."""
    if not any(slot.candidates for slot in slots):
        return
    known = str(field.get("value") or field.get("known") or "").split("-")
    parts: dict[str, list[tuple[str, float]]] = {
        kind: [(text, 1.0)] for kind, text in zip(("year", "month", "day"), known, strict=False) if text
    }
    for slot in slots:
        if slot.candidates and not slot.value:
            parts[slot.kind] = list(slot.candidates[:_BRANCHES])
        elif slot.value and slot.kind not in parts:
            parts[slot.kind] = [(slot.value, 1.0)]
    if not {"year", "month", "day"} <= set(parts):
        return
    ranked = sorted(
        product(parts["year"], parts["month"], parts["day"]),
        key=lambda chosen: -chosen[0][1] * chosen[1][1] * chosen[2][1],
    )
    for (year, _), (month, _), (day, _) in ranked:
        try:
            yield date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            continue


def _as_read(field: Mapping[str, Any]) -> Iterable[str]:
    raw = " ".join(str(field.get("raw") or "").split())
    if field.get("doubt") == "MENDED" and raw and ":" not in raw:  # with a label before it it is no value
        yield nfc(raw)


def _of_holder(name: str, holder: Holder | None) -> Iterable[str]:
    if holder is None:
        return
    if name == "holder_id" and holder.id_number:
        yield holder.id_number
    if name == "holder_name" and holder.name:
        yield nfc(holder.name)
    if name == "holder_birth_date" and holder.birth_date:
        yield holder.birth_date.isoformat()


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _inside(inner: Box, outer: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]
