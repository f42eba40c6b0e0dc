"""What a worker process holds while it lives: database, store, search index, reading engine, originals on disk.

Made after the fork (``make_runtime``), since neither database connections nor a loaded engine survive one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from models import outbox
from models.database import make_engine, make_session_factory, transaction
from models.live_catalog import LiveCatalog
from models.search import SearchIndex, make_index
from models.settings import DatabaseSettings
from storage.factory import make_store
from storage.objects import ObjectStore
from storage.settings import StorageSettings
from workers.celery_app import make_celery
from workers.doorbell import Doorbell, Ring
from workers.learned import LiveLearned
from workers.ocr.engine import OcrEngine
from workers.originals import Originals
from workers.repeats import Repeats
from workers.scratch import Scratch
from workers.settings import WorkerSettings

log = structlog.get_logger(__name__)


class Trouble:
    """How long to wait while something is down: doubles with each failure in this process, ends with the first success."""

    def __init__(self, first: float, longest: float) -> None:
        self._first = first
        self._longest = longest
        self._failures = 0

    def next_delay(self) -> float:
        """Seconds, with a quarter of jitter so that a thousand pages don't come back at the same instant."""
        delay = min(self._longest, self._first * 2.0 ** min(self._failures, 16))
        self._failures += 1
        return delay * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, not a secret

    def over(self) -> None:
        self._failures = 0


@dataclass(slots=True)
class Runtime:
    """One per process; not shared by threads, but for ``sessions`` and ``doorbell``."""

    settings: WorkerSettings
    database: Engine
    sessions: sessionmaker[Session]
    store: ObjectStore
    index: SearchIndex
    doorbell: Doorbell
    scratch: Scratch
    originals: Originals
    load_engine: Callable[[], OcrEngine]
    trouble: Trouble
    repeats: Repeats = field(default_factory=Repeats)
    catalog: LiveCatalog = field(default_factory=LiveCatalog)
    learned: LiveLearned = field(default_factory=LiveLearned)
    _engine: OcrEngine | None = field(default=None)

    def load(self) -> None:
        """Load the reading engine now."""
        if self._engine is None:
            self._engine = self.load_engine()

    @property
    def engine(self) -> OcrEngine:
        """The reading engine, loaded on first use and kept."""
        if self._engine is None:
            self._engine = self.load_engine()
        return self._engine

    def ring(self, rings: Sequence[Ring]) -> None:
        """Send messages after a commit, and keep the sweeper from sending them again at once."""
        sent = self.doorbell.ring(rings)
        if not sent:
            return
        try:
            with transaction(self.sessions) as session:
                outbox.postpone(session, sent, self.settings.resend_seconds)
        except SQLAlchemyError as error:
            log.warning("sent, but not noted; the sweeper will send once more", error=type(error).__name__)

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None
        self.doorbell.close()
        self.database.dispose()


def _configured_engine(settings: WorkerSettings) -> OcrEngine:
    # A sweeper has a runtime too and never reads: it is spared the engine's libraries.
    from workers.ocr.factory import make_engine as make_ocr_engine  # noqa: PLC0415

    return make_ocr_engine(settings.engine, settings.languages)


def make_runtime(
    settings: WorkerSettings,
    database: DatabaseSettings,
    storage: StorageSettings,
    *,
    load_engine: Callable[[], OcrEngine] | None = None,
) -> Runtime:
    """A runtime for this process. ``load_engine`` replaces the configured reading engine (tests)."""
    # A worker runs one task at a time and a heartbeat beside it.
    engine = make_engine(database.url, pool_size=min(database.pool_size, 3))
    scratch = Scratch(settings.scratch)
    return Runtime(
        settings=settings,
        database=engine,
        sessions=make_session_factory(engine),
        store=make_store(storage),
        index=make_index(engine),
        doorbell=Doorbell(make_celery(settings), settings.queue_high_water),
        scratch=scratch,
        originals=Originals(scratch.folder("originals"), settings.cache_bytes, settings.limits),
        load_engine=load_engine or partial(_configured_engine, settings),
        trouble=Trouble(settings.retry_seconds, settings.max_retry_seconds),
    )
