from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from models.errors import MissingProgram, ProcessingLimit
from workers.tools.run import run_tool

MEBIBYTE = 1 << 20


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def ended_within(pid: int, *, seconds: float) -> bool:
    """A killed process goes when the kernel next runs it, which on a busy machine is not at once."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def test_output_status_and_input() -> None:
    result = run_tool(python("import sys; print(sys.stdin.read().upper()); sys.exit(3)"), timeout=20, input=b"abc")
    assert (result.returncode, result.stdout, result.ok) == (3, b"ABC\n", False)


def test_large_input_and_output_do_not_deadlock() -> None:
    data = os.urandom(3 * MEBIBYTE)
    code = "import sys; d = sys.stdin.buffer.read(); sys.stdout.buffer.write(d); sys.stderr.buffer.write(d)"
    result = run_tool(python(code), timeout=20, input=data)
    assert result.stdout == result.stderr == data


def test_missing_program_is_coded() -> None:
    with pytest.raises(MissingProgram, match="no-such-program"):
        run_tool(["no-such-program"], timeout=1)


def test_timeout_kills_the_whole_group(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import subprocess, sys, pathlib, time;"
        f"p = subprocess.Popen(['sleep', '60']); pathlib.Path({str(note)!r}).write_text(str(p.pid)); time.sleep(60)"
    )
    started = time.monotonic()
    with pytest.raises(ProcessingLimit, match="stopped after"):
        run_tool(python(code), timeout=1.5)
    assert time.monotonic() - started < 10
    assert ended_within(int(note.read_text()), seconds=20)


def test_memory_limit_ends_the_program_not_us() -> None:
    result = run_tool(python("x = bytearray(600 << 20)"), timeout=20, memory_bytes=256 * MEBIBYTE)
    assert not result.ok
    assert b"MemoryError" in result.stderr


def test_processor_limit() -> None:
    with pytest.raises(ProcessingLimit, match="processor time"):
        run_tool(python("while True: pass"), timeout=20, cpu_seconds=1)


def test_output_is_bounded() -> None:
    with pytest.raises(ProcessingLimit, match="wrote more"):
        run_tool(python("while True: print('x' * 1000)"), timeout=20, max_output=MEBIBYTE)


def test_written_files_are_bounded(tmp_path: Path) -> None:
    result = run_tool(python("open('big', 'wb').write(bytes(8 << 20))"), timeout=20, cwd=tmp_path, max_file=MEBIBYTE)
    assert not result.ok
    assert (tmp_path / "big").stat().st_size <= MEBIBYTE


def test_environment_holds_none_of_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITIZE_WORKER_BROKER_URL", "redis://:geheim@h")
    result = run_tool(python("import os; print(sorted(os.environ))"), timeout=20)
    assert b"DIGITIZE" not in result.stdout
    assert b"OMP_THREAD_LIMIT" in result.stdout
