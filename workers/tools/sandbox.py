"""A child process that reads strangers' bytes for us, so that a hostile file can cost a child but never a worker.

C libraries (libjpeg, libtiff, OpenJPEG, qpdf, pdfium, Poppler, ...) parse what the counter receives; each has crashed on
some file. They run in one long-lived child per worker process: started once (about a second of imports), asked over a
pipe (some 10 ms a page), under an address-space limit, with processor and wall-clock limits per call, and replaced when
it dies. Answers are JSON and raw buffers, never pickles: a child that was taken over can only lie about the page.

Wire format, both ways: ``<II`` (length of the JSON, number of buffers), ``<Q`` per buffer (its length), JSON, buffers.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import json
import os
import select
import struct
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

from models import errors
from models.errors import DigitizeError, ProcessingLimit
from workers.tools.run import MEBIBYTE, kill_group, limit_process, python_argv, tool_environment

START_SECONDS = 30.0  # imports on a busy machine
MAX_CALLS = 500  # then a fresh child: whatever its libraries leak goes with it
_MAX_JSON = 64 * MEBIBYTE
_MAX_BUFFERS = 8
_HEAD = struct.Struct("<II")
_CPU_SLACK = 10.0
# Address space that Python, OpenCV, pdfium and the rest map without ever touching it (measured: 350 MiB more than they
# have in memory); on top of what a call may use.
_CODE_SPACE = 320 * MEBIBYTE


class ChildDied(Exception):
    """The child ended in the middle of a call: a crash, or its processor limit. The next call gets a new child."""


class Sandbox:
    """One child of the Python module ``module``, which calls ``workers.tools.sandbox_child.serve``.

    Safe from several threads (calls queue) and after a fork (the forked process starts a child of its own).
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._memory = 0
        self._calls = 0
        atexit.register(self.close)

    def start(self, *, memory_bytes: int) -> None:
        """Start the child now, so that the first page need not wait for it. Returns before it is ready."""
        with self._lock:
            self._ensure(memory_bytes)

    def call(
        self, name: str, arguments: dict[str, Any], *, seconds: float, memory_bytes: int, max_reply: int
    ) -> tuple[dict[str, Any], list[bytearray]]:
        """Call handler ``name`` in the child; its JSON answer and buffers (``max_reply`` bytes together at most).

        A coded error raised there is raised here. ``ProcessingLimit`` when it took more than ``seconds`` of wall clock
        or its memory; ``ChildDied`` when it crashed.
        """
        with self._lock:
            process, fresh = self._ensure(memory_bytes)
            deadline = time.monotonic() + seconds + (START_SECONDS if fresh else 0.0)
            try:
                self._send(process, {"call": name, "arguments": arguments, "cpu_seconds": seconds + _CPU_SLACK})
                answer, buffers = self._receive(process, deadline, max_reply)
            except TimeoutError:
                self._stop()
                raise ProcessingLimit(f"reading took more than {seconds:g} s") from None
            except (ChildDied, BrokenPipeError, ConnectionResetError) as error:
                self._stop()
                raise ChildDied(str(error) or "the decoder ended unexpectedly") from None
            except BaseException:
                self._stop()  # an interrupted conversation can't be taken up again
                raise
            self._calls += 1
            if self._calls >= MAX_CALLS or answer.get("spent"):
                self._stop()
                self._ensure(memory_bytes)  # its imports run while the caller works on the answer
        if answer.get("error"):
            raise _as_error(answer["error"])
        return answer["result"], buffers

    def close(self) -> None:
        """End the child; safe to call twice."""
        with self._lock:
            self._stop()

    def _ensure(self, memory_bytes: int) -> tuple[subprocess.Popen[bytes], bool]:
        process = self._process
        ours = self._owner == os.getpid() and self._memory == memory_bytes
        if process is not None and ours and process.poll() is None:
            return process, self._calls == 0
        self._stop()
        environment = tool_environment() | {"PYTHONPATH": str(Path(errors.__file__).parents[1])}
        process = subprocess.Popen(
            python_argv(self._module),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libraries chatter about every odd byte; what matters comes as a code
            env=environment,
            cwd="/",
            close_fds=True,
            process_group=0,
        )
        limit_process(
            process.pid, memory_bytes=memory_bytes + _CODE_SPACE, cpu_seconds=10**7, file_bytes=1024 * MEBIBYTE
        )
        _widen(process)
        self._process, self._owner, self._memory, self._calls = process, os.getpid(), memory_bytes, 0
        return process, True

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue
        if self._owner == os.getpid():  # after a fork it is the parent's child, not ours
            kill_group(process)
        else:
            process.returncode = 0  # keeps subprocess from waiting for it

    @staticmethod
    def _send(process: subprocess.Popen[bytes], message: dict[str, Any]) -> None:
        assert process.stdin is not None
        text = json.dumps(message).encode()
        process.stdin.write(_HEAD.pack(len(text), 0) + text)
        process.stdin.flush()

    @staticmethod
    def _receive(
        process: subprocess.Popen[bytes], deadline: float, max_reply: int
    ) -> tuple[dict[str, Any], list[bytearray]]:
        assert process.stdout is not None
        descriptor = process.stdout.fileno()
        text_length, count = _HEAD.unpack(_read_exactly(descriptor, _HEAD.size, deadline))
        if text_length > _MAX_JSON or count > _MAX_BUFFERS:
            raise ChildDied("the decoder answered nonsense")
        lengths = struct.unpack(f"<{count}Q", _read_exactly(descriptor, 8 * count, deadline))
        if sum(lengths) > max_reply:
            raise ChildDied("the decoder answered more than it may")
        answer = json.loads(_read_exactly(descriptor, text_length, deadline))
        return answer, [_read_exactly(descriptor, length, deadline) for length in lengths]


def _widen(process: subprocess.Popen[bytes]) -> None:
    """Room for a MiB in the pipe that pixels come through: with the usual 64 KiB a page of 26 MB makes both sides take turns 400 times."""
    assert process.stdout is not None
    with contextlib.suppress(OSError):  # a kernel that allows less; it is only slower
        fcntl.fcntl(process.stdout.fileno(), fcntl.F_SETPIPE_SZ, MEBIBYTE)


def _read_exactly(descriptor: int, length: int, deadline: float) -> bytearray:
    data = bytearray(length)
    view = memoryview(data)
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    while view:
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise TimeoutError
        got = os.readv(descriptor, [view])
        if got == 0:
            raise ChildDied("the decoder stopped on this file")
        view = view[got:]
    return data


def _as_error(told: dict[str, str]) -> Exception:
    """The coded error that the child raised, or ``RuntimeError`` with its traceback for a defect of ours."""
    for kind in errors.catalogue():
        if kind.code == told.get("code") and kind is not DigitizeError:
            return kind(told.get("detail", ""))
    return RuntimeError(f"defect in the decoder child:\n{told.get('traceback', '')}")
