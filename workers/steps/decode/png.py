"""PNG structure: each chunk has a CRC, so a damaged or cut file is known before decoding (PNG 3rd edition §5)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from models.errors import CorruptFile

_GREY, _RGB = 0, 2


@dataclass(frozen=True, slots=True)
class PngFacts:
    """``bit_depth`` per sample, ``colour_type`` as in IHDR; ``transparent``: has an alpha channel or tRNS."""

    bit_depth: int
    colour_type: int
    interlaced: bool
    transparent: bool

    @property
    def plain(self) -> bool:
        """8-bit grey or RGB without transparency: OpenCV decodes it as it is."""
        return self.bit_depth == 8 and self.colour_type in (_GREY, _RGB) and not self.transparent

    @property
    def embeddable(self) -> bool:
        """Its compressed data can stand in a PDF 1.4 as it is: at most 8 bits, no alpha, not interlaced."""
        return (
            self.bit_depth <= 8 and self.colour_type in (_GREY, _RGB) and not self.transparent and not self.interlaced
        )


def check_png(data: bytes) -> PngFacts:
    """Walks all chunks. ``CorruptFile`` when one is cut short, fails its CRC, or the end is missing."""
    at, transparent, pixels_seen = 8, False, False
    header = b""
    view = memoryview(data)
    while at + 12 <= len(data):
        length = int.from_bytes(view[at : at + 4], "big")
        kind = bytes(view[at + 4 : at + 8])
        end = at + 12 + length
        if end > len(data):
            raise CorruptFile("the PNG is cut short")
        if kind in (b"IHDR", b"PLTE", b"IDAT", b"tRNS") and zlib.crc32(view[at + 4 : end - 4]) != int.from_bytes(
            view[end - 4 : end], "big"
        ):
            raise CorruptFile("the PNG's checksums do not fit its data")
        if kind == b"IHDR":
            header = bytes(view[at + 8 : end - 4])
        transparent |= kind == b"tRNS"
        pixels_seen |= kind == b"IDAT"
        if kind == b"IEND" and pixels_seen and len(header) == 13:
            colour_type = header[9]
            return PngFacts(header[8], colour_type, header[12] != 0, transparent or colour_type in (4, 6))
        at = end
    raise CorruptFile("the PNG is cut short")
