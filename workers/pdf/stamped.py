"""A scan that was signed, and had to be drawn whole: one image, with the signature's stamp lying on it as an annotation.

What was read is a drawing (the image is coarse, or its stamps can't be drawn alone). The PDF need not be: the scan's own bytes go in, and
only where stamps lie is a piece of the drawing put over them. Text inside a stamp's appearance is not copied, since the words read
from the drawing already stand there.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from PIL import Image

from workers.page import Box, Encoding, SourceImage
from workers.pdf.geometry import compose
from workers.steps.decode.orientation import Matrix, chain, stored_to_upright
from workers.steps.decode.pdf_content import bounds, survey
from workers.steps.decode.pdf_file import PageFrame, frame_of
from workers.steps.decode.pdf_notes import inked, rect_of
from workers.steps.decode.pdf_pull import only_image
from workers.steps.placement import Affine

_TURN = {0: 1, 90: 6, 180: 3, 270: 8}  # /Rotate as an EXIF orientation
_MARGIN = 2  # pixels around a stamp
_QUALITY = 92


@dataclass(frozen=True, slots=True)
class StampedScan:
    """``image``: the page's image XObject in the source PDF, ``matrix``: its stored pixels -> image space (the drawing).

    ``stamps``: corners of each annotation that shows ink, in image space.
    """

    image: pikepdf.Object
    stored: tuple[int, int]
    matrix: Affine
    stamps: tuple[tuple[tuple[float, float], ...], ...]


def stamped_scan(page: pikepdf.Page, dpi: float) -> StampedScan | None:
    """What lies under and in the annotations of a page; ``None`` when it is not one image. ``dpi``: of the drawing."""
    frame = frame_of(page)
    painted = only_image(survey(page, frame), frame)
    if painted is None or dpi <= 0:
        return None
    to_drawing = _to_drawing(frame, dpi)
    stored = int(painted.image.Width), int(painted.image.Height)
    to_unit: Affine = (1 / stored[0], 0, 0, 0, -1 / stored[1], 1)
    matrix = compose(_affine(chain(painted.matrix, to_drawing)), to_unit)
    stamps = [_corners(note, to_drawing) for note in inked(page)]
    return StampedScan(painted.image, stored, matrix, tuple(stamps))


def pieces(drawing: bytes, size: tuple[int, int], areas: list[Box]) -> Iterator[tuple[SourceImage, Box]]:
    """Cut ``areas`` (page space, a page of ``size`` pixels) out of its drawing, a JPEG that may have been made smaller.

    Yields each piece with the box it fills. Raises what Pillow raises when the JPEG is broken.
    """
    with Image.open(io.BytesIO(drawing)) as whole:
        whole.load()
        sx, sy = whole.width / size[0], whole.height / size[1]
        for x0, y0, x1, y1 in areas:
            left, top = int(max(x0 * sx, 0)), int(max(y0 * sy, 0))
            right, bottom = -int(-min(x1 * sx, whole.width) // 1), -int(-min(y1 * sy, whole.height) // 1)
            if right <= left or bottom <= top:
                continue
            buffer = io.BytesIO()
            whole.crop((left, top, right, bottom)).save(buffer, "JPEG", quality=_QUALITY, subsampling=0)
            source = SourceImage(Encoding.JPEG, right - left, bottom - top, buffer.getvalue())
            yield source, (round(left / sx), round(top / sy), round(right / sx), round(bottom / sy))


def area_of(corners: tuple[tuple[float, float], ...], matrix: Affine) -> Box:
    """The box in page space around image-space corners put through ``matrix``."""
    a, b, c, d, e, f = matrix
    xs, ys = [a * x + b * y + c for x, y in corners], [d * x + e * y + f for x, y in corners]
    return int(min(xs)) - _MARGIN, int(min(ys)) - _MARGIN, int(max(xs)) + 1 + _MARGIN, int(max(ys)) + 1 + _MARGIN


def _corners(note: pikepdf.Object, to_drawing: Matrix) -> tuple[tuple[float, float], ...]:
    x0, y0, x1, y1 = rect_of(note)
    left, top, right, bottom = bounds(chain((x1 - x0, 0.0, 0.0, y1 - y0, x0, y0), to_drawing))
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _to_drawing(frame: PageFrame, dpi: float) -> Matrix:
    """User space -> pixels of the page drawn at ``dpi``, turned by ``/Rotate``."""
    x0, _, _, y1 = frame.box
    scale = dpi * frame.unit / 72
    across, down = frame.width * scale, frame.height * scale
    a, b, c, d, e, f = stored_to_upright(0, 0, _TURN[frame.rotate])
    shift = {1: (0.0, 0.0), 6: (down, 0.0), 3: (across, down), 8: (0.0, across)}[_TURN[frame.rotate]]
    return chain((scale, 0.0, 0.0, -scale, -x0 * scale, y1 * scale), (a, b, c, d, e + shift[0], f + shift[1]))


def _affine(matrix: Matrix) -> Affine:
    """PDF's order of the six numbers -> ``Placement``'s."""
    a, b, c, d, e, f = matrix
    return a, c, e, b, d, f
