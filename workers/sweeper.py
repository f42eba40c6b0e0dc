"""The sweeper: sends what is due and clears what is left over. Any number may run; they don't disturb each other.

Due is a row that was never sent (its process died between commit and ringing), whose message was lost (Redis wiped),
whose worker died (its lease lapsed), or that was given back to be tried again later.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import structlog
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError

from models import learned_models, outbox
from models.accounts import remove_expired_logins
from models.database import transaction
from models.entities import Dispatch, DispatchState, now
from models.webhooks.book import forget_delivered
from workers import batches
from workers.classify.versions import example_version
from workers.doorbell import Ring
from workers.fixity import prefixes_of_day
from workers.names import Queue, TaskName
from workers.runtime import Runtime

log = structlog.get_logger(__name__)

BATCH = 500  # rows taken in one transaction
CHORES_SECONDS = 600.0


@dataclass(slots=True)
class Sweeper:
    """``runtime`` is this sweeper's own; it never loads the reading engine."""

    runtime: Runtime
    _chores_at: float = 0.0
    _fixity_day: date | None = None

    def once(self) -> int:
        """One round; returns how many messages were sent."""
        sent = sum(self._feed(queue) for queue in Queue)
        if time.monotonic() >= self._chores_at:
            self._chores_at = time.monotonic() + CHORES_SECONDS
            self.chores()
        batches.feed(self.runtime)  # last: a back-scan delays nobody's messages
        return sent

    def loop(self, stop: threading.Event) -> None:
        """Rounds until ``stop``; a database that is away is waited for."""
        wait = self.runtime.settings.sweep_seconds
        while not stop.is_set():
            try:
                self.once()
            except SQLAlchemyError as error:
                log.warning("database away, sweeping again soon", error=type(error).__name__)
            except Exception:  # the loop is what brings lost work back; nothing may end it
                log.exception("sweep failed")
            stop.wait(wait)

    def _feed(self, queue: Queue) -> int:
        """Never more than the queue has room for, and nothing while the broker is away: rows taken and not sent would wait."""
        room = self.runtime.doorbell.room(queue)
        if room == 0:
            return 0
        with transaction(self.runtime.sessions) as session:
            rows = outbox.take_due(session, min(room, BATCH), self.runtime.settings.resend_seconds, queue=queue)
            rings = [Ring(row.id, row.task, row.queue) for row in rows]
        sent = self.runtime.doorbell.ring(rings)
        if rings:
            log.info("swept", queue=queue.value, due=len(rings), sent=len(sent))
        return len(sent)

    def chores(self) -> None:
        """What needs doing now and then, not every round."""
        settings = self.runtime.settings
        self.runtime.scratch.clean(older_than_seconds=2 * settings.visibility_timeout)
        self.runtime.originals.trim()
        self.runtime.store.sweep_temporary()
        with transaction(self.runtime.sessions) as session:
            remove_expired_logins(session)
            old = now() - timedelta(days=settings.keep_dispatch_days)
            session.execute(delete(Dispatch).where(Dispatch.state == DispatchState.DONE, Dispatch.done_at < old))
            forget_delivered(session, old)
        self._plan_fixity(datetime.now(UTC).date())
        self._plan_training()

    def _plan_fixity(self, day: date) -> None:
        """The day's share of the originals, once: the rows' unique subjects see to it however many sweepers there are."""
        if self._fixity_day == day:
            return
        subjects = [f"{day.isoformat()}/{prefix}" for prefix in prefixes_of_day(day, self.runtime.settings.fixity_days)]
        with transaction(self.runtime.sessions) as session:
            outbox.enqueue_all(session, TaskName.CHECK_FIXITY, subjects, Queue.MAINTENANCE, None)
        self._fixity_day = day

    def _plan_training(self) -> None:
        """When enough was reviewed since the last training; one task until that has ended, however many sweepers there are."""
        settings = self.runtime.settings
        with transaction(self.runtime.sessions) as session:
            subject = learned_models.training_due(
                session, after=settings.learn_after, hours=settings.learn_hours, version=example_version()
            )
            if subject is not None:
                outbox.enqueue(session, TaskName.TRAIN_CLASSIFIER, subject, Queue.MAINTENANCE, None)
