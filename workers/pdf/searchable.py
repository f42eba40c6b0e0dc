"""The searchable PDF of a scan or a component: every page's own image, straight, with the words read lying on their ink."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pikepdf import Dictionary, Object, Pdf

from workers.page import Encoding, Origin, Overlay, PageOutcome, Placement, SourceImage
from workers.pdf.copied import SourcePdf
from workers.pdf.geometry import (
    compose,
    covers,
    image_operator,
    page_affine,
    points_per_pixel,
    upright_size,
)
from workers.pdf.images import NotEmbeddable, from_source, wrap
from workers.pdf.metadata import PdfMetadata
from workers.pdf.note import A4, unreadable_page
from workers.pdf.parts import Document
from workers.pdf.pdfa import Claim
from workers.pdf.stamped import area_of, pieces, stamped_scan
from workers.pdf.textlayer import text_operators
from workers.steps.decode.pdf_file import PDF_ERRORS
from workers.steps.placement import Affine, edges

__all__ = ["PdfMetadata", "PdfReport", "Picture", "build_pdf"]

log = logging.getLogger(__name__)

EMBEDDING_ERRORS = (NotEmbeddable, OSError, *PDF_ERRORS)


class Picture(StrEnum):
    """How a page's picture came into the PDF: what its size depends on."""

    KEPT = "kept"  # the bytes that came
    STAMPED = "stamped"  # the same, with its stamps drawn over them
    COPIED = "copied"  # a born-digital page as it was
    DRAWN = "drawn"  # our JPEG of the page
    NONE = "none"  # a sentence that it can't be shown


@dataclass(frozen=True, slots=True)
class PdfReport:
    """``pdfa_level``: ``"1b"``, ``"2b"`` (unproven) or ``None``; ``pdfa_reason`` says why it is not 1b, else empty.

    ``substituted``: numbers of the pages whose own image could not be embedded, so that the fallback or a note stands there.
    ``pictures``: how each page's picture came in, in their order.
    """

    path: Path
    bytes: int
    pages: int
    pdfa_level: str | None
    pdfa_reason: str
    sha256: str
    substituted: tuple[int, ...] = ()
    pictures: tuple[Picture, ...] = ()


