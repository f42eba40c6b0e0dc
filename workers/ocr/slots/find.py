"""Where the slots of an official paper are, from the printed words on both sides of them.

``Số: … /QĐ-UBND`` stands alone on its line in the head, ``Quảng Ngãi, ngày … tháng … năm 20…`` ends its line (NĐ 30/2020, Phụ lục I,
mục II.3 and II.4). What an engine read *in* a slot says nothing about where it is: a pen's digits may be glued to the words beside
them, be missing, or be taken for other letters. So places come from the words' own boxes where they stand apart, and else from
the widths that their letters have in the type in which these papers are set.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import median

from models.vietnamese.folding import fold, nfc
from models.vietnamese.numbers import toneless_symbols
from workers.line_gaps import APART, is_open
from workers.page import Line, SlotKind, Word

HEAD_SHARE = 0.45
"""Of the page's height: the number stands above this."""
PLACE_WORDS = 7
"""Words of a place name before ``, ngày`` at most: more is a sentence that ends in a date."""
SWALLOWED = 0.35
"""Em by which a word may be wider than its letters; more, and ink of the slot was read as part of it."""

MISSING = 1.1
"""Times the size that the words beside a slot have: with more, the digits read in it are fewer than stand there."""
ENOUGH, FEW = 2.5, 2
"""Em of words without a slot's ink that tell the size of the type; with less, those with it are counted in. Of so few words the least counts."""

BEARING = 0.06
"""Em of paper that the first and the last letter of a word have on its outer sides."""
_HANGING = frozenset("gjpqyQ,;()/")
"""Letters that reach under the baseline."""

_NUMBER = re.compile(
    r"^(?P<left>S[ốôồổỗộ](?:\s?hiệu)?\s?[:;.,]*)(?P<number>[^/]{0,12}?(?:/\S{1,4}\s?)??)(?=/\s?[A-ZĐ§][A-Za-zĐđ§]{1,})"
)
_CODE = re.compile(r"/\s?[A-ZĐ§][A-Za-zĐđ§]+(?:\s?[-–—&.]\s?[A-ZĐ§][A-Za-zĐđ§0-9]*)*[.,]?$")
_DATE = re.compile(
    r"(?P<left>[Nn]g[aàá]y)(?P<day>.{0,8}?)(?P<months>th[aáà]ng)(?P<month>.{0,8}?)(?P<years>n[ăâa]m)(?P<year>.{0,8})$"
)
_PLACE = re.compile(r"^[^\W\d_].*,\s*$")

_WIDTHS = {
    "f i j l t I J / . , ; : '": 0.29,
    "r s": 0.36,
    "a c e z": 0.444,
    "b d g h k n o p q u v x y - – 0 1 2 3 4 5 6 7 8 9": 0.5,
    "m": 0.778,
    "w W": 0.85,
    "S P F": 0.556,
    "E L T Z": 0.611,
    "B C R": 0.667,
    "A D G H K N O Q U V X Y &": 0.722,
    "M": 0.889,
}
_EM = {letter: width for letters, width in _WIDTHS.items() for letter in letters.split()}
"""Widths of letters in Times, in em (Adobe Font Metrics of Times-Roman; italics differ by a tenth)."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A slot between two printed anchors, in page space.

    ``line``: index of its line; ``begin``, ``end``: the letters of that line's text (words joined by one space) that were read in it.
    ``x0``, ``x1``: where the anchors end and begin; ``sharp``: whether each side is a word's own edge, or reckoned from widths and to
    be settled in the ink. ``em``: size of the type in pixels; ``foot``: y of the baseline in the slot's middle. ``x1`` of a year
    is as far as four digits reach.
    """

    kind: SlotKind
    line: int
    begin: int
    end: int
    x0: float
    x1: float
    sharp: tuple[bool, bool]
    em: float
    foot: float


def find_gaps(lines: Sequence[Line], height: int) -> list[Gap]:
    """The slots of a page of ``height`` pixels, from top to bottom; a paper has one number and one date, of which the first stand."""
    found: dict[SlotKind, Gap] = {}
    for index, line in enumerate(lines):
        if not line.words:
            continue
        for first, last in _pieces(line.words):
            for gap in _gaps_of(index, line, first, last, height):
                found.setdefault(gap.kind, gap)
    return sorted(found.values(), key=lambda gap: (gap.line, gap.begin))


def width_of(text: str) -> float:
    """Of the ink of ``text`` set in Times, in em."""
    return -BEARING + sum(
        _EM.get(letter, _EM.get(fold(letter), _EM.get(fold(letter).upper(), 0.5))) for letter in nfc(text)
    )


def _pieces(words: Sequence[Word]) -> list[tuple[int, int]]:
    """(first, last + 1) of the words of each piece of a line: at wide gaps a line is cut, unless a slot is what is wide."""
    em = median(word.box[3] - word.box[1] for word in words)
    cuts = [0]
    for place, (one, other) in enumerate(pairwise(words), start=1):
        apart = other.box[0] - one.box[2] > APART * em
        if apart and not is_open(one.text, other.text):
            cuts.append(place)
    return list(pairwise([*cuts, len(words)]))


