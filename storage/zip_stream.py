"""A ZIP made while it is sent: what ``zipfile`` writes is handed on, and the same content gives the same bytes on every host."""

from __future__ import annotations

import io
import zipfile
from typing import Any

Clock = tuple[int, int, int, int, int, int]
"""Year (from 1980), month, day, hour, minute, second, as a ZIP has them."""


class Sink(io.RawIOBase):
    """Takes what ``zipfile`` writes and hands it on; it can't seek, so sizes follow each file (a data descriptor)."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def entry(path: str, when: Clock) -> zipfile.ZipInfo:
    """A file of that name and time, readable by all."""
    info = zipfile.ZipInfo(path, when)
    info.create_system = 3  # Unix on every host, or the bytes would differ
    info.external_attr = 0o644 << 16
    return info
