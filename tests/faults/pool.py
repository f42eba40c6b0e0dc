"""A worker pool as `digitize worker --pool` starts it, with a reading engine that does what a test needs.

    python -m tests.faults.pool QUEUE,QUEUE SECONDS

The engine takes ``SECONDS`` for a page and reads a fixed line; on a landscape page it ends its process, as a crash in a C
library would. Everything else is the product's own code and settings from the environment.
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


class FakeEngine:
    name = "fake 1"

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def read(self, grey: Pixels, dpi: float) -> tuple[Line, ...]:
        _ = dpi
        if grey.shape[1] > grey.shape[0]:
            os._exit(9)
        time.sleep(self._seconds)
        words = [
            Word(text, (100 + 90 * i, 100, 180 + 90 * i, 130), 0.9) for i, text in enumerate(("giấy", "khai", "sinh"))
        ]
        return (Line(tuple(words)),)

    def close(self) -> None:
        pass


def main(queues: str, seconds: str) -> int:
    place = deployment()
    return run_worker(
        make_celery(place.workers),
        place.workers,
        lambda: make_runtime(
            place.workers, place.database, place.storage, load_engine=lambda: FakeEngine(float(seconds))
        ),
        [Queue(queue) for queue in queues.split(",")],
        concurrency=2,
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
