"""Identity cards: what print, machine-readable zone and QR code say, held against each other (R11, R13; RULES 5.3).

The name comes from the print, which has its marks; digits and dates are cross-checked with the zone and the code. A zone whose check digits
hold and a code (both have checks of their own) stand where the print is unread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.vietnamese.folding import fold
from models.vietnamese.identity_qr import IdentityQr, parse_identity_qr
from models.vietnamese.mrz import Mrz, find_mrz
from models.vietnamese.names import same_name
from models.vietnamese.passport_mrz import parse_passport_line
from workers.classify.extract.evidence import Code, Evidence
from workers.classify.extract.field import Doubt, Field, Source
from workers.classify.pieces import Piece, pieces_of
from workers.page import Box, PageOutcome, hull

_ZONE_LETTERS = 24


def identity_fields(
    printed: dict[str, Field | None], pages: Sequence[PageOutcome], evidence: Evidence
) -> dict[str, Field | None]:
    """``printed`` with the zone and the code as further witnesses; each pair that differs is in doubt."""
    fields = dict(printed)
    for page in pages:
        found = zone_of(page)
        if found is not None:
            zone, box = found
            _hear(fields, _of_zone(zone), page.number, box, Source.MRZ)
    for code in evidence.codes:
        card = parse_identity_qr(code.text)
        if card is not None:
            _hear(fields, _of_code(card), code.page, code.box, Source.QR)
    return fields


def passport_fields(printed: dict[str, Field | None], pages: Sequence[PageOutcome]) -> dict[str, Field | None]:
    """``printed`` with the second line of a passport's zone as a further witness; each pair that differs is in doubt."""
    fields = dict(printed)
    for page in pages:
        for piece in pieces_of(page):
            line = parse_passport_line(piece.text) if _is_zone_line(piece, marked=False) else None
            if line is not None:
                said = {
                    "number": line.number,
                    "holder_id": line.personal_id,
                    "holder_birth_date": line.birth_date.isoformat() if line.birth_date else None,
                    "valid_until": line.valid_until.isoformat(),
                }
                _hear(fields, said, page.number, piece.box, Source.MRZ)
                return fields
    return fields


def has_identity_code(codes: Sequence[Code]) -> bool:
    """Whether one of the codes is an identity card's."""
    return any(parse_identity_qr(code.text) for code in codes)


def zone_of(page: PageOutcome) -> tuple[Mrz, Box] | None:
    """The machine-readable zone of a page, and the box round its lines; ``None`` if none is there or a check fails."""
    rows = [piece for piece in pieces_of(page) if _is_zone_line(piece)]
    if len(rows) < 3:
        return None
    zone = find_mrz("\n".join(piece.text.replace(" ", "") for piece in rows))
    return (zone, hull([piece.box for piece in rows])) if zone is not None and zone.ok else None


def _is_zone_line(piece: Piece, *, marked: bool = True) -> bool:
    """``marked``: with fillers; a passport's second line may have lost its few."""
    text = piece.text.replace(" ", "")
    return len(text) >= _ZONE_LETTERS and (not marked or "<" in text or "«" in text)


def _of_zone(zone: Mrz) -> dict[str, str | None]:
    return {
        "holder_id": zone.personal_id,
        "holder_birth_date": zone.birth_date.isoformat() if zone.birth_date else None,
        "valid_until": zone.valid_until.isoformat() if zone.valid_until else None,
        "holder_name": zone.name,
    }


def _of_code(card: IdentityQr) -> dict[str, str | None]:
    return {
        "holder_id": card.personal_id,
        "holder_name": card.name,
        "holder_birth_date": card.birth_date.isoformat() if card.birth_date else None,
        "issued_on": card.issued_on.isoformat() if card.issued_on else None,
        "residence": card.address or None,
    }


def _hear(fields: dict[str, Field | None], said: dict[str, str | None], page: int, box: Box, source: Source) -> None:
    for name, value in said.items():
        if value is None:
            continue
        known = fields.get(name)
        if known is None or known.value is None:
            bare_name = (
                source is Source.MRZ and name == "holder_name"
            )  # a zone's name has no marks: it is no name as printed
            doubt = str(Doubt.UNSURE) if bare_name else None
            fields[name] = Field(value, 0.5 if bare_name else 0.98, page, box, source, value, doubt)
        elif _agree(name, known.value, value):
            better = value if source is Source.QR and name == "holder_name" else known.value
            sure = known.doubt in {None, str(Doubt.UNSURE), str(Doubt.NOT_A_NAME)}
            fields[name] = replace(
                known, value=better, confidence=max(known.confidence, 0.99) if sure else known.confidence, doubt=None if sure else known.doubt
            )  # fmt: skip
        elif name != "residence":
            fields[name] = replace(known, doubt=str(Doubt.WITNESSES_DIFFER), confidence=min(known.confidence, 0.5))


def _agree(name: str, one: str, other: str) -> bool:
    if name == "holder_name":
        return same_name(one, other)
    if name == "residence":
        return fold(one) == fold(other)
    return one == other
