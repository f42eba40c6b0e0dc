"""The life of a page, on one screen: decode, rectify, inspect, orient, straighten, clean, read, find tables, slots and marks, grade.

The steps are pure functions elsewhere. What goes wrong on a page becomes that page's failure; only a missing program or model is
raised, since it would fail every page and a person must install it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from models.errors import DigitizeError, MissingProgram, PageFailed
from workers.limits import Limits
from workers.ocr.engine import OcrEngine
from workers.ocr.grade import grade
from workers.ocr.marks import find_marks
from workers.ocr.quality import Verdict, judge, ours_is_better
from workers.ocr.roles import with_roles
from workers.ocr.slots import line_reader, read_slots
from workers.ocr.small_print import FINER, with_small_print
from workers.ocr.tables import filled, find_ruled
from workers.page import (
    Box,
    DecodedPage,
    DocumentInfo,
    Failure,
    Line,
    Mark,
    Origin,
    PageOutcome,
    Pixels,
    Placement,
    Slot,
    Table,
)
from workers.regions import placed
from workers.repeats import Repeats, content_key
from workers.steps import placement as placing
from workers.steps.clean import for_reading
from workers.steps.decode import decode_page
from workers.steps.decode.kinds import PDF
from workers.steps.deskew import skew_angle
from workers.steps.inspect import SKEWED_DEGREES, Warn, inspect
from workers.steps.leaders import without_leaders
from workers.steps.rectify import rectified
from workers.steps.rectify.light import evenly_lit
from workers.steps.resample import grey_of, moved, page_jpeg, preview, reading_copy, to_page
from workers.steps.stack import Stack, alone
from workers.stopwatch import Stopwatch

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """Where the page lies, and its lines, tables, slots and marks in page space."""

    placement: Placement
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]
    slots: tuple[Slot, ...] = ()
    marks: tuple[Mark, ...] = ()


def read_page(
    info: DocumentInfo, number: int, engine: OcrEngine, limits: Limits, repeats: Repeats | None = None
) -> PageOutcome:
    """Page ``number`` (from 1) read. Never raises for a bad page: the outcome carries the failure, and the image if there is one.

    ``repeats``: pages read before, of any document; a page among them is not read again.
    """
    watch, stack = Stopwatch(), Stack(info, number, limits)
    outcome = PageOutcome(number, seconds=watch.seconds)
    try:
        with watch("decode"):
            page = decode_page(info, number, limits)
        outcome = _shown(outcome, page, info)  # stays, photo and all, should anything below fail
        key = content_key(page) if repeats else None
        known = repeats.find(key) if repeats else None
        if known:
            return _repeated(outcome, known)
        with watch("rectify"):
            page = rectified(page)
        read = _read(_shown(outcome, page, info), page, engine, watch, stack)
        with watch("encode"):
            read = _with_images(read, page)
        if repeats and not stack.asked:
            repeats.keep(key, read)
    except MissingProgram:
        raise
    except DigitizeError as error:
        failure = Failure(error.code, error.detail)
    except Exception as error:
        log.exception("page %d of a document of %d failed", number, info.page_count)
        failure = Failure(PageFailed.code, f"{PageFailed.title_en}: {type(error).__name__}")
    else:
        return read
    return replace(outcome, failure=failure, lines=(), grade=None)


def _shown(outcome: PageOutcome, page: DecodedPage, info: DocumentInfo) -> PageOutcome:
    """What is known before anything is read: enough for a PDF page without words."""
    height, width = page.pixels.shape[:2]
    return replace(
        outcome,
        width=width,
        height=height,
        dpi=page.dpi,
        placement=Placement.identity(width, height),
        warnings=page.warnings,
        source=page.source,
        source_pdf_page=outcome.number - 1 if info.media_type == PDF and page.sheet is None else None,
        sheet=page.sheet,
    )


def _repeated(own: PageOutcome, known: PageOutcome) -> PageOutcome:
    """What was made of the same picture before, as this page's."""
    return replace(
        known,
        number=own.number,
        seconds=own.seconds,
        source=own.source if known.source else None,
        source_pdf_page=None if known.sheet else own.source_pdf_page,
    )


