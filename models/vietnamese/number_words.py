"""Numbers in Vietnamese words, both ways: dates in words, areas (R19), sums of money.

Read with the marks or without (no two number words fold to one another), in the ways of the North and the South: mươi/mười, lăm/nhăm,
tư, mốt, linh/lẻ, nghìn/ngàn, tỷ/tỉ. What people say short and may mean two things (``một trăm hai``: 102 or 120?) is not read.
"""

from __future__ import annotations

import re
from decimal import Decimal

from models.vietnamese.folding import fold, nfc

_DIGIT_WORDS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_DIGITS = {fold(word): value for value, word in enumerate(_DIGIT_WORDS)}
_AFTER_TEN = {
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "tu": 4,
    "lam": 5,
    "nham": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
}
_AFTER_ZERO = _DIGITS | {"tu": 4}  # linh tư, lẻ tư; never linh lăm
_TEN = "muoi"  # mười and mươi
_ZERO_TENS = frozenset({"linh", "le"})
_HUNDRED = "tram"
_SCALES = (("ty", 10**9), ("trieu", 10**6), ("nghin", 10**3))
_ALIASES = {"ti": "ty", "ngan": "nghin"}
_POINT = frozenset({"phay", "phet"})  # phẩy; phết is how the South reads the comma
_WORDS = re.compile(r"[^\W\d_]+")
_AREA_UNIT = re.compile(r"\s*(?:m2|met\s+vuong)\s*$")
_QUIET = re.compile(r"^[\s:;.,()\[\]“”\"'*-]+|[\s:;.,()\[\]“”\"'*-]+$")

NUMBER_WORDS: frozenset[str] = frozenset(
    {*_DIGITS, *_AFTER_TEN, _TEN, *_ZERO_TENS, _HUNDRED, *(name for name, _ in _SCALES), *_ALIASES}
)
"""Every word of a whole number, folded: for grammars that look for numbers in running text."""

LARGEST = 10**12 - 1
"""That is read or written: 999 tỷ 999 triệu …"""


def parse_integer(text: str) -> int | None:
    """``hai nghìn không trăm hai mươi`` → 2020; ``None`` for what is no number, or could be two."""
    words = _words(text)
    return _whole(words) if words else None


def parse_decimal(text: str) -> Decimal | None:
    """As :func:`parse_integer`, with ``phẩy``: ``một trăm hai mươi phẩy năm`` → 120.5, ``ba phẩy không bảy`` → 3.07."""
    words = _words(text)
    if not words:
        return None
    at = [index for index, word in enumerate(words) if word in _POINT]
    if not at:
        whole = _whole(words)
        return None if whole is None else Decimal(whole)
    if len(at) > 1:
        return None
    whole, fraction = _whole(words[: at[0]]), _fraction(words[at[0] + 1 :])
    return None if whole is None or fraction is None else Decimal(f"{whole}.{fraction}")


def parse_area(text: str) -> Decimal | None:
    """Square metres in words, as a land certificate writes them beside the digits: ``(Bằng chữ: Một trăm hai mươi phẩy năm mét vuông)``."""
    bare = _QUIET.sub("", fold(text))
    bare = _QUIET.sub("", re.sub(r"^(?:viet\s+)?bang chu\b", "", bare))
    if not _AREA_UNIT.search(bare):
        return None
    return parse_decimal(_AREA_UNIT.sub("", bare))


def integer_in_words(number: int) -> str:
    """2020 → ``hai nghìn không trăm hai mươi``: the full official way (linh, nghìn). ``ValueError`` outside 0 … ``LARGEST``."""
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not between 0 and {LARGEST}")
    if number < 1000:
        return " ".join(_three(number, full=False))
    words: list[str] = []
    for name, scale in (("tỷ", 10**9), ("triệu", 10**6), ("nghìn", 10**3), ("", 1)):
        group = number // scale % 1000
        if group:
            words += [*_three(group, full=bool(words)), name]
    return " ".join(word for word in words if word)


