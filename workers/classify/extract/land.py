"""The numbers of a land certificate, by their own rules (R19): serial and số vào sổ are never taken for one another, those in *Ghi chú* are the
old certificate's, and ``-/-`` is empty.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.vietnamese.land_numbers import LandNumberKind, find_land_numbers
from models.vietnamese.licences import parse_land_certificate_code
from workers.classify.extract.evidence import Evidence
from workers.classify.extract.field import Doubt, Field, Source, read_field
from workers.classify.pieces import Piece, pieces_of
from workers.page import PageOutcome, Word

_NAMES = {LandNumberKind.BOOK: "number", LandNumberKind.SERIAL: "serial_number"}


def land_fields(pages: Sequence[PageOutcome], evidence: Evidence) -> dict[str, Field]:
    """``number`` (số vào sổ), ``serial_number`` (số phát hành) and ``certificate_code`` where they are found."""
    fields: dict[str, Field] = {}
    for page in pages:
        pieces = pieces_of(page)
        text, words = _text_of(pieces)
        for found in find_land_numbers(text):
            spoken = [word for start, end, word in words if start < found.end and end > found.start]
            name = _NAMES[found.kind]
            known = fields.get(name)
            if known is None:
                fields[name] = read_field(found.value, spoken, page.number, rule=0.96)
            elif known.value != found.value:
                fields[name] = read_field(known.value, spoken, page.number, doubt=Doubt.WITNESSES_DIFFER, raw=known.raw)
        code = _code_of(pieces, page)
        if code is not None:
            fields.setdefault("certificate_code", code)
    for code_read in evidence.codes:
        printed = parse_land_certificate_code(code_read.text)
        if printed:
            fields["certificate_code"] = Field(printed, 0.99, code_read.page, code_read.box, Source.QR, code_read.text)
    return fields


def _text_of(pieces: Sequence[Piece]) -> tuple[str, list[tuple[int, int, Word]]]:
    """Lines of the page, and where each word stands in them."""
    text, words = "", list[tuple[int, int, Word]]()
    for piece in pieces:
        for word in piece.words:
            words.append((len(text), len(text) + len(word.text), word))
            text += word.text + " "
        text = text[:-1] + "\n"
    return text, words


def _code_of(pieces: Sequence[Piece], page: PageOutcome) -> Field | None:
    """Mã giấy chứng nhận: twelve signs alone, upper right of the first page."""
    for piece in pieces:
        if piece.middle > 0.3 * page.height:
            return None
        code = parse_land_certificate_code(piece.text) if piece.centre > 0.5 * page.width else None
        if code and sum(letter.isdigit() for letter in code) >= 10:
            return read_field(code, piece.words, page.number, rule=0.9)
    return None
