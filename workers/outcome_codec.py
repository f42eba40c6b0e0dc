r"""``PageOutcome`` <-> bytes, for the object store and between processes: one line of JSON, then the binary parts.

``digitize-page/1\n``, the JSON's length (8 bytes, big endian), the JSON, then ``source.data``, ``fallback_jpeg`` and
``preview`` and the ``jpeg`` of each overlay in this order, their lengths in the JSON. A version that is not known is refused, never guessed at.
"""

from __future__ import annotations

import json
import struct
from typing import Any

from models.page_record import HEAD, LENGTH, MAGIC, UnknownFormat, facts_at
from workers.page import (
    Barcode,
    BarcodeKind,
    Candidate,
    Cell,
    Encoding,
    Failure,
    Grade,
    Holds,
    Line,
    LineRole,
    Mark,
    MarkKind,
    Origin,
    Overlay,
    PageOutcome,
    Placement,
    Quad,
    Region,
    Slot,
    SlotKind,
    SourceImage,
    Table,
    Word,
)


def encode(outcome: PageOutcome) -> bytes:
    """The same outcome gives the same bytes."""
    source = outcome.source
    overlays = (overlay.jpeg for overlay in outcome.overlays)
    parts = (source.data if source else b"", outcome.fallback_jpeg, outcome.preview, *overlays)
    facts: dict[str, Any] = {
        "number": outcome.number,
        "width": outcome.width,
        "height": outcome.height,
        "dpi": outcome.dpi,
        "origin": outcome.origin,
        "placement": _placement(outcome.placement),
        "blank": outcome.blank,
        "warnings": outcome.warnings,
        "warning_regions": [(region.code, *region.box) for region in outcome.warning_regions],
        "grade": (outcome.grade.mean, outcome.grade.low) if outcome.grade else None,
        "lines": [_line(line) for line in outcome.lines],
        "tables": [_table(table) for table in outcome.tables],
        "slots": [_slot(slot) for slot in outcome.slots],
        "marks": [(mark.kind, mark.box) for mark in outcome.marks],
        "barcodes": [(code.kind, code.text, code.box) for code in outcome.barcodes],
        "source": _source(source) if source else None,
        "source_pdf_page": outcome.source_pdf_page,
        "engine": outcome.engine,
        "seconds": outcome.seconds,
        "failure": (outcome.failure.code, outcome.failure.detail) if outcome.failure else None,
        "sheet": outcome.sheet,
        "overlays": [overlay.box for overlay in outcome.overlays],
        "parts": [None if part is None else len(part) for part in parts],
    }
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    return b"".join((MAGIC, LENGTH.pack(len(text)), text, *(part for part in parts if part)))


def decode(blob: bytes) -> PageOutcome:
    """Raises ``UnknownFormat``."""
    try:
        return _decoded(blob)
    except (KeyError, IndexError, TypeError, ValueError, struct.error) as error:
        raise UnknownFormat(f"not a page outcome: {error}") from error


