"""What a request needs of the process: settings, database, store, index, the live events, the counters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, cast

import anyio
from fastapi import Depends
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker
from starlette.requests import HTTPConnection

from digitize_api.auth.presence import Presence
from digitize_api.auth.throttle import LoginThrottle
from digitize_api.health.metrics import Metrics
from digitize_api.scans.live import EventHub
from digitize_api.settings import ApiSettings
from models import database
from models.catalog import Catalog
from models.live_catalog import LiveCatalog
from models.review_queue import Weights
from models.search import SearchIndex
from storage.objects import ObjectStore

Ring = Callable[[str, str, str], None]  # (dispatch id, task name, queue): the doorbell, after commit
Ping = Callable[[], None]  # raises when the dependency can't be used


@dataclass(frozen=True, slots=True)
class Context:
    """One an app; all of it is safe from several threads."""

    settings: ApiSettings
    engine: Engine
    sessions: sessionmaker[Session]
    store: ObjectStore
    ring: Ring
    broker_ping: Ping | None
    index: SearchIndex
    hub: EventHub
    throttle: LoginThrottle
    presence: Presence
    metrics: Metrics
    uploads: anyio.CapacityLimiter
    catalog: LiveCatalog
    weights: Weights

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with database.reading(self.sessions) as session:
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with database.transaction(self.sessions) as session:
            yield session

    def read_catalog(self) -> Catalog:
        """The catalog as it is now, for whoever reads nothing else."""
        with self.reading() as session:
            return self.catalog.get(session)


def context_of(connection: HTTPConnection) -> Context:
    return cast("Context", connection.app.state.context)


InContext = Annotated[Context, Depends(context_of)]
