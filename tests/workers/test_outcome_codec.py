from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.page_record import MAGIC, UnknownFormat
from workers.outcome_codec import decode, encode
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
    Region,
    Slot,
    SlotKind,
    SourceImage,
    Table,
    Word,
)

FULL = PageOutcome(
    number=3,
    width=2480,
    height=3508,
    dpi=299.5,
    origin=Origin.RELAYERED,
    placement=Placement((0.0, -1.0, 3507.0, 1.0, 0.0, 0.25), 3508, 2480, 90, -1.32),
    blank=False,
    warnings=("DPI_LOW", "SKEWED", "BLURRED"),
    warning_regions=(Region("BLURRED", (5, 6, 70, 80)),),
    grade=Grade(0.93, 0.71),
    lines=(
        Line((Word("Số:", (10, 20, 60, 40), 0.96), Word("383/KH-UBND", (70, 20, 200, 41), 0.5)), (38.5, 0.001)),
        Line((Word("Độc", (1, 2, 3, 4), 1.0),)),
        Line((Word("lập", (5, 2, 9, 4), 0.7),), (4.0, 0.0), "tesserocr 5.5.4 vie"),
        Line((Word("2", (5, 90, 9, 94), 0.9),), (94.0, 0.0), None, LineRole.PAGE_NUMBER),
    ),
    tables=(Table((1, 2, 30, 40), 1, 2, (Cell((1, 2, 15, 40), 0, 0, 1, 1, "Mã\nsố"), Cell((16, 2, 30, 40), 0, 1))),),
    slots=(
        Slot(SlotKind.NUMBER, (60, 20, 99, 45), Holds.PEN, None, None, "HANDWRITING", (Candidate("17", 0.8),)),
        Slot(SlotKind.YEAR, (160, 20, 199, 45), Holds.PRINTED, "2025", 0.98),
    ),
    marks=(Mark(MarkKind.SEAL, (5, 6, 70, 71)), Mark(MarkKind.SIGNATURE, (40, 6, 99, 45))),
    barcodes=(Barcode(BarcodeKind.QR, "001190012345||Nguyễn Thị Ánh", (5, 6, 70, 71)),),
    source=SourceImage(Encoding.JPEG, 3508, 2480, b"\xff\xd8\x00\n\xff\xd9", None, 6),
    fallback_jpeg=b"\xff\xd8fallback",
    source_pdf_page=2,
    preview=b"\xff\xd8preview",
    engine="digitize-reader 1a2b3c4d vie",
    seconds={"decode": 0.02, "recognise": 0.9},
    failure=Failure("PAGE_FAILED", "vì sao"),
    sheet=((10.5, 20.0), (900.0, 31.2), (880.0, 1200.0), (4.0, 1190.9)),
    overlays=(Overlay((7, 8, 90, 100), b"\xff\xd8one"), Overlay((70, 8, 99, 101), b"\xff\xd8two")),
)


@pytest.mark.parametrize(
    "outcome",
    [
        FULL,
        PageOutcome(1),
        PageOutcome(2, failure=Failure("CORRUPT_FILE", "")),
        PageOutcome(4, source=SourceImage(Encoding.PDF_STREAM, 10, 20, pdf_object=(7, 0)), fallback_jpeg=b""),
    ],
)
def test_what_went_in_comes_out(outcome: PageOutcome) -> None:
    assert decode(encode(outcome)) == outcome
    assert encode(outcome) == encode(decode(encode(outcome)))


def test_outcomes_from_before_lines_named_their_engine_are_read() -> None:
    blob = encode(FULL)
    old = blob.replace(b',"tesserocr 5.5.4 vie"]', b"]")
    start, length = 16 + 8, int.from_bytes(blob[16:24]) - (len(blob) - len(old))
    read = decode(b"".join((blob[:16], length.to_bytes(8), old[start:])))
    assert FULL.second_opinion == ("tesserocr 5.5.4 vie", 1)
    assert read.second_opinion is None
    assert read.text == FULL.text


@pytest.mark.parametrize(
    ("key", "without"),
    [
        ("tables", replace(FULL, tables=())),
        ("slots", replace(FULL, slots=())),
        ("marks", replace(FULL, marks=())),
        ("barcodes", replace(FULL, barcodes=())),
        ("warning_regions", replace(FULL, warning_regions=())),
        ("overlays", replace(FULL, overlays=())),
    ],
)
def test_outcomes_from_before_a_key_are_read(key: str, without: PageOutcome) -> None:
    blob = encode(without)
    old = blob.replace(f'"{key}":[],'.encode(), b"")
    assert len(old) < len(blob)
    start, length = 16 + 8, int.from_bytes(blob[16:24]) - (len(blob) - len(old))
    assert decode(b"".join((blob[:16], length.to_bytes(8), old[start:]))) == without


def test_slots_from_before_candidates_are_read() -> None:
    plain = replace(FULL, slots=tuple(replace(slot, candidates=()) for slot in FULL.slots))
    blob = encode(plain)
    old = blob.replace(b'"HANDWRITING",[]]', b'"HANDWRITING"]').replace(b"0.98,null,[]]", b"0.98,null]")
    assert len(old) == len(blob) - 6
    start, length = 16 + 8, int.from_bytes(blob[16:24]) - (len(blob) - len(old))
    assert decode(b"".join((blob[:16], length.to_bytes(8), old[start:]))) == plain


@given(st.text(), st.binary(), st.floats(0, 1))
def test_any_text_and_bytes(text: str, data: bytes, confidence: float) -> None:
    text = text.encode("utf-8", "ignore").decode()
    outcome = PageOutcome(1, lines=(Line((Word(text, (0, 0, 1, 1), confidence),)),), preview=data)
    assert decode(encode(outcome)) == outcome


@given(st.integers(0, len(encode(FULL)) - 1))
def test_cut_bytes_are_refused(length: int) -> None:
    with pytest.raises(UnknownFormat):
        decode(encode(FULL)[:length])


@pytest.mark.parametrize("blob", [b"", b"{}", b"digitize-page/2\n" + encode(FULL)[16:], encode(FULL) + b"x"])
def test_other_bytes_are_refused(blob: bytes) -> None:
    with pytest.raises(UnknownFormat):
        decode(blob)


def test_an_outcome_from_before_photos_were_made_flat() -> None:
    assert b'"sheet":null,' in encode(PageOutcome(1))
    assert decode(_without(encode(PageOutcome(1)), b'"sheet":null,')) == PageOutcome(1)


def _without(blob: bytes, key: bytes) -> bytes:
    start = len(MAGIC) + 8
    text = blob[start:].replace(key, b"")
    return MAGIC + len(text).to_bytes(8, "big") + text
