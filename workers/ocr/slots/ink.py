"""The ink of one slot alone, and whether a press or a pen put it there.

The crop is cut from the page's own pixels, since the reading copy has lost a pen's colour; it is a few thousand of them. A pen's ink
stays, black or blue; a seal's red and the ink of the words on both sides become paper.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from workers.ocr.ink import components, ink_mask
from workers.ocr.slots.find import Gap
from workers.page import Box, Holds, Pixels, SlotKind

ABOVE, BELOW = 1.25, 0.55
"""Em over and under the baseline that a crop reaches: a pen's digits are taller than print, and hang below it."""
BESIDE = 1.4
"""Em on either side that are looked at too, for an anchor's edge."""
RED, BLUE = 45, 40
"""By how much one channel is lighter than the others in a seal's red, and in a blue pen's stroke."""
LEAST_EM = 8.0
"""Pixels of the type's size: less is a page of 45 dpi, or no type."""
LEAST_TALL = 0.33
"""Em: what is lower is a dot of a leader, a dash or a speck; a digit of print is 0.68 high."""
SURE_EDGE, NEAR, DOT = 0.12, 0.25, 0.2
"""Em: how far a word's own edge, and one that was reckoned, may lie from the gap that it is; what is so small beside it is the colon's."""
SLASH_SIZE, SLASH_STROKE = (0.28, 0.69), 0.065
"""Em: width and height of a slash, and of its stroke, in Times."""
SLASH_REACH, SLASH_UP = (0.9, 1.2), 0.1
"""Em on either side of the reckoned edge where a slash may begin, and over and under its place. A type size reckoned from words that swallowed
a digit is too large, and the edge too far left."""
SLASH_CLOSE = (0.25, 0.2, 0.75, 0.9)
"""Em that a slash is wide which the digit before it overlaps, em of its right end that it shows all the same, how straight that is
(correlation of its pixels), and how straight all of it is where the two do not touch."""
SLASH = 0.7
"""Correlation with the shape of a slash from which on it is one, the best of all places. Slashes had 0.77 to 0.96 on 87 drawn and real pages,
the next best place beside one 0.78 at most (a pen's 1 or 7).
"""
FINE = 8
"""Times as large as the page that its shape is drawn."""
STRAY = 0.7
"""Share of a shape's ink that lies outside the slot for it to be its neighbour's."""

LETTERS = (0.57, 0.86)
"""Em: heights of the letters beside a slot that are as high as digits: capitals, ascenders, *g* and *y*; all 0.66 to 0.68 in Times."""
LIKE, SPREAD = 0.1, 0.1
"""By how much of those letters' height digits of print may be higher or lower, and (em) differ in one slot. Pens wrote digits 0.76 to
1.13 em high on the real pages, with 0.04 to 0.15 between two of them."""
RAISED, LOWERED, UNEVEN = 0.22, 0.1, 0.07
"""Em: how far their feet may stand over and under the words' baseline, where a number was stamped or drawn in; and off one another.
Pens hang below it, by 0.1 to 0.3 on most pages."""
STAMPED, REGULAR, HANGING, THICK = 0.18, 0.04, 0.05, 1.2
"""A number may be stamped in other type than the words: by how much of their height it may differ, then; how much its digits may differ
(em), hang under the line (em), and how thick its strokes may be."""
PIXEL = 2.0
"""Pixels by which edges may be off in print."""
COARSE, SPARE = 24.0, (2.0, 1.0)
"""Pixels an em up to which a scan is coarse (130 dpi), and by how much more edges must be off there, and elsewhere, to be a pen's: digits
of print break or run into one another on coarse scans."""
PITCH, OFF_PITCH = 0.5, 0.12
"""Em from the middle of a digit to that of the next: all digits of a face are equally wide, in Times half an em. A pen's are not."""
WIDE = 0.6
"""Em: a wider shape is several digits that touch."""
HEAVY = 1.4
"""Times the mean stroke of the words on both sides: thicker is a pen's. On the real pages print had 0.8 to 1.2, pens 1.2 to 2."""
COLOURED = 0.3
"""Share of blue ink that is a pen's, or a numbering stamp's."""

_X, _Y, _W, _H, _AREA = range(5)


