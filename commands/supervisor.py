"""Keeps child processes running: starts them, restarts those that end, stops them in order.

Used by `digitize up` (everything) and by `digitize worker` (the pools of one role). Written for one thread: a child's
parent-death signal follows the *thread* that started it.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 30.0
LOG_BYTES = 50 << 20
STEADY_SECONDS = 60.0  # a child that ran so long starts its pauses anew
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)

# Each process works on one page with one thread; more of them only fight for the same cores (tesseract's own threads make
# it several times slower).
SINGLE_THREADED = {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(slots=True)
class Child:
    """``stop_group``: lower ones are stopped first. ``stop_seconds``: how long it may take before it is killed.

    ``log``: where its output goes, else to ours. ``on_crash`` is called with how often it has crashed in a row, before it is started again.
    """

    name: str
    argv: Sequence[str]
    stop_group: int = 0
    stop_seconds: float = 10.0
    on_crash: Callable[[int], None] | None = None
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    started_at: float = 0.0
    crashes: int = 0
    restart_at: float | None = None

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None


def digitize(*words: str) -> list[str]:
    """The command line of one of our own commands."""
    return [sys.executable, "-m", "commands", *words]


class Supervisor:
    """``log``: where children without a log of their own write; cut when it grows past ``LOG_BYTES``. ``None``: our stderr."""

    def __init__(self, log: Path | None = None) -> None:
        self.children: list[Child] = []
        self.stopping = False
        self._log = log

    def start(self, child: Child) -> Child:
        """Start it and keep it running from now on."""
        self.children.append(child)
        self._spawn(child)
        return child

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Restart what ends, until ``until()`` or :meth:`request_stop`."""
        while not self.stopping and not until():
            self.tend()
            time.sleep(POLL_SECONDS)

    def tend(self) -> None:
        """One look at every child."""
        now = time.monotonic()
        if self._log is not None:
            _cut(self._log)
        for child in self.children:
            if child.restart_at is not None:
                if now >= child.restart_at:
                    child.restart_at = None
                    if child.on_crash is not None:
                        child.on_crash(child.crashes)
                    self._spawn(child)
            elif not child.running:
                child.crashes = 1 if now - child.started_at > STEADY_SECONDS else child.crashes + 1
                pause = min(LONGEST_PAUSE_SECONDS, 0.5 * 2 ** (child.crashes - 1))
                child.restart_at = now + pause
                status = child.process.returncode if child.process else None
                log.error("process ended, starting it again", child=child.name, status=status, pause=pause)

    def request_stop(self, *_: object) -> None:
        """A signal handler: ends :meth:`watch`."""
        self.stopping = True

    def stop(self) -> None:
        """Stop all children, group after group; each group together. What doesn't end in time is killed."""
        self.stopping = True
        for group in sorted({child.stop_group for child in self.children}):
            members = [child for child in self.children if child.stop_group == group and child.running]
            for child in members:
                assert child.process is not None
                child.process.send_signal(signal.SIGTERM)
            end = time.monotonic() + max((child.stop_seconds for child in members), default=0.0)
            for child in members:
                assert child.process is not None
                try:
                    child.process.wait(max(0.1, end - time.monotonic()))
                except subprocess.TimeoutExpired:
                    log.warning("did not stop in time, killed; its lease brings its work back", child=child.name)
                    os.killpg(child.process.pid, signal.SIGKILL)
                    child.process.wait()

    def _spawn(self, child: Child) -> None:
        path = child.log or self._log
        output = path.open("ab") if path else None
        child.process = subprocess.Popen(
            child.argv,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            # A session of its own: Ctrl-C on the terminal reaches only us, and we stop them in order.
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - we have one thread
            env={**os.environ, **SINGLE_THREADED},
        )
        if output is not None:
            output.close()
        child.started_at = time.monotonic()
        log.info("started", child=child.name, pid=child.process.pid)


def _cut(path: Path) -> None:
    """Keep one full file beside the current one. The children hold it open for appending, so it is emptied in place."""
    if path.exists() and path.stat().st_size > LOG_BYTES:
        shutil.copyfile(path, path.with_suffix(path.suffix + ".1"))
        os.truncate(path, 0)


def _end_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
