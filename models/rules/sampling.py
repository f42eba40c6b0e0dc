"""Which papers a second person looks at: a stratified sample that anybody can draw again.

Within a stratum papers are taken by rank, the SHA-256 of seed and name, so that nobody chooses and the same seed, papers and share give the same
sample on every machine. Strata share the sample by the method of largest remainders (Hamilton's; each gets its whole quota, what is left goes to
the largest fractions); one that would get none gets one on top. What was drawn stays drawn when papers are added: it counts for its stratum's part.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from hashlib import sha256
from typing import Final, TypeVar

Stratum = TypeVar("Stratum", bound="str | tuple[str, ...]")

DOUBT_BELOW: Final = (Fraction(1, 2), Fraction(4, 5))
"""Limits of the bands of doubt by the lowest confidence of a paper: what reviewing calls hard to read, and what it underlines. Our own choice."""
BANDS: Final = ("high", "middle", "low")
"""Of doubt, the most doubtful first."""


def rank(seed: str, name: str) -> str:
    """Where ``name`` stands in the order of ``seed``: 64 hex digits, compared as text."""
    return sha256(f"{seed}/{name}".encode()).hexdigest()


def band(lowest: float | None) -> str:
    """How doubtful a paper is by its lowest confidence, 0..1; ``None``: nothing is known, which is the most doubtful."""
    if lowest is None:
        return BANDS[0]
    return next((name for name, limit in zip(BANDS, DOUBT_BELOW, strict=False) if lowest < limit), BANDS[-1])


def allocate(sizes: Mapping[Stratum, int], share: Fraction) -> dict[Stratum, int]:
    """How many of each stratum's papers are drawn: ``share`` (0..1) of all, rounded up, by largest remainders; at least one of each that has any.

    No stratum gives more than it has. Ties go to the larger stratum, then by name. ``ValueError`` for a share that is none.
    """
    if not 0 <= share <= 1:
        raise ValueError("a share is 0..1")
    filled = {name: size for name, size in sizes.items() if size > 0}
    total = sum(filled.values())
    if not total or not share:
        return dict.fromkeys(sizes, 0)
    wanted = -(-share.numerator * total // share.denominator)
    quotas = {name: Fraction(wanted * size, total) for name, size in filled.items()}
    given = {name: quota.numerator // quota.denominator for name, quota in quotas.items()}
    order = sorted(filled, key=lambda name: (given[name] - quotas[name], -filled[name], name))
    for name in order[: wanted - sum(given.values())]:
        given[name] += 1
    return {name: max(1, given[name]) if name in filled else 0 for name in sizes}


def draw(
    strata: Mapping[Stratum, Collection[str]], share: Fraction, seed: str, drawn: Collection[str] = ()
) -> dict[Stratum, tuple[str, ...]]:
    """The sample of each stratum by rank, with what was ``drawn`` of it before."""
    before = frozenset(drawn)
    parts = allocate({name: len(papers) for name, papers in strata.items()}, share)
    sample: dict[Stratum, tuple[str, ...]] = {}
    for name, papers in strata.items():
        kept = [paper for paper in papers if paper in before]
        others = sorted((paper for paper in papers if paper not in before), key=lambda paper: rank(seed, paper))
        chosen = [*kept, *others[: max(0, parts[name] - len(kept))]]
        sample[name] = tuple(sorted(chosen, key=lambda paper: rank(seed, paper)))
    return sample
