"""Fields of an act from its head and its signature: số ký hiệu, date, place, issuer, trích yếu, signer (NĐ 30/2020 Phụ lục I; R15-R17)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from models.vietnamese.authority import SignerBlock, parse_signer_block
from models.vietnamese.dates import DateProblem, FoundDate, find_dates
from models.vietnamese.document_numbers import DocumentNumber, NumberForm, own_number
from models.vietnamese.folding import fold, fold_in_place, nfc, place_tones
from models.vietnamese.names import is_personal_name, tidy_name
from models.vietnamese.syllables import is_syllable
from workers.classify.extract.family_names import has_family_name, with_family_name
from workers.classify.extract.field import Doubt, Field, Reason, read_field
from workers.classify.extract.issuers import agree_on_place, issuer_of
from workers.classify.extract.slots import SlotValue
from workers.classify.foot import Foot
from workers.classify.head import Head, is_capitals, number_of, place_date_of
from workers.classify.pieces import Piece
from workers.page import SlotKind, Word, hull

_NOISE_BEFORE = re.compile(r"^[²³¹*•·'`´_~^=|.,;:-]+\s*")
_BILINGUAL = re.compile(
    r"ng[ao]y\s?\S{0,2}\s?dat\w\s?(?P<day>\d{0,2})\b\s?th[^\d]{2,14}?(?P<month>\d{0,2})\b\s?n[ao](?:m\s?\S{0,2}\s?year|[^\s\d]\S{0,6})\s?(?P<year>\d{0,4})\b"
)
"""``ngày/date 12 tháng/month 08 năm/year 2018``, folded: slashes are read as letters, and a seal may lie on the middle of it."""
_COPY = re.compile(r"^\W*(?:ban sao|trich luc ban sao)\W*$")
_IN_NAME = re.compile(r"^\W*(?:nhan danh\b|(?:nuoc )?cong hoa xa hoi)")
_COPY_BEHIND = re.compile(r"\s*\(\s*BẢN SAO\s*\)")
_GOES_ON = re.compile(r"^(?:va|cua|cho)\b")
_LEAST_WORDS = 5
_FOREIGN = re.compile(r"\s?[/|Il1!](?=\s([A-Z'’ ]+)$)")
"""A title's words in another language behind its slash, which a reader may take for a letter, or put to the word before it."""
_MANY = 12
"""Titles of a type from which on it is a family (tờ khai, đơn), whose members have titles of their own."""

Slots = Mapping[SlotKind, SlotValue]

_JOINS = re.compile(r"(?<=\w)[-\u2010]$")  # KTTH- / HCSN: a symbol broken at a line's end
_PROBLEMS = {
    DateProblem.PARTIAL: Reason.PARTIAL,
    DateProblem.IMPOSSIBLE: Reason.IMPOSSIBLE,
    DateProblem.LUNAR: Reason.LUNAR,
}
_RIGHT_NUMBER, _RIGHT_DATE, _RIGHT_ISSUER, _RIGHT_SUMMARY, _RIGHT_NAME = 0.97, 0.98, 0.98, 0.93, 0.95
"""How often the rule alone is right, on the real scans and the drawn papers (docs/fields.md)."""
_CONFUSED = str.maketrans("OQ$", "QOS")


def number_field(head: Head, page: int, slots: Slots, *, kind: str | None = None) -> Field:
    """Số, ký hiệu. The serial comes from its slot; where that is open, the value is ``None`` and ``symbol`` says what is printed.

    ``kind``: the abbreviation that the paper's type has, if known: a slip in one of its letters is put right by it.
    """
    piece = head.number
    number = number_of(piece)
    if piece is None or number is None:
        return Field(None, page=page, reason=Reason.NOT_FOUND)
    number, mended = _with_kind(number, kind, head)
    tail = _tail(number)
    more = {"symbol": tail} if tail else {}
    slot = slots.get(SlotKind.NUMBER)
    doubt = Doubt.MENDED if mended else None
    if slot is None:
        if number.serial is not None:
            return read_field(
                _joined(number.serial, number, tail), piece.words, page, rule=_RIGHT_NUMBER, doubt=doubt, more=more
            )
        return read_field(
            None, piece.words, page, reason=Reason.EMPTY if number.blank else Reason.UNREADABLE, more=more
        )
    printed = [word for word in piece.words if "/" in word.text or word.text.isupper()]
    words = [*printed, Word("", slot.box, slot.confidence)]
    if slot.value is not None:
        return read_field(
            _joined(slot.value, number, tail), words, page, rule=0.99, doubt=doubt, more=more, raw=piece.text
        )
    if slot.may_be_read and number.serial is not None:
        return read_field(
            _joined(number.serial, number, tail), piece.words, page, rule=0.6, doubt=slot.reason, more=more
        )
    open_box = [Word("", slot.box, 0.0)]
    return read_field(None, open_box, page, reason=slot.reason or Reason.UNREADABLE, more=more, raw=piece.text)


