"""CCITT Group 4 (ITU-T T.6): what a page of two levels is coded with, without loss (15 to 52 % smaller than Flate, six real pages).

A picture may hold two levels and yet be stored as grey or colour: black and white PNG, or a 1-bit scan that a program saved as 8 bits.
JBIG2 would save more, and PDF/A-1 allows it; but no well-kept encoder is to be had for Python or in Debian 12. JBIG2 that comes in is kept.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import IO

import cv2
import numpy as np
from PIL import Image, TiffImagePlugin

from workers.page import Pixels

# TIFF 6.0
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _FILL_ORDER = 256, 257, 258, 259, 262, 266
_OFFSETS, _SAMPLES, _STRIP_ROWS, _COUNTS, _OPTIONS = 273, 277, 278, 279, 293
_GROUP4, _LONG = 4, 4
_HEADER, _ENTRY = struct.Struct("<2sHI"), struct.Struct("<HHII")
_GLANCE = 16  # every so many pixels across and down are looked at before all are

Level = tuple[int, ...]
"""One grey or three of RGB, 0..255."""


@dataclass(frozen=True, slots=True)
class TwoLevels:
    """A picture of at most two levels. ``light``: ``(H, W)``, 255 where the lighter one is, else 0."""

    light: Pixels
    dark_level: Level
    light_level: Level

    @property
    def black_and_white(self) -> bool:
        return set(self.dark_level) <= {0} and set(self.light_level) <= {255}


def two_levels(pixels: Pixels) -> TwoLevels | None:
    """``None`` when there are more than two. ``pixels``: ``(H, W)`` grey or ``(H, W, 3)`` RGB. A page of one level counts as white
    where that level is over half of full brightness, else as black.
    """
    glance = np.ascontiguousarray(pixels[::_GLANCE, ::_GLANCE])
    if _split(glance) is None:
        return None
    return _split(pixels)


def _split(pixels: Pixels) -> TwoLevels | None:
    first = _level(pixels, 0)
    here = _where(pixels, first)
    total = pixels.shape[0] * pixels.shape[1]
    count = cv2.countNonZero(here)
    if count == total:
        bright = sum(first) > 127 * len(first)
        black, white = tuple(0 for _ in first), tuple(255 for _ in first)
        here[:] = 255 if bright else 0
        return TwoLevels(here, black if bright else first, first if bright else white)
    second = _level(pixels, int(np.argmin(here)))
    there = _where(pixels, second)
    if count + cv2.countNonZero(there) != total:
        return None
    dark, light_one = sorted((first, second), key=lambda level: (sum(level), level))
    return TwoLevels(here if light_one == first else there, dark, light_one)


def _level(pixels: Pixels, index: int) -> Level:
    values = pixels.reshape(-1, *pixels.shape[2:])[index]
    return tuple(int(value) for value in np.atleast_1d(values))


def _where(pixels: Pixels, level: Level) -> Pixels:
    return np.asarray(cv2.inRange(pixels, np.array(level), np.array(level)), np.uint8)


def group4(rows: bytes, width: int, height: int) -> bytes:
    """``rows``: a bit a pixel, each row filled up to a whole byte; 1 is what T.6 calls black. The coded data, first bit high."""
    out = io.BytesIO()
    picture = Image.frombytes("1", (width, height), rows)
    picture.save(out, format="TIFF", compression="group4", tiffinfo={_STRIP_ROWS: height})
    with Image.open(out, formats=["TIFF"]) as tiff:
        strip = only_strip(tiff, out)
    assert strip is not None
    return strip


def fax_tiff(light: Pixels) -> bytes:
    """A TIFF with one Group 4 strip, in which paper is T.6's white. ``light``: ``(H, W)``, 255 where there is no ink, else 0."""
    height, width = light.shape
    return as_tiff(group4(np.packbits(~light, axis=1).tobytes(), width, height), width, height, white_is_zero=True)


def as_tiff(strip: bytes, width: int, height: int, *, white_is_zero: bool) -> bytes:
    """The smallest TIFF 6.0 around one Group 4 strip."""
    tags = (
        (_WIDTH, width),
        (_HEIGHT, height),
        (_BITS, 1),
        (_COMPRESSION, _GROUP4),
        (_PHOTOMETRIC, 0 if white_is_zero else 1),
        (_OFFSETS, _HEADER.size),
        (_SAMPLES, 1),
        (_STRIP_ROWS, height),
        (_COUNTS, len(strip)),
    )
    padding = b"\0" * (len(strip) % 2)
    directory = b"".join(_ENTRY.pack(tag, _LONG, 1, value) for tag, value in tags)
    header = _HEADER.pack(b"II", 42, _HEADER.size + len(strip) + len(padding))
    return b"".join((header, strip, padding, struct.pack("<H", len(tags)), directory, bytes(4)))


def only_strip(image: Image.Image, file: IO[bytes]) -> bytes | None:
    """The coded bytes of a TIFF's current page, first bit high, when it is 1-bit Group 4 in one strip; else ``None``."""
    assert isinstance(image, TiffImagePlugin.TiffImageFile)
    tags = image.tag_v2
    offsets, counts = tags.get(_OFFSETS, ()), tags.get(_COUNTS, ())
    plain = tags.get(_COMPRESSION) == _GROUP4 and image.mode == "1" and tags.get(_OPTIONS, 0) == 0
    if not plain or len(offsets) != 1 or len(counts) != 1:
        return None
    file.seek(int(offsets[0]))
    strip = file.read(int(counts[0]))
    if tags.get(_FILL_ORDER, 1) == 1:
        return strip
    return np.packbits(np.unpackbits(np.frombuffer(strip, np.uint8), bitorder="little")).tobytes()
