"""A new model out of all examples, kept only when it wins (subject: ``paper_type/<the training before>``)."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy.orm import Session

from models.entities import Dispatch
from workers.learning import Training, failed, train
from workers.leases import Job
from workers.runner import Save
from workers.runtime import Runtime

log = structlog.get_logger(__name__)


class TrainClassifier:
    def work(self, runtime: Runtime, job: Job) -> Save:
        # The row's id names the model, so that a second run writes what the first did.
        training = train(runtime.sessions, runtime.store, runtime.catalog, job.dispatch_id)
        log.info("trained", kept=training.model.kept, **training.model.figures)
        return _saver(runtime, training)

    def give_up(self, runtime: Runtime, job: Job, error: str) -> Save:
        log.error("training failed", error=error)
        return _saver(runtime, failed(job.dispatch_id, error))


def _saver(runtime: Runtime, training: Training) -> Save:
    def save(session: Session) -> Sequence[Dispatch]:
        training.save(session, runtime.settings.learn_per_type)
        return ()

    return save