@dataclass(frozen=True, slots=True)
class SlotInk:
    """``pixels``: grey ``(h, w)`` with nothing but the slot's ink; ``box``: where it stands on the page. ``foot``: y of the baseline in it.

    ``letter``: height of the letters beside it. ``shapes``: x, y, width, height, area of what is tall enough for a digit, from left to right. ``blue``: share of the ink that is
    coloured as a pen's. ``stroke``: mean width of its strokes, in those of the words beside it. ``clean``: which shapes touch neither side.
    """

    pixels: Pixels
    box: Box
    foot: float
    em: float
    letter: float
    shapes: NDArray[np.int32]
    blue: float
    stroke: float
    clean: NDArray[np.bool_]

    @property
    def holds(self) -> Holds:
        """What filled the slot. Print is what looks like print in every way; a pen's is what does not even with some pixels to spare."""
        if not len(self.shapes):
            return Holds.EMPTY
        if self._is_print(0.0):
            return Holds.PRINTED
        return Holds.UNSURE if self._is_print(SPARE[self.em > COARSE]) else Holds.PEN

    @property
    def digits(self) -> int:
        """How many digits of print its shapes are, by their widths."""
        return int(self._digits(self.shapes).sum())

    def _digits(self, shapes: NDArray[np.int32]) -> NDArray[np.floating]:
        widths = shapes[:, _W]
        several = np.maximum(1.0, np.round((widths + 0.06 * self.em) / (PITCH * self.em)))
        return np.where(widths <= WIDE * self.em, 1.0, several)

    def _is_print(self, spare: float) -> bool:
        if self.stroke > HEAVY:
            return False
        # What touches a word beside the slot was cut from it somewhere: its width says nothing.
        some = bool(self.clean.any())
        shapes = self.shapes[self.clean] if some else self.shapes
        heights = shapes[:, _H]
        feet = shapes[:, _Y] + heights - self.foot
        even = self._within(np.ptp(heights), SPREAD, spare) and self._within(np.ptp(feet), UNEVEN, spare)
        if not even or not self._within(-feet.min(), RAISED, spare):
            return False
        off = np.abs(heights - self.letter).max() - LIKE * self.letter
        like = off <= PIXEL + spare and self._within(feet.max(), LOWERED, spare) and self.blue <= COLOURED
        return (like or self._is_stamped(heights, feet, spare)) and (not some or self._is_even(shapes, spare))

    def _is_stamped(self, heights: NDArray[np.int32], feet: NDArray[np.floating], spare: float) -> bool:
        """Print of another size or colour than the words': the more regular it must be."""
        alike = np.abs(heights - self.letter).max() <= PIXEL + STAMPED * self.letter + spare
        regular = self._within(np.ptp(heights), REGULAR, spare) and self._within(np.ptp(feet), REGULAR, spare)
        return bool(alike and regular and self._within(feet.max(), HANGING, spare) and self.stroke <= THICK)

    def _is_even(self, shapes: NDArray[np.int32], spare: float) -> bool:
        """Whether they are as wide, and stand as far apart, as digits of print do."""
        widths, middles = shapes[:, _W], shapes[:, _X] + shapes[:, _W] / 2
        pitch = PITCH * self.em
        digits = self._digits(shapes)
        if (widths > digits * pitch + 0.08 * self.em + PIXEL + spare).any():
            return False
        steps = np.diff(middles) - (digits[:-1] + digits[1:]) / 2 * pitch
        return bool((np.abs(steps) <= PIXEL + OFF_PITCH * self.em + spare).all())

    def _within(self, pixels: float | np.number, ems: float, spare: float) -> bool:
        return float(pixels) <= max(PIXEL, ems * self.em) + spare


