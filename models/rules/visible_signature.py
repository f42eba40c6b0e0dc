"""Where the visible part of a digital signature stands on a paper's first page, and what it says (R10).

TT 01/2023/TT-VPCP Điều 8 puts the officer's in the upper left corner, NĐ 30/2020/NĐ-CP Phụ lục I (ô số 14) the agency's
on an electronic copy in the upper right one; papers issued by the system carry their QR code upper left (RULES 8.1), and
land certificates theirs upper right. So the corner is where the search begins, and what is printed is never covered.
Nothing here signs: a box is no signature, and says nothing of one's validity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from models.catalog.lines import VisibleSignature
from models.local_time import LOCAL

STEP_MM: Final = 1.0
"""How finely a free place is looked for."""
REACH: Final = 0.5
"""Of the page's height: a signature lower than this is no longer at the top, and nobody looks for it there."""
WIDEST: Final = 0.45
"""Of the page's width, so that two of them have room beside each other on a small certificate."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """In millimetres from the page's upper left corner, as it is read (after ``/Rotate``)."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Rectangle) -> bool:
        """Whether they share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


class NoRoom(ValueError):
    """The upper half of the page has no free place of that size on that side."""


def place(
    width_mm: float, height_mm: float, wanted: Sequence[VisibleSignature], taken: Iterable[Rectangle] = ()
) -> dict[str, Rectangle]:
    """A place for each of ``wanted``, by id, on a page of that size; none covers another or one of ``taken`` (QR codes, signatures).

    The free place nearest to the corner, on the corner's own half of the page, is taken. ``NoRoom`` when there is none.
    """
    occupied = list(taken)
    places: dict[str, Rectangle] = {}
    for line in wanted:
        places[line.id] = _nearest_free(width_mm, height_mm, line, occupied)
        occupied.append(places[line.id])
    return places


def _nearest_free(
    width_mm: float, height_mm: float, line: VisibleSignature, occupied: Sequence[Rectangle]
) -> Rectangle:
    width = min(line.width_mm, width_mm * WIDEST)
    height = line.height_mm * width / line.width_mm
    margin = min(line.margin_mm, (width_mm / 2 - width) / 2)
    inwards = max(0, int((width_mm / 2 - margin - width) / STEP_MM))
    down = max(0, int((height_mm * REACH - margin - height) / STEP_MM))
    moves = sorted(
        ((across * STEP_MM, lower * STEP_MM) for across in range(inwards + 1) for lower in range(down + 1)),
        key=lambda move: (move[0] ** 2 + move[1] ** 2, move[1]),  # of two as near the higher one
    )
    for across, lower in moves:
        left = margin + across if line.corner == "upper_left" else width_mm - margin - width - across
        candidate = Rectangle(left, margin + lower, left + width, margin + lower + height)
        if not any(candidate.overlaps(other) for other in occupied):
            return candidate
    raise NoRoom(f"no free place for {line.id} on a page of {width_mm:g} x {height_mm:g} mm")


def words(line: VisibleSignature, at: datetime, said: Mapping[str, str]) -> tuple[str, ...]:
    """The lines that it shows, in order: ``said`` by part (``signer``, ``agency``, ``copy_form``), and the time of signing.

    ``at`` must know its time zone (``ValueError``); the time is Việt Nam's, as NĐ 30/2020 writes it:
    ``15.08.2023 14:05:09 +07:00``. ``KeyError`` names a part that nobody gave: nothing is shown in its place.
    """
    if at.tzinfo is None:
        raise ValueError("a time of signing without its zone could be any of 24")
    local = at.astimezone(LOCAL)
    time = f"{local:%d.%m.%Y %H:%M:%S} {local:%z}"[:-2] + ":00"
    return tuple(time if part == "time" else said[part] for part in line.shows)
