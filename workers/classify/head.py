"""The head of a paper's first page taken apart, by place and by words (NĐ 30/2020 Phụ lục I, mục II; forms and cards as practice has them).

What each part says is read elsewhere (``workers.classify.extract``); what it is, is told here. A part that is not found is empty: heads come
torn, stamped over, and broken over lines, and forms have only some of the parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from models.vietnamese.document_numbers import NAMED_KINDS, DocumentNumber, NumberForm, own_number
from models.vietnamese.folding import fold
from workers.classify.pieces import Piece, em_of, pieces_of, rows_of
from workers.page import PageOutcome, SlotKind, Table

HEAD_SHARE = 0.6
"""Of the page's height: number, date and title stand above this."""


@dataclass(frozen=True, slots=True)
class Head:
    """Pieces of the page, each tuple from top to bottom.

    ``stamps``: what was put on the paper later: notes of electronic signatures, marks of the Công báo, incoming mail. ``issuer``: cơ quan chủ quản
    and cơ quan ban hành (ô 2). ``motto``: quốc hiệu, tiêu ngữ (ô 1). ``number``: the line ``Số: …`` (ô 3), ``place_date`` (ô 4). ``subject``: the
    lines of ``V/v`` under the number (ô 5b). ``title``: tên loại (5a) or the name of the form; ``summary``: trích yếu under it. ``annex``: ``Phụ lục …``
    above all else or as the title. ``body_named``: the line in capitals between summary and body (``CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH …``). ``recipients``: Kính gửi and what belongs to it (9a).
    ``body``: the rest of the page but for ruled tables. ``em``: the usual height of its words, in pixels.
    """

    stamps: tuple[Piece, ...] = ()
    issuer: tuple[Piece, ...] = ()
    motto: tuple[Piece, ...] = ()
    number: Piece | None = None
    place_date: Piece | None = None
    subject: tuple[Piece, ...] = ()
    title: tuple[Piece, ...] = ()
    summary: tuple[Piece, ...] = ()
    annex: Piece | None = None
    body_named: tuple[Piece, ...] = ()
    recipients: tuple[Piece, ...] = ()
    body: tuple[Piece, ...] = field(default=(), repr=False)
    em: float = 1.0

    @property
    def title_text(self) -> str:
        """The title's lines as one."""
        return " ".join(piece.text for piece in self.title)