def slot_ink(gap: Gap, size: tuple[int, int], dpi: float, cut: Callable[[Box], Pixels]) -> SlotInk | None:
    """``size``: width and height of the page of ``dpi``; ``cut(box)``: that part of it, grey or RGB. ``None`` for a place off the page, or type
    too small to tell anything by.
    """
    em = gap.em
    left, right = max(0, round(gap.x0 - BESIDE * em)), min(size[0], round(gap.x1 + BESIDE * em))
    top, bottom = max(0, round(gap.foot - ABOVE * em)), min(size[1], round(gap.foot + BELOW * em))
    if em < LEAST_EM or min(right - left, bottom - top) < em:
        return None
    grey, blue = _without_red(cut((left, top, right, bottom)))
    ink = ink_mask(grey, dpi)
    labels, stats = components(ink)
    x0 = _edge(ink, gap.x0 - left, em, sharp=gap.sharp[0])
    x1 = _edge(ink, gap.x1 - left, em, sharp=gap.sharp[1])
    foot = gap.foot - top
    if gap.kind is SlotKind.NUMBER:
        slash = _slash(grey, gap.x1 - left, foot, em)
        if slash is None:
            slash = _beside_digit(labels, stats, gap.x1 - left, em)
        # The edge of a word that begins with its slash can only be too far left: where the last digit was taken for a part of it.
        if slash is not None and (slash > x1 or not gap.sharp[1]):
            x1 = slash
    x1 = max(x1, x0 + 1)
    ours = _of_the_slot(labels, stats, (x0, x1), foot, em, at_colon=not gap.sharp[0])
    mine = ours[labels]
    mine[:, :x0] = False
    mine[:, x1:] = False
    tall = _tall(mine, em)
    if len(tall):  # a dot or a scrap of the next line is no digit's
        mine[: int(tall[:, _Y].min())] = False
        mine[int((tall[:, _Y] + tall[:, _H]).max()) :] = False
    clean = (tall[:, _X] > x0) | (x0 == 0) | ~ink[:, x0 - 1].any()
    clean &= (tall[:, _X] + tall[:, _W] < x1) | (x1 >= ink.shape[1]) | ~ink[:, min(x1, ink.shape[1] - 1)].any()
    tall[:, _X] -= x0
    others = (ink > 0) & ~ours[labels]
    print_beside = _stroke(others)
    stroke = _stroke(mine) / print_beside if print_beside else 1.0
    share = float(np.count_nonzero(blue & mine)) / max(1, int(np.count_nonzero(mine)))
    alone = grey.copy()
    rim = cv2.dilate(np.asarray(mine, np.uint8), np.ones((3, 3), np.uint8)) > 0
    alone[~rim | ((ink > 0) & ~mine)] = 255
    pixels = np.ascontiguousarray(alone[:, x0:x1])
    return SlotInk(
        pixels, (left + x0, top, left + x1, bottom), foot, em, _letter(stats[~ours], em), tall, share, stroke, clean
    )


def _of_the_slot(
    labels: NDArray[np.uint16] | NDArray[np.int32], stats: NDArray[np.int32], sides: tuple[int, int], foot: float, em: float,
    *, at_colon: bool,
) -> NDArray[np.bool_]:  # fmt: skip
    """Which shapes stand in it: most of their ink between its ``sides``, at the height of a line's letters, and no rule."""
    x0, x1 = sides
    inside = np.bincount(labels[:, x0:x1].ravel(), minlength=len(stats))
    middle = stats[:, _Y] + stats[:, _H] / 2
    ours = (inside >= (1 - STRAY) * stats[:, _AREA]) & (middle > foot - em) & (middle < foot + 0.35 * em)
    ours &= ~((stats[:, _W] > 1.2 * em) & (stats[:, _H] < 0.2 * em))
    if at_colon:
        dot = np.maximum(stats[:, _W], stats[:, _H]) < DOT * em
        ours &= ~(dot & (stats[:, _X] < x0 + NEAR * em))
    ours[0] = False
    return ours


def _tall(mask: NDArray[np.bool_], em: float) -> NDArray[np.int32]:
    """Shapes of the mask that are tall enough for a digit, from left to right."""
    stats = components(np.asarray(mask, np.uint8))[1][1:]
    tall = stats[stats[:, _H] >= LEAST_TALL * em]
    return tall[np.argsort(tall[:, _X])]


def _letter(beside: NDArray[np.int32], em: float) -> float:
    heights = beside[
        (beside[:, _H] >= LETTERS[0] * em) & (beside[:, _H] <= LETTERS[1] * em) & (beside[:, _W] >= 0.2 * em), _H
    ]
    return float(np.median(heights)) if len(heights) else 0.68 * em


def _stroke(mask: NDArray[np.bool_]) -> float:
    """Mean width of its strokes, pixels: the distance to paper grows evenly to half of it and is a quarter on average."""
    if not mask.any():
        return 0.0
    distance = cv2.distanceTransform(np.asarray(mask, np.uint8), cv2.DIST_L2, 3)
    return 4 * float(distance[mask].mean())


