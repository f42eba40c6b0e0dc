"""A scan's pages as a person arranged them: turned pages are read again, papers whose pages are others now understood and made anew.

Papers that keep their pages are left alone, with all that was corrected in them. The scan stays ``done`` meanwhile: whoever looks sees
what was there until all of it is replaced in one transaction. What is read again lies under keys of its own until then and after it, so
that pictures and words are never others than the rows say; what stood before stays as earlier versions do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import arrangements
from models.database import reading
from models.entities import Component, Dispatch, Dossier, Page, Scan, ScanState
from models.local_time import local_day
from storage.keys import component_pdf_key
from workers.classify.secrecy import secrecy_mark
from workers.classify.understand import FileFacts, Paper, understand, without_pictures
from workers.jobs import arranged_rows
from workers.jobs.arranged_rows import Asked, Leaf, Work
from workers.jobs.assemble_scan import Made, Source, make_pdf, outcomes_of, signatures_of
from workers.jobs.common import nothing
from workers.jobs.inventory_keys import codes_of
from workers.jobs.read_page import put_outcome
from workers.jobs.secret import block_secret
from workers.leases import Job
from workers.page import PageOutcome
from workers.pipeline import read_page
from workers.runner import Save
from workers.runtime import Runtime

log = structlog.get_logger(__name__)


class ArrangeScan:
    def work(self, runtime: Runtime, job: Job) -> Save:
        asked = _asked(runtime, job)
        if asked is None:
            return nothing
        scan = asked.scan
        info = runtime.originals.open(runtime.store, scan.original_key, scan.sha256)
        read: dict[int, PageOutcome] = {}
        for leaf in asked.leaves:
            if leaf.rotation is None:
                continue
            outcome = read_page(info, leaf.source, runtime.engine, runtime.settings.limits, rotation=leaf.rotation)
            mark = secrecy_mark(outcome)
            if mark is not None:
                log.warning("secret material", page=leaf.number)
                return block_secret(runtime, scan.id, leaf.number, mark.named)
            read[leaf.source] = outcome
        keys = {source: put_outcome(runtime, scan.id, outcome, info, asked.version) for source, outcome in read.items()}
        with reading(runtime.sessions) as session:
            catalog = runtime.catalog.get(session)
        signed = signatures_of(info, runtime.settings.limits)
        stay = [leaf for leaf in asked.leaves if not leaf.left_out]
        words = [without_pictures(outcome) for outcome in _each(runtime, stay, read)]
        learned = runtime.learned.get(runtime.sessions, runtime.store)
        facts = FileFacts.of(local_day(scan.created_at), signed)
        papers = understand(words, catalog, facts, learned, begins=asked.begins)
        if any(paper.pages[-1] - paper.pages[0] >= len(paper.pages) for paper in papers):
            raise ValueError("a page that is left out lies inside a paper")
        source = Source(scan, asked.dossier, info, bool(signed))
        made: list[Made | Paper] = [
            paper
            if asked.in_file(paper) in asked.papers and read.keys().isdisjoint(asked.in_file(paper))
            else make_pdf(
                runtime,
                source,
                _each(runtime, [asked.leaves[number - 1] for number in paper.pages], read),
                paper,
                component_pdf_key(scan.id, position, asked.version),
            )
            for position, paper in enumerate(papers, 1)
        ]
        work = Work(made, read, keys, codes_of(words))

        def save(session: Session) -> Sequence[Dispatch]:
            arranged_rows.save(runtime, session, asked, work)
            return ()

        return save

    def give_up(self, runtime: Runtime, job: Job, error: str) -> Save:
        """All stays as it was; the scan's page says that it could not be done."""
        log.error("scan could not be arranged", error=error)

        def save(session: Session) -> Sequence[Dispatch]:
            scan = session.get(Scan, job.scan_id) if job.scan_id else None
            if scan is not None and _is_asked(scan, job):
                arranged_rows.failed(runtime, session, scan, {})
            return ()

        return save


def _is_asked(scan: Scan, job: Job) -> bool:
    """Whether this job's arrangement is the one that is still to be done."""
    return arrangements.is_pending(scan) and _serial(job) == (scan.arrangement or {}).get("serial")


def _serial(job: Job) -> int:
    return int(job.subject.rpartition("/")[2])


def _asked(runtime: Runtime, job: Job) -> Asked | None:
    with reading(runtime.sessions) as session:
        scan = session.get(Scan, job.scan_id) if job.scan_id else None
        if scan is None or scan.state != ScanState.DONE or not _is_asked(scan, job):
            return None
        pages = {page.source_number: page for page in arrangements.pages_now(session, scan.id)}
        components = session.scalars(select(Component).where(Component.scan_id == scan.id))
        papers = frozenset(arranged_rows.in_file(component, pages.values()) for component in components)
        wanted: dict[str, Any] = scan.arrangement or {}
        order: list[int] = wanted.get("order") or list(pages)  # as it is, of a scan that is put back
        left_out = set(wanted.get("left_out", (source for source, page in pages.items() if page.left_out)))
        rotation: dict[str, int] = wanted.get("rotation", {})
        leaves = tuple(
            Leaf(pages[source], number, source in left_out, _to_read(pages[source], rotation))
            for number, source in enumerate(order, 1)
        )
        marked = set(wanted["begins"])
        begins = frozenset(leaf.number for leaf in leaves if leaf.source in marked)
        return Asked(scan, session.get_one(Dossier, scan.dossier_id), leaves, papers, begins, _serial(job))


def _to_read(page: Page, rotation: Mapping[str, int]) -> int | None:
    """How the page is to lie, where it lies otherwise than a person wants it."""
    wanted = rotation.get(str(page.source_number), page.rotation)
    return None if wanted == page.rotation else wanted


def _each(runtime: Runtime, leaves: Sequence[Leaf], read: Mapping[int, PageOutcome]) -> Iterator[PageOutcome]:
    """One at a time, with their new numbers; those just read again as they are now."""
    for leaf in leaves:
        outcome = read[leaf.source] if leaf.source in read else next(outcomes_of(runtime, [leaf.page]))
        yield replace(outcome, number=leaf.number)
