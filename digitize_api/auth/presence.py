"""When was a station last heard? Noted at most once a minute per process, and never in the way of its request."""

from __future__ import annotations

import threading
import time

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from models import stations
from models.database import transaction

log = structlog.get_logger("digitize_api.auth")


class Presence:
    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions
        self._noted: dict[str, float] = {}
        self._lock = threading.Lock()

    def heard(self, station_id: str) -> None:
        now = time.monotonic()
        with self._lock:
            if now - self._noted.get(station_id, float("-inf")) < stations.SEEN_EVERY.total_seconds():
                return
            self._noted[station_id] = now
        try:
            with transaction(self._sessions) as session:
                stations.mark_seen(session, station_id)
        except SQLAlchemyError as error:
            log.warning("presence_not_noted", error=type(error).__name__)
