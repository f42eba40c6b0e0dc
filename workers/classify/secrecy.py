"""Marks of secrecy (R2): ``MẬT``, ``TỐI MẬT``, ``TUYỆT MẬT``, a stamp alone on its line (NĐ 30/2020 Phụ lục I, ô 10a: under the number).

Words of a text (bảo mật, bí mật, *Độ mật:*) are none: a mark is in capitals, has its line for itself, and stands in the upper part of the
page. A mark missed does more harm than a page looked at for nothing, so slips of a reader are forgiven as far as no other word is like it,
and in a coloured stamp (``workers.ocr.stamps``) further than in a text: there a doubtful reading blocks, and says that it is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from rapidfuzz import fuzz

from models.vietnamese.folding import fold
from workers.classify.pieces import Piece, em_of, pieces_of
from workers.page import Box, LineRole, PageOutcome, hull

UPPER_SHARE = 0.5
"""Of the page's height: marks stand above this."""


class Secrecy(StrEnum):
    """Độ mật, least secret first (Luật Bảo vệ bí mật nhà nước 2018 Điều 8)."""

    SECRET = "mat"  # noqa: S105 - a mark, no password
    TOP_SECRET = "toi_mat"  # noqa: S105
    UTMOST_SECRET = "tuyet_mat"  # noqa: S105


@dataclass(frozen=True, slots=True)
class SecrecyMark:
    """``box`` in page space, around its words; ``text`` as read. ``doubtful``: the stamp does not say quite that word."""

    level: Secrecy
    box: Box
    text: str
    doubtful: bool = False

    @property
    def named(self) -> str:
        """For people: the mark, and that it was hardly readable."""
        word = _WORDS[self.level]
        return f"{word} (doubtful: the stamp reads '{self.text}')" if self.doubtful else word


_WORDS = {Secrecy.SECRET: "MẬT", Secrecy.TOP_SECRET: "TỐI MẬT", Secrecy.UTMOST_SECRET: "TUYỆT MẬT"}
_LONG = ((Secrecy.UTMOST_SECRET, "tuyetmat"), (Secrecy.TOP_SECRET, "toimat"))
_LIKE = 83  # of 100: one letter of six
_ENDS = ("mat", "mai")  # a frame close behind the T makes an I of it
_MARKED = re.compile(r"[TIL1]?M[ẬÂẠ][TIL1]{1,2}")  # a frame's sides are read as letters too
_SHORT = re.compile(rf"MAT|{_MARKED.pattern}")
_SIDES = "il1"
_LETTERS = re.compile(r"[^\W_]")
_SURE = 0.6
_STAMPED = (*_LONG, (Secrecy.SECRET, "mat"))
_LIKE_STAMPED, _LIKE_STAMPED_SHORT = 70, 66
"""Of 100, in a stamp: one letter of six, two of eight, one of three. Others are less like it: BẢO MẬT 67, HỎA TỐC 50."""


def secrecy_mark(page: PageOutcome) -> SecrecyMark | None:
    """The highest mark on the page; ``None`` for all others, also for a page without text."""
    pieces = pieces_of(page)
    em = em_of(pieces)
    upper = [piece for piece in pieces if piece.box[1] < UPPER_SHARE * page.height]
    found = [mark for piece in upper if (mark := _mark([piece], em)) is not None]
    found += [mark for one, other in pairwise(upper) if _stacked(one, other, em) and (mark := _mark([one, other], em))]
    found += _stamped(pieces_of(page, LineRole.STAMP), UPPER_SHARE * page.height)
    order = list(Secrecy)
    return max(found, key=lambda mark: order.index(mark.level), default=None)


def _stamped(pieces: Sequence[Piece], lowest: float) -> Iterator[SecrecyMark]:
    """Marks among the words of coloured stamps, in one line or in two."""
    upper = [piece for piece in pieces if piece.box[1] < lowest]
    em = em_of(upper)
    places = [[piece] for piece in upper]
    places += [[one, other] for one, other in pairwise(upper) if _stacked(one, other, em)]
    for place in places:
        text = " ".join(piece.text for piece in place)
        bare = fold("".join(_LETTERS.findall(text))).replace("0", "o").replace("1", "i")
        like, level, word = max((fuzz.ratio(bare, word), level, word) for level, word in _STAMPED)
        least = _LIKE_STAMPED_SHORT if level is Secrecy.SECRET else _LIKE_STAMPED
        if like >= least and abs(len(bare) - len(word)) <= 1:
            yield SecrecyMark(level, hull([piece.box for piece in place]), text, doubtful=bare != word)


def _stacked(one: Piece, other: Piece, em: float) -> bool:
    """``TUYỆT`` over ``MẬT``."""
    return (
        abs(one.centre - other.centre) < 2 * em
        and other.box[1] - one.box[3] < em
        and len(one.words) == len(other.words) == 1
    )


def _mark(pieces: Sequence[Piece], em: float) -> SecrecyMark | None:
    text = " ".join(piece.text for piece in pieces)
    letters = "".join(_LETTERS.findall(text))
    if not 3 <= len(letters) <= 10 or not _in_capitals(letters) or len(_noise(text)) > 4:
        return None
    box = hull([piece.box for piece in pieces])
    bare = fold(letters).replace("0", "o").replace("1", "i")
    for level, word in _LONG:
        for said in (bare, bare.strip(_SIDES)):
            if said == word or (len(said) >= 6 and said.endswith(_ENDS) and fuzz.ratio(said, word) >= _LIKE):
                return SecrecyMark(level, box, text)
    if len(pieces) == 1 and _SHORT.fullmatch(letters) and _stands(pieces[0], letters, em):
        return SecrecyMark(Secrecy.SECRET, box, text)
    return None


def _in_capitals(letters: str) -> bool:
    """But for one or two that a worn frame made small."""
    return sum(letter.isupper() for letter in letters) >= 0.6 * len(letters)


def _noise(text: str) -> str:
    """Signs beside the word: a frame read as bars, say."""
    return re.sub(r"[\w\s]", "", text)


def _stands(piece: Piece, letters: str, em: float) -> bool:
    """Three letters without their marks may be anything: then they must be sure, and as large as text."""
    return bool(_MARKED.fullmatch(letters)) or (piece.confidence >= _SURE and piece.box[3] - piece.box[1] > 0.8 * em)