_NATION = (
    "cong hoa xa hoi chu nghia viet nam",
    "cong hoa xa hoi",
    "chu nghia viet nam",
    "dang cong san viet nam",
    "socialist republic of viet nam",
    "independence freedom happiness",
)
_MOTTO = "doc lap tu do hanh phuc"
_LIKE = 84  # of 100: how alike the words of a motto must be
_LETTERS = re.compile(r"[^\W\d_]")
_STAMP = re.compile(
    r"ky boi\b|nguoi ky\b|thoi gian ky|ngay ky\b|chu ky so|co quan\s?:|email\s?:|\S+@\S|\+0\s?7\s?[:.]\s?00|\bcong bao\b|"
    r"trung tam cong bao|cong thong tin dien tu|van ban den|cong van den|^\W*den\b|"
    r"^\d{1,2}[./]\d{1,2}[./]\d{4}\s+\d{1,2}\s?:\s?\d{2}|ban sao dien tu|\b(?:signature|digitally signed)\b"
)
_ARRIVAL = re.compile(r"^\W*den\b|van ban den|cong van den")
_PLACE_DATE = re.compile(
    r"^(?:(?:lam|lap|viet) tai\s?:?\s?)?(?:(?P<place>[^\W\d_](?:[^,;:()]|,(?=\S)){1,40}?)\s?[,.;]\s?)?"
    r"(?P<date>ng[ao]y(?:\b.{0,14}?th[ao]ng(?![^\W\d_]).{0,12}?n[ao]m(?![^\W\d_]).{0,12}|\S{0,2}dat\w\b.{1,26}\bn[ao](?:m\S{0,2}year\b|[^\s\d]\S{0,6}).{0,12}))$"
)
_LABEL_SLIP = re.compile(r"^[Ss][60](?=\s?:)")  # Số, its mark lost
_BEFORE_LABEL = re.compile(r"^[^a-zA-ZÀ-ỹ]+")
SUBJECT = re.compile(r"^\W*(?:v\s?/\s?v\b|ve viec\b)")
_RECIPIENTS = re.compile(r"^\W*kinh (?:gui|trinh|chuyen)\b")
_FORM = re.compile(r"^\W*(?:mau\b|(?:bieu )?mau so|phu bieu|ban hanh kem theo)")
_OFFICE = re.compile(
    r"^(?:ubnd|uy ban|so|bo|cuc|chi cuc|phong|cong an|truong|trung tam|van phong|ban|hdnd|hoi dong|toa an|vien|benh vien|tram|dang uy|chinh phu|"
    r"thu tuong|kho bac|bao hiem|thanh tra|tong cuc|hat|doi|cong ty|huyen uy|tinh uy)\b"
)
_NAMES_BODY = re.compile(
    r"^(?:(?:q\W{0,2}|quyen |pho )?(?:chu tich|giam doc|bo truong|cuc truong|truong phong|tong giam doc|hieu truong|chanh van phong|thu truong|"
    r"truong ban|chi cuc truong|vien truong|tong cuc truong)|uy ban nhan dan|hoi dong nhan dan|thu tuong chinh phu|chinh phu|ban chap hanh|"
    r"ban thuong vu|hoi dong)\b"
)
_BODY = re.compile(
    r"^(?:can cu|kinh gui|kinh chuyen|thuc hien|theo\b|tren co so|xet\b|de\b|nham|hom nay|ngay \d|dieu \d|chuong\b|phan\b|[ivx]+[.)]|\d+[.)]|"
    r"thi hanh|trien khai|sau khi|trong thoi gian|toi ten|ho (?:va|,) |ho ten)"
)
_ANNEX = re.compile(r"^\W*phu luc\b")
ANNEX_LETTERS = 30
_KIND_TITLES = frozenset(fold(name) for name in NAMED_KINDS.values()) | {"thu cong", "cong van"}
_ENDS_OPEN = re.compile(r"(?:[,\-–]|\b(?:va|cua|cho|tai|ve|voi|theo|trong|thuoc|cac|nhung|duoc|do|la|den|tu|o))$")


def read_head(page: PageOutcome) -> Head:
    """The parts of the page's head; all empty for a page without text. Never raises for what stands on the page."""
    pieces = pieces_of(page)
    if not pieces:
        return Head()
    return _Reader(page, pieces).head()


def is_capitals(piece: Piece, share: float = 0.8) -> bool:
    """Whether its letters are capitals, but for a few that a reader got wrong."""
    letters = [letter for letter in piece.text if letter.isalpha()]
    return len(letters) >= 2 and sum(letter.isupper() for letter in letters) >= share * len(letters)


def place_date_of(piece: Piece) -> re.Match[str] | None:
    """``Quảng Ngãi, ngày 11 tháng 9 năm 2024`` in its folded text, slots open or filled; groups ``place`` and ``date``."""
    match = _PLACE_DATE.match(piece.bare.rstrip(" .;"))
    if match is None:
        return None
    place = piece.text[match.start("place") : match.end("place")] if match["place"] else ""
    return None if place and (len(place.split()) > 7 or not place[0].isupper()) else match


