"""What runs in the decoder child: every byte a stranger sent is parsed from here down, and nowhere else."""

from __future__ import annotations

from pathlib import Path

from workers.limits import Limits
from workers.page import DecodedPage
from workers.steps.decode import kinds, pdf, pdf_file
from workers.steps.decode.images import count_pages, decode_image


def look(path: Path, media_type: str, limits: Limits) -> tuple[int, tuple[str, ...]]:
    """Page count and warnings of a file of this type; no pixel is decoded. Raises the refusals."""
    if media_type == kinds.PDF:
        return pdf_file.count_pages(path, limits)
    return count_pages(path, media_type, limits), ()


def decode(path: Path, media_type: str, number: int, limits: Limits) -> DecodedPage:
    """Page ``number`` (from 1)."""
    if media_type == kinds.PDF:
        return pdf.decode_pdf_page(path, number, limits)
    return decode_image(path, media_type, number, limits)
