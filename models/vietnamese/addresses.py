"""Addresses (R18): of the old three levels (xã, huyện, tỉnh) and of the two since 01/7/2025 (xã, tỉnh).

A level is filled by what names it: the word before the name, or the name of a province at the end. Parts without a word are placed only
where one way is left: before 01/7/2025 ``Đại Đồng, Tiên Du, Bắc Ninh`` is xã, huyện, tỉnh; later it might be thôn, xã, tỉnh, and stays
open. The district is never filled from the province, nor a province guessed from a district.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.vietnamese.folding import fold, nfc, place_tones

TWO_LEVELS_FROM = date(2025, 7, 1)
"""From this day there is no district: two levels of local government (NĐ 118/2025/NĐ-CP is built on it)."""

PROVINCES: tuple[str, ...] = tuple(
    """Hà Nội, Hà Giang, Cao Bằng, Bắc Kạn, Tuyên Quang, Lào Cai, Điện Biên, Lai Châu, Sơn La, Yên Bái, Hòa Bình, Thái Nguyên, Lạng Sơn,
    Quảng Ninh, Bắc Giang, Phú Thọ, Vĩnh Phúc, Bắc Ninh, Hải Dương, Hải Phòng, Hưng Yên, Thái Bình, Hà Nam, Nam Định, Ninh Bình, Thanh Hóa,
    Nghệ An, Hà Tĩnh, Quảng Bình, Quảng Trị, Thừa Thiên Huế, Đà Nẵng, Quảng Nam, Quảng Ngãi, Bình Định, Phú Yên, Khánh Hòa, Ninh Thuận,
    Bình Thuận, Kon Tum, Gia Lai, Đắk Lắk, Đắk Nông, Lâm Đồng, Bình Phước, Tây Ninh, Bình Dương, Đồng Nai, Bà Rịa - Vũng Tàu, Hồ Chí Minh,
    Long An, Tiền Giang, Bến Tre, Trà Vinh, Vĩnh Long, Đồng Tháp, An Giang, Kiên Giang, Cần Thơ, Hậu Giang, Sóc Trăng, Bạc Liêu, Cà Mau,
    Huế""".replace("\n    ", " ").split(", ")
)  # fmt: skip
"""The 63 of before 01/7/2025, and Huế; the 34 of since then are among them."""

_CITIES = frozenset(
    {"ha noi", "hai phong", "da nang", "can tho", "ho chi minh", "hue"}
)  # thành phố trực thuộc trung ương


class Level(StrEnum):
    """What a part of an address names."""

    STREET = "street"  # số nhà, đường, ngõ
    HAMLET = "hamlet"  # thôn, tổ dân phố, ấp, bản
    COMMUNE = "commune"  # xã, phường, thị trấn, đặc khu
    DISTRICT = "district"  # huyện, quận, thị xã, thành phố thuộc tỉnh
    PROVINCE = "province"  # tỉnh, thành phố trực thuộc trung ương


@dataclass(frozen=True, slots=True)
class AddressPart:
    """``kind``: the word before the name, in full and small letters (``phường``), empty if none stands there. ``name`` as written."""

    level: Level
    kind: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Address:
    """``parts`` in the order of the text; ``unplaced``: what names no level for sure. ``text``: the whole, in one line."""

    text: str
    parts: tuple[AddressPart, ...]
    unplaced: tuple[str, ...] = ()

    def part(self, level: Level) -> AddressPart | None:
        """The part of a level: the last, if a street or a hamlet has several."""
        return next((part for part in reversed(self.parts) if part.level is level), None)

    @property
    def commune(self) -> AddressPart | None:
        return self.part(Level.COMMUNE)

    @property
    def district(self) -> AddressPart | None:
        return self.part(Level.DISTRICT)

    @property
    def province(self) -> AddressPart | None:
        return self.part(Level.PROVINCE)

    @property
    def levels(self) -> int | None:
        """3 with a district, 2 where the commune stands right before the province, ``None`` where that cannot be told."""
        if self.district:
            return 3
        return 2 if self.commune and self.province and not self.unplaced else None


_WORDS: tuple[tuple[str, Level, str], ...] = (
    # (as written, small letters; level; in full): longer before shorter. "thành phố" and "tp" are placed by what follows.
    ("tổ dân phố", Level.HAMLET, "tổ dân phố"), ("tdp", Level.HAMLET, "tổ dân phố"), ("khu dân cư", Level.HAMLET, "khu dân cư"),
    ("khu phố", Level.HAMLET, "khu phố"), ("kp", Level.HAMLET, "khu phố"), ("thôn", Level.HAMLET, "thôn"), ("tổ", Level.HAMLET, "tổ"),
    ("ấp", Level.HAMLET, "ấp"), ("bản", Level.HAMLET, "bản"), ("buôn", Level.HAMLET, "buôn"), ("làng", Level.HAMLET, "làng"),
    ("khóm", Level.HAMLET, "khóm"), ("xóm", Level.HAMLET, "xóm"), ("đội", Level.HAMLET, "đội"), ("khối", Level.HAMLET, "khối"), ("khu", Level.HAMLET, "khu"),
    ("số nhà", Level.STREET, "số nhà"), ("số", Level.STREET, "số nhà"), ("sn", Level.STREET, "số nhà"), ("đường", Level.STREET, "đường"),
    ("phố", Level.STREET, "phố"), ("ngõ", Level.STREET, "ngõ"), ("ngách", Level.STREET, "ngách"), ("hẻm", Level.STREET, "hẻm"), ("quốc lộ", Level.STREET, "quốc lộ"),
    ("thị trấn", Level.COMMUNE, "thị trấn"), ("tt", Level.COMMUNE, "thị trấn"), ("đặc khu", Level.COMMUNE, "đặc khu"),
    ("phường", Level.COMMUNE, "phường"), ("p", Level.COMMUNE, "phường"), ("xã", Level.COMMUNE, "xã"), ("x", Level.COMMUNE, "xã"),
    ("thị xã", Level.DISTRICT, "thị xã"), ("tx", Level.DISTRICT, "thị xã"), ("huyện", Level.DISTRICT, "huyện"), ("h", Level.DISTRICT, "huyện"),
    ("quận", Level.DISTRICT, "quận"), ("q", Level.DISTRICT, "quận"),
    ("thành phố", Level.PROVINCE, "thành phố"), ("tp", Level.PROVINCE, "thành phố"), ("tỉnh", Level.PROVINCE, "tỉnh"), ("t", Level.PROVINCE, "tỉnh"),
)  # fmt: skip
_SHORT = frozenset({"p", "x", "tt", "tx", "h", "q", "t", "tp", "kp", "tdp", "sn"})
_CUT_BEFORE = ("xã", "phường", "thị trấn", "đặc khu", "huyện", "quận", "thị xã", "thành phố", "tỉnh")
_SEPARATORS = re.compile(r"[,;\n]")
_DASHES = re.compile(r" [-\u2010-\u2015] ")
_EDGES = " \t\n\u00a0.,;:…_-–"
_COUNTRY = frozenset({"viet nam", "vietnam", "chxhcn viet nam", "nuoc chxhcn viet nam"})
_HO_CHI_MINH = frozenset({"hcm", "ho chi minh", "h c m", "sai gon"})


def parse_address(text: str, *, on: date | None = None, provinces: Collection[str] = PROVINCES) -> Address | None:
    """The parts of an address. ``on``: the day of the paper, which tells how parts without a word are placed; ``None`` for an empty text."""
    whole = " ".join(nfc(text).split()).strip(_EDGES)
    pieces = [piece for piece in _pieces(nfc(text), provinces) if fold(piece) not in _COUNTRY]
    if not whole or not pieces:
        return None
    known = {_key(name) for name in provinces}
    last = len(pieces) - 1
    placed = [
        _placed(piece, _marked(piece, bare=whole.isascii()), first=index == 0, last=index == last, known=known)
        for index, piece in enumerate(pieces)
    ]
    _place_the_rest(pieces, placed, on)
    return Address(
        whole,
        tuple(part for part in placed if part),
        tuple(piece for piece, part in zip(pieces, placed, strict=True) if part is None),
    )


def _pieces(text: str, provinces: Collection[str]) -> list[str]:
    """The parts of the text between its commas, dashes, and words of levels."""
    known = {_key(name) for name in provinces}
    chunks = [" ".join(chunk.split()).strip(_EDGES) for chunk in _SEPARATORS.split(text)]
    pieces = []
    for chunk in filter(None, chunks):
        whole = _key(_name_of(chunk)) in known or (len(chunks) > 1 and _is_one_name(chunk))
        for part in [chunk] if whole else _DASHES.split(chunk):
            pieces += [piece.strip(_EDGES) for piece in _cut_at_words(part)]
    return [piece for piece in pieces if piece]


def _is_one_name(chunk: str) -> bool:
    """Between commas, a dash behind which no word of a level stands is of the name: ``Phường Văn Miếu - Quốc Tử Giám``."""
    first, *others = _DASHES.split(chunk)
    bare = chunk.isascii()
    return _marked(first, bare=bare) is not None and not any(_marked(other, bare=bare) for other in others)


def _cut_at_words(text: str) -> list[str]:
    """``thôn 3 xã Tơ Tung huyện Kbang tỉnh Gia Lai`` → four parts; only before words of levels in small letters."""
    cuts = [0]
    for word in _CUT_BEFORE:
        cuts += [match.start() + 1 for match in re.finditer(rf"(?<=[^\s,]) {word} (?=[A-ZĐ0-9À-Ỹ])", text)]
    cuts = sorted(set(cuts))
    return [text[start:end] for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def _marked(piece: str, *, bare: bool) -> tuple[str, Level, str] | None:
    """(word in full, level, name) of a part that begins with the word of a level. ``bare``: the whole text carries no marks."""
    small = place_tones(piece).lower()
    for word, level, full in _WORDS:
        written = fold(word) if bare else word
        if word in _SHORT:  # TP. Hồ Chí Minh, P.5, Q3; not "T" of a name
            match = re.match(rf"{written}(?:\s*\.\s*|(?=\d)|\s+(?=\d))", small)
            match = match or (re.match(r"tp\s+", small) if word == "tp" else None)
        else:
            match = re.match(rf"{written}(?:\s*[:.]\s*|\s+|(?=\d))", small)
        if match and piece[match.end() :].strip(_EDGES):
            return full, level, piece[match.end() :].strip(_EDGES)
    return None


def _name_of(piece: str) -> str:
    mark = _marked(piece.strip(_EDGES), bare=piece.isascii())
    return mark[2] if mark else piece


def _key(name: str) -> str:
    """What spellings of a place's name have in common."""
    key = re.sub(r"[^a-z0-9]+", " ", fold(name)).strip()
    return "ho chi minh" if key in _HO_CHI_MINH else key


