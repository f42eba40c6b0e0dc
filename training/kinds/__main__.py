"""``python -m training.kinds [--seeds 12] [--write]``: tunes the weights of the paper types and says how good they are.

Data: papers of every kind of ``sample_scans`` at five strengths of slips, and pages that are none (``training.kinds.papers``). The weights are fitted
on seeds 1.. and judged on seeds from 1001 on; and, as a type that a site adds has no drawn papers, on types left out in turn, and on second layouts of
types (kinds with a dash) after tuning on the first ones alone.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from models.catalog import default_catalog
from sample_scans.generator import KINDS
from training.kinds.papers import Example, annexes_of_forms, drawn, strangers
from workers.classify.evidence import FEATURES, UNKNOWN, Reader
from workers.classify.kind import softmax
from workers.classify.versions import WEIGHTS

DECAY = 0.0004  # L2: features that agree share what they say

PRIOR = {"title_longest": 3.0, "title_below": -3.0, "title_exact": 0.5}
"""What the weights decay to where it isn't 0: few drawn papers have a longer title than another type's, or a form under an annex's title."""
AGAINST = frozenset({"title_below", "number_other", "issuer_none", "untitled_title", "titled_none", "unknown_title", "unknown_number", "unknown_cues"})  # fmt: skip
EITHER = frozenset({"unknown", "unknown_text", "title_size", "title_letters"})
"""The signs that weights have by their meaning: those of ``AGAINST`` are never positive, all but those and ``EITHER`` never negative."""

Rows = NDArray[np.float64]


def rows_of(examples: Sequence[Example], reader: Reader) -> tuple[Rows, NDArray[np.int64]]:
    """Evidence (examples, types, features) and the place of the right type."""
    places = {paper: place for place, paper in enumerate(reader.ids)}
    rows = [reader.rows([reader.page(page) for page in example.pages])[0] for example in examples]
    return np.array(rows), np.array([places[example.paper_type or UNKNOWN] for example in examples])


def fit(rows: Rows, right: NDArray[np.int64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights of the conditional logit that make the right types likeliest; ``weight``: of each example."""
    mean = weight / weight.sum()
    chosen = rows[np.arange(len(rows)), right]

    prior = np.array([PRIOR.get(name, 0.0) for name in FEATURES])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = softmax(rows @ weights)
        picked = scores[np.arange(len(rows)), right]
        value = -(mean * np.log(picked + 1e-12)).sum() + DECAY * ((weights - prior) ** 2).sum()
        expected = np.einsum("et,etf->ef", scores, rows)
        slope = (mean[:, None] * (expected - chosen)).sum(axis=0) + 2 * DECAY * (weights - prior)
        return float(value), slope

    bounds = [(None, 0) if name in AGAINST else (None, None) if name in EITHER else (0, None) for name in FEATURES]
    found = minimize(loss, prior, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    return np.asarray(found.x)


OFTEN = {"cong_van": 3.0, "cong_van-khac": 3.0, "annex of forms": 2.0}
"""Kinds that count more: letters are what agencies send most, and only they and a few others have no title."""


def balance(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Every kind of paper counts alike but for ``OFTEN``; each kind of what is none as three."""
    counts: defaultdict[str, int] = defaultdict(int)
    for example in examples:
        counts[example.kind] += 1
    weights = [3.0 if one.paper_type is None else OFTEN.get(one.kind, 1.0) for one in examples]
    return np.array([weight / counts[one.kind] for weight, one in zip(weights, examples, strict=True)])


def report(
    name: str,
    examples: Sequence[Example],
    rows: Rows,
    right: NDArray[np.int64],
    weights: NDArray[np.float64],
    ids: Sequence[str],
) -> None:
    """Accuracy by strength, reliability of the scores, and the papers taken for others."""
    scores = softmax(rows @ weights)
    said, sure = scores.argmax(axis=1), scores.max(axis=1)
    good = said == right
    print(f"\n{name}: {len(examples)} papers, {good.mean():.4f} right")
    for strength in sorted({example.strength for example in examples}):
        chosen = np.array([example.strength == strength and example.paper_type is not None for example in examples])
        if chosen.any():
            print(f"  strength {strength:.2f}: {good[chosen].mean():.4f} of {chosen.sum()}")
    none = np.array([example.paper_type is None for example in examples])
    if none.any():
        print(f"  none of the catalog: {good[none].mean():.4f} of {none.sum()}")
    for low, high in ((0, 0.5), (0.5, 0.8), (0.8, 0.9), (0.9, 0.97), (0.97, 1.01)):
        chosen = (sure >= low) & (sure < high)
        if chosen.any():
            print(
                f"  score {low:.2f}-{min(1, high):.2f}: says {sure[chosen].mean():.3f}, is {good[chosen].mean():.3f} of {chosen.sum()}"
            )
    wrong: defaultdict[tuple[str, str], int] = defaultdict(int)
    for place in map(int, np.flatnonzero(~good)):
        wrong[examples[place].kind, ids[said[place]]] += 1
    for (kind, other), count in sorted(wrong.items(), key=lambda item: -item[1])[:25]:
        print(f"  {count:4d} {kind} taken for {other}")


def _cached(path: Path | None, seeds: Sequence[int]) -> list[Example]:
    if path is not None and path.is_file():
        return list(pickle.loads(path.read_bytes()))  # noqa: S301 - our own file of a moment ago
    examples = [*drawn(KINDS, seeds), *strangers(seeds), *annexes_of_forms(seeds)]
    if path is not None:
        path.write_bytes(pickle.dumps(examples))
    return examples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--write", action="store_true", help="write workers/classify/weights.json")
    parser.add_argument("--cache", type=Path, help="folder for the drawn papers")
    options = parser.parse_args()
    reader = Reader(default_catalog())
    cache = options.cache
    made = _cached(cache and cache / f"tune{options.seeds}.pickle", range(1, 1 + options.seeds))
    others = _cached(cache and cache / f"judge{options.seeds}.pickle", range(1001, 1001 + max(2, options.seeds // 2)))
    rows, right = rows_of(made, reader)
    other_rows, other_right = rows_of(others, reader)
    weights = fit(rows, right, balance(made))
    report("tuned on", made, rows, right, weights, reader.ids)
    report("other seeds", others, other_rows, other_right, weights, reader.ids)
    kinds = sorted({example.paper_type for example in made if example.paper_type})
    for fold in range(4):
        left_out = set(kinds[fold::4])
        kept = np.array([example.paper_type not in left_out for example in made])
        tried = np.array([example.paper_type in left_out for example in others])
        some = fit(rows[kept], right[kept], balance([one for one, keep in zip(made, kept, strict=True) if keep]))
        chosen = [one for one, is_tried in zip(others, tried, strict=True) if is_tried]
        report(f"types left out, {fold + 1} of 4", chosen, other_rows[tried], other_right[tried], some, reader.ids)
    second = np.array(["-" in example.kind for example in made])
    some = fit(
        rows[~second], right[~second], balance([one for one, skip in zip(made, second, strict=True) if not skip])
    )
    tried = np.array(["-" in example.kind for example in others])
    chosen = [one for one, is_tried in zip(others, tried, strict=True) if is_tried]
    report("second layouts left out", chosen, other_rows[tried], other_right[tried], some, reader.ids)
    named = {name: round(float(value), 4) for name, value in zip(FEATURES, weights, strict=True)}
    print(json.dumps(named, indent=1))
    if options.write:
        known = json.loads(WEIGHTS.read_text(encoding="utf-8")) if WEIGHTS.is_file() else {}
        WEIGHTS.write_text(json.dumps(known | {"kind": named}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