def _decoded(blob: bytes) -> PageOutcome:
    length = facts_at(blob[:HEAD])
    facts: dict[str, Any] = json.loads(blob[HEAD : HEAD + length])
    data, fallback, preview, *over = _parts(blob, HEAD + length, facts["parts"])
    source = None
    if facts["source"] is not None:
        encoding, width, height, reference, orientation, *lies = facts[
            "source"
        ]  # where: absent before bytes were kept once
        pdf_object = (reference[0], reference[1]) if reference else None
        source = SourceImage(
            Encoding(encoding),
            width,
            height,
            data or b"",
            pdf_object,
            orientation,
            (lies[0][0], lies[0][1]) if lies else None,
        )
    placement = None
    if facts["placement"] is not None:
        matrix, width, height, rotation, skew = facts["placement"]
        placement = Placement((*matrix,), width, height, rotation, skew)
    return PageOutcome(
        number=facts["number"],
        width=facts["width"],
        height=facts["height"],
        dpi=facts["dpi"],
        origin=Origin(facts["origin"]),
        placement=placement,
        blank=facts["blank"],
        warnings=tuple(facts["warnings"]),
        warning_regions=tuple(
            Region(code, (x0, y0, x1, y1))
            for code, x0, y0, x1, y1 in facts.get("warning_regions", ())  # absent before warnings had a place
        ),
        grade=Grade(*facts["grade"]) if facts["grade"] else None,
        lines=tuple(_as_line(line) for line in facts["lines"]),
        tables=tuple(_as_table(table) for table in facts.get("tables", ())),  # absent before tables were read
        slots=tuple(_as_slot(slot) for slot in facts.get("slots", ())),  # absent before slots were read
        marks=tuple(_as_mark(mark) for mark in facts.get("marks", ())),
        barcodes=tuple(
            Barcode(BarcodeKind(kind), text, (x0, y0, x1, y1))
            for kind, text, (x0, y0, x1, y1) in facts.get("barcodes", ())  # absent before codes were read
        ),
        source=source,
        fallback_jpeg=fallback,
        source_pdf_page=facts["source_pdf_page"],
        preview=preview,
        engine=facts["engine"],
        seconds=facts["seconds"],
        failure=Failure(*facts["failure"]) if facts["failure"] else None,
        sheet=_as_quad(facts.get("sheet")),  # absent before photos were made flat
        overlays=tuple(
            Overlay((x0, y0, x1, y1), jpeg or b"")
            for (x0, y0, x1, y1), jpeg in zip(
                facts.get("overlays", ()), over, strict=True
            )  # absent before stamps were drawn alone
        ),
    )


def _as_quad(packed: list[list[float]] | None) -> Quad | None:
    if packed is None:
        return None
    one, two, three, four = ((x, y) for x, y in packed)
    return one, two, three, four


def _parts(blob: bytes, at: int, lengths: list[int | None]) -> list[bytes | None]:
    parts: list[bytes | None] = []
    for length in lengths:
        part = None if length is None else blob[at : at + length]
        if part is not None and len(part) != length:
            raise UnknownFormat("cut short")
        parts.append(part)
        at += length or 0
    if at != len(blob):
        raise UnknownFormat("bytes left over")
    return parts


def _placement(placement: Placement | None) -> list[Any] | None:
    if placement is None:
        return None
    return [placement.matrix, placement.width, placement.height, placement.rotation, placement.skew]


def _source(source: SourceImage) -> list[Any]:
    known = [source.encoding, source.width, source.height, source.pdf_object, source.exif_orientation]
    return [*known, source.within] if source.within else known


def _line(line: Line) -> list[Any]:
    words = [(word.text, *word.box, word.confidence) for word in line.words]
    more = [line.engine, line.role] if line.role else [line.engine] if line.engine else []
    return [line.baseline, words, *more]


def _as_line(packed: list[Any]) -> Line:
    baseline, words, *more = packed  # neither, the engine, or the engine and the role
    return Line(
        tuple(Word(text, (x0, y0, x1, y1), confidence) for text, x0, y0, x1, y1, confidence in words),
        (baseline[0], baseline[1]) if baseline else None,
        more[0] if more else None,
        LineRole(more[1]) if len(more) > 1 else None,
    )


def _table(table: Table) -> list[Any]:
    cells = [(*cell.box, cell.row, cell.column, cell.rows, cell.columns, cell.text) for cell in table.cells]
    return [table.box, table.rows, table.columns, cells]


def _as_table(packed: list[Any]) -> Table:
    (x0, y0, x1, y1), rows, columns, cells = packed
    return Table((x0, y0, x1, y1), rows, columns, tuple(Cell((a, b, c, d), *rest) for a, b, c, d, *rest in cells))


def _slot(slot: Slot) -> list[Any]:
    candidates = [(candidate.value, candidate.confidence) for candidate in slot.candidates]
    return [slot.kind, slot.box, slot.holds, slot.value, slot.confidence, slot.reason, candidates]


def _as_slot(packed: list[Any]) -> Slot:
    kind, (x0, y0, x1, y1), holds, value, confidence, reason, *later = packed
    offered = later[0] if later else ()  # absent before pens' digits were read
    candidates = tuple(Candidate(text, chance) for text, chance in offered)
    return Slot(SlotKind(kind), (x0, y0, x1, y1), Holds(holds), value, confidence, reason, candidates)


def _as_mark(packed: list[Any]) -> Mark:
    kind, (x0, y0, x1, y1) = packed
    return Mark(MarkKind(kind), (x0, y0, x1, y1))
