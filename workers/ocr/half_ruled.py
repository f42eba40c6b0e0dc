"""Half-ruled tables: the rules that are missing are drawn in, where the white between the words leaves no doubt where they belong.

A frame is two or more level rules of one length above one another, or uprights of one height beside one another. Columns without
a rule are parted by the white that their rows have in common; rows without a rule by the column that has one entry a row, or
by wider white. Words beside the frame or across its columns make it no table: underlined heads, a note's rule, the blanks of a
form and the rules at a page's head and foot all have such.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.ocr.ink import MIN_LETTER_MM, letters, outlines
from workers.page import Box, hull, meet

Mask = NDArray[np.uint8]
Span = tuple[int, int]

MIN_WIDTH_MM, MIN_UPRIGHT_MM = 60.0, 20.0
"""Length of the rules that make a half-ruled table: underlines and blanks are shorter."""
SAME_END_MM = 3.0
"""By how much the ends of a table's rules differ: a page bends, and thin rules fade at their ends."""
BROKEN_MM = 6.0
"""Paper within one broken rule."""
ONE_RULE_MM = 1.5
SPANNED = 0.8
"""Share of the height between two level rules that an upright has at least."""
LEFT = 0.4
"""Share of a broken rule that is left at least, where other rules tell its ends."""
OUTSIDE = 0.08
"""Share of the ink beside a table, of that in it, that makes it none: a table has its strip of the page to itself."""
WORD_GAP = 1.0
"""Letter heights: wider white may part columns, where all rows have it."""
FEW_LINES, WIDE_GAP = 6, 1.6
"""With fewer lines than the first, chance sets word gaps of justified lines above one another: columns are then so far apart."""
CROSSED, TOUCHED = 0.1, 0.3
"""Share of its lines that may run across a gap between columns (titles of the table's parts), and letter heights that are no line."""
NUMBER = 3.6
"""Letter heights: the width of three figures and a full stop. Entries of a column of numbers are no wider."""
CORE, WORDS, MIN_LINE = 0.25, 2.0, 0.45
"""Share of the ink in a line's fullest row of pixels that its other rows have, but for those with marks only (from so many letter
heights of ink on, a figure's rows differ more); and the letter heights of a line, lower ones being marks.
"""
MIN_COLUMNS, PAIRS = 3, 4
"""A table whose columns no rule parts has so many; or two, and at least ``PAIRS`` ruled rows."""
FILLED = 0.5
"""Share of rows with words in two columns or more."""
TALL_MM, NUMBER_MM, HEAD_MM = 12.0, 12.0, 40.0
"""Three lines are higher, three figures narrower, and a table's head lower than that."""
STRICT_ENTRIES = 3
"""Numbers one under another that part one ruled row: two may be a number broken over two lines."""
TAIL_FILLED, TAIL_GAP = 0.6, 3.5
"""Under a ruled head: share of the columns that its first row fills, and letter heights of white to the next line of the table."""
AS_WIDE = 0.85
"""Share of the widest white between numbers that stands above them where they are at the top of their rows: letters differ in height."""
PARTING = 1.5
"""Times the usual white between two lines that parts two rows where no column numbers them."""


@dataclass(frozen=True, slots=True)
class Frame:
    """``box``: outer edges; ``levels``: y of rules across all of it, top and bottom among them; ``uprights``: x of inner ones."""

    box: Box
    levels: tuple[int, ...]
    uprights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Print:
    """``text``: letters without rules and specks (255); ``smear``: the same with the gaps between words closed; ``line``: pixels
    by which places on one rule differ.
    """

    text: Mask
    smear: Mask
    letter: float
    line: int


