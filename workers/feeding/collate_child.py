"""Puts sides together: ``python -m workers.feeding.collate_child``, started and limited by ``workers.tools.sandbox``."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import img2pdf
import pikepdf
from PIL import Image
from pillow_heif import register_heif_opener

from models.errors import CorruptFile, DigitizeError, EncryptedPdf, TooManyPages, UnevenSides
from workers.tools.sandbox_child import Buffer, serve

PDF = "application/pdf"
_AS_THEY_ARE = frozenset({"image/jpeg", "image/png", "image/tiff", "image/bmp"})


def collate(
    parts: Sequence[Sequence[str]], halves: bool, backwards: bool, most: int
) -> tuple[dict[str, Any], list[Buffer]]:
    """``parts``: (path, media type, side)."""
    with ExitStack() as open_files:
        pages = {side: list[pikepdf.Page]() for side in ("front", "back", "")}
        for path, media_type, side in parts:
            document = open_files.enter_context(_open(Path(path), media_type))
            pages[side].extend(document.pages)
            if sum(map(len, pages.values())) > most:
                raise TooManyPages(f"more than {most} pages together")
        ordered = _ordered(pages, halves=halves, backwards=backwards)
        out = open_files.enter_context(pikepdf.new())
        out.pages.extend(ordered)
        made = io.BytesIO()
        out.save(made, deterministic_id=True)
    return {"pages": len(ordered)}, [made.getvalue()]


def _ordered(pages: dict[str, list[pikepdf.Page]], *, halves: bool, backwards: bool) -> list[pikepdf.Page]:
    fronts, backs, rest = pages["front"], pages["back"], pages[""]
    if halves and not fronts and not backs:
        half = len(rest) // 2
        if len(rest) % 2:
            raise UnevenSides(f"{len(rest)} pages are no fronts and backs")
        fronts, backs, rest = rest[:half], rest[half:], []
    if fronts or backs:
        if rest:
            raise UnevenSides("some files name their side, and some do not")
        if len(fronts) != len(backs):
            raise UnevenSides(f"{len(fronts)} fronts and {len(backs)} backs")
        sheets = zip(fronts, reversed(backs) if backwards else backs, strict=True)
        return [page for sheet in sheets for page in sheet]
    return rest


def _open(path: Path, media_type: str) -> pikepdf.Pdf:
    try:
        if media_type == PDF:
            return pikepdf.open(path)
        return pikepdf.open(io.BytesIO(_as_pdf(path, media_type)))
    except pikepdf.PasswordError as error:
        raise EncryptedPdf from error
    except DigitizeError:
        raise
    except Exception as error:  # the libraries raise whatever a broken file leads to
        raise CorruptFile(f"a file can't be read: {type(error).__name__}") from error


def _as_pdf(path: Path, media_type: str) -> bytes:
    """The picture's own bytes in a PDF; of a format that PDF does not know, its pixels without loss."""
    data = path.read_bytes()
    if media_type not in _AS_THEY_ARE:
        register_heif_opener()
        with Image.open(io.BytesIO(data)) as picture:
            out = io.BytesIO()
            picture.convert("RGB").save(out, "PNG", dpi=picture.info.get("dpi"))
            data = out.getvalue()
    # Cameras' turns are kept; a date would make every PDF another one.
    return bytes(img2pdf.convert(data, rotation=img2pdf.Rotation.ifvalid, nodate=True, creator="", producer="digitize"))


if __name__ == "__main__":
    serve({"collate": collate})
