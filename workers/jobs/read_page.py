"""Reads one page of a scan; the last one to end hands the scan on to be assembled."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import events
from models.database import reading
from models.entities import Dispatch, Page, PageState, Scan, ScanState, now
from models.errors import DigitizeError, PageCrashed, PageFailed, Refusal
from storage.keys import page_image_key, page_words_key
from workers.classify.secrecy import secrecy_mark
from workers.jobs.common import assemble_when_read, load_scan, nothing
from workers.jobs.once import kept_once
from workers.jobs.secret import block_secret, forget_pages
from workers.leases import Job
from workers.outcome_codec import encode
from workers.page import DocumentInfo, Failure, PageOutcome, Placement
from workers.pipeline import read_page
from workers.regions import regions_json
from workers.runner import STOPPED, Save
from workers.runtime import Runtime
from workers.steps.decode import decode_page
from workers.steps.rectify import rectified
from workers.steps.resample import page_jpeg, preview

log = structlog.get_logger(__name__)


class ReadPage:
    def work(self, runtime: Runtime, job: Job) -> Save:
        scan, number = load_scan(runtime, job.scan_id), page_number(job)
        if scan is None:
            return nothing
        if _has_outcome(runtime, scan.id, number):
            return _saver(runtime, scan.id, None)
        try:
            info = runtime.originals.open(runtime.store, scan.original_key, scan.sha256)
        except Refusal as refusal:
            # The inspection took it, so only this worker's limits can differ; the page says so and the scan goes on.
            return _saver(runtime, scan.id, PageOutcome(number, failure=Failure(refusal.code, refusal.detail)))
        outcome = read_page(info, number, runtime.engine, runtime.settings.limits, runtime.repeats)
        mark = secrecy_mark(outcome)
        if mark is not None:
            log.warning("secret material", page=number)
            return block_secret(runtime, scan.id, number, mark.named)
        return _keep(runtime, scan.id, outcome, info)

    def give_up(self, runtime: Runtime, job: Job, error: str) -> Save:
        log.error("page given up", error=error)
        kind = PageCrashed if error == STOPPED else PageFailed
        bare = PageOutcome(page_number(job), failure=Failure(kind.code, "reading this page failed in every attempt"))
        scan = load_scan(runtime, job.scan_id)
        if scan is None:
            return nothing
        if _has_outcome(runtime, scan.id, bare.number) or job.attempt > runtime.settings.max_attempts + 1:
            return _saver(runtime, scan.id, bare)
        try:
            info = runtime.originals.open(runtime.store, scan.original_key, scan.sha256)
            return _keep(runtime, scan.id, _with_image(runtime, info, bare), info)
        except DigitizeError as refusal:
            log.info("no image of the page either", code=refusal.code)
            return _saver(runtime, scan.id, bare)


def _with_image(runtime: Runtime, info: DocumentInfo, bare: PageOutcome) -> PageOutcome:
    """The page without words, as it was scanned or, photographed, made flat: most crashes are the reader's, and the paper must not be lost for them."""
    page = rectified(decode_page(info, bare.number, runtime.settings.limits))
    height, width = page.pixels.shape[:2]
    placement = Placement.identity(width, height)
    return replace(
        bare,
        width=width,
        height=height,
        dpi=page.dpi,
        placement=placement,
        warnings=page.warnings,
        source=page.source,
        overlays=page.overlays,
        sheet=page.sheet,
        fallback_jpeg=None if page.source else page_jpeg(page.pixels, placement),
        preview=preview(page.pixels, placement),
    )


def page_number(job: Job) -> int:
    return int(job.subject.rpartition("/")[2])


def _has_outcome(runtime: Runtime, scan_id: str, number: int) -> bool:
    with reading(runtime.sessions) as session:
        state = session.scalar(select(Page.state).where(Page.scan_id == scan_id, Page.source_number == number))
    return state is not None and state != PageState.PENDING


def _keep(runtime: Runtime, scan_id: str, outcome: PageOutcome, info: DocumentInfo) -> Save:
    return _saver(runtime, scan_id, outcome, **put_outcome(runtime, scan_id, outcome, info))


