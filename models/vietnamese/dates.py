"""Dates of papers (R16): ``ngày 05 tháng 01 năm 2020``, ``05/01/2020`` (also with - or .), and dates in words.

Only what the text says is taken. A blank or unreadable slot stays open (``ngày tháng 8 năm 2022``: August 2022, no day, no date);
a day that no calendar has is reported and not mended; day and month are never swapped; two digits are no year. Lunar months
(tháng giêng, tháng chạp) and dates marked *âm lịch* are reported, not turned into solar ones. Letters in a digit's place
(``l5`` for 15) are not digits: such a slot counts as unreadable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain

from models.vietnamese.folding import fold_in_place, nfc
from models.vietnamese.number_words import NUMBER_WORDS, integer_in_words, parse_integer

FIRST_YEAR, LAST_YEAR = 1800, 2199
"""Years that a paper of a dossier can name; others are reported as impossible."""


class DateForm(StrEnum):
    """How a date is written."""

    LONG = "long"  # ngày 05 tháng 01 năm 2020
    NUMERIC = "numeric"  # 05/01/2020
    WORDS = "words"  # ngày năm tháng một năm hai nghìn không trăm hai mươi


class DateProblem(StrEnum):
    """Why a date that was found has no value."""

    PARTIAL = "partial"  # a slot is blank or cannot be read
    IMPOSSIBLE = "impossible"  # 31/02/2020
    LUNAR = "lunar"  # tháng chạp, âm lịch


@dataclass(frozen=True, slots=True)
class FoundDate:
    """``start``, ``end``: in the NFC text. ``date`` is ``None`` when there is a ``problem``; what was read stands in the parts."""

    start: int
    end: int
    date: date | None
    text: str
    form: DateForm
    day: int | None
    month: int | None
    year: int | None
    problem: DateProblem | None = None


_WORD = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_NUMERAL = rf"(?:{_WORD})(?:\s{{1,3}}(?:{_WORD})){{0,2}}"  # of a day or month: three words at most
_NUMERAL_OF_YEAR = rf"(?:{_WORD})(?:\s{{1,3}}(?:{_WORD})){{0,8}}"
# Between the words and the slots: spaces, the dots of a form, one line's end (headers come out broken over lines).
_FILL = r"[ \t\u00a0.…_,:|-]{0,60}\n?[ \t\u00a0.…_,:|-]{0,60}"
_ODD = r"[^\s\d/,.…_|:;()]{0,2}\d[^\s/,.…_|:;()]{0,3}|[lio|!?]{1,2}"  # a slot's ink read as something else
_DAY = rf"(?:(?:mong|mung)\s+)?(?:\d{{1,2}}(?!\d)|{_NUMERAL})|{_ODD}"
# As few words as will do: the next "năm" begins the year (tháng năm năm hai nghìn …).
_MONTH = rf"\d{{1,2}}(?!\d)|{_NUMERAL}?|gieng|chap|{_ODD}"
_YEAR = rf"\d(?:[ \t]?\d){{3}}(?!\d)|\d{{1,3}}(?!\d)|{_NUMERAL_OF_YEAR}|{_ODD}"
_LONG = re.compile(
    rf"(?<![^\W\d_])(?:ngay{_FILL}(?P<day>{_DAY})?|(?P<bare>(?:(?:mong|mung)\s+)?{_NUMERAL}))"
    rf"{_FILL}thang{_FILL}(?P<month>{_MONTH})?{_FILL}nam(?![^\W\d_])(?:[ \t\u00a0.…_,:|-]{{0,60}}\n?[ \t]{{0,60}}(?P<year>{_YEAR})(?![^\W_]))?"
)
_NUMERIC = re.compile(
    r"(?<![\w/.,-])(?<!\d[/.-] )(?P<day>\d{1,2})\s?(?P<sign>[/.-])\s?(?P<month>\d{1,2})\s?(?P=sign)\s?(?P<year>\d{4})(?!\w|[/.-]\w| ?/ ?[A-Za-z])"
)
_YEAR_FIRST = re.compile(
    r"(?<![\w/.,-])(?P<year>(?:19|20)\d\d)(?P<sign>[/.-])(?P<month>\d\d)(?P=sign)(?P<day>\d\d)(?!\d|[/.-]\d)"
)
_OPEN_NUMERIC = re.compile(
    r"ngay[ \t:]*(?P<day>[.…_ ]*)/[ \t]*(?P<month>\d{1,2})?[.…_ \t]*/[ \t]*(?P<year>\d{4})(?!\d)"
)
_OPEN = re.compile(r"[.…_]|[ \t\u00a0]{2}")  # room to write in
_EIGHT = re.compile(r"(\d{2})(\d{2})(\d{4})")
_LUNAR_MARK = re.compile(r"[ \t,(]*am lich")
_LUNAR_MONTHS = frozenset({"gieng", "chap"})


def find_dates(text: str) -> list[FoundDate]:
    """Every date in the text, in order; those that cannot be are in it too, with their problem."""
    text = nfc(text)
    bare = fold_in_place(text)
    found: list[FoundDate] = []
    taken = -1
    matches = chain(
        ((match, True) for match in _LONG.finditer(bare)),
        ((match, False) for pattern in (_NUMERIC, _YEAR_FIRST, _OPEN_NUMERIC) for match in pattern.finditer(bare)),
    )
    for match, long in sorted(matches, key=lambda item: (item[0].start(), -item[0].end())):
        if match.start() < taken:
            continue
        one = _long(match, text) if long else _numeric(match, text)
        if one is not None:
            found.append(one)
            taken = match.end()
    return found


def parse_date(text: str) -> date | None:
    """The date that the text names, if it names one and no other (the same twice, in digits and words, is one)."""
    found = find_dates(text)
    named = {one.date for one in found}
    return named.pop() if len(named) == 1 else None


def typed_day(text: str) -> date | None:
    """The day as people type it: ``31/12/2025``, ``31-12-2025``, ``31122025``, ``ngày 31 tháng 12 năm 2025``; one that exists."""
    eight = _EIGHT.fullmatch(text)
    return parse_date("/".join(eight.groups()) if eight else text)


def date_problems(issued: date | None, *, scanned: date | None = None, expires: date | None = None) -> tuple[str, ...]:
    """What cannot be true together (R16): ``issued_after_scan``, ``expires_before_issue``. Unknown dates contradict nothing."""
    problems = []
    if issued and scanned and issued > scanned:
        problems.append("issued_after_scan")
    if issued and expires and expires < issued:
        problems.append("expires_before_issue")
    return tuple(problems)


def date_in_words(day: date) -> str:
    """``ngày năm tháng một năm hai nghìn không trăm hai mươi``; April is *tư*, as civil status papers write it."""
    month = "tư" if day.month == 4 else integer_in_words(day.month)
    return f"ngày {integer_in_words(day.day)} tháng {month} năm {integer_in_words(day.year)}"


def _long(match: re.Match[str], text: str) -> FoundDate | None:
    raw_day, raw_month, raw_year = match["day"] or match["bare"], match["month"], match["year"]
    if raw_day is None and raw_month is None and raw_year is None and ("\n" in match[0] or not _OPEN.search(match[0])):
        return None  # words of a sentence, or a label: Ngày, tháng, năm sinh
    day, month, year = _day(raw_day), _month(raw_month), _year(raw_year)
    lunar = raw_month in _LUNAR_MONTHS or _LUNAR_MARK.match(match.string, match.end()) is not None
    written = [raw for raw in (raw_day, raw_month, raw_year) if raw]
    form = DateForm.WORDS if written and not any(map(_has_digit, written)) else DateForm.LONG
    if match["bare"] and (day is None or month is None or year is None):
        return None  # without "ngày", only a whole date in words is one
    return _made(match, text, form, (day, month, year), lunar=lunar)


def _numeric(match: re.Match[str], text: str) -> FoundDate:
    parts = (_number(match["day"]), _number(match["month"]), _number(match["year"]))
    lunar = _LUNAR_MARK.match(match.string, match.end()) is not None
    return _made(match, text, DateForm.NUMERIC, parts, lunar=lunar)


def _made(
    match: re.Match[str], text: str, form: DateForm, parts: tuple[int | None, int | None, int | None], *, lunar: bool
) -> FoundDate:
    day, month, year = parts
    value, problem = None, None
    if _is_impossible(day, month, year):
        problem = DateProblem.IMPOSSIBLE
    elif lunar:
        problem = DateProblem.LUNAR
    elif day is None or month is None or year is None:
        problem = DateProblem.PARTIAL
    else:
        value = date(year, month, day)
    end = match.start() + len(match[0].rstrip(" \t\n\u00a0.…_,:|-"))
    return FoundDate(match.start(), end, value, text[match.start() : end], form, day, month, year, problem)


def _is_impossible(day: int | None, month: int | None, year: int | None) -> bool:
    """Whether the parts that are known can stand in no date."""
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        return True
    try:
        date(2000 if year is None else year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return True
    return False


def _day(raw: str | None) -> int | None:
    if raw is None:
        return None
    early = raw.startswith(("mong", "mung"))
    number = _number(raw[4:].strip() if early else raw)
    return None if number is None or (early and not 1 <= number <= 10) else number  # mồng is said of the first ten days


def _month(raw: str | None) -> int | None:
    return 4 if raw == "tu" else _number(raw)


def _year(raw: str | None) -> int | None:
    if raw is None:
        return None
    digits = re.sub(r"\s", "", raw)
    if digits.isascii() and digits.isdigit():
        return int(digits) if len(digits) == 4 else None
    number = parse_integer(raw)
    return None if number is None or number < 1000 else number


def _number(raw: str | None) -> int | None:
    if not raw:
        return None
    raw = raw.strip()
    if raw.isascii() and raw.isdigit():
        return int(raw)
    return None if _has_digit(raw) else parse_integer(raw)


def _has_digit(raw: str) -> bool:
    return any(letter.isdigit() for letter in raw)
