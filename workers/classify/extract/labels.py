"""Labels of a form, and what stands behind them: to the right, on the next lines, up to the next label.

A label is found by its words, whatever signs a form puts between them (``Họ, chữ đệm, tên:``, ``Số / No.:``). Dotted leaders are no value.
Forms in two columns are read column by column: a value goes on in the column that its label stands in.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from models.vietnamese.folding import fold
from workers.classify.head import is_capitals
from workers.classify.pieces import Piece
from workers.page import Word

STOPS: tuple[str, ...] = (
    "Giới tính", "Dân tộc", "Quốc tịch", "Nơi sinh", "Quê quán", "Nơi cư trú", "Nơi thường trú", "Địa chỉ", "Địa chỉ thường trú", "Giấy tờ tùy thân",
    "Số định danh cá nhân", "Ngày, tháng, năm sinh", "Ngày sinh", "Sinh ngày", "Năm sinh", "Họ và tên", "Ngày cấp", "Nơi cấp", "cấp ngày", "Điện thoại",
    "Số điện thoại", "Số điện thoại liên hệ", "Email", "Nghề nghiệp", "Ghi chú", "ghi bằng chữ", "bằng chữ", "Họ, chữ đệm, tên", "Quan hệ với", "Số vào sổ", "Căn cước số",
    "Nơi đăng ký", "Mã số thuế", "Giới tính / Sex", "Quốc tịch / Nationality", "Giấy này có giá trị", "Đăng ký lần đầu", "Kính gửi", "Nơi nhận",
)  # fmt: skip
"""Labels that forms have beside those that are asked for; a value ends there."""

WEAK_LETTERS = 5
"""Labels of so few letters (``Ông``, ``Số``, ``Tại``) are words as well: only at a line's beginning, or with a colon."""
_LIKE = 87
_BROKEN = 5
"""Words of a broken label on its first line, at most."""
SPECK = 0.8
"""Confidence below which a single sign behind a label is none."""
_TOKEN = re.compile(r"[a-z0-9]+")
_DIGIT_IN_WORD = re.compile(r"(?<=[a-z])\d|\d(?=[a-z])")
_AS_LETTERS = str.maketrans("01569", "oisgg")
"""What readers make of letters under a stamp or a pen: ``N9ày cấp``."""
_LEAD = re.compile(r"^[\W_]*(?:(?:\d{1,2}(?:\.\d{1,2})*|[ivx]{1,4}|[a-zđ])\s?[.)]|[-+•*])?[\W_]*$")
_AFTER_COLON = re.compile(
    r"^\s?(?:\d\)?)?\s?(?:/\s?[a-z][a-z ,.'’]{1,44}?)?\s?(?:\([^)]{0,70}\)?)?\s?[:：;](?!\w*/)|^\s?(?:/\s?[a-z][a-z ,.'’]{1,44})$"
)
# The other language behind a slash that was read as something else: "Họ và tên I Full name".
_AFTER_SLASH = re.compile(r"^\s?[/|il1!\\]\s?[a-z1][a-z0-9 ,.'’]{2,44}?(?:\s?:|$|(?=\s\d))")
_SLASH_READ_AS = ("i", "l", "1")
_AFTER_FILL = re.compile(r"^\s?(?:\([^)]{0,70}\))?\s?(?:[.…_]{2,}|$)")
_AFTER_VALUE = re.compile(r"^\s+[\"“(]?(?=[A-ZÀ-ỸĐ0-9])")
_LEADERS = re.compile(r"(?:[.…_·]\s?){3,}|…+|_{2,}|-{3,}")
_OTHER_LABEL = re.compile(r"^\W*[^\W\d_][^:;.]{2,44}:(?:\s|$)")
_ADDRESSED = re.compile(r"^\W*(?:ong|ba|ong \(ba\)|ong/ba|anh|chi)\s?:")
_NEW_ITEM = re.compile(r"^\W*(?:\d{1,2}\s?[.)]\s|[ivx]{1,4}\s?[.)]\s|[a-zđ]\s?\)\s|[-+•*]\s)")


