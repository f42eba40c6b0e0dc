"""Mixed stacks of drawn papers, read with slips: what the borders are tuned on and tried on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from sample_scans.generator import KINDS, write_paper
from sample_scans.people import make_cast
from sample_scans.stack import EXTRAS, LONG
from sample_scans.wear import subseed
from training.kinds.papers import DPI
from training.kinds.readings import STRENGTHS, Slips, read_draft
from workers.classify.separators import Separator
from workers.page import Barcode, BarcodeKind, PageOutcome


@dataclass(frozen=True, slots=True)
class Stack:
    """``starts``: places of the first page of each paper, from 0; ``kinds``: of the papers."""

    pages: tuple[PageOutcome, ...]
    starts: frozenset[int]
    kinds: tuple[str, ...]


def stack(seed: int, length: int = 40, strength: float | None = None, kinds: Sequence[str] = KINDS) -> Stack:
    """Papers one after another until there are ``length`` pages or more, a third of kinds with several pages. Blank backs in four of ten, separators in two of ten."""
    rng = Random(subseed(seed, "stack of readings"))
    slips = Slips(rng.choice(STRENGTHS) if strength is None else strength)
    duplex, separated = rng.random() < 0.4, rng.random() < 0.2
    pages: list[PageOutcome] = []
    starts: set[int] = set()
    laid: list[str] = []
    cast = make_cast(Random(subseed(seed, "cast")))
    while len(pages) < length:
        if rng.random() < 0.2:
            cast = make_cast(Random(subseed(seed, "cast", len(pages))))
        kind = rng.choice(LONG if rng.random() < 0.33 else tuple(kinds))
        extras = (rng.choice(EXTRAS),) if rng.random() < 0.2 else ()
        draft = write_paper(kind, subseed(seed, len(pages)) % 10**9, dpi=DPI, cast=cast, attributes=extras)
        if separated:
            code = Barcode(BarcodeKind.QR, Separator().payload, (300, 300, 530, 530))
            pages.append(PageOutcome(1, 827, 1169, DPI, barcodes=(code,)))
        starts.add(len(pages))
        laid.append(kind)
        read = read_draft(draft, slips, rng)
        pages.extend(read)
        if duplex and len(read) % 2:
            pages.append(PageOutcome(1, 827, 1169, DPI, blank=True))
    numbered = tuple(replace(page, number=number) for number, page in enumerate(pages, 1))
    return Stack(numbered, frozenset(starts), tuple(laid))
