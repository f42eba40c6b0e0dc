"""A page drawn by Poppler through pdf2image. Runs inside the limited child, whose limits ``pdftoppm`` inherits."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import numpy as np
from pdf2image import convert_from_path
from pdf2image.exceptions import (
    PDFInfoNotInstalledError,
    PDFPageCountError,
    PDFPopplerTimeoutError,
    PDFSyntaxError,
    PopplerNotInstalledError,
)

from models.errors import CorruptFile, MissingProgram, ProcessingLimit
from workers.limits import Limits
from workers.page import Pixels
from workers.steps.decode.pdf_content import PaintedImage, Survey
from workers.steps.decode.pdf_file import POINTS, PageFrame
from workers.steps.decode.pdf_pull import COVERS, share_of

MIN_DPI, MAX_DPI = 150.0, 300.0
TEXT_DPI = 200.0  # pages without a large image: read as well as at 300 (measured), in two thirds of the time
MAX_DRAWN_PIXELS = 40_000_000  # A2 at 300 dpi; the drawing is in memory three times on its way
_LARGE = 0.30  # share of the page from which an image's own resolution counts


def dominant(survey: Survey, frame: PageFrame) -> tuple[PaintedImage | None, float]:
    """The image with the largest part of the page, and that part; ``(None, 0)`` without images."""
    shares = [(share_of(painted, frame), painted) for painted in survey.images()]
    if not shares:
        return None, 0.0
    share, painted = max(shares, key=lambda pair: pair[0])
    return painted, share


def native_dpi(painted: PaintedImage, frame: PageFrame) -> float:
    """The dpi of an image as placed; the finer of its two axes."""
    a, b, c, d, _, _ = painted.matrix
    across, down = math.hypot(a, b) * frame.unit, math.hypot(c, d) * frame.unit
    width, height = int(painted.image.get("/Width", 0)), int(painted.image.get("/Height", 0))
    return max(width * POINTS / max(across, 1e-6), height * POINTS / max(down, 1e-6))


def drawing_dpi(survey: Survey, frame: PageFrame, limits: Limits) -> float:
    """The dpi to draw at: the scan's own within ``MIN_DPI``..``MAX_DPI``, else ``TEXT_DPI``; never over the pixel limit."""
    painted, share = dominant(survey, frame)
    dpi = TEXT_DPI
    if painted is not None and share >= _LARGE:
        dpi = min(MAX_DPI, max(MIN_DPI if share >= COVERS else TEXT_DPI, native_dpi(painted, frame)))
    width, height = frame.shown_inches()
    most = min(limits.max_pixels, MAX_DRAWN_PIXELS)
    return min(dpi, math.sqrt(most / (width * height)) * 0.999)


def draw(path: Path, number: int, frame: PageFrame, dpi: float, limits: Limits) -> Pixels:
    """Page ``number`` as RGB, turned by ``/Rotate``. ``CorruptFile``, ``ProcessingLimit``, ``MissingProgram``.

    The size in pixels is given, not the dpi, so that a page can't be larger than was checked.
    """
    width, height = frame.shown_inches()
    size = (max(1, round(width * dpi)), max(1, round(height * dpi)))
    if frame.rotate in (90, 270):
        size = (size[1], size[0])  # pdftoppm scales first and turns then
    drawn = _poppler(path, limits, first_page=number, last_page=number, size=size, use_cropbox=True)
    if len(drawn) != 1:
        raise CorruptFile("the page can't be drawn")
    return drawn[0]


def draw_pages(pdf: bytes, limits: Limits) -> list[Pixels]:
    """Every page of a PDF made here as RGB, a pixel to the point. Raises as ``draw``."""
    file = os.memfd_create("pages")  # no name that a child ended by force could leave behind
    try:
        with os.fdopen(os.dup(file), "wb") as stream:
            stream.write(pdf)
        return _poppler(Path(f"/proc/{os.getpid()}/fd/{file}"), limits, dpi=POINTS)
    finally:
        os.close(file)


def _poppler(path: Path, limits: Limits, **how: Any) -> list[Pixels]:
    try:
        images = convert_from_path(path, thread_count=1, timeout=math.ceil(limits.tool_seconds), **how)
    except (PDFInfoNotInstalledError, PopplerNotInstalledError):
        raise MissingProgram("poppler (pdftoppm, pdfinfo) is not installed") from None
    except PDFPopplerTimeoutError:
        raise ProcessingLimit(f"drawing the page took more than {limits.tool_seconds:g} s") from None
    except (PDFPageCountError, PDFSyntaxError, OSError, ValueError, IndexError) as error:
        raise CorruptFile(f"the page can't be drawn ({type(error).__name__})") from None
    return [np.array(image.convert("RGB"), dtype=np.uint8) for image in images]
