"""Số, ký hiệu taken apart (R15; NĐ 30/2020 Phụ lục I and III): the paper's own, from its ``Số:`` line, and those it cites.

``383/KH-UBND`` is serial 383, kind KH (kế hoạch), of UBND. Slips of a reader that leave one meaning are put right: spaces and
dashes, Ð for Đ, ``QD`` for ``QĐ``, ``TTR`` for ``TTr``, a dash lost between two known symbols. Others are not: HD is hướng dẫn and HĐ
is hợp đồng, and what stands in the serial's place without being a number (``l5``, ``38 3``) leaves the serial open.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from models.vietnamese.folding import fold
from models.vietnamese.numbers import DASH, GAP, SYMBOL, SYMBOLS, normalise_number, toneless_symbols

NAMED_KINDS: Final = MappingProxyType(
    {
        "NQ": "nghị quyết", "QĐ": "quyết định", "CT": "chỉ thị", "QC": "quy chế", "QyĐ": "quy định", "TC": "thông cáo", "TB": "thông báo",
        "HD": "hướng dẫn", "CTr": "chương trình", "KH": "kế hoạch", "PA": "phương án", "ĐA": "đề án", "DA": "dự án", "BC": "báo cáo",
        "BB": "biên bản", "TTr": "tờ trình", "HĐ": "hợp đồng", "CĐ": "công điện", "BGN": "bản ghi nhớ", "BTT": "bản thỏa thuận",
        "GUQ": "giấy ủy quyền", "GM": "giấy mời", "GGT": "giấy giới thiệu", "GNP": "giấy nghỉ phép", "PG": "phiếu gửi", "PC": "phiếu chuyển",
        "PB": "phiếu báo",
    }
)  # fmt: skip
"""The 27 kinds of administrative papers that have an abbreviation (NĐ 30/2020 Phụ lục III)."""

COPY_KINDS: Final = MappingProxyType({"SY": "sao y", "TrS": "trích sao", "SL": "sao lục"})
LEGAL_KINDS: Final = MappingProxyType(
    {"NĐ": "nghị định", "TT": "thông tư", "TTLT": "thông tư liên tịch", "NQLT": "nghị quyết liên tịch", "PL": "pháp lệnh", "L": "lệnh"}
)  # fmt: skip
OTHER_KINDS: Final = MappingProxyType(
    {
        "CV": "công văn", "GPXD": "giấy phép xây dựng", "GP": "giấy phép", "GCN": "giấy chứng nhận", "GXN": "giấy xác nhận",
        "KS": "khai sinh", "KT": "khai tử", "TLKS": "trích lục khai sinh", "TLKT": "trích lục khai tử", "TLKH": "trích lục kết hôn",
        "XNTTHN": "xác nhận tình trạng hôn nhân", "XNHN": "xác nhận tình trạng hôn nhân", "PTTr": "phiếu trình", "VB": "văn bản",
    }
)  # fmt: skip
"""Not of NĐ 30/2020, but found on papers."""

_AGENCIES = """
    UBND HĐND TTg CP QH UBTVQH CTN VPCP VPUBND TW TƯ TU HU ĐU BCĐ BCS BCSĐ UBMTTQ TTHĐND
    BNV BTP BTC BCA BQP BNG BCT BXD BYT BTTTT BGTVT BKHĐT BKHCN BGDĐT BLĐTBXH BTNMT BNNPTNT BVHTTDL BNNMT BDTTG NHNN TTCP UBDT
    SNV STP STC SCT SXD SYT STTTT SGTVT SKHĐT SKHCN SGDĐT SLĐTBXH STNMT SNNPTNT SVHTTDL SVHTT SDL SNNMT SDTTG
    CA CAT BCH TAND VKSND TANDTC VKSNDTC BHXH CCT TCT KBNN VP KSTTHC NC KTTH KGVX THNC QLĐĐ VPĐK VPĐKĐĐ CNVPĐK ĐKKD TTPVHCC
"""

_KINDS = {**NAMED_KINDS, **COPY_KINDS, **LEGAL_KINDS, **OTHER_KINDS}
_SURE_KINDS = frozenset(_KINDS)


def _by_fold(symbols: Iterable[str]) -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for symbol in symbols:
        groups[fold(symbol)].add(symbol)
    return {key: frozenset(group) for key, group in groups.items()}


_AGENCY_SET = frozenset(_AGENCIES.split())
_KIND_SPELLINGS, _AGENCY_SPELLINGS = _by_fold(_SURE_KINDS), _by_fold(_AGENCY_SET)


class NumberForm(StrEnum):
    """What sort of paper a number is of, as far as its build tells."""

    NAMED = "named"  # 383/KH-UBND
    LETTER = "letter"  # công văn: 05/BNV-VP
    LEGAL = "legal"  # văn bản quy phạm pháp luật, with the year: 45/2020/NĐ-CP
    PARTY = "party"  # 27-NQ/TW
    COPY = "copy"  # 12/SY-UBND
    OTHER = "other"  # 12/GPXD
    BOOK = "book"  # số of a register: 12/2023
    BARE = "bare"  # 12


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """``text``: the one spelling, without spaces; with an open serial it begins with the sign (``/KH-UBND``).

    ``kind``: an abbreviation of the tables above, or ``None`` (công văn name no kind). ``rest``: what follows the kind: agency and
    unit. ``blank``: nothing was written in the serial's place; else ``slot`` says what was read there when it is no serial.
    """

    serial: str | None
    year: int | None
    kind: str | None
    rest: str
    text: str
    form: NumberForm
    blank: bool = False
    slot: str = ""

    @property
    def kind_and_agency(self) -> str:
        """``KH-UBND``: what is printed, and known even where the serial is written by hand."""
        return "-".join(part for part in (self.kind or "", self.rest) if part)


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """``start``, ``end``: in the NFC text. ``own``: the paper's own, on its ``Số:`` line; else one that it cites."""

    number: DocumentNumber
    start: int
    end: int
    own: bool


