"""The one way an external program is run: in its own process group, under limits, with nothing it does not need."""

from __future__ import annotations

import os
import resource
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from models.errors import MissingProgram, ProcessingLimit

MEBIBYTE = 1 << 20
_CHUNK = 1 << 16
_GRACE_SECONDS = 5.0  # for a group that was killed to be gone


@dataclass(frozen=True, slots=True)
class ToolResult:
    """How it ended. ``returncode`` is negative when a signal ended it (``-9`` = killed)."""

    argv: tuple[str, ...]
    returncode: int
    stdout: bytes
    stderr: bytes
    seconds: float

    @property
    def ok(self) -> bool:
        return self.returncode == 0


def tool_environment() -> dict[str, str]:
    """The whole environment of a program: nothing of ours but PATH (no keys, no broker URL).

    One thread each: on a machine with a worker per core more threads only fight (Tesseract's OpenMP is 5-6 times slower
    with them), and each reserves address space.
    """
    return {
        "PATH": os.environ.get("PATH", os.defpath),  # the one variable a program can't do without
        "LC_ALL": "C.UTF-8",
        "LANG": "C.UTF-8",
        "HOME": "/nonexistent",
        "OMP_THREAD_LIMIT": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def find_program(name: str) -> str:
    """Absolute path of ``name``. ``MissingProgram`` when it is not installed."""
    found = shutil.which(name)
    if found is None:
        raise MissingProgram(f"{name} is not installed")
    return found


def limit_process(pid: int, *, memory_bytes: int, cpu_seconds: float, file_bytes: int) -> None:
    """Puts limits on a process just started (and on all it starts later).

    From outside, not with a ``preexec_fn``: Python code between fork and exec can deadlock in a process with threads.
    The few microseconds before are the program's own loading; what it maps later counts against the limit.
    """
    cpu = max(1, int(cpu_seconds + 0.999))
    for kind, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.prlimit(pid, kind, (value, value + 1 if kind == resource.RLIMIT_CPU else value))
        except ProcessLookupError:  # it has ended already
            return
        except ValueError:  # our own hard limit is lower still: that one holds
            continue


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kills a process started with ``process_group=0`` and everything it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.wait(timeout=_GRACE_SECONDS)


def run_tool(
    argv: Sequence[str],
    *,
    timeout: float,
    memory_bytes: int = 1024 * MEBIBYTE,
    cpu_seconds: float | None = None,
    cwd: Path | None = None,
    input: bytes = b"",  # noqa: A002  # named as in subprocess.run
    max_output: int = 16 * MEBIBYTE,
    max_file: int = 1024 * MEBIBYTE,
) -> ToolResult:
    """Run ``argv`` to its end; any exit status is an answer (``ToolResult.ok``).

    ``timeout``: wall-clock seconds for the whole group, which is then killed. ``cpu_seconds``: processor time, ``timeout``
    when not given. ``memory_bytes``: address space of each process. ``max_output``: of stdout and of stderr.
    ``max_file``: of each file it writes. Raises ``MissingProgram``, and ``ProcessingLimit`` when time or output ran over
    (a program that meets its memory limit fails in its own way: a non-zero status).
    """
    program = find_program(argv[0])
    started = time.monotonic()
    process = subprocess.Popen(
        [program, *argv[1:]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cwd,
        env=tool_environment(),
        close_fds=True,
        process_group=0,
    )
    name = Path(program).name
    try:
        limit_process(
            process.pid,
            memory_bytes=memory_bytes,
            cpu_seconds=timeout if cpu_seconds is None else cpu_seconds,
            file_bytes=max_file,
        )
        out, err = _converse(process, input, started + timeout, max_output, name)
        process.wait(timeout=max(0.01, started + timeout - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise ProcessingLimit(f"{name} was stopped after {timeout:g} s") from None
    finally:
        kill_group(process)  # also sweeps up children it left behind
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                _close_quietly(stream)
    if process.returncode == -signal.SIGXCPU:
        raise ProcessingLimit(f"{name} used up its processor time")
    return ToolResult(tuple(argv), process.returncode, out, err, time.monotonic() - started)


def _close_quietly(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except BrokenPipeError:  # stdin of a program that ended without reading it all
        return


def _converse(
    process: subprocess.Popen[bytes], data: bytes, deadline: float, max_output: int, name: str
) -> tuple[bytes, bytes]:
    """Feeds stdin and collects stdout and stderr, each up to ``max_output`` bytes."""
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    collected = {process.stdout: bytearray(), process.stderr: bytearray()}
    view = memoryview(data)
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        selector.register(process.stderr, selectors.EVENT_READ)
        os.set_blocking(process.stdin.fileno(), False)
        if view:
            selector.register(process.stdin, selectors.EVENT_WRITE)
        else:
            process.stdin.close()
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                raise subprocess.TimeoutExpired(name, 0)
            for key, _ in selector.select(left):
                if key.fileobj is process.stdin:
                    view = _feed(process.stdin, view)
                    if not view:
                        selector.unregister(process.stdin)
                        _close_quietly(process.stdin)
                    continue
                stream = process.stdout if key.fileobj is process.stdout else process.stderr
                chunk = os.read(key.fd, _CHUNK)
                if not chunk:
                    selector.unregister(stream)
                    continue
                collected[stream] += chunk
                if len(collected[stream]) > max_output:
                    raise ProcessingLimit(f"{name} wrote more than {max_output} bytes")
    return bytes(collected[process.stdout]), bytes(collected[process.stderr])


def _feed(stream: IO[bytes], view: memoryview) -> memoryview:
    """Writes what the pipe takes; an empty view means done (or a program that reads no more)."""
    try:
        return view[os.write(stream.fileno(), view[:_CHUNK]) :]
    except BlockingIOError:
        return view
    except BrokenPipeError:
        return view[:0]


def python_argv(module: str) -> list[str]:
    """The command that runs a module of ours in a child of its own."""
    return [sys.executable, "-X", "utf8", "-m", module]
