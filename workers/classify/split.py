"""Where one paper of a mixed stack ends and the next begins.

Each page with text is weighed against the one before (:mod:`workers.classify.borders`); above even odds it begins a paper. What the law or a card's
build says comes first:

* a separator sheet begins a paper and belongs to none; neither does its blank back;
* a blank page belongs to the paper before it and never begins one; leading blanks go to the first paper; a page that failed is taken as blank;
* an annex (``PHỤ LỤC``, or anything ``Kèm theo Quyết định số …``) right after its act belongs to the act's paper (NĐ 30/2020 Phụ lục I mục III: an
  annex is part of its document), unless a separator lies between. It is its act when nothing that both say of number, kind and agency differs.
  An annex that names another act is a paper of its own; so is one whose act lies elsewhere in the stack, as a paper is pages in a row;
* blank forms in an annex of forms belong to the annex;
* the two sides of an identity card are one paper.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from models.catalog import Catalog, Group
from models.vietnamese.document_numbers import DocumentNumber, find_numbers
from models.vietnamese.folding import fold, fold_in_place
from workers.classify.borders import BORDER_FEATURES, border_row, opening
from workers.classify.evidence import UNKNOWN, Page, Reader
from workers.classify.kind import reader_of, scores_of
from workers.classify.separators import Separator, is_separator
from workers.classify.versions import WEIGHTS
from workers.page import PageOutcome

_ATTACHED: Final = re.compile(r"(?:ban hanh )?\b(?:dinh )?kem theo\b")
_ANNEX: Final = "phuluc"
_PLACE: Final = re.compile(r"\b(tinh|thanh pho|huyen|quan|thi xa|xa|phuong|thi tran|dac khu) ([a-z]+ [a-z]+)")
_FORMS: Final = re.compile(r"\bmau\b")
_MRZ: Final = re.compile(r"idvnm|vnm<<|<<<<")
_LEADERS: Final = re.compile(r"…|\.{4,}|_{4,}")
_FEW_LETTERS: Final = 6  # a page with no more is blank but for specks


@dataclass(frozen=True, slots=True)
class Run:
    """One paper of the stack. ``pages``: their places in the stack, from 0, blank backs and annexes among them, in a row.

    ``separator``: of the sheet before it; ``sheets``: the places of that sheet and its blank back, which belong to no paper.
    ``certainty``: how sure its beginning and its holding together are, 0..1: the least sure of the decisions.
    """

    pages: tuple[int, ...]
    certainty: float = 1.0
    separator: Separator | None = None
    sheets: tuple[int, ...] = ()


def split(pages: Sequence[PageOutcome], catalog: Catalog) -> list[Run]:
    """The papers of a stack, in order; every page but separator sheets in exactly one.

    An empty stack gives no papers; a stack of blanks alone one.
    """
    reader = reader_of(catalog)
    return split_pages([reader.page(page) for page in pages], reader)


def as_told(runs: Sequence[Run], begins: Collection[int]) -> list[Run]:
    """The same pages, parted where a person says: papers begin at the places ``begins`` and behind separator sheets, and nowhere else."""
    told: list[Run] = []
    for run in runs:
        for place in run.pages:
            first = place == run.pages[0]
            follows = bool(told) and told[-1].pages[-1] == place - 1  # no sheet lies between
            if follows and place not in begins:
                told[-1] = replace(told[-1], pages=(*told[-1].pages, place))
            else:
                told.append(replace(run, pages=(place,), certainty=1.0) if first else Run((place,)))
    return told


def split_pages(pages: Sequence[Page], reader: Reader) -> list[Run]:
    """As :func:`split`, of pages that were cut before."""
    stack = _Stack(reader)
    for place, page in enumerate(pages):
        separator = is_separator(page.outcome)
        if separator is not None:
            stack.separate(place, separator)
        elif is_empty(page):
            stack.empty(place)
        else:
            stack.add(place, page)
    return stack.runs()


def is_empty(page: Page) -> bool:
    """Whether there is nothing on it to tell by: blank, failed, or specks alone. A page of marks, drawings or tables is not."""
    outcome = page.outcome
    if outcome.blank or outcome.failure is not None:
        return True
    return page.letters <= _FEW_LETTERS and not outcome.tables and not outcome.marks


class _Paper:
    """A run being made: its pages with text, and what the first of them says."""

    def __init__(self, certainty: float = 1.0) -> None:
        self.places: list[int] = []
        self.written: list[Page] = []
        self.certainty = certainty
        self.separator: Separator | None = None
        self.sheets: list[int] = []

    def run(self) -> Run:
        return Run(tuple(self.places), round(self.certainty, 4), self.separator, tuple(self.sheets))


class _Stack:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._papers: list[_Paper] = [_Paper()]

    @property
    def _last(self) -> _Paper:
        return self._papers[-1]

    def separate(self, place: int, separator: Separator) -> None:
        """Begins a paper with a separator sheet; of two in a row the later one counts."""
        if self._last.places:
            self._papers.append(_Paper())
        self._last.separator = separator
        self._last.sheets.append(place)

    def empty(self, place: int) -> None:
        """Puts a blank page where it belongs."""
        last = self._last
        if last.sheets and not last.places and place == last.sheets[-1] + 1:
            last.sheets.append(place)  # the back of the separator sheet
        else:
            last.places.append(place)

    def add(self, place: int, page: Page) -> None:
        """Puts a page with text into the paper before it, or begins one with it."""
        last = self._last
        if last.written:
            odds = self._odds(page)
            if odds > 0.5:
                last = _Paper(odds)
                self._papers.append(last)
            else:
                last.certainty = min(last.certainty, 1 - odds)
        last.places.append(place)
        last.written.append(page)

    def runs(self) -> list[Run]:
        papers = [paper for paper in self._papers if paper.places]
        if self._papers[-1].sheets and not self._papers[-1].places and papers:  # a sheet with nothing behind it
            papers[-1].sheets.extend(self._papers[-1].sheets)
        return [paper.run() for paper in papers]

    def _odds(self, page: Page) -> float:
        """How likely a paper begins here, 0..1."""
        paper = self._last
        if _is_card_side(page, paper.written, self._reader) or _is_own_annex(page, paper.written):
            return 0.02
        row = border_row(page, paper.written[-1], known_type(page, self._reader), len(paper.written))
        return float(1 / (1 + np.exp(-row @ border_weights())))


def known_type(page: Page, reader: Reader) -> float:
    """How likely the page by itself opens a paper of some type of the catalog, 0..1."""
    return 1.0 - scores_of([page], reader)[UNKNOWN]


@cache
def border_weights() -> NDArray[np.float64]:
    """One weight a feature, in the order of ``BORDER_FEATURES``. ``KeyError`` when the file was tuned for others."""
    named = json.loads(WEIGHTS.read_text(encoding="utf-8"))["border"]
    return np.array([named[name] for name in BORDER_FEATURES])


def _is_own_annex(page: Page, paper: Sequence[Page]) -> bool:
    """Whether the page opens an annex of the paper before it, or goes on with the forms of one."""
    first = paper[0]
    annex, cited = annex_of(page)
    if annex or cited is not None:
        own = first.number
        if cited is None:
            return page.state_name is None and (own is not None or _is_act(first))
        act = own or annex_of(first)[1]  # annexes of one act, without the act
        return act is not None and _may_be_one(cited, act) and not _elsewhere(page, first)
    return _is_blank_form(page) and any(_is_annex_of_forms(one) for one in paper)


def _is_act(page: Page) -> bool:
    """Whether its title is an administrative act's."""
    found = opening(page)
    return found is not None and page.acts_only(found[0])


