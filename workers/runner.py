"""Runs one dispatch row: claim, work, save; and decides what becomes of it when something goes wrong.

The work happens outside any transaction. Its results, the rows of the tasks that follow and the row's own completion are
saved in one; only after that commit are the followers' messages sent. So a process may die at any point: before the commit
nothing happened and the row is run again when its lease has lapsed; after it the sweeper sends what was not sent.

What went wrong decides: something we depend on is down (store, database, a program not installed) gives the row back
without counting the attempt, for as long as it takes; anything else counts, and after ``max_attempts`` the job's
``give_up`` says what the loss of this piece of work means, in the same transaction that buries the row.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from models import outbox
from models.database import transaction
from models.entities import Dispatch
from models.errors import MissingProgram, Unavailable
from storage.objects import StoreUnavailable
from workers.doorbell import Ring
from workers.leases import Heartbeat, Job, LeaseLost, claim
from workers.runtime import Runtime

log = structlog.get_logger(__name__)

Save = Callable[[Session], Sequence[Dispatch]]
"""Writes the results in the final transaction and returns the rows of the tasks that follow."""

STOPPED = "the worker stopped in every attempt"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EROFS})


class Handler(Protocol):
    """One kind of task. Both methods may run twice for the same job, and what they save must not double."""

    def work(self, runtime: Runtime, job: Job) -> Save:
        """Do it, outside any transaction."""
        ...

    def give_up(self, runtime: Runtime, job: Job, error: str) -> Save:
        """What it means that every attempt failed. If it may die of the same cause, it must do less when ``job.attempt``
        is more than one above the limit: then it has died here before.
        """
        ...


def run(runtime: Runtime, handlers: Mapping[str, Handler], dispatch_id: str) -> bool:
    """Run the row if nobody else does; true when this call saved its result (or buried it)."""
    settings = runtime.settings
    job = claim(runtime.sessions, dispatch_id, settings.lease_seconds)
    if job is None:
        log.debug("nothing to do", dispatch_id=dispatch_id)
        return False
    with (
        structlog.contextvars.bound_contextvars(
            dispatch_id=dispatch_id, task=job.task, subject=job.subject, scan_id=job.scan_id, attempt=job.attempt
        ),
        Heartbeat(runtime.sessions, job, settings.lease_seconds) as heartbeat,
    ):
        handler = handlers[job.task]
        try:
            if job.attempt > settings.max_attempts:  # the worker died in each of them
                return _bury(runtime, handler, job, STOPPED)
            _finish(runtime, job, handler.work(runtime, job), heartbeat)
        except LeaseLost:
            log.warning("lease lost, result dropped")
            return False
        except Exception as error:  # noqa: BLE001 - whatever it is, the row must not be left to its lease
            return _settle(runtime, handler, job, error)
    runtime.trouble.over()
    return True


def _finish(runtime: Runtime, job: Job, save: Save, heartbeat: Heartbeat) -> None:
    if heartbeat.lost.is_set():
        raise LeaseLost
    with transaction(runtime.sessions) as session:
        # First, so that two runs of the same job queue here and the second finds its lease gone.
        if not outbox.complete(session, job.dispatch_id, job.owner):
            raise LeaseLost
        followers = [_ring(row) for row in save(session)]
    runtime.ring(followers)


def _settle(runtime: Runtime, handler: Handler, job: Job, error: Exception) -> bool:
    """Give the row back or give it up; true when it was given up."""
    words = _words(error)
    if is_outage(error):
        delay = runtime.trouble.next_delay()
        log.warning("waiting for something we depend on", error=words[:200], delay=round(delay, 1))
        _release(runtime, job, delay, words, refund=True)
        return False
    if job.attempt >= runtime.settings.max_attempts:
        log.error("given up", error=words[:500], exc_info=error)
        return _bury(runtime, handler, job, words)
    delay = runtime.settings.retry_seconds * 2 ** (job.attempt - 1)
    log.warning("attempt failed", error=words[:500], delay=round(delay, 1), exc_info=error)
    _release(runtime, job, delay, words, refund=False)
    return False


def _release(runtime: Runtime, job: Job, delay: float, words: str, *, refund: bool) -> None:
    try:
        with transaction(runtime.sessions) as session:
            outbox.release(session, job.dispatch_id, job.owner, delay, words, refund=refund)
    except DBAPIError as error:
        # The lease lapses by itself; if it was the database that failed, this attempt is counted.
        log.warning("row not released, its lease will lapse", error=type(error).__name__)


def _bury(runtime: Runtime, handler: Handler, job: Job, words: str) -> bool:
    try:
        save = handler.give_up(runtime, job, words)
        with transaction(runtime.sessions) as session:
            if not outbox.renew(session, job.dispatch_id, job.owner, runtime.settings.lease_seconds):
                return False
            outbox.bury(session, job.dispatch_id, words)
            followers = [_ring(row) for row in save(session)]
    except Exception as error:
        if not is_outage(error):
            raise  # the lease lapses, and the next attempt has a higher number
        log.warning("not given up yet", error=type(error).__name__)
        _release(runtime, job, runtime.trouble.next_delay(), words, refund=True)
        return False
    runtime.ring(followers)
    return True


def _words(error: BaseException) -> str:
    """Kind and message; of a database error only the driver's own, since SQLAlchemy's quotes the values."""
    return f"{type(error).__name__}: {error.orig if isinstance(error, DBAPIError) else error}"


def _ring(row: Dispatch) -> Ring:
    return Ring(row.id, row.task, row.queue)


def is_outage(error: BaseException) -> bool:
    """Whether ``error`` says that something we depend on is away, so that the same call may succeed later unchanged."""
    if isinstance(
        error, StoreUnavailable | Unavailable | MissingProgram | OperationalError | InterfaceError | PoolTimeout
    ):
        return True
    if isinstance(error, DBAPIError):
        return bool(error.connection_invalidated)
    return isinstance(error, OSError) and error.errno in _FULL
