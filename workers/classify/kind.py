"""Which paper type a component is (R20): a guess with a score that is right as often as it says, and the three likeliest.

A conditional logit: every type of the catalog gets its row of evidence (:mod:`workers.classify.evidence`), one set of weights turns a row into a
number, and the softmax over all types into scores. The weights come from ``python -m training.kinds`` and lie in ``weights.json``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.catalog import Catalog
from workers.classify.copies import copy_marks
from workers.classify.evidence import FEATURES, UNKNOWN, Page, Reader
from workers.classify.segments import Segment
from workers.classify.titles import TitleMatch
from workers.classify.versions import WEIGHTS
from workers.page import Box, PageOutcome

_SHOWN: Final = 3
_TITLE_LINES: Final = 4


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line as printed. ``page``: its number in the file, from 1; ``box`` in page space."""

    text: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Choice:
    """A paper type and how likely it is, 0..1."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class TypeGuess:
    """``id``: the likeliest type; ``None`` for none of the catalog's. ``score``: how likely that is, 0..1.

    ``alternatives``: the three likeliest, ``id``'s own first; ``khac`` stands for none. ``title``: its title as printed, empty where none was
    found. ``attributes``: marks of a copy beside the title, as :mod:`workers.classify.copies` names them.
    """

    id: str | None
    score: float
    alternatives: tuple[Choice, ...]
    title: tuple[PaperLine, ...] = ()
    attributes: frozenset[str] = frozenset()


def classify(pages: Sequence[PageOutcome], catalog: Catalog) -> TypeGuess:
    """The type of the paper that these pages are, in order. Blank and failed pages say nothing; without any text the type is unknown."""
    reader = reader_of(catalog)
    return classify_pages(first_written(pages, reader), reader)


def first_written(pages: Sequence[PageOutcome], reader: Reader) -> list[Page]:
    """The first ``Reader.PAGES`` pages that have any text, cut: what a type is told by."""
    found: list[Page] = []
    for outcome in pages:
        page = reader.page(outcome)
        if page.letters:
            found.append(page)
            if len(found) == Reader.PAGES:
                break
    return found


def classify_pages(
    pages: Sequence[Page], reader: Reader, corrected: Callable[[dict[str, float]], dict[str, float]] | None = None
) -> TypeGuess:
    """As :func:`classify`, of pages that were cut before. ``corrected``: makes of the scores those that count."""
    if not any(page.letters for page in pages):
        return TypeGuess(None, 1.0, (Choice(UNKNOWN, 1.0),))
    rows, best = reader.rows(pages)
    scores = _scores(rows, reader)
    return _guess_of(corrected(scores) if corrected else scores, pages, best)


def scores_of(pages: Sequence[Page], reader: Reader) -> dict[str, float]:
    """The score of every type; they sum to 1. Without any text all of it is ``UNKNOWN``'s."""
    if not any(page.letters for page in pages):
        return {UNKNOWN: 1.0}
    return _scores(reader.rows(pages)[0], reader)


def _scores(rows: NDArray[np.float64], reader: Reader) -> dict[str, float]:
    return dict(zip(reader.ids, map(float, softmax(rows @ weights())), strict=True))


def _guess_of(scores: Mapping[str, float], pages: Sequence[Page], best: Mapping[str, TitleMatch]) -> TypeGuess:
    """The guess that these scores mean; ``best``: each type's title on the first page."""
    order = sorted(scores, key=lambda paper: -scores[paper])
    paper = order[0]
    match = best.get(paper)
    lines = title_segments(match) if match is not None and match.likeness > 0.8 else ()
    first = next(page for page in pages if page.letters)
    title = tuple(PaperLine(one.text, first.outcome.number, one.box) for one in lines)
    attributes = copy_marks(first.segments, lines)
    return TypeGuess(
        None if paper == UNKNOWN else paper,
        scores[paper],
        tuple(Choice(one, scores[one]) for one in order[:_SHOWN]),
        title,
        attributes,
    )


def title_segments(match: TitleMatch) -> tuple[Segment, ...]:
    """The title as printed: the lines it covers, and those after them that carry it on in capitals of its size."""
    lines: list[Segment] = []
    letters = 0
    for segment in match.candidate.segments[:_TITLE_LINES]:
        head = match.candidate.head
        alike = segment.capitals > 0.7 and 0.8 < segment.tall / max(1, head.tall) < 1.25
        if letters >= match.length - 1 and not alike:
            break
        lines.append(segment)
        letters += len(segment.bare)
    return tuple(lines)


def softmax(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Along the last axis."""
    high = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(high / high.sum(axis=-1, keepdims=True))


@cache
def weights() -> NDArray[np.float64]:
    """One weight a feature, in the order of ``FEATURES``. ``KeyError`` when the file was tuned for other features."""
    named = json.loads(WEIGHTS.read_text(encoding="utf-8"))["kind"]
    return np.array([named[name] for name in FEATURES])


_readers: dict[int, Reader] = {}


def reader_of(catalog: Catalog) -> Reader:
    """The catalog made ready; kept, as it takes some milliseconds. The reader holds its catalog, so an id is never another's."""
    found = _readers.get(id(catalog))
    if found is None:
        if len(_readers) > 3:  # catalogs are replaced now and then, never many at a time
            _readers.clear()
        found = _readers[id(catalog)] = Reader(catalog)
    return found