class HalfRuled:
    """Of one page. ``across`` and ``down``: its printed rules (255); ``ink``: all its ink; all uint8 ``(H, W)`` at ``dpi``."""

    def __init__(self, across: Mask, down: Mask, ink: Mask, dpi: float) -> None:
        self._across, self._down, self._ink, self._dpi = across, down, ink, dpi
        self._per_mm = dpi / 25.4
        self._line = max(2, round(ONE_RULE_MM * self._per_mm))
        self._print: Print | None = None

    def tables(self, taken: Sequence[Box]) -> Iterator[tuple[Box, Mask]]:
        """Boxes of half-ruled tables and, of each box's size, 1 where it has a rule or one was drawn in; none meets ``taken``."""
        found = list(taken)
        for frame in self._frames():
            if any(meet(frame.box, box) for box in found):
                continue
            page = self._printed()
            if page is None:
                return
            for part in _tries(frame, page):
                drawn = _drawn(part, self._rules(part.box), page)
                if drawn is not None and not any(meet(part.box, box) for box in found):
                    found.append(part.box)
                    yield part.box, drawn
                    break

    def opened(self, box: Box, cells: Sequence[Box]) -> tuple[Box, Mask] | None:
        """A ruled table whose rows go on under its rules, or stand several in one ruled row; ``None`` where all is ruled."""
        tops = sorted(cell[1] for cell in cells)
        x0, y0, _, y1 = box
        below_head = [cell for cell in cells if cell[0] - x0 <= self._line < cell[1] - y0]
        tall = [cell for cell in below_head if self._holds_numbers(cell)]
        head = tops[-1] - tops[0] < 0.7 * (y1 - y0) and y1 - y0 < HEAD_MM * self._per_mm
        if not (tall or head):
            return None
        page = self._printed()
        if page is None:
            return None
        rules = self._rules(box)
        uprights = _distinct((cell[0] for cell in cells if cell[0] - x0 > 2 * self._line), self._line)
        if head and len(uprights) >= MIN_COLUMNS - 1:
            tail = _with_tail(Frame(box, (y0, y1 - 1), uprights), page)
            drawn = _drawn(tail, self._rules(tail.box), page) if tail else None
            if tail and drawn is not None:
                return tail.box, drawn
        cuts = []
        for cell in tall:
            row = sorted(c for c in cells if c[1] < cell[3] and cell[1] < c[3])
            if all(abs(c[1] - cell[1]) <= self._line and abs(c[3] - cell[3]) <= self._line for c in row):
                cuts += _cuts([_lines(page, c) for c in row], _widest(page, cell), page.letter, ruled=True)
        for y in cuts:
            rules[y - y0] = 1
        return (box, rules) if cuts else None

    def _holds_numbers(self, cell: Box) -> bool:
        """Whether narrow print stands in three lines in a cell: a look that costs less than the page's letters."""
        x0, y0, x1, y1 = cell
        if y1 - y0 < TALL_MM * self._per_mm:
            return False
        ink = self._ink[y0 + self._line : y1 - self._line, x0 + self._line : x1 - self._line]
        across = np.flatnonzero(ink.any(axis=0))
        lines = [
            run
            for run in _runs(np.asarray(ink.any(axis=1), np.bool_))
            if run[1] - run[0] >= MIN_LETTER_MM * self._per_mm
        ]
        return len(lines) >= STRICT_ENTRIES and across[-1] - across[0] < NUMBER_MM * self._per_mm

    def _rules(self, box: Box) -> Mask:
        x0, y0, x1, y1 = box
        both = cv2.bitwise_or(self._across[y0:y1, x0:x1], self._down[y0:y1, x0:x1])
        return np.asarray(cv2.dilate(both, np.ones((3, 3), np.uint8)) > 0, np.uint8)

    def _printed(self) -> Print | None:
        if self._print is None:
            rules = cv2.bitwise_or(self._across, self._down)
            text, letter, _ = letters(np.asarray(cv2.subtract(self._ink, rules), np.uint8), self._dpi)
            reach = max(3, round(WORD_GAP * letter)) | 1
            smear = np.asarray(cv2.morphologyEx(text, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8)), np.uint8)
            self._print = Print(text, smear, letter, self._line)
        return self._print if self._print.letter else None

    def _frames(self) -> list[Frame]:
        """Stacks of level rules and rows of uprights; those with the most rules first."""
        levels = _whole((box for box, _ in outlines(self._across)), self._per_mm)
        wide = list(_stacks(levels, SAME_END_MM * self._per_mm, MIN_WIDTH_MM * self._per_mm))
        uprights = _whole((_flipped(box) for box, _ in outlines(self._down)), self._per_mm)
        high = list(_stacks(uprights, SAME_END_MM * self._per_mm, MIN_UPRIGHT_MM * self._per_mm))
        frames = []
        for stack in wide:
            box = hull(stack)
            middles = _distinct((*(_middle(rule) for rule in stack), *_faded(levels, box, self._per_mm)), self._line)
            inner = [_middle(rule) for rule in uprights if _spans(rule, middles)]
            frames.append(Frame(box, middles, _inner(inner, (box[0], box[2]), self._line)))
        for stack in high:
            box = _flipped(hull(stack))
            if box[2] - box[0] < MIN_WIDTH_MM * self._per_mm or len(stack) < MIN_COLUMNS:
                continue
            across = [rule for rule in levels if rule[0] - box[0] <= self._line and box[2] - rule[2] <= self._line]
            between = _inner([_middle(rule) for rule in across], (box[1], box[3]), self._line)
            middles = _distinct((box[1], *between, box[3] - 1), self._line)
            frames.append(Frame(box, middles, _inner([_middle(rule) for rule in stack], (box[0], box[2]), self._line)))
        return sorted(frames, key=lambda frame: -len(frame.levels) - len(frame.uprights))


