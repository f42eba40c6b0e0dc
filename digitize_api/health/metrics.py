"""What Prometheus scrapes: requests as they happen, scans and queues as the database has them at that moment."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from models.database import reading
from models.entities import Dispatch, DispatchState, Scan, ScanState, now
from workers.names import Queue

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """One registry an app, so that two apps in a process (tests) don't share counts."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "digitize_http_requests", "Requests answered", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "digitize_http_request_seconds",
            "Seconds from request to the end of the answer",
            ("method", "route"),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.upload_bytes = Counter(
            "digitize_upload_bytes", "Bytes of accepted files, repeats too", registry=self._registry
        )
        self.uploads = Counter(
            "digitize_uploads",
            "Uploads by outcome: created, repeated, or an error's code",
            ("outcome",),
            registry=self._registry,
        )
        self._registry.register(_FromDatabase(sessions))

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def render(self) -> bytes:
        """The text exposition format."""
        return generate_latest(self._registry)


class _FromDatabase(Collector):
    """Asked at each scrape, so that a worker on another host needs no metrics port for these."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def describe(self) -> Iterator[Metric]:
        yield from ()  # registering must not query

    def collect(self) -> Iterator[Metric]:
        with reading(self._sessions) as session:
            yield self._scans(session)
            yield from self._queues(session)

    @staticmethod
    def _scans(session: Session) -> Metric:
        family = GaugeMetricFamily("digitize_scans", "Scans by state", labels=["state"])
        counts = dict(session.execute(select(Scan.state, func.count()).group_by(Scan.state)).all())
        for state in ScanState:
            family.add_metric([state.value], counts.get(state.value, 0))
        return family

    @staticmethod
    def _queues(session: Session) -> Iterator[Metric]:
        pending = GaugeMetricFamily("digitize_queue_pending", "Tasks waiting or running", labels=["queue"])
        lag = GaugeMetricFamily(
            "digitize_queue_lag_seconds", "Age of the oldest task nobody has claimed", labels=["queue"]
        )
        dead = GaugeMetricFamily("digitize_tasks_dead", "Tasks that used up every attempt", labels=["queue"])
        counts = {
            (queue, state): count
            for queue, state, count in session.execute(
                select(Dispatch.queue, Dispatch.state, func.count()).group_by(Dispatch.queue, Dispatch.state)
            )
        }
        unclaimed = select(Dispatch.queue, func.min(Dispatch.created_at)).where(
            Dispatch.state == DispatchState.PENDING, Dispatch.lease_owner.is_(None)
        )
        oldest = dict(session.execute(unclaimed.group_by(Dispatch.queue)).all())
        for queue in sorted({*(each.value for each in Queue), *(name for name, _ in counts)}):
            pending.add_metric([queue], counts.get((queue, DispatchState.PENDING.value), 0))
            dead.add_metric([queue], counts.get((queue, DispatchState.DEAD.value), 0))
            lag.add_metric([queue], max(0.0, (now() - oldest[queue]).total_seconds()) if queue in oldest else 0.0)
        yield from (pending, lag, dead)
