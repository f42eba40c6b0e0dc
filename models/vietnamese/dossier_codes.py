"""Codes of dossiers, procedures, fields, papers and results (R23; TT 01/2018/TT-VPCP Điều 19-20, NĐ 45/2020 Điều 14.3).

The given string is kept beside each normal form. What the rules fix is checked: the day in a mã số hồ sơ is a real one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.vietnamese.agency_codes import NEW_ORDER, OLD_ORDER, AgencyCode, parse_agency_code, tidy_code
from models.vietnamese.folding import nfc


@dataclass(frozen=True, slots=True)
class DossierCode:
    """Mã số hồ sơ. ``code``: with the agency in the new order; ``result``: n of ``-KQ<n>``, or ``None``."""

    given: str
    agency: AgencyCode
    day: date
    serial: int
    code: str
    result: int | None = None


@dataclass(frozen=True, slots=True)
class ProcedureCode:
    """Mã TTHC. ``national``: ``1.001193``; ``agency``: of a local procedure; ``case``: of a procedure's cases (``01``)."""

    given: str
    national: str
    agency: AgencyCode | None = None
    case: str | None = None


class PaperCodeStyle(StrEnum):
    """Two catalogues number papers, each its own way; a serial of one says nothing about the other."""

    PROVINCE = "province"  # KQ.G15.000031
    PORTAL = "portal"  # 000.00.00.G15-KQ004389


@dataclass(frozen=True, slots=True)
class PaperCode:
    """Mã kết quả, mã thành phần hồ sơ. ``code``: the tidied string; ``serial``: six digits."""

    given: str
    code: str
    agency: AgencyCode
    serial: str
    style: PaperCodeStyle


@dataclass(frozen=True, slots=True)
class FieldCode:
    """Mã lĩnh vực ``MX1X2-LV``: ``G15-TP07`` (Hộ tịch)."""

    given: str
    code: str
    top: str
    field: str


@dataclass(frozen=True, slots=True)
class FoundDossierCode:
    """``start``, ``end``: in the NFC text."""

    code: DossierCode
    start: int
    end: int


_AGENCY = rf"(?:{OLD_ORDER}|{NEW_ORDER})"
_DOSSIER = re.compile(
    rf"(?P<agency>{_AGENCY})-(?P<day>\d{{6}})-(?P<serial>\d{{4,5}})(?:-KQ\(?(?P<result>\d{{1,3}})\)?)?", re.ASCII
)
_PROCEDURE = re.compile(
    r"(?P<national>\d\.\d{6})(?:\.(?P<agency>\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2}|[A-Y]\d{2})|\.(?P<case>\d{2}))?", re.ASCII
)
_PROVINCE_PAPER = re.compile(r"KQ\.(?P<agency>[A-Y]\d{2})\.(?P<serial>\d{6})", re.ASCII)
_PORTAL_PAPER = re.compile(rf"(?P<agency>{_AGENCY})-KQ(?P<serial>\d{{6}})", re.ASCII)
_FIELD = re.compile(r"(?P<top>[A-Y]\d{2})-(?P<field>[A-Z]{1,6}\d{0,4})", re.ASCII)
_FOUND_DOSSIER = re.compile(rf"(?<![\w.-]){_DOSSIER.pattern}(?![\w-]|\.\w)", re.ASCII)
_FOUND_PROCEDURE = re.compile(rf"(?<![\w.,-]){_PROCEDURE.pattern}(?![\w-]|[.,]\w)", re.ASCII)


def parse_dossier_code(text: str) -> DossierCode | None:
    """A mã số hồ sơ, also with ``-KQ<n>``; ``None`` if it is none, or its six digits are no day (YYMMDD of 20YY)."""
    match = _DOSSIER.fullmatch(tidy_code(text))
    return None if match is None else _dossier(match, text)


def find_dossier_codes(text: str) -> list[FoundDossierCode]:
    """Those that stand in the text, as printed under a barcode or typed in a receipt."""
    found = []
    for match in _FOUND_DOSSIER.finditer(nfc(text)):
        code = _dossier(match, match[0])
        if code is not None:
            found.append(FoundDossierCode(code, match.start(), match.end()))
    return found


def parse_procedure_code(text: str) -> ProcedureCode | None:
    """``1.001193``; local ``1.001193.000.00.00.H56`` or ``1.001193.H56``; with a case ``1.001193.01``."""
    match = _PROCEDURE.fullmatch(tidy_code(text))
    return None if match is None else _procedure(match, text)


def find_procedure_codes(text: str) -> list[ProcedureCode]:
    """Those that stand in the text, in order; each as often as it stands there."""
    return [_procedure(match, match[0]) for match in _FOUND_PROCEDURE.finditer(nfc(text))]


def parse_paper_code(text: str) -> PaperCode | None:
    """A code of a kind of paper or result, in either style."""
    code = tidy_code(text)
    for pattern, style in ((_PROVINCE_PAPER, PaperCodeStyle.PROVINCE), (_PORTAL_PAPER, PaperCodeStyle.PORTAL)):
        match = pattern.fullmatch(code)
        agency = parse_agency_code(match["agency"]) if match else None
        if match and agency:
            return PaperCode(text, code, agency, match["serial"], style)
    return None


def parse_field_code(text: str) -> FieldCode | None:
    """``G15-TP07``."""
    code = tidy_code(text)
    match = _FIELD.fullmatch(code)
    return None if match is None else FieldCode(text, code, match["top"], match["field"])


def _dossier(match: re.Match[str], given: str) -> DossierCode | None:
    agency = parse_agency_code(match["agency"])
    digits = match["day"]
    try:
        day = date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        return None
    result = int(match["result"]) if match["result"] else None
    if agency is None or result == 0:
        return None
    return DossierCode(given, agency, day, int(match["serial"]), f"{agency.code}-{digits}-{match['serial']}", result)


def _procedure(match: re.Match[str], given: str) -> ProcedureCode:
    agency = parse_agency_code(match["agency"]) if match["agency"] else None
    return ProcedureCode(given, match["national"], agency, match["case"])