def build_pdf(
    outcomes: Iterable[PageOutcome], out: Path, *, source_pdf: Path | None, metadata: PdfMetadata
) -> PdfReport:
    """Write ``out``, one page for each outcome, in their order; the same input gives the same bytes.

    Outcomes are taken one at a time and not kept; large documents wait on disk. A page that failed shows its image when there is one, else
    a sentence saying so. Raises ``ValueError`` without pages, and when an outcome needs ``source_pdf`` and it is ``None``.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".pdf-", dir=out.parent) as folder, SourcePdf(source_pdf) as source:
        writer = _Writer(Path(folder), source)
        try:
            for outcome in outcomes:
                writer.add(outcome)
            finished = Path(folder) / "finished.pdf"
            writer.save(finished, metadata)
        finally:
            writer.close()
        with finished.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        size = finished.stat().st_size
        finished.replace(out)
    return PdfReport(
        path=out,
        bytes=size,
        pages=len(writer.pictures),
        pdfa_level=writer.claim.level,
        pdfa_reason=writer.claim.reason,
        sha256=digest,
        substituted=tuple(writer.substituted),
        pictures=tuple(writer.pictures),
    )


class _Writer:
    def __init__(self, folder: Path, source: SourcePdf) -> None:
        self.claim = Claim()
        self.substituted: list[int] = []
        self.pictures: list[Picture] = []
        self._source = source
        self._document = Document(folder, self.claim)

    def add(self, outcome: PageOutcome) -> None:
        self.pictures.append(self._write(outcome))
        self._document.roll()

    def save(self, path: Path, metadata: PdfMetadata) -> None:
        if not self.pictures:
            raise ValueError("a PDF needs a page")
        self._document.save(path, metadata)

    def close(self) -> None:
        self._document.close()

    def _write(self, outcome: PageOutcome) -> Picture:
        """The best that can be had of the page, down to a sentence saying that there is nothing."""
        index = outcome.source_pdf_page
        wanted_copy = outcome.origin is Origin.TEXT and index is not None
        if wanted_copy and self._copy(outcome):
            return Picture.COPIED
        if outcome.source is not None and self._place(outcome, outcome.source):
            return Picture.STAMPED if outcome.overlays else Picture.KEPT
        if wanted_copy or outcome.source is not None:
            self.substituted.append(outcome.number)
        elif self._place_stamped(outcome):
            return Picture.STAMPED
        if self._place_fallback(outcome):
            return Picture.DRAWN
        if index is not None and not wanted_copy and self._source.given and self._copy(outcome):
            return Picture.COPIED  # it failed before there was an image of it: people still see what came
        self._document.part.append(A4, unreadable_page(outcome.number), Dictionary())
        return Picture.NONE

    def _copy(self, outcome: PageOutcome) -> bool:
        index = outcome.source_pdf_page
        assert index is not None
        if not self._source.given:
            raise ValueError("a page is to be copied from the source PDF, and none was given")
        try:
            self._document.part.bytes += self._source.copy_page(self._document.part.pdf, index, self.claim)
        except PDF_ERRORS as error:
            log.warning("page %d could not be copied from its PDF: %s", outcome.number, type(error).__name__)
            return False
        return True

    def _place(self, outcome: PageOutcome, source: SourceImage) -> bool:
        """The page's own bytes through its placement, and what lies over them; false when they can't be embedded."""
        stored = (source.width, source.height)
        size = upright_size(source.exif_orientation, *stored)
        if outcome.placement is not None:
            size = (outcome.placement.width, outcome.placement.height)
        try:
            owner, image = self._load(source)
            over = [_overlay(overlay, outcome.placement) for overlay in outcome.overlays]
        except EMBEDDING_ERRORS as error:
            log.warning("the image of page %d could not be embedded: %s", outcome.number, type(error).__name__)
            return False
        matrix = page_affine(outcome.placement, source.exif_orientation, stored)
        self._compose(outcome, size, [_Picture(owner, image, stored, matrix), *over])
        return True

    def _place_stamped(self, outcome: PageOutcome) -> bool:
        """A signed scan that was drawn: its own bytes, with the stamps cut out of the drawing."""
        drawing, placement = outcome.fallback_jpeg, outcome.placement
        if outcome.source_pdf_page is None or drawing is None or placement is None or not self._source.given:
            return False
        size = (placement.width, placement.height)
        to_page = edges(placement.matrix)
        try:
            scan = stamped_scan(self._source.pdf.pages[outcome.source_pdf_page], outcome.dpi)
            if scan is None:
                return False
            base = self._document.part.pdf.copy_foreign(scan.image)
            pictures = [_Picture(None, base, scan.stored, compose(to_page, scan.matrix))]
            areas = [area_of(corners, to_page) for corners in scan.stamps]
            for piece, (x0, y0, x1, y1) in pieces(drawing, size, areas):
                fit = ((x1 - x0) / piece.width, 0, x0, 0, (y1 - y0) / piece.height, y0)
                pictures.append(_Picture(*wrap(piece), (piece.width, piece.height), fit))
        except EMBEDDING_ERRORS as error:
            log.warning("page %d stays a drawing: %s", outcome.number, type(error).__name__)
            return False
        self._compose(outcome, size, pictures)
        return True

    def _place_fallback(self, outcome: PageOutcome) -> bool:
        """A JPEG that already is page space; it may have been made smaller."""
        if outcome.fallback_jpeg is None:
            return False
        stored = (max(outcome.width, 1), max(outcome.height, 1))
        try:
            owner, image = self._load(SourceImage(Encoding.JPEG, *stored, outcome.fallback_jpeg))
        except EMBEDDING_ERRORS as error:
            log.warning("the fallback of page %d could not be embedded: %s", outcome.number, type(error).__name__)
            return False
        identity: Affine = (1, 0, 0, 0, 1, 0)
        self._compose(outcome, stored, [_Picture(owner, image, stored, identity)])
        return True

    def _load(self, source: SourceImage) -> tuple[Pdf | None, Object]:
        if source.encoding is Encoding.PDF_STREAM:
            return None, self._document.part.pdf.copy_foreign(from_source(self._source.pdf, source))
        return wrap(source)

    def _compose(self, outcome: PageOutcome, size: tuple[int, int], pictures: list[_Picture]) -> None:
        """A page of ``size`` pixels: white ground where the first picture leaves some, pictures, words."""
        scale = points_per_pixel(*size, outcome.dpi)
        points = (round(size[0] * scale, 2), round(size[1] * scale, 2))
        sheet = f"0 0 {points[0]:.2f} {points[1]:.2f} re"
        ground = "" if covers(pictures[0].matrix, pictures[0].stored, *size) else f"1 g {sheet} f\n"
        drawing = f"q\n{ground}{sheet} W n\n0 g\n"
        for index, picture in enumerate(pictures):
            place = image_operator(picture.matrix, picture.stored, size[1], scale)
            drawing += f"q {place} cm /Im{index} Do Q\n"
        part = self._document.part
        text = text_operators(outcome.lines, size[1], scale, part.font)
        resources = Dictionary(XObject=Dictionary())
        for index, picture in enumerate(pictures):
            image = part.pdf.copy_foreign(picture.image) if picture.owner is not None else picture.image
            part.tidier.tidy(image)
            resources.XObject[f"/Im{index}"] = image
            part.bytes += int(image.get("/Length", 0))
            if picture.owner is not None:
                picture.owner.close()
        part.append(points, f"{drawing}Q\n".encode("ascii"), resources, text)


@dataclass(frozen=True, slots=True)
class _Picture:
    """An image XObject of ``owner`` (``None``: of the document itself), and its way from stored pixels to page space."""

    owner: Pdf | None
    image: Object
    stored: tuple[int, int]
    matrix: Affine


def _overlay(overlay: Overlay, placement: Placement | None) -> _Picture:
    """Raises ``NotEmbeddable``."""
    x0, y0, x1, y1 = overlay.box
    size = (x1 - x0, y1 - y0)
    place: Affine = (1, 0, x0, 0, 1, y0)
    matrix = compose(edges(placement.matrix), place) if placement is not None else place
    return _Picture(*wrap(SourceImage(Encoding.JPEG, *size, overlay.jpeg)), size, matrix)
