"""Opening a PDF: damage, encryption and page count, and the geometry of one page. qpdf (pikepdf) reads the structure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from models.errors import CorruptFile, EncryptedPdf, NoPages, NotFound, TooManyPages, TooManyPixels
from workers.limits import Limits

REPAIRED = "REPAIRED"  # the PDF's own table of contents was damaged and qpdf rebuilt it; every page is there
POINTS = 72.0
_DEFAULT_BOX = (0.0, 0.0, 612.0, 792.0)
_MAX_POINTS = 14_400.0 * 10
# What pikepdf raises on files that are not what they say (its objects are Python's own, so also Python's own errors).
PDF_ERRORS = (
    pikepdf.PikepdfError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RuntimeError,
    ArithmeticError,
)

Rect = tuple[float, float, float, float]  # x0, y0, x1, y1


@contextmanager
def opened(path: Path) -> Iterator[pikepdf.Pdf]:
    """The PDF, opened with the empty user password. ``EncryptedPdf``, ``CorruptFile``."""
    try:
        pdf = pikepdf.open(path)
    except pikepdf.PasswordError:
        raise EncryptedPdf("a password is needed to open it") from None
    except pikepdf.PdfError as error:
        raise CorruptFile(f"the PDF can't be opened: {_reason(error)}") from None
    except PDF_ERRORS as error:
        raise CorruptFile(f"the PDF can't be opened ({type(error).__name__})") from None
    with pdf:
        yield pdf


def count_pages(path: Path, limits: Limits) -> tuple[int, tuple[str, ...]]:
    """Pages, and ``REPAIRED`` if the file was damaged but all its pages were found.

    Damage is mended when nothing is missing: the page tree must hold as many pages as it says. A page whose own data is
    damaged shows itself when it is decoded, and fails alone. ``CorruptFile``, ``EncryptedPdf``, ``NoPages``,
    ``TooManyPages``; ``TooManyPixels`` when not one page has images within the limit.
    """
    with opened(path) as pdf:
        try:
            found = len(pdf.pages)
            said = _said_count(pdf)
            damaged = bool(pdf.get_warnings())
        except PDF_ERRORS as error:
            raise CorruptFile(f"the PDF's pages can't be found: {_reason(error)}") from None
        if found == 0 and damaged:
            raise CorruptFile("the PDF is damaged and none of its pages can be found")
        if found == 0:
            raise NoPages("the PDF has no pages")
        if found > limits.max_pages:
            raise TooManyPages(f"{found} pages; the limit is {limits.max_pages}")
        if damaged and said is not None and found < said:
            raise CorruptFile(f"the PDF is damaged: it should have {said} pages, {found} can be found")
        if not any(_within(page, limits) for page in pdf.pages):
            raise TooManyPixels(f"every page has an image of more than {limits.max_pixels} pixels")
    return found, ((REPAIRED,) if damaged else ())


def _said_count(pdf: pikepdf.Pdf) -> int | None:
    count: Any = pdf.Root.get("/Pages", pikepdf.Dictionary()).get("/Count")
    return count if isinstance(count, int) else None


def _within(page: pikepdf.Page, limits: Limits) -> bool:
    try:
        sizes = [_pixels(image) for image in page.get_images(recursive=False).values()]
    except PDF_ERRORS:
        return True  # shows itself when the page is decoded
    return all(size <= limits.max_pixels for size in sizes)


def _pixels(image: Any) -> int:
    try:
        return int(image.get("/Width", 0)) * int(image.get("/Height", 0))
    except PDF_ERRORS:
        return 0


def _reason(error: Exception) -> str:
    """The sentence of qpdf without the file's name in front."""
    text = str(error).rsplit(": ", 1)[-1].strip()
    return text[:120] or type(error).__name__


@dataclass(frozen=True, slots=True)
class PageFrame:
    """``box``: what is shown (CropBox within MediaBox) in user space, before ``rotate`` (0, 90, 180, 270 clockwise).

    ``unit``: size of a user-space unit in points (``/UserUnit``).
    """

    box: Rect
    rotate: int
    unit: float

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]

    @property
    def area(self) -> float:
        return self.width * self.height

    def shown_inches(self) -> tuple[float, float]:
        """Width and height of the page as shown, turned by ``/Rotate``."""
        size = (self.width * self.unit / POINTS, self.height * self.unit / POINTS)
        return (size[1], size[0]) if self.rotate in (90, 270) else size


def get_page(pdf: pikepdf.Pdf, number: int) -> pikepdf.Page:
    """Page ``number`` from 1. ``NotFound``."""
    try:
        if not 1 <= number <= len(pdf.pages):
            raise NotFound(f"there is no page {number}")
        return pdf.pages[number - 1]
    except PDF_ERRORS as error:
        raise CorruptFile(f"page {number} can't be found: {_reason(error)}") from None


def frame_of(page: pikepdf.Page) -> PageFrame:
    """Geometry of a page; nonsense is replaced as viewers do (a Letter page, no turn)."""
    media = _box(page, "mediabox") or _DEFAULT_BOX
    crop = _box(page, "cropbox") or media
    shown = intersect(media, crop) or media
    try:
        rotate = int(page.rotation) % 360
    except PDF_ERRORS:
        rotate = 0
    try:
        unit = float(page.obj.get("/UserUnit", 1))
    except PDF_ERRORS:
        unit = 1.0
    return PageFrame(shown, rotate if rotate in (0, 90, 180, 270) else 0, unit if 0 < unit <= 1000 else 1.0)


def _box(page: pikepdf.Page, name: str) -> Rect | None:
    try:
        values = [float(value) for value in getattr(page, name)]
        x0, x1 = sorted((values[0], values[2]))
        y0, y1 = sorted((values[1], values[3]))
    except PDF_ERRORS:
        return None
    if not (0.5 < x1 - x0 < _MAX_POINTS and 0.5 < y1 - y0 < _MAX_POINTS):
        return None
    return (x0, y0, x1, y1)


def intersect(one: Rect, other: Rect) -> Rect | None:
    """What two rectangles share, or ``None``."""
    x0, y0, x1, y1 = max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def area(rect: Rect | None) -> float:
    return 0.0 if rect is None else (rect[2] - rect[0]) * (rect[3] - rect[1])
