"""JPEG by libjpeg-turbo through OpenCV (31 ms for a 300-dpi colour A4 page, Pillow 72), refusing damaged data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from models.errors import CorruptFile
from workers.page import Pixels
from workers.steps.decode.opencv import imdecode

EOI = b"\xff\xd9"
# libjpeg goes on after these and fills the rest with grey or noise; its other complaints are harmless.
_DAMAGE = (b"premature end", b"Premature end", b"bad Huffman", b"unsupported marker type")


def first_image(data: bytes) -> bytes:
    """The bytes up to the end of the first image: phones append previews, scanners padding. ``CorruptFile`` without end.

    Thumbnails lie inside the APPn segments, which are skipped by their length.
    """
    at, size = 2, len(data)
    while at + 4 <= size:
        if data[at] != 0xFF:
            raise CorruptFile("the JPEG's segments are damaged")
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
        elif marker == 0xD9:
            return data[: at + 2]
        elif marker in (0x01, *range(0xD0, 0xD8)):
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
            if marker == 0xDA:
                at = _scan_end(data, at)
    if data[at : at + 2] == EOI:
        return data[: at + 2]
    raise CorruptFile("the JPEG stops before its end marker")


def _scan_end(data: bytes, at: int) -> int:
    """Where the marker after the entropy-coded bytes stands: an FF that no 00 or restart number follows."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] != 0x00 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2


def decode_jpeg(data: bytes, *, grey: bool) -> Pixels:
    """Stored pixels (EXIF not applied): ``(H, W)`` when ``grey``, else RGB. ``CorruptFile`` when any of it is missing."""
    with complaints() as said:
        pixels = imdecode(data, grey=grey)
    if pixels is None:
        raise CorruptFile("the JPEG is cut short or damaged")
    if any(sign in said for sign in _DAMAGE):
        raise CorruptFile("part of the JPEG's data is missing or damaged")
    return pixels


@contextmanager
def complaints() -> Iterator[bytearray]:
    """What C libraries write to stderr meanwhile: libjpeg tells of damage in no other way that reaches us."""
    said = bytearray()
    memory = os.memfd_create("stderr")
    before = os.dup(2)
    os.dup2(memory, 2)
    try:
        yield said
    finally:
        os.dup2(before, 2)
        os.close(before)
        size = os.lseek(memory, 0, os.SEEK_CUR)
        said += os.pread(memory, min(size, 4096), 0)
        os.close(memory)
