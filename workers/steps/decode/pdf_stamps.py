"""What lies over a page's image, a signature's stamp above all: drawn alone, on the image's own pixels.

Drawing a whole page for the sake of a stamp costs ten times as much as pulling its image, and shows the image as the drawing has it, not
as it was scanned. Here Poppler draws only the rectangles of the annotations, on a page made of nothing but the
pixels they lie on, a point to the pixel: inside them it looks as the whole drawing does, blending included, and outside nothing changes.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pikepdf
from PIL import Image

from models.errors import CorruptFile
from workers.limits import Limits
from workers.page import Box, Overlay, Pixels
from workers.steps.decode.orientation import chain
from workers.steps.decode.pdf_content import PaintedImage, bounds
from workers.steps.decode.pdf_draw import MIN_DPI, draw_pages, native_dpi
from workers.steps.decode.pdf_file import PDF_ERRORS, PageFrame, intersect
from workers.steps.decode.pdf_notes import Look
from workers.steps.decode.pdf_pull import Pulled

_MOST = 0.5  # of the image, from which drawing all of it is as good
_MOST_LOOKS = 16  # each is painted on the ground of each
_OUTSIDE = 1.0  # pixels by which a rectangle may leave the image
_SNAP = 0.01  # pixels that rounding of coordinates takes
_QUALITY = 85  # of the pieces that the PDF will hold: SSIM 0.991 and more on 17 real stamps


def can_be_drawn_alone(looks: Sequence[Look], painted: PaintedImage, frame: PageFrame) -> bool:
    """Before anything is decoded: a coarse image is drawn finer than it is, for the sake of the small print in the stamp."""
    return len(looks) <= _MOST_LOOKS and native_dpi(painted, frame) >= MIN_DPI


def stamped(pulled: Pulled, looks: Sequence[Look], frame: PageFrame, limits: Limits) -> Pulled | None:
    """The image with all that lies over it, and the pieces that make the difference.

    ``None`` when that would not be what the page shows: something lies partly beside the image or on most of it, or the image has no
    bytes of its own to lie over. Raises what drawing raises.
    """
    areas = _areas(pulled, looks, frame)
    if areas is None or pulled.source is None:
        return None
    if not areas:
        return pulled
    try:
        pages = _pages(pulled, looks, areas)
        pieces = draw_pages(pages, limits)
    except (*PDF_ERRORS, CorruptFile):
        return None
    if [piece.shape[1::-1] for piece in pieces] != [(x1 - x0, y1 - y0) for x0, y0, x1, y1 in areas]:
        return None
    if pulled.pixels.ndim == 2 and all(_grey(piece) for piece in pieces):
        pieces = [np.ascontiguousarray(piece[:, :, 0]) for piece in pieces]
    pixels = _like(pulled.pixels, pieces[0]).copy()
    overlays = []
    for (x0, y0, x1, y1), piece in zip(areas, pieces, strict=True):
        pixels[y0:y1, x0:x1] = piece
        overlays.append(Overlay((x0, y0, x1, y1), _jpeg(piece)))
    return replace(pulled, pixels=pixels, overlays=tuple(overlays))


def _areas(pulled: Pulled, looks: Sequence[Look], frame: PageFrame) -> list[Box] | None:
    """Each rectangle, as far as the page shows it, in whole pixels of the image."""
    height, width = pulled.pixels.shape[:2]
    areas: list[Box] = []
    for look in looks:
        shown = intersect(look.rect, frame.box)
        if shown is None:
            continue
        x0, y0, x1, y1 = shown
        left, top, right, bottom = bounds(chain((x1 - x0, 0.0, 0.0, y1 - y0, x0, y0), pulled.to_pixels))
        if min(left, top, width - right, height - bottom) < -_OUTSIDE:
            return None
        box = (
            max(0, math.floor(left + _SNAP)),
            max(0, math.floor(top + _SNAP)),
            min(width, math.ceil(right - _SNAP)),
            min(height, math.ceil(bottom - _SNAP)),
        )
        if box[0] < box[2] and box[1] < box[3]:
            areas.append(box)
    covered = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in areas)
    return areas if covered <= _MOST * width * height else None


def _pages(pulled: Pulled, looks: Sequence[Look], areas: Sequence[Box]) -> bytes:
    """A PDF with a page for each area: its pixels, and everything that is painted over them."""
    colours = _like(pulled.pixels, np.empty((0, 0, 3), np.uint8))
    with pikepdf.new() as pdf:
        forms = {look.name: pdf.copy_foreign(look.form) for look in looks}
        paint = b"\n".join(look.paint for look in looks)
        for x0, y0, x1, y1 in areas:
            size = (x1 - x0, y1 - y0)
            ground = pikepdf.Stream(pdf, np.ascontiguousarray(colours[y0:y1, x0:x1]).tobytes())
            ground.stream_dict = pikepdf.Dictionary(
                Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=size[0], Height=size[1],
                ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8,
            )  # fmt: skip
            place = chain(pulled.to_pixels, (1.0, 0.0, 0.0, -1.0, -float(x0), float(y1)))
            matrix = " ".join(f"{value:.6f}" for value in place)
            content = f"q {size[0]} 0 0 {size[1]} 0 0 cm /Ground Do Q\nq {matrix} cm\n".encode() + paint + b"\nQ"
            page = pdf.add_blank_page(page_size=size)
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary({"/Ground": ground, **forms}))
            page.Contents = pikepdf.Stream(pdf, content)
        out = io.BytesIO()
        pdf.save(out, compress_streams=False)
    return out.getvalue()


def _like(pixels: Pixels, model: Pixels) -> Pixels:
    """With as many channels as ``model`` has."""
    if pixels.ndim == model.ndim:
        return pixels
    return np.repeat(pixels[:, :, None], 3, axis=2)


def _grey(piece: Pixels) -> bool:
    return bool((piece[:, :, :1] == piece[:, :, 1:]).all())


def _jpeg(piece: Pixels) -> bytes:
    out = io.BytesIO()
    Image.fromarray(piece).save(out, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
    return out.getvalue()
