"""The exact truth of a drawn page: what it says, where each word's ink lies, what it is, how it was turned.

Boxes are pixels of the final image, origin top left, end exclusive: the smallest upright rectangle round the word's ink
after every geometric step; ``quad`` holds the four mapped corners (top left, top right, bottom right, bottom left of
the word) where the page is not seen straight on. Reading order: the left column of a head before the right one, *Nơi nhận*
before the signature, tables cell by cell. Left out, as nobody reads them as text: dotted leaders, seals, rubber stamps,
the QR code, signatures (``marks`` says where they are).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sample_scans.layout.sheet import Sheet

SCHEMA = "digitize.truth/1"
ATTRIBUTES = (
    "ban_sao",
    "trich_luc",
    "chung_thuc_ban_sao",
    "sao_y",
    "mat",
    "toi_mat",
    "tuyet_mat",
    "khan",
    "thuong_khan",
    "hoa_toc",
    "den",
    "chu_ky_so",
)
"""What a paper is besides its type: (BẢN SAO), TRÍCH LỤC, the stamp of certification, SAO Y, the three marks of secrecy, the three
of urgency, the incoming-mail stamp, the printed words of a digital signature."""

Matrix = NDArray[np.float64]
Box = tuple[int, int, int, int]
Quad = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class TruthWord:
    """``hand``: written, not printed. ``fields``: names of the fields it belongs to."""

    text: str
    box: Box
    quad: Quad
    hand: bool = False
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TruthLine:
    block: int
    words: tuple[TruthWord, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class TruthMark:
    """Ink that is not text. ``kind``: seal, signature, stamp or qr."""

    kind: str
    box: Box


@dataclass(frozen=True, slots=True)
class PageTruth:
    """``rotation``: clockwise degrees to apply to see it upright. ``skew``: degrees to turn it then, counter-clockwise
    positive. ``perspective``: seen at an angle (``rotation`` and ``skew`` are then 0 and tell nothing). ``sheet_page``: the page of the
    paper, from 1. ``fields``: those of the paper. ``matrix``: flat page to image, pixel edges, row by row. ``kind``: the paper type,
    or the way to write it that was drawn. ``more``: true fields beyond Điều 9's. ``attributes``: of ``ATTRIBUTES``. These three
    stand in the JSON of fresh files only, with the component: the curated set's files stay as they were.
    """

    paper_type: str | None
    seed: int
    wear: str
    sheet_page: int
    width: int
    height: int
    dpi: float
    rotation: int
    skew: float
    perspective: bool
    blank: bool
    lines: tuple[TruthLine, ...]
    marks: tuple[TruthMark, ...]
    fields: dict[str, str | None]
    matrix: tuple[float, ...] = ()
    kind: str | None = None
    more: dict[str, str | None] = field(default_factory=dict)
    attributes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """NFC, reading order, lines separated by newlines."""
        return "\n".join(line.text for line in self.lines)

    @property
    def words(self) -> tuple[TruthWord, ...]:
        return tuple(word for line in self.lines for word in line.words)

    def field_box(self, name: str) -> Box | None:
        """The box round all words of a field on this page."""
        boxes = [word.box for word in self.words if name in word.fields]
        if not boxes:
            return None
        return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))

    def as_json(self, number: int) -> dict[str, Any]:
        return {
            "number": number,
            "width": self.width,
            "height": self.height,
            "dpi": self.dpi,
            "rotation": self.rotation,
            "skew": self.skew,
            "perspective": self.perspective,
            "blank": self.blank,
            "paper_type": self.paper_type,
            "sheet_page": self.sheet_page,
            "seed": self.seed,
            "wear": self.wear,
            "matrix": list(self.matrix),
            "text": self.text,
            "marks": [{"kind": mark.kind, "box": list(mark.box)} for mark in self.marks],
            "lines": [
                {
                    "block": line.block,
                    "text": line.text,
                    "words": [_word_json(word, quads=self.perspective or bool(self.skew)) for word in line.words],
                }
                for line in self.lines
            ],
        }


def _word_json(word: TruthWord, *, quads: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"text": word.text, "box": list(word.box)}
    if quads:
        found["quad"] = [list(corner) for corner in word.quad]
    if word.hand:
        found["hand"] = True
    if word.fields:
        found["fields"] = list(word.fields)
    return found


@dataclass(frozen=True, slots=True)
class Component:
    """One paper of a file. ``pages``: numbers in the file, from 1. ``more`` and ``attributes``: as ``PageTruth`` has them."""

    pages: tuple[int, ...]
    paper_type: str | None
    fields: dict[str, str | None]
    more: dict[str, str | None] = field(default_factory=dict)
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileTruth:
    name: str
    media_type: str
    pages: tuple[PageTruth, ...]
    components: tuple[Component, ...] = field(default=())

    def dumps(self) -> str:
        """JSON, one printed line of the paper on each row."""
        pages = [page.as_json(number) for number, page in enumerate(self.pages, 1)]
        head = {"schema": SCHEMA, "file": self.name, "media_type": self.media_type}
        parts = [json.dumps(head, ensure_ascii=False)[:-1], ',\n"components": [']
        rows = [_component_json(component, self.pages) for component in self.components]
        parts.append(",\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
        parts.append('],\n"pages": [')
        for index, page in enumerate(pages):
            lines = page.pop("lines")
            parts.append(("," if index else "") + "\n" + json.dumps(page, ensure_ascii=False)[:-1] + ',\n"lines": [')
            parts.append(",\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "]}")
        parts.append("]}\n")
        return "".join(parts)


def _component_json(component: Component, pages: tuple[PageTruth, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {"pages": list(component.pages), "paper_type": component.paper_type}
    found["fields"] = _fields_json(component.fields, component, pages)
    if component.more:
        found["more"] = _fields_json(component.more, component, pages)
    if component.attributes:
        found["attributes"] = list(component.attributes)
    return found


def _fields_json(
    values: dict[str, str | None], component: Component, pages: tuple[PageTruth, ...]
) -> dict[str, dict[str, Any]]:
    fields: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        found: dict[str, Any] = {"value": value}
        for number in component.pages:
            box = pages[number - 1].field_box(name)
            if box and value is not None:
                found |= {"page": number, "box": list(box)}
                break
        fields[name] = found
    return fields


def field_values(fields: dict[str, str | date | None]) -> dict[str, str | None]:
    """Dates as ISO 8601, as the contract has them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()}