def _flipped(box: Box) -> Box:
    return box[1], box[0], box[3], box[2]


def _middle(rule: Box) -> int:
    return (rule[1] + rule[3]) // 2


def _distinct(places: Iterable[int], near: int) -> tuple[int, ...]:
    """In order, without those that lie within ``near`` of the one before."""
    found: list[int] = []
    for place in sorted(places):
        if not found or place - found[-1] > near:
            found.append(place)
    return tuple(found)


def _inner(places: Sequence[int], span: Span, near: int) -> tuple[int, ...]:
    return _distinct((place for place in places if span[0] + 2 * near < place < span[1] - 2 * near), near)


def _whole(rules: Iterable[Box], per_mm: float) -> list[Box]:
    """Level rules from top to bottom, the pieces of broken ones joined."""
    found: list[Box] = []
    for rule in sorted(rules):
        for index, other in enumerate(found):
            if abs(_middle(rule) - _middle(other)) <= ONE_RULE_MM * per_mm and rule[0] - other[2] <= BROKEN_MM * per_mm:
                found[index] = hull((rule, other))
                break
        else:
            found.append(rule)
    return sorted(found, key=_middle)


def _spans(upright: Box, levels: Sequence[int]) -> bool:
    """Whether it goes from one level rule to the next, or nearly so."""
    return any(min(upright[2], foot) - max(upright[0], top) >= SPANNED * (foot - top) for top, foot in pairwise(levels))


def _faded(rules: Sequence[Box], box: Box, per_mm: float) -> Iterator[int]:
    """Heights of level rules of which pieces are left at both ends of ``box`` and between: thin ones fade, words touch them."""
    near, wide = SAME_END_MM * per_mm, box[2] - box[0]
    inside = [rule for rule in rules if box[1] < _middle(rule) < box[3]]
    for rule in inside:
        pieces = [other for other in inside if abs(_middle(rule) - _middle(other)) <= ONE_RULE_MM * per_mm]
        whole = hull(pieces)
        if whole[0] - box[0] <= near and box[2] - whole[2] <= near and sum(p[2] - p[0] for p in pieces) >= LEFT * wide:
            yield sum(map(_middle, pieces)) // len(pieces)


