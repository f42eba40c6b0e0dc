"""One prefix of the originals, hashed again (subject: ``<day>/<prefix>``). What is found wrong is an event of its scans."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import events
from models.entities import Dispatch, Scan
from storage.fixity import FixityReport
from workers.fixity import check_prefix, expected_keys
from workers.jobs.common import nothing
from workers.leases import Job
from workers.runner import Save
from workers.runtime import Runtime

log = structlog.get_logger(__name__)


class CheckFixity:
    def work(self, runtime: Runtime, job: Job) -> Save:
        prefix = job.subject.rpartition("/")[2]
        results = list(check_prefix(runtime.store, prefix, expected_keys(runtime.sessions, prefix)))
        found = [report for report in results if not report.intact]
        log.info("originals checked", prefix=prefix, objects=len(results), wrong=len(found))
        return lambda session: _report(session, found)

    def give_up(self, runtime: Runtime, job: Job, error: str) -> Save:
        _ = runtime
        log.error("originals could not be checked", subject=job.subject, error=error)
        return nothing  # their next turn comes


def _report(session: Session, found: Sequence[FixityReport]) -> Sequence[Dispatch]:
    for report in found:
        log.error("original damaged", key=report.key, verdict=report.verdict)
        for scan in session.scalars(select(Scan).where(Scan.original_key == report.key)):
            data = {"key": report.key, "verdict": report.verdict, "found": report.found}
            events.record(session, kind="fixity", actor="system", scan=scan, data=data)
    return ()