def _without_red(pixels: Pixels) -> tuple[Pixels, NDArray[np.bool_]]:
    """(the darkest channel, red ink made paper; which pixels are blue or violet)."""
    if pixels.ndim == 2:
        return pixels, np.zeros(pixels.shape, np.bool_)
    red, green, blue = (channel.astype(np.int16) for channel in cv2.split(pixels))
    is_red = red - np.maximum(green, blue) > RED
    darkest = np.where(is_red, np.uint8(255), pixels.min(axis=2))
    return np.asarray(darkest, np.uint8), (blue - np.minimum(red, green) > BLUE) & ~is_red


def _slash(grey: Pixels, x: float, foot: float, em: float) -> int | None:
    """The column where the slash near ``x`` begins; ``None`` where there is none.

    It is looked for by its shape, since on worn and coarse pages it touches the digit before it and the letter after it.
    """
    shape = _slash_shape(em)
    height, width = shape.shape
    left, right = max(0, round(x - SLASH_REACH[0] * em)), round(x + SLASH_REACH[1] * em) + width
    top, bottom = max(0, round(foot - (SLASH_SIZE[1] + SLASH_UP) * em)), round(foot + SLASH_UP * em)
    part = 255 - grey[top:bottom, left:right]
    if part.shape[0] < height or part.shape[1] < width:
        return None
    alike = cv2.matchTemplate(part, shape, cv2.TM_CCOEFF_NORMED).max(axis=0)
    best = int(alike.argmax())
    return left + best if alike[best] >= SLASH else None


def _beside_digit(
    labels: NDArray[np.uint16] | NDArray[np.int32], stats: NDArray[np.int32], x: float, em: float
) -> int | None:
    """Where the slash begins that reaches under the digit before it, or lies over it: a shape that leans, or whose right end does."""
    wide, shown, straight, straight_alone = SLASH_CLOSE
    left, right = stats[:, _X], stats[:, _X] + stats[:, _W]
    ours = (stats[:, _H] >= 0.55 * em) & (stats[:, _W] >= 0.15 * em) & (stats[:, _W] <= 1.2 * em)
    ours &= (right >= x - SLASH_REACH[0] * em) & (right <= x + (SLASH_REACH[0] + wide) * em)
    ours[0] = False
    alone, over = [], []
    for index in np.flatnonzero(ours).tolist():
        shape: NDArray[np.bool_] = np.asarray(np.equal(labels, index))
        if stats[index, _W] <= 0.5 * em:
            if _lean(shape) >= straight_alone:
                alone.append(int(left[index]))
        elif _lean(shape[:, right[index] - round(shown * em) :]) >= straight:
            over.append(int(right[index] - round(wide * em)))
    return max(alone or over, default=None)


def _lean(mask: NDArray[np.bool_]) -> float:
    """Correlation of how far right and how far up its pixels are: 1 for a thin stroke from the lower left to the upper right."""
    y, x = np.nonzero(mask)
    return float(-np.corrcoef(x, y)[0, 1]) if np.ptp(x) and np.ptp(y) else 0.0


def _slash_shape(em: float) -> Pixels:
    """Grey ``(h, w)``, white on black: a slash as large as it is in type of ``em`` pixels, its edges as soft as a scan's."""
    width, height = (max(3, round(size * em)) for size in SLASH_SIZE)
    fine = np.zeros((height * FINE, width * FINE), np.uint8)
    stroke = max(1, round(SLASH_STROKE * em * FINE))
    cv2.line(fine, (stroke // 2, fine.shape[0] - 1), (fine.shape[1] - 1 - stroke // 2, 0), (255,), stroke)
    return np.asarray(cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _edge(ink: Pixels, x: float, em: float, *, sharp: bool) -> int:
    """The column without ink that is nearest to ``x``; where ink touches all about, the one with least."""
    at = min(max(0, round(x)), ink.shape[1])
    reach = round((SURE_EDGE if sharp else NEAR) * em)
    inked = np.count_nonzero(ink, axis=0).tolist()
    columns = range(max(0, at - reach), min(ink.shape[1], at + reach + 1))
    near = [column for column in columns if not inked[column]]
    if near or sharp:
        return min(near, key=lambda column: abs(column - at), default=at)
    return min(columns, key=lambda column: (inked[column], abs(column - at)), default=at)
