"""Every page has an outcome: the papers of the scan are told apart and understood, each gets its searchable PDF, then it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import events
from models.batches.quality import rescans
from models.database import reading
from models.entities import Component, Dispatch, Dossier, Page, Scan, ScanState
from models.lifecycle import SCAN_ENDS, move_scan
from models.local_time import local_day
from storage.keys import component_pdf_key, first_look_key
from storage.objects import ObjectInfo
from workers.classify.understand import FileFacts, Paper, understand, without_pictures
from workers.jobs.common import OUR_DEFECT, end_scan, load_scan, nothing
from workers.jobs.inventory_keys import Codes, codes_of, keep_keys, told_begins
from workers.jobs.once import put_back
from workers.leases import Job
from workers.limits import Limits
from workers.names import Queue
from workers.outcome_codec import decode
from workers.page import DocumentInfo, Failure, PageOutcome
from workers.pdf.metadata import OF_SIGNED
from workers.pdf.searchable import PdfMetadata, build_pdf
from workers.runner import Save
from workers.runtime import Runtime
from workers.steps.decode.kinds import PDF
from workers.steps.signatures import Signature, signatures

log = structlog.get_logger(__name__)

VERSION = 1


@dataclass(frozen=True, slots=True)
class Made:
    """A paper and its PDF in the store."""

    paper: Paper
    pdf: ObjectInfo


@dataclass(frozen=True, slots=True)
class Source:
    """What a paper's PDF is made of besides its pages. ``signed``: the posted file bears digital signatures."""

    scan: Scan
    dossier: Dossier
    info: DocumentInfo
    signed: bool


class AssembleScan:
    def work(self, runtime: Runtime, job: Job) -> Save:
        scan = load_scan(runtime, job.scan_id)
        if scan is None:
            return nothing
        with reading(runtime.sessions) as session:
            dossier = session.get_one(Dossier, scan.dossier_id)
            pages = list(session.scalars(select(Page).where(Page.scan_id == scan.id).order_by(Page.number)))
            catalog = runtime.catalog.get(session)
            begins = told_begins(session, scan)
        info = runtime.originals.open(runtime.store, scan.original_key, scan.sha256)
        signed = signatures_of(info, runtime.settings.limits)
        words = [without_pictures(outcome) for outcome in outcomes_of(runtime, pages)]
        learned = runtime.learned.get(runtime.sessions, runtime.store)
        papers = understand(words, catalog, FileFacts.of(local_day(scan.created_at), signed), learned, begins=begins)
        source = Source(scan, dossier, info, bool(signed))
        made = [
            make_pdf(runtime, source, outcomes_of(runtime, [pages[number - 1] for number in paper.pages]), paper, key)
            for paper, key in (
                (paper, component_pdf_key(scan.id, position, VERSION)) for position, paper in enumerate(papers, 1)
            )
        ]
        _forget_first_looks(runtime, scan, pages)
        return _saver(runtime, scan.id, codes_of(words), made, signed)

    def give_up(self, runtime: Runtime, job: Job, error: str) -> Save:
        _ = runtime
        log.error("scan could not be assembled", error=error)
        return end_scan(job.scan_id, ScanState.FAILED, OUR_DEFECT, "the PDF could not be made in any attempt")


def _forget_first_looks(runtime: Runtime, scan: Scan, pages: Sequence[Page]) -> None:
    """Pictures that the pages' own have taken the place of; a back-scan has none."""
    if scan.queue == Queue.BACKSCAN:
        return
    for page in pages:
        if page.image_key != (key := first_look_key(scan.id, page.source_number)):
            runtime.store.delete(key)


def signatures_of(info: DocumentInfo, limits: Limits) -> tuple[Signature, ...]:
    found = signatures(info, limits)
    return (
        (Signature(None, problem="the file is signed in a way that can't be understood"),) if found is None else found
    )


def _title(scan: Scan, dossier: Dossier) -> str:
    return dossier.title or f"{dossier.code} {scan.filename}".strip()


