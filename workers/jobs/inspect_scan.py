"""The first look, while the citizen is still at the counter: is it a document, how many pages, are they usable?

The page count is announced as soon as it is known, in a transaction of its own. Then the pages are handed to the readers,
and as many first pages as ``inspect_seconds`` allows are looked at here; the rest get their warnings when they are read.
"""

from __future__ import annotations

import io
import time

import structlog
from sqlalchemy.orm import Session

from models import events, outbox
from models.database import insert_into, transaction
from models.entities import Page, PageState, Scan, ScanState
from models.errors import DigitizeError, Refusal
from models.lifecycle import move_scan
from storage.keys import first_look_key
from workers.doorbell import Ring
from workers.jobs.common import OUR_DEFECT, end_scan, load_scan, nothing, page_queue
from workers.leases import Job
from workers.names import Queue, TaskName
from workers.page import DocumentInfo, Placement
from workers.regions import regions_json
from workers.runner import Save
from workers.runtime import Runtime
from workers.steps.decode import decode_page
from workers.steps.inspect import Inspection, inspect
from workers.steps.rectify import rectified
from workers.steps.resample import preview

log = structlog.get_logger(__name__)


class InspectScan:
    def work(self, runtime: Runtime, job: Job) -> Save:
        scan = load_scan(runtime, job.scan_id)
        if scan is None:
            return nothing
        try:
            info = runtime.originals.open(runtime.store, scan.original_key, scan.sha256)
        except Refusal as refusal:
            log.info("refused", code=refusal.code)
            return end_scan(scan.id, ScanState.REFUSED, refusal.code, refusal.detail)
        _announce(runtime, scan, info)
        _hand_out(runtime, scan, info)
        if scan.queue != Queue.BACKSCAN:  # nobody stands and waits for a back-scan
            _look_at_first_pages(runtime, scan, info)
        return nothing

    def give_up(self, runtime: Runtime, job: Job, error: str) -> Save:
        _ = runtime
        log.error("scan could not be opened", error=error)
        return end_scan(job.scan_id, ScanState.FAILED, OUR_DEFECT, "the file could not be opened in any attempt")


def _announce(runtime: Runtime, scan: Scan, info: DocumentInfo) -> None:
    """First, and small: a thousand page rows must not stand between a station and its first event."""
    with transaction(runtime.sessions) as session:
        mine = session.get_one(Scan, scan.id)
        if mine.state == ScanState.RECEIVED:
            mine.page_count = info.page_count
            mine.media_type = info.media_type
            move_scan(
                session, mine, ScanState.READING, data={"pages": info.page_count, "warnings": list(info.warnings)}
            )


def _hand_out(runtime: Runtime, scan: Scan, info: DocumentInfo) -> None:
    """Page rows and their tasks; what is there already stays as it is."""
    numbers = range(1, info.page_count + 1)
    with transaction(runtime.sessions) as session:
        rows = [{"scan_id": scan.id, "number": number, "source_number": number} for number in numbers]
        statement = insert_into(session, Page).values(rows)
        session.execute(statement.on_conflict_do_nothing(index_elements=[Page.scan_id, Page.number]))
        subjects = [f"{scan.id}/{number}" for number in numbers]
        tasks = outbox.enqueue_all(session, TaskName.READ_PAGE, subjects, page_queue(scan), scan.id)
        rings = [Ring(row.id, row.task, row.queue) for row in tasks if row.attempts == 0]
    runtime.ring(rings)


def _look_at_first_pages(runtime: Runtime, scan: Scan, info: DocumentInfo) -> None:
    end = time.monotonic() + runtime.settings.inspect_seconds
    for number in range(1, info.page_count + 1):
        if time.monotonic() >= end:
            break
        try:
            page = rectified(decode_page(info, number, runtime.settings.limits))
            inspection = inspect(page)
            picture = preview(page.pixels, Placement.identity(*page.pixels.shape[1::-1]))
        except DigitizeError as error:
            log.info("page not inspected", page=number, code=error.code)
            continue  # reading it will say what is wrong, as that page's failure
        key = first_look_key(scan.id, number)
        runtime.store.put(key, io.BytesIO(picture), media_type="image/jpeg", overwrite=True)
        with transaction(runtime.sessions) as session:
            used = _save_look(session, scan.id, number, inspection, key)
        if not used:
            runtime.store.delete(key)


def _save_look(session: Session, scan_id: str, number: int, seen: Inspection, picture: str) -> bool:
    """False, and nothing, when a fast reader was there first: it has said more. Regions are of the picture as it came, not yet turned."""
    events.hold_order(session, scan_id)
    page = session.query(Page).filter_by(scan_id=scan_id, source_number=number).one()
    if page.state != PageState.PENDING:
        return False
    scan = session.get_one(Scan, scan_id)
    warnings, regions = list(seen.warnings), regions_json(seen.regions, *seen.size)
    told = {"number": number, "warnings": warnings, "regions": regions}
    data = told | {"state": "inspected", "blank": seen.blank}
    events.record(session, kind="page", actor="system", scan=scan, data=data)
    if warnings and page.warnings != warnings:
        events.record(session, kind="warning", actor="system", scan=scan, data=told)
    page.warnings, page.warning_regions = warnings, regions
    page.blank = seen.blank
    page.image_key = picture
    return True
