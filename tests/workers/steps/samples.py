"""Small files made for the decoder's tests: a page with a clear top-left mark, in each format and colour mode."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import pikepdf
from PIL import Image

from workers.page import Pixels

WIDTH, HEIGHT = 400, 560  # A4-shaped
DPI = 200


def page(*, colour: bool = True) -> Pixels:
    """White, a black bar along the top left, a red (or grey) block lower right, some lines of "text"."""
    pixels = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    cv2.rectangle(pixels, (20, 20), (180, 60), (0, 0, 0), -1)
    cv2.rectangle(pixels, (280, 440), (360, 520), (220, 20, 20), -1)
    for y in range(120, 400, 40):
        cv2.putText(pixels, "QUYET DINH 383/KH", (30, y), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0, 0, 0), 2)
    return pixels if colour else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format=kind, **options)
    return out.getvalue()


def jpeg(*, colour: bool = True, **options: object) -> bytes:
    return encoded(Image.fromarray(page(colour=colour)), "JPEG", **({"quality": 90, "dpi": (DPI, DPI)} | options))


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def alike(one: Pixels, other: Pixels, tolerance: float = 6.0) -> bool:
    """Whether two pictures of the same shape differ by less than ``tolerance`` grey levels on average."""
    return one.shape == other.shape and float(np.abs(one.astype(int) - other.astype(int)).mean()) < tolerance


def image_pdf(
    data: bytes,
    *,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    box: tuple[float, float] = (144.0, 201.6),
    content: str | None = None,
    rotate: int = 0,
    image: Mapping[str, object] | None = None,
    pages: int = 1,
) -> pikepdf.Pdf:
    """A PDF whose pages show one image XObject ``/Im0`` (``data`` as its raw stream); ``content`` replaces the painting."""
    pdf = pikepdf.new()
    entries = {
        "/Type": pikepdf.Name.XObject,
        "/Subtype": pikepdf.Name.Image,
        "/Width": size[0],
        "/Height": size[1],
        "/ColorSpace": pikepdf.Name.DeviceRGB,
        "/BitsPerComponent": 8,
        "/Filter": pikepdf.Name.DCTDecode,
    } | dict(image or {})
    xobject = pikepdf.Stream(pdf, data, {key: value for key, value in entries.items() if value is not None})
    for _ in range(pages):
        pdf.add_blank_page(page_size=box)
        made = pdf.pages[-1]
        made.Resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(xobject)),
            Font=pikepdf.Dictionary(
                F1=pikepdf.Dictionary(
                    Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
                )
            ),
        )
        painting = content or f"q {box[0]} 0 0 {box[1]} 0 0 cm /Im0 Do Q"
        made.Contents = pikepdf.Stream(pdf, painting.encode())
        if rotate:
            made.Rotate = rotate
    return pdf


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **options)  # type: ignore[arg-type]  # passed on as they are
    return out.getvalue()
