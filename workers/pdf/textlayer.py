"""The invisible words: one run of text for each printed line, every word as wide and as high as its ink.

Lengths are in em of the line's type (*size*), pixels of page space, or points (1/72 inch) where a name says so.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from statistics import median

from workers.page import Line, Word
from workers.pdf.font import ADVANCE, BLANK, InkFont, clusters
from workers.pdf.heights import reach

# How far ink reaches in Times-like and Arial-like type, in ems: a lower-case letter, one with a mark or an ascender or a
# capital, a capital with a mark. Averages over both; they only choose the size of the run, the box comes from the ink.
_LOW, _TALL, _CROWNED = 0.47, 0.70, 0.92
_MARKS_BELOW = {"\u0323", "\u0327", "\u0328"}
_DESCENDERS = set("gjpqy,;Q()[]{}|")
_FLOATING = set("-–—\"'“”‘’*°^`~=+·•…._")  # stand off the baseline, or too small to measure by
_HYPHENS = ("-", "\u2010", "\u00ad")
_MAX_SLOPE = math.tan(math.radians(10))
_SNAP = 0.15  # a line this near to the page's usual size is set in it: readers build paragraphs from equal sizes
_STEP = 0.02  # ems by which a sloping baseline may be off before the next word steps to it
_GAP = 0.2  # the least space between two words; pdftotext joins words nearer than 0.1 em
_INTRUDES = 0.6  # a mark taken for a word inside the first such share of a word's box has to follow it, not to cut it
_SPECK = 0.1  # of the area of the word it lies in
_NEAR = 0.015  # ems by which a word may end too early or too late
_ROUND = (10, 5, 2)
_LEAST_SHARE = 0.3  # a word never shrinks below this share of its box to make room


@dataclass(frozen=True, slots=True)
class _Run:
    words: Sequence[Word]
    start: float  # baseline y in pixels at x = 0
    slope: float
    size: float  # em in pixels
    continues: bool = False  # words of the same line follow in another run
    after_hyphen: bool = False  # the run before ends in a hyphen

    def baseline(self, x: float) -> float:
        return self.start + self.slope * x


def text_operators(lines: Sequence[Line], height: int, scale: float, font: InkFont) -> bytes:
    """Content stream of a page's text, for ``font.finished``. ``height``: page in pixels; ``scale``: points per pixel. Empty without words."""
    runs = [run for line in lines for run in _runs(line)]
    if not runs:
        return b""
    usual = _weighted_median([(run.size, sum(len(word.text) for word in run.words)) for run in runs])
    out = ["BT 3 Tr"]
    after_hyphen, origin = False, (0.0, 0.0)
    for run in runs:
        size = usual if abs(run.size / usual - 1) <= _SNAP else run.size
        ops, origin = _set(replace(run, size=size, after_hyphen=after_hyphen), origin, height, scale, font)
        out += ops
        after_hyphen = run.words[-1].text.endswith(_HYPHENS)
    return ("\n".join(["q", *out, "ET Q"]) + "\n").encode("ascii")


def _runs(line: Line) -> list[_Run]:
    """The words that have anything to write, cut where one does not stand to the right of the one before, or not beside it."""
    parts: list[list[Word]] = []
    for word in line.words:
        if not any(True for _ in clusters(word.text)):
            continue
        if parts and word.box[0] >= parts[-1][-1].box[0] and not _apart(parts[-1][-1], word):
            parts[-1].append(word)
        else:
            parts.append([word])
    return [_run(part, line.baseline, index + 1 < len(parts)) for index, part in enumerate(parts)]


def _apart(a: Word, b: Word) -> bool:
    """Two rows that an engine took for one line: words, not just marks, with no height in common."""
    if a.box[3] > b.box[1] and b.box[3] > a.box[1]:
        return False
    return all(any(c.isalnum() for c in word.text) for word in (a, b))


def _speck(small: Word, large: Word) -> bool:
    areas = [(w.box[2] - w.box[0]) * (w.box[3] - w.box[1]) for w in (small, large)]
    return areas[0] < _SPECK * areas[1]


def _run(words: Sequence[Word], baseline: tuple[float, float] | None, continues: bool) -> _Run:
    start, slope = _baseline(words, baseline)
    sizes = []
    for word in words:
        if (reach := _reach(word.text)) is not None:
            x0, top, x1, _bottom = word.box
            sizes.append(((start + slope * (x0 + x1) / 2) - top) / reach)
    sizes = [size for size in sizes if size > 0]
    size = median(sizes) if sizes else max(max(w.box[3] - w.box[1] for w in words) / 0.9, 1.0)
    return _Run(words, start, slope, max(size, 1.0), continues)


def _baseline(words: Sequence[Word], given: tuple[float, float] | None) -> tuple[float, float]:
    """The engine's baseline, unless one through the feet of the words fits them clearly better.

    Engines give wild baselines for stamps and rulings, and level ones for lines that slope.
    """
    feet = _feet(words)
    own = _through(feet)
    if given is None or not all(map(math.isfinite, given)) or abs(given[1]) > _MAX_SLOPE:
        return own
    typical = median(word.box[3] - word.box[1] for word in words)
    return given if _misfit(feet, given) <= _misfit(feet, own) + 0.05 * typical else own


def _misfit(feet: Sequence[tuple[float, float]], line: tuple[float, float]) -> float:
    return sum(abs(y - line[0] - line[1] * x) for x, y in feet) / len(feet)


def _feet(words: Sequence[Word]) -> list[tuple[float, float]]:
    """Where each word stands on the baseline, as its box and letters tell; marks that float count only among themselves."""
    feet = []
    for word in words:
        x0, top, x1, bottom = word.box
        below = 0.22 if _descends(word.text) else 0.0
        reach = (_reach(word.text) or _TALL) + below
        feet.append(((x0 + x1) / 2, bottom - (bottom - top) * below / reach, set(word.text) <= _FLOATING))
    return [(x, y) for x, y, floating in feet if not floating] or [(x, y) for x, y, _ in feet]


