"""A scan as JSON, as the contract ``digitize.scan/1`` says."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import DigitizeError
from models.fields import FIELD_NAMES, left_open, with_values
from models.neighbours import skew_deviations
from workers.classify.understand import Paper
from workers.ocr.long_tables import LongTable, LongTables
from workers.page import Cell, DocumentInfo, PageOutcome, Slot, Table
from workers.pdf.searchable import PdfReport
from workers.regions import regions_json
from workers.steps.signatures import Signature

SCHEMA = "digitize.scan/1"
_UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Source:
    """The file that was read. ``sha256`` is hex."""

    name: str
    sha256: str
    bytes: int
    media_type: str

    @classmethod
    def of(cls, info: DocumentInfo) -> Source:
        return cls(info.path.name, info.sha256, info.bytes, info.media_type)

    @classmethod
    def refused(cls, path: Path) -> Source:
        """A file that was not taken: its kind is not known for sure."""
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return cls(path.name, digest, path.stat().st_size, _UNKNOWN_TYPE)


def scan_json(
    source: Source,
    outcomes: Iterable[PageOutcome],
    papers: Sequence[Paper],
    refused: DigitizeError | None = None,
    *,
    signatures: Sequence[Signature] | None = (),
    pdf: PdfReport | None = None,
) -> dict[str, Any]:
    """The JSON object of one input. Outcomes are taken one at a time; their images are not kept.

    ``signatures``: ``None`` for a file that is signed, but not so that it can be understood. ``pdf``: the one that was made of it.
    """
    tables = LongTables()
    pages, skews = list[dict[str, Any]](), list[tuple[int, float | None]]()
    for outcome in outcomes:
        pages.append(_page(outcome, continued=tables.add(outcome)))
        skews.append((outcome.number, _told_skew(outcome)))
    off = skew_deviations(skews)
    pages = [page | {"skew_from_neighbours": off.get(page["number"])} for page in pages]
    return {
        "schema": SCHEMA,
        "source": {
            "name": source.name,
            "sha256": source.sha256,
            "bytes": source.bytes,
            "media_type": source.media_type,
        },
        "refused": {"code": refused.code, "detail": refused.detail} if refused else None,
        "signatures": None if signatures is None else [signature.as_json() for signature in signatures],
        "pdf": _pdf(pdf, source) if pdf else None,
        "pages": pages,
        "tables": [_long_table(table) for table in tables.found],
        "components": [_component(paper) for paper in papers],
    }


def _component(paper: Paper) -> dict[str, Any]:
    """One paper of the scan. ``paper_type`` and a field are ``None`` where they are not known; nothing is made up."""
    kind = paper.kind
    others = [{"id": other.id, "score": round(other.score, 4)} for other in kind.alternatives]
    known = {
        "id": kind.id,
        "score": round(kind.score, 4),
        "alternatives": [one for one in others if one["id"] != kind.id],
    }
    return {
        "pages": list(paper.pages),
        "paper_type": known if kind.id else None,
        "attributes": sorted(paper.attributes),
        "fields": dict.fromkeys(FIELD_NAMES) | with_values(paper.fields),
        "open_fields": left_open(paper.fields),
        "flags": list(paper.flags),
    }


def _told_skew(outcome: PageOutcome) -> float | None:
    """The skew of a page that was read off its picture; ``None`` for others, which were not straightened."""
    return outcome.placement.skew if outcome.engine and outcome.lines and outcome.placement else None


def _pdf(pdf: PdfReport, source: Source) -> dict[str, Any]:
    """Its size beside the source's, and why: how many pages' pictures came in how."""
    return {
        "bytes": pdf.bytes,
        "ratio": round(pdf.bytes / source.bytes, 3) if source.bytes else None,
        "pictures": dict(Counter(picture.value for picture in pdf.pictures)),
        "substituted": list(pdf.substituted),
        "pdfa": pdf.pdfa_level,
        "pdfa_reason": pdf.pdfa_reason or None,
    }


def _table(table: Table, *, continued: bool) -> dict[str, Any]:
    """``continued``: it goes on with the last table of the page before."""
    cells = [{"row": cell.row, **_cell(cell), "box": list(cell.box)} for cell in table.cells]
    about = {"box": list(table.box), "rows": table.rows, "columns": table.columns, "continued": continued}
    return about | {"cells": cells}


def _slot(slot: Slot) -> dict[str, Any]:
    """``value`` is ``None`` wherever it is not certain, and ``reason`` says why."""
    return {
        "kind": slot.kind.value,
        "box": list(slot.box),
        "holds": slot.holds.value,
        "value": slot.value,
        "confidence": None if slot.confidence is None else round(slot.confidence, 3),
        "reason": slot.reason,
        "candidates": [{"value": one.value, "confidence": round(one.confidence, 3)} for one in slot.candidates],
    }


def _long_table(table: LongTable) -> dict[str, Any]:
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    return {"pages": table.pages, "columns": table.columns, "rows": rows}


def _cell(cell: Cell) -> dict[str, Any]:
    return {"column": cell.column, "row_span": cell.rows, "column_span": cell.columns, "text": cell.text}


def _page(outcome: PageOutcome, *, continued: bool) -> dict[str, Any]:
    placement, grade, failure, second = outcome.placement, outcome.grade, outcome.failure, outcome.second_opinion
    return {
        "number": outcome.number,
        "width": outcome.width,
        "height": outcome.height,
        "dpi": outcome.dpi,
        "origin": outcome.origin.value,
        "sheet": [list(corner) for corner in outcome.sheet] if outcome.sheet else None,
        "rotation": placement.rotation if placement else 0,
        "skew": placement.skew if placement else 0,
        "blank": outcome.blank,
        "warnings": list(outcome.warnings),
        "warning_regions": regions_json(outcome.warning_regions, outcome.width, outcome.height),
        "grade": {"mean": grade.mean, "low": grade.low} if grade else None,
        "text": outcome.text,
        "words": [
            {"text": word.text, "box": list(word.box), "confidence": round(word.confidence, 3)}
            for word in outcome.words
        ],
        "line_roles": [
            {"line": index, "role": line.role.value, "text": line.text, "box": list(line.box)}
            for index, line in enumerate(outcome.lines)
            if line.role
        ],
        "tables": [_table(table, continued=continued and index == 0) for index, table in enumerate(outcome.tables)],
        "slots": [_slot(slot) for slot in outcome.slots],
        "marks": [{"kind": mark.kind.value, "box": list(mark.box)} for mark in outcome.marks],
        "barcodes": [{"kind": code.kind.value, "text": code.text, "box": list(code.box)} for code in outcome.barcodes],
        "engine": outcome.engine,
        "second_opinion": {"engine": second[0], "lines": second[1]} if second else None,
        "seconds": outcome.seconds,
        "failure": {"code": failure.code, "detail": failure.detail} if failure else None,
    }
