"""Figures for the first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import anyio.from_thread

from digitize_api.auth.principal import Principal
from digitize_api.context import Context
from digitize_api.health.routes import Readiness, readiness
from models import administration, overview
from models.entities import Station, now
from models.local_time import local_day
from models.overview import Day, Waiting

FAILED_DAYS = 7
SILENT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Health:
    """``silent``: stations in use that were not heard for a day."""

    readiness: Readiness
    queues: dict[str, int]
    accounts: int
    closed: int
    stations: int
    silent: tuple[Station, ...]


def figures(context: Context, principal: Principal) -> tuple[Day, Waiting]:
    """Today at +07:00, and what waits in the caller's agencies."""
    with context.reading() as session:
        since = now() - timedelta(days=FAILED_DAYS)
        return (
            overview.of_day(session, local_day(), principal.agency_ids),
            overview.waiting(session, principal.agency_ids, since=since),
        )


def health(context: Context, principal: Principal) -> Health:
    """The system's state. Call it from a worker thread of the server: the probes run on its event loop."""
    ready = anyio.from_thread.run(readiness, context)
    with context.reading() as session:
        accounts = administration.list_accounts(session, principal.agency_ids)
        stations = [one for one in administration.list_stations(session, principal.agency_ids) if one.active]
        queues = overview.queues(session)
    silent = [one for one in stations if one.last_seen_at is None or one.last_seen_at < now() - SILENT]
    active = sum(account.active for account in accounts)
    return Health(ready, queues, active, len(accounts) - active, len(stations), tuple(silent))
