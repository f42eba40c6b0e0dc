"""Whether every paper that lay in the boxes is in the service once, with all its pages and its own words: counted from the files, not from the batch."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

import pypdfium2
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from benchmarks.backscan.papers import Drawn
from models.batches.entities import BatchItem
from models.database import reading
from models.entities import Component, Event, Scan
from models.vietnamese.folding import fold
from storage.keys import DERIVED, ORIGINALS
from storage.objects import ObjectStore

OWN_WORDS = 0.8
"""Of the words that were printed on a paper, found again in its PDF; another paper of the same form shares about half of them."""
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Found:
    """``wrong``: a line for each paper that is not there once, whole, with its own words. The rest is counted."""

    papers: int = 0
    pages: int = 0
    words: int = 0
    words_found: int = 0
    pages_failed: int = 0
    least_words: float = 1.0
    wrong: list[str] = field(default_factory=list)
    orphans: int = 0
    """Objects that no row names: left by a kill between the store and the database; they take room and mislead nobody."""


def reconcile(sessions: sessionmaker[Session], store: ObjectStore, papers: list[Drawn]) -> Found:
    """Every paper against items, scans, components, events, originals and the PDFs themselves."""
    found = Found()
    with reading(sessions) as session:
        items = Counter(session.scalars(select(BatchItem.sha256)))
        scans: dict[str, list[Scan]] = {}
        for scan in session.scalars(select(Scan).where(Scan.queue == "backscan")):
            scans.setdefault(scan.sha256, []).append(scan)
        components: dict[str, list[Component]] = {}
        for component in session.scalars(select(Component)):
            components.setdefault(component.scan_id, []).append(component)
        ended = select(Event.scan_id, func.count()).where(Event.kind == "done").group_by(Event.scan_id)
        ends: dict[str | None, int] = dict(session.execute(ended).all())
        named = {component.pdf_key for of_scan in components.values() for component in of_scan}
    for paper in papers:
        wrong = list(_of_paper(paper, items, scans, components, ends))
        if not wrong:
            (scan,) = scans[paper.sha256]
            (component,) = components[scan.id]
            found.papers += 1
            found.pages += paper.pages
            wrong += _of_bytes(store, paper, scan, component, found)
        found.wrong += [f"{paper.name}: {one}" for one in wrong]
    drawn = {paper.sha256 for paper in papers}
    found.wrong += [f"{sha}: a scan of no paper" for sha in scans if sha not in drawn]
    pdfs = [info.key for info in store.list(DERIVED) if info.key.endswith(".pdf")]
    found.orphans = sum(key not in named for key in pdfs)
    kept = {info.key.rpartition("/")[2] for info in store.list(ORIGINALS)}
    found.wrong += [f"{sha}: its original is not in the store" for sha in drawn - kept]
    return found


def _of_paper(
    paper: Drawn,
    items: Counter[str | None],
    scans: dict[str, list[Scan]],
    components: dict[str, list[Component]],
    ends: dict[str | None, int],
) -> Iterator[str]:
    if items[paper.sha256] != 1:
        yield f"{items[paper.sha256]} items"
    of_paper = scans.get(paper.sha256, [])
    if len(of_paper) != 1:
        yield f"{len(of_paper)} scans"
        return
    (scan,) = of_paper
    if scan.state != "done":
        yield f"the scan is {scan.state} ({scan.refused_code})"
    if scan.page_count != paper.pages:
        yield f"{scan.page_count} pages of {paper.pages}"
    if ends.get(scan.id) != 1:
        yield f"ended {ends.get(scan.id, 0)} times"
    if len(components.get(scan.id, [])) != 1:
        yield f"{len(components.get(scan.id, []))} papers made of it"


def _of_bytes(store: ObjectStore, paper: Drawn, scan: Scan, component: Component, found: Found) -> Iterator[str]:
    with store.open(scan.original_key) as stream:
        if sha256(stream.read()).hexdigest() != paper.sha256:
            yield "the original's bytes changed"
    assert component.pdf_key is not None
    with store.open(component.pdf_key) as stream:
        data = stream.read()
    if sha256(data).hexdigest() != component.pdf_sha256:
        yield "the PDF's bytes changed"
    document = pypdfium2.PdfDocument(data)
    if len(document) != paper.pages:
        yield f"the PDF has {len(document)} pages of {paper.pages}"
        return
    for number, text in enumerate(paper.texts):
        page = document[number].get_textpage()
        share = _count(text, page.get_text_bounded(), found)
        if share < OWN_WORDS:
            yield f"page {number + 1}: {share:.0%} of its words"
    document.close()


def _count(printed: str, read: str, found: Found) -> float:
    wanted, there = Counter(_WORD.findall(fold(printed))), Counter(_WORD.findall(fold(read)))
    same, total = (wanted & there).total(), wanted.total()
    found.words, found.words_found = found.words + total, found.words_found + same
    share = same / total if total else 1.0
    found.least_words = min(found.least_words, share)
    return share