def _tail(number: DocumentNumber) -> str:
    """What is printed behind the serial: ``/QĐ-UBND``, ``/2020/NĐ-CP``, ``-NQ/TW``."""
    return number.text[len(number.serial) :] if number.serial else number.text if number.text[:1] in "/-" else ""


def _joined(serial: str, number: DocumentNumber, tail: str) -> str:
    return f"{serial}{tail}" if tail or number.form is NumberForm.BARE else serial


def _with_kind(number: DocumentNumber, kind: str | None, head: Head) -> tuple[DocumentNumber, bool]:
    """The number with the kind and the agency that the head itself names, where one letter of a symbol was misread."""
    if number.form is NumberForm.PARTY or "/" not in number.text:
        return number, False
    before, _, last = number.text.rpartition("/")
    symbols = last.split("-")
    spellings = _initials(head)
    marked = head.number is not None and "§" in head.number.text
    right = list(symbols)
    for place, symbol in enumerate(symbols):
        own = {kind} if place == 0 and kind and number.kind is None and len(symbols) > 1 else set[str]()
        if place > 0 or number.kind is None:
            own |= spellings
        fits = {spelling for spelling in own if _one_letter_off(symbol, spelling, marked=marked)}
        if len(fits) == 1 and symbol not in own:
            right[place] = fits.pop()
    if right == symbols:
        return number, False
    fixed = own_number(f"Số: {before}/{'-'.join(right)}")
    return (fixed, True) if fixed is not None else (number, False)


def _initials(head: Head) -> set[str]:
    """How the issuing body's name is abbreviated: ``SGDĐT``, with and without the words that join its parts."""
    issuer = issuer_of(head.issuer)
    if issuer is None:
        return set()
    bare = fold(issuer.name)
    for name, symbol in (
        ("uy ban nhan dan", "UBND"),
        ("ubnd", "UBND"),
        ("hoi dong nhan dan", "HĐND"),
        ("hdnd", "HĐND"),
    ):
        if bare.startswith(name):
            return {symbol}
    words = re.findall(r"[^\W\d_]+", issuer.name.upper())
    spellings = ("".join(word[0] for word in words), "".join(word[0] for word in words if word != "VÀ"))
    return {text for text in spellings if len(text) > 2}


def _one_letter_off(said: str, right: str, *, marked: bool) -> bool:
    """Whether one letter alone differs, and that by its mark or as readers confuse it; ``marked``: a § was read somewhere."""
    off = [(one, other) for one, other in zip(said, right, strict=False) if one != other]
    if len(said) != len(right) or len(off) != 1:
        return False
    one, other = off[0]
    return fold(one) == fold(other) or one.translate(_CONFUSED) == other or (marked and one == "Đ")


def date_fields(piece: Piece | None, page: int, slots: Slots) -> tuple[Field, Field]:
    """``issued_on`` and ``issued_at`` from the line of place and date; each part of the date as its slot has it."""
    match = place_date_of(piece) if piece else None
    if piece is None or match is None:
        missing = Field(None, page=page, reason=Reason.NOT_FOUND)
        return missing, missing
    start, end = match.span("date")
    return _date_of(piece.text[start:end], piece.part(start, end), page, slots), _place_of(piece, match, page)


def _place_of(piece: Piece, match: re.Match[str], page: int) -> Field:
    if not match["place"]:
        return Field(None, page=page, reason=Reason.NOT_FOUND)
    words = piece.part(*match.span("place"))
    said = piece.text[match.start("place") : match.end("place")].replace(",", " ")
    value = place_tones(" ".join(said.split())).strip(" .,;:-…_")
    return read_field(value, words, page)