def decimal_in_words(number: Decimal) -> str:
    """120.5 → ``một trăm hai mươi phẩy năm``; the fraction digit by digit, so that none can be lost. Not for negative numbers."""
    whole, _, fraction = f"{number:f}".partition(".")
    words = integer_in_words(int(whole))
    return f"{words} phẩy {' '.join(_DIGIT_WORDS[int(digit)] for digit in fraction)}" if fraction else words


def _words(text: str) -> list[str] | None:
    """The folded words of a text that holds nothing else; ``None`` if it does."""
    bare = _QUIET.sub("", fold(nfc(text)))
    parts = bare.replace(",", " ").split()
    if not all(_WORDS.fullmatch(part) for part in parts):
        return None
    return [_ALIASES.get(part, part) for part in parts]


def _whole(words: list[str]) -> int | None:
    total, rest, first = 0, words, True
    for name, scale in _SCALES:
        if name not in rest:
            continue
        at = rest.index(name)
        group = _under_thousand(rest[:at], first=first)
        if not group:
            return None
        total, rest, first = total + group * scale, rest[at + 1 :], False
    if not rest:
        return None if first else total
    group = _under_thousand(rest, first=first)
    return None if group is None else total + group


def _under_thousand(words: list[str], *, first: bool) -> int | None:
    """A group of three digits. ``first``: nothing stands before it; after a larger group, a lone digit needs ``linh`` or ``lẻ``."""
    if _HUNDRED in words:
        at = words.index(_HUNDRED)
        if at != 1 or words[0] not in _DIGITS or (first and words[0] == "khong"):
            return None
        hundreds, rest = _DIGITS[words[0]] * 100, words[2:]
        if not rest:
            return None if words[0] == "khong" else hundreds
        under = _under_hundred(rest, first=False)
        return None if under is None else hundreds + under
    return _under_hundred(words, first=first)


def _under_hundred(words: list[str], *, first: bool) -> int | None:
    if len(words) == 1:
        if words[0] == _TEN:
            return 10
        return _DIGITS.get(words[0]) if first else None
    if len(words) == 2:
        one, other = words
        if one in _ZERO_TENS:
            return None if first or other == "khong" else _AFTER_ZERO.get(other)
        if one == _TEN:  # mười một … mười chín
            return None if other == "tu" or other not in _AFTER_TEN else 10 + _AFTER_TEN[other]
        if other == _TEN and _DIGITS.get(one, 0) >= 2:
            return _DIGITS[one] * 10
        return None
    if len(words) == 3 and words[1] == _TEN and _DIGITS.get(words[0], 0) >= 2 and words[2] in _AFTER_TEN:
        return _DIGITS[words[0]] * 10 + _AFTER_TEN[words[2]]
    return None


def _fraction(words: list[str]) -> str | None:
    """Digits after the comma: read one by one (``không năm``), or as a number (``hai mươi lăm``)."""
    if words and all(word in _DIGITS for word in words):
        return "".join(str(_DIGITS[word]) for word in words)
    if len(words) == 2 and _DIGITS.get(words[0], 0) >= 2 and words[1] in {"lam", "nham", "tu"}:  # hai lăm
        return f"{_DIGITS[words[0]]}{_AFTER_TEN[words[1]]}"
    number = _whole(words) if words else None
    return None if number is None else str(number)


def _three(number: int, *, full: bool) -> list[str]:
    """Words of 0 … 999; ``full``: after a larger group, with ``không trăm`` and ``linh``."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words = [_DIGIT_WORDS[hundreds], "trăm"] if hundreds or full else []
    if tens == 0:
        if ones or not words:
            words += ["linh", _DIGIT_WORDS[ones]] if words else [_DIGIT_WORDS[ones]]
        return words
    words += ["mười"] if tens == 1 else [_DIGIT_WORDS[tens], "mươi"]
    if ones:
        words.append({1: "mốt" if tens > 1 else "một", 5: "lăm"}.get(ones, _DIGIT_WORDS[ones]))
    return words