_EDGE = r"(?:^[ \t\u00a0|]*|(?<=[|\t])[ \u00a0]{0,2}|(?<=[ \u00a0]{3}))"  # a line or the cell of a head begins
_LABEL = r"S[ỐÔOốồổỗộôoóò](?:[ \t]*/[ \t]*[Nn]o\b|[ \t]*hiệu\b)?[ \t\u00a0]*[:;.,]{0,2}"
_YEAR = r"(?:19|20)\d\d"
_OWN_SYMBOL = SYMBOL.replace("Ð", "Ð§")  # as old encodings are read
_OWN_SYMBOLS = rf"{_OWN_SYMBOL}(?:(?:{GAP}(?:{DASH}|&){GAP}|[._~=]){_OWN_SYMBOL}){{0,3}}"
_OWN = re.compile(
    rf"{_EDGE}(?P<label>{_LABEL})(?P<slot>[^/\n|]{{0,24}}?)"
    rf"(?:{GAP}/{GAP}(?:(?P<year>{_YEAR}){GAP}/{GAP})?(?P<symbols>{_OWN_SYMBOLS})"
    rf"|{DASH}{GAP}(?P<party>{SYMBOL}{GAP}/{GAP}{SYMBOL})"
    rf"|[ \t\u00a0]+(?P<slashless>{SYMBOL}{GAP}{DASH}{GAP}{SYMBOL})"
    rf"|{GAP}/{GAP}(?P<book>{_YEAR})(?=[ \t]*(?:$|[ \t]{{2}}|[|,;.(]))"
    rf"|(?P<bare>)(?<=[\da-eđ])(?![ \t.…_]*/)(?=[ \t.…_]*(?:$|[ \t]{{3}}|\|)))(?!\w)",
    re.MULTILINE,
)
_CITED = re.compile(
    rf"(?<![\w/.,])(?P<slot>\d{{1,6}}[a-eđ]?)(?:{GAP}/{GAP}(?:(?P<year>{_YEAR}){GAP}/{GAP})?(?P<symbols>{SYMBOLS})"
    rf"|{GAP}{DASH}{GAP}(?P<party>{SYMBOL}{GAP}/{GAP}{SYMBOL}))(?!\w)"
)
_CITED_BLANK = re.compile(
    rf"\bsố[ \t\u00a0:.…_]{{0,24}}(?P<slot>)(?=/)/{GAP}(?:(?P<year>{_YEAR}){GAP}/{GAP})?(?P<symbols>{SYMBOLS})(?!\w)"
)
_SERIAL = re.compile(r"\d{1,6}[a-eđ]?")
_FILL = " \t\u00a0.…_:;,"
_SPLIT = re.compile(rf"\s*(?:{DASH}|[._~=])\s*")
_SPACES = re.compile(r"\s+")


def find_numbers(text: str) -> list[FoundNumber]:
    """Every document number in the text, in order: own ones (also with an open serial), and cited ones."""
    text = toneless_symbols(text)
    found = [FoundNumber(number, start, end, own=True) for number, start, end in _own(text)]
    taken = [(one.start, one.end) for one in found]
    for pattern in (_CITED, _CITED_BLANK):
        for match in pattern.finditer(text):
            start, end = match.start("slot"), match.end()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            number = _from(match)
            if number is not None:
                found.append(FoundNumber(number, start, end, own=False))
    return sorted(found, key=lambda one: (one.start, one.end))


def own_number(text: str) -> DocumentNumber | None:
    """The number of the first ``Số:`` line (or head cell), if there is one."""
    first = next(iter(_own(toneless_symbols(text))), None)
    return None if first is None else first[0]


def parse_number(text: str) -> DocumentNumber | None:
    """One number, with or without its label, and nothing else: ``Số: 15 /qđ – ubnd``, ``/KH-UBND``, ``12/2023``; ``None`` if it is none."""
    text = toneless_symbols(text).strip()
    labelled = text if re.match(_LABEL, text) else f"Số: {text}"
    for candidate in (labelled, f"Số: {normalise_number(text)}"):
        for number, _, end in _own(candidate):
            if number.form is NumberForm.BARE and labelled != text:
                continue
            if not candidate[end:].strip(_FILL) and (number.serial or number.blank) and number.text:
                return number
    return None


