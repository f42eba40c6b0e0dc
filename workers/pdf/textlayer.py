"""The invisible words: one run of text for each printed line, every word as wide and as high as its ink.

Lengths are in em of the line's type (*size*), pixels of page space, or points (1/72 inch) where a name says so.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from workers.page import Line, Word
from workers.pdf.font import ADVANCE, InkFont, clusters, extent

# How far ink reaches in Times-like and Arial-like type, in ems: a lower-case letter, one with a mark or an ascender or a
# capital, a capital with a mark. Averages over both; they only choose the size of the run, the box comes from the ink.
_LOW, _TALL, _CROWNED = 0.47, 0.70, 0.92
_MARKS_BELOW = {"\u0323", "\u0327", "\u0328"}
_DESCENDERS = set("gjpqy,;Q()[]{}|")
_FLOATING = set("-–—\"'“”‘’*°^`~=+·•…._")  # stand off the baseline, or too small to measure by
_MAX_SLOPE = math.tan(math.radians(10))
_SNAP = 0.15  # a line this near to the page's usual size is set in it: readers build paragraphs from equal sizes
_GAP = 0.2  # the least space between two words; pdftotext joins words nearer than 0.1 em
_LEAST_SHARE = 0.3  # a word never shrinks below this share of its box to make room


@dataclass(frozen=True, slots=True)
class _Run:
    words: Sequence[Word]
    start: float  # baseline y in pixels at x = 0
    slope: float
    size: float  # em in pixels

    def baseline(self, x: float) -> float:
        return self.start + self.slope * x


def text_operators(lines: Sequence[Line], height: int, scale: float, font: InkFont) -> bytes:
    """Content stream of a page's text. ``height``: page in pixels; ``scale``: points per pixel. Empty without words."""
    runs = [run for line in lines for part in _parts(line) if (run := _run(part, line.baseline)) is not None]
    if not runs:
        return b""
    usual = _weighted_median([(run.size, sum(len(word.text) for word in run.words)) for run in runs])
    out = ["3 Tr"]
    for run in runs:
        size = usual if abs(run.size / usual - 1) <= _SNAP else run.size
        out.append(_set(_Run(run.words, run.start, run.slope, size), height, scale, font))
    return ("\n".join(["q", *out, "Q"]) + "\n").encode("ascii")


def _parts(line: Line) -> list[list[Word]]:
    """The line's words with anything to write, cut where the next word does not stand to the right of the one before."""
    parts: list[list[Word]] = []
    for word in line.words:
        if not any(True for _ in clusters(word.text)):
            continue
        if parts and word.box[0] >= (parts[-1][-1].box[0] + parts[-1][-1].box[2]) / 2:
            parts[-1].append(word)
        else:
            parts.append([word])
    return parts


def _run(words: Sequence[Word], baseline: tuple[float, float] | None) -> _Run | None:
    start, slope = baseline if baseline is not None and _plausible(words, baseline) else _estimate(words)
    sizes = []
    for word in words:
        if (reach := _reach(word.text)) is not None:
            x0, top, x1, _bottom = word.box
            sizes.append(((start + slope * (x0 + x1) / 2) - top) / reach)
    sizes = [size for size in sizes if size > 0]
    size = median(sizes) if sizes else max(max(w.box[3] - w.box[1] for w in words) / 0.9, 1.0)
    return _Run(words, start, slope, max(size, 1.0))


def _plausible(words: Sequence[Word], baseline: tuple[float, float]) -> bool:
    """Engines give wild baselines for stamps and rulings: it must pass near the foot of most words."""
    start, slope = baseline
    if not (math.isfinite(start) and math.isfinite(slope)) or abs(slope) > _MAX_SLOPE:
        return False
    fits = 0
    for word in words:
        x0, top, x1, bottom = word.box
        y = start + slope * (x0 + x1) / 2
        fits += top + 0.4 * (bottom - top) <= y <= bottom + 0.3 * (bottom - top)
    return 2 * fits > len(words)


