"""TIFF: pages counted and their data checked to lie inside the file, from the directories alone."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, TiffImagePlugin

from models.errors import CorruptFile, NoPages, TooManyPages
from workers.limits import Limits
from workers.steps.decode import kinds
from workers.steps.decode.pillow import BAD_BYTES, check_size, open_image

_NEW_SUBFILE_TYPE = 254
_REDUCED = 1  # bit 0: a smaller copy of another page
_OFFSETS_AND_COUNTS = ((273, 279), (324, 325))  # strips, tiles


def page_frames(path: Path, limits: Limits) -> list[int]:
    """The frames that are pages (thumbnails left out).

    ``CorruptFile`` when a directory or a page's data lies outside the file, ``TooManyPages``, ``TooManyPixels``,
    ``NoPages``.
    """
    size = path.stat().st_size
    frames: list[int] = []
    with open_image(path, kinds.TIFF, limits) as image:
        assert isinstance(image, TiffImagePlugin.TiffImageFile)
        frame = 0
        while True:
            if _is_page(image):
                check_size(image.width, image.height, limits)
                _check_extent(image, size)
                frames.append(frame)
            frame += 1
            if frame > limits.max_pages:
                raise TooManyPages(f"more than {limits.max_pages} pages")
            try:
                image.seek(frame)
            except EOFError:
                break
            except Image.DecompressionBombError:
                check_size(limits.max_pixels + 1, 1, limits)
            except BAD_BYTES as error:
                raise CorruptFile(f"page {frame + 1} of the TIFF is cut off ({type(error).__name__})") from None
    if not frames:
        raise NoPages("the TIFF holds only thumbnails")
    return frames


def _is_page(image: TiffImagePlugin.TiffImageFile) -> bool:
    kind = image.tag_v2.get(_NEW_SUBFILE_TYPE, 0)
    return not (isinstance(kind, int) and kind & _REDUCED)


def _check_extent(image: TiffImagePlugin.TiffImageFile, size: int) -> None:
    """Every strip or tile must lie in the file: libtiff turns missing fax lines into white ones without an error."""
    for offsets_tag, counts_tag in _OFFSETS_AND_COUNTS:
        offsets, counts = image.tag_v2.get(offsets_tag), image.tag_v2.get(counts_tag)
        if offsets is None:
            continue
        try:
            ends = [int(o) + int(c) for o, c in zip(offsets, counts or [0] * len(offsets), strict=False)]
        except (TypeError, ValueError):
            raise CorruptFile("the TIFF's strip table makes no sense") from None
        if ends and max(ends) > size:
            raise CorruptFile("the TIFF is cut short: part of a page lies beyond its end")
