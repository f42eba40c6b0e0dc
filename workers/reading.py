"""What stands on a page, and where: read off its picture, or kept as the PDF tells it.

One reduced copy is turned, straightened, cleaned and read; boxes go back to the page. Tables, slots and marks are found on it too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workers.ocr.engine import OcrEngine
from workers.ocr.marks import find_marks
from workers.ocr.roles import with_roles
from workers.ocr.slots import line_reader, read_slots
from workers.ocr.small_print import FINER, with_small_print
from workers.ocr.stamps import read_stamps, stamp_reader, with_stamps
from workers.ocr.tables import Ruled, filled, find_ruled
from workers.ocr.way_up import in_doubt, is_better
from workers.page import Box, DecodedPage, Line, Mark, Pixels, Placement, Slot, Table
from workers.steps import placement as placing
from workers.steps.clean import for_reading
from workers.steps.copies import grey_of
from workers.steps.deskew import skew_angle
from workers.steps.leaders import without_leaders
from workers.steps.rectify.light import evenly_lit
from workers.steps.resample import moved, reading_copy, to_page
from workers.steps.stack import alone
from workers.stopwatch import Stopwatch


@dataclass(frozen=True, slots=True)
class Reading:
    """Where the page lies, and its lines, tables, slots and marks in page space."""

    placement: Placement
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]
    slots: tuple[Slot, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class _Copy:
    """The page and its reduced copy, in which it is read."""

    pixels: Pixels
    dpi: float
    small: Pixels
    small_dpi: float
    grey: Pixels
    lit: Callable[[Pixels, float], Pixels]


@dataclass(frozen=True, slots=True)
class _Turned:
    """The copy set one way up, straightened and read. ``scaled``: ``placement`` for the copy."""

    placement: Placement
    scaled: Placement
    coloured: Pixels
    ruled: Ruled
    lines: tuple[Line, ...]

    @property
    def size(self) -> tuple[int, int]:
        return self.placement.width, self.placement.height

    @property
    def scale(self) -> tuple[float, float]:
        """From the copy to the page, across and down."""
        return self.placement.width / self.scaled.width, self.placement.height / self.scaled.height


def straighten_and_read(
    pixels: Pixels,
    dpi: float,
    engine: OcrEngine,
    watch: Stopwatch,
    turn: Callable[[Pixels], int] = alone,
    *,
    photographed: bool = False,
    told: bool = False,
) -> Reading:
    """On one reduced copy, but for small print; the page's pixels stay as they are. Of a photo the reader gets an evenly lit copy.

    ``turn``: clockwise degrees that set the grey copy upright. ``told``: a person said so; else a page that reads badly is tried another way up.
    """
    with watch("orient"):
        lit = evenly_lit if photographed else _as_it_is
        small, small_dpi = reading_copy(pixels, dpi)
        small = lit(small, small_dpi)
        copy = _Copy(pixels, dpi, small, small_dpi, grey_of(small), lit)
        rotation = turn(copy.grey)
    read = _turned(copy, rotation, engine, watch)
    if not told and in_doubt(read.lines):
        as_it_came = (0,) if rotation % 180 else ()
        for way in ((rotation + 180) % 360, *as_it_came):
            other = _turned(copy, way, engine, watch)
            if is_better(other.lines, read.lines):
                read = other
    return _understood(copy, read, engine, watch)


def _turned(copy: _Copy, rotation: int, engine: OcrEngine, watch: Stopwatch) -> _Turned:
    height, width = copy.pixels.shape[:2]
    with watch("deskew"):
        skew = skew_angle(np.ascontiguousarray(np.rot90(copy.grey, -rotation // 90)), copy.small_dpi)
        placement = placing.place(width, height, rotation=rotation, skew=skew)
        scaled = placing.scaled(placement, (width, height), (copy.small.shape[1], copy.small.shape[0]))
    with watch("clean"):
        coloured = placing.apply(copy.small, scaled)
        upright = _clean(coloured, copy.small_dpi)
    with watch("tables"):
        across, down = placement.width / scaled.width, placement.height / scaled.height
        ruled = find_ruled(upright, copy.small_dpi).moved(across, down)
    with watch("recognise"):
        lines = to_page(engine.read(upright, copy.small_dpi), scaled, placement)
    return _Turned(placement, scaled, coloured, ruled, lines)


def _understood(copy: _Copy, read: _Turned, engine: OcrEngine, watch: Stopwatch) -> Reading:
    """With small print, slots, marks and stamps."""
    pixels, dpi, placement, lines = copy.pixels, copy.dpi, read.placement, read.lines

    def again(box: Box) -> tuple[Line, ...]:
        part = _clean(copy.lit(placing.cut_out(pixels, placement, box), dpi), dpi)
        return moved(engine.read(part, dpi), box[0], box[1])

    if dpi > FINER * copy.small_dpi:
        with watch("recognise"):
            lines = with_small_print(lines, read.size, dpi, again)
    with watch("slots"):
        lines = with_roles(lines, read.size, dpi, tables=read.ruled.tables, rules=read.ruled.rules)
        apart = read_slots(
            lines, read.size, dpi, lambda box: placing.cut_out(pixels, placement, box), line_reader(engine)
        )
    with watch("marks"):
        marks = find_marks(
            read.coloured, copy.small_dpi, read.scale, lines=apart.lines, tables=read.ruled.tables, slots=apart.slots
        )
    tables = filled(read.ruled.tables, apart.lines)
    with watch("stamps"):
        stamps = read_stamps(
            read.coloured, copy.small_dpi, read.scale, stamp_reader(engine), lines=apart.lines, slots=apart.slots
        )
    return Reading(placement, with_stamps(apart.lines, stamps), tables, apart.slots, marks)


def _as_it_is(pixels: Pixels, _dpi: float) -> Pixels:
    return pixels


def _clean(pixels: Pixels, dpi: float) -> Pixels:
    return without_leaders(for_reading(pixels, dpi), dpi)


def kept(page: DecodedPage, layer: tuple[Line, ...], engine: OcrEngine, watch: Stopwatch) -> Reading:
    """The page's own words; on the picture are looked for its tables, and the numbers that were stamped between its words."""
    height, width = page.pixels.shape[:2]
    placement = Placement.identity(width, height)
    with watch("tables"):
        copy, dpi = reading_copy(page.pixels, page.dpi)
        across, down = width / copy.shape[1], height / copy.shape[0]
        ruled = find_ruled(grey_of(copy), dpi).moved(across, down)
        tables = filled(ruled.tables, layer)
    with watch("slots"):
        layer = with_roles(layer, (width, height), page.dpi, tables=ruled.tables, rules=ruled.rules)
        apart = read_slots(
            layer,
            (width, height),
            page.dpi,
            lambda box: placing.cut_out(page.pixels, placement, box),
            line_reader(engine),
        )
    with watch("marks"):
        marks = find_marks(copy, dpi, (across, down), lines=layer, tables=tables, slots=apart.slots)
    with watch("stamps"):
        stamps = read_stamps(copy, dpi, (across, down), stamp_reader(engine), lines=layer, slots=apart.slots)
    return Reading(placement, with_stamps(layer, stamps), tables, apart.slots, marks)
