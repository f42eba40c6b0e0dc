"""A whole document on this machine, without store or database: pages in parallel, one searchable PDF, one JSON object."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.catalog import default_catalog
from models.errors import SecretMaterial
from models.local_time import local_day
from workers.classify.secrecy import secrecy_mark
from workers.classify.understand import FileFacts, understand, without_pictures
from workers.limits import Limits
from workers.outcome_codec import decode
from workers.page import DocumentInfo, PageOutcome
from workers.parallel import ReaderPool
from workers.pdf.metadata import OF_SIGNED
from workers.pdf.searchable import PdfMetadata, PdfReport, build_pdf
from workers.report import Source, scan_json
from workers.steps.decode import open_document
from workers.steps.decode.kinds import PDF
from workers.steps.signatures import signatures as check_signatures


@dataclass(frozen=True, slots=True)
class ScannedDocument:
    """``json``: the contract's object. ``failed``: numbers of the pages that could not be read."""

    info: DocumentInfo
    json: dict[str, Any]
    failed: tuple[int, ...]
    pdf: PdfReport | None


def scan_document(
    path: Path,
    pool: ReaderPool,
    limits: Limits,
    *,
    pdf: Path | None,
    scratch: Path | None = None,
    on_open: Callable[[DocumentInfo], None] | None = None,
    on_page: Callable[[int], None] | None = None,
) -> ScannedDocument:
    """Read all pages of ``path`` and, if ``pdf`` is given, write the searchable PDF there.

    Outcomes wait on disk (under ``scratch``) until all are there; in memory there is one page's pictures at a time, and all words.
    Raises the coded refusals of ``open_document``, ``SecretMaterial`` and ``MissingProgram``.
    """
    info = open_document(path, limits)
    if on_open:
        on_open(info)
    with tempfile.TemporaryDirectory(prefix="digitize-pages-", dir=scratch) as name:
        folder = Path(name)
        files: dict[int, Path] = {}
        with ThreadPoolExecutor(1) as aside:
            # Its child takes a second to start, and the pages need not wait for it.
            signed = aside.submit(check_signatures, info, limits)
            for number, file in pool.read(info, folder):
                files[number] = file
                if on_page:
                    on_page(number)
            signatures = signed.result()
        in_order = [files[number] for number in sorted(files)]
        words = [without_pictures(decode(file.read_bytes())) for file in in_order]
        _refuse_secret(words)
        report = None
        if pdf is not None:
            # The file's own time and not the present: the same input gives the same bytes.
            report = build_pdf(
                (decode(file.read_bytes()) for file in in_order),
                pdf,
                source_pdf=info.path if info.media_type == PDF else None,
                metadata=PdfMetadata(
                    title=path.stem,
                    created=datetime.fromtimestamp(path.stat().st_mtime, UTC),
                    source_sha256=info.sha256,
                    subject="" if signatures == () else OF_SIGNED,
                ),
            )
    papers = understand(words, default_catalog(), FileFacts.of(local_day(), signatures or ()))
    result = scan_json(Source.of(info), words, papers, signatures=signatures, pdf=report)
    return ScannedDocument(info, result, tuple(page.number for page in words if page.failure), report)


def _refuse_secret(pages: Iterable[PageOutcome]) -> None:
    """``SecretMaterial`` when a page bears a mark of secrecy: nothing was written of it but the page files, which go with their folder (R2)."""
    for page in pages:
        mark = secrecy_mark(page)
        if mark is not None:
            raise SecretMaterial(f"page {page.number} bears the mark {mark.named}")
