"""What a file is, by its first bytes; names and announced types are not believed."""

from __future__ import annotations

from models.errors import UnsupportedType

HEAD_BYTES = 2048
PDF_JUNK = 1024  # readers have always allowed this much before %PDF- (ISO 32000-1, implementation note 13)

JPEG = "image/jpeg"
PNG = "image/png"
WEBP = "image/webp"
TIFF = "image/tiff"
BMP = "image/bmp"
HEIC = "image/heic"
AVIF = "image/avif"
PDF = "application/pdf"

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}
_TIFF_MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")  # the last two: BigTIFF
_DIB_HEADERS = {12, 16, 40, 52, 56, 64, 108, 124}  # lengths of the headers that BMP has had


def media_type_of(head: bytes) -> str:
    """The media type of a file that begins with ``head`` (``HEAD_BYTES`` of it). ``UnsupportedType`` for all others."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(_TIFF_MAGIC):
        return TIFF
    if head[4:8] == b"ftyp":
        return _isobmff(head)
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _DIB_HEADERS:
        return BMP
    if b"%PDF-" in head[: PDF_JUNK + 5]:
        return PDF
    raise UnsupportedType("the first bytes are of no kind of file that we read")


def _isobmff(head: bytes) -> str:
    """HEIC or AVIF by the brands of the ``ftyp`` box (ISO/IEC 14496-12 §4.3)."""
    end = max(16, min(int.from_bytes(head[:4], "big"), len(head)))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))]
    if any(brand in _AVIF_BRANDS for brand in brands):
        return AVIF
    if any(brand in _HEIF_BRANDS for brand in brands):
        return HEIC
    raise UnsupportedType("a video or another ISO media file, not a HEIC or AVIF image")
