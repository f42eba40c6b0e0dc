"""What kind of file the first bytes say it is. The name and the sender's ``Content-Type`` are not believed.

The front door looks at the first bytes and the size only. Pages, pixels and encryption need a parser, and a parser
belongs in a worker under limits: ``workers.steps.decode.open_document`` does it first, before anything is decoded.
"""

from __future__ import annotations

from models.errors import EmptyFile, UnsupportedType

ENOUGH_BYTES = 1024  # ISO 32000-1 annex H: readers look for %PDF- in the first 1024 bytes

_AT_START: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),  # BigTIFF
    (b"MM\x00+", "image/tiff"),
    (b"BM", "image/bmp"),
)
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def media_type(head: bytes) -> str:
    """The media type of a file that begins with ``head`` (1024 bytes, or all of a shorter file).

    Raises ``EmptyFile`` and ``UnsupportedType``.
    """
    if not head:
        raise EmptyFile
    for magic, kind in _AT_START:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "image/heic"
    if b"%PDF-" in head[:ENOUGH_BYTES]:
        return "application/pdf"
    raise UnsupportedType("The first bytes are of no kind of file that we read.")
