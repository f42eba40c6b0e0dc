"""The life of a page, on one screen: decode, rectify, inspect, read (``workers.reading``), grade, encode.

The steps are pure functions elsewhere. What goes wrong on a page becomes that page's failure; only a missing program or model is
raised, since it would fail every page and a person must install it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from models.errors import DigitizeError, MissingProgram, PageFailed
from workers.limits import Limits
from workers.ocr.engine import OcrEngine
from workers.ocr.grade import grade
from workers.ocr.quality import Verdict, judge, ours_is_better
from workers.page import DecodedPage, DocumentInfo, Failure, Origin, PageOutcome, Pixels, Placement
from workers.reading import Reading, kept, straighten_and_read
from workers.regions import box_on_page, placed
from workers.repeats import Repeats, content_key
from workers.steps.barcodes import find_barcodes
from workers.steps.decode import decode_page
from workers.steps.decode.kinds import PDF
from workers.steps.inspect import SKEWED_DEGREES, Warn, inspect
from workers.steps.rectify import rectified
from workers.steps.resample import page_jpeg, preview
from workers.steps.stack import Stack
from workers.stopwatch import Stopwatch

log = logging.getLogger(__name__)


def read_page(
    info: DocumentInfo,
    number: int,
    engine: OcrEngine,
    limits: Limits,
    repeats: Repeats | None = None,
    *,
    rotation: int | None = None,
) -> PageOutcome:
    """Page ``number`` (from 1) read. Never raises for a bad page: the outcome carries the failure, and the image if there is one.

    ``repeats``: pages read before, of any document; a page among them is not read again. ``rotation``: clockwise degrees (0, 90, 180, 270) that
    set it upright, where a person says so.
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
        reading = partial(straighten_and_read, turn=stack.upright)
        if rotation is not None:
            reading = partial(straighten_and_read, turn=partial(_said, rotation), told=True)
        read = _read(_shown(outcome, page, info), page, engine, watch, reading)
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
        overlays=page.overlays,
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


def _said(rotation: int, _grey: Pixels) -> int:
    return rotation


def _read(
    outcome: PageOutcome, page: DecodedPage, engine: OcrEngine, watch: Stopwatch, reading: Callable[..., Reading]
) -> PageOutcome:
    with watch("inspect"):
        seen = inspect(page)
        # How far the page leans is told better by reading it.
        warnings = tuple(code for code in seen.warnings if code != Warn.SKEWED)
        outcome = replace(outcome, blank=seen.blank, warnings=warnings, warning_regions=seen.regions)
    with watch("barcodes"):  # of blank pages too: a sheet that bears a code alone is hardly any ink
        outcome = replace(outcome, barcodes=find_barcodes(page.pixels, page.dpi))
    layer, verdict = page.text_layer or (), Verdict.REPLACE
    if layer:
        with watch("quality"):
            verdict = judge(layer, page.pixels, page.dpi, hidden=page.text_hidden)
    if verdict is Verdict.KEEP:
        return _holding(outcome, kept(page, layer, engine, watch), Origin.TEXT, None)
    if seen.blank:
        return outcome
    photographed = page.sheet is not None
    read = reading(page.pixels, page.dpi, engine, watch, photographed=photographed)
    if verdict is Verdict.DOUBT and not ours_is_better(read.lines, layer):
        return _holding(outcome, kept(page, layer, engine, watch), Origin.TEXT, None)
    return _holding(outcome, read, Origin.RELAYERED if layer else Origin.RASTER, engine.name)


def _holding(outcome: PageOutcome, reading: Reading, origin: Origin, engine: str | None) -> PageOutcome:
    skewed = (str(Warn.SKEWED),) if abs(reading.placement.skew) >= SKEWED_DEGREES else ()
    return replace(
        outcome,
        width=reading.placement.width,
        height=reading.placement.height,
        placement=reading.placement,
        origin=origin,
        engine=engine,
        lines=reading.lines,
        tables=reading.tables,
        slots=reading.slots,
        marks=reading.marks,
        grade=grade(reading.lines),
        warnings=(*outcome.warnings, *skewed),
        warning_regions=placed(outcome.warning_regions, reading.placement),
        barcodes=tuple(replace(code, box=box_on_page(code.box, reading.placement)) for code in outcome.barcodes),
    )


def _with_images(outcome: PageOutcome, page: DecodedPage) -> PageOutcome:
    placement = outcome.placement or Placement.identity(outcome.width, outcome.height)
    embeddable = outcome.source is not None or outcome.origin is Origin.TEXT
    return replace(
        outcome,
        preview=preview(page.pixels, placement),
        fallback_jpeg=None if embeddable else page_jpeg(page.pixels, placement),
    )
