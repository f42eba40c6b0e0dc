"""A document that grows page by page without growing in memory.

pikepdf copies whatever comes from another PDF into memory at once. So pages are gathered in parts; a part past ``PART_BYTES`` goes to
disk, and at the end qpdf, which copies from files a stream at a time, puts the parts together under the catalogue of the last.

The finished file is linearised (ISO 32000-1 annex F; ISO 19005-1, 6.1.3 allows it): a viewer that fetches it over a slow line shows the first page before
the rest has come. Parts are not, since they are read only here. Neither has object or cross-reference streams, which PDF/A-1 forbids.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from pikepdf import (
    Array,
    Dictionary,
    Job,
    Name,
    Object,
    ObjectStreamMode,
    Page,
    Pdf,
    Stream,
    StreamDecodeLevel,
    settings,
)

from workers.pdf.font import InkFont
from workers.pdf.images import ImageTidier
from workers.pdf.metadata import PdfMetadata
from workers.pdf.pdfa import Claim, finish_catalogue

PART_BYTES = 32 * 1024 * 1024
settings.set_flate_compression_level(9)  # of contents and fonts, a few kilobytes a page; images come coded


class Part:
    """Some consecutive pages: a PDF of its own, with its own font (a few kilobytes)."""

    def __init__(self, claim: Claim) -> None:
        self.pdf = Pdf.new()
        self.font = InkFont()
        self.tidier = ImageTidier(self.pdf, claim)
        self.bytes = 0  # of the images in it, about
        self._texts: list[tuple[Object, bytes, bytes]] = []  # page, its drawing, its words

    def append(self, points: tuple[float, float], content: bytes, resources: Dictionary, text: bytes = b"") -> None:
        """A page of ``points`` width and height; ``text``: what its content ends with, written with ``self.font``."""
        page = self.pdf.make_indirect(
            Dictionary(
                Type=Name.Page,
                MediaBox=Array([0, 0, *(Decimal(f"{side:.2f}") for side in points)]),
                Resources=resources,
                Contents=Stream(self.pdf, content),
            )
        )
        self.pdf.pages.append(Page(page))
        if text:
            self._texts.append((page, content, text))

    def save(self, path: Path, version: str, *, linearize: bool) -> None:
        if self._texts:
            fonts = self.font.fonts(self.pdf)
            for page, content, text in self._texts:
                page.Resources.Font = fonts
                page.Contents = Stream(self.pdf, content + self.font.finished(text))
            self._texts.clear()
        self.pdf.save(
            path,
            force_version=version,
            fix_metadata_version=False,
            deterministic_id=True,
            object_stream_mode=ObjectStreamMode.disable,
            stream_decode_level=StreamDecodeLevel.none,
            compress_streams=True,
            linearize=linearize,
        )


class Document:
    """``part`` takes the next page; ``roll`` after each page; ``save`` once."""

    def __init__(self, folder: Path, claim: Claim) -> None:
        self.part = Part(claim)
        self._claim = claim
        self._folder = folder
        self._stored: list[Path] = []

    def roll(self) -> None:
        """Begin a new part when this one is large enough."""
        if self.part.bytes >= PART_BYTES:
            self._store()
            self.part = Part(self._claim)

    def save(self, path: Path, metadata: PdfMetadata) -> None:
        finish_catalogue(self.part.pdf, metadata, self._claim)
        if not self._stored:
            self.part.save(path, self._claim.pdf_version, linearize=True)
            return
        last = self._store()
        inputs = [str(part) for part in self._stored[:-1]]
        # qpdf takes options and names alike; ours are plain names in our own folder.
        options = [
            "--linearize",
            "--deterministic-id",
            "--object-streams=disable",
            "--stream-data=preserve",
            "--decode-level=none",
        ]
        options.append("--newline-before-endstream")  # PDF/A-1, 6.1.7; pikepdf does it by itself
        version = f"--force-version={self._claim.pdf_version}"
        unshared = "--remove-unreferenced-resources=no"
        Job(["qpdf", str(last), version, *options, unshared, "--pages", *inputs, ".", "--", str(path)]).run()

    def close(self) -> None:
        self.part.pdf.close()

    def _store(self) -> Path:
        path = self._folder / f"part-{len(self._stored)}.pdf"
        self.part.save(path, self._claim.pdf_version, linearize=False)
        self.part.pdf.close()
        self._stored.append(path)
        return path
