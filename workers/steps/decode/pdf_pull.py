"""A page that is one image: its own pixels at their own resolution, and its own compressed bytes."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pikepdf
import pypdfium2 as pdfium

from models.errors import CorruptFile
from workers.limits import Limits
from workers.page import Encoding, Overlay, Pixels, SourceImage
from workers.steps.decode import kinds
from workers.steps.decode.images import bilevel_source
from workers.steps.decode.jpeg import decode_jpeg, first_image
from workers.steps.decode.opencv import imdecode
from workers.steps.decode.orientation import Matrix, chain, inverse, of_matrix, stored_to_upright, turn_upright
from workers.steps.decode.pdf_content import PaintedImage, Survey, bounds
from workers.steps.decode.pdf_file import PDF_ERRORS, POINTS, PageFrame, area, intersect
from workers.steps.decode.pillow import check_size, load, open_image, to_pixels
from workers.steps.decode.resolution import Resolution, resolution_of

COVERS = 0.90  # of the page's area, by the image
OVERHANG = 0.01  # of the image's width or height outside the page, before it is cut off
_TYPES_IMAGE = 3  # FPDF_PAGEOBJ_IMAGE


@dataclass(frozen=True, slots=True)
class Pulled:
    """``to_pixels``: user space -> pixel coordinates of ``pixels``. ``overlays``: what lies over ``source`` and is in ``pixels`` too."""

    pixels: Pixels
    source: SourceImage | None
    resolution: Resolution
    to_pixels: Matrix
    overlays: tuple[Overlay, ...] = ()


def share_of(painted: PaintedImage, frame: PageFrame) -> float:
    """The part of the page, 0..1, inside the image's bounds."""
    return min(1.0, area(intersect(bounds(painted.matrix), frame.box)) / frame.area)


def only_image(survey: Survey, frame: PageFrame) -> PaintedImage | None:
    """The image that is all one sees of the page but for its annotations, or ``None``.

    It covers ``COVERS`` of the page, whole and opaque, and nothing visible comes after it. Invisible text may lie anywhere.
    """
    if not survey.understood or not survey.marks:
        return None
    last = survey.marks[-1]
    if last is None or not last.plain or share_of(last, frame) < COVERS:
        return None
    if any(key in last.image for key in ("/SMask", "/Mask")):
        return None
    if last.image.get("/ImageMask", False) and (len(survey.marks) > 1 or not last.black):
        return None  # a stencil lets what is under it show, and takes its colour from outside
    return last


def pull(painted: PaintedImage, frame: PageFrame, page: pdfium.PdfPage, limits: Limits) -> Pulled | None:
    """Its pixels, upright. ``None`` when it can't be had that way (skewed, CMYK, ...): the page is then drawn.

    Raises ``TooManyPixels`` before decoding, ``CorruptFile`` when its data is damaged.
    """
    image = painted.image
    width, height = int(image.Width), int(image.Height)
    check_size(width, height, limits)
    orientation = of_matrix(painted.matrix, frame.rotate)
    if orientation is None:
        return None
    resolution = _placed(width, height, painted.matrix, frame)
    back = inverse(painted.matrix)
    if not resolution.square or back is None:
        return None
    decoded = _decode(image, page, limits)
    if decoded is None or decoded[0].shape[:2] != (height, width):
        return None
    pixels, source = decoded
    to_stored = chain(back, (width, 0.0, 0.0, -height, 0.0, height))
    to_upright = chain(to_stored, stored_to_upright(width, height, orientation))
    pixels = turn_upright(pixels, orientation)
    if source is not None:
        source = SourceImage(source.encoding, width, height, source.data, source.pdf_object, orientation)
    x0, y0, x1, y1 = _shown(to_upright, frame, pixels)
    if max(x0, pixels.shape[1] - x1) > OVERHANG * pixels.shape[1] or (
        max(y0, pixels.shape[0] - y1) > OVERHANG * pixels.shape[0]
    ):
        pixels = np.ascontiguousarray(pixels[y0:y1, x0:x1])
        source = bilevel_source(pixels)  # the rest has no bytes of its own any more
        to_upright = chain(to_upright, (1.0, 0.0, 0.0, 1.0, -x0, -y0))
    elif source is not None and source.encoding is Encoding.PDF_STREAM and int(image.get("/BitsPerComponent", 1)) > 1:
        source = bilevel_source(pixels) or source
    return Pulled(np.ascontiguousarray(pixels), source, resolution, to_upright)


def _placed(width: int, height: int, matrix: Matrix, frame: PageFrame) -> Resolution:
    """The dpi from the size at which the image is placed; implausible sizes (photos at 72 dpi) are estimated from A4."""
    a, b, c, d, _, _ = matrix
    across, down = (a * a + b * b) ** 0.5 * frame.unit, (c * c + d * d) ** 0.5 * frame.unit
    return resolution_of(width, height, (width * POINTS / across, height * POINTS / down))