class _Reader:
    """One page; ``left``: pieces that no part has taken yet, from top to bottom."""

    def __init__(self, page: PageOutcome, pieces: tuple[Piece, ...]) -> None:
        self._page = page
        self._em = em_of(pieces)
        self._left = [piece for piece in pieces if not _in_table(piece, page.tables)]
        self._edge = HEAD_SHARE * page.height

    def head(self) -> Head:
        motto = self._take(self._mottos())
        annex = self._annex()
        stamps = list(self._take(self._stamps(motto)))
        number = self._number(stamps)
        place_date = self._place_date(number, motto)
        issuer = self._take(self._issuer(motto, number, place_date))
        subject = self._take(self._subject(number))
        above = [*motto, *issuer, *([place_date] if place_date else [])]
        if number and issuer and number.centre < 0.48 * self._page.width:
            above.append(number)  # on forms it stands under the title
        bottom = max((piece.box[3] for piece in above), default=0)
        title = self._take(self._title(bottom, motto, subject))
        summary, named = self._summary(title) if title else ((), ())
        recipients = self._take(self._recipients())
        return Head(
            tuple(stamps), issuer, motto, number, place_date, subject, title, summary, annex, named, recipients,
            tuple(self._left), self._em,
        )  # fmt: skip

    def _take(self, pieces: Iterator[Piece] | Sequence[Piece]) -> tuple[Piece, ...]:
        found = tuple(pieces)
        marks = {id(piece) for piece in found}
        self._left = [piece for piece in self._left if id(piece) not in marks]
        return found

    def _mottos(self) -> Iterator[Piece]:
        first: Piece | None = None
        for piece in self._left:
            if piece.box[1] > self._edge or (first and piece.middle - first.middle > 6 * self._em):
                return
            said = " ".join(re.findall(r"[a-z]+", piece.bare))
            if max(fuzz.ratio(said, words) for words in (*_NATION, _MOTTO)) >= _LIKE or said.startswith(_NATION[0]):
                first = first or piece
                yield piece

    def _annex(self) -> Piece | None:
        """``Phụ lục II``, the first line of the page but for stamps."""
        for piece in self._left[:12]:
            if piece.box[1] < 0.3 * self._page.height and _ANNEX.match(piece.bare) and len(piece.text) < ANNEX_LETTERS:
                return piece
        return None

    def _stamps(self, motto: Sequence[Piece]) -> Iterator[Piece]:
        top = min((piece.box[1] for piece in motto), default=0) - 0.3 * self._em
        for piece in self._left:
            if piece.box[1] > self._edge:
                return
            if _STAMP.search(piece.bare) or (piece.box[3] <= top and self._is_added(piece)):
                yield piece

    def _is_added(self, piece: Piece) -> bool:
        """Whether a piece above the head is none of it: neither a body's name nor what a form or an annex says of itself."""
        if any(own.match(piece.bare) for own in (_OFFICE, _FORM, _ANNEX)):
            return False
        return not is_capitals(piece, 0.9) or piece.box[3] - piece.box[1] < 0.75 * self._em

    def _number(self, stamps: list[Piece]) -> Piece | None:
        slot = next((slot.box for slot in self._page.slots if slot.kind is SlotKind.NUMBER), None)
        found: list[tuple[int, float, Piece]] = []
        addressed = next((piece.middle for piece in self._left if _RECIPIENTS.match(piece.bare)), self._edge)
        for piece in self._left:
            if piece.box[1] > self._edge:
                break
            if _BODY.match(piece.bare) or not _BEFORE_LABEL.sub("", piece.bare).startswith("s"):
                continue
            number = number_of(piece)
            if number is None:
                continue
            plain = number.form in {NumberForm.BARE, NumberForm.BOOK}
            if plain and piece.middle > addressed:
                continue  # of another paper, which a form names
            if plain and self._is_stamped(piece, stamps):
                stamps.append(piece)
                self._take([piece])
                continue
            meets = slot is not None and slot[1] < piece.middle < slot[3]
            found.append((0 if meets else 2 if plain else 1, piece.middle, piece))
        if not found:
            return None
        best = min(found, key=lambda item: item[:2])[2]
        self._take([best])
        return best

    def _is_stamped(self, piece: Piece, stamps: Sequence[Piece]) -> bool:
        """Whether a bare number belongs to a stamp of incoming mail beside or above it."""
        return any(
            _ARRIVAL.search(stamp.bare)
            and abs(stamp.middle - piece.middle) < 5 * self._em
            and stamp.box[0] < piece.box[2] + 4 * self._em
            and piece.box[0] < stamp.box[2] + 4 * self._em
            for stamp in stamps
        )

    def _place_date(self, number: Piece | None, motto: Sequence[Piece]) -> Piece | None:
        anchor = number.middle if number else max((piece.middle for piece in motto), default=None)
        found = [
            piece
            for piece in self._left
            if piece.box[1] <= self._edge and "thang" in piece.bare and place_date_of(piece)
        ]
        if anchor is not None:
            found = [piece for piece in found if abs(piece.middle - anchor) < 7 * self._em]
        else:  # without the other parts of a head, a date alone says nothing
            found = [piece for piece in found if (match := place_date_of(piece)) and match["place"]]
        if not found:
            return None
        best = found[0] if anchor is None else min(found, key=lambda piece: abs(piece.middle - anchor))
        self._take([best])
        return best

    def _issuer(self, motto: Sequence[Piece], number: Piece | None, place_date: Piece | None) -> Iterator[Piece]:
        width = self._page.width
        top = min((piece.box[1] for piece in motto), default=None)
        right = min((piece.box[0] for piece in motto if piece.box[0] > 0.3 * width), default=0.6 * width)
        if motto and top is not None and not self._is_beside(motto):
            yield from self._above(top)  # a form's motto stands in the middle, over the whole page
            return
        floor = number.middle if number else place_date.middle if place_date else None
        if floor is None and top is None:
            return
        if floor is None and top is not None:
            floor = top + 6 * self._em
        for piece in self._left:
            if floor is not None and piece.middle >= floor - 0.3 * self._em:
                return
            if top is not None and piece.box[3] < top - 1.5 * self._em:
                continue
            if top is None and floor is not None and piece.box[1] < floor - 9 * self._em:
                continue
            if piece.centre > right or piece.box[0] > right - 2 * self._em or _FORM.match(piece.bare):
                continue
            if SUBJECT.match(piece.bare) or len(_LETTERS.findall(piece.text)) < 2 or ":" in piece.text:
                continue
            if is_capitals(piece, 0.6) or _OFFICE.match(piece.bare):
                yield piece

    def _is_beside(self, motto: Sequence[Piece]) -> bool:
        """Whether the motto is the right one of two columns."""
        if all(piece.centre > 0.56 * self._page.width for piece in motto):
            return True
        top, bottom = min(piece.box[1] for piece in motto), max(piece.box[3] for piece in motto)
        left = min(piece.box[0] for piece in motto)
        return any(
            top < piece.middle < bottom and piece.box[2] < left + self._em and _OFFICE.match(piece.bare)
            for piece in self._left
        )

    def _above(self, top: float) -> Iterator[Piece]:
        """The body that issues a form, over its motto."""
        for piece in self._left:
            if piece.box[3] > top + 0.3 * self._em:
                return
            if top - piece.box[1] < 6 * self._em and _OFFICE.match(piece.bare) and is_capitals(piece, 0.7):
                yield piece

    def _subject(self, number: Piece | None) -> Iterator[Piece]:
        """``V/v …`` in the left column, and the lines that go on with it."""
        last: Piece | None = None
        for piece in self._left:
            if piece.box[1] > self._edge:
                return
            if last is None:
                if self._is_subject(piece, number):
                    last = piece
                    yield piece
                continue
            if piece.centre > 0.5 * self._page.width:
                continue
            near = piece.box[1] - last.box[3] < 0.9 * self._em
            if not near or _RECIPIENTS.match(piece.bare) or is_capitals(piece, 0.9):
                return
            last = piece
            yield piece

    def _is_subject(self, piece: Piece, number: Piece | None) -> bool:
        """``V/v``, or, if a reader made something else of that, whatever stands in the left column right under the number."""
        width = self._page.width
        if piece.centre > 0.48 * width or piece.box[2] > 0.55 * width:
            return False
        if SUBJECT.match(piece.bare):
            return number is None or piece.box[0] < number.box[2]
        if number is None or number.centre > 0.48 * width or is_capitals(piece, 0.5) or len(piece.words) < 3:
            return False
        under = -0.6 * self._em < piece.box[1] - number.box[3] < 0.8 * self._em
        return under and piece.box[0] < number.box[2] and number.box[0] < piece.box[2] and piece.text[:1] != "("

    def _title(self, bottom: float, motto: Sequence[Piece], subject: Sequence[Piece]) -> Iterator[Piece]:
        centres = [0.52 * self._page.width, *(piece.centre for piece in motto)]
        below = [piece for piece in self._left if bottom - 0.6 * self._em < piece.middle < self._edge]
        if subject:
            return
        rows = rows_of(below)
        start = None
        for place, row in enumerate(rows):
            piece = max(row, key=lambda one: one.width)
            centred = min(abs(piece.centre - centre) for centre in centres) < 0.12 * self._page.width
            if (_is_title(piece) and centred) or (_ANNEX.match(piece.bare) and len(piece.text) < ANNEX_LETTERS):
                formula = piece.text.rstrip().endswith(":") and not motto and not _ANNEX.match(piece.bare)
                if not formula and not _NAMES_BODY.match(piece.bare):
                    start = place
                break
            if _RECIPIENTS.match(piece.bare) or _is_body(piece, self._page.width):
                break
        if start is None:
            return
        last = max(rows[start], key=lambda one: one.width)
        yield last
        if last.bare.strip(" :.-") in _KIND_TITLES or _ANNEX.match(last.bare):
            return
        for row in rows[start + 1 :]:
            piece = max(row, key=lambda one: one.width)
            near = piece.box[1] - last.box[3] < 1.2 * max(self._em, last.box[3] - last.box[1])
            if not near or _NAMES_BODY.match(piece.bare) or not is_capitals(piece):
                return
            last = piece
            yield piece

    def _summary(self, title: Sequence[Piece]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
        """The block under the title, and the line in capitals that names the body."""
        last, lines = title[-1], list[Piece]()
        annex = bool(_ANNEX.match(last.bare))
        rows = rows_of([piece for piece in self._left if piece.middle > last.middle + 0.3 * self._em])
        named: list[Piece] = []
        for row in rows:
            piece = max(row, key=lambda one: one.width)
            letters = _LETTERS.findall(piece.text)
            if len(letters) < 3:
                if piece.box[1] - last.box[3] > 2 * self._em:
                    break
                continue  # the rule under the summary, read as signs
            gap = piece.box[1] - last.box[3]
            if not annex and _NAMES_BODY.match(piece.bare) and is_capitals(piece, 0.75):
                named.append(piece)
                break
            if (
                not annex
                and lines
                and _OFFICE.match(piece.bare)
                and is_capitals(piece, 0.9)
                and not is_capitals(lines[-1], 0.9)
            ):
                named.append(piece)
                break
            if gap > (1.4 if lines else 2.2) * self._em or _RECIPIENTS.match(piece.bare):
                break
            if not self._goes_on(piece, title, lines, annex=annex):
                break
            lines.append(piece)
            last = piece
        self._take([*lines, *named])
        return tuple(lines), tuple(named)

    def _goes_on(self, piece: Piece, title: Sequence[Piece], lines: Sequence[Piece], *, annex: bool) -> bool:
        """Whether a line under the title is of the summary: set in the middle, as the title is."""
        off = abs(piece.centre - title[0].centre) / self._page.width
        if annex:
            said = " ".join(line.text for line in lines)
            open_note = said.count("(") > said.count(")")
            return off < 0.06 and (open_note or is_capitals(piece) or piece.text.lstrip().startswith("("))
        if not lines:
            return off < 0.06 and not (_BODY.match(piece.bare) and piece.width > 0.6 * self._page.width)
        if piece.text.rstrip().endswith(":"):
            return False
        begins = next((letter for letter in piece.text if letter.isalpha()), "a")
        open_end = _ENDS_OPEN.search(lines[-1].bare.rstrip())
        if begins.islower() or open_end:
            return off < 0.06
        return off < 0.025 and not _BODY.match(piece.bare)

    def _recipients(self) -> Iterator[Piece]:
        first: Piece | None = None
        last: Piece | None = None
        for piece in self._left:
            if first is None or last is None:
                if _RECIPIENTS.match(piece.bare):
                    first = last = piece
                    yield piece
                continue
            if piece.box[1] - last.box[3] > 1.3 * self._em:
                return
            if piece.box[0] < first.box[0] or _is_body(piece, self._page.width):
                return
            last = piece
            yield piece


def _is_title(piece: Piece) -> bool:
    """Words in capitals, not a symbol."""
    letters = len(_LETTERS.findall(piece.text))
    solid = piece.text.replace(" ", "")
    return (
        is_capitals(piece) and letters >= 0.75 * len(solid) and (letters > 4 or piece.bare in {"don", "de an", "du an"})
    )


def _is_body(piece: Piece, width: int) -> bool:
    """Whether a line looks like running text: wide, and not in capitals."""
    return piece.width > 0.6 * width and not is_capitals(piece)


def _in_table(piece: Piece, tables: Sequence[Table]) -> bool:
    """Whether it stands in a cell of a ruled table; a frame round a form is none."""
    x, y = piece.centre, piece.middle
    return any(
        table.rows > 1 and table.columns > 1
        and table.box[0] < x < table.box[2] and table.box[1] < y < table.box[3] for table in tables
    )  # fmt: skip


def number_of(piece: Piece | None) -> DocumentNumber | None:
    """The paper's own number on its line, as read there; specks before the label and its first letter made small do no harm."""
    if piece is None:
        return None
    text = _LABEL_SLIP.sub("Số", _BEFORE_LABEL.sub("", piece.text))
    return own_number(text[:1].upper() + text[1:])