def _date_of(text: str, words: Sequence[Word], page: int, slots: Slots) -> Field:
    found = next(
        iter(find_dates(_BILINGUAL.sub(r"ngay \g<day> thang \g<month> nam \g<year>", fold_in_place(text)))), None
    )
    if found is None:
        return read_field(None, words, page, reason=Reason.UNREADABLE)
    if found.problem in {DateProblem.IMPOSSIBLE, DateProblem.LUNAR} and not slots:
        return read_field(None, words, page, reason=_PROBLEMS[found.problem])
    parts, sure, doubt, reason = _parts(found, slots)
    day, month, year = parts
    more = {"known": _known(parts)} if None in parts and year else {}
    if day is None or month is None or year is None:
        return read_field(None, words, page, reason=reason or Reason.PARTIAL, more=more)
    try:
        value = date(year, month, day).isoformat()
    except ValueError:
        return read_field(None, words, page, reason=Reason.IMPOSSIBLE)
    digits = [word for word in words if any(map(str.isdigit, word.text))] if not sure else []
    boxes = [*words, *(Word("", slot.box, 1.0) for slot in slots.values())]
    return read_field(value, [Word("", hull([word.box for word in boxes]), min([*sure, *(word.confidence for word in digits)], default=0.9))],
                       page, rule=_RIGHT_DATE, doubt=doubt, raw=text)  # fmt: skip


def _parts(
    found: FoundDate, slots: Slots
) -> tuple[tuple[int | None, int | None, int | None], list[float], str | None, str | None]:
    """Day, month, year; how sure each is; a doubt, and the reason of the first that is open."""
    parts: list[int | None] = []
    sure: list[float] = []
    doubt: str | None = None
    reason: str | None = None
    for kind, read in ((SlotKind.DAY, found.day), (SlotKind.MONTH, found.month), (SlotKind.YEAR, found.year)):
        slot = slots.get(kind)
        if slot is None:
            parts.append(read)
            reason = reason or (Reason.EMPTY if read is None else None)
        elif slot.value is not None and slot.value.isdecimal():
            parts.append(int(slot.value))
            sure.append(slot.confidence)
        elif slot.may_be_read and read is not None:
            parts.append(read)
            sure.append(0.6)
            doubt = doubt or slot.reason
        else:
            parts.append(None)
            reason = reason or slot.reason or Reason.UNREADABLE
    day, month, year = parts
    return (day, month, year), sure, doubt, reason


def _known(parts: tuple[int | None, int | None, int | None]) -> str:
    """``2022-08`` of a date whose day is open."""
    _, month, year = parts
    return f"{year}-{month:02d}" if month else f"{year}"


def issuer_field(head: Head, page: int) -> Field:
    """Cơ quan cấp from the left column; the line that names the body over the preamble is a second witness of its words."""
    issuer = issuer_of(head.issuer)
    if issuer is None:
        return Field(None, page=page, reason=Reason.NOT_FOUND)
    value = issuer.name
    doubt: Doubt | None = Doubt.MENDED if issuer.mended and not _is_clear(value) else None
    again = _named_again(head, value)
    if again:
        value, doubt = again, None
    if not issuer.has_place:
        value, doubt = (again, None) if again else (value, Doubt.NO_PLACE)
    if doubt is None and not _is_clear(value):
        doubt = Doubt.UNSURE
    more = {"superior": issuer.superior} if issuer.superior else {}
    return read_field(value, issuer.words, page, rule=_RIGHT_ISSUER, doubt=doubt, more=more)


def _named_again(head: Head, issuer: str) -> str | None:
    """The issuer as the line over the preamble spells it, if that has the same letters or goes on with the place."""
    if not head.body_named:
        return None
    said = place_tones(" ".join(piece.text for piece in head.body_named))
    at = fold(said).find(fold(issuer))
    if at < 0:
        return None
    named = said[at:] if fold(issuer) in {"uy ban nhan dan", "hoi dong nhan dan"} else said[at : at + len(issuer)]
    return agree_on_place(issuer, named) or (named if len(named) > len(issuer) else None)


def _is_clear(text: str) -> bool:
    """Whether all its words are Vietnamese syllables, or symbols."""
    return all(is_syllable(word) or word.isascii() for word in re.findall(r"[^\W\d_]{2,}", text))


