"""What one file may cost: the only settings that the pure steps know."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings on one input; what passes them is refused with a code, never tried.

    ``max_bytes``: size of the file. ``max_pages``: pages of a PDF or frames of a TIFF. ``max_pixels``: width x height of
    one page, checked from the headers before anything is decoded. ``tool_seconds``: wall clock of one external program or
    child process. ``tool_memory_bytes``: its address space.
    """

    max_bytes: int = 200 * MEBIBYTE
    max_pages: int = 1000
    max_pixels: int = 120_000_000
    tool_seconds: float = 60.0
    tool_memory_bytes: int = 1024 * MEBIBYTE
