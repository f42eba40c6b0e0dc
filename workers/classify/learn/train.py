"""Makes a model of reviewed examples, and keeps it only when it wins on examples that it was not made from.

Multinomial logistic regression whose starting point is the scores that are there: only where reviewers disagree with them, or they were unsure, does
anything move, and a paper unlike all examples keeps its scores. L2 decay; accelerated gradient descent (Nesterov 1983), as the loss is convex.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from workers.classify.evidence import UNKNOWN
from workers.classify.kind import softmax
from workers.classify.learn.features import BUCKETS, log_scores, vector
from workers.classify.learn.model import Learned
from workers.classify.versions import example_version

LEAST_EXAMPLES: Final = 8
"""Fewer tell nothing that holds."""
_MOST: Final = 3000  # the newest; older ones have done their work
_FOLDS: Final = 5
_DECAY: Final = 0.5  # of a weight's square, against the sum of the examples' losses
_STEPS: Final = 150
_TINY: Final = 1e-4  # of a score: a type that the model in use has never heard of
_COUNTED: Final = 3  # examples of a type from which its own figure counts


@dataclass(frozen=True, slots=True)
class Example:
    """``paper_type``: as a person said, ``None`` or ``khac`` for none. ``seen``: the model in use was made from it."""

    paper_type: str | None
    features: dict[str, Any]
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Trained:
    """``model``: as ``Learned.dumps`` has it, ``None`` when there is nothing to learn from. ``kept``: it won; ``figures``: why, plain JSON."""

    model: bytes | None
    kept: bool
    figures: dict[str, Any]


def train(examples: Sequence[Example], base: Learned | None = None) -> Trained:
    """A model of the examples, oldest first. ``base``: the model in use, which it would replace.

    It is tried by cross-validation. It is kept when, on examples held out, it is right more often than the scores without learning, its mean logarithmic
    loss is lower, no type of three examples or more is recognised worse, and on examples that ``base`` has not seen it is right more often than
    ``base`` with no higher loss: a tie keeps the one in use.
    """
    known = [example for example in examples if example.features.get("version") == example_version()][-_MOST:]
    if len(known) < LEAST_EXAMPLES:
        return Trained(None, False, {"examples": len(known), "reason": "FEW_EXAMPLES"})
    data = _Data(known)
    held_out = np.zeros_like(data.base)
    fold = _folds(data.right)
    for number in range(_FOLDS):
        kept = fold != number
        weights = _fit(data, kept)
        held_out[~kept] = softmax(data.base[~kept] + data.rows[~kept] @ weights.T)
    figures = _figures(data, softmax(data.base), held_out)
    if base is not None:
        figures |= _beside(base, known, data, held_out)
    reason = _reason(figures)
    weights = _fit(data, np.ones(len(known), bool))
    seen = [place for place, paper in enumerate(data.types) if np.any(weights[place]) and paper]
    model = Learned(tuple(data.types[place] for place in seen), weights[seen].astype(np.float32))
    return Trained(model.dumps(), reason is None, figures | ({"reason": reason} if reason else {}))


class _Data:
    """``types``: all that any example was scored for or is; ``base``: log scores; ``rows``: buckets; ``right``: places of the right types."""

    def __init__(self, examples: Sequence[Example]) -> None:
        papers = [example.paper_type or UNKNOWN for example in examples]
        scored = {paper for example in examples for paper in example.features.get("scores", {})}
        self.types: list[str] = sorted({*papers, *scored})
        self.base = np.array([log_scores(example.features, self.types) for example in examples])
        self.rows = np.array([vector(example.features) for example in examples])
        place = {paper: number for number, paper in enumerate(self.types)}
        self.right = np.array([place[paper] for paper in papers])
        self.reviewed = np.array(sorted(set(self.right.tolist())))


def _fit(data: _Data, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(types, BUCKETS); zeros for types that no example is of, and for buckets that none has."""
    used = np.flatnonzero(data.rows[chosen].any(axis=0))
    rows, base = data.rows[np.ix_(chosen, used)].astype(np.float64), data.base[chosen]
    wanted = (data.right[chosen][:, None] == data.reviewed).astype(np.float64)
    weights = np.zeros((len(data.reviewed), len(used)))
    ahead = weights.copy()
    # A softmax curves by at most half along any direction, so the loss by half the spread of the rows, and by the decay.
    step = 1.0 / (0.5 * _spread(rows) + _DECAY)
    for turn in range(_STEPS):
        values = base.copy()
        values[:, data.reviewed] += rows @ ahead.T
        slope = (softmax(values)[:, data.reviewed] - wanted).T @ rows + _DECAY * ahead
        after = ahead - step * slope
        ahead = after + turn / (turn + 3) * (after - weights)
        weights = after
    whole = np.zeros((len(data.types), BUCKETS))
    whole[np.ix_(data.reviewed, used)] = weights
    return whole