def summary_field(head: Head, page: int) -> Field:
    """Trích yếu: the block under the title, or ``V/v`` under the number; as printed, lines joined."""
    lines = _without_notes(head.subject or head.summary)
    if not lines:
        return Field(None, page=page, reason=Reason.NOT_FOUND)
    words = [list(piece.words) for piece in lines]
    words[0] = _without_noise(words[0])
    words = [_without_noise(row) for row in words]
    text = _NOISE_BEFORE.sub("", join_lines(" ".join(word.text for word in row) for row in words))
    return read_field(
        text or None, [word for row in words for word in row], page, rule=_RIGHT_SUMMARY, reason=Reason.UNREADABLE
    )


def _without_notes(lines: Sequence[Piece]) -> list[Piece]:
    """Without ``(Kèm theo Quyết định số …)``, however many lines it takes: it is no summary."""
    kept: list[Piece] = []
    inside = False
    for piece in lines:
        inside = inside or bool(re.match(r"^\W*\(?(?:ban hanh )?kem theo\b", piece.bare))
        if not inside:
            kept.append(piece)
        inside = inside and not piece.text.rstrip().endswith(")")
    return kept


def _without_noise(words: list[Word]) -> list[Word]:
    """Without what a reader made of rules and stamps at both ends of a line: no word, and hardly believed."""
    kept = list(words)
    for end in (0, -1):
        while len(kept) > 1 and kept[end].confidence < 0.5 and not is_syllable(kept[end].text.strip('.,;:()"“”')):
            kept.pop(end)
    return kept


def join_lines(lines: Iterable[str]) -> str:
    """Lines of print as one text; a symbol broken behind its dash is put together (``STC-`` / ``HCSN``)."""
    text = ""
    for line in (" ".join(nfc(line).split()) for line in lines):
        if not line:
            continue
        glue = "" if _JOINS.search(text) and line[:1].isupper() else " "
        text = f"{text}{glue}{line}" if text else line
    return text.strip()


def title_field(head: Head, page: int, known: Sequence[str] = (), others: Sequence[Piece] = ()) -> Field:
    """Tên giấy tờ as printed, its lines joined; ``(BẢN SAO)`` is no part of it. ``known``: titles of the paper's type: the longest that
    ends with one of the lines is the title, and lines under it say more; its spelling is taken where the letters agree. ``others``: pieces of the page
    that are in no part of the head: in tables and frames, as on drawings.
    """
    lines = [piece for piece in head.title if not _COPY.match(piece.bare) and not _IN_NAME.match(piece.bare)]
    if not lines:
        return _title_on_page(head, page, known, others)
    spelled = {_letters(title): title for title in known}
    for piece in head.summary:  # QUYẾT ĐỊNH / CÔNG NHẬN THUẬN TÌNH LY HÔN: a title that goes on
        longer = _letters(_title_text([*lines, piece]))
        goes_on = bool(_GOES_ON.match(piece.bare)) and any(title.startswith(longer) for title in spelled)
        if not is_capitals(piece) or not (
            goes_on
            or any(
                title.startswith(longer) or (longer.startswith(title) and title != _letters(_title_text(lines)))
                for title in spelled
            )
        ):
            break
        lines.append(piece)
    for count in range(len(lines), 0, -1):
        for start in range(len(lines) - count + 1):
            run = lines[start : start + count]
            title = next(
                (spelled[key] for part in _parts_of(_title_text(run)) if (key := _letters(part)) in spelled), None
            )
            goes_on = start + count < len(lines) and bool(_GOES_ON.match(lines[start + count].bare))
            if title is not None and not goes_on and (count == len(lines) or len(known) < _MANY):
                return read_field(_COPY_BEHIND.sub("", title), [word for piece in run for word in piece.words], page)
    whole = _letters(_title_text(lines))
    ends = next((title for key, title in spelled.items() if key.endswith(whole) and len(whole) > 0.6 * len(key)), None)
    if ends is not None:
        return read_field(ends, [word for piece in lines for word in piece.words], page, rule=0.9)
    if (whole_title := _with_lost_words(_title_text(lines), known)) is not None:
        words = [word for piece in lines for word in piece.words]
        return read_field(whole_title, words, page, rule=0.85, doubt=Doubt.MENDED)
    found = _title_on_page(head, page, known, others)
    if known and len(lines) == 1 and is_personal_name(lines[0].text) and has_family_name(lines[0].text):
        return found  # a card's owner, in capitals
    if found.value is not None and not any(_letters(title) in _letters(_title_text(lines)) for title in known):
        return found
    return read_field(
        _title_text(lines) or None, [word for piece in lines for word in piece.words], page, reason=Reason.UNREADABLE
    )


