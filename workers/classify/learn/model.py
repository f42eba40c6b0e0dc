"""What was learned, and how it corrects a guess."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.catalog import Catalog
from workers.classify.evidence import UNKNOWN
from workers.classify.kind import TypeGuess, classify_pages, first_written, reader_of, softmax
from workers.classify.learn.features import BUCKETS, features_of_pages, log_scores, vector
from workers.classify.versions import example_version
from workers.page import PageOutcome


@dataclass(frozen=True)
class Learned:
    """``types``: those that examples were seen of; ``weights``: (types, BUCKETS), added to the logarithms of their scores."""

    types: tuple[str, ...]
    weights: NDArray[np.float32]

    def dumps(self) -> bytes:
        """As ``.npz`` without pickled objects."""
        buffer = io.BytesIO()
        facts = json.dumps({"version": example_version(), "types": self.types})
        np.savez_compressed(buffer, facts=np.array(facts), weights=self.weights.astype(np.float16))
        return buffer.getvalue()

    def only(self, types: Collection[str]) -> Learned:
        """Without the types that are not among these: a catalog loses some."""
        places = [place for place, paper in enumerate(self.types) if paper in types or paper == UNKNOWN]
        if len(places) == len(self.types):
            return self
        return Learned(tuple(self.types[place] for place in places), self.weights[places])

    def scores(self, features: dict[str, Any]) -> dict[str, float]:
        """The corrected scores of all types that had one or were learned; they sum to 1. ``ValueError`` for features of another version."""
        types = list(dict.fromkeys((*features.get("scores", {}), *self.types)))
        values = log_scores(features, types)
        add = dict(zip(self.types, map(float, self.weights @ vector(features)), strict=True))
        values += np.array([add.get(paper, 0.0) for paper in types])
        return dict(zip(types, map(float, softmax(values)), strict=True))


def load(data: bytes) -> Learned:
    """Reads what ``Learned.dumps`` wrote. ``ValueError`` for anything else, also for a model that corrects other base weights."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as found:
            facts = json.loads(str(found["facts"]))
            version, types = facts["version"], facts["types"]
            weights = found["weights"].astype(np.float32)
    except (OSError, KeyError, EOFError, ValueError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise ValueError(f"not a learned model: {error}") from error
    if version != example_version():
        raise ValueError(f"a learned model for version {version}, not {example_version()}")
    if not isinstance(types, list) or weights.shape != (len(types), BUCKETS) or not np.isfinite(weights).all():
        raise ValueError("a learned model of another shape")
    return Learned(tuple(map(str, types)), weights)


def classify_learned(pages: Sequence[PageOutcome], catalog: Catalog, model: Learned) -> TypeGuess:
    """As :func:`workers.classify.kind.classify`, with the scores corrected; the title is that of the type that they now speak for."""
    reader = reader_of(catalog)
    cut = first_written(pages, reader)
    return classify_pages(cut, reader, lambda scores: model.scores(features_of_pages(cut, scores)))
