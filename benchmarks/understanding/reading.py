"""Files and drawn papers as the product reads them: encoded page outcomes, their pictures left out."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import img2pdf
from PIL import Image

from sample_scans.generator import Sample
from workers.classify.understand import without_pictures
from workers.limits import Limits
from workers.outcome_codec import decode
from workers.page import DocumentInfo, PageOutcome
from workers.parallel import ReaderPool
from workers.steps.decode import open_document
from workers.steps.signatures import Signature, signatures

JPEG_QUALITY = 85  # what scanners send


@dataclass(frozen=True, slots=True)
class Read:
    """A document read: its pages' words, and the digital signatures of its file."""

    info: DocumentInfo
    pages: tuple[PageOutcome, ...]
    signatures: tuple[Signature, ...]


def read(path: Path, pool: ReaderPool, limits: Limits) -> Read:
    """As ``digitize scan`` reads it."""
    info = open_document(path, limits)
    with tempfile.TemporaryDirectory() as folder:
        files = dict(pool.read(info, Path(folder)))
        pages = tuple(without_pictures(decode(files[number].read_bytes())) for number in sorted(files))
    return Read(info, pages, signatures(info, limits) or ())


def as_pdf(samples: Sequence[Sample], path: Path) -> Path:
    """The drawn pages as a scanner's PDF: a JPEG each, 1-bit pages as they are."""
    images = list(_images(samples))
    dpi = samples[0].truth.dpi
    layout = img2pdf.get_fixed_dpi_layout_fun((dpi, dpi))
    path.write_bytes(img2pdf.convert(images, layout_fun=layout))
    return path


def _images(samples: Sequence[Sample]) -> Iterator[bytes]:
    for sample in samples:
        out = io.BytesIO()
        Image.fromarray(sample.image).save(out, "JPEG", quality=JPEG_QUALITY)
        yield out.getvalue()