def map_box(box: tuple[float, float, float, float], matrix: Matrix, width: int, height: int) -> tuple[Box, Quad]:
    """A box of the flat page in the final image: the upright box (clipped to the image) and the exact corners."""
    x0, y0, x1, y1 = box
    corners = np.array([(x0, y0, 1.0), (x1, y0, 1.0), (x1, y1, 1.0), (x0, y1, 1.0)])
    mapped = corners @ matrix.T
    points = mapped[:, :2] / mapped[:, 2:]
    low, high = np.floor(points.min(axis=0) + 1e-6), np.ceil(points.max(axis=0) - 1e-6)
    upright = (
        int(min(max(low[0], 0), width)),
        int(min(max(low[1], 0), height)),
        int(min(max(high[0], 0), width)),
        int(min(max(high[1], 0), height)),
    )
    return upright, tuple((round(float(x), 2), round(float(y), 2)) for x, y in points)


def read_sheet(
    sheet: Sheet, matrix: Matrix, width: int, height: int
) -> tuple[tuple[TruthLine, ...], tuple[TruthMark, ...]]:
    """The lines and marks of a sheet, mapped into the final image of the given size."""
    lines = []
    for line in sheet.lines:
        words = []
        for word in line.words:
            box, quad = map_box(word.box, matrix, width, height)
            words.append(TruthWord(word.text, box, quad, word.hand, tuple(sorted(word.fields))))
        lines.append(TruthLine(line.block, tuple(words)))
    marks = [
        TruthMark(mark.kind, map_box(mark.box, matrix, width, height)[0])
        for mark in sheet.marks
        if mark.kind in {"seal", "signature", "stamp", "qr"}
    ]
    return tuple(lines), tuple(marks)
