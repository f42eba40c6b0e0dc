"""A whole scan understood: its papers one after the other, each with its type and fields (TT 01/2023/TT-VPCP Điều 8-9)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from models.catalog import Catalog
from models.local_time import local_day
from models.rules.scan_quality import BELOW, below_the_rule
from workers.classify.certified import read_copy_stamps
from workers.classify.extract import Code, Evidence, extract
from workers.classify.extract.head_slots import head_values
from workers.classify.kind import Choice, TypeGuess, classify
from workers.classify.learn import Learned, classify_learned
from workers.classify.separators import Separator
from workers.classify.split import as_told, split
from workers.page import PageOutcome
from workers.steps.signatures import Signature

SURE_BORDER: Final = 0.8
"""A paper whose beginning and holding together are less sure is flagged for a person."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One component. ``pages``: page numbers of the scan, in order; a separator sheet belongs to none.

    ``attributes``: what it says of itself (``models.rules.scope``). ``fields``: by name, as the contract has them, ``None`` for one of which nothing is known; nothing is made up. ``flags``: what a person
    should look at: {code, page, field, box, detail}. ``key``: of the separator sheet before it.
    """

    pages: tuple[int, ...]
    kind: TypeGuess
    attributes: frozenset[str]
    fields: dict[str, dict[str, Any] | None]
    flags: tuple[dict[str, Any], ...] = ()
    key: str | None = None

    @property
    def title(self) -> str:
        """The paper's own name, else nothing."""
        return str((self.fields.get("title") or {}).get("value") or "")


def without_pictures(outcome: PageOutcome) -> PageOutcome:
    """What understanding needs of a page: its words and not its bytes, so that a thousand pages fit into memory."""
    return replace(outcome, source=None, fallback_jpeg=None, preview=None, overlays=())


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of the whole file. ``scanned``: its day at +07:00. ``signed``: local days of its sound digital signatures."""

    scanned: date | None = None
    signed: tuple[date, ...] = ()

    @staticmethod
    def of(scanned: date, signatures: Iterable[Signature]) -> FileFacts:
        """Signatures that are broken, or can't be checked, witness nothing."""
        sound = [one.signed_at for one in signatures if one.signed_at and one.intact and one.valid]
        return FileFacts(scanned, tuple(local_day(at) for at in sound))


def understand(
    pages: Sequence[PageOutcome],
    catalog: Catalog,
    facts: FileFacts,
    learned: Learned | None = None,
    *,
    begins: Collection[int] | None = None,
) -> tuple[Paper, ...]:
    """The papers of a scan in page order. Separator sheets are in none; a file that holds nothing else is one paper of unknown type.

    ``learned``: what this installation's reviews taught, else the program's own weights alone. ``begins``: numbers of the pages at which papers
    begin, where a person has said so; the first page and the one behind a separator sheet always begin one.
    """
    learned = learned.only(catalog.paper_types) if learned else None
    runs = split(pages, catalog)
    if begins is not None:
        runs = as_told(runs, {place for place, page in enumerate(pages) if page.number in begins})
    if not runs and pages:
        return (_paper(pages, catalog, facts, learned, certainty=1.0, separator=None),)
    return tuple(
        _paper(
            [pages[place] for place in run.pages],
            catalog,
            facts,
            learned,
            certainty=run.certainty,
            separator=run.separator,
        )
        for run in runs
    )


def _paper(
    pages: Sequence[PageOutcome],
    catalog: Catalog,
    facts: FileFacts,
    learned: Learned | None,
    *,
    certainty: float,
    separator: Separator | None,
) -> Paper:
    guess = classify_learned(pages, catalog, learned) if learned else classify(pages, catalog)
    kind = _announced(guess, separator, catalog)
    evidence = Evidence(
        scanned=facts.scanned,
        signed=facts.signed,
        codes=[Code(page.number, code.text, code.box) for page in pages for code in page.barcodes],
        settled=head_values(pages, signed=facts.signed, scanned=facts.scanned),
    )
    found = extract(pages, catalog.paper_type(kind.id) if kind.id else None, catalog, evidence)
    stamps = read_copy_stamps(pages)
    flags = [_flag(code) for code in found.flags]
    if certainty < SURE_BORDER:
        flags.append(_flag("BORDER_UNSURE", page=pages[0].number))
    return Paper(
        pages=tuple(page.number for page in pages),
        kind=kind,
        attributes=kind.attributes | stamps.attributes,
        fields=found.as_json() | {name: field.as_json() for name, field in stamps.fields.items()},
        flags=(*flags, *_below(pages)),
        key=separator.key if separator else None,
    )


def _announced(guess: TypeGuess, separator: Separator | None, catalog: Catalog) -> TypeGuess:
    """A separator sheet that names the type of what follows is a person's word on it."""
    if separator is None or separator.paper_type is None or catalog.paper_type(separator.paper_type) is None:
        return guess
    others = tuple(other for other in guess.alternatives if other.id != separator.paper_type)
    return replace(
        guess, id=separator.paper_type, score=1.0, alternatives=(Choice(separator.paper_type, 1.0), *others[:2])
    )


def _flag(code: str, *, page: int | None = None, detail: str = "") -> dict[str, Any]:
    return {"code": code, "page": page, "field": None, "box": None, "detail": detail}


def _below(pages: Sequence[PageOutcome]) -> list[dict[str, Any]]:
    """Pages that are less than the rule for scans asks (R6); a blank side has nothing to lose."""
    return [
        _flag(code, page=page.number, detail=BELOW[code][1])
        for page in pages
        if not page.blank
        for code in below_the_rule(page.warnings)
    ]