def _spread(rows: NDArray[np.float64]) -> float:
    """The largest eigenvalue of ``rows' rows``, by power iteration."""
    one = np.full(rows.shape[1], 1 / np.sqrt(rows.shape[1]))
    value = 0.0
    for _ in range(20):
        one = rows.T @ (rows @ one)
        value = float(np.linalg.norm(one))
        if value == 0:
            return 0.0
        one /= value
    return value


def _folds(right: NDArray[np.int64]) -> NDArray[np.int64]:
    """A fold for each example; those of a type go round the folds."""
    seen: Counter[int] = Counter()
    fold = np.zeros(len(right), np.int64)
    for place, paper in enumerate(right.tolist()):
        fold[place] = (seen[paper] + paper) % _FOLDS
        seen[paper] += 1
    return fold


def _figures(data: _Data, before: NDArray[np.float64], after: NDArray[np.float64]) -> dict[str, Any]:
    places = np.arange(len(data.right))
    was, now = before.argmax(axis=1) == data.right, after.argmax(axis=1) == data.right
    worse = [
        data.types[paper]
        for paper, count in Counter(data.right.tolist()).items()
        if count >= _COUNTED and now[data.right == paper].sum() < was[data.right == paper].sum()
    ]
    return {
        "examples": len(data.right),
        "types": len(data.reviewed),
        "right_before": int(was.sum()),
        "right_after": int(now.sum()),
        "loss_before": round(float(-np.log(before[places, data.right]).mean()), 4),
        "loss_after": round(float(-np.log(after[places, data.right]).mean()), 4),
        "worse_types": sorted(worse),
    }


def _beside(base: Learned, examples: Sequence[Example], data: _Data, after: NDArray[np.float64]) -> dict[str, Any]:
    """The model in use on the examples that it has not seen, beside the new one held out on the same."""
    fresh = [place for place, example in enumerate(examples) if not example.seen]
    right_in_use, losses_in_use = 0, []
    for place in fresh:
        scores, right = base.scores(examples[place].features), examples[place].paper_type or UNKNOWN
        right_in_use += max(scores, key=lambda paper: scores[paper]) == right
        losses_in_use.append(-log(max(_TINY, scores.get(right, 0.0))))
    losses = -np.log(after[fresh, data.right[fresh]])
    return {
        "unseen": len(fresh),
        "unseen_right_in_use": right_in_use,
        "unseen_right_after": int((after[fresh].argmax(axis=1) == data.right[fresh]).sum()),
        "unseen_loss_in_use": round(float(np.mean(losses_in_use or [0.0])), 4),
        "unseen_loss_after": round(float(np.mean(losses)) if fresh else 0.0, 4),
    }


def _reason(figures: dict[str, Any]) -> str | None:
    """Why the model is not kept; ``None`` when it is."""
    if figures["right_after"] <= figures["right_before"]:
        return "NOT_MORE_OFTEN_RIGHT"
    if figures["loss_after"] >= figures["loss_before"]:
        return "LESS_SURE_OF_WHAT_IS_RIGHT"
    if figures["worse_types"]:
        return "WORSE_ON_A_TYPE"
    if "unseen" in figures and (
        figures["unseen_right_after"] <= figures["unseen_right_in_use"]
        or figures["unseen_loss_after"] > figures["unseen_loss_in_use"]
    ):
        return "NOT_BETTER_THAN_THE_ONE_IN_USE"
    return None
