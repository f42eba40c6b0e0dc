"""Image files: what they hold, and one page of them as pixels with its compressed original."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from models.errors import CorruptFile, NotFound
from workers.limits import Limits
from workers.page import DecodedPage, Encoding, Pixels, SourceImage
from workers.steps.decode import kinds, tiff
from workers.steps.decode.jpeg import decode_jpeg, first_image
from workers.steps.decode.opencv import imdecode
from workers.steps.decode.orientation import UPRIGHT, turn_upright
from workers.steps.decode.pillow import load, open_image, orientation_of, to_pixels, told_dpi, upright
from workers.steps.decode.png import check_png
from workers.steps.decode.resolution import Resolution, resolution_of

_STRIP_ROWS = 278  # TIFF RowsPerStrip
_OPENCV_PNG_PIXELS = 40_000_000  # over it OpenCV needs more memory than Pillow in bands; under it, it is faster


def count_pages(path: Path, media_type: str, limits: Limits) -> int:
    """Pages of an image file: frames of a TIFF, else 1 (animations and bursts show their first picture).

    Reads headers and structure only. Raises ``CorruptFile``, ``TooManyPixels``, ``TooManyPages``, ``NoPages``.
    """
    if media_type == kinds.TIFF:
        return len(tiff.page_frames(path, limits))
    with open_image(path, media_type, limits):
        pass
    if media_type == kinds.JPEG:
        first_image(path.read_bytes())
    elif media_type == kinds.PNG:
        check_png(path.read_bytes())
    return 1


def decode_image(path: Path, media_type: str, number: int, limits: Limits) -> DecodedPage:
    """Page ``number`` (from 1) of an image file. Raises as ``count_pages``, and ``NotFound`` for a page it lacks."""
    if number < 1 or (media_type != kinds.TIFF and number != 1):
        raise NotFound(f"there is no page {number}")
    if media_type == kinds.JPEG:
        return _jpeg(path, limits)
    if media_type == kinds.PNG:
        return _png(path, limits)
    return _other(path, media_type, number, limits)


def _jpeg(path: Path, limits: Limits) -> DecodedPage:
    data = first_image(path.read_bytes())
    with open_image(io.BytesIO(data), kinds.JPEG, limits) as image:
        mode, orientation, told = image.mode, orientation_of(image), told_dpi(image)
        width, height = image.size
        if mode in ("L", "RGB"):
            pixels = decode_jpeg(data, grey=mode == "L")
            source = SourceImage(Encoding.JPEG, width, height, data, exif_orientation=orientation)
        else:  # CMYK: Pillow knows Adobe's inversion; its bytes can't stay, PDF/A-1 with an sRGB intent forbids them
            load(image)
            pixels, source = to_pixels(image), None
    return finish(turn_upright(pixels, orientation), _turned(told, orientation), source)


def _png(path: Path, limits: Limits) -> DecodedPage:
    data = path.read_bytes()
    facts = check_png(data)
    with open_image(io.BytesIO(data), kinds.PNG, limits) as image:
        orientation, told, bilevel = orientation_of(image), told_dpi(image), image.mode == "1"
        if facts.plain and image.width * image.height <= _OPENCV_PNG_PIXELS:
            decoded = imdecode(data, grey=facts.colour_type == 0)
            if decoded is None:
                raise CorruptFile("the PNG's data is damaged")
            pixels = decoded
        else:
            load(image)
            pixels = to_pixels(image)
        source = None
        if bilevel:
            source = fax_source(turn_upright(pixels, orientation))
        elif facts.embeddable:
            source = SourceImage(Encoding.PNG, *image.size, data, exif_orientation=orientation)
    return finish(turn_upright(pixels, orientation), _turned(told, orientation), source)


def _other(path: Path, media_type: str, number: int, limits: Limits) -> DecodedPage:
    """TIFF, WebP, BMP, HEIC, AVIF: no bytes a PDF could carry, except that 1-bit pages become G4 without loss."""
    frame = 0
    if media_type == kinds.TIFF:
        frames = tiff.page_frames(path, limits)
        if number > len(frames):
            raise NotFound(f"there is no page {number}")
        frame = frames[number - 1]
    with open_image(path, media_type, limits) as image:
        if frame:
            image.seek(frame)
        # Pillow turns a TIFF upright while loading and drops the tag, so both are asked for before and after.
        before, told = orientation_of(image), told_dpi(image)
        load(image)
        standing = upright(image)
        pixels = to_pixels(standing)
        source = fax_source(pixels) if standing.mode == "1" else None
    return finish(pixels, _turned(told, before), source)


def _turned(told: tuple[float, float] | None, orientation: int) -> tuple[float, float] | None:
    return (told[1], told[0]) if told is not None and orientation >= 5 else told


def fax_source(pixels: Pixels) -> SourceImage:
    """1-bit pixels (0 and 255) as a TIFF with one CCITT G4 strip: without loss, some 20-60 KB for an A4 page."""
    height, width = pixels.shape
    out = io.BytesIO()
    Image.fromarray(pixels).convert("1", dither=Image.Dither.NONE).save(
        out, format="TIFF", compression="group4", tiffinfo={_STRIP_ROWS: height}
    )
    return SourceImage(Encoding.CCITT_G4, width, height, out.getvalue(), exif_orientation=UPRIGHT)


def finish(pixels: Pixels, told: tuple[float, float] | None, source: SourceImage | None) -> DecodedPage:
    """Upright pixels with their dpi; fax pages, whose pixels are not square, are stretched to square ones."""
    resolution = resolution_of(pixels.shape[1], pixels.shape[0], told)
    if not resolution.square:
        pixels, resolution, source = _squared(pixels, resolution), _finer(resolution), None
    return DecodedPage(
        pixels=np.ascontiguousarray(pixels),
        dpi=round((resolution.x + resolution.y) / 2, 2),
        dpi_known=resolution.known,
        source=source,
    )


def _finer(resolution: Resolution) -> Resolution:
    best = max(resolution.x, resolution.y)
    return Resolution(best, best, resolution.known)


def _squared(pixels: Pixels, resolution: Resolution) -> Pixels:
    best = max(resolution.x, resolution.y)
    height, width = pixels.shape[:2]
    size = (round(width * best / resolution.x), round(height * best / resolution.y))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