@dataclass(frozen=True, slots=True)
class Hit:
    """A label on the page: ``label`` as the catalog spells it; ``place`` of its piece in :attr:`Form.pieces`; ``end``: where its value begins."""

    label: str
    place: int
    start: int
    end: int
    colon: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands behind a label, leaders stripped: ``text``, lines joined by a line's end, and its words. Empty where nothing was filled in."""

    hit: Hit
    text: str
    words: tuple[Word, ...]


class Labels:
    """Labels by their words, to be found in text at once."""

    def __init__(self, labels: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        self._whole: dict[str, str] = {}
        self._bilingual: set[str] = set()
        for label in dict.fromkeys(labels):
            words = tuple(_TOKEN.findall(fold(label)))
            if " / " in label:
                self._bilingual.add(label.split(" / ")[0])
            for spelling in (words, *_joined_by_slash(label)):
                if spelling:
                    self._by_first[spelling[0]].append((spelling, label))
            if words:
                self._whole.setdefault(" ".join(words), label)
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def find(self, piece: Piece, place: int) -> list[Hit]:
        """The labels in a piece, from left to right."""
        bare = piece.bare
        tokens = [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(bare)]
        hits: list[Hit] = []
        at = 0
        while at < len(tokens):
            hit = self._at(tokens, at, piece, place)
            if hit is None:
                at += 1
                continue
            hits.append(hit)
            while at < len(tokens) and tokens[at][1] < hit.end:
                at += 1
        if not hits and (like := self._like(bare, place)):
            hits.append(like)
        return hits

    def find_broken(self, piece: Piece, below: Piece, place: int) -> tuple[int, Hit] | None:
        """A label broken over a line's end, before a colon: where it begins in ``piece``, and its hit in ``below``, at ``place``."""
        tokens = [(match[0], match.start()) for match in _TOKEN.finditer(piece.bare)]
        others = [(match[0], match.end()) for match in _TOKEN.finditer(below.bare)]
        for count in range(1, min(len(tokens), _BROKEN) + 1):
            tail = tuple(token for token, _ in tokens[-count:])
            if sum(map(len, tail)) <= WEAK_LETTERS:
                continue
            for words, label in self._by_first.get(tail[0], ()):
                rest = words[count:]
                if not rest or words[:count] != tail or tuple(token for token, _ in others[: len(rest)]) != rest:
                    continue
                end = others[len(rest) - 1][1]
                colon = _AFTER_COLON.match(below.bare[end:])
                if colon:
                    return tokens[-count][1], Hit(label, place, 0, end + colon.end(), colon=True)
        return None

    def _at(self, tokens: Sequence[tuple[str, int, int]], at: int, piece: Piece, place: int) -> Hit | None:
        for words, label in self._by_first.get(tokens[at][0], ()):
            run = tokens[at : at + len(words)]
            if len(run) < len(words) or any(token[0] != word for token, word in zip(run, words, strict=True)):
                continue
            span = (run[0][1], run[-1][2])
            other = _AFTER_SLASH.match(piece.bare[span[1] :]) if label in self._bilingual else None
            if other:
                return Hit(label, place, span[0], span[1] + other.end(), colon=True)
            hit = _bounded(label, piece, place, span)
            if hit is not None:
                return hit
        return None

    def _like(self, bare: str, place: int) -> Hit | None:
        """A label at the piece's beginning with a letter or two misread, if a colon ends it."""
        colon = bare.find(":")
        said = " ".join(_TOKEN.findall(bare[: max(colon, 0)]))
        said = _DIGIT_IN_WORD.sub(lambda found: found[0].translate(_AS_LETTERS), re.sub(r"^\d+ ", "", said))
        if not 8 <= len(said) <= 70:
            return None
        best = max(self._whole, key=lambda words: fuzz.ratio(said, words), default=None)
        if best is None or fuzz.ratio(said, best) < _LIKE:
            return None
        return Hit(self._whole[best], place, 0, colon + 1, colon=True)


def _is_speck(word: Word) -> bool:
    """Whether a word is one sign that was hardly read, and no letter."""
    return len(word.text) == 1 and not word.text.isalpha() and word.confidence < SPECK


def _joined_by_slash(label: str) -> list[tuple[str, ...]]:
    """The words of a label in two languages whose slash was read as a letter: ``SốINo`` of ``Số / No.``."""
    one, slash, other = fold(label).partition(" / ")
    first, second = _TOKEN.findall(one), _TOKEN.findall(other)
    if not slash or not first or not second:
        return []
    return [(*first[:-1], f"{first[-1]}{letter}{second[0]}", *second[1:]) for letter in _SLASH_READ_AS]


def _bounded(label: str, piece: Piece, place: int, span: tuple[int, int]) -> Hit | None:
    """The label if what stands on both sides of it says that it is one."""
    start, end = span
    before, after = piece.bare[:start], piece.bare[end:]
    first = bool(_LEAD.match(before))
    strong = first or before.rstrip()[-1:] in {",", ";", "(", ":", "."}
    colon = _AFTER_COLON.match(after)
    if colon:
        return Hit(label, place, start, end + colon.end(), colon=True)
    fill = _AFTER_FILL.match(after)
    if fill and (first or strong):
        return Hit(label, place, start, end + (fill.end() if after.strip() else 0), colon=False)
    weak = len(_TOKEN.findall(fold(label))) == 1 and len(label) <= WEAK_LETTERS
    value = _AFTER_VALUE.match(piece.text[end:])
    if value and (first if weak else strong):
        return Hit(label, place, start, end + value.end(), colon=False)
    return None


class Form:
    """A page with its labels. ``labels``: those that are asked for; :data:`STOPS` are known too."""

    def __init__(self, pieces: Sequence[Piece], em: float, labels: Labels) -> None:
        self.pieces = tuple(pieces)
        self._em = em
        self.hits: list[Hit] = [hit for place, piece in enumerate(self.pieces) for hit in labels.find(piece, place)]
        self.hits += self._broken(labels)
        self._by_place: dict[int, list[Hit]] = defaultdict(list)
        for hit in sorted(self.hits, key=lambda hit: (hit.place, hit.start)):
            self._by_place[hit.place].append(hit)

    def _broken(self, labels: Labels) -> list[Hit]:
        """Labels broken over a line's end, each with a stop where it begins."""
        found: list[Hit] = []
        for place, (piece, below) in enumerate(pairwise(self.pieces)):
            if (
                below.box[1] - piece.box[3] < 1.4 * self._em
                and below.box[0] < piece.box[2]
                and piece.box[0] < below.box[2]
            ):
                broken = labels.find_broken(piece, below, place + 1)
                if broken is not None:
                    start, hit = broken
                    found += [Hit("", place, start, len(piece.text), colon=False), hit]
        return found

    def answer(self, hit: Hit, *, long: bool) -> Answer:
        """``long``: a value that may run over several lines; others go to the next line only if nothing stands on theirs."""
        piece = self.pieces[hit.place]
        row = self._by_place[hit.place]
        after = next((other.start for other in row if other.start >= hit.end), len(piece.text))
        parts = [self._part(piece, hit.end, after)]
        if len(parts[0][1]) == 1 and _is_speck(parts[0][1][0]):
            parts = [("", ())]
        place = hit.place
        ended = after < len(piece.text)
        right = self._right_of_column(piece)
        while not ended and len(parts) < (8 if long else 3):
            empty = not any(text for text, _ in parts)
            full = self.pieces[place].box[2] > right - 5 * self._em
            filled_in = bool(_LEADERS.search(piece.text[hit.end : after])) if empty else False
            if filled_in or not (empty or (long and full)):
                break
            following = self._below(place, empty=empty)
            if following is None:
                break
            place = following
            stop = next((other.start for other in self._by_place[place]), len(self.pieces[place].text))
            ended = stop < len(self.pieces[place].text)
            begin, stop = self._under(hit, self.pieces[place], stop) if empty else (0, stop)
            parts.append(self._part(self.pieces[place], begin, stop))
            if not long and parts[-1][0]:
                break
        filled = [(text, words) for text, words in parts if text]
        said = "\n".join(text for text, _ in filled).rstrip(", ")
        return Answer(hit, said, tuple(word for _, words in filled for word in words))

    def column_of(self, hit: Hit) -> tuple[float, float]:
        """The x from and to which the label's piece reaches."""
        box = self.pieces[hit.place].box
        return box[0], box[2]

    def _part(self, piece: Piece, start: int, end: int) -> tuple[str, tuple[Word, ...]]:
        said = _LEADERS.sub(" ", piece.text[start:end])
        text = said.strip(" .,;:…_-–|*\u00a0")
        if text and re.search(r"[^\W\d_],\s*$", said):
            text += ","  # what goes on behind it is another part of an address
        return " ".join(text.split()), piece.part(start, end) if text else ()

    def _under(self, hit: Hit, below: Piece, stop: int) -> tuple[int, int]:
        """From and to which letter the line below answers this label: where others stand on the label's own line, by what stands under it."""
        piece = self.pieces[hit.place]
        own = piece.part(hit.start, hit.end)
        if not own or own[0] is piece.words[0]:
            return 0, stop
        at = 0
        for word in below.words:
            if at >= stop:
                break
            if word.box[0] >= own[0].box[0] - 2 * self._em:
                return at, stop
            at += len(word.text) + 1
        return 0, stop

    def _right_of_column(self, piece: Piece) -> int:
        beside = (
            other.box[0]
            for other in self.pieces
            if other.box[0] > piece.box[2] and other.box[1] < piece.middle < other.box[3]
        )
        end = min(beside, default=math.inf)  # of the column: another stands beside it
        column = (
            other.box[2]
            for other in self.pieces
            if abs(other.box[0] - piece.box[0]) < 4 * self._em
            or other.box[0] < piece.box[0] < piece.box[2] < other.box[2]
        )
        return max((right for right in column if right < end), default=piece.box[2])

    def _below(self, place: int, *, empty: bool) -> int | None:
        """The piece that goes on with the one at ``place``: next below it in its column, with no label or number of its own first."""
        piece = self.pieces[place]
        ended = piece.text.rstrip().endswith(".")
        for other_place in range(place + 1, len(self.pieces)):
            other = self.pieces[other_place]
            if other.middle - piece.middle < 0.6 * self._em:
                continue
            if other.box[1] - piece.box[3] > (1.8 if empty else 1.3) * self._em:
                return None
            if other.box[0] > piece.box[2] or other.box[2] < piece.box[0] - self._em:
                continue
            first = next(iter(self._by_place[other_place]), None)
            if (first and _LEAD.match(other.bare[: first.start])) or _NEW_ITEM.match(other.bare):
                return None
            if _OTHER_LABEL.match(other.bare) and not _ADDRESSED.match(other.bare):
                return None
            if ended and not empty and other.box[0] - piece.box[0] > self._em and other.text[:1].isupper():
                return None  # another paragraph
            if is_capitals(other) and not is_capitals(piece) and not empty and len(other.text) > WEAK_LETTERS:
                return None
            return other_place
        return None


@lru_cache(maxsize=128)
def labels_of(wanted: tuple[str, ...]) -> Labels:
    """The labels of a paper type and :data:`STOPS`, built once."""
    return Labels((*wanted, *STOPS))
