"""What was learned, and how it corrects a guess."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workers.classify.evidence import UNKNOWN
from workers.classify.kind import Choice, TypeGuess, softmax
from workers.classify.learn.features import BUCKETS, log_scores, vector

_SHOWN = 3


@dataclass(frozen=True)
class Learned:
    """``types``: those that examples were seen of; ``weights``: (types, BUCKETS), added to the logarithms of their scores."""

    types: tuple[str, ...]
    weights: NDArray[np.float32]

    def dumps(self) -> bytes:
        """As ``.npz`` without pickled objects."""
        buffer = io.BytesIO()
        np.savez_compressed(buffer, types=np.array(json.dumps(self.types)), weights=self.weights.astype(np.float16))
        return buffer.getvalue()

    def scores(self, features: dict[str, Any]) -> dict[str, float]:
        """The corrected scores of all types that had one or were learned; they sum to 1."""
        types = list(dict.fromkeys((*features.get("scores", {}), *self.types)))
        values = log_scores(features, types)
        add = dict(zip(self.types, map(float, self.weights @ vector(features)), strict=True))
        values += np.array([add.get(paper, 0.0) for paper in types])
        return dict(zip(types, map(float, softmax(values)), strict=True))


def load(data: bytes) -> Learned:
    """Reads what ``Learned.dumps`` wrote. ``ValueError`` for anything else."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as found:
            types = json.loads(str(found["types"]))
            weights = found["weights"].astype(np.float32)
    except (OSError, KeyError, EOFError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise ValueError(f"not a learned model: {error}") from error
    if not isinstance(types, list) or weights.shape != (len(types), BUCKETS) or not np.isfinite(weights).all():
        raise ValueError("a learned model of another shape")
    return Learned(tuple(map(str, types)), weights)


def apply(model: Learned, guess: TypeGuess, features: dict[str, Any]) -> TypeGuess:
    """The guess with corrected scores; title and attributes are as they were. Features of another version leave it as it is."""
    try:
        scores = model.scores(features)
    except ValueError:
        return guess
    order = sorted(scores, key=lambda paper: -scores[paper])
    best = order[0]
    alternatives = tuple(Choice(paper, scores[paper]) for paper in order[:_SHOWN])
    return replace(guess, id=None if best == UNKNOWN else best, score=scores[best], alternatives=alternatives)
