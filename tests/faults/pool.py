"""A worker pool as `digitize worker --pool` starts it, with a reading engine that does what a test needs.

    python -m tests.faults.pool QUEUE SECONDS

The engine takes ``SECONDS`` for a page and reads a fixed line; on a page whose upper half is dark it ends its process, as a
crash in a C library would. Everything else is the product's own code and settings from the environment.
"""

from __future__ import annotations

import os
import sys
import time

from commands.settings import deployment
from workers.celery_app import make_celery
from workers.names import Queue
from workers.page import Line, Pixels, Word
from workers.runtime import make_runtime
from workers.tasks import run_worker

DARK = 110  # mean of the upper half


class FakeEngine:
    name = "fake 1"

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def read(self, grey: Pixels, dpi: float) -> tuple[Line, ...]:
        _ = dpi
        if float(grey[: grey.shape[0] // 2].mean()) < DARK:
            os._exit(9)
        time.sleep(self._seconds)
        words = [
            Word(text, (100 + 90 * i, 100, 180 + 90 * i, 130), 0.9) for i, text in enumerate(("giấy", "khai", "sinh"))
        ]
        return (Line(tuple(words)),)

    def close(self) -> None:
        pass


def main(queue: str, seconds: str) -> int:
    place = deployment()
    return run_worker(
        make_celery(place.workers),
        place.workers,
        lambda: make_runtime(
            place.workers, place.database, place.storage, load_engine=lambda: FakeEngine(float(seconds))
        ),
        [Queue(queue)],
        concurrency=2,
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