def annex_of(page: Page) -> tuple[bool, DocumentNumber | None]:
    """Whether the page opens with ``PHỤ LỤC``, and the number of the act that it says it comes with, at its head."""
    found = opening(page)
    annex = page.head.annex is not None or (found is not None and found[0].candidate.first.startswith(_ANNEX))
    text = ""
    for segment in page.segments:
        if segment.top > 0.4:
            break
        if text or _ATTACHED.search(segment.folded[:30]):
            text += segment.text + " "
        if len(text) > 200:
            break
    if not text or (not annex and not text.lstrip().startswith("(") and found is None):
        return annex, None
    cited = [one.number for one in find_numbers(text)]
    return annex, cited[0] if cited else None


def _may_be_one(cited: DocumentNumber, act: DocumentNumber) -> bool:
    """Whether nothing that is known of both differs; a slip in the agency is allowed for."""
    if cited.kind and act.kind and fold(cited.kind) != fold(act.kind):
        return False
    if cited.serial and act.serial and cited.serial.lstrip("0") != act.serial.lstrip("0"):
        return False
    if cited.year and act.year and cited.year != act.year:
        return False
    return not (cited.rest and act.rest) or fold_in_place(cited.rest)[:3] == fold_in_place(act.rest)[:3]


def _elsewhere(annex: Page, act: Page) -> bool:
    """Whether the two name different provinces, districts or communes in their heads."""
    one, other = _places(annex), _places(act)
    return any(level in other and fuzz.ratio(name, other[level]) < 60 for level, name in one.items())


def _places(page: Page) -> dict[str, str]:
    """Places named in the upper part of the page, by level: ``tinh``: ``ninh binh``; the first of each."""
    found: dict[str, str] = {}
    for segment in page.segments:
        if segment.top > 0.35:
            break
        for match in _PLACE.finditer(segment.folded):
            found.setdefault(match[1], match[2])
    return found


def _is_annex_of_forms(page: Page) -> bool:
    annex, _ = annex_of(page)
    head = " ".join(segment.folded for segment in page.segments if segment.top < 0.3)
    return annex and bool(_FORMS.search(head))


def _is_blank_form(page: Page) -> bool:
    """Whether it is a form that nobody filled in: leaders on many of its lines."""
    return sum(bool(_LEADERS.search(segment.text)) for segment in page.segments) >= 4


def _is_card_side(page: Page, paper: Sequence[Page], reader: Reader) -> bool:
    """Whether the page and the one before it are the two sides of a card: one has its title, the other its MRZ or marks."""
    if len(paper) != 1 or (page.state_name is not None and opening(page) is None):
        return False
    titled = [_card_title(one, reader) for one in (paper[0], page)]
    backs = [_is_card_back(one) for one in (paper[0], page)]
    return (titled[0] and not titled[1] and backs[1]) or (titled[1] and not titled[0] and backs[0])


def _card_title(page: Page, reader: Reader) -> bool:
    found = opening(page)
    if found is None:
        return False
    cards = {one.id for one in reader.types if one.group is Group.IDENTITY}
    owner = next(paper for paper, own in page.matches.items() if found[0] in own)
    return owner in cards


def _is_card_back(page: Page) -> bool:
    texts = [segment.folded.replace(" ", "") for segment in page.segments]
    return any(_MRZ.search(text) or "dacdiemnhandang" in text or "ngontrotrai" in text for text in texts)