def _read(outcome: PageOutcome, page: DecodedPage, engine: OcrEngine, watch: Stopwatch, stack: Stack) -> PageOutcome:
    with watch("inspect"):
        seen = inspect(page)
        # How far the page leans is told better by reading it.
        warnings = tuple(code for code in seen.warnings if code != Warn.SKEWED)
        outcome = replace(outcome, blank=seen.blank, warnings=warnings, warning_regions=seen.regions)
    layer, verdict = page.text_layer or (), Verdict.REPLACE
    if layer:
        with watch("quality"):
            verdict = judge(layer, page.pixels, page.dpi, hidden=page.text_hidden)
    if verdict is Verdict.KEEP:
        return _with_text(outcome, page, layer, engine, watch)
    if seen.blank:
        return outcome
    photographed = page.sheet is not None
    read = straighten_and_read(page.pixels, page.dpi, engine, watch, stack.upright, photographed=photographed)
    if verdict is Verdict.DOUBT and not ours_is_better(read.lines, layer):
        return _with_text(outcome, page, layer, engine, watch)
    skewed = (str(Warn.SKEWED),) if abs(read.placement.skew) >= SKEWED_DEGREES else ()
    return replace(
        outcome,
        width=read.placement.width,
        height=read.placement.height,
        placement=read.placement,
        origin=Origin.RELAYERED if layer else Origin.RASTER,
        engine=engine.name,
        lines=read.lines,
        tables=read.tables,
        slots=read.slots,
        marks=read.marks,
        grade=grade(read.lines),
        warnings=(*outcome.warnings, *skewed),
        warning_regions=placed(seen.regions, read.placement),
    )


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
    return Reading(placement, apart.lines, filled(ruled.tables, apart.lines), apart.slots, marks)


def _as_it_is(pixels: Pixels, _dpi: float) -> Pixels:
    return pixels


def _clean(pixels: Pixels, dpi: float) -> Pixels:
    return without_leaders(for_reading(pixels, dpi), dpi)


def _with_text(
    outcome: PageOutcome, page: DecodedPage, layer: tuple[Line, ...], engine: OcrEngine, watch: Stopwatch
) -> PageOutcome:
    """The page's own words; on the picture are looked for its tables, and the numbers that were stamped between its words."""
    with watch("tables"):
        copy, dpi = reading_copy(page.pixels, page.dpi)
        across, down = page.pixels.shape[1] / copy.shape[1], page.pixels.shape[0] / copy.shape[0]
        ruled = find_ruled(grey_of(copy), dpi).moved(across, down)
        tables = filled(ruled.tables, layer)
    with watch("slots"):
        size = page.pixels.shape[1], page.pixels.shape[0]
        layer = with_roles(layer, size, page.dpi, tables=ruled.tables, rules=ruled.rules)
        apart = read_slots(layer, size, page.dpi, lambda box: _part(page.pixels, box), line_reader(engine))
    with watch("marks"):
        marks = find_marks(copy, dpi, (across, down), lines=layer, tables=tables, slots=apart.slots)
    return replace(
        outcome,
        origin=Origin.TEXT,
        lines=layer,
        tables=tables,
        slots=apart.slots,
        marks=marks,
        grade=grade(layer),
        engine=None,
    )


def _part(pixels: Pixels, box: Box) -> Pixels:
    x0, y0, x1, y1 = box
    return pixels[y0:y1, x0:x1]


def _with_images(outcome: PageOutcome, page: DecodedPage) -> PageOutcome:
    placement = outcome.placement or Placement.identity(outcome.width, outcome.height)
    embeddable = outcome.source is not None or outcome.origin is Origin.TEXT
    return replace(
        outcome,
        preview=preview(page.pixels, placement),
        fallback_jpeg=None if embeddable else page_jpeg(page.pixels, placement),
    )
