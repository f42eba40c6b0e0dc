"""What a back-scan's batch says of a scan's papers, for the jobs that part and join them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from models.batches import papers as batch_papers
from models.entities import Component, Scan
from workers.classify.separators import parse_separator
from workers.classify.understand import Paper
from workers.names import Queue
from workers.page import PageOutcome

Codes = Mapping[int, Sequence[str]]
"""What the codes of every page say, by its number."""


def codes_of(pages: Iterable[PageOutcome]) -> Codes:
    """Separators' own codes are no paper's."""
    return {page.number: [code.text for code in page.barcodes if parse_separator(code.text) is None] for page in pages}


def told_begins(session: Session, scan: Scan) -> frozenset[int] | None:
    """Where papers begin, as ``understand`` takes it: a batch's file that is one paper begins on its first page only."""
    if scan.queue != Queue.BACKSCAN or not batch_papers.is_one_paper(session, scan.id):
        return None
    return frozenset({1})


def keep_keys(session: Session, scan: Scan, papers: Iterable[tuple[Component, Paper]], codes: Codes) -> None:
    """In the transaction that saves the papers."""
    if scan.queue != Queue.BACKSCAN:
        return
    told = [
        batch_papers.Told(component, paper.key, [text for number in paper.pages for text in codes.get(number, ())])
        for component, paper in papers
    ]
    batch_papers.keep_keys(session, scan.id, told)
