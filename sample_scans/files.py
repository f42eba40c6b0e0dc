"""Writes pages as files a station would send. The same pages give the same bytes: no times, no names, fixed settings."""

from __future__ import annotations

import io
from collections.abc import Sequence

import img2pdf
from PIL import Image

from sample_scans.generator import Sample

MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".pdf": "application/pdf",
}


def encode(samples: Sequence[Sample], suffix: str, quality: int = 75) -> bytes:
    """The file's bytes. ``suffix``: a key of ``MEDIA_TYPES``; JPEG and PNG take one page. ``ValueError`` otherwise."""
    if suffix == ".pdf":
        pages = [_jpeg(sample, quality) for sample in samples]
        return bytes(img2pdf.convert(pages, nodate=True, engine=img2pdf.Engine.internal))
    if suffix == ".tif":
        return _tiff(samples, quality)
    if len(samples) != 1:
        raise ValueError(f"a {suffix} file holds one page, not {len(samples)}")
    if suffix == ".jpg":
        return _jpeg(samples[0], quality)
    if suffix == ".png":
        return _saved(_picture(samples[0]), "PNG", dpi=_dpi(samples[0]), optimize=False, compress_level=9)
    raise ValueError(f"no writer for {suffix}")


def _picture(sample: Sample) -> Image.Image:
    return Image.fromarray(sample.image)


def _dpi(sample: Sample) -> tuple[float, float]:
    return (sample.truth.dpi, sample.truth.dpi)


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def _jpeg(sample: Sample, quality: int) -> bytes:
    dpi = round(sample.truth.dpi)
    return _saved(_picture(sample), "JPEG", quality=quality, dpi=(dpi, dpi), subsampling="4:2:0", optimize=True)


def _tiff(samples: Sequence[Sample], quality: int) -> bytes:
    """All pages in one TIFF: CCITT G4 when they are 1-bit, else JPEG strips."""
    pictures = [_picture(sample) for sample in samples]
    bitonal = all(picture.mode == "L" and set(picture.tobytes()) <= {0, 255} for picture in pictures)
    options: dict[str, object] = {"compression": "group4"} if bitonal else {"compression": "jpeg", "quality": quality}
    if bitonal:
        pictures = [picture.convert("1", dither=Image.Dither.NONE) for picture in pictures]
    rest = pictures[1:]
    return _saved(pictures[0], "TIFF", dpi=_dpi(samples[0]), save_all=bool(rest), append_images=rest, **options)
