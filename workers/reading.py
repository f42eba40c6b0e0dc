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
from workers.ocr.tables import filled, find_ruled
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


def straighten_and_read(
    pixels: Pixels,
    dpi: float,
    engine: OcrEngine,
    watch: Stopwatch,
    turn: Callable[[Pixels], int] = alone,
    *,
    photographed: bool = False,
) -> Reading:
    """On one reduced copy, but for small print; the page's pixels stay as they are. Of a photo the reader gets an evenly lit copy.

    ``turn``: clockwise degrees that set the grey copy upright.
    """
    height, width = pixels.shape[:2]
    lit = evenly_lit if photographed else _as_it_is
    with watch("orient"):
        copy, copy_dpi = reading_copy(pixels, dpi)
        copy = lit(copy, copy_dpi)
        grey = grey_of(copy)
        rotation = turn(grey)
    with watch("deskew"):
        skew = skew_angle(np.ascontiguousarray(np.rot90(grey, -rotation // 90)), copy_dpi)
        placement = placing.place(width, height, rotation=rotation, skew=skew)
        small = placing.scaled(placement, (width, height), (copy.shape[1], copy.shape[0]))
    with watch("clean"):
        coloured = placing.apply(copy, small)
        upright = _clean(coloured, copy_dpi)
    with watch("tables"):
        across, down = placement.width / small.width, placement.height / small.height
        ruled = find_ruled(upright, copy_dpi).moved(across, down)

    def again(box: Box) -> tuple[Line, ...]:
        part = _clean(lit(placing.cut_out(pixels, placement, box), dpi), dpi)
        return moved(engine.read(part, dpi), box[0], box[1])

    with watch("recognise"):
        lines = to_page(engine.read(upright, copy_dpi), small, placement)
        if dpi > FINER * copy_dpi:
            lines = with_small_print(lines, (placement.width, placement.height), dpi, again)
    size = placement.width, placement.height
    with watch("slots"):
        lines = with_roles(lines, size, dpi, tables=ruled.tables, rules=ruled.rules)
        apart = read_slots(lines, size, dpi, lambda box: placing.cut_out(pixels, placement, box), line_reader(engine))
    with watch("marks"):
        marks = find_marks(
            coloured, copy_dpi, (across, down), lines=apart.lines, tables=ruled.tables, slots=apart.slots
        )
    tables = filled(ruled.tables, apart.lines)
    with watch("stamps"):
        stamps = read_stamps(
            coloured, copy_dpi, (across, down), stamp_reader(engine), lines=apart.lines, slots=apart.slots
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
