"""What the steps hand to each other. Pixels have their origin top left; boxes are ``(x0, y0, x1, y1)``, end exclusive.

*Image space* is the page image as decoded (EXIF orientation applied). *Page space* is the straightened page: what the
text boxes, the preview and the PDF page use. ``Placement`` is the one affine map between them: the reader warps with it, and
the PDF places the untouched original bytes with it, so a straightened page costs no re-encoding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Box = tuple[int, int, int, int]
Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]


def hull(boxes: Sequence[Box]) -> Box:
    """The smallest box around all of them; ``ValueError`` for none."""
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Whether the two boxes have some area in common; sides that only touch have none."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


class Origin(StrEnum):
    RASTER = "raster"  # an image; our text layer is added
    TEXT = "text"  # born digital; its own text is kept
    RELAYERED = "relayered"  # it had a text layer that is rubbish; ours replaces it


class Encoding(StrEnum):
    """How an embedded image's bytes are coded, as a PDF filter can carry them unchanged."""

    JPEG = "jpeg"
    JPEG2000 = "jpeg2000"
    CCITT_G4 = "ccitt_g4"
    PDF_STREAM = "pdf_stream"  # an image XObject of the source PDF, copied as it is (Flate, JBIG2, CCITT, ...)
    PNG = "png"


@dataclass(frozen=True, slots=True)
class SourceImage:
    """The page's own image, compressed, for embedding unchanged.

    ``data`` for JPEG, JPEG 2000, CCITT G4 and PNG: the bytes of a complete file (CCITT: a TIFF with one G4 strip). For
    ``PDF_STREAM``: empty, and ``pdf_object`` is the (object, generation) number in the source PDF.
    ``width``/``height`` are of the stored pixels, before ``exif_orientation`` (1-8, 1 = upright) is applied. For images out of a
    PDF it tells how ``/Rotate`` and the placement matrix turned them; EXIF inside ``data`` counts for nothing then or later:
    this number alone says how the stored pixels become the upright ones. ``within``: where the bytes lie in the posted file (offset, length) when
    ``data`` was left out because they lie there (``workers.jobs.once``).
    """

    encoding: Encoding
    width: int
    height: int
    data: bytes = b""
    pdf_object: tuple[int, int] | None = None
    exif_orientation: int = 1
    within: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Overlay:
    """A piece of the page as it is seen, over ``source``: a signature's stamp, say, that is no part of the image.

    ``box``: in image space. ``jpeg``: one pixel to the pixel.
    """

    box: Box
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Region:
    """Where on the page the warning ``code`` is about."""

    code: str
    box: Box


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """One page, decoded once.

    ``pixels``: uint8, ``(H, W)`` grey or ``(H, W, 3)`` RGB, in image space (upright by EXIF and ``/Rotate``).
    ``dpi``: of those pixels; ``dpi_known`` is false when the file says nothing and it was estimated from the paper size.
    ``source``: the compressed original, when the page may embed it untouched; ``None`` when it was rendered. ``overlays``: what lies
    over it, already painted into ``pixels``.
    ``text_layer``: the words a PDF page already carries (page space = image space), else ``None``; ``text_hidden`` says that
    they are invisible (somebody's OCR). ``image_share``: the part of the page, 0..1, that its largest image covers: near 1 is a
    scan, even when stamps or signatures lie on it. ``sheet``: where the sheet lay in the photo that the pixels were taken from and made
    flat, its corners in pixels of the decoded picture, clockwise from what is the top left one in ``pixels``; else ``None``.
    """

    pixels: Pixels
    dpi: float
    dpi_known: bool = True
    source: SourceImage | None = None
    origin: Origin = Origin.RASTER
    text_layer: tuple[Line, ...] | None = None
    warnings: tuple[str, ...] = ()
    image_share: float = 1.0
    text_hidden: bool = False
    sheet: Quad | None = None
    overlays: tuple[Overlay, ...] = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """Affine map from image space to page space.

    ``matrix``: ``(a, b, c, d, e, f)`` with ``x' = a x + b y + c``, ``y' = d x + e y + f`` in pixels (the rows that
    ``cv2.warpAffine`` takes). ``width``/``height``: the page in pixels. ``rotation``: clockwise degrees of the cardinal
    turn in it; ``skew``: degrees corrected, counter-clockwise positive.
    """

    matrix: tuple[float, float, float, float, float, float]
    width: int
    height: int
    rotation: int = 0
    skew: float = 0.0

    @staticmethod
    def identity(width: int, height: int) -> Placement:
        return Placement((1.0, 0.0, 0.0, 0.0, 1.0, 0.0), width, height)


@dataclass(frozen=True, slots=True)
class Word:
    """``box`` in page space; ``confidence`` 0..1; ``text`` NFC without spaces."""

    text: str
    box: Box
    confidence: float