def outcomes_of(runtime: Runtime, pages: Sequence[Page]) -> Iterator[PageOutcome]:
    """One at a time, so that a thousand pages don't lie in memory together. Numbered as the pages are now, not as they were when they were read."""
    for page in pages:
        if page.words_key is None:  # no worker lived long enough to keep one
            failure = Failure(page.failure_code or OUR_DEFECT, page.failure_detail or "")
            yield PageOutcome(page.number, failure=failure)
            continue
        with runtime.store.open(page.words_key) as stream:
            blob = stream.read()
        yield replace(decode(blob), number=page.number)


def make_pdf(runtime: Runtime, source: Source, outcomes: Iterator[PageOutcome], paper: Paper, key: str) -> Made:
    """The paper's searchable PDF, put into the store under ``key``; a second run writes the same bytes."""
    with runtime.scratch.work() as folder:
        out = folder / "component.pdf"
        report = build_pdf(
            (put_back(outcome, source.info.path) for outcome in outcomes),
            out,
            source_pdf=source.info.path if source.info.media_type == PDF else None,
            metadata=PdfMetadata(
                title=paper.title or _title(source.scan, source.dossier),
                created=source.scan.created_at,  # and not the present
                source_sha256=source.scan.sha256,
                subject=OF_SIGNED if source.signed else "",
            ),
        )
        with out.open("rb") as stream:
            stored = runtime.store.put(key, stream, media_type=PDF, overwrite=True)
    log.info(
        "assembled",
        key=key,
        pages=len(paper.pages),
        paper_type=paper.kind.id,
        bytes=report.bytes,
        pdfa=report.pdfa_level,
        pdfa_reason=report.pdfa_reason,
    )
    return Made(paper, stored)


def _saver(runtime: Runtime, scan_id: str, codes: Codes, made: Sequence[Made], signed: Sequence[Signature]) -> Save:
    def save(session: Session) -> Sequence[Dispatch]:
        events.hold_order(session, scan_id)
        scan = session.get(Scan, scan_id)
        if scan is None or scan.state in SCAN_ENDS:
            return ()
        scan.signatures = [signature.as_json() for signature in signed]
        components = []
        for position, one in enumerate(made, 1):
            component = _component(session, scan, position)
            fill_component(component, one)
            session.flush()
            runtime.index.index_component(session, component.id)
            components.append(component)
        links = [component_link(component) for component in components]
        move_scan(session, scan, ScanState.DONE, data={"pages": len(codes), "components": links})
        rescans.take_place(session, scan.id, components, runtime.index)
        keep_keys(session, scan, zip(components, [one.paper for one in made], strict=True), codes)
        return ()

    return save


def _component(session: Session, scan: Scan, position: int) -> Component:
    found = session.scalar(select(Component).where(Component.scan_id == scan.id, Component.position == position))
    if found is None:
        found = Component(scan_id=scan.id, dossier_id=scan.dossier_id, agency_id=scan.agency_id, position=position)
        session.add(found)
    return found


def fill_component(component: Component, made: Made) -> None:
    paper = made.paper
    component.first_page, component.last_page = paper.pages[0], paper.pages[-1]
    component.paper_type, component.paper_type_score = paper.kind.id, paper.kind.score
    component.paper_type_alternatives = [{"id": other.id, "score": other.score} for other in paper.kind.alternatives]
    component.title = paper.title[:300]
    component.fields = paper.fields
    component.attributes = sorted(paper.attributes)
    component.flags = list(paper.flags)
    component.pdf_key, component.pdf_bytes, component.pdf_sha256 = made.pdf.key, made.pdf.size, made.pdf.sha256


def component_link(component: Component) -> dict[str, Any]:
    return {
        "id": component.id,
        "position": component.position,
        "pages": [component.first_page, component.last_page],
        "paper_type": component.paper_type,
        "title": component.title,
        "url": f"/api/v1/components/{component.id}",
        "pdf": f"/api/v1/components/{component.id}/pdf",
    }
