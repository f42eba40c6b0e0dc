"""Which lines are no running text: the page's number and its footnotes. Each gets its role, and its place in the reading order.

NĐ 30/2020, Phụ lục I, mục I.5: pages are numbered in Arabic figures, in the middle of the upper margin, the first page not; older papers and
forms have the number below. A footnote is small print under a short rule that begins at the left edge of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from workers.page import Box, Line, LineRole, Table

MARGIN_SHARE = 0.12
"""Of the page's height, at the top and the bottom: where a page's number stands."""
AWAY_MM = 0.5
"""Its line stands alone: so much paper at least is between it and the rows above and under it."""
RULE_MM = (25.0, 80.0)
"""Length of the rule over footnotes: word processors draw two inches."""
LOWER_SHARE = 0.5
"""Of the page's height: the rule stands under this."""
LEFT_MM = 6.0
"""How far the rule may begin from the left edge of the lines under it."""
NEAR_MM = 9.0
"""From the rule to the middle of the first footnote."""
SMALLER = 0.92
"""Of the height of the text's words: footnotes are at most so high, 10 to 12 points under 13 and 14."""
MOST = 20
"""Lines under the rule; more are a text of their own."""

_NUMBER = re.compile(r"[-–—.\s]*(?:[Tt]rang\s*)?(\d{1,3})(?:\s*/\s*\d{1,3})?[-–—.\s]*")
_MARK = re.compile(r"[\[(]?(?:\d{1,2}|[¹²³⁴-⁹]{1,2}|\*{1,3})[\])]?[.:]?\s*\S")


def with_roles(
    lines: Sequence[Line], size: tuple[int, int], dpi: float, *, tables: Sequence[Table], rules: Sequence[Box]
) -> tuple[Line, ...]:
    """``lines`` with roles; a number in the upper margin stands first, footnotes last, and a number in the lower margin after them.

    ``size``: width and height of the page of ``dpi``; ``rules``: printed level rules. All in page space.
    """
    told = [line for line in lines if line.words]
    notes = _footnotes(told, size[1], dpi, rules)
    numbers = [line for line in told if _is_page_number(line, told, size[1], dpi, tables)]
    # Two numbers in one margin are a list or a table's column.
    upper = [line for line in numbers if line.box[1] < size[1] / 2]
    lower = [line for line in numbers if line.box[1] >= size[1] / 2]
    first = upper if len(upper) == 1 else []
    last = lower if len(lower) == 1 and not first else []
    taken = set(map(id, (*first, *last, *notes)))
    rest = [line for line in lines if id(line) not in taken]
    notes = [line for line in notes if id(line) not in set(map(id, (*first, *last)))]
    return (
        *(replace(line, role=LineRole.PAGE_NUMBER) for line in first),
        *rest,
        *(replace(line, role=LineRole.FOOTNOTE) for line in notes),
        *(replace(line, role=LineRole.PAGE_NUMBER) for line in last),
    )


def _is_page_number(line: Line, lines: Sequence[Line], height: int, dpi: float, tables: Sequence[Table]) -> bool:
    if not _NUMBER.fullmatch(line.text):
        return False
    x0, y0, x1, y1 = line.box
    middle = (y0 + y1) / 2
    if MARGIN_SHARE * height <= middle <= (1 - MARGIN_SHARE) * height:
        return False
    if any(t.box[0] < x1 and x0 < t.box[2] and t.box[1] <= middle < t.box[3] for t in tables):
        return False
    away = AWAY_MM / 25.4 * dpi
    others = [other.box for other in lines if other is not line and other.words]
    return not any(box[1] < y1 + away and y0 - away < box[3] for box in others)


def _footnotes(lines: Sequence[Line], height: int, dpi: float, rules: Sequence[Box]) -> list[Line]:
    """What stands under the lowest rule that can be theirs; nothing where anything there looks otherwise."""
    mm = dpi / 25.4
    short = [
        rule for rule in rules
        if RULE_MM[0] * mm <= rule[2] - rule[0] <= RULE_MM[1] * mm and rule[1] >= LOWER_SHARE * height
    ]  # fmt: skip
    for rule in sorted(short, key=lambda box: -box[1]):
        under = [line for line in lines if (line.box[1] + line.box[3]) / 2 > rule[3]]
        notes = [
            line for line in under if not (_NUMBER.fullmatch(line.text) and line.box[1] > (1 - MARGIN_SHARE) * height)
        ]
        text = [line for line in lines if (line.box[1] + line.box[3]) / 2 < rule[1]]
        if not notes or not text or len(notes) > MOST:
            continue
        first = min(notes, key=lambda line: line.box[1])
        left = min(line.box[0] for line in notes)
        small = _height(notes) <= SMALLER * _height(text)
        near = (first.box[1] + first.box[3]) / 2 - rule[3] <= NEAR_MM * mm
        if small and near and abs(rule[0] - left) <= LEFT_MM * mm and _MARK.match(first.text):
            return notes
    return []


def _height(lines: Sequence[Line]) -> float:
    return median(word.box[3] - word.box[1] for line in lines for word in line.words)
