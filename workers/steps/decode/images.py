"""Image files: what they hold, and one page of them as pixels with its compressed original."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, TiffImagePlugin

from models.errors import CorruptFile, NotFound
from workers.limits import Limits
from workers.page import DecodedPage, Encoding, Pixels, SourceImage
from workers.steps.decode import kinds, tiff
from workers.steps.decode.jpeg import decode_jpeg, first_image
from workers.steps.decode.opencv import imdecode
from workers.steps.decode.orientation import turn_upright
from workers.steps.decode.pillow import DEEP_MODES, load, open_image, orientation_of, to_pixels, told_dpi, upright
from workers.steps.decode.png import check_png
from workers.steps.decode.resolution import Resolution, resolution_of
from workers.steps.fax import TwoLevels, as_tiff, fax_tiff, only_strip, two_levels

_POOR_FAX = 0.25  # of the bytes that uncoded bits take
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
        orientation, told, coloured = orientation_of(image), told_dpi(image), "icc_profile" in image.info
        if facts.plain and image.width * image.height <= _OPENCV_PNG_PIXELS:
            decoded = imdecode(data, grey=facts.colour_type == 0)
            if decoded is None:
                raise CorruptFile("the PNG's data is damaged")
            pixels = decoded
        else:
            load(image)
            pixels = to_pixels(image)
        standing = turn_upright(pixels, orientation)
        source = bilevel_source(standing) if facts.bit_depth <= 8 and not coloured else None
        if source is None and facts.embeddable:
            source = SourceImage(Encoding.PNG, *image.size, data, exif_orientation=orientation)
    return finish(standing, _turned(told, orientation), source)


def _other(path: Path, media_type: str, number: int, limits: Limits) -> DecodedPage:
    """TIFF, WebP, BMP, HEIC, AVIF: no bytes a PDF could carry, but G4's own; other pages of two levels become G4 without loss."""
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
        deep = image.mode in DEEP_MODES
        pixels = to_pixels(upright(image))
        source = None
        if media_type == kinds.TIFF:
            source = _kept_fax(path, image, before)
        if source is None and not deep:
            source = bilevel_source(pixels)
    return finish(pixels, _turned(told, before), source)


def _kept_fax(path: Path, image: Image.Image, orientation: int) -> SourceImage | None:
    """The page's own G4 bytes, when they are one strip, as scanners write it."""
    assert isinstance(image, TiffImagePlugin.TiffImageFile)
    with path.open("rb") as file:
        strip = only_strip(image, file)
    if strip is None:
        return None
    tags = image.tag_v2  # Pillow's own size is the upright page's
    width, height = int(tags[TiffImagePlugin.IMAGEWIDTH]), int(tags[TiffImagePlugin.IMAGELENGTH])
    data = as_tiff(strip, width, height, white_is_zero=tags.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION) == 0)
    return SourceImage(Encoding.CCITT_G4, width, height, data, exif_orientation=orientation)


def _turned(told: tuple[float, float] | None, orientation: int) -> tuple[float, float] | None:
    return (told[1], told[0]) if told is not None and orientation >= 5 else told


def bilevel_source(pixels: Pixels) -> SourceImage | None:
    """An upright page of two levels without loss; ``None`` when it holds more.

    Black and white as G4, some 20-60 KB for an A4 page; other pairs as 1-bit PNG, whose palette holds them (``workers.pdf`` makes that
    G4 too), and so where G4 does badly, as with screened pictures.
    """
    found = two_levels(pixels)
    if found is None:
        return None
    height, width = pixels.shape[:2]
    if found.black_and_white:
        data = fax_tiff(found.light)
        if len(data) < _POOR_FAX * found.light.size / 8:
            return SourceImage(Encoding.CCITT_G4, width, height, data)
    return SourceImage(Encoding.PNG, width, height, _one_bit_png(found))


def _one_bit_png(found: TwoLevels) -> bytes:
    out = io.BytesIO()
    if found.black_and_white:
        image = Image.fromarray(found.light).convert("1", dither=Image.Dither.NONE)
    else:
        image = Image.fromarray(found.light & 1).convert("P")
        channels = 4 - len(found.dark_level)
        image.putpalette(bytes((*found.dark_level * channels, *found.light_level * channels)))
    image.save(out, format="PNG", bits=1)
    return out.getvalue()


def finish(pixels: Pixels, told: tuple[float, float] | None, source: SourceImage | None) -> DecodedPage:
    """Upright pixels with their dpi; fax pages, whose pixels are not square, are stretched to square ones.

    Two levels stay two in the PDF: rows are doubled there, while for the reader they run into one another.
    """
    resolution = resolution_of(pixels.shape[1], pixels.shape[0], told)
    if not resolution.square:
        if source is not None:
            source = bilevel_source(_squared(pixels, resolution, cv2.INTER_NEAREST))
        pixels, resolution = _squared(pixels, resolution, cv2.INTER_LINEAR), _finer(resolution)
    return DecodedPage(
        pixels=np.ascontiguousarray(pixels),
        dpi=round((resolution.x + resolution.y) / 2, 2),
        dpi_known=resolution.known,
        source=source,
    )


def _finer(resolution: Resolution) -> Resolution:
    best = max(resolution.x, resolution.y)
    return Resolution(best, best, resolution.known)


def _squared(pixels: Pixels, resolution: Resolution, kind: int) -> Pixels:
    best = max(resolution.x, resolution.y)
    height, width = pixels.shape[:2]
    size = (round(width * best / resolution.x), round(height * best / resolution.y))
    return np.asarray(cv2.resize(pixels, size, interpolation=kind), dtype=np.uint8)
