"""What lies in the store already is not put there again with a page's reading.

The page's own compressed bytes are, as a rule, a run of the posted file (a JPEG, or a JPEG stream in a PDF), and its preview is an object of its own:
with both, a reading took more room than the scan. Only where the run lies is kept; the original never changes, and is checked when it is fetched.
"""

from __future__ import annotations

import mmap
import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from workers.page import PageOutcome, SourceImage

_FARTHEST: Final = 64 << 20
"""Bytes that are searched for one page at most: more would cost a long document a noticeable share of its reading."""
_BEGIN: Final = 256


def kept_once(outcome: PageOutcome, original: Path, pages: int = 1) -> PageOutcome:
    """Without its preview, and without the bytes of its image where ``original`` has them. ``pages``: of the document, to guess where to look first."""
    source = outcome.source
    if source is not None and source.data:
        at = _find(original, source.data, (outcome.number - 1) / max(pages, 1))
        if at is not None:
            source = replace(source, data=b"", within=(at, len(source.data)))
    return replace(outcome, preview=None, source=source)


def put_back(outcome: PageOutcome, original: Path) -> PageOutcome:
    """With the bytes of its image again. ``EOFError`` when ``original`` is shorter than it was."""
    source = outcome.source
    if source is None or source.within is None:
        return outcome
    return replace(outcome, source=_filled(source, original, *source.within))


def _filled(source: SourceImage, original: Path, start: int, length: int) -> SourceImage:
    with original.open("rb") as stream:
        stream.seek(start)
        data = stream.read(length)
    if len(data) != length:
        raise EOFError(f"the posted file ends before byte {start + length}")
    return replace(source, data=data, within=None)


def _find(original: Path, data: bytes, share: float) -> int | None:
    """Where ``data`` lies in the file: looked for a little before ``share`` of it, on to its end, and from its beginning."""
    if original.stat().st_size < len(data):
        return None
    with original.open("rb") as stream, closing(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)) as held:
        size = len(held)
        guess = max(0, int(share * size) - size // 10)
        begin = re.compile(re.escape(data[:_BEGIN]))
        left = _FARTHEST
        for start, end in ((guess, size), (0, min(size, guess + len(data)))):
            stop = min(end, start + left)
            left -= stop - start
            for found in begin.finditer(held, start, stop):
                if held[found.start() : found.start() + len(data)] == data:
                    return found.start()
    return None
