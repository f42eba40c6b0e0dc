"""What a paper's pages say about its type, as one row of numbers for every paper type of the catalog.

The same few numbers for every type: how well one of its titles stands on the first page, whether the number's abbreviation is its own,
whether its issuers, cues and labels are there. No number belongs to a type, so a type that a site adds is weighed as the others are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.catalog import Catalog, Group, PaperType, issued_by
from models.vietnamese.document_numbers import LEGAL_KINDS, DocumentNumber, NumberForm
from models.vietnamese.folding import fold
from workers.classify.head import Head, number_of, read_head
from workers.classify.phrases import PhraseIndex, grams_of_lines
from workers.classify.segments import Segment, segments_of
from workers.classify.titles import Candidate, TitleIndex, TitleMatch, candidates_of, is_motto, is_state_name, titles_of
from workers.page import PageOutcome

FEATURES: Final = (
    "title_likeness",  # of the best title, above LEAST_LIKENESS
    "title_marked",  # the same with marks
    "title_exact",  # letter by letter
    "title_coverage",  # how much of its line it explains
    "title_longest",  # against the longest title that fits the same line
    "title_letters",
    "title_capitals",
    "title_centred",
    "title_top",
    "title_size",
    "title_below",  # another title stands above it
    "title_first",  # none does
    "title_whole_words",
    "title_near_head",  # within a few lines under quốc hiệu, the number or the place and date
    "number_exact",  # the abbreviation in the paper's own số, ký hiệu is this type's
    "number_folded",  # it is but for its marks
    "number_other",  # it is another type's
    "issuer",  # one of its issuers stands in the head, rare ones counting more
    "issuer_none",  # it has issuers, and none of them does
    "cues_share",
    "cues_weight",
    "labels_share",
    "labels_weight",
    "untitled_subject",  # a type without titles: V/v under the number
    "untitled_addressed",  # … Kính gửi
    "untitled_number",  # … a number without an abbreviation: công văn
    "untitled_letter",  # … at least two of these three
    "untitled_title",  # … though a title stands there
    "titled_none",  # a type with titles, and none found
    "unknown",  # no type at all: constant
    "unknown_title",  # … though a title stands there
    "unknown_number",  # … though a number of an administrative paper does
    "unknown_cues",  # … though the cues of some type do
    "unknown_text",  # … logarithm of the count of letters
)
"""The columns, in order."""

UNKNOWN: Final = "khac"
"""The paper type that stands for "none of them": its row is of the evidence against all others."""

_HEAD: Final = 0.45  # of the page's height: where numbers, issuers and V/v are looked for
_GOOD: Final = 0.85  # a likeness from which a match counts as a title in its own right


@dataclass(frozen=True)
class Page:
    """A page and what was found on it once, for all who ask."""

    outcome: PageOutcome
    segments: tuple[Segment, ...]
    candidates: tuple[Candidate, ...]
    matches: Mapping[str, list[TitleMatch]]
    acts: frozenset[str] = frozenset()

    def acts_only(self, match: TitleMatch) -> bool:
        """Whether all types that have this very title are administrative acts with an abbreviation (``acts``)."""
        owners = {paper for paper, own in self.matches.items() if match in own}
        return bool(owners) and owners <= self.acts

    @cached_property
    def grams(self) -> set[str]:
        """4-grams of its text, running heads and all."""
        return grams_of_lines(segment.bare for segment in self.segments)

    @cached_property
    def letters(self) -> int:
        return sum(len(segment.bare) for segment in self.segments)

    @cached_property
    def head(self) -> Head:
        return read_head(self.outcome)

    @cached_property
    def number(self) -> DocumentNumber | None:
        """The paper's own số, ký hiệu, when one stands in the head."""
        return number_of(self.head.number)

    @cached_property
    def state_name(self) -> Segment | None:
        """Quốc hiệu, when it stands in the upper part."""
        return next((one for one in self.segments if one.top < 0.5 and is_state_name(one.bare)), None)

    @cached_property
    def heading(self) -> str:
        """The capitals of the head but quốc hiệu: bodies, and the title."""
        lines = (one for one in self.segments if one.top < _HEAD and one.capitals > 0.7 and not is_motto(one.bare))
        return " ".join(one.text for one in lines)

    @property
    def subject(self) -> bool:
        """Whether V/v (về việc) stands under the number."""
        return bool(self.head.subject)

    @property
    def addressed(self) -> bool:
        """Whether Kính gửi opens a line of the upper part."""
        return bool(self.head.recipients) or any(
            one.top < 0.55 and one.bare.startswith("kinhgui") for one in self.segments
        )

    def titles(self, least: float = _GOOD) -> list[TitleMatch]:
        """Matches of any type that stand as titles do, top to bottom."""
        good = [match for own in self.matches.values() for match in own if is_title(match, least)]
        return sorted(good, key=lambda match: (match.candidate.place, -match.length))


