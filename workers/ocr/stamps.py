"""The words of coloured stamps: secrecy and urgency under the number, copies' and incoming mail's stamps (NĐ 30/2020 Phụ lục I, ô 10a, 10b).

The reader never sees coloured ink (``steps.clean``), since seals and pens spoil the lines they lie on. Here the coloured layer itself is
looked through for rectangles, framed or bare, as large as such stamps; each is set level, freed of its frame, and its lines are read alone.
What does not read as words is dropped: a pen's figures, scraps of a seal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.ocr.engine import OcrEngine
from workers.ocr.lines import CutLine
from workers.ocr.reader.confidence import sureness, worth
from workers.ocr.second_opinion import SecondReader
from workers.ocr.slots.witness import LineReader, line_reader
from workers.page import Box, Holds, Line, LineRole, Pixels, Slot, area
from workers.steps.clean import DARK, whitening
from workers.steps.copies import halved

UPPER_SHARE = 0.5
"""Of the page's height: stamps are looked for above this."""
DPI = 70.0
"""Of the reduced copy on which they are looked for, at least: letters of 3 mm are 8 pixels high."""
COLOURED = 38
"""Spread of the channels, paper taken as white, from which on a pixel of the reduced copy is coloured: a worn stamp is pale."""
TINTED = 20
"""The same for thin and pale strokes of what is surely coloured, and within a stamp."""
RED = 0.4
"""Share of its spread by which red outdoes both other channels in a stamp's or a seal's red; all else is a pen's or an office's blue and violet."""
MOST_COLOUR = 0.2
"""Share of the searched part: with more, the page is a coloured form or a photograph."""

WIDE_MM, HIGH_MM = (7.0, 72.0), (3.6, 27.0)
"""Of a stamp, its frame with it; bare words are lower than their frame would be."""
ROUND, CORNER = 1.35, 0.1
"""A seal is at most so much longer than wide, and has at most this share of its ink outside the ellipse of its box."""
SIDE = 0.55
"""Share of a frame's side that must be there: stamps are inked unevenly."""
TURNED = 12.0
"""Degrees that a stamp leans at most."""
FRAME_GAP_MM, WORD_GAP_MM = 0.4, 2.6
"""Gaps of a frame that are closed; gaps between letters, words and lines of a bare stamp."""
MOST = 6
"""Places of a page that are read, framed ones first, then the largest."""
FEWEST = 3
"""Letters of like height in a stamp."""
LIKE = (0.7, 1.6)
"""Height of a stamp's letters to their middle one: a capital with its marks is 1.5 capitals high."""
CAPITAL_MM = (1.2, 12.0)
LEAST_SIDE = 8
"""Pixels of the reduced copy."""
X_HEIGHT = 0.68
"""Of a capital's height."""
FEW_WORDS = 3
"""A line of more words that was read there already is print in colour: the note of a digital signature."""
COVERED = 0.5
"""Share of a line's box that lies in another one of the same words."""
SURE_FRAMED, SURE_BARE = 0.3, 0.6
"""Mean confidence of its letters under which a line of a framed or a bare stamp is dropped."""

Matrix = NDArray[np.float64]
_X, _Y, _W, _H, _AREA = range(5)


@dataclass(frozen=True, slots=True)
class Stamp:
    """One that was cut out. ``lines``: in its own upright pixels; ``back``: 2 x 3, from those to the searched page's. ``framed``: a rectangle is drawn round it."""

    lines: tuple[CutLine, ...]
    back: Matrix
    box: Box
    framed: bool


def stamp_reader(engine: OcrEngine) -> LineReader | None:
    """The page's engine, if it can read single lines."""
    return line_reader(engine) or (engine if isinstance(engine, SecondReader) else None)


