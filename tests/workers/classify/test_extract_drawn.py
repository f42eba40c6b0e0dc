"""R11, R15-R17 on drawn papers of every type: what the paper says in its fields comes out of its lines, and nothing else does."""

from __future__ import annotations

import re

import numpy as np
import pytest

from models.catalog import default_catalog
from models.vietnamese.folding import place_tones
from sample_scans.generator import write_paper
from sample_scans.layout.sheet import Sheet
from sample_scans.papers import PAPERS, type_of
from sample_scans.truth import field_values, read_sheet
from workers.classify.extract import extract
from workers.page import Line, Mark, MarkKind, PageOutcome, Word

CATALOG = default_catalog()
EXACT = ("number", "issued_on", "issued_at", "holder_birth_date", "title")
NOT_PRINTED = {
    # The certificate's office is named without its place, a marriage's owner is one of two, a validity follows from a rule.
    ("giay_chung_nhan_quyen_su_dung_dat", "issuer"),
    ("giay_chung_nhan_ket_hon", "holder_name"),
    ("giay_chung_nhan_ket_hon", "holder_id"),
    ("giay_chung_nhan_ket_hon", "holder_birth_date"),
    ("ban_an", "title"),  # goes on in small letters, as a subject does
}
OPEN = {
    # Not found yet: signers whose title is none of an office, companies without a label, print in a card's corners.
    ("can_cuoc_cong_dan", "signer"),
    ("chuong_trinh", "signer"),
    ("dieu_le", "holder_name"),
    ("giay_nghi_phep", "holder_name"),
    ("giay_phep_lai_xe", "signer"),
    ("khac", "issued_on"),
    ("phieu_bao", "holder_name"),
}
"""A field of these may stay open; a wrong value never stands."""


def read(sheet: Sheet, number: int) -> PageOutcome:
    """A drawn sheet as a reader without mistakes would hand it on."""
    width, height = round(sheet.width_px), round(sheet.height_px)
    lines, marks = read_sheet(sheet, np.eye(3), width, height)
    return PageOutcome(
        number,
        width,
        height,
        sheet.dpi,
        lines=tuple(Line(tuple(Word(word.text, word.box, 0.97) for word in line.words)) for line in lines),
        marks=tuple(Mark(MarkKind(mark.kind), mark.box) for mark in marks if mark.kind in {"seal", "signature"}),
    )


def normal(name: str, value: str | None) -> str | None:
    """Spacing, case and the spelling of UBND apart."""
    if value is None:
        return None
    text = " ".join(place_tones(value).lower().split()).strip(" .,;")
    if name == "number":
        text = text.replace(" ", "")
    if name == "holder_name":
        text = re.sub(r"^(?:ông|bà) ", "", text)
    return re.sub(r"\bubnd\b", "ủy ban nhân dân", text) if name == "issuer" else text


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_the_fields_of_a_drawn_paper(kind: str) -> None:
    draft = write_paper(kind, 4242)
    pages = [read(sheet, number) for number, sheet in enumerate(draft.sheets, start=1)]

    found = extract(pages, CATALOG.paper_type(type_of(kind)), CATALOG)

    for name, truth in field_values(draft.fields).items():
        if (
            name not in {*EXACT, "issuer", "holder_name", "holder_id", "summary", "signer"}
            or (kind, name) in NOT_PRINTED
        ):
            continue
        one = found.fields.get(name)
        value = one.value if one else None
        if value is None and (kind, name) in OPEN:
            continue
        assert normal(name, value) == normal(name, truth), name
