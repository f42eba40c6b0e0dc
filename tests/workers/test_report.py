from __future__ import annotations

from pathlib import Path
from typing import Any

from workers.page import (
    Candidate,
    Cell,
    Holds,
    Line,
    LineRole,
    Mark,
    MarkKind,
    PageOutcome,
    Placement,
    Slot,
    SlotKind,
    Table,
    Word,
)
from workers.pdf.searchable import PdfReport, Picture
from workers.report import Source, scan_json
from workers.steps.signatures import Signature

SOURCE = Source("a.png", "0" * 64, 1, "image/png")


def page(*engines: str | None) -> dict[str, Any]:
    lines = tuple(Line((Word("chữ", (0, 0, 1, 1), 0.9),), None, engine) for engine in engines)
    outcome = PageOutcome(1, lines=lines, engine="digitize-reader 1a2b3c4d vie")
    return dict(scan_json(SOURCE, [outcome], ())["pages"][0])


def test_each_page_says_who_read_it() -> None:
    second = "tesserocr 5.5.4 vie"
    found = page(None, second, None, second)
    assert found["engine"] == "digitize-reader 1a2b3c4d vie"
    assert found["second_opinion"] == {"engine": second, "lines": 2}
    assert page(None, None)["second_opinion"] is None
    assert page()["second_opinion"] is None


def test_tables_stand_in_the_json_and_say_that_they_go_on() -> None:
    cells = (Cell((0, 0, 50, 20), 0, 0, 2, 1, "STT"), Cell((53, 0, 99, 20), 0, 1, 1, 1, "Mã\nTTHC"))
    table = Table((0, 0, 99, 20), 2, 2, cells)
    outcomes = [PageOutcome(n, width=100, height=140, tables=(table,)) for n in (1, 2)]
    found = scan_json(SOURCE, outcomes, ())
    first, second = (page["tables"][0] for page in found["pages"])
    assert (first["continued"], second["continued"]) == (False, True)
    assert first["box"] == [0, 0, 99, 20]
    assert (first["rows"], first["columns"]) == (2, 2)
    head = {"column": 0, "row_span": 2, "column_span": 1, "text": "STT"}
    assert first["cells"][0] == head | {"row": 0, "box": [0, 0, 50, 20]}
    assert first["cells"][1]["text"] == "Mã\nTTHC"
    (long,) = found["tables"]
    assert (long["pages"], long["columns"]) == ([1, 2], 2)
    assert long["rows"] == [[head, {"column": 1, "row_span": 1, "column_span": 1, "text": "Mã\nTTHC"}]]


def test_a_page_askew_among_its_neighbours_is_noted() -> None:
    line = Line((Word("chữ", (0, 0, 1, 1), 0.9),))
    outcomes = [
        PageOutcome(number, lines=(line,), engine="a", placement=Placement((1, 0, 0, 0, 1, 0), 9, 9, skew=skew))
        for number, skew in enumerate((0.2, 0.1, 2.5), 1)
    ]
    pages = scan_json(SOURCE, [*outcomes, PageOutcome(4, blank=True)], ())["pages"]
    assert [page["skew_from_neighbours"] for page in pages] == [-1.1, -1.25, 2.35, None]


def test_slots_stand_in_the_json_with_what_is_certain() -> None:
    slots = (
        Slot(SlotKind.NUMBER, (60, 20, 99, 45), Holds.PEN, None, None, "HANDWRITING", (Candidate("17", 0.81234),)),
        Slot(SlotKind.YEAR, (160, 20, 199, 45), Holds.PRINTED, "2025", 0.98765),
    )
    pen, year = scan_json(SOURCE, [PageOutcome(1, slots=slots)], ())["pages"][0]["slots"]
    assert pen == {
        "kind": "number", "box": [60, 20, 99, 45], "holds": "pen", "value": None, "confidence": None, "reason": "HANDWRITING",
        "candidates": [{"value": "17", "confidence": 0.812}],
    }  # fmt: skip
    assert (year["value"], year["confidence"], year["reason"]) == ("2025", 0.988, None)


def test_page_numbers_footnotes_and_marks_are_told() -> None:
    lines = (
        Line((Word("2", (50, 5, 55, 9), 0.9),), role=LineRole.PAGE_NUMBER),
        Line((Word("chữ", (10, 50, 90, 60), 0.9),)),
        Line((Word("¹", (10, 90, 12, 93), 0.9), Word("Điều", (13, 90, 30, 95), 0.9)), role=LineRole.FOOTNOTE),
    )
    outcome = PageOutcome(1, lines=lines, marks=(Mark(MarkKind.SEAL, (1, 2, 3, 4)),))
    found = scan_json(SOURCE, [outcome], ())["pages"][0]
    assert found["line_roles"] == [
        {"line": 0, "role": "page_number", "text": "2", "box": [50, 5, 55, 9]},
        {"line": 2, "role": "footnote", "text": "¹ Điều", "box": [10, 90, 30, 95]},
    ]
    assert found["marks"] == [{"kind": "seal", "box": [1, 2, 3, 4]}]


def test_the_pdf_is_told_with_its_size_and_why() -> None:
    pictures = (Picture.KEPT, Picture.DRAWN, Picture.KEPT)
    report = PdfReport(Path("a.pdf"), 1250, 3, "2b", "JPEG 2000", "0" * 64, (2,), pictures)
    found = scan_json(Source("a.pdf", "0" * 64, 1000, "application/pdf"), [], (), pdf=report)["pdf"]
    assert found == {
        "bytes": 1250,
        "ratio": 1.25,
        "pictures": {"kept": 2, "drawn": 1},
        "substituted": [2],
        "pdfa": "2b",
        "pdfa_reason": "JPEG 2000",
    }
    assert scan_json(SOURCE, [], ())["pdf"] is None


def test_signatures_are_listed_or_said_to_be_beyond_understanding() -> None:
    signature = Signature("Co_quan", "UBND xã Ngân Sơn", "Tỉnh Thái Nguyên", intact=True, valid=True, covers="file")
    (found,) = scan_json(SOURCE, [], (), signatures=(signature,))["signatures"]
    assert found == signature.as_json()
    assert found["signed_at"] is None
    assert scan_json(SOURCE, [], ())["signatures"] == []
    assert scan_json(SOURCE, [], (), signatures=None)["signatures"] is None