def _through(feet: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """A line through the feet: the median of pairwise slopes (Theil-Sen), the median offset."""
    slope = 0.0
    if len(feet) >= 3:
        slopes = [(b[1] - a[1]) / (b[0] - a[0]) for i, a in enumerate(feet) for b in feet[i + 1 :] if b[0] - a[0] > 1]
        slope = median(slopes) if slopes else 0.0
    if abs(slope) > _MAX_SLOPE:
        slope = 0.0
    return median(y - slope * x for x, y in feet), slope


def _descends(text: str) -> bool:
    return any(c in _DESCENDERS or c in _MARKS_BELOW for c in unicodedata.normalize("NFD", text))


def _reach(text: str) -> float | None:
    """How far the ink of this word should stand above the baseline, in ems; ``None`` when it says nothing."""
    return max((reach for char in text if (reach := _reach_of(char)) is not None), default=None)


@lru_cache(4096)
def _reach_of(char: str) -> float | None:
    if char in _FLOATING:
        return None
    parts = unicodedata.normalize("NFD", char)
    base, marks = parts[0], parts[1:]
    marked = any(mark not in _MARKS_BELOW and mark != "\u031b" for mark in marks)
    tall = base.isupper() or base.isdigit() or base in "bdfhklt!?/%&()[]{}|đ"
    if tall:
        return _CROWNED if marked else _TALL
    return _TALL if marked else _LOW


def _weighted_median(pairs: list[tuple[float, int]]) -> float:
    half, seen = sum(weight for _, weight in pairs) / 2, 0
    for value, weight in sorted(pairs):
        seen += weight
        if seen >= half:
            return value
    return pairs[-1][0]


def _set(
    run: _Run, origin: tuple[float, float], height: int, scale: float, font: InkFont
) -> tuple[list[str], tuple[float, float]]:
    """The run's operators and where its last line begins, in points; ``origin``: where the line before does, which the first move is from.

    Each string is stretched (Tz) so that its end falls where the ink ends; errors don't add up. A sloping line goes down (or up) in steps from word to word: boxes are upright, and so must the letters be that fill them.
    """
    size = round(run.size * scale, 2)
    unit = ADVANCE / 1000 * size / 100  # points that one glyph advances for each per cent of Tz
    pieces = [list(clusters(word.text)) for word in run.words]
    if len(pieces) > 1 and all(len(piece) == 1 for piece in pieces):
        # poppler takes a line of single letters for one spaced-out word ("T H Ô N G") unless a word in it is longer: the
        # last letter's glyph says "letter and space".
        pieces[-1][0] += " "
    elif run.words[-1].text.endswith(_HYPHENS):
        pieces[-1][-1] += " "  # else poppler drops the hyphen at a line's end and joins the lines ("143/STC-" + "HCSN")
    at, level = round(run.words[0].box[0] * scale, 1), math.inf
    ops = []
    for index, (word, piece) in enumerate(zip(run.words, pieces, strict=True)):
        middle = run.baseline((word.box[0] + word.box[2]) / 2)
        y = (height - middle) * scale
        if abs(y - level) > _STEP * size:
            at, level = round(at, 1), round(y, 1)
            ops.append(f"{_n(at - origin[0])} {_n(level - origin[1])} Td")
            origin = at, level
        if index == 0 and run.after_hyphen:
            ops.append(_leading_space(size, unit, font))
        box = reach((middle - word.box[1]) / run.size, (word.box[3] - middle) / run.size)
        after = run.words[index + 1].box[0] * scale if index + 1 < len(run.words) else None
        begin, end = word.box[0] * scale, word.box[2] * scale
        limit = end
        if after is not None and (after > begin + _INTRUDES * (end - begin) or not _speck(run.words[index + 1], word)):
            limit = min(end, after - _GAP * size)
        percent = _percent(max(limit - at, (end - begin) * _LEAST_SHARE, 0.05 * size), unit * len(piece), size)
        codes = "".join(f"{font.code(cluster):04X}" for cluster in piece)
        letters = any(char.isalnum() for char in word.text)  # a dash has no height that a marked word could have
        ops.append(f"/{font.name(box, counts=letters)} {_n(size)} Tf {percent} Tz<{codes}>Tj")
        at += percent * unit * len(piece)
        if after is not None or run.continues:
            percent = _percent(max(0 if after is None else after - at, _GAP * size), unit, size)
            ops.append(_blank(size, percent, font))
            at += percent * unit
    return ops, origin


def _leading_space(size: float, unit: float, font: InkFont) -> str:
    """A space that ends where the line begins: else pdfium makes one word of "143/STC-" and the "HCSN" of the next line."""
    width = _GAP * size
    return f"{_n(-width)} 0 Td {_blank(size, _percent(width, unit, size), font)} {_n(width)} 0 Td"


def _blank(size: float, percent: int, font: InkFont) -> str:
    """A space, of another size by a hair: else pdf.js stretches all words of one font in a line as one."""
    return f"/{BLANK} {_n(size + 0.01)} Tf {percent} Tz<{font.code(' '):04X}>Tj"


def _percent(width: float, unit: float, size: float) -> int:
    """The roundest number that is near enough: what repeats packs well, and the next word or space makes up for what is missing."""
    for step in _ROUND:
        percent = step * round(width / unit / step)
        if percent and abs(percent * unit - width) <= _NEAR * size:
            return percent
    return max(round(width / unit), 1)


def _n(value: float, digits: int = 2) -> str:
    """A PDF real: fixed point, no exponent, no trailing zeros."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text
