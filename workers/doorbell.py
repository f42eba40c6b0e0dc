"""Ringing: sends the message of a dispatch row after its transaction has committed.

Failure is logged and left to the sweeper, which reads the rows. A queue that already holds ``queue_high_water``
messages is not rung either: a year of back-scan waits in the database, not in Redis' memory.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from celery import Celery
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from workers.names import TaskName

log = structlog.get_logger(__name__)

# Of Kombu's Redis lists, 0 is emptied first: a scan whose pages are all read is finished before the next one's pages.
PRIORITY = {TaskName.READ_PAGE.value: 3}
QUIET_SECONDS = 2.0  # after a failure nobody waits for the broker again for so long


@dataclass(frozen=True, slots=True)
class Ring:
    """What a message needs to know of its dispatch row."""

    dispatch_id: str
    task: str
    queue: str


class Doorbell:
    """Safe from several threads; one per process."""

    def __init__(self, app: Celery, high_water: int) -> None:
        self._app = app
        self._high_water = high_water
        self._lock = threading.Lock()
        self._quiet_until = 0.0

    def __call__(self, dispatch_id: str, task: str, queue: str) -> None:
        """The shape that the front door wants: ring one, never raise."""
        self.ring([Ring(dispatch_id, task, queue)])

    def ring(self, rings: Iterable[Ring]) -> list[str]:
        """Send what there is room for; returns the ids sent. Never raises for a broker that is down."""
        by_queue: dict[str, list[Ring]] = defaultdict(list)
        for ring in rings:
            by_queue[ring.queue].append(ring)
        sent: list[str] = []
        if not by_queue or time.monotonic() < self._quiet_until:
            return sent
        try:
            with self._lock, self._producer() as producer:
                for queue, waiting in by_queue.items():
                    for ring in waiting[: self._room(producer, queue)]:
                        self._app.send_task(
                            ring.task,
                            args=[ring.dispatch_id],
                            queue=queue,
                            priority=PRIORITY.get(ring.task, 0),
                            producer=producer,
                            ignore_result=True,
                        )
                        sent.append(ring.dispatch_id)
        except (BrokerError, RedisError, OSError) as error:
            self._away()
            log.warning("broker unreachable, the sweeper will send what is due", error=type(error).__name__)
        return sent

    def room(self, queue: str) -> int:
        """How many messages ``queue`` may still take; 0 when the broker can't be reached."""
        if time.monotonic() < self._quiet_until:
            return 0
        try:
            with self._lock, self._producer() as producer:
                return self._room(producer, queue)
        except (BrokerError, RedisError, OSError) as error:
            self._away()
            log.warning("broker unreachable", error=type(error).__name__)
            return 0

    def ping(self) -> None:
        """Raises ``ConnectionError`` when the broker doesn't answer."""
        try:
            with self._lock, self._app.producer_or_acquire() as producer:
                producer.channel.client.ping()
        except (BrokerError, RedisError, OSError) as error:
            raise ConnectionError("the broker does not answer") from error

    def _away(self) -> None:
        if time.monotonic() >= self._quiet_until:
            self._quiet_until = time.monotonic() + QUIET_SECONDS

    @contextmanager
    def _producer(self) -> Iterator[Any]:
        """For who holds the lock; who waited for it while another found the broker away doesn't try again."""
        if time.monotonic() < self._quiet_until:
            raise ConnectionError("found away a moment ago")
        with self._app.producer_or_acquire() as producer:
            yield producer

    def close(self) -> None:
        self._app.close()

    def _room(self, producer: Any, queue: str) -> int:
        # The transport's own count; the public way, a passive declare, raises for an empty queue.
        size: int = producer.channel._size(queue)  # noqa: SLF001 - kombu has no public one
        return max(0, self._high_water - size)
