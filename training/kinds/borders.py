"""``python -m training.kinds.borders [--stacks 60] [--write]``: tunes where papers of a stack begin, and says how well that is found.

Data: mixed stacks of drawn papers (``training.kinds.stacks``), seeds 1.. to tune on and from 5001 on to judge by. A feature that speaks for a border
never gets a negative weight, nor one against it a positive one: with some hundred papers chance would turn a few.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from models.catalog import default_catalog
from training.kinds.stacks import Stack, stack
from workers.classify.borders import BORDER_FEATURES, GOING_ON, STARTING, border_row
from workers.classify.evidence import Page, Reader
from workers.classify.separators import is_separator
from workers.classify.split import is_empty, known_type, split_pages
from workers.classify.versions import WEIGHTS

DECAY = 0.0003
PRIOR = {
    "headless_act": -2.0,
    "page_follows": -3.0,
    "page_later": -1.0,
    "small_letter": -1.5,
    "same_table": -2.0,
    "same_head": -1.5,
    "open": -0.5,
}
"""What the weights decay to where it isn't 0: drawn papers have no tables over pages, no running heads, and few pages that begin in a sentence."""


MOST = {"top_line": 2.2, "other_size": 0.0}
"""Weights that may not grow further: what is attached to an act, a table across the sheet without PHỤ LỤC over it, looks like a paper of no class, and
cutting one paper in two is worse than leaving two together that a person is asked about. Drawn stacks have the one and not the other."""


def rows_of(made: Sequence[Stack], reader: Reader) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rows of all pages with text before which there is one, and whether a paper begins there."""
    rows, right = [], []
    for one in made:
        before: Page | None = None
        written = 0  # pages with text of the paper so far
        for place, outcome in enumerate(one.pages):
            page = reader.page(outcome)
            if is_separator(outcome):
                before, written = None, 0
                continue
            if is_empty(page):
                continue
            begins = place in one.starts
            if before is not None:
                rows.append(border_row(page, before, known_type(page, reader), written))
                right.append(float(begins))
            before = page
            written = 1 if begins else written + 1
    return np.array(rows), np.array(right)


def fit(rows: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic regression within the signs that the features have by their meaning."""
    signs = np.where(right > 0, 1.0, -1.0)
    weight = np.where(right > 0, 0.5 / max(1.0, right.sum()), 0.5 / max(1.0, (1 - right).sum()))

    prior = np.array([PRIOR.get(name, 0.0) for name in BORDER_FEATURES])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = signs * (rows @ weights)
        value = (weight * np.logaddexp(0, -margin)).sum() + DECAY * ((weights - prior)[1:] ** 2).sum()
        slope = -(weight * signs / (1 + np.exp(margin))) @ rows
        slope[1:] += 2 * DECAY * (weights - prior)[1:]
        return float(value), slope

    bounds = [
        (0, MOST.get(name)) if name in STARTING else (None, 0) if name in GOING_ON else (None, MOST.get(name))
        for name in BORDER_FEATURES
    ]
    found = minimize(loss, prior, jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x)


def judge(name: str, made: Sequence[Stack], reader: Reader) -> None:
    """Precision, recall and F1 of the borders, the first page of a stack not counted."""
    hit = missed = false = whole = 0
    lost: Counter[str] = Counter()
    for one in made:
        runs = split_pages([reader.page(page) for page in one.pages], reader)
        found = {run.pages[0] for run in runs} - {0}
        wanted = one.starts - {0}
        hit += len(found & wanted)
        missed += len(wanted - found)
        false += len(found - wanted)
        whole += found == wanted
        order = sorted(one.starts)
        lost.update("missed " + one.kinds[order.index(place)] for place in wanted - found)
        lost.update("false in " + one.kinds[sum(start <= place for start in order) - 1] for place in found - wanted)
    print(
        f"{name}: precision {hit / (hit + false):.4f} recall {hit / (hit + missed):.4f} F1 {2 * hit / (2 * hit + missed + false):.4f}"
    )
    print(
        f"  {whole} of {len(made)} stacks without a slip;",
        ", ".join(f"{count} {what}" for what, count in lost.most_common(15)),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stacks", type=int, default=60)
    parser.add_argument("--write", action="store_true", help="write workers/classify/weights.json")
    options = parser.parse_args()
    reader = Reader(default_catalog())
    made = [stack(seed) for seed in range(1, 1 + options.stacks)]
    rows, right = rows_of(made, reader)
    weights = fit(rows, right)
    named = {name: round(float(value), 4) for name, value in zip(BORDER_FEATURES, weights, strict=True)}
    print(json.dumps(named, indent=1))
    said = rows @ weights > 0
    print(f"rows: {len(rows)}, right {np.mean(said == right):.4f}")
    if options.write:
        known = json.loads(WEIGHTS.read_text(encoding="utf-8"))
        WEIGHTS.write_text(json.dumps(known | {"border": named}, indent=1) + "\n", encoding="utf-8")
    judge("tuned on", made, reader)
    judge("others", [stack(seed) for seed in range(5001, 5001 + max(5, options.stacks // 2))], reader)


if __name__ == "__main__":
    main()