def _with_lost_words(text: str, known: Sequence[str]) -> str | None:
    """The one title of the type of which the reader lost some words and read no other; at least five words and two thirds of its letters are there."""
    words = fold(text).replace(",", " ").split()
    if len(words) < _LEAST_WORDS:
        return None
    whole = [
        title
        for title in known
        if _is_part(words, fold(title).replace(",", " ").split()) and len(_letters(text)) > 0.66 * len(_letters(title))
    ]
    return whole[0] if len(whole) == 1 else None


def _is_part(words: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether the words stand in the whole, in order."""
    left = iter(whole)
    return all(word in left for word in words)


def _title_on_page(head: Head, page: int, known: Sequence[str], others: Sequence[Piece]) -> Field:
    """A title of the type that stands elsewhere, as on cards and on drawings, where it may say more (``MẶT BẰNG TẦNG 1``)."""
    spelled = {_letters(title): title for title in known}
    pieces = (*head.body, *head.summary, *head.recipients, *others)
    for piece in pieces:
        title = next((spelled[key] for part in _parts_of(piece.text) if (key := _letters(part)) in spelled), None)
        if title is not None:
            return read_field(_COPY_BEHIND.sub("", title), piece.words, page, rule=0.95)
    for piece in pieces:
        said = _letters(piece.text)
        if is_capitals(piece) and any(said.startswith(key) and len(said) < 2 * len(key) for key in spelled):
            return read_field(_title_text([piece]), piece.words, page, rule=0.9)
    return Field(None, page=page, reason=Reason.NOT_FOUND)


def _parts_of(text: str) -> tuple[str, ...]:
    """A title in two languages is the whole, or the first (``GIẤY PHÉP LÁI XE / DRIVER'S LICENSE``), the slash read as it may be. Specks behind a title
    are none of it (``HƯỚNG DẪN 7``).
    """
    both = [
        text[: match.start()]
        for match in _FOREIGN.finditer(text)
        if any(not is_syllable(word) for word in re.findall(r"[A-Z]{3,}", match[1]))
    ]
    return text, *both, re.sub(r"(?:\s[^\W\d_]?[\W\d_]*)+$", "", text)


def _title_text(lines: Sequence[Piece]) -> str:
    text = place_tones(join_lines(piece.text for piece in lines)).strip(" :.*-_")
    return _COPY_BEHIND.sub("", text).strip(" :.*-_")


def _letters(text: str) -> str:
    return "".join(re.findall(r"[a-z0-9]", fold(text)))


def signer_field(foot: Foot, page: int) -> Field:
    """Người ký from the signature block, with authority and position beside the name."""
    above = [piece.text for piece in foot.signature if foot.name is None or piece.middle < foot.name.middle]
    block = parse_signer_block(above)
    more = _authority(block)
    if foot.name is None:
        reason = Reason.UNREADABLE if foot.signature else Reason.NOT_FOUND
        return read_field(
            None, [word for piece in foot.signature for word in piece.words], page, reason=reason, more=more
        )
    name = place_tones(tidy_name(foot.name.text))
    right = with_family_name(name)
    name, doubt = right or name, Doubt.MENDED if right else None
    if (
        not is_personal_name(name)
        or not all(is_syllable(word) for word in name.split() if not word.isascii() or len(word) > 2)
        or not has_family_name(name)
    ):
        doubt = Doubt.NOT_A_NAME
    elif block is None and doubt is None:
        doubt = Doubt.UNSURE
    return read_field(name, foot.name.words, page, rule=_RIGHT_NAME, doubt=doubt, more=more)


def _authority(block: SignerBlock | None) -> dict[str, str]:
    if block is None:
        return {}
    told = {
        "authority": f"{block.authority.value}." if block.authority else "Q." if block.acting else "",
        "on_behalf_of": block.on_behalf_of,
        "position": block.title,
    }
    return {name: value for name, value in told.items() if value}
