"""A lease on a dispatch row: claimed before the work, renewed by a thread while it lasts, given up with its process."""

from __future__ import annotations

import os
import socket
import threading
import uuid
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from models import outbox
from models.database import transaction

log = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """Somebody else has the row by now; what this run found out is thrown away."""


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed dispatch row. ``attempt`` counts from 1; ``subject`` is ``<scan id>`` or ``<scan id>/<page number>``."""

    dispatch_id: str
    owner: str
    task: str
    subject: str
    queue: str
    scan_id: str | None
    attempt: int


def claim(sessions: sessionmaker[Session], dispatch_id: str, lease_seconds: float) -> Job | None:
    """The job, or ``None`` when it is done or somebody who still lives has it."""
    owner = f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
    with transaction(sessions) as session:
        row = outbox.claim(session, dispatch_id, owner, lease_seconds)
        if row is None:
            return None
        return Job(row.id, owner, row.task, row.subject, row.queue, row.scan_id, row.attempts)


class Heartbeat:
    """Renews the lease three times in its length, from a thread, until the ``with`` block ends.

    The work runs in C code that gives up the interpreter lock, so the thread gets its turn. A renewal that fails because
    the database is away is tried again; ``lost`` is set when the row belongs to somebody else.
    """

    def __init__(self, sessions: sessionmaker[Session], job: Job, lease_seconds: float) -> None:
        self._sessions = sessions
        self._job = job
        self._lease_seconds = lease_seconds
        self._stop = threading.Event()
        self.lost = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease-{job.dispatch_id[:8]}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._stop.wait(self._lease_seconds / 3):
            try:
                with transaction(self._sessions) as session:
                    held = outbox.renew(session, self._job.dispatch_id, self._job.owner, self._lease_seconds)
            except SQLAlchemyError as error:
                log.warning("lease not renewed", error=type(error).__name__)
                continue
            if not held:
                if not self._stop.is_set():  # else the work has just been completed
                    self.lost.set()
                return
