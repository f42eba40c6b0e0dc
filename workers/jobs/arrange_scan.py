"""A scan's pages as a person arranged them: turned pages are read again, papers whose pages are others now understood and made anew.

Papers that keep their pages are left alone, with all that was corrected in them. The scan stays ``done`` meanwhile: whoever looks sees
what was there until all of it is replaced in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import arrangements, corrections, events, lifecycle
from models.database import reading
from models.entities import Component, Dispatch, Dossier, Page, Scan, ScanState
from models.local_time import local_day
from storage.keys import component_pdf_key
from workers.classify.secrecy import secrecy_mark
from workers.classify.understand import FileFacts, Paper, understand, without_pictures
from workers.jobs.assemble_scan import (
    VERSION,
    Made,
    Source,
    component_link,
    fill_component,
    make_pdf,
    outcomes_of,
    signatures_of,
)
from workers.jobs.common import nothing
from workers.jobs.read_page import fill_page, put_outcome
from workers.jobs.secret import block_secret
from workers.leases import Job
from workers.page import PageOutcome
from workers.pipeline import read_page
from workers.runner import Save
from workers.runtime import Runtime

log = structlog.get_logger(__name__)

Pages = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Asked:
    scan: Scan
    dossier: Dossier
    pages: list[Page]
    papers: frozenset[Pages]  # that there are
    serial: int

    @property
    def begins(self) -> frozenset[int]:
        return frozenset((self.scan.arrangement or {})["begins"])

    @property
    def rotation(self) -> Mapping[int, int]:
        """Of the pages that lie otherwise than a person wants them."""
        wanted: dict[str, int] = (self.scan.arrangement or {}).get("rotation", {})
        return {page.number: wanted[key] for page in self.pages if wanted.get(key := str(page.number), page.rotation) != page.rotation}  # fmt: skip


class ArrangeScan:
    def work(self, runtime: Runtime, job: Job) -> Save:
        asked = _asked(runtime, job)
        if asked is None:
            return nothing
        scan = asked.scan
        info = runtime.originals.open(runtime.store, scan.original_key, scan.sha256)
        read: dict[int, PageOutcome] = {}
        for number, rotation in asked.rotation.items():
            outcome = read_page(info, number, runtime.engine, runtime.settings.limits, rotation=rotation)
            mark = secrecy_mark(outcome)
            if mark is not None:
                log.warning("secret material", page=number)
                return block_secret(runtime, scan.id, number, mark.named)
            read[number] = outcome
        keys = {number: put_outcome(runtime, scan.id, outcome) for number, outcome in read.items()}
        with reading(runtime.sessions) as session:
            catalog = runtime.catalog.get(session)
        signed = signatures_of(info, runtime.settings.limits)
        words = [without_pictures(outcome) for outcome in _each(runtime, asked.pages, read)]
        learned = runtime.learned.get(runtime.sessions, runtime.store)
        facts = FileFacts.of(local_day(scan.created_at), signed)
        papers = understand(words, catalog, facts, learned, begins=asked.begins)
        source = Source(scan, asked.dossier, info, bool(signed))
        made: list[Made | Paper] = [
            paper
            if _pages(paper) in asked.papers and not read.keys() & set(paper.pages)
            else make_pdf(
                runtime,
                source,
                _each(runtime, [page for page in asked.pages if page.number in paper.pages], read),
                paper,
                component_pdf_key(scan.id, position, VERSION + asked.serial),
            )
            for position, paper in enumerate(papers, 1)
        ]
        return _saver(runtime, asked, made, read, keys)

    def give_up(self, runtime: Runtime, job: Job, error: str) -> Save:
        """All stays as it was; the scan's page says that it could not be done."""
        log.error("scan could not be arranged", error=error)

        def save(session: Session) -> Sequence[Dispatch]:
            scan = session.get(Scan, job.scan_id) if job.scan_id else None
            if scan is not None and arrangements.is_pending(scan):
                _ended(session, scan, kind="arrangement_failed", data={})
            return ()

        _ = runtime
        return save


def _asked(runtime: Runtime, job: Job) -> _Asked | None:
    with reading(runtime.sessions) as session:
        scan = session.get(Scan, job.scan_id) if job.scan_id else None
        if scan is None or scan.state != ScanState.DONE or not arrangements.is_pending(scan):
            return None
        serial = int(job.subject.rpartition("/")[2])
        if serial != (scan.arrangement or {}).get("serial"):
            return None
        pages = list(session.scalars(select(Page).where(Page.scan_id == scan.id).order_by(Page.number)))
        papers = frozenset((one.first_page, one.last_page) for one in _components(session, scan.id))
        return _Asked(scan, session.get_one(Dossier, scan.dossier_id), pages, papers, serial)