def _gaps_of(index: int, line: Line, first: int, last: int, height: int) -> list[Gap]:
    words = line.words[first:last]
    text = toneless_symbols(" ".join(word.text for word in words))
    before = sum(len(word.text) + 1 for word in line.words[:first])
    spans: list[tuple[SlotKind, int, int]] = []
    number = _NUMBER.match(text)
    if number and _CODE.fullmatch(text[number.end() :]) and words[0].box[3] < HEAD_SHARE * height:
        spans.append((SlotKind.NUMBER, *number.span("number")))
    date = _DATE.search(text)
    if date and _is_place(text[: date.start()]):
        kinds = (SlotKind.DAY, "day"), (SlotKind.MONTH, "month"), (SlotKind.YEAR, "year")
        spans += [(kind, *date.span(name)) for kind, name in kinds]
    if not spans:
        return []
    ruler = _Ruler(words, [span[1:] for span in spans])
    gaps = []
    for kind, begin, end in spans:
        x0, sharp0 = ruler.right_of(begin)
        x1, sharp1 = ruler.left_of(end) if end < len(text) else (max(x0 + 2.3 * ruler.em, words[-1].box[2]), True)
        if x1 - x0 >= 0.2 * ruler.em:
            foot = _foot(line, words, (x0 + x1) / 2)
            gaps.append(Gap(kind, index, before + begin, before + end, x0, x1, (sharp0, sharp1), ruler.em, foot))
    return gaps


def _is_place(text: str) -> bool:
    """What stands before ``ngày``: no letters (a form's dots), or the name of a place and a comma."""
    return not any(letter.isalnum() for letter in text) or (
        bool(_PLACE.match(text)) and len(text.split()) <= PLACE_WORDS and text[0].isupper()
    )


def _foot(line: Line, words: Sequence[Word], x: float) -> float:
    if line.baseline is not None:
        return line.baseline[0] + line.baseline[1] * x
    standing = [word.box[3] for word in words if not _HANGING & set(fold(word.text))]
    return float(median(standing or [word.box[3] for word in words]))


class _Ruler:
    """Places in a line of print. ``slots``: (begin, end) of its slots in the text of ``words``."""

    def __init__(self, words: Sequence[Word], slots: Sequence[tuple[int, int]]) -> None:
        self._words = words
        self._slots = slots
        self._starts = [0, *accumulate(len(word.text) + 1 for word in words)]
        pure = [
            word for place, word in enumerate(words)
            if len(word.text) > 1 and not any(
                begin < self._starts[place] + len(word.text) and end > self._starts[place] for begin, end in slots)
        ]  # fmt: skip
        sizes = [(word.box[2] - word.box[0]) / width_of(word.text) for word in pure]
        if sum(width_of(word.text) for word in pure) < ENOUGH:
            every = sum(word.box[2] - word.box[0] for word in words) / sum(width_of(word.text) for word in words)
            text = " ".join(word.text for word in words)
            # Digits that were read are letters like others, unless one of them is missing: then the words seem too wide.
            read = all(text[begin:end].strip().isdigit() for begin, end in slots)
            sizes = [every] if read and every <= MISSING * min(sizes, default=every) else [*sizes, every]
        # A box may hold ink of the slot too, and is then too wide, never too narrow.
        self.em = median(sizes) if len(sizes) > FEW else min(sizes)

    def right_of(self, at: int) -> tuple[float, bool]:
        """(x where the letters before ``at`` end, whether it is a word's own edge)."""
        place = max(p for p in range(len(self._words)) if self._starts[p] < max(1, at))
        word, letters = self._words[place], at - self._starts[place]
        reckoned = word.box[0] + self.em * width_of(word.text[:letters])
        whole = letters >= len(word.text)
        # A word between two slots may have taken ink from either: where something was read by itself, that side is its own.
        parted = place > 0 and self._is_read(at) and not self._is_read(self._starts[place] - 1)
        if whole and (parted or word.box[2] - reckoned <= SWALLOWED * self.em):
            return float(word.box[2]), True
        return reckoned, False

    def left_of(self, at: int) -> tuple[float, bool]:
        """(x where the letters from ``at`` on begin, whether it is a word's own edge)."""
        place = max(p for p in range(len(self._words)) if self._starts[p] <= at)
        word, letters = self._words[place], at - self._starts[place]
        reckoned = word.box[2] - self.em * width_of(word.text[letters:])
        if letters == 0 and reckoned - word.box[0] <= SWALLOWED * self.em:
            return float(word.box[0]), True
        return reckoned, False

    def _is_read(self, at: int) -> bool:
        """Whether the slot that begins or ends at ``at`` has a word of its own; dirt and scraps of a digit are none."""
        text = " ".join(word.text for word in self._words)
        return any(any(map(str.isalnum, text[begin:end])) for begin, end in self._slots if at in {begin, end})