def with_stamps(lines: Sequence[Line], stamps: Sequence[Line]) -> tuple[Line, ...]:
    """``stamps`` among the page's ``lines``: each behind the lowest line over it that it shares columns with, else before all running text.

    Where a line of few words stands there already (print in colour is kept for the reader), the one that is worth more stays.
    """
    found = list(lines)
    for stamp in reversed(stamps):
        x0, y0, x1, y1 = stamp.box
        same = [line for line in found if line.words and line.role is None and _covers(stamp.box, line.box)]
        if same:
            if worth(stamp.words) <= worth([word for line in same for word in line.words]):
                continue
            found = [line for line in found if not any(line is other for other in same)]
        above = [
            (line.box[3], place)
            for place, line in enumerate(found)
            if line.words
            and line.role is None
            and line.box[3] <= (y0 + y1) / 2
            and line.box[0] < x1
            and x0 < line.box[2]
        ]
        first = next((place for place, line in enumerate(found) if line.role is None), 0)
        found.insert(max(above)[1] + 1 if above else first, stamp)
    return tuple(found)


def read_stamps(
    page: Pixels,
    dpi: float,
    scale: tuple[float, float],
    reader: LineReader | None,
    *,
    lines: Sequence[Line] = (),
    slots: Sequence[Slot] = (),
) -> tuple[Line, ...]:
    """Lines with ``LineRole.STAMP`` in page space, from top to bottom.

    ``page``: the straightened page, grey or RGB, of ``dpi``, colours as scanned. ``scale``: page space is so many times as wide and as
    high. ``lines``: already read, in page space: what they say is not read again, but for few words in a frame. ``slots``: in page space; what a pen wrote into
    one is no stamp.
    """
    pens = [slot.box for slot in slots if slot.holds is Holds.PEN]
    stamps = [stamp for stamp in find_stamps(page, dpi) if not _is_in(_scaled(stamp.box, scale), pens)]
    told = [line.box for line in lines if line.words]
    many = [line.box for line in lines if len(line.words) > FEW_WORDS]
    cut = [
        (stamp, line)
        for stamp in stamps
        for line in stamp.lines
        if not any(_covers(box, _moved(line.box, stamp.back, scale)) for box in (many if stamp.framed else told))
    ]
    if not cut or reader is None:
        return ()
    found: list[Line] = []
    for (stamp, _), line in zip(cut, reader.read_lines([line for _, line in cut], dpi), strict=True):
        if line is not None and _reads(line, framed=stamp.framed):
            words = tuple(replace(word, box=_moved(word.box, stamp.back, scale)) for word in line.words)
            found.append(Line(words, engine=line.engine, role=LineRole.STAMP))
    return tuple(sorted(found, key=lambda line: (line.box[1], line.box[0])))


def find_stamps(page: Pixels, dpi: float) -> tuple[Stamp, ...]:
    """Coloured rectangles of the page's upper half that hold letters in lines. ``page``: RGB; a grey one has none."""
    if page.ndim == 2:
        return ()
    upper = page[: round(UPPER_SHARE * page.shape[0])]
    small, factor = upper, 1
    while dpi / factor >= 2 * DPI and min(small.shape[:2]) >= 2:
        small, factor = halved(small), factor * 2
    mm = dpi / factor / 25.4
    if min(small.shape[:2]) < LEAST_SIDE:
        return ()
    table = whitening(small)
    white = _whitened(small, table)
    sure, layers = _layers(white, COLOURED), _layers(white, TINTED)
    if sum(map(cv2.countNonZero, sure)) > MOST_COLOUR * sure[0].size:
        return ()
    found: list[Stamp] = []
    for red, surely, tinted in zip((True, False), sure, layers, strict=True):
        mask = np.asarray(cv2.bitwise_and(tinted, cv2.dilate(surely, np.ones((5, 5), np.uint8))), np.uint8)
        for rect, framed in _places(mask, mm):
            stamp = _cut(upper, rect, factor, dpi, framed=framed, red=red, table=table)
            if stamp is not None:
                found.append(stamp)
    found.sort(key=lambda stamp: (not stamp.framed, -area(stamp.box)))
    return tuple(found[:MOST])


def _whitened(pixels: Pixels, table: Pixels | None) -> Pixels:
    return pixels if table is None else np.asarray(cv2.LUT(pixels, table), np.uint8)


