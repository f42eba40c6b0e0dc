"""What the pages before and after a page in its stack tell about it: they went through the same feeder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from models.errors import DigitizeError
from models.neighbours import neighbours
from workers.limits import Limits
from workers.page import DocumentInfo, Pixels
from workers.steps.copies import grey_of
from workers.steps.decode import decode_page
from workers.steps.orient import SURE, leaning
from workers.steps.resample import reading_copy

LEAN = 0.5
"""How sure a page must be of the same turn itself: a stamp or a photo among turned pages is not turned by their vote."""


def upright_among(grey: Pixels, votes: Callable[[], Iterable[int]]) -> tuple[int, bool]:
    """(clockwise degrees that set the page upright: 0 90 180 270, whether its neighbours were asked); 0 when not sure enough.

    ``grey``: uint8 ``(H, W)``; ``votes``: the turns of its neighbours, called when they are needed. A page that only leans to a turn is
    turned when all of them say the same.
    """
    rotation, certainty = leaning(grey)
    if certainty >= SURE:
        return rotation, False
    if rotation == 0 or certainty < LEAN:
        return 0, False
    return (rotation if set(votes()) == {rotation} else 0), True


def alone(grey: Pixels) -> int:
    """Clockwise degrees that set upright a page that has no neighbours."""
    return upright_among(grey, tuple)[0]


class Stack:
    """The pages around page ``number`` of a document. ``asked``: whether they had a say in what was made of it."""

    def __init__(self, info: DocumentInfo, number: int, limits: Limits) -> None:
        self._info, self._number, self._limits = info, number, limits
        self.asked = False

    def upright(self, grey: Pixels) -> int:
        """``upright_among`` the pages around it."""
        rotation, self.asked = upright_among(grey, self._votes)
        return rotation

    def _votes(self) -> Iterator[int]:
        """The turn of each neighbour that is sure of one. They are decoded anew: few pages are ever in doubt."""
        for other in neighbours(self._number, self._info.page_count):
            try:
                page = decode_page(self._info, other, self._limits)
            except DigitizeError:
                continue
            rotation, certainty = leaning(grey_of(reading_copy(page.pixels, page.dpi)[0]))
            if certainty >= SURE:
                yield rotation