def _stacks(rules: Sequence[Box], near: float, least: float) -> Iterator[list[Box]]:
    """Rules at least ``least`` long whose ends lie above one another; two or more."""
    left = [rule for rule in rules if rule[2] - rule[0] >= least]
    while left:
        first = left[0]
        stack = [rule for rule in left if abs(rule[0] - first[0]) <= near and abs(rule[2] - first[2]) <= near]
        left = [rule for rule in left if rule not in stack]
        if len(stack) > 1:
            yield stack


def _tries(frame: Frame, page: Print) -> Iterator[Frame]:
    """The frame, with open rows under it, and without its first or last rule: those of a page's head and foot may be as long."""
    x0, _, x1, _ = frame.box
    levels = frame.levels
    tail = _with_tail(frame, page) if len(levels) <= 3 else None
    if tail:
        yield tail
    yield frame
    for part in (levels[1:], levels[:-1], levels[1:-1]):
        if len(part) > 2:
            yield replace(frame, box=(x0, part[0], x1, part[-1] + 1), levels=part)


def _runs(marked: NDArray[np.bool_]) -> list[Span]:
    """Where it is true, from and to."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], marked.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _lines(page: Print, box: Box) -> list[Span]:
    """From and to (y) of the letters of each line in ``box``."""
    x0, y0, x1, y1 = box
    inset = page.line // 2
    rows = np.count_nonzero(page.text[y0 + inset : y1 - inset, x0 + inset : x1 - inset], axis=1).astype(np.float32)
    if not rows.any():
        return []
    around = cv2.dilate(rows[:, None], np.ones((round(2 * page.letter) | 1, 1), np.uint8)).ravel()
    core = np.where(around > WORDS * page.letter, CORE * around, 0)
    runs = _runs(np.asarray(rows > core, np.bool_))
    return [(y0 + inset + a, y0 + inset + b) for a, b in runs if b - a >= MIN_LINE * page.letter]


def _widest(page: Print, box: Box) -> int:
    """Width of the ink in ``box``."""
    x0, y0, x1, y1 = box
    inset = page.line // 2
    columns = np.flatnonzero(page.text[y0 + inset : y1 - inset, x0 + inset : x1 - inset].any(axis=0))
    return int(columns[-1] - columns[0] + 1) if len(columns) else 0


def _drawn(frame: Frame, rules: Mask, page: Print) -> Mask | None:
    """``rules``, those of the frame's box (1), with the missing ones; ``None`` when this is no table."""
    x0, y0, x1, y1 = frame.box
    if not _alone(frame.box, page):
        return None
    strips = [(x, x + 1) for x in frame.uprights] or _gaps(frame, page)
    if len(strips) < (1 if frame.uprights or len(frame.levels) > PAIRS else MIN_COLUMNS - 1):
        return None
    columns = list(pairwise([x0, *((lo + hi) // 2 for lo, hi in strips), x1]))
    levels: list[int] = []
    bands = list(pairwise(frame.levels))
    for index, (top, foot) in enumerate(bands):
        levels.append(top)
        if index or len(bands) == 1:
            lines = [_lines(page, (a, top, b, foot)) for a, b in columns]
            number = _widest(page, (columns[0][0], top, columns[0][1], foot))
            levels += _cuts(lines, number, page.letter, ruled=len(bands) > 2)
    levels.append(frame.levels[-1])
    if not _believed(columns, list(pairwise(levels)), page, len(bands), ruled=bool(frame.uprights)):
        return None
    drawn = rules.copy()
    for y in levels:
        drawn[min(y - y0, y1 - y0 - 1)] = 1
    drawn[0] = drawn[-1] = 1
    drawn[:, 0] = drawn[:, -1] = 1
    near = page.line // 2 + 1
    for _, x in columns[:-1]:
        _upright(drawn, page.smear[y0:y1, x0:x1], x - x0, near, TOUCHED * page.letter)
    return drawn


def _upright(drawn: Mask, smear: Mask, x: int, near: int, touched: float) -> None:
    """Draws an upright rule from one level rule to the next, where no words run across it and none is printed."""
    beside = drawn[:, max(0, x - near) : x + near + 1].copy()
    level, printed = (np.asarray(rows, np.bool_) for rows in (beside.all(axis=1), beside.any(axis=1)))
    for top, foot in _runs(~level):
        if np.count_nonzero(printed[top:foot]) > 0.7 * (foot - top) > 0:
            drawn[top:foot, x] |= np.uint8(0) if np.all(printed[top:foot]) else np.uint8(1)
        elif np.count_nonzero(smear[top:foot, x]) <= touched:
            drawn[top:foot, x] = 1


def _alone(box: Box, page: Print) -> bool:
    """Whether no words stand beside the frame, or across its sides."""
    x0, y0, x1, y1 = box
    strip = page.text[y0:y1]
    near = 2 * page.line
    sides = strip[:, max(0, x0 - page.line) : max(1, x0 - 2)], strip[:, x1 + 2 : x1 + page.line]
    if any(np.count_nonzero(side.any(axis=1)) > TOUCHED * page.letter for side in sides):
        return False
    beside = cv2.countNonZero(strip[:, : max(0, x0 - near)]) if x0 > near else 0
    beside += cv2.countNonZero(strip[:, x1 + near :]) if x1 + near < strip.shape[1] else 0
    return beside <= OUTSIDE * cv2.countNonZero(strip[:, x0:x1])


def _gaps(frame: Frame, page: Print) -> list[Span]:
    """White strips from head to foot between the columns' words, left to right; titles across the table don't close them."""
    x0, _, x1, _ = frame.box
    smear = page.smear[:, x0:x1]
    bands = list(pairwise(frame.levels))
    body = bands[1:] or bands
    cover = sum((np.count_nonzero(smear[top:foot], axis=0) for top, foot in body), np.zeros(x1 - x0, np.int64))
    most = max(1, int(cover.max()))
    words = cover > max(TOUCHED * page.letter, CROSSED * most)
    texts = _runs(words)
    head = np.count_nonzero(smear[bands[0][0] : bands[0][1]], axis=0) > TOUCHED * page.letter
    for lo, hi in _runs(head):
        if not any(a < hi and lo < b for a, b in texts):
            words[lo:hi] = True  # the head of a column that is empty
    wanted = (WIDE_GAP if most < FEW_LINES * page.letter else WORD_GAP) * page.letter
    inner = [(lo, hi) for lo, hi in _runs(~words) if lo > 0 and hi < x1 - x0 and hi - lo >= wanted]
    free = [_widest_free(head, strip) or strip for strip in inner]
    return [(x0 + lo, x0 + hi) for lo, hi in free]


def _believed(columns: Sequence[Span], rows: Sequence[Span], page: Print, bands: int, *, ruled: bool) -> bool:
    """Whether enough of the rows have words in several columns, and each column has some. ``ruled``: uprights part the columns."""
    least = 0.15 * page.letter**2
    filled = np.array(
        [[cv2.countNonZero(page.text[top:foot, a:b]) > least for a, b in columns] for top, foot in rows], bool
    )
    several = int(np.count_nonzero(filled.sum(axis=1) >= 2))
    if len(rows) < 2 or several < max(2, FILLED * len(rows)):
        return False
    if ruled:
        return True
    if len(columns) == 2:
        return bands >= PAIRS and several >= 0.75 * len(rows)
    head = int(np.count_nonzero(filled[0]))
    return bool(filled.any(axis=0).all() and head >= max(2, FILLED * len(columns)))


def _cuts(columns: Sequence[Sequence[Span]], width: int, letter: float, *, ruled: bool) -> list[int]:
    """Where rows part that stand in one band; ``columns``: the lines of each, ``width``: of the first one's entries.

    ``ruled``: rows have their rules elsewhere on this table, so only a column of numbers parts them here.
    """
    rows = _together(columns)
    if len(rows) < 2 or len(columns) < 2:
        return []
    first = columns[0]
    numbers = 0 < width <= NUMBER * letter
    entries = [index for index, row in enumerate(rows) if any(a < row[1] and row[0] < b for a, b in first)]
    if ruled and not (numbers and len(entries) >= STRICT_ENTRIES):
        return []
    whites = [(a[1], b[0]) for a, b in pairwise(rows)]
    filled = [sum(any(a < row[1] and row[0] < b for a, b in column) for column in columns) for row in rows]
    if len(entries) == len(rows) and min(filled) >= 2:
        return [(a + b) // 2 for a, b in whites]
    if numbers and len(entries) >= 2:
        return _by_numbers(entries, whites)
    usual = float(np.median([b - a for a, b in whites]))
    return [] if ruled else [(a + b) // 2 for a, b in whites if b - a >= PARTING * usual]


def _by_numbers(entries: Sequence[int], whites: Sequence[Span]) -> list[int]:
    """One cut between two numbers: above the second where numbers stand at the top of their rows, else in the widest white."""
    sizes = [b - a for a, b in whites]
    at_top = [number - 1 for number in entries[1:]]
    widest = [max(range(a, b), key=lambda index: sizes[index]) for a, b in pairwise(entries)]
    white = [sum(sizes[index] for index in chosen) for chosen in (at_top, widest)]
    chosen = at_top if entries[0] == 0 and white[0] >= AS_WIDE * white[1] else widest
    return [sum(whites[index]) // 2 for index in chosen]


def _together(columns: Sequence[Sequence[Span]]) -> list[Span]:
    """Lines of all columns, those that overlap as one, from top to bottom."""
    found: list[Span] = []
    for top, foot in sorted(line for column in columns for line in column):
        if found and top < found[-1][1]:
            found[-1] = found[-1][0], max(foot, found[-1][1])
        else:
            found.append((top, foot))
    return found


def _with_tail(frame: Frame, page: Print) -> Frame | None:
    """The frame with the open rows under it, whose words keep to its columns; ``None`` where none are."""
    x0, _, x1, y1 = frame.box
    strips = [(x - 1, x + 2) for x in frame.uprights] or _gaps(frame, page)
    if len(strips) < MIN_COLUMNS - 1:
        return None
    foot, taken = y1, 0
    height = page.text.shape[0]
    places = [x0, *((lo + hi) // 2 for lo, hi in strips), x1]
    lines = _together([_lines(page, (a, y1 + 1, b, height)) for a, b in pairwise(places)])
    for index, (top, bottom) in enumerate(lines):
        if top - foot > TAIL_GAP * page.letter:
            break
        over = foot if not index else (lines[index - 1][1] + top) // 2
        under = bottom + round(0.4 * page.letter)
        words = np.count_nonzero(page.smear[over:under], axis=0) > (0 if frame.uprights else TOUCHED * page.letter)
        if words[: max(0, x0 - 2 * page.line)].any() or words[x1 + 2 * page.line :].any():
            break
        free = [_widest_free(words, strip) for strip in strips]
        if any(strip is None for strip in free):
            break
        strips = [strip for strip in free if strip is not None]
        edges = [x0, *((lo + hi) // 2 for lo, hi in strips), x1]
        filled = sum(bool(words[a:b].any()) for a, b in pairwise(edges))
        if not taken and filled < max(MIN_COLUMNS, TAIL_FILLED * (len(edges) - 1)):
            break
        foot, taken = bottom, taken + 1
    if taken < 2:
        return None
    under = min(height - 1, foot + round(0.8 * page.letter))
    return replace(frame, box=(x0, frame.box[1], x1, under + 1), levels=(*frame.levels, under))


def _widest_free(words: NDArray[np.bool_], strip: Span) -> Span | None:
    lo, hi = strip
    free = _runs(~words[lo:hi])
    if not free:
        return None
    a, b = max(free, key=lambda run: run[1] - run[0])
    return (lo + a, lo + b) if b - a >= min(3, hi - lo) else None
