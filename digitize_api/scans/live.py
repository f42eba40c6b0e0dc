"""Server-sent events: what happens to a scan, as it happens, resumable.

One poller a process asks the database, a few times a second and in one query for all scans that somebody watches, for their
newest event id; a follower is woken only when its scan's has grown, and then reads its own events. An event's id is the
resume point (``Last-Event-ID``); ``models.events`` makes a scan's ids visible in order. Whoever watches a dossier is told only that something
happened to it (scans of it that a station posts, too) and looks anew.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

import anyio
import anyio.to_thread
import structlog
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from models import events
from models.database import reading
from models.entities import Event

log = structlog.get_logger("digitize_api.live")

SHOWN = frozenset({"state", "page", "warning", "done"})  # CONTRACT; looks and reviews are not a station's business
RETRY_MS = 1000
BATCH = 500


class EventHub:
    """``follow`` may be called any number of times while ``running``."""

    def __init__(self, sessions: sessionmaker[Session], poll_seconds: float) -> None:
        self._sessions = sessions
        self._poll_seconds = poll_seconds
        self._watched: Counter[str] = Counter()
        self._newest: dict[str, int] = {}
        self._dossiers: Counter[str] = Counter()
        self._counts: dict[str, int] = {}
        self._changed = anyio.Event()
        self._wanted = anyio.Event()
        self._closing = anyio.Event()
        # Not out of the request handlers' pool: a full pool must not delay a counter's first event.
        self._threads = anyio.CapacityLimiter(4)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Polls while the block runs; ends every follower at its end."""
        async with anyio.create_task_group() as group:
            group.start_soon(self._poll)
            try:
                yield
            finally:
                self.close()
                group.cancel_scope.cancel()

    @property
    def closing(self) -> bool:
        """Whether every stream is to end."""
        return self._closing.is_set()

    def close(self) -> None:
        """End every follower, so that a server can stop; their clients come back with ``Last-Event-ID``."""
        self._closing.set()
        self._wake()

    async def follow(self, scan_id: str, last_id: int, heartbeat_seconds: float) -> AsyncGenerator[Event | None]:
        """The scan's events after ``last_id``, for ever; ``None`` when nothing came for ``heartbeat_seconds``.

        No cancel scope is open at a ``yield``, so that a response may drop the generator at any point.
        """
        self._watched[scan_id] += 1
        self._wanted.set()
        try:
            beat = anyio.current_time() + heartbeat_seconds
            while not self._closing.is_set():
                for event in await anyio.to_thread.run_sync(self._read, scan_id, last_id, limiter=self._threads):
                    last_id = event.id
                    yield event
                while not self._closing.is_set() and self._newest.get(scan_id, 0) <= last_id:
                    with anyio.move_on_at(beat):
                        await self._changed.wait()
                    if anyio.current_time() >= beat:
                        yield None
                        beat = anyio.current_time() + heartbeat_seconds
        finally:
            self._watched[scan_id] -= 1
            if self._watched[scan_id] <= 0:
                del self._watched[scan_id]
                self._newest.pop(scan_id, None)

    async def watch(self, dossier_id: str, heartbeat_seconds: float) -> AsyncGenerator[int | None]:
        """How many events the dossier has, at once and whenever there are more; ``None`` when nothing came for ``heartbeat_seconds``.

        Counted, because events of different scans become visible out of order: the newest id would hide a late one. Looks don't count.
        """
        self._dossiers[dossier_id] += 1
        self._wanted.set()
        told = -1
        try:
            beat = anyio.current_time() + heartbeat_seconds
            while not self._closing.is_set():
                changed = self._changed
                count = self._counts.get(dossier_id, -1)
                if count > told:
                    told = count
                    yield count
                    continue
                with anyio.move_on_at(beat):
                    await changed.wait()
                if anyio.current_time() >= beat:
                    yield None
                    beat = anyio.current_time() + heartbeat_seconds
        finally:
            self._dossiers[dossier_id] -= 1
            if self._dossiers[dossier_id] <= 0:
                del self._dossiers[dossier_id]
                self._counts.pop(dossier_id, None)

    def _read(self, scan_id: str, last_id: int) -> list[Event]:
        with reading(self._sessions) as session:
            return events.after(session, scan_id, last_id, limit=BATCH)

    async def _poll(self) -> None:
        while True:
            if not self._watched and not self._dossiers:
                self._wanted = anyio.Event()
                await self._wanted.wait()
            await anyio.sleep(self._poll_seconds)
            try:
                newest, counts = await anyio.to_thread.run_sync(
                    self._ask, list(self._watched), list(self._dossiers), limiter=self._threads
                )
            except SQLAlchemyError as error:
                log.warning("events_not_read", error=type(error).__name__)
                await anyio.sleep(1)
                continue
            grown = {
                scan: last
                for scan, last in newest.items()
                if scan in self._watched and last > self._newest.get(scan, 0)
            }
            more = {
                dossier: counts.get(dossier, 0)
                for dossier in self._dossiers
                if counts.get(dossier, 0) > self._counts.get(dossier, -1)
            }
            if grown or more:
                self._newest.update(grown)
                self._counts.update(more)
                self._wake()

    def _ask(self, scan_ids: list[str], dossier_ids: list[str]) -> tuple[dict[str, int], dict[str, int]]:
        """The newest event of each scan, and how many events each dossier has."""
        newest = select(Event.scan_id, func.max(Event.id)).where(Event.scan_id.in_(scan_ids)).group_by(Event.scan_id)
        counts = select(Event.dossier_id, func.count(Event.id)).group_by(Event.dossier_id)
        counts = counts.where(Event.dossier_id.in_(dossier_ids), Event.kind != "viewed")
        with reading(self._sessions) as session:
            return (
                {str(scan): int(last) for scan, last in session.execute(newest)} if scan_ids else {},
                {str(dossier): int(count) for dossier, count in session.execute(counts)} if dossier_ids else {},
            )

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()


def encode(event: Event) -> bytes:
    """One event on the wire: ``id``, ``event``, ``data`` (JSON with ``at`` and the event's own data)."""
    data = {"at": event.at.isoformat(), **event.data}
    return format_sse_event(data_str=json.dumps(data, ensure_ascii=False), event=event.kind, id=str(event.id))


async def dossier_stream(hub: EventHub, dossier_id: str, heartbeat_seconds: float) -> AsyncGenerator[bytes]:
    """``changed`` whenever something happened to the dossier, and once at the start: whoever comes back looks anew. Never ends of itself."""
    yield f"retry: {RETRY_MS}\n\n".encode()
    async with aclosing(hub.watch(dossier_id, heartbeat_seconds)) as watched:
        async for count in watched:
            if count is None:
                yield KEEPALIVE_COMMENT
            else:
                yield format_sse_event(data_str=json.dumps({"events": count}), event="changed")


async def stream(hub: EventHub, scan_id: str, last_id: int, heartbeat_seconds: float) -> AsyncGenerator[bytes]:
    """The scan's shown events from ``last_id`` on, up to and with ``done``; a comment when nothing happens for a while."""
    yield f"retry: {RETRY_MS}\n\n".encode()
    async with aclosing(hub.follow(scan_id, last_id, heartbeat_seconds)) as followed:
        async for event in followed:
            if event is None:
                yield KEEPALIVE_COMMENT
                continue
            if event.kind in SHOWN:
                yield encode(event)
            if event.kind == "done":
                return
