"""The Celery tasks: one for each name, each with one argument, the id of its row in ``dispatch``. And the worker processes.

A task is thin on purpose: it finds the runtime of its process and lets the runner claim, work and save.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable, Sequence

import structlog
from celery import Celery, signals

from workers.celery_app import worker_options
from workers.jobs import HANDLERS
from workers.logs import configure_logging
from workers.names import Queue, TaskName
from workers.runner import run
from workers.runtime import Runtime
from workers.settings import WorkerSettings
from workers.steps.decode import stop as stop_decoder
from workers.steps.decode import warm_up

log = structlog.get_logger(__name__)

_PR_SET_PDEATHSIG = 1
_runtime: Runtime | None = None  # of this process, made after the fork


LONG = frozenset({TaskName.ASSEMBLE_SCAN, TaskName.ARRANGE_SCAN, TaskName.CHECK_FIXITY, TaskName.TRAIN_CLASSIFIER})
_LONG_SOFT = 0.9  # of the hard limit


def register(app: Celery, settings: WorkerSettings) -> None:
    """Add the tasks to ``app``; a page has the app's time limits, what grows with a document longer ones."""
    for name in TaskName:
        limits: dict[str, float] = {}
        if name in LONG:
            limits = {
                "time_limit": settings.long_time_limit,
                "soft_time_limit": _LONG_SOFT * settings.long_time_limit,
            }
        app.task(_ring_answered, name=name.value, bind=False, ignore_result=True, **limits)


def _ring_answered(dispatch_id: str) -> None:
    if _runtime is None:
        raise RuntimeError("a task ran in a process that run_worker() did not start")
    run(_runtime, HANDLERS, dispatch_id)


def run_worker(
    app: Celery,
    settings: WorkerSettings,
    make_runtime: Callable[[], Runtime],
    queues: Sequence[Queue],
    *,
    concurrency: int,
    niceness: int = 0,
) -> int:
    """Read ``queues`` with ``concurrency`` processes until SIGTERM; the exit status.

    SIGTERM lets running tasks end first. ``niceness`` is how far this pool steps back for others (see
    ``commands.pools``).
    """
    kind = "-".join(queue.value for queue in queues)
    register(app, settings)

    def logging_is_ours(**_: object) -> None:
        configure_logging(as_json=settings.log_json, process=kind)

    def start_process(**_: object) -> None:
        global _runtime
        _die_with_parent()
        _runtime = make_runtime()
        # What a person at the counter will wait for is ready before the first page comes.
        if Queue.COUNTER in queues or Queue.PAGES in queues:
            warm_up(settings.limits)
        if Queue.PAGES in queues or Queue.BACKSCAN in queues:
            _runtime.load()

    def end_process(**_: object) -> None:
        stop_decoder()
        if _runtime is not None:
            _runtime.close()

    signals.setup_logging.connect(logging_is_ours, weak=False)
    signals.worker_process_init.connect(start_process, weak=False)
    signals.worker_process_shutdown.connect(end_process, weak=False)
    if niceness:
        os.nice(niceness)
    worker = app.Worker(**worker_options(list(queues), concurrency), quiet=True)
    worker.start()
    return int(worker.exitcode or 0)


def _die_with_parent() -> None:
    """A pool process whose parent was killed would read on for nobody; the lease brings its page back."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == 1:
        os._exit(1)
