"""Which worker pools there are, and which of them a role starts."""

from __future__ import annotations

import os
from dataclasses import dataclass

from commands.supervisor import Child, digitize
from workers.names import Queue


@dataclass(frozen=True, slots=True)
class Pool:
    """``processes`` 0: one for each core. ``niceness``: the lower goes first.

    Ten steps leave a back-scan a tenth of a core that the counter wants whole (five steps: a third): the counter hardly notices,
    and a back-scan's page still ends within its time limit. At 19 it would get a hundredth, and fail for no fault of its own.
    """

    queue: Queue
    processes: int
    niceness: int


POOLS = {
    # Two, so that a long document's first look doesn't keep the next station waiting.
    Queue.COUNTER: Pool(Queue.COUNTER, 2, 0),
    Queue.PAGES: Pool(Queue.PAGES, 0, 5),
    Queue.BACKSCAN: Pool(Queue.BACKSCAN, 0, 10),
    Queue.MAINTENANCE: Pool(Queue.MAINTENANCE, 1, 10),
}

ROLES: dict[str, tuple[Queue, ...]] = {
    "counter": (Queue.COUNTER, Queue.PAGES),
    "backscan": (Queue.BACKSCAN,),
    "maintenance": (Queue.MAINTENANCE,),
    "all": tuple(Queue),
}

WORKER_STOP_SECONDS = 30.0  # a page takes a second or two; what takes longer comes back by its lease


def cores() -> int:
    """The cores this process may use (a container's or taskset's share, not the machine's)."""
    return len(os.sched_getaffinity(0))


def children(role: str, data: str, *, processes: int = 0, stop_group: int = 0) -> list[Child]:
    """The processes of a role; ``maintenance`` brings the sweeper along."""
    found = [
        Child(
            f"worker-{queue.value}",
            digitize("worker", "--pool", queue.value, "--processes", str(processes), "--data", data),
            stop_group=stop_group,
            stop_seconds=WORKER_STOP_SECONDS,
        )
        for queue in ROLES[role]
    ]
    if Queue.MAINTENANCE in ROLES[role]:
        found.append(Child("sweeper", digitize("sweep", "--data", data), stop_group=stop_group))
    return found
