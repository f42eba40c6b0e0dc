"""``Range`` requests (RFC 9110 §14) on an object of known size and hash.

One range is answered 206; several are answered with the whole object (a server may ignore ``Range``), which every
PDF viewer copes with and no client can abuse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.errors import RangeNotSatisfiable

_ONE = re.compile(r"(\d{0,19})-(\d{0,19})")


@dataclass(frozen=True, slots=True)
class ByteRange:
    """``length`` bytes from ``start``."""

    start: int
    length: int

    def content_range(self, size: int) -> str:
        return f"bytes {self.start}-{self.start + self.length - 1}/{size}"


class OutsideObject(RangeNotSatisfiable):
    """Carries the size for ``Content-Range: bytes */size``."""

    def __init__(self, size: int) -> None:
        super().__init__(f"The object has {size} bytes.")
        self.size = size


def parse_range(header: str | None, size: int) -> ByteRange | None:
    """The one range asked for, or ``None`` for the whole object (no, several, or not understood). ``OutsideObject``."""
    unit, _, spec = (header or "").partition("=")
    match = _ONE.fullmatch(spec.strip())
    if unit.strip().lower() != "bytes" or match is None or spec.strip() == "-":
        return None
    first, last = match.groups()
    if not first:  # the last N bytes
        length = min(int(last), size)
        if length == 0:
            raise OutsideObject(size)
        return ByteRange(size - length, length)
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None  # not a valid range: ignored
    if start >= size:
        raise OutsideObject(size)
    return ByteRange(start, end - start + 1)


def etag_matches(header: str, etag: str) -> bool:
    """``If-None-Match``: any of the list, weakly compared."""
    tags = [tag.strip() for tag in header.split(",")]
    return "*" in tags or etag in [tag.removeprefix("W/") for tag in tags]