def is_title(match: TitleMatch, least: float = _GOOD) -> bool:
    """Whether it is alike enough, ends with a word, and stands as a title does: in capitals, or centred by itself."""
    candidate = match.candidate
    stands = candidate.head.capitals > 0.65 or (candidate.centred > 0.75 and candidate.head.text[:1].isupper())
    return match.likeness >= least and match.whole_words and stands and (match.length > 5 or match.marked > 0.85)


class Reader:
    """The catalog made ready to read pages with. Made once a catalog: it takes some milliseconds."""

    PAGES: Final = 2
    """So many pages with text tell the type: the first its title, number and issuer, both their cues and labels."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.types: tuple[PaperType, ...] = tuple(one for one in catalog.paper_types.values() if one.id != UNKNOWN)
        self.ids: tuple[str, ...] = (*(one.id for one in self.types), UNKNOWN)
        self._acts = frozenset(one.id for one in self.types if one.group is Group.ADMINISTRATIVE and one.abbreviation)
        self._titles: TitleIndex = titles_of(catalog)
        self._cues = PhraseIndex({one.id: one.cues for one in self.types})
        self._labels = PhraseIndex(
            {one.id: [label for field in one.fields for label in field.labels] for one in self.types}
        )
        patterns = {pattern for one in self.types for pattern in one.issuers}
        count = len(self.types)
        self._issuers = {
            pattern: log(count / sum(pattern in one.issuers for one in self.types)) / log(count) for pattern in patterns
        }
        self._abbreviations = {one.abbreviation for one in self.types if one.abbreviation}

    def page(self, outcome: PageOutcome) -> Page:
        """The page cut and searched for titles."""
        segments = segments_of(outcome)
        candidates = candidates_of(segments)
        return Page(outcome, segments, tuple(candidates), self._titles.matches(candidates), self._acts)

    def rows(self, pages: Sequence[Page]) -> tuple[NDArray[np.float64], dict[str, TitleMatch]]:
        """Evidence of a paper's pages: (types and UNKNOWN last, as ``ids``) x FEATURES, and the best title of each type.

        Titles, number and issuer are of the first page that has any text; cues and labels of the first two.
        """
        written = [page for page in pages if page.letters] or list(pages)
        first = written[0]
        rows = np.zeros((len(self.ids), len(FEATURES)))
        best = {paper: _best(matches) for paper, matches in first.matches.items()}
        longest = _longest(best.values())
        opening = min((match.candidate.place for match in best.values() if is_title(match)), default=None)
        grams = set().union(*(page.grams for page in written[: self.PAGES]))
        cues, labels = self._cues.scores(grams), self._labels.scores(grams)
        heading = first.heading
        issuers = {pattern for pattern in self._issuers if issued_by((pattern,), heading)}
        number, a_title = first.number, opening is not None
        for row, paper in zip(rows, self.types, strict=False):
            values: dict[str, float] = {}
            match = best.get(paper.id)
            if match is not None:
                values |= _title(match, longest, opening, first)
            elif paper.titles:
                values["titled_none"] = 1.0
            values |= self._number(paper, number)
            found = [self._issuers[pattern] for pattern in paper.issuers if pattern in issuers]
            values["issuer"] = max(found, default=0.0)
            values["issuer_none"] = float(bool(paper.issuers) and not found)
            values["cues_share"], values["cues_weight"] = cues[paper.id].share, log(1 + cues[paper.id].weight)
            values["labels_share"], values["labels_weight"] = labels[paper.id].share, log(1 + labels[paper.id].weight)
            if not paper.titles:
                lettered = number is not None and number.form is NumberForm.LETTER
                values["untitled_subject"] = float(first.subject)
                values["untitled_addressed"] = float(first.addressed)
                values["untitled_number"] = float(lettered)
                values["untitled_letter"] = float(first.subject + first.addressed + lettered >= 2)
                values["untitled_title"] = float(a_title)
            row[:] = [values.get(name, 0.0) for name in FEATURES]
        told = max((cues[paper.id].weight for paper in self.types), default=0.0)
        unknown = {
            "unknown": 1.0,
            "unknown_title": float(a_title),
            "unknown_number": float(number is not None and number.form in {NumberForm.NAMED, NumberForm.LETTER}),
            "unknown_cues": log(1 + told),
            "unknown_text": log(1 + first.letters) / 5,
        }
        rows[-1] = [unknown.get(name, 0.0) for name in FEATURES]
        return rows, best

    def _number(self, paper: PaperType, number: DocumentNumber | None) -> dict[str, float]:
        if number is None or number.kind is None or (paper.abbreviation is None and not paper.titles):
            return {}
        if number.kind == paper.abbreviation:
            return {"number_exact": 1.0}
        if paper.abbreviation is not None and fold(number.kind) == fold(paper.abbreviation):
            return {"number_folded": 1.0}
        return {"number_other": float(number.kind in self._abbreviations or number.kind in LEGAL_KINDS)}


def _title(match: TitleMatch, longest: Mapping[int, int], opening: int | None, page: Page) -> dict[str, float]:
    candidate = match.candidate
    good = max(0.0, (match.likeness - 0.7) / 0.3)
    state = page.state_name
    near = state is not None and 0 < candidate.head.top - state.top < 0.22
    rivals = longest.get(candidate.place, match.length)
    return {
        "title_likeness": good,
        "title_marked": max(0.0, (match.marked - 0.7) / 0.3),
        "title_exact": float(match.marked == 1.0),
        "title_coverage": good * match.coverage,
        "title_longest": good * (match.length / rivals),
        "title_letters": good * log(match.length) / 3,
        "title_capitals": good * candidate.head.capitals,
        "title_centred": good * candidate.centred,
        "title_top": good * (1 - candidate.head.top),
        "title_size": good * min(1.5, candidate.size),
        "title_below": good * float(opening is not None and candidate.place > opening),
        "title_first": good * float(opening is not None and candidate.place <= opening),
        "title_whole_words": good * float(match.whole_words),
        "title_near_head": good * float(near),
    }


def _best(matches: Sequence[TitleMatch]) -> TitleMatch:
    """The match that says most: alike, long, in capitals and in the middle, high on the page."""

    def says(match: TitleMatch) -> float:
        candidate = match.candidate
        stands = 0.4 * candidate.head.capitals + 0.2 * candidate.centred + 0.4 * (1 - candidate.head.top)
        whole = 1.0 if match.whole_words else 0.5
        return (match.likeness - 0.6) * stands * whole * (0.6 + 0.4 * match.coverage) + 0.004 * match.length * (
            match.likeness > _GOOD
        )

    return max(matches, key=says)


def _longest(matches: Iterable[TitleMatch]) -> dict[int, int]:
    """By candidate, the letters of the longest title that fits it well."""
    found: dict[int, int] = {}
    for match in matches:
        if match.likeness >= _GOOD:
            place = match.candidate.place
            found[place] = max(found.get(place, 0), match.length)
    return found
