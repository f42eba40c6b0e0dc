"""Stamps that make a copy of a paper (R3): certification by a commune or a notary, and SAO Y, SAO LỤC, TRÍCH SAO of the office itself.

Certification (NĐ 23/2015): ``CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH``, ``Số chứng thực … Quyển số … SCT/BS``, a date. SCT/CK is of a
signature, not of a copy. Copies of an office (NĐ 30/2020 Điều 25-27): the form of copy as a line of its own, its number ``…/SY-…``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from models.vietnamese.dates import find_dates
from models.vietnamese.document_numbers import COPY_KINDS, own_number
from models.vietnamese.folding import nfc
from workers.classify.extract.field import Field, Reason, read_field
from workers.classify.head import is_capitals
from workers.classify.pieces import Piece, em_of, pieces_of
from workers.page import LineRole, PageOutcome

_CERTIFIED = "chung thuc ban sao dung voi ban chinh"
_SECOND_HALF = "ban sao dung voi ban chinh"
_LIKE = 84
_BOOK = re.compile(r"quy[eé]?n so\W*(?P<book>[\w./-]*\s?[-/]?\s?sct\s?[/-]\s?bs)|\bsct\s?[/-]\s?bs\b")
_NUMBER = re.compile(r"so chung thuc\W*(?P<number>\d{1,6})(?!\d)")
_FORMS = (
    ("sao_y", re.compile(r"^\W*(?:ban )?sao y(?: ban chinh)?\W*$")),
    ("sao_luc", re.compile(r"^\W*(?:ban )?sao luc\W*$")),
    ("trich_sao", re.compile(r"^\W*(?:ban )?trich sao\W*$")),
    ("ban_chup", re.compile(r"^\W*(?:ban sao chup|ban chup|ban photo|ban photocopy)\W*$")),
)
_KINDS = {"SY": "sao_y", "SL": "sao_luc", "TrS": "trich_sao"}
_REACH = 9
"""Em around a stamp's words within which its number and date stand."""


@dataclass(frozen=True, slots=True)
class CopyStamps:
    """``attributes``: as :func:`models.rules.scope.needs_comparison` asks for them. ``fields``: ``certified_number``, ``certified_on``, if there is a stamp."""

    attributes: frozenset[str]
    fields: dict[str, Field]


def read_copy_stamps(pages: Sequence[PageOutcome]) -> CopyStamps:
    """The stamps of a paper's pages; none for a paper that bears none."""
    attributes: set[str] = set()
    fields: dict[str, Field] = {}
    for page in pages:
        pieces = (*pieces_of(page), *pieces_of(page, LineRole.STAMP))
        em = em_of(pieces)
        for place, piece in enumerate(pieces):
            attribute = _attribute(pieces, place)
            if attribute is None:
                continue
            attributes.add(attribute)
            around = [
                other
                for other in pieces
                if abs(other.middle - piece.middle) < _REACH * em and _shares_column(other, piece, em)
            ]
            for name, field in _fields(around, attribute, page).items():
                known = fields.get(name)
                if known is None or (known.value is None and field.value is not None):
                    fields[name] = field
    return CopyStamps(frozenset(attributes), fields)


def _attribute(pieces: Sequence[Piece], place: int) -> str | None:
    """What copy the stamp at ``place`` makes."""
    piece = pieces[place]
    bare = " ".join(re.findall(r"[a-z]+", piece.bare))
    if _BOOK.search(piece.bare) or _is_certified(bare):
        return "ban_sao_chung_thuc"
    if is_capitals(piece, 0.7):
        form = next((name for name, pattern in _FORMS if pattern.match(piece.bare)), None)
        if form:
            return form
    number = own_number(piece.text) if piece.bare.lstrip(" |-").startswith("so") else None
    return _KINDS.get(number.kind) if number is not None and number.kind else None


def _is_certified(bare: str) -> bool:
    """The stamp's words, whole or the second of two lines."""
    if not 16 <= len(bare) <= 60:
        return False
    return max(fuzz.ratio(bare, _CERTIFIED), fuzz.ratio(bare, _SECOND_HALF)) >= _LIKE


def _shares_column(one: Piece, other: Piece, em: float) -> bool:
    return one.box[0] < other.box[2] + 3 * em and other.box[0] < one.box[2] + 3 * em


def _fields(around: Sequence[Piece], attribute: str, page: PageOutcome) -> dict[str, Field]:
    number = Field(None, page=page.number, reason=Reason.NOT_FOUND)
    on = Field(None, page=page.number, reason=Reason.NOT_FOUND)
    for piece in around:
        match = _NUMBER.search(piece.bare)
        own = own_number(piece.text) if attribute in _KINDS.values() else None
        if match:
            book = _BOOK.search(" ".join(other.bare for other in around))
            more = {"book": " ".join(book["book"].upper().split())} if book and book["book"] else {}
            number = read_field(match["number"], piece.part(*match.span("number")), page.number, more=more)
        elif own is not None and own.kind in COPY_KINDS and own.serial:
            number = read_field(own.text, piece.words, page.number)
        found = next((one for one in find_dates(nfc(piece.text)) if one.date), None)
        if found is not None and found.date is not None and on.value is None:
            on = read_field(found.date.isoformat(), piece.part(found.start, found.end), page.number)
    return {"certified_number": number, "certified_on": on} if attribute != "ban_chup" else {}
