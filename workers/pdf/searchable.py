"""The searchable PDF of a scan or a component: every page's own image, straight, with the words read lying on their ink."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Page, Pdf, Stream, StreamDecodeLevel

from workers.page import Encoding, Origin, PageOutcome, SourceImage
from workers.pdf.copied import SourcePdf
from workers.pdf.font import InkFont
from workers.pdf.geometry import Affine, covers, image_operator, page_affine, points_per_pixel, upright_size
from workers.pdf.images import ImageTidier, NotEmbeddable, from_source, wrap
from workers.pdf.metadata import PdfMetadata
from workers.pdf.note import A4, unreadable_page
from workers.pdf.pdfa import Claim, finish_catalogue
from workers.pdf.spool import ImageSpool
from workers.pdf.textlayer import text_operators

__all__ = ["PdfMetadata", "PdfReport", "build_pdf"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PdfReport:
    """``pdfa_level``: ``"1b"``, ``"2b"`` (unproven) or ``None``; ``pdfa_reason`` says why it is not 1b, else empty.

    ``substituted``: numbers of the pages whose own image could not be embedded, so that the fallback or a note stands there.
    """

    path: Path
    bytes: int
    pages: int
    pdfa_level: str | None
    pdfa_reason: str
    sha256: str
    substituted: tuple[int, ...] = ()


def build_pdf(
    outcomes: Iterable[PageOutcome], out: Path, *, source_pdf: Path | None, metadata: PdfMetadata
) -> PdfReport:
    """Write ``out``, one page for each outcome, in their order; the same input gives the same bytes.

    Outcomes are taken one at a time and not kept: images wait on disk. A page that failed shows its image when there is one, else
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
        pages=writer.pages,
        pdfa_level=writer.claim.level,
        pdfa_reason=writer.claim.reason,
        sha256=digest,
        substituted=tuple(writer.substituted),
    )


class _Writer:
    def __init__(self, folder: Path, source: SourcePdf) -> None:
        self.claim = Claim()
        self.pages = 0
        self.substituted: list[int] = []
        self._source = source
        self._pdf = Pdf.new()
        self._font = InkFont()
        self._spool = ImageSpool(self._pdf, folder)
        self._tidier = ImageTidier(self._pdf, self.claim)
        self._with_text: list[Object] = []

    def add(self, outcome: PageOutcome) -> None:
        self.pages += 1
        if outcome.origin is Origin.TEXT and outcome.source_pdf_page is not None and self._copy(outcome):
            return
        if outcome.source is not None and self._place(outcome, outcome.source):
            return
        if outcome.source is not None:
            self.substituted.append(outcome.number)
        if outcome.fallback_jpeg is not None and self._place_fallback(outcome, outcome.fallback_jpeg):
            return
        self._append(A4, unreadable_page(outcome.number), Dictionary())

    def save(self, path: Path, metadata: PdfMetadata) -> None:
        if self.pages == 0:
            raise ValueError("a PDF needs a page")
        self._spool.flush()
        if self._font.used:
            fonts = self._font.fonts(self._pdf)
            for page in self._with_text:
                page.Resources.Font = fonts
        finish_catalogue(self._pdf, metadata, self.claim)
        self._pdf.remove_unreferenced_resources()
        self._pdf.save(
            path,
            force_version=self.claim.pdf_version,
            fix_metadata_version=False,
            deterministic_id=True,
            object_stream_mode=ObjectStreamMode.disable,
            stream_decode_level=StreamDecodeLevel.none,
            compress_streams=True,
        )

    def close(self) -> None:
        self._pdf.close()
        self._spool.close()

    def _copy(self, outcome: PageOutcome) -> bool:
        assert outcome.source_pdf_page is not None
        try:
            self._source.copy_page(self._pdf, outcome.source_pdf_page, self.claim)
        except (pikepdf.PdfError, IndexError) as error:
            log.warning("page %d could not be copied from its PDF: %s", outcome.number, type(error).__name__)
            self.substituted.append(outcome.number)
            return False
        return True

    def _place(self, outcome: PageOutcome, source: SourceImage) -> bool:
        """The page's own bytes through its placement; false when they can't be embedded."""
        stored = (source.width, source.height)
        width, height = upright_size(source.exif_orientation, *stored)
        if outcome.placement is not None:
            width, height = outcome.placement.width, outcome.placement.height
        matrix = page_affine(outcome.placement, source.exif_orientation, stored)
        return self._image_page(outcome, source, matrix, (width, height))

    def _place_fallback(self, outcome: PageOutcome, jpeg: bytes) -> bool:
        """A JPEG that already is page space; it may have been made smaller."""
        source = SourceImage(Encoding.JPEG, outcome.width or 1, outcome.height or 1, jpeg)
        return self._image_page(outcome, source, (1, 0, 0, 0, 1, 0), (source.width, source.height))

    def _image_page(self, outcome: PageOutcome, source: SourceImage, matrix: Affine, size: tuple[int, int]) -> bool:
        try:
            if source.encoding is Encoding.PDF_STREAM:
                image = self._pdf.copy_foreign(from_source(self._source.pdf, source))
                owner = None
            else:
                owner, image = wrap(source)
        except (NotEmbeddable, pikepdf.PdfError) as error:
            log.warning("the image of page %d could not be embedded: %s", outcome.number, error)
            return False
        scale = points_per_pixel(*size, outcome.dpi)
        points = (round(size[0] * scale, 2), round(size[1] * scale, 2))
        sheet = f"0 0 {points[0]:g} {points[1]:g} re"
        ground = "" if covers(matrix, (source.width, source.height), *size) else f"1 g {sheet} f\n"
        place = image_operator(matrix, (source.width, source.height), size[1], scale)
        drawing = f"q\n{ground}{sheet} W n\n0 g\n{place} cm\n/Im0 Do\nQ\n".encode("ascii")
        text = text_operators(outcome.lines, size[1], scale, self._font)
        page = self._append(points, drawing + text, Dictionary(XObject=Dictionary()))
        if text:
            self._with_text.append(page)
        attach = _Attach(page, self._tidier)
        if owner is None:
            attach(image)
        else:
            self._spool.add(owner, image, len(source.data), attach)
        return True

    def _append(self, points: tuple[float, float], content: bytes, resources: Dictionary) -> Object:
        page = self._pdf.make_indirect(
            Dictionary(
                Type=Name.Page,
                MediaBox=Array([0, 0, *(Decimal(f"{side:.2f}") for side in points)]),
                Resources=resources,
                Contents=Stream(self._pdf, content),
            )
        )
        self._pdf.pages.append(Page(page))
        return page


@dataclass(frozen=True, slots=True)
class _Attach:
    """Puts an image that has reached the document onto its page."""

    page: Object
    tidier: ImageTidier

    def __call__(self, image: Object) -> None:
        self.tidier.tidy(image)
        self.page.Resources.XObject.Im0 = image