class LineRole(StrEnum):
    """What a line is that is no running text."""

    PAGE_NUMBER = "page_number"
    FOOTNOTE = "footnote"
    STAMP = "stamp"


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one printed line, left to right. ``baseline``: (y at x=0, slope) in page space, when known.

    ``engine``: who read it, when that was not the page's engine but a second one. ``role``: ``None`` for running text.
    """

    words: tuple[Word, ...]
    baseline: tuple[float, float] | None = None
    engine: str | None = None
    role: LineRole | None = None

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        """Around all its words; ``ValueError`` without any."""
        return hull([word.box for word in self.words])


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a ruled table. ``row``, ``column`` from 0; ``rows``, ``columns``: how many it spans. ``text`` NFC, one printed line a line."""

    box: Box
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    text: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table in page space; ``cells`` row by row, empty ones too."""

    box: Box
    rows: int
    columns: int
    cells: tuple[Cell, ...]


class SlotKind(StrEnum):
    """What belongs into an open place of an official paper's head."""

    NUMBER = "number"  # số: between "Số:" and "/QĐ-UBND"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Holds(StrEnum):
    """What a slot was filled with."""

    PRINTED = "printed"
    PEN = "pen"
    UNSURE = "unsure"  # print or a pen's: the scan is too coarse to tell
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may stand in a slot, and how often such a reading is right, 0..1."""

    value: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Slot:
    """An open place between printed words, read apart from its line. ``box`` in page space.

    ``value``: what stands there, only where independent witnesses agree and are sure; then ``confidence`` is the less sure one's.
    ``reason``: why there is none (``EMPTY``, ``HANDWRITING``, ``PRINT_OR_PEN``, ``NO_WITNESS``, ``UNREADABLE``, ``UNSURE``, ``WITNESSES_DISAGREE``).
    ``candidates``: of a pen's digits, likeliest first, for a person or for what the rest of the paper says.
    """

    kind: SlotKind
    box: Box
    holds: Holds
    value: str | None = None
    confidence: float | None = None
    reason: str | None = None
    candidates: tuple[Candidate, ...] = ()


class MarkKind(StrEnum):
    """What a hand or a seal left on the page."""

    SEAL = "seal"
    SIGNATURE = "signature"
    HANDWRITING = "handwriting"


@dataclass(frozen=True, slots=True)
class Mark:
    """A seal, a signature or handwriting; ``box`` in page space, around all its strokes."""

    kind: MarkKind
    box: Box


class BarcodeKind(StrEnum):
    QR = "qr"
    DATA_MATRIX = "data_matrix"
    PDF417 = "pdf417"
    CODE128 = "code128"
    CODE39 = "code39"


@dataclass(frozen=True, slots=True)
class Barcode:
    """A code on the page that was read without an error. ``box`` in page space, around the code without its white margin.

    ``text`` may be personal (an identity card's QR code says all that is on the card): it is never logged, nor shown in ``repr``.
    """

    kind: BarcodeKind
    text: str = field(repr=False)
    box: Box


@dataclass(frozen=True, slots=True)
class Grade:
    """How sure the engine is: mean word confidence and the 5th percentile; the low one routes to a person."""

    mean: float
    low: float


@dataclass(frozen=True, slots=True)
class Failure:
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What became of one page; a failed page has ``failure`` and no lines, and never loses the document.

    ``dpi`` is of page space. ``source``, the ``overlays`` on it and ``placement`` are what the PDF needs; ``fallback_jpeg`` is the page as JPEG in
    page space when there is no ``source`` to embed. ``source_pdf_page`` (0-based) is set for pages of a PDF: ``Origin.TEXT`` pages are
    copied from the source PDF as they are. ``preview`` is a JPEG of page space for people, at most 1600 px high. ``sheet``: as ``DecodedPage``
    has it; image space is the flat sheet's then. ``warning_regions`` are in page space; a warning about the whole page has none.
    """

    number: int
    width: int = 0
    height: int = 0
    dpi: float = 0.0
    origin: Origin = Origin.RASTER
    placement: Placement | None = None
    blank: bool = False
    warnings: tuple[str, ...] = ()
    warning_regions: tuple[Region, ...] = ()
    grade: Grade | None = None
    lines: tuple[Line, ...] = ()
    tables: tuple[Table, ...] = ()
    slots: tuple[Slot, ...] = ()
    marks: tuple[Mark, ...] = ()
    barcodes: tuple[Barcode, ...] = ()
    source: SourceImage | None = None
    fallback_jpeg: bytes | None = None
    source_pdf_page: int | None = None
    preview: bytes | None = None
    engine: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    failure: Failure | None = None
    sheet: Quad | None = None
    overlays: tuple[Overlay, ...] = ()

    @property
    def text(self) -> str:
        """NFC, reading order, lines separated by newlines."""
        return "\n".join(line.text for line in self.lines)

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for line in self.lines for word in line.words)

    @property
    def second_opinion(self) -> tuple[str, int] | None:
        """(the second engine, how many lines were taken from it); ``None`` when ``engine`` read all of them."""
        engines = [line.engine for line in self.lines if line.engine]
        return (engines[0], len(engines)) if engines else None


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What ``steps.decode.open_document`` learned without decoding a page. ``page_count`` is at least 1."""

    path: Path
    media_type: str
    sha256: str
    bytes: int
    page_count: int
    warnings: tuple[str, ...] = ()
