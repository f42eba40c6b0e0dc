"""Pillow, held to one format at a time, and what it makes of each colour mode: grey or RGB on white, 8 bits."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import IO, Any

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from models.errors import CorruptFile, TooManyPixels
from workers.limits import Limits
from workers.page import Pixels
from workers.steps.decode import kinds

FORMATS = {
    kinds.JPEG: ("JPEG", "MPO"),
    kinds.PNG: ("PNG",),
    kinds.WEBP: ("WEBP",),
    kinds.TIFF: ("TIFF",),
    kinds.BMP: ("BMP",),
    kinds.HEIC: ("HEIF",),
    kinds.AVIF: ("AVIF",),
}
# What Pillow and its codecs raise on bytes that are not what they say.
BAD_BYTES = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    ZeroDivisionError,
    OverflowError,
    AttributeError,
    RuntimeError,
)
EXIF_ORIENTATION = 0x0112
DEEP_MODES = ("I;16", "I;16B", "I;16L", "I;16N", "I", "F")  # more than 8 bits a sample
_BAND_PIXELS = 4_000_000

pillow_heif.register_heif_opener(thumbnails=False)
ImageFile.LOAD_TRUNCATED_IMAGES = False


def open_image(source: Path | IO[bytes], media_type: str, limits: Limits) -> Image.Image:
    """The image by its header only. ``CorruptFile`` when there is no sense in it, ``TooManyPixels`` over the limit."""
    Image.MAX_IMAGE_PIXELS = limits.max_pixels  # Pillow's own check also covers images inside images
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(source, formats=FORMATS.get(media_type, (media_type,)))
    except Image.DecompressionBombError:
        raise TooManyPixels(f"the image has more than {limits.max_pixels} pixels") from None
    except BAD_BYTES as error:
        raise CorruptFile(f"the image's header makes no sense ({type(error).__name__})") from None
    check_size(image.width, image.height, limits)
    return image


def check_size(width: int, height: int, limits: Limits) -> None:
    """``TooManyPixels`` over the limit; ``CorruptFile`` when a side is zero or negative."""
    if width <= 0 or height <= 0:
        raise CorruptFile("the image has no width or no height")
    if width * height > limits.max_pixels:
        raise TooManyPixels(f"{width} x {height} pixels; the limit is {limits.max_pixels}")


def load(image: Image.Image) -> None:
    """Decode the pixels. ``CorruptFile`` when any are missing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.load()
    except Image.DecompressionBombError:
        raise TooManyPixels("the image has more pixels than the limit") from None
    except BAD_BYTES as error:
        raise CorruptFile(f"the image's data is cut short or damaged ({type(error).__name__})") from None


def told_dpi(image: Image.Image) -> tuple[float, float] | None:
    """The resolution the file gives (JFIF, EXIF, pHYs, TIFF tags, BMP header), in dpi."""
    told: Any = image.info.get("dpi")
    try:
        x, y = (float(value) for value in told)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return (x, y) if x > 0 and y > 0 else None


def orientation_of(image: Image.Image) -> int:
    """EXIF orientation 1-8; 1 when absent or nonsense."""
    try:
        told = image.getexif().get(EXIF_ORIENTATION, 1)
    except BAD_BYTES:
        return 1
    return told if isinstance(told, int) and 1 <= told <= 8 else 1


def to_pixels(image: Image.Image) -> Pixels:
    """A loaded image -> grey ``(H, W)`` when it has no colour, else RGB; transparency over white, 16 bits to 8.

    Large images go through in bands: Pillow keeps 4 bytes a pixel, and whole-image conversions would need three copies.
    """
    width, height = image.size
    rows = max(1, _BAND_PIXELS // width)
    if height <= rows or image.mode in ("I", "F"):  # those are scaled by their largest value
        return _band_to_pixels(image)
    first = _band_to_pixels(image.crop((0, 0, width, rows)))
    pixels = np.empty((height, *first.shape[1:]), np.uint8)
    pixels[:rows] = first
    for top in range(rows, height, rows):
        bottom = min(height, top + rows)
        pixels[top:bottom] = _band_to_pixels(image.crop((0, top, width, bottom)))
    return pixels


def _band_to_pixels(image: Image.Image) -> Pixels:
    mode = image.mode
    if mode in ("L", "RGB"):
        return np.asarray(image, dtype=np.uint8)
    if mode == "1":
        return np.asarray(image.convert("L"), dtype=np.uint8)
    if mode.startswith("I;16"):
        return (np.asarray(image) >> 8).astype(np.uint8)
    if mode in ("I", "F"):
        return _from_wide(np.asarray(image))
    if mode == "P" and "transparency" not in image.info:
        return np.asarray(image.convert("L" if _grey_palette(image) else "RGB"), dtype=np.uint8)
    if mode in ("LA", "La", "RGBA", "RGBa", "PA", "P"):
        return _over_white(image)
    return np.asarray(image.convert("RGB"), dtype=np.uint8)  # CMYK, YCbCr, LAB, HSV


def _from_wide(values: NDArray[Any]) -> Pixels:
    """32-bit integers hold 16-bit scans; floats hold 0..1 or 0..255."""
    top = float(values.max(initial=0))
    full = next((limit for limit in (1.0, 255.0, 65535.0) if top <= limit), top)
    if full == 1.0 and values.dtype.kind != "f":
        full = 255.0
    return np.clip(values * (255.0 / full), 0, 255).astype(np.uint8)


def _grey_palette(image: Image.Image) -> bool:
    palette = np.array(image.getpalette("RGB") or [0, 0, 0]).reshape(-1, 3)
    return bool((palette[:, 0] == palette[:, 1]).all() and (palette[:, 1] == palette[:, 2]).all())


def _over_white(image: Image.Image) -> Pixels:
    grey = image.mode in ("LA", "La")
    rgba = image.convert("RGBA" if image.mode != "La" else "LA").convert("RGBA")
    white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
    white.alpha_composite(rgba)
    return np.asarray(white.convert("L" if grey else "RGB"), dtype=np.uint8)


def upright(image: Image.Image) -> Image.Image:
    """EXIF orientation applied; the same image when it is upright already."""
    return image if orientation_of(image) == 1 else ImageOps.exif_transpose(image)
