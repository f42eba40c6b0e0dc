"""Số, ký hiệu of documents (NĐ 30/2020 Phụ lục I): found in running text and OCR, brought to one spelling.

``383/KH-UBND`` (number / type - agency), ``05/BNV-VP`` (công văn), ``45/2020/NĐ-CP`` (legal documents carry the year),
``15/2023/QH15`` (laws), ``27-NQ/TW`` (Party documents). OCR puts spaces beside the signs and swaps dashes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.vietnamese.folding import fold, nfc

# What a number is made of, for other grammars too.
GAP = r"[ \t\u00a0]{0,2}"  # never over a line's end: the next line is another cell or sentence
DASH = r"[-\u2010-\u2015\u2212]"
SYMBOL = r"(?:[A-ZĐÐƯ]{2}|Qy[ĐÐD]|TrS)[A-Za-zĐđÐƯư]*\d{0,3}"  # QyĐ: quy định; TrS: trích sao
SYMBOLS = rf"{SYMBOL}(?:{GAP}(?:{DASH}|&){GAP}{SYMBOL}){{0,3}}"
_STATE = rf"\d{{1,6}}[a-zđ]?{GAP}/{GAP}(?:(?:19|20)\d\d{GAP}/{GAP})?{SYMBOLS}"
_PARTY = rf"\d{{1,5}}{GAP}{DASH}{GAP}{SYMBOL}{GAP}/{GAP}{SYMBOL}"
_NUMBER = re.compile(rf"(?<![\w/.,])(?:{_STATE}|{_PARTY})(?![\w])")
_LABEL = re.compile(r"^\s*s(?:ố|o)\s*[:.]?\s*", re.IGNORECASE)
_LOWER_SYMBOL = re.compile(r"(?<=[/\-&])([^\W\d_]+)")


_AFTER_SIGN = re.compile(r"(?<=[/\-\u2010-\u2015\u2212])[ \t]?[^\W\d_]+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng
_TONELESS = {
    ord(nfc(letter + tone)): letter for letter in "AĂÂEÊIOÔƠUƯY" for tone in _TONES if len(nfc(letter + tone)) == 1
}


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """``value``: one spelling, without spaces (``15/QĐ-UBND``); ``start``/``end``: where it stands in the NFC text."""

    value: str
    start: int
    end: int


def find_document_numbers(text: str) -> list[DocumentNumber]:
    """Every document number in the text, in order. Dates and fractions are none: a symbol begins with two capitals."""
    return [DocumentNumber(_tidy(match[0]), match.start(), match.end()) for match in _NUMBER.finditer(nfc(text))]


def normalise_number(text: str) -> str | None:
    """One number as somebody typed it (``Số: 15 /qđ - ubnd``) in its one spelling (``15/QĐ-UBND``); ``None`` if it is none.

    Symbols typed in small letters become capitals; mixed ones (``QĐ-TTg``) stay as they are.
    """
    tidy = _tidy(_LABEL.sub("", nfc(text)).strip())
    tidy = _LOWER_SYMBOL.sub(lambda match: match[0].upper() if match[0].islower() else match[0], tidy)
    return tidy if _NUMBER.fullmatch(tidy) else None


def number_key(text: str) -> str:
    """What two spellings of one number have in common, for comparing: folded, no spaces, no leading zeros.

    ``05/QĐ-TTg``, ``5/qd-ttg`` and ``05 / QĐ – TTG`` share a key. Any other text (a certificate's number) gets one too.
    """
    return re.sub(r"^0+(?=\d)", "", fold(_tidy(_LABEL.sub("", nfc(text)))))


def toneless_symbols(text: str) -> str:
    """``nfc(text)`` with the capitals after a slash or a dash freed of their tones: ``23/BC-ỦBND`` is ``23/BC-UBND``. As long as before.

    No symbol of a kind of paper or an agency bears a tone (Đ, Ư and the like stay), but a reader sees a speck over a letter as one.
    """
    return _AFTER_SIGN.sub(lambda match: match[0].translate(_TONELESS), nfc(text))


def _tidy(text: str) -> str:
    tidy = re.sub(r"\s+", "", text)
    return re.sub(DASH, "-", tidy).replace("Ð", "Đ")