def _layers(pixels: Pixels, least: int) -> tuple[Pixels, Pixels]:
    """Masks (0, 1) of red ink and of all other coloured ink. ``pixels``: on white."""
    red, green, blue = cv2.split(pixels)
    cold = cv2.max(green, blue)
    spread = cv2.subtract(cv2.max(red, cold), cv2.min(red, cv2.min(green, blue)))
    _, coloured = cv2.threshold(spread, least, 1, cv2.THRESH_BINARY)
    reds = cv2.compare(cv2.subtract(red, cold), cv2.convertScaleAbs(spread, alpha=RED), cv2.CMP_GT)
    reds = cv2.bitwise_and(coloured, reds)
    return np.asarray(reds, np.uint8), np.asarray(cv2.subtract(coloured, reds), np.uint8)


Rect = tuple[tuple[float, float], tuple[float, float], float]
"""Centre, (width, height) and degrees clockwise that its level sides lean."""


def _places(mask: Pixels, mm: float) -> list[tuple[Rect, bool]]:
    """Rectangles of stamps on the mask, and whether each has a frame."""
    found: list[tuple[Rect, bool]] = []
    left = mask.copy()
    for box, ink in _pieces(left, FRAME_GAP_MM * mm):
        if not _fits(box[2], box[3], mm):
            continue
        rect = _rect_of(ink, box)
        if _fits(*rect[1], mm) and _is_framed(ink, box, rect, mm):
            found.append((rect, True))
            corners = cv2.boxPoints((rect[0], (rect[1][0] + 2, rect[1][1] + 2), rect[2]))
            cv2.fillConvexPoly(left, np.round(corners).astype(np.int32), 0)
    for box, ink in _pieces(left, WORD_GAP_MM * mm):
        if _fits(box[2], box[3], mm) and not _is_seal(ink):
            rect = _rect_of(ink, box)
            if _is_framed(ink, box, rect, mm):  # a frame with gaps
                found.append((rect, True))
                continue
            x, y, width, height = box
            found.append((((x + width / 2, y + height / 2), (width, height), 0.0), False))
    return found


def _pieces(mask: Pixels, gap: float) -> list[tuple[tuple[int, int, int, int], Pixels]]:
    """Connected ink, gaps up to ``gap`` pixels closed: x, y, width, height, and all ink in its outline."""
    if not cv2.countNonZero(mask):
        return []
    size = max(3, round(gap)) | 1
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for outline in outlines:
        x, y, width, height = cv2.boundingRect(outline)
        if min(width, height) >= LEAST_SIDE:
            inside = cv2.drawContours(
                np.zeros((height, width), np.uint8), [outline], -1, 1, cv2.FILLED, offset=(-x, -y)
            )
            ink = cv2.bitwise_and(mask[y : y + height, x : x + width], inside)
            found.append(((x, y, width, height), np.asarray(ink, np.uint8)))
    return found


def _fits(width: float, height: float, mm: float) -> bool:
    return WIDE_MM[0] * mm <= width <= WIDE_MM[1] * mm and HIGH_MM[0] * mm <= height <= HIGH_MM[1] * mm


def _rect_of(ink: Pixels, box: tuple[int, int, int, int]) -> Rect:
    """The smallest rectangle about the ink, as it leans."""
    points = cv2.findNonZero(ink)
    (x, y), (width, height), angle = cv2.minAreaRect(np.asarray(points, np.int32))
    if angle > 45:
        width, height, angle = height, width, angle - 90
    elif angle < -45:
        width, height, angle = height, width, angle + 90
    return (x + box[0], y + box[1]), (width + 1, height + 1), angle


def _is_framed(ink: Pixels, box: tuple[int, int, int, int], rect: Rect, mm: float) -> bool:
    """Whether ink runs along all four sides of the rectangle, and not all over it."""
    (x, y), (width, height), angle = rect
    if abs(angle) > TURNED:
        return False
    level = cv2.warpAffine(
        ink * 255, _turned((x - box[0], y - box[1]), (width, height), angle), (round(width), round(height)), flags=cv2.INTER_LINEAR
    ) > 80  # fmt: skip
    band = max(2, round(0.7 * mm))
    sides = (
        level[:band].any(axis=0),
        level[-band:].any(axis=0),
        level[:, :band].any(axis=1),
        level[:, -band:].any(axis=1),
    )
    return all(float(side.mean()) >= SIDE for side in sides) and float(level.mean()) < 0.6


