"""What the search pages show: the address of a search, and whether a paper holds, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote, urlencode

from digitize_api.components.schemas import ReasonOut
from digitize_api.results.service import Asked
from digitize_api.web.words import Words
from models.catalog import Catalog
from models.local_time import local_day
from models.rules.reuse import WITHOUT_EFFECT

PATH = "/tra-cuu"
RESULTS = 20
FARTHEST = 2000  # results back
_ENDED = WITHOUT_EFFECT - {"EXPIRY_UNKNOWN"}


@dataclass(frozen=True, slots=True)
class Search:
    """What was asked, as it stands in the address. ``wrong``: words (keys) for what could not be understood and does not filter."""

    q: str = ""
    paper_type: str = ""
    agency: str = ""
    year: str = ""
    valid_on: str = ""
    reusable: bool = False
    dossier: str = ""
    slot: str = ""
    offset: int = 0

    @property
    def day(self) -> date | None:
        return _day(self.valid_on)

    @property
    def wrong(self) -> tuple[str, ...]:
        said = ["s_bad_day"] if self.valid_on.strip() and self.day is None else []
        return tuple(said + (["s_bad_year"] if self.year.strip() and _year(self.year) is None else []))

    @property
    def filtered(self) -> bool:
        return bool(self.paper_type or self.agency or self.year or self.valid_on or self.reusable)

    def asked(self) -> Asked:
        return Asked(
            q=self.q,
            paper_type=self.paper_type or None,
            valid_on=self.day,
            limit=RESULTS,
            offset=self.offset,
            agency=self.agency or None,
            year=_year(self.year),
            in_effect=self.day is not None,
            reusable=self.reusable,
        )

    def query(self, **changes: str | int | bool) -> str:
        """``q=…&year=…``: what is not empty, so that the address says no more than was asked."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__} | changes
        values["reusable"] = "1" if values["reusable"] else ""
        return urlencode({name: value for name, value in values.items() if value})

    def path(self, **changes: str | int | bool) -> str:
        query = self.query(**changes)
        return f"{PATH}?{query}" if query else PATH

    def page_path(self, component: str, number: int, *, same_offset: bool = True) -> str:
        """The page of a paper with what was searched marked on it."""
        query = self.query() if same_offset else self.query(offset=0)
        return f"{PATH}/{component}/{number}" + (f"?{query}" if query else "")

    def within_pdf(self, number: int) -> str:
        """The fragment that opens a PDF at page ``number``, its words marked where the viewer can (pdf.js, Acrobat); it never leaves the browser."""
        words = " ".join(self.q.replace('"', " ").split())
        return f"page={number}" + (f"&search={quote(words, safe='')}" if words else "")


def _day(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day of the calendar, no instant
        except ValueError:
            continue
    return None


def _year(text: str) -> int | None:
    text = text.strip()
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() and int(text) > 0 else None


@dataclass(frozen=True, slots=True)
class Badge:
    """``kind``: ``good``, ``wait``, ``unknown`` or ``ended``; ``word``: what it says; ``reasons``: why."""

    kind: str
    word: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Validity:
    """What a badge is made of. ``rule``: what set the end (``models.rules.validity``)."""

    why_not: Sequence[ReasonOut]
    until: date | None
    rule: str
    paper_type: str | None
    issued_on: date | None


def badge(held: Validity, words: Words, catalog: Catalog) -> Badge:
    """Whether the paper holds and may be used again, and why."""
    vi = words.language == "vi"
    ended = [reason for reason in held.why_not if reason.code in _ENDED]
    codes = {reason.code for reason in held.why_not}
    until = _until(held, words, catalog)
    if ended:
        return Badge("ended", words("v_ended"), tuple(_told(reason, vi=vi) for reason in ended))
    if "EXPIRY_UNKNOWN" in codes:
        return Badge("unknown", words("v_unknown"), tuple(_told(reason, vi=vi) for reason in held.why_not))
    if not held.why_not:
        return Badge("good", words("v_reusable"), (until,))
    return Badge("wait", words("v_in_effect"), (*(_told(reason, vi=vi) for reason in held.why_not), until))


def _told(reason: ReasonOut, *, vi: bool) -> str:
    return (reason.vi if vi else reason.en).rstrip(".")


def _until(held: Validity, words: Words, catalog: Catalog) -> str:
    if held.until is None:
        return words("v_endless")
    told = words("v_until", day=f"{held.until:%d/%m/%Y}")
    if held.rule == "printed":
        return f"{told}, {words('v_printed')}"
    rule = catalog.validity_rule(held.paper_type, held.issued_on or local_day()) if held.paper_type else None
    return f"{told}, {words('v_by', source=rule.source)}" if rule is not None and rule.id == held.rule else told
