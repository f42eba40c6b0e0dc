"""One page of a PDF: its own image when it is one, else a drawing; and the text it carries."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2 as pdfium

from workers.limits import Limits
from workers.page import DecodedPage, Origin, Pixels
from workers.steps.decode.orientation import Matrix, chain, stored_to_upright
from workers.steps.decode.pdf_content import Survey, survey
from workers.steps.decode.pdf_draw import dominant, draw, drawing_dpi, native_dpi
from workers.steps.decode.pdf_file import PageFrame, frame_of, get_page, opened
from workers.steps.decode.pdf_notes import looks
from workers.steps.decode.pdf_pull import COVERS, Pulled, only_image, pull
from workers.steps.decode.pdf_stamps import can_be_drawn_alone, stamped
from workers.steps.decode.pdf_text import text_layer

DPI_LOW = "DPI_LOW"
LOW_DPI = 195.0  # 200, as TT 01/2023 asks, less what rounding of page sizes takes
_TURN = {0: 1, 90: 6, 180: 3, 270: 8}  # /Rotate -> the same turn as an EXIF orientation


def decode_pdf_page(path: Path, number: int, limits: Limits) -> DecodedPage:
    """Page ``number`` (from 1). Raises ``NotFound``, ``CorruptFile``, ``TooManyPixels``, ``ProcessingLimit``."""
    with opened(path) as pdf:
        page = get_page(pdf, number)
        frame = frame_of(page)
        found = survey(page, frame)
        _, share = dominant(found, frame)
        reader = _reader(path)
        try:
            sheet = _sheet(reader, number)
            pulled = _pulled(page, frame, found, sheet, limits)
            if pulled is not None and sheet is not None:
                return _as_page(pulled, sheet, share, found)
            pixels = draw(path, number, frame, drawing_dpi(found, frame, limits), limits)
            return _as_drawn(pixels, frame, found, sheet)
        finally:
            if reader is not None:
                reader.close()


def _pulled(
    page: pikepdf.Page, frame: PageFrame, found: Survey, sheet: pdfium.PdfPage | None, limits: Limits
) -> Pulled | None:
    """The page's only image with what lies over it; ``None`` when there is no such image, or only a drawing shows it as it is seen."""
    painted, over = only_image(found, frame), looks(page)
    if painted is None or over is None or sheet is None:
        return None
    if over and not can_be_drawn_alone(over, painted, frame):
        return None
    pulled = pull(painted, frame, sheet, limits)
    return stamped(pulled, over, frame, limits) if pulled is not None and over else pulled


def _reader(path: Path) -> pdfium.PdfDocument | None:
    """The file as pdfium sees it; ``None`` when only qpdf could repair it."""
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError:
        return None


def _sheet(reader: pdfium.PdfDocument | None, number: int) -> pdfium.PdfPage | None:
    try:
        return reader[number - 1] if reader is not None and number <= len(reader) else None
    except pdfium.PdfiumError:
        return None


def _as_page(pulled: Pulled, sheet: pdfium.PdfPage, share: float, found: Survey) -> DecodedPage:
    height, width = pulled.pixels.shape[:2]
    hidden = found.hidden_text > 0
    return DecodedPage(
        pixels=pulled.pixels,
        dpi=round((pulled.resolution.x + pulled.resolution.y) / 2, 2),
        dpi_known=pulled.resolution.known,
        source=pulled.source,
        overlays=pulled.overlays,
        text_layer=text_layer(sheet, pulled.to_pixels, width, height) if hidden else None,
        image_share=share,
        text_hidden=hidden,
    )


def _as_drawn(pixels: Pixels, frame: PageFrame, found: Survey, sheet: pdfium.PdfPage | None) -> DecodedPage:
    height, width = pixels.shape[:2]
    painted, share = dominant(found, frame)
    lines = None
    if sheet is not None:
        lines = text_layer(sheet, _to_drawing(frame, width, height), width, height)
    scan = painted is not None and share >= COVERS
    low = painted is not None and scan and native_dpi(painted, frame) < LOW_DPI
    born_digital = lines is not None and found.visible_text > 0 and not scan
    return DecodedPage(
        pixels=pixels,
        dpi=round(width / frame.shown_inches()[0], 2),
        origin=Origin.TEXT if born_digital else Origin.RASTER,
        text_layer=lines,
        warnings=(DPI_LOW,) if low else (),
        image_share=share,
        text_hidden=lines is not None and found.visible_text == 0,
    )


def _to_drawing(frame: PageFrame, width: int, height: int) -> Matrix:
    """User space -> pixels of the drawing."""
    x0, _, _, y1 = frame.box
    across, down = (height, width) if frame.rotate in (90, 270) else (width, height)
    sx, sy = across / frame.width, down / frame.height
    flat: Matrix = (sx, 0.0, 0.0, -sy, -x0 * sx, y1 * sy)
    return chain(flat, stored_to_upright(across, down, _TURN[frame.rotate]))