def _is_seal(ink: Pixels) -> bool:
    height, width = ink.shape
    if max(width, height) > ROUND * min(width, height):
        return False
    y, x = np.nonzero(ink)
    outside = ((x + 0.5) / width - 0.5) ** 2 + ((y + 0.5) / height - 0.5) ** 2 > 0.25
    return float(outside.mean()) <= CORNER


def _turned(centre: tuple[float, float], size: tuple[float, float], angle: float) -> Matrix:
    """2 x 3 map that sets a leaning rectangle level, its corner at (0, 0)."""
    matrix = np.asarray(cv2.getRotationMatrix2D(centre, angle, 1.0), np.float64)
    matrix[:, 2] += np.array([size[0] / 2 - centre[0], size[1] / 2 - centre[1]])
    return matrix


def _cut(
    page: Pixels, rect: Rect, factor: int, dpi: float, *, framed: bool, red: bool, table: Pixels | None
) -> Stamp | None:
    """The stamp at ``rect`` (of the copy ``factor`` times smaller), its lines cut; ``None`` without letters in a row."""
    (x, y), (width, height), angle = rect
    mm = dpi / 25.4
    margin = 0.6 * mm
    centre = (x * factor + (factor - 1) / 2, y * factor + (factor - 1) / 2)
    size = (width * factor + 2 * margin, height * factor + 2 * margin)
    forth = _turned(centre, size, angle)
    whole = (round(size[0]), round(size[1]))
    level = cv2.warpAffine(page, forth, whole, flags=cv2.INTER_LINEAR, borderValue=(255.0, 255.0, 255.0))
    ink = _ink(_whitened(np.asarray(level, np.uint8), table), red=red)
    if framed:
        ink = _unframed(ink)
    back = np.asarray(cv2.invertAffineTransform(forth), np.float64)
    lines = _lines(ink, mm)
    if not lines:
        return None
    box = _moved((0, 0, whole[0], whole[1]), back, (1.0, 1.0))
    return Stamp(tuple(lines), back, box, framed)


def _ink(level: Pixels, *, red: bool) -> Pixels:
    """Grey, dark where the stamp's own colour is; black print and ink of the other colour become paper."""
    own = _layers(level, TINTED)[0 if red else 1]
    near = cv2.dilate(own, np.ones((3, 3), np.uint8)) > 0
    return np.where(near & (level.max(axis=2) >= DARK), level.min(axis=2), 255).astype(np.uint8)


def _unframed(ink: Pixels) -> Pixels:
    """Without what lies on and outside of the frame: on each side the rows (columns) up to the last one that is mostly ink."""
    dark = ink < 190
    height, width = dark.shape
    sides = []
    for rows in (dark, dark[::-1], dark.T, dark.T[::-1]):
        reach = max(2, round(0.22 * min(height, width)))
        share = rows[:reach, :].mean(axis=1)
        level = np.flatnonzero(share >= 0.45)
        at = int(level[-1]) + 1 if level.size else 0
        while at < reach and share[at] >= 0.25 and level.size:
            at += 1
        sides.append(at)
    top, bottom, left, right = sides
    inside = np.full_like(ink, 255)
    here = np.s_[top : height - bottom, left : width - right]
    inside[here] = ink[here]
    return inside


