"""The metadata of a paper as NĐ 30/2020/NĐ-CP Phụ lục VI names and measures them.

A text that is too long is cut between words and ends in ``…``; a name, code or day that does not fit is left empty, since half a code is another code.
Either way the record says which fields they were, and has the whole value beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from models.vietnamese.document_numbers import parse_number
from models.vietnamese.folding import nfc

LENGTHS: Final[Mapping[str, int | None]] = MappingProxyType(
    {
        "OrganId": 13,
        "FileCatalog": 4,
        "FileNotation": 20,
        "DocOrdinal": None,
        "TypeName": 100,
        "CodeNumber": 11,
        "CodeNotation": 30,
        "IssuedDate": 10,
        "OrganName": 200,
        "Subject": 500,
        "Language": 30,
        "PageAmount": 3,
        "Description": 500,
        "ArrivalDate": None,
        "ArrivalNumber": None,
        "Position": 100,
        "FullName": 50,
        "Priority": 1,
        "ToPlaces": 1000,
        "TraceHeaderList": None,
        "DueDate": None,
    }
)
"""Fields in the appendix' order, and how many characters each may have (``None``: it says nothing)."""

TEXTS: Final = frozenset({"TypeName", "OrganName", "Subject", "Language", "Description", "Position", "ToPlaces"})
"""Those that may be cut; the others are whole or empty."""

LANGUAGE: Final = "Tiếng Việt"


@dataclass(frozen=True, slots=True)
class Paper:
    """What the appendix asks of one paper, in whole. ``ordinal``: its place in the dossier, from 1; ``number``: số, ký hiệu as on the paper."""

    agency: str
    dossier: str
    year: int
    ordinal: int
    type_name: str
    number: str
    issued_on: date | None
    issuer: str
    subject: str
    pages: int
    description: str
    received_on: date
    signer: str


@dataclass(frozen=True, slots=True)
class Filled:
    """``fields``: every field of the appendix, empty where nothing is known. ``cut``: shortened; ``left_out``: too long to be of use in part."""

    fields: dict[str, str]
    cut: tuple[str, ...]
    left_out: tuple[str, ...]


def fill(paper: Paper) -> Filled:
    """The fields of a paper. Nothing is invented: numbers of arrival, priorities, deadlines and recipients are not known here and stay empty."""
    number, notation = _parted(paper.number)
    whole = dict.fromkeys(LENGTHS, "") | {
        "OrganId": paper.agency,
        "FileCatalog": str(paper.year),
        "FileNotation": paper.dossier,
        "DocOrdinal": str(paper.ordinal),
        "TypeName": paper.type_name,
        "CodeNumber": number,
        "CodeNotation": notation,
        "IssuedDate": _day(paper.issued_on),
        "OrganName": paper.issuer,
        "Subject": paper.subject,
        "Language": LANGUAGE,
        "PageAmount": str(paper.pages),
        "Description": paper.description,
        "ArrivalDate": _day(paper.received_on),
        "FullName": paper.signer,
    }
    fields: dict[str, str] = {}
    cut, left_out = [], []
    for name, value in whole.items():
        plain, longest = " ".join(nfc(value).split()), LENGTHS[name]
        if longest is None or len(plain) <= longest:
            fields[name] = plain
        elif name in TEXTS:
            fields[name] = shortened(plain, longest)
            cut.append(name)
        else:
            fields[name] = ""
            left_out.append(name)
    return Filled(fields, tuple(cut), tuple(left_out))


def shortened(text: str, longest: int) -> str:
    """At most ``longest`` characters: whole words and ``…``, or part of the first word where it alone is longer."""
    if len(text) <= longest:
        return text
    room = text[: longest - 1]
    words = room if text[longest - 1] == " " else room.rpartition(" ")[0]
    return f"{(words or room).rstrip()}…"


def _parted(number: str) -> tuple[str, str]:
    """``383/KH-UBND``: 383 and KH-UBND. A number of another build stands whole in the notation's place."""
    found = parse_number(number) if number else None
    if found is None or found.serial is None:
        return "", number
    notation = found.kind_and_agency
    if found.year:
        notation = f"{found.year}/{notation}" if notation else str(found.year)
    return found.serial, notation


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day and day.year >= 1000 else ""