def put_outcome(
    runtime: Runtime, scan_id: str, outcome: PageOutcome, info: DocumentInfo, version: int = 1
) -> dict[str, str | None]:
    """Put what is large into the store, under keys that a second run writes again; those keys.

    ``outcome``: numbered as in the file. ``version``: of the page, so that one read again is not yet what the row tells of.
    """
    words_key = page_words_key(scan_id, outcome.number, version)
    record = io.BytesIO(encode(kept_once(outcome, info.path, info.page_count)))
    runtime.store.put(words_key, record, media_type="application/octet-stream", overwrite=True)
    image_key = None
    if outcome.preview:
        image_key = page_image_key(scan_id, outcome.number, version)
        runtime.store.put(image_key, io.BytesIO(outcome.preview), media_type="image/jpeg", overwrite=True)
    return {"words_key": words_key, "image_key": image_key}


def _saver(runtime: Runtime, scan_id: str, outcome: PageOutcome | None, **keys: str | None) -> Save:
    def save(session: Session) -> Sequence[Dispatch]:
        events.hold_order(session, scan_id)
        scan = session.get(Scan, scan_id, populate_existing=True)
        if scan is None:
            return ()
        if scan.state == ScanState.BLOCKED_SECRET:
            # Another page's mark ended the scan while this one was read: nothing of it stays.
            forget_pages(runtime, scan_id)
            return ()
        if outcome is not None:
            of_file = select(Page).where(Page.scan_id == scan_id, Page.source_number == outcome.number)
            page = session.scalars(of_file).one()
            if page.state == PageState.PENDING:
                known = set(page.warnings)
                fill_page(page, outcome, keys)
                _tell(session, scan, page, [code for code in outcome.warnings if code not in known])
                session.flush()
        return assemble_when_read(session, scan)

    return save


def fill_page(page: Page, outcome: PageOutcome, keys: Mapping[str, str | None]) -> None:
    """The row as the outcome has it."""
    page.state = PageState.FAILED if outcome.failure else PageState.READ
    page.width, page.height = outcome.width or None, outcome.height or None
    page.dpi = outcome.dpi or None
    page.origin = outcome.origin.value
    if outcome.placement:
        page.rotation, page.skew = outcome.placement.rotation, outcome.placement.skew
    page.blank = outcome.blank
    if outcome.warnings or not outcome.failure:  # of a page that failed the inspection may have seen more
        page.warnings = list(outcome.warnings)
        page.warning_regions = regions_json(outcome.warning_regions, outcome.width, outcome.height)
    page.grade_mean = outcome.grade.mean if outcome.grade else None
    page.grade_low = outcome.grade.low if outcome.grade else None
    page.text = outcome.text
    page.engine = outcome.engine
    page.seconds = dict(outcome.seconds)
    page.words_key = keys.get("words_key")
    page.image_key = keys.get("image_key") or page.image_key  # of one that can't be read, the first look's picture
    failure = outcome.failure  # a page that is read again may have had one, or get one
    page.failure_code, page.failure_detail = (failure.code, failure.detail[:500]) if failure else (None, None)
    page.read_at = now()


def _tell(session: Session, scan: Scan, page: Page, new_warnings: list[str]) -> None:
    data: dict[str, Any] = {
        "number": page.number,
        "state": page.state,
        "warnings": page.warnings,
        "regions": page.warning_regions,
        "blank": page.blank,
        "grade": {"mean": page.grade_mean, "low": page.grade_low} if page.grade_mean is not None else None,
        "failure": {"code": page.failure_code, "detail": page.failure_detail} if page.failure_code else None,
    }
    events.record(session, kind="page", actor="system", scan=scan, data=data)
    if new_warnings:
        regions = [region for region in page.warning_regions if region["code"] in new_warnings]
        warning = {"number": page.number, "warnings": new_warnings, "regions": regions}
        events.record(session, kind="warning", actor="system", scan=scan, data=warning)
