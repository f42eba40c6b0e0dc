"""Seals, signatures and handwriting of a page as boxes: what stands on it beside print. Found once the print is known.

Looked for on a reduced copy, in the ink that no printed word, rule or table accounts for. Nothing is taken from the text here: the boxes tell
people, and those who come later, where a hand or a seal has been.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from workers.ocr.ink import components, ink_mask, painted
from workers.page import Box, Holds, Line, Mark, MarkKind, Pixels, Slot, Table, hull, meet
from workers.steps.copies import halved

DPI = 45.0
"""Of the reduced copy, at least: a pen's stroke is then a pixel wide."""
RED, BLUE = 40, 25
"""By how much the channels of a seal's and of a pen's ink differ, paper taken as white."""
SURE = 0.55
"""Confidence of a word from which on its ink is print. What a reader made of strokes is less sure (``reader.engine.PEN``)."""

WELL = 0.8
"""Confidence of one word that makes its whole line print."""
LEAST_SIDE = 20
"""Pixels of the reduced copy: on less nothing can be told."""

SEAL_MM = (9.0, 60.0)
"""Diameter: agencies' seals are 36 to 42 mm, the pictures of seals in signed files' notes down to 10."""
ROUND = 1.3
"""Long side to short side of a seal at most: part of it may be faint."""
CORNER = 0.1
"""Share of a seal's ink outside the ellipse of its box at most."""
FAINT = 0.04
"""Share of a seal's box that its ink covers at least: less shines through from the other side."""
BLACK_SEAL_MM, RING, RING_WIDE_MM = (15.0, 22.0), 0.8, 1.0
"""Radius of a seal on a black and white page; share of its circle that must be ink; how far from the circle it may lie."""

STROKES_MM = (7.0, 3.0)
"""Long and short side of a pen's strokes that are worth a box: a paraph, two digits. Smaller are specks, accents and torn letters."""
SIGNATURE_MM = (15.0, 6.0)
"""The same of a signature that stands apart from a seal."""
NEAR_SEAL_MM = 6.0
PIECE = 0.4
"""Share of the long side that a single stroke must have."""
RULE_MM = 9.0
JOIN_MM = 2.0
"""Strokes so near to one another are of one hand."""
EDGE_MM = 4.0
"""What lies within this of the sheet's edge is the scanner's shadow, a punched hole or the table."""
ONE_HAND = 0.5
"""Share of the height of strokes joined into one that the tallest of them has."""
STRAIGHT = 12.0
"""Long side to short side of a shape that is a rule or a fold, not a hand's."""
DENSE = 0.6
"""Share of its box that strokes fill at most: more is a blot, a picture or a bar."""
MOST_INK = 0.25
"""Share of the page: with more such ink it is a photograph or a coloured form, and no mark can be told."""

_X, _Y, _W, _H, _AREA = range(5)


def find_marks(
    page: Pixels,
    dpi: float,
    scale: tuple[float, float],
    *,
    lines: Sequence[Line],
    tables: Sequence[Table],
    slots: Sequence[Slot],
) -> tuple[Mark, ...]:
    """Marks from top to bottom, in page space.

    ``page``: the straightened page, grey or RGB, of ``dpi``, colours as scanned. ``scale``: page space is so many times as wide and as
    high; there stand ``lines``, ``tables`` and ``slots``.
    """
    small, factor = page, 1
    while dpi / factor >= 2 * DPI:
        small, factor = halved(small), factor * 2
    height, width = small.shape[:2]
    if min(height, width) < LEAST_SIDE:
        return ()
    mm = dpi / factor / 25.4
    across, down = scale[0] * factor, scale[1] * factor
    ink, red, blue = _inks(small, dpi / factor)
    if cv2.countNonZero(red) + cv2.countNonZero(blue) > MOST_INK * red.size:
        return ()
    printed = _printed(lines, tables, (height, width), (across, down), mm)
    seals = _seals(red, mm)
    strokes = cv2.bitwise_or(
        _unread(np.asarray(cv2.subtract(ink, red), np.uint8), printed, mm), _unread(blue, printed, mm)
    )
    strokes = _without_rules(np.asarray(strokes, np.uint8), mm)
    if not seals and not cv2.countNonZero(red):
        seals = _black_seals(strokes, mm)
    marks = [Mark(MarkKind.SEAL, box) for box in seals]
    marks += _hands(strokes, seals, mm)
    moved = [Mark(mark.kind, _scaled(mark.box, across, down)) for mark in marks]
    pens = [Mark(MarkKind.HANDWRITING, slot.box) for slot in slots if slot.holds is Holds.PEN]
    apart = [
        mark
        for mark in moved
        if mark.kind is not MarkKind.HANDWRITING or not any(meet(mark.box, pen.box) for pen in pens)
    ]
    return tuple(sorted([*apart, *pens], key=lambda mark: (mark.box[1], mark.box[0])))


