"""A reviewed component as an example: numbers that the words can't be read from.

Kept are the scores that the types got, and which of ``BUCKETS`` buckets the letter n-grams of titles and labels fall into. Digits are masked, what
stands behind a colon (names, addresses) is left out, counts and order are dropped, and every bucket stands for thousands of n-grams.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import log
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.catalog import Catalog
from workers.classify.evidence import Page
from workers.classify.kind import first_written, reader_of, scores_of
from workers.classify.versions import example_version
from workers.page import PageOutcome

BUCKETS: Final = 1024
_SIZES: Final = (4, 5)
_UPPER: Final = 0.6  # of the page's height: below are signatures
_LABEL: Final = re.compile(r"^[^:]{3,60}:")
_DIGITS: Final = re.compile(r"\d+")
_LEAST: Final = 1e-4  # scores below are not kept


def features_of(pages: Sequence[PageOutcome], catalog: Catalog) -> dict[str, Any]:
    """The example of a component: ``version``, ``scores`` (paper type to score, small ones left out) and ``buckets``, sorted. Plain JSON."""
    reader = reader_of(catalog)
    cut = first_written(pages, reader)
    return features_of_pages(cut, scores_of(cut, reader))


def features_of_pages(pages: Sequence[Page], scores: dict[str, float]) -> dict[str, Any]:
    """As :func:`features_of`, of pages that were cut before and the scores they got."""
    written = next((page for page in pages if page.letters), None)
    texts = _telling(written) if written is not None else []
    return {
        "version": example_version(),
        "scores": {paper: round(score, 5) for paper, score in scores.items() if score >= _LEAST},
        "buckets": sorted({_bucket(gram) for text in texts for gram in _grams(text)}),
    }


def vector(features: dict[str, Any]) -> NDArray[np.float32]:
    """The buckets as a row of length 1, or of zeros. ``ValueError`` for features of another version."""
    if features.get("version") != example_version():
        raise ValueError(f"features of version {features.get('version')}, not {example_version()}")
    row = np.zeros(BUCKETS, np.float32)
    places = [int(place) for place in features.get("buckets", ()) if 0 <= int(place) < BUCKETS]
    if places:
        row[places] = 1.0 / np.sqrt(len(places))
    return row


def log_scores(features: dict[str, Any], types: Iterable[str]) -> NDArray[np.float64]:
    """Logarithms of the scores of these types; what was too small to keep counts as ``_LEAST``."""
    scores = features.get("scores", {})
    return np.array([log(max(_LEAST, float(scores.get(paper, 0.0)))) for paper in types])


def _telling(page: Page) -> list[str]:
    """Titles and labels of the upper part, folded, digits masked: what forms have in common, not what is written into them."""
    titles = [one.head.folded for one in page.candidates if one.head.top < _UPPER and one.centred > 0.3]
    labels = [match[0] for one in page.segments if one.top < _UPPER and (match := _LABEL.match(one.folded))]
    return [" ".join(_DIGITS.sub("#", text).split()) for text in (*titles[:8], *labels[:16])]


def _grams(text: str) -> set[str]:
    padded = f" {text} "
    return {padded[start : start + size] for size in _SIZES for start in range(len(padded) - size + 1)}


@lru_cache(maxsize=65536)
def _bucket(gram: str) -> int:
    return int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=4).digest(), "big") % BUCKETS