def _estimate(words: Sequence[Word]) -> tuple[float, float]:
    """Baseline from the feet of words without descenders: median of pairwise slopes (Theil-Sen), median offset."""
    feet = []
    for word in words:
        x0, top, x1, bottom = word.box
        below = 0.22 if _descends(word.text) else 0.0
        reach = (_reach(word.text) or _TALL) + below
        feet.append(((x0 + x1) / 2, bottom - (bottom - top) * below / reach, word.text in _FLOATING))
    solid = [(x, y) for x, y, floating in feet if not floating] or [(x, y) for x, y, _ in feet]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for i, a in enumerate(solid) for b in solid[i + 1 :] if b[0] - a[0] > 1]
    slope = median(slopes) if len(solid) >= 3 and slopes else 0.0
    if abs(slope) > _MAX_SLOPE:
        slope = 0.0
    return median(y - slope * x for x, y in solid), slope


def _descends(text: str) -> bool:
    return any(c in _DESCENDERS or c in _MARKS_BELOW for c in unicodedata.normalize("NFD", text))


def _reach(text: str) -> float | None:
    """How far the ink of this word should stand above the baseline, in ems; ``None`` when it says nothing."""
    best = None
    for char in text:
        if char in _FLOATING:
            continue
        parts = unicodedata.normalize("NFD", char)
        base, marks = parts[0], parts[1:]
        marked = any(mark not in _MARKS_BELOW and mark != "\u031b" for mark in marks)
        tall = base.isupper() or base.isdigit() or base in "bdfhklt!?/%&()[]{}|đ"
        reach = (_CROWNED if marked else _TALL) if tall else (_TALL if marked else _LOW)
        best = max(best or 0.0, reach)
    return best


def _weighted_median(pairs: list[tuple[float, int]]) -> float:
    half, seen = sum(weight for _, weight in pairs) / 2, 0
    for value, weight in sorted(pairs):
        seen += weight
        if seen >= half:
            return value
    return pairs[-1][0]


def _set(run: _Run, height: int, scale: float, font: InkFont) -> str:
    """One BT … ET. Each string is stretched (Tz) so that its end falls where the ink ends; errors don't add up."""
    stretch = math.hypot(1.0, run.slope)  # along the baseline, pixels per pixel of x
    size = round(run.size * scale, 2)
    origin = run.words[0].box[0]
    cos, sin = 1 / stretch, -run.slope / stretch
    x, y = origin * scale, (height - run.baseline(origin)) * scale
    ops = [f"BT {_n(cos, 5)} {_n(sin, 5)} {_n(-sin, 5)} {_n(cos, 5)} {_n(x)} {_n(y)} Tm"]
    unit = ADVANCE / 1000 * size / 100  # points that one glyph advances for each per cent of Tz
    at = 0.0  # points from the origin, along the baseline
    pieces = [list(clusters(word.text)) for word in run.words]
    if all(len(piece) == 1 for piece in pieces):
        # poppler takes a line of single letters for one spaced-out word ("T H Ô N G") unless a word in it is longer: the
        # last letter's glyph says "letter and space".
        pieces[-1][0] += " "
    for index, (word, piece) in enumerate(zip(run.words, pieces, strict=True)):
        after = run.words[index + 1] if index + 1 < len(run.words) else None
        codes = [font.code(cluster) for cluster in piece]
        begin, end = (max(word.box[0] - origin, 0) * scale * stretch, (word.box[2] - origin) * scale * stretch)
        limit = end
        if after is not None:
            limit = min(end, (after.box[0] - origin) * scale * stretch - _GAP * size)
        width = max(limit - at, (end - begin) * _LEAST_SHARE, 0.05 * size)
        percent = round(width / (unit * len(codes)), 2) or 0.01
        middle = run.baseline((word.box[0] + word.box[2]) / 2)
        box = extent((middle - word.box[1]) / run.size, (word.box[3] - middle) / run.size)
        ops.append(f"/{font.name(box)} {_n(size)} Tf {_n(percent)} Tz <{''.join(f'{c:04X}' for c in codes)}> Tj")
        at += percent * unit * len(codes)
        if after is not None:
            gap = max((after.box[0] - origin) * scale * stretch - at, _GAP * size)
            percent = round(gap / unit, 2)
            ops.append(f"{_n(percent)} Tz <{font.code(' '):04X}> Tj")
            at += percent * unit
    return "\n".join([*ops, "ET"])


def _n(value: float, digits: int = 2) -> str:
    """A PDF real: fixed point, no exponent, no trailing zeros."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text
