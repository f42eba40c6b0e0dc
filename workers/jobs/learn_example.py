"""A person settled a component's type: it becomes an example (subject: ``<component id>/<version>``)."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy.orm import Session

from models import corrections, examples, scans
from models.database import reading
from models.entities import Component, Dispatch
from workers.jobs.common import nothing
from workers.learning import component_features, learnable
from workers.leases import Job
from workers.runner import Save
from workers.runtime import Runtime

log = structlog.get_logger(__name__)


class LearnExample:
    def work(self, runtime: Runtime, job: Job) -> Save:
        component_id = examples.component_of(job.subject)
        with reading(runtime.sessions) as session:
            component = session.get(Component, component_id)
            if component is None:
                return nothing
            pages = scans.pages_of(session, component)
            catalog = runtime.catalog.get(session)
        features = component_features(runtime.store, pages, catalog)
        if features is None:
            log.info("nothing read, no example", component_id=component_id)
            return nothing

        def save(session: Session) -> Sequence[Dispatch]:
            found = session.get(Component, component_id)
            if found is None:
                return ()
            # The type as it stands now and not when the task was made: of two corrections the later counts, whichever runs last.
            corrections.lock(session, found)
            if learnable(found, catalog):
                examples.remember(session, found, features, examples.guessed(found))
            else:
                examples.forget(session, [component_id])
            return ()

        return save

    def give_up(self, runtime: Runtime, job: Job, error: str) -> Save:
        _ = runtime
        log.error("component not learned from", subject=job.subject, error=error)
        return nothing  # one example less
