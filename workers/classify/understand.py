"""A whole scan understood: its papers one after the other, each with its type and fields (TT 01/2023/TT-VPCP Điều 8-9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from models.catalog import Catalog
from models.rules.scan_quality import BELOW, below_the_rule
from workers.classify.extract import Evidence, extract
from workers.classify.kind import TypeGuess, classify
from workers.classify.split import split
from workers.page import PageOutcome


@dataclass(frozen=True, slots=True)
class Paper:
    """One component. ``pages``: page numbers of the scan, in order; a separator sheet belongs to none.

    ``fields``: by name, as the contract has them, ``None`` for one of which nothing is known; nothing is made up. ``flags``: what a person
    should look at.
    """

    pages: tuple[int, ...]
    kind: TypeGuess
    fields: dict[str, dict[str, Any] | None]
    flags: tuple[dict[str, Any], ...] = ()

    @property
    def title(self) -> str:
        """The paper's own name, else nothing."""
        return str((self.fields.get("title") or {}).get("value") or "")


def without_pictures(outcome: PageOutcome) -> PageOutcome:
    """What understanding needs of a page: its words and not its bytes, so that a thousand pages fit into memory."""
    return replace(outcome, source=None, fallback_jpeg=None, preview=None, overlays=())


def understand(pages: Sequence[PageOutcome], catalog: Catalog, evidence: Evidence) -> tuple[Paper, ...]:
    """The papers of a scan in page order; never fewer than one for a scan that has a page which is no separator."""
    papers = []
    for run in split(pages, catalog):
        kind = classify(run, catalog)
        paper = catalog.paper_type(kind.id) if kind.id else None
        found = extract(run, paper, catalog, evidence)
        papers.append(Paper(tuple(page.number for page in run), kind, found.fields_json(), tuple(found.flags_json())))
    return tuple(papers)


def _below(pages: Sequence[PageOutcome]) -> list[dict[str, Any]]:
    """Pages that are less than the rule for scans asks (R6); a blank side has nothing to lose."""
    return [
        {"code": code, "page": page.number, "field": None, "box": None, "detail": BELOW[code][1]}
        for page in pages
        if not page.blank
        for code in below_the_rule(page.warnings)
    ]
