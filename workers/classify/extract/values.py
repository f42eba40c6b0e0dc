"""What stands behind a label, as a value of its field: dates, names, numbers of persons, text. Nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from models.fields import DATE_FIELDS
from models.vietnamese.dates import DateProblem, find_dates
from models.vietnamese.folding import fold_in_place, nfc, place_tones
from models.vietnamese.land_numbers import is_empty_mark
from models.vietnamese.licences import parse_driving_class
from models.vietnamese.names import is_personal_name, parse_sex, tidy_name
from models.vietnamese.personal_ids import find_person_numbers
from workers.classify.extract.acts import join_lines
from workers.classify.extract.field import Doubt, Reason
from workers.classify.extract.issuers import without_head


class Kind(StrEnum):
    """What sort of value a field has."""

    DATE = "date"
    YEAR = "year"
    NAME = "name"
    PERSON_NUMBER = "person_number"
    SEX = "sex"
    NUMBER = "number"
    CLASS = "class"
    BODY = "body"
    SHORT = "short"
    TEXT = "text"


_DATES = DATE_FIELDS | {"event_date", "changed_on", "certified_on"}
_SHORT = frozenset({
    "ethnicity", "nationality", "parcel_number", "map_sheet", "area", "floor_area", "floors", "height", "weight", "classification", "serial_number",
    "certificate_code", "capital", "price", "relation",
})  # fmt: skip


def kind_of(name: str) -> Kind:
    """By the field's name, as the catalog has them."""
    exact = {"sex": Kind.SEX, "number": Kind.NUMBER, "licence_class": Kind.CLASS, "issuer": Kind.BODY, "business_name": Kind.TEXT,
             "household_head": Kind.NAME, "representative": Kind.NAME, "party_a": Kind.NAME, "party_b": Kind.NAME}  # fmt: skip
    if name in exact:
        return exact[name]
    if name in _DATES or name.endswith(("_birth_date", "_date")):
        return Kind.DATE
    if name.endswith("_birth_year"):
        return Kind.YEAR
    if name.endswith("_name"):
        return Kind.NAME
    if name.endswith("_id"):
        return Kind.PERSON_NUMBER
    return Kind.SHORT if name in _SHORT else Kind.TEXT


@dataclass(frozen=True, slots=True)
class Value:
    """``value`` or ``reason``; ``start``, ``end``: the part of the text that says it."""

    value: str | None
    start: int
    end: int
    reason: str | None = None
    doubt: str | None = None
    known: str = ""


_ADDRESS = re.compile(
    r"\W*(?:Ông|Bà|Ông \(bà\)|Ông/bà|Anh|Chị|ông|bà|anh|chị|cháu|Cháu|đồng chí)\b(?:\s?\((?:bà|ông)\))?\s*:?\s*(?=[A-ZÀ-ỸĐ])"
)
_OFFICE = re.compile(
    r"^\W*(?:ubnd|uy ban|hdnd|hoi dong|so|bo|cuc|chi cuc|phong|cong an|truong|trung tam|van phong|toa an|benh vien|tram|dai su quan|tong lanh su quan|"
    r"chu tich|ban quan ly|bao hiem|to chuc|giam doc)\b"
)
_NO_TERM = re.compile(r"khong (?:thoi|gioi) han|vo thoi han|lau dai")
_SHORT_END = re.compile(r"[;]|,(?!\d)|(?<=\w)\s*\(|\.(?=\s|$)")
_NUMBER = re.compile(r"(?:[A-ZĐ]{1,4}[ .]?)?\d[\w./-]*(?:\s?[-/]\s?[A-ZĐ0-9]{1,8})*")
_YEAR = re.compile(r"(?<!\d)(?:18|19|20)\d\d(?!\d)")
_SPECKS = str.maketrans(dict.fromkeys("‘’'`´“”„\"*•·", " "))
"""Signs that no date has, as readers make them of specks."""
_NEXT_WORD = re.compile(r"(?<=\w)\s+(?=([^\W\d_]))")


def value_of(text: str, kind: Kind, *, person: bool = True, last: bool = False) -> Value:
    """``text``: what stands behind the label, lines parted by line ends. ``person``: a name is of a person, not of a company. ``last``: of
    several dates the last counts (``từ … đến …``).
    """
    text = nfc(text)
    whole = len(text)
    if not text.strip() or is_empty_mark(text):
        return Value(None, 0, whole, Reason.EMPTY)
    match kind:
        case Kind.DATE:
            return _date(text, last=last)
        case Kind.YEAR:
            year = _YEAR.search(text)
            return Value(year[0], *year.span()) if year else Value(None, 0, whole, Reason.UNREADABLE)
        case Kind.NAME:
            return _name(text, person=person)
        case Kind.PERSON_NUMBER:
            return _person_number(text)
        case Kind.SEX:
            return _sex(text)
        case Kind.NUMBER:
            lead = len(text) - len(text.lstrip(" .:;-–|"))
            number = _NUMBER.match(text, lead)  # further on it would be another's
            return (
                Value(re.sub(r"\s", "", number[0]).rstrip("./-"), *number.span())
                if number
                else Value(None, 0, whole, Reason.UNREADABLE)
            )
        case Kind.CLASS:
            first = text.split()[0]
            parsed = parse_driving_class(first)
            return Value(parsed, 0, len(first)) if parsed else Value(None, 0, whole, Reason.UNREADABLE)
        case Kind.BODY:
            return _body(text)
        case Kind.SHORT:
            end = _SHORT_END.search(text)
            stop = end.start() if end else whole
            return Value(_tidy(text[:stop]) or None, 0, stop, Reason.EMPTY)
        case _:
            return Value(_tidy(text) or None, 0, whole, Reason.EMPTY)