def _inks(small: Pixels, dpi: float) -> tuple[Pixels, Pixels, Pixels]:
    """Masks (255) of all ink, the red and the blue."""
    if small.ndim == 2:
        none = np.zeros(small.shape, np.uint8)
        return ink_mask(small, dpi), none, none
    red, green, blue = cv2.split(small)
    darkest = cv2.min(cv2.min(red, green), blue)
    ink = ink_mask(np.asarray(darkest, np.uint8), dpi)
    _, reds = cv2.threshold(cv2.subtract(red, cv2.max(green, blue)), RED, 255, cv2.THRESH_BINARY)
    _, blues = cv2.threshold(cv2.subtract(blue, cv2.max(red, green)), BLUE, 255, cv2.THRESH_BINARY)
    return ink, np.asarray(cv2.bitwise_and(reds, ink), np.uint8), np.asarray(cv2.bitwise_and(blues, ink), np.uint8)


def _printed(
    lines: Sequence[Line], tables: Sequence[Table], shape: tuple[int, int], scale: tuple[float, float], mm: float
) -> Pixels:
    """Mask (255) of where printed words and tables stand: all words of a line of which one was read well, and the fairly sure ones of others."""
    across, down = scale
    mask = np.zeros(shape, np.uint8)
    margin = max(1, round(0.4 * mm))
    boxes: list[Box] = []
    for line in lines:
        well = any(word.confidence >= WELL for word in line.words)
        boxes += [word.box for word in line.words if well or word.confidence >= SURE]
    for x0, y0, x1, y1 in [*boxes, *(table.box for table in tables)]:
        top, left = max(0, int(y0 / down) - margin), max(0, int(x0 / across) - margin)
        mask[top : math.ceil(y1 / down) + margin, left : math.ceil(x1 / across) + margin] = 255
    return mask


def _unread(ink: Pixels, printed: Pixels, mm: float) -> Pixels:
    """Mask (255) of shapes of ink most of which no printed word accounts for, and that are no bars and no edges of the sheet."""
    if not cv2.hasNonZero(ink):
        return ink
    labels, stats = components(ink)
    covered = np.bincount(labels[(printed > 0) & (ink > 0)], minlength=len(stats))
    w, h = stats[:, _W], stats[:, _H]
    long, short = np.maximum(w, h), np.maximum(1, np.minimum(w, h))
    edge = EDGE_MM * mm
    at_edge = (stats[:, _X] < edge) | (stats[:, _Y] < edge)
    at_edge |= (stats[:, _X] + w > ink.shape[1] - edge) | (stats[:, _Y] + h > ink.shape[0] - edge)
    bar = (long > STRAIGHT * short) | ((stats[:, _AREA] > DENSE * w * h) & (long > STROKES_MM[0] * mm))
    keep = (covered < 0.5 * stats[:, _AREA]) & ~bar & ~(at_edge & (long > 3 * short)) & (long >= 0.8 * mm)
    keep[0] = False
    return painted(labels, np.where(keep, np.uint8(255), np.uint8(0)))