def _components(session: Session, scan_id: str) -> list[Component]:
    return list(session.scalars(select(Component).where(Component.scan_id == scan_id).order_by(Component.position)))


def _each(runtime: Runtime, pages: Sequence[Page], read: Mapping[int, PageOutcome]) -> Iterator[PageOutcome]:
    """One at a time; those just read again as they are now."""
    for page in pages:
        yield read[page.number] if page.number in read else next(outcomes_of(runtime, [page]))


def _pages(paper: Paper) -> Pages:
    return paper.pages[0], paper.pages[-1]


def _saver(
    runtime: Runtime,
    asked: _Asked,
    made: Sequence[Made | Paper],
    read: Mapping[int, PageOutcome],
    keys: Mapping[int, Mapping[str, str | None]],
) -> Save:
    def save(session: Session) -> Sequence[Dispatch]:
        events.hold_order(session, asked.scan.id)
        scan = session.get(Scan, asked.scan.id, populate_existing=True)
        if scan is None or not arrangements.is_pending(scan) or (scan.arrangement or {})["serial"] != asked.serial:
            return ()
        there = _components(session, scan.id)
        kept = {_pages(one) for one in made if isinstance(one, Paper)}
        changing = [component for component in there if (component.first_page, component.last_page) not in kept]
        if not arrangements.may_change(changing):  # somebody confirmed one of them since it was asked
            _ended(session, scan, kind="arrangement_failed", data={"code": "PAPER_FIXED"})
            return ()
        for number, outcome in read.items():
            page = session.scalars(select(Page).where(Page.scan_id == scan.id, Page.number == number)).one()
            fill_page(page, outcome, keys[number])
        actor = str((scan.arrangement or {})["actor"])
        before = [component_link(component) for component in there]
        for place, component in enumerate(there, 1):
            component.position = -place  # two papers never have one place, not even for a moment
        session.flush()
        removed = _place(runtime, session, scan, made, there=there, changing=changing, actor=actor)
        after = [component_link(component) for component in _components(session, scan.id)]
        _ended(session, scan, kind="arranged", data={"before": before, "after": after, "removed": removed})
        return ()

    return save


def _place(
    runtime: Runtime,
    session: Session,
    scan: Scan,
    made: Sequence[Made | Paper],
    *,
    there: Sequence[Component],
    changing: list[Component],
    actor: str,
) -> list[dict[str, Any]]:
    """Every paper gets its row: its own, that of a changed paper which began on its first page, another changed one's, or a new one."""
    own = {(component.first_page, component.last_page): component for component in there if component not in changing}
    for position, one in enumerate(made, 1):
        if isinstance(one, Paper):
            own[_pages(one)].position = position
            continue
        first = one.paper.pages[0]
        found = next((component for component in changing if component.first_page == first), None)
        component = found or (changing[0] if len(changing) > _new_after(made, position, changing) else None)
        if component is None:
            component = Component(
                scan_id=scan.id, dossier_id=scan.dossier_id, agency_id=scan.agency_id, position=position
            )
            session.add(component)
            fill_component(component, one)
        else:
            changing.remove(component)
            _refill(session, component, one, actor)
            component.position = position
        session.flush()
        runtime.index.index_component(session, component.id)
    return [arrangements.remove(session, component, runtime.index) for component in changing]


def _new_after(made: Sequence[Made | Paper], position: int, changing: Sequence[Component]) -> int:
    """How many of the changed rows still to be given are promised to a later paper, which begins where one of them did."""
    later = {one.paper.pages[0] for one in made[position:] if isinstance(one, Made)}
    return sum(component.first_page in later for component in changing)


def _refill(session: Session, component: Component, made: Made, actor: str) -> None:
    """As it is read now; what a person typed stays, and what stood before is a version of it."""
    before = corrections.content(component)
    typed = {name: value for name, value in component.fields.items() if (value or {}).get("source") == "manual"}
    fill_component(component, made)
    component.fields = {**component.fields, **typed}
    lifecycle.recapture(session, component, actor=actor)
    corrections.new_version(session, component, before, actor=actor, reason="arranged")


def _ended(session: Session, scan: Scan, *, kind: str, data: dict[str, Any]) -> None:
    asked = dict(scan.arrangement or {})
    scan.arrangement = {**asked, "pending": False}
    events.record(session, kind=kind, actor=str(asked.get("actor", "system")), scan=scan, data=data)
