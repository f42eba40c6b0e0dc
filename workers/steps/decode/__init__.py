"""From a file to pages: what it is, how many pages, and one page's pixels with its compressed original.

``open_document`` and ``decode_page`` are all that others use. Both hand the parsing to a child process under limits
(``workers.tools.sandbox``): a file that crashes, hangs or swells a C library costs that child, never the worker.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path

from models.errors import CorruptFile, EmptyFile, TooLarge
from workers.limits import Limits
from workers.page import DecodedPage, DocumentInfo
from workers.steps.decode.kinds import HEAD_BYTES, media_type_of
from workers.steps.decode.wire import page_from_wire
from workers.tools.sandbox import ChildDied, Sandbox

__all__ = ["decode_page", "open_document", "stop", "warm_up"]

_sandbox = Sandbox("workers.steps.decode.child")
_REPLY_SLACK = 64 << 20  # text and compressed bytes beside the pixels


def warm_up(limits: Limits) -> None:
    """Start the decoder child now (about a second of imports), so that the first scan does not wait for it."""
    _sandbox.start(memory_bytes=limits.tool_memory_bytes)


def stop() -> None:
    """End the decoder child; the next call starts another."""
    _sandbox.close()


def open_document(path: Path, limits: Limits) -> DocumentInfo:
    """What the file is; no pixel is decoded.

    Raises ``EmptyFile``, ``TooLarge``, ``UnsupportedType`` (by the first bytes), ``CorruptFile``, ``EncryptedPdf``,
    ``NoPages``, ``TooManyPages``, ``TooManyPixels``, ``ProcessingLimit``.
    """
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile
    if size > limits.max_bytes:
        raise TooLarge(f"{size} bytes; the limit is {limits.max_bytes}")
    with path.open("rb") as file:
        media_type = media_type_of(file.read(HEAD_BYTES))
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    try:
        facts, _ = _sandbox.call(
            "look",
            {"path": str(path.resolve()), "media_type": media_type, "limits": asdict(limits)},
            seconds=limits.tool_seconds,
            memory_bytes=limits.tool_memory_bytes,
            max_reply=0,
        )
    except ChildDied as error:
        raise CorruptFile(f"reading its structure failed: {error}") from None
    return DocumentInfo(
        path=path,
        media_type=media_type,
        sha256=sha256,
        bytes=size,
        page_count=int(facts["pages"]),
        warnings=tuple(facts["warnings"]),
    )


def decode_page(info: DocumentInfo, number: int, limits: Limits) -> DecodedPage:
    """Page ``number`` (from 1) of an opened document, upright.

    Raises ``NotFound`` for a page it lacks, ``CorruptFile``, ``TooManyPixels``, ``ProcessingLimit``, ``MissingProgram``:
    of this page only; the others may still be well.
    """
    try:
        facts, buffers = _sandbox.call(
            "decode",
            {
                "path": str(info.path.resolve()),
                "media_type": info.media_type,
                "number": number,
                "limits": asdict(limits),
            },
            seconds=limits.tool_seconds,
            memory_bytes=limits.tool_memory_bytes,
            max_reply=3 * limits.max_pixels + info.bytes + _REPLY_SLACK,
        )
    except ChildDied as error:
        raise CorruptFile(f"the page can't be decoded: {error}") from None
    return page_from_wire(facts, buffers)