def _placed(
    piece: str, mark: tuple[str, Level, str] | None, *, first: bool, last: bool, known: Collection[str]
) -> AddressPart | None:
    """The part, if its word, or its place at the end or the beginning, tells its level."""
    if mark is None:
        if last and _key(piece) in known:
            return AddressPart(Level.PROVINCE, "", piece, piece)
        return AddressPart(Level.STREET, "", piece, piece) if first and re.match(r"\d+\w?\s*[/\s]", piece) else None
    kind, level, name = mark
    if kind == "thành phố":
        level = Level.PROVINCE if last and _key(name) in _CITIES else Level.DISTRICT
    elif level is Level.PROVINCE and not last:
        return None  # something stands behind a province: not an address that we know
    return AddressPart(level, kind, name, piece)


def _place_the_rest(pieces: list[str], placed: list[AddressPart | None], on: date | None) -> None:
    """Place parts without a word where one way is left: before a province, on papers of the old three levels."""
    levels = {part.level for part in placed if part}
    open_places = [index for index, part in enumerate(placed) if part is None]
    if Level.PROVINCE not in levels or on is None or on >= TWO_LEVELS_FROM:
        return
    last = len(pieces) - 1
    if Level.DISTRICT not in levels and Level.COMMUNE not in levels and open_places[-2:] == [last - 2, last - 1]:
        wanted = [(last - 2, Level.COMMUNE), (last - 1, Level.DISTRICT)]
    elif Level.DISTRICT in levels and Level.COMMUNE not in levels and open_places[-1:] == [last - 2]:
        wanted = [(last - 2, Level.COMMUNE)]
    elif Level.COMMUNE in levels and Level.DISTRICT not in levels and open_places[-1:] == [last - 1]:
        wanted = [(last - 1, Level.DISTRICT)]
    else:
        return
    for index, level in wanted:
        placed[index] = AddressPart(level, "", pieces[index], pieces[index])