def _tidy(text: str) -> str:
    tidy = place_tones(join_lines(text.split("\n"))).strip(" ,;:|")
    return tidy.rstrip(") ") if tidy.endswith(")") and "(" not in tidy else tidy


def _date(text: str, *, last: bool) -> Value:
    text = text.translate(_SPECKS)
    found, lead = find_dates(text), 0
    if not found and re.match(r"\s*\d{1,2}\s+tháng\b", text):
        found, lead = find_dates(f"ngày {text}"), 5  # the label ends with the word
    if not found:
        bare = fold_in_place(text)
        if _NO_TERM.search(bare):
            return Value(None, 0, len(text), "NO_TERM")
        year = _YEAR.search(text)
        if year and len(re.findall(r"\d", text)) <= 6:  # a year alone, or with a month
            return Value(None, 0, len(text), Reason.PARTIAL, known=year[0])
        return Value(None, 0, len(text), Reason.UNREADABLE)
    first = found[-1] if last else found[0]
    same = next(
        (one for one in found if one.date and first.date and one.date != first.date and one.form != first.form),
        None,
    )
    reasons = {
        DateProblem.PARTIAL: Reason.PARTIAL,
        DateProblem.IMPOSSIBLE: Reason.IMPOSSIBLE,
        DateProblem.LUNAR: Reason.LUNAR,
    }
    if first.date is None:
        return Value(
            None, first.start, first.end - lead, reasons[first.problem] if first.problem else Reason.UNREADABLE
        )
    return Value(
        first.date.isoformat(), max(0, first.start - lead), first.end - lead, doubt=Doubt.WORDS_DIFFER if same else None
    )


def _name(text: str, *, person: bool) -> Value:
    line = text.split("\n", maxsplit=1)[0] if person else text
    address = _ADDRESS.match(line) if person else None
    if address:
        found = _name(line[address.end() :], person=True)
        return Value(found.value, found.start + address.end(), found.end + address.end(), found.reason, found.doubt)
    end = re.search(r"[,;(:]| - |\d", line) if person else None
    stop = end.start() if end else len(line)
    if person and line.strip()[:1].isupper():  # "bà Trần Thị Bốn biết:"
        behind = (match.start() for match in _NEXT_WORD.finditer(line, 0, stop) if match[1].islower())
        stop = next(behind, stop)
    name = place_tones(tidy_name(line[:stop].replace("\n", " ")))
    if not name or not any(letter.isalpha() for letter in name):
        return Value(None, 0, len(text), Reason.UNREADABLE)
    if not person:
        return Value(name, 0, stop)
    if not is_personal_name(name):
        if len(name) < 4 or not name[0].isupper():
            return Value(None, 0, len(text), Reason.UNREADABLE)
        return Value(name, 0, stop, doubt=Doubt.NOT_A_NAME)
    return Value(name, 0, stop)


def _person_number(text: str) -> Value:
    found = find_person_numbers(text)
    if found:
        return Value(found[0].value, found[0].start, found[0].end)
    digits = re.search(r"\d[\d .]{6,}\d", text)
    if digits:
        return Value(re.sub(r"[ .]", "", digits[0]), *digits.span(), doubt=Doubt.ID_FORM)
    return Value(None, 0, len(text), Reason.UNREADABLE)


def _sex(text: str) -> Value:
    for word in re.finditer(r"[^\W\d_]+", text):
        if parse_sex(word[0]) is not None:
            return Value("Nam" if fold_in_place(word[0]) in {"nam", "m"} else "Nữ", *word.span())
        break
    return Value(None, 0, len(text), Reason.UNREADABLE)


def _body(text: str) -> Value:
    """An issuer behind a label: the body alone, without the districts and provinces behind its name."""
    if not _OFFICE.match(fold_in_place(text)):
        return Value(None, 0, len(text), Reason.UNREADABLE)
    end = re.search(r",\s|;|\.\s", text)
    stop = end.start() if end else len(text)
    body = without_head(_tidy(text[:stop]))
    return Value(body or None, 0, stop, Reason.EMPTY)