def _without_rules(strokes: Pixels, mm: float) -> Pixels:
    """The mask without level and upright rules: underlines, frames, folds."""
    length = max(3, round(RULE_MM * mm))
    across = cv2.morphologyEx(strokes, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    down = cv2.morphologyEx(strokes, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return np.asarray(cv2.subtract(strokes, cv2.bitwise_or(across, down)), np.uint8)


def _seals(red: Pixels, mm: float) -> list[Box]:
    """Round regions of red ink. Their broken rings are closed first."""
    if not cv2.hasNonZero(red):
        return []
    size = max(3, round(1.2 * mm)) | 1
    closed = cv2.morphologyEx(red, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    labels, stats = components(np.asarray(closed, np.uint8))
    found: list[Box] = []
    for index, (x, y, w, h, _) in enumerate(stats.tolist()):
        long, short = max(w, h), min(w, h)
        if index == 0 or not SEAL_MM[0] * mm <= long <= SEAL_MM[1] * mm or long > ROUND * short:
            continue
        here = np.s_[y : y + h, x : x + w]
        ink = (red[here] > 0) & (labels[here] == index)
        rows, columns = np.mgrid[0:h, 0:w]
        outside = ((columns + 0.5 - w / 2) / (w / 2)) ** 2 + ((rows + 0.5 - h / 2) / (h / 2)) ** 2 > 1.1
        count = int(np.count_nonzero(ink))
        if count >= FAINT * w * h and np.count_nonzero(ink & outside) <= CORNER * count:
            found.append((x, y, x + w, y + h))
    return _joined(found, 0.0)


def _black_seals(strokes: Pixels, mm: float) -> list[Box]:
    """Circles of ink of a seal's size, on pages without colour."""
    labels, stats = components(strokes)
    least = 1.4 * BLACK_SEAL_MM[0] * mm
    large = np.flatnonzero(np.minimum(stats[:, _W], stats[:, _H]) >= least)
    found: list[Box] = []
    for index in large.tolist():
        if not index:
            continue
        x, y, w, h, _ = stats[index].tolist()
        shape = np.asarray(labels[y : y + h, x : x + w] == index, np.uint8) * 255
        low, high = (round(radius * mm) for radius in BLACK_SEAL_MM)
        circles = cv2.HoughCircles(
            cv2.GaussianBlur(shape, (3, 3), 0),
            cv2.HOUGH_GRADIENT,
            1.5,
            least,
            param1=100,
            param2=20,
            minRadius=low,
            maxRadius=high,
        )
        for cx, cy, radius in circles[0].tolist() if circles is not None else []:
            if _ring(shape, (cx, cy), radius, max(1.0, RING_WIDE_MM * mm)) >= RING:
                found.append(
                    (round(x + cx - radius), round(y + cy - radius), round(x + cx + radius), round(y + cy + radius))
                )
                break
    return found


def _ring(shape: Pixels, middle: tuple[float, float], radius: float, wide: float) -> float:
    """Share of a circle's directions in which there is ink on it."""
    angles = np.arange(0, 2 * math.pi, math.pi / 45)
    hit = np.zeros(len(angles), np.bool_)
    for off in np.arange(-wide, wide + 0.5, 0.5):
        columns = np.round(middle[0] + (radius + off) * np.cos(angles)).astype(int)
        rows = np.round(middle[1] + (radius + off) * np.sin(angles)).astype(int)
        inside = (columns >= 0) & (columns < shape.shape[1]) & (rows >= 0) & (rows < shape.shape[0])
        hit[inside] |= shape[rows[inside], columns[inside]] > 0
    return float(hit.mean())


def _hands(strokes: Pixels, seals: Sequence[Box], mm: float) -> list[Mark]:
    """Strokes near to one another, by what they are: a signature lies over or beside a seal."""
    if not cv2.hasNonZero(strokes):
        return []
    _, stats = components(strokes)
    shapes = [
        (x, y, x + w, y + h)
        for x, y, w, h, _ in stats[1:].tolist()
        if max(w, h) >= PIECE * STROKES_MM[0] * mm and not any(_inside((x, y, x + w, y + h), box) for box in seals)
    ]
    marks: list[Mark] = []
    for box in _joined(shapes, JOIN_MM * mm):
        long, short = (pick(box[2] - box[0], box[3] - box[1]) / mm for pick in (max, min))
        if long < STROKES_MM[0] or short < STROKES_MM[1]:
            continue
        tallest = max(shape[3] - shape[1] for shape in shapes if _within(shape, box))
        if tallest < ONE_HAND * (box[3] - box[1]):
            continue  # lines of small print that nobody read: the note of a digital signature on a born-digital page
        beside = any(meet(_widened(seal, NEAR_SEAL_MM * mm), box) for seal in seals)
        large = long >= SIGNATURE_MM[0] and short >= SIGNATURE_MM[1]
        marks.append(Mark(MarkKind.SIGNATURE if large and (beside or not seals) else MarkKind.HANDWRITING, box))
    return marks


def _joined(shapes: Sequence[Box], reach: float) -> list[Box]:
    """Boxes of the groups whose members lie within ``reach`` of each other."""
    groups: list[Box] = []
    for shape in shapes:
        box = shape
        while near := [group for group in groups if meet(_widened(group, reach), box)]:
            groups = [group for group in groups if group not in near]
            box = hull([box, *near])
        groups.append(box)
    return groups


def _widened(box: Box, by: float) -> tuple[float, float, float, float]:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def _within(box: Box, other: Box) -> bool:
    return other[0] <= box[0] and other[1] <= box[1] and box[2] <= other[2] and box[3] <= other[3]


def _inside(box: Box, other: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return other[0] <= x < other[2] and other[1] <= y < other[3] and box[2] - box[0] < 0.6 * (other[2] - other[0])


def _scaled(box: Box, across: float, down: float) -> Box:
    return math.floor(box[0] * across), math.floor(box[1] * down), math.ceil(box[2] * across), math.ceil(box[3] * down)