def _shown(matrix: Matrix, frame: PageFrame, pixels: Pixels) -> tuple[int, int, int, int]:
    """The page box in pixels of the upright image, within it."""
    x0, y0, x1, y1 = frame.box
    left, top, right, bottom = bounds(chain((x1 - x0, 0.0, 0.0, y1 - y0, x0, y0), matrix))
    height, width = pixels.shape[:2]
    return max(0, round(left)), max(0, round(top)), min(width, round(right)), min(height, round(bottom))


def _decode(image: Any, page: pdfium.PdfPage, limits: Limits) -> tuple[Pixels, SourceImage | None] | None:
    """Stored pixels and, where a PDF/A may carry them, the bytes or the object they come from."""
    width, height = int(image.Width), int(image.Height)
    pdf_image = pikepdf.PdfImage(image)
    try:
        filters, colours, keepable = pdf_image.filters, _components(pdf_image), _keepable(pdf_image)
    except PDF_ERRORS:
        return None
    straight = _straight_decode(image)
    copied = SourceImage(Encoding.PDF_STREAM, width, height, pdf_object=image.objgen) if keepable else None
    if filters and filters[-1] == "/DCTDecode":
        if colours not in (1, 3) or not straight or "/ColorTransform" in str(image.get("/DecodeParms", "")):
            return None
        data = first_image(_until(image, "/DCTDecode", pdf_image))
        with open_image(io.BytesIO(data), kinds.JPEG, limits) as header:
            if {"L": 1, "RGB": 3}.get(header.mode) != colours:
                return None
        return decode_jpeg(data, grey=colours == 1), SourceImage(Encoding.JPEG, width, height, data)
    if filters == ["/JPXDecode"]:
        if not straight or int(image.get("/SMaskInData", 0)):
            return None
        data = image.read_raw_bytes()
        return decode_jpeg2000(data, limits), SourceImage(Encoding.JPEG2000, width, height, data)
    pixels = _by_pdfium(page, width, height)
    if pixels is None:
        return None
    if colours == 1 and pixels.ndim == 3:
        pixels = np.ascontiguousarray(pixels[:, :, 0])
    if pdf_image.image_mask:
        pixels = 255 - pixels  # pdfium gives the paint's opacity, and the paint is black
    return pixels, copied


def _until(image: Any, last: str, pdf_image: pikepdf.PdfImage) -> bytes:
    """The stream's bytes with the filters before ``last`` undone (some programs deflate JPEGs)."""
    if pdf_image.filters == [last]:
        return bytes(image.read_raw_bytes())
    data, left = pdf_image._remove_simple_filters()  # noqa: SLF001  # pikepdf offers it no other way
    if left != [last]:
        raise CorruptFile("the image's filters are in an order that makes no sense")
    return bytes(data)


def decode_jpeg2000(data: bytes, limits: Limits) -> Pixels:
    """Stored pixels of a JPEG 2000. ``CorruptFile``, ``TooManyPixels`` (from its own header)."""
    with open_image(io.BytesIO(data), "JPEG2000", limits) as header:
        if header.mode not in ("L", "RGB") or header.getbands() == ("L", "A"):
            load(header)
            return to_pixels(header)
        pixels = imdecode(data, grey=header.mode == "L")
        if pixels is None:  # OpenCV is stricter than Pillow about colour spaces
            load(header)
            return to_pixels(header)
    return pixels


def _by_pdfium(page: pdfium.PdfPage, width: int, height: int) -> Pixels | None:
    """Fax, JBIG2, Flate and the rest, with colour space and ``/Decode`` applied."""
    try:
        found = (
            thing for thing in page.get_objects(filter=[_TYPES_IMAGE]) if tuple(thing.get_px_size()) == (width, height)
        )
        image = next(found, None)
        pixels = None if image is None else image.get_bitmap().to_numpy()
    except pdfium.PdfiumError:
        return None
    if pixels is None or pixels.ndim == 2:
        return None if pixels is None else np.array(pixels, dtype=np.uint8)
    if pixels.shape[2] == 1:
        return np.array(pixels[:, :, 0], dtype=np.uint8)
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels[:, :, :3]), cv2.COLOR_BGR2RGB), dtype=np.uint8)


def _components(image: pikepdf.PdfImage) -> int:
    if image.image_mask:
        return 1
    if image.colorspace == "/ICCBased":
        return {"L": 1, "RGB": 3}.get(image.mode, 4)
    return {"/DeviceGray": 1, "/CalGray": 1, "/DeviceRGB": 3, "/CalRGB": 3}.get(str(image.colorspace), 4)


def _keepable(image: pikepdf.PdfImage) -> bool:
    """Whether PDF/A-1 with an sRGB output intent may carry the object: grey or RGB (or a palette of them), 8 bits."""
    if image.image_mask:
        return True
    if image.bits_per_component > 8:
        return False
    return image.mode in ("1", "L", "RGB", "P")


def _straight_decode(image: Any) -> bool:
    """Whether ``/Decode`` is absent or changes nothing."""
    array = image.get("/Decode")
    return array is None or [float(value) for value in array] == [0.0, 1.0] * (len(array) // 2)
