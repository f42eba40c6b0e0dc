"""Cơ quan cấp from the lines of a head's left column (NĐ 30/2020 Phụ lục I, mục II.2), and the body above it.

The lines of one body are put together (``ỦY BAN NHÂN DÂN`` / ``TỈNH QUẢNG NGÃI``); a line that begins with the name of a sort of body begins
another one. The last body issues; those before it are its superior. As printed, capitals too; only slips of a reader that leave one
meaning are put right: words that every committee's name has, and the marks of a province's name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from models.vietnamese.addresses import PROVINCES
from models.vietnamese.folding import fold, fold_in_place, place_tones
from workers.classify.pieces import Piece
from workers.page import Word

_BODY = re.compile(
    r"^(?:ubnd|hdnd|uy ban|hoi dong|so|bo|cuc|chi cuc|tong cuc|phong|cong an|truong|trung tam|van phong|ban|toa an|vien|benh vien|tram|dang uy|"
    r"huyen uy|tinh uy|thanh uy|chinh phu|thu tuong|kho bac|bao hiem|thanh tra|hat|doi|cong ty|ngan hang|quoc hoi|chu tich nuoc|dai hoc|hoc vien|"
    r"bo chi huy|bo tu lenh|lien doan|hoi|mat tran|uy ban mat tran|chi nhanh|quy|dai su quan|tong lanh su quan)\b"
)
_PLACE = re.compile(r"\b(?:tinh|thanh pho|tp|huyen|quan|thi xa|xa|phuong|thi tran|dac khu)\b\.?\s*\S+")
_NEEDS_PLACE = re.compile(r"^(?:uy ban nhan dan|hoi dong nhan dan|ubnd|hdnd)\W*$")
# A body's sort alone: its name is on the next line, whatever that begins with.
_SORT_ALONE = re.compile(
    r"^(?:van phong|ban|trung tam|truong|phong|cong ty|hoi dong|hoi|ban chi dao|ban quan ly|ban chi huy|to|cuc|chi cuc|vien|doi|uy ban|chi nhanh|quy|so|bo)$"
)
# A bench, and heads of offices whose TRƯỞNG was read as TRƯỜNG.
_NO_BODY_AT_ALL = re.compile(r"^(?:hoi dong xet xu|truong (?:cong an|phong|ban))\b")
_NO_BODY = re.compile(r"^\W*(?:tm|kt|tl|tuq)\s*[.,]|^\W*hoi dong xet xu")
_LEADS = re.compile(
    r"^(?:GIÁM ĐỐC|HIỆU TRƯỞNG|VIỆN TRƯỞNG|CHỦ TỊCH|TRƯỞNG(?: PHÒNG(?= PHÒNG)| BAN(?= BAN))?)\s+(?=\S+\s+\S)",
    re.IGNORECASE,
)
_OPEN_END = re.compile(r"(?:\b(?:va|cua|thuoc|cho|ve|cac)|[-–,&])$")
_STANDING = ("ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN", "THỦ TƯỚNG CHÍNH PHỦ", "VĂN PHÒNG CHÍNH PHỦ", "CHÍNH PHỦ")
_STANDING_BY_FOLD = {fold(words): words for words in _STANDING}
_TIERS = {
    fold(name): name for name in ("thành phố", "thị xã", "thị trấn", "đặc khu", "tỉnh", "huyện", "quận", "xã", "phường")
}
_OF_TIER = re.compile(rf"\b(?:uy ban|hoi dong) nhan dan (?P<tier>{'|'.join(_TIERS)})(?= \S)")
_LIKE = 86  # of 100
_PROVINCES = {fold(name): name for name in PROVINCES}
_EDGES = " \t-–—_.|,;:*~=“”\"'…"
_WORD = re.compile(r"[^\W\d_]")
_DASH = re.compile(r"\s[-–—]\s?|[-–—]\s")  # KHU VỰC 9- HẢI KHÊ


@dataclass(frozen=True, slots=True)
class Issuer:
    """``name``: the issuing body; ``words``: of its lines. ``superior``: the bodies above it, joined by ``; ``. ``mended``: a slip was put right."""

    name: str
    words: tuple[Word, ...]
    superior: str
    mended: bool
    has_place: bool


def issuer_of(lines: Sequence[Piece]) -> Issuer | None:
    """``None`` without a line that has letters."""
    bodies: list[list[Piece]] = []
    lines = [piece for piece in lines if not _NO_BODY.match(piece.bare)]
    for piece in lines:
        if not _WORD.search(piece.text):
            continue
        if bodies and not _begins(piece, bodies[-1]):
            bodies[-1].append(piece)
        else:
            bodies.append([piece])
    if not bodies:
        return None
    name, mended = _name_of(bodies[-1])
    above = "; ".join(_name_of(body)[0] for body in bodies[:-1])
    has_place = not _NEEDS_PLACE.match(fold_in_place(name))
    return Issuer(name, tuple(word for piece in bodies[-1] for word in piece.words), above, mended, has_place)


def agree_on_place(name: str, other: str) -> str | None:
    """``name`` with the marks of ``other``, when both are the same words: a second witness of a word that was misread. ``None`` if they differ."""
    one, two = _tidy(name).upper(), _tidy(other).upper()
    return two if fold(one) == fold(two) and one != two else None


def without_head(text: str) -> str:
    """``GIÁM ĐỐC CÔNG AN TỈNH …`` → ``CÔNG AN TỈNH …``: the body, not who leads it."""
    return _LEADS.sub("", text)


def body_like(text: str) -> bool:
    """Whether a text begins as the name of a body does."""
    if (
        text[:6].upper() == "TRƯỞNG" or text[:2].upper() == "SỐ" or ":" in text
    ):  # folded, they begin as TRƯỜNG and SỞ do
        return False
    bare = fold_in_place(text).strip(_EDGES)
    return bool(_BODY.match(bare)) and not _NO_BODY_AT_ALL.match(bare)


def _begins(piece: Piece, body: Sequence[Piece]) -> bool:
    """Whether a line begins another body."""
    bare = _bare(piece)
    before = " ".join(_bare(one) for one in body)
    if not _BODY.match(bare) or _OPEN_END.search(before) or _SORT_ALONE.match(before):
        return False
    return not _PLACE.match(bare)


def _bare(piece: Piece) -> str:
    return piece.bare.strip(_EDGES)


def _name_of(body: Sequence[Piece]) -> tuple[str, bool]:
    text = _tidy(" ".join(piece.text.strip(_EDGES) for piece in body))
    if not text.isupper() and sum(letter.isupper() for letter in text) > 0.7 * sum(letter.isalpha() for letter in text):
        text = text.upper()  # cHÍNH PHỦ
    mended = standing_words(text)
    return mended, mended != text


def _tidy(text: str) -> str:
    return place_tones(_DASH.sub(" - ", " ".join(text.split()))).strip(_EDGES)


def standing_words(text: str) -> str:
    """The words that every committee's name has, and a province's known marks, put right where a letter of them was misread."""
    words = text.split()
    for length in (4, 3, 2):
        for start in range(len(words) - length + 1):
            said = " ".join(words[start : start + length])
            standing = _standing(fold(said), length)
            if standing and said.upper() != standing and words[start][:1].isupper():
                words[start : start + length] = _as(said, standing)
    return _province(_tier(" ".join(words)))


def _tier(text: str) -> str:
    """What a people's committee or council is of has its known marks: ``NHÂN DÂN PHƯƠNG …`` is a phường's."""
    match = _OF_TIER.search(fold_in_place(text))
    if match is None:
        return text
    start, end = match.span("tier")
    right = _TIERS[match["tier"]]
    said = text[start:end]
    printed = right.upper() if said.isupper() else right.capitalize() if said[:1].isupper() else right
    return text if said.lower() == right else text[:start] + printed + text[end:]


def _standing(bare: str, length: int) -> str | None:
    for known, words in _STANDING_BY_FOLD.items():
        if words.count(" ") + 1 == length and fuzz.ratio(bare, known) >= _LIKE:
            return words
    return None


def _as(said: str, standing: str) -> list[str]:
    """In the case in which it was printed."""
    return (standing if sum(letter.isupper() for letter in said) * 2 > len(said) else standing.capitalize()).split()


def _province(text: str) -> str:
    """The marks of a province's name behind TỈNH or THÀNH PHỐ as they are known."""
    bare = fold_in_place(text)
    for match in re.finditer(r"\b(?:tinh|thanh pho|tp\.?)\s+(?P<name>[^;,]+)$", bare):
        known = _PROVINCES.get(" ".join(match["name"].split()))
        if known:
            start, end = match.span("name")
            printed = text[start:end]
            right = known.upper() if printed.isupper() else known
            return text[:start] + right + text[end:]
    return text
