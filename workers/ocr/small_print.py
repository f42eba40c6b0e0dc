"""Small print read again at the page's own resolution: the notes of digital signatures, set in 6 to 8 points.

Pages are read from a copy of 190 dpi, on which body text reads best and fastest; small letters lose there what makes them legible.
Where small print was read with doubt, that part of the page is cut and read once more, and the reading that is worth more stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workers.ocr.reader.confidence import sureness, worth
from workers.page import Box, Line, Word, hull, meet

FINER = 1.03
"""So much finer than the reading copy a page is at least, for a second look to show more."""
SMALL_MM = 2.7
"""Median height of a line's words up to which it is small print: 8 points with marks, never 11."""
SURE = 0.97
"""Small print whose letters are surer than this on average is left as it was read."""
MOST = 3
"""Places of a page that are looked at again, the largest ones first: seals leave many scraps."""
MAX_SHARE = 0.1
"""Of the page: a larger place is a table in small print, which would take as long as the page itself."""
MOST_LINES = 200
"""A page with more is set in small print, or full of specks."""
AROUND = 2.0
"""Heights of the small print that are looked at on each side of it; half as much at the left, where a signature has its emblem."""
_FEWEST = 4


def with_small_print(
    lines: Sequence[Line], size: tuple[int, int], dpi: float, again: Callable[[Box], Sequence[Line]]
) -> tuple[Line, ...]:
    """``lines`` with doubtful small print replaced where ``again(box)``, the lines read in that part of the page, is worth more.

    ``size``: width and height of the page, of ``dpi``; lines and boxes are in its pixels.
    """
    found = list(lines)
    small = [line for line in lines if line.words and height(line) <= SMALL_MM / 25.4 * dpi]
    if len(small) > MOST_LINES:
        return tuple(found)
    doubtful = [place for place in _places(small) if _is_worth_a_look(place, size)]
    for place in sorted(doubtful, key=_letters, reverse=True)[:MOST]:
        mine = set(map(id, place))
        others = [line.box for line in found if line.words and id(line) not in mine]
        fresh = [
            line
            for line in again(_around(place, size))
            if worth(line.words) > 0 and not any(meet(line.box, other) for other in others)
        ]
        if worth(_words(fresh)) > worth(_words(place)):
            at = min(index for index, line in enumerate(found) if id(line) in mine)
            found = [line for line in found if id(line) not in mine]
            found[at:at] = fresh
    return tuple(found)


def height(line: Line) -> float:
    """Median height of the line's words, pixels."""
    heights = sorted(word.box[3] - word.box[1] for word in line.words)
    return float(heights[len(heights) // 2])


def _is_worth_a_look(place: Sequence[Line], size: tuple[int, int]) -> bool:
    x0, y0, x1, y1 = hull([line.box for line in place])
    small = (x1 - x0) * (y1 - y0) <= MAX_SHARE * size[0] * size[1]
    return small and _letters(place) >= _FEWEST and sureness(_words(place)) < SURE


def _places(small: Sequence[Line]) -> list[list[Line]]:
    """Lines one above the other, or side by side, less than a line apart."""
    places: list[list[Line]] = []
    for line in small:
        x0, y0, x1, y1 = line.box
        reach = round(height(line))
        around = (x0 - reach, y0 - reach, x1 + reach, y1 + reach)
        near = [place for place in places if any(meet(around, other.box) for other in place)]
        places = [place for place in places if place not in near]
        places.append([*(other for place in near for other in place), line])
    return places


def _words(lines: Sequence[Line]) -> list[Word]:
    return [word for line in lines for word in line.words]


def _letters(place: Sequence[Line]) -> int:
    return sum(len(word.text) for word in _words(place))


def _around(place: Sequence[Line], size: tuple[int, int]) -> Box:
    """Wide enough for a line over or under them that was lost, and for the lost end of a line."""
    margin = round(AROUND * max(height(line) for line in place))
    x0, y0, x1, y1 = hull([line.box for line in place])
    return max(0, x0 - margin // 2), max(0, y0 - margin), min(size[0], x1 + margin), min(size[1], y1 + margin)