def _lines(ink: Pixels, mm: float) -> list[CutLine]:
    """The rows of letters, from top to bottom."""
    dark = np.asarray(ink < _threshold(ink), np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    shapes = stats[1:]
    tall = shapes[
        (shapes[:, _H] >= CAPITAL_MM[0] * mm) & (shapes[:, _H] <= CAPITAL_MM[1] * mm) & (shapes[:, _W] >= 0.2 * mm)
    ]
    rows: list[list[NDArray[np.int32]]] = []
    for shape in sorted(tall, key=lambda one: float(one[_Y] + one[_H])):
        foot = shape[_Y] + shape[_H]
        if rows and foot - float(np.median([one[_Y] + one[_H] for one in rows[-1]])) < 0.45 * float(
            np.median([one[_H] for one in rows[-1]])
        ):
            rows[-1].append(shape)
        else:
            rows.append([shape])
    kept = [np.asarray(row, np.int32) for row in rows]
    kept = [row for row in kept if _is_row(row)]
    if not kept:
        return []
    edges = [0, *(_between(one, other) for one, other in pairwise(kept)), ink.shape[0]]
    return [
        line
        for row, (top, bottom) in zip(kept, pairwise(edges), strict=True)
        if (line := _line(ink, dark, row, top, bottom))
    ]


def _threshold(ink: Pixels) -> float:
    darkest = float(np.percentile(ink, 2))
    return (255.0 + darkest) / 2


def _is_row(row: NDArray[np.int32]) -> bool:
    """Letters of like height; two that touch are one shape."""
    middle = float(np.median(row[:, _H]))
    like = row[(row[:, _H] >= LIKE[0] * middle) & (row[:, _H] <= LIKE[1] * middle)]
    return float(np.maximum(1, np.round(like[:, _W] / (1.15 * middle))).sum()) >= FEWEST


def _between(one: NDArray[np.int32], other: NDArray[np.int32]) -> int:
    """Where the upper row's dots end and the lower one's marks begin."""
    bottom, top = float(np.median(one[:, _Y] + one[:, _H])), float(np.median(other[:, _Y]))
    return round(bottom + 0.45 * max(0.0, top - bottom))


def _line(ink: Pixels, dark: Pixels, row: NDArray[np.int32], top: int, bottom: int) -> CutLine | None:
    capital = float(np.median(row[:, _H]))
    foot = float(np.median(row[:, _Y] + row[:, _H]))
    top, bottom = max(top, round(foot - 1.8 * capital)), min(bottom, round(foot + 0.5 * capital))
    inked = np.flatnonzero(dark[top:bottom].any(axis=0))
    lines = np.flatnonzero(dark[top:bottom].any(axis=1))
    if not inked.size or capital < 4:
        return None
    x0, x1, y0, y1 = int(inked[0]), int(inked[-1]) + 1, top + int(lines[0]), top + int(lines[-1]) + 1
    edge = max(2, round(0.1 * capital))
    crop = cv2.copyMakeBorder(ink[y0:y1, x0:x1], edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=(255.0,))
    return CutLine(
        np.asarray(crop, np.uint8), (x0 - edge, y0 - edge, x1 + edge, y1 + edge), foot, y1 - y0, X_HEIGHT * capital,
        cell=False, own_x_height=capital,
    )  # fmt: skip


def _reads(line: Line, *, framed: bool) -> bool:
    """Whether it says words: mostly letters and figures, believed enough."""
    text = line.text.replace(" ", "")
    said = sum(sign.isalnum() for sign in text)
    letters = said if framed else sum(sign.isalpha() for sign in text)  # what a pen wrote in blue is mostly figures
    sure = SURE_FRAMED if framed else SURE_BARE
    return letters >= FEWEST and said >= 0.7 * len(text) and sureness(line.words) >= sure


def _is_in(box: Box, places: Sequence[Box]) -> bool:
    """Whether its middle lies in one of the places."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(place[0] <= x <= place[2] and place[1] <= y <= place[3] for place in places)


def _covers(one: Box, other: Box) -> bool:
    """Whether ``other`` lies mostly in ``one``."""
    across, down = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    return across > 0 and down > 0 and across * down >= COVERED * area(other)


def _moved(box: Box, back: Matrix, scale: tuple[float, float]) -> Box:
    x0, y0, x1, y1 = box
    corners = np.asarray([(x0, y0, 1), (x1, y0, 1), (x1, y1, 1), (x0, y1, 1)], np.float64) @ back.T * scale
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return max(0, math.floor(left)), max(0, math.floor(top)), max(1, math.ceil(right)), max(1, math.ceil(bottom))


def _scaled(box: Box, scale: tuple[float, float]) -> Box:
    return round(box[0] * scale[0]), round(box[1] * scale[1]), round(box[2] * scale[0]), round(box[3] * scale[1])
