"""What this installation's reviews taught, looked for anew now and then."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.orm import Session, sessionmaker

from models import learned_models
from models.database import reading
from storage.objects import ObjectMissing, ObjectStore

if TYPE_CHECKING:
    from workers.classify.learn import Learned

log = structlog.get_logger(__name__)

LOOK_SECONDS = 60.0


class LiveLearned:
    """One a process, not shared by threads. It looks for another model at most every ``LOOK_SECONDS``."""

    def __init__(self) -> None:
        self._looked: float | None = None
        self._key: str | None = None
        self._learned: Learned | None = None

    def get(self, sessions: sessionmaker[Session], store: ObjectStore) -> Learned | None:
        """The one in use; ``None`` when there is none, or none that fits the program's own weights. ``StoreUnavailable``."""
        if self._looked is None or time.monotonic() - self._looked >= LOOK_SECONDS:
            with reading(sessions) as session:
                model = learned_models.in_use(session)
            key = model.object_key if model else None
            if key != self._key:
                self._learned = read_model(store, key)
                self._key = key
            self._looked = time.monotonic()
        return self._learned


def read_model(store: ObjectStore, key: str | None) -> Learned | None:
    """The model under this key. ``None`` when it is gone, broken or made for other weights: guesses are then the program's own."""
    if key is None:
        return None
    # A sweeper has a runtime too and never classifies: it is spared the classifier.
    from workers.classify.learn import load  # noqa: PLC0415

    try:
        with store.open(key) as stream:
            return load(stream.read())
    except (ObjectMissing, ValueError) as error:
        log.warning("learned model not used", key=key, error=str(error)[:200])
        return None