def _own(text: str) -> Iterable[tuple[DocumentNumber, int, int]]:
    for match in _OWN.finditer(text):
        colon = match["label"][-1] in ":;."
        slot = match["slot"].strip(_FILL)
        if not colon and slot and not _SERIAL.fullmatch(slot):
            continue  # Số lượng hồ sơ/…
        if match["bare"] is not None and not (colon and _SERIAL.fullmatch(slot)):
            continue
        if match["book"] and not _SERIAL.fullmatch(slot):
            continue
        if any(len(word) > 6 for word in slot.split()):
            continue
        number = _from(match)
        if number is not None:
            yield number, match.start("slot") + _lead(match["slot"]), match.end()


def _lead(slot: str) -> int:
    return len(slot) - len(slot.lstrip(_FILL))


def _from(match: re.Match[str]) -> DocumentNumber | None:
    groups: dict[str, str | None] = match.groupdict()
    slot = (groups["slot"] or "").strip(_FILL)
    serial = slot if _SERIAL.fullmatch(slot) else None
    if party := groups.get("party"):
        built = _party(serial, party)
    elif book := groups.get("book"):
        built = DocumentNumber(serial, int(book), None, "", f"{serial}/{book}", NumberForm.BOOK)
    elif groups.get("bare") is not None:
        built = DocumentNumber(serial, None, None, "", slot, NumberForm.BARE)
    else:
        slashless = groups.get("slashless")
        symbols = _symbols(groups.get("symbols") or slashless or "")
        if slashless and (serial is None or symbols[0] not in _SURE_KINDS):
            return None
        built = _with_symbols(serial, groups.get("year"), symbols)
    return replace(built, blank=not slot, slot="" if serial else slot)


def _party(serial: str | None, raw: str) -> DocumentNumber:
    before, _, after = _SPACES.sub("", raw).partition("/")
    kind, agency = _spelled(before, _KIND_SPELLINGS), _spelled(after, _AGENCY_SPELLINGS)
    known = kind in _SURE_KINDS
    rest = agency if known else f"{kind}/{agency}"
    return DocumentNumber(
        serial, None, kind if known else None, rest, f"{serial or ''}-{kind}/{agency}", NumberForm.PARTY
    )


def _with_symbols(serial: str | None, year: str | None, symbols: list[str]) -> DocumentNumber:
    kind = symbols[0] if symbols[0] in _SURE_KINDS else None
    number = int(year) if year else None
    text = f"{serial or ''}/{f'{year}/' if year else ''}{'-'.join(symbols)}"
    rest = "-".join(symbols[1:] if kind else symbols)
    return DocumentNumber(serial, number, kind, rest, text, _form(kind, number, symbols))


def _form(kind: str | None, year: int | None, symbols: list[str]) -> NumberForm:
    if kind in LEGAL_KINDS or (year and (kind in NAMED_KINDS or symbols[0].startswith(("QH", "UBTVQH")))):
        return NumberForm.LEGAL
    if kind in NAMED_KINDS:
        return NumberForm.NAMED
    if kind in COPY_KINDS:
        return NumberForm.COPY
    if kind == "CV" or (kind is None and len(symbols) > 1):
        return NumberForm.LETTER
    return NumberForm.OTHER


def _symbols(raw: str) -> list[str]:
    """The symbols between the dashes, each in its one spelling; ``&`` joins (BNN&PTNT)."""
    parts = _SPLIT.split(raw)
    spelled = [
        "&".join(_spelled(piece.strip(), _KIND_SPELLINGS if not place else {}) for piece in part.split("&"))
        for place, part in enumerate(parts)
    ]
    if len(spelled) == 1 and spelled[0] not in _SURE_KINDS | _AGENCY_SET:
        return _parted(spelled[0])
    return spelled


def _spelled(symbol: str, first: dict[str, frozenset[str]]) -> str:
    """The known spelling of a symbol, if just one folds to the same; else as it was read. ``§`` is Đ in the old TCVN3 encoding."""
    symbol = symbol.replace("Ð", "Đ").replace("§", "Đ")
    bare = symbol.rstrip("0123456789")
    if bare in _SURE_KINDS or bare in _AGENCY_SET:
        return symbol
    for spellings in (first, _AGENCY_SPELLINGS):
        known = spellings.get(fold(bare), frozenset())
        if len(known) == 1:
            return next(iter(known)) + symbol[len(bare) :]
    return symbol


def _parted(glued: str) -> list[str]:
    """``KHUBND`` → KH, UBND, where one way alone parts it into a kind and an agency that are known."""
    ways = {
        (kind, agency)
        for at in range(2, len(glued) - 1)
        for kind in _KIND_SPELLINGS.get(fold(glued[:at]), ())
        for agency in _AGENCY_SPELLINGS.get(fold(glued[at:]), ())
    }
    return list(ways.pop()) if len(ways) == 1 else [glued]
