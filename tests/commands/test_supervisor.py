from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from commands import supervisor as module
from commands.supervisor import Child, Supervisor

FOREVER = "import time; time.sleep(600)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    made = Supervisor()
    yield made
    made.stop()


def wait(true: Callable[[], bool], supervisor: Supervisor) -> None:
    end = time.monotonic() + 20
    supervisor.watch(until=lambda: true() or time.monotonic() > end)
    assert true()


def test_a_child_that_ends_is_started_again_after_a_pause(supervisor: Supervisor) -> None:
    seen: list[int] = []
    child = supervisor.start(Child("c", python("raise SystemExit(3)"), on_crash=seen.append))
    wait(lambda: seen == [1, 2], supervisor)
    assert child.crashes >= 2


def test_groups_stop_one_after_the_other_and_the_deaf_are_killed(tmp_path: Path) -> None:
    supervisor = Supervisor()
    log = tmp_path / "log"
    deaf = supervisor.start(Child("deaf", python(DEAF), stop_group=0, stop_seconds=0.5, log=log))
    last = supervisor.start(Child("last", python(FOREVER), stop_group=1))
    wait(lambda: log.exists() and "deaf" in log.read_text(), supervisor)
    supervisor.stop()
    assert deaf.process is not None
    assert last.process is not None
    assert (deaf.process.returncode, last.process.returncode) == (-9, -15)


def test_children_have_one_thread_for_arithmetic_and_a_session_of_their_own(tmp_path: Path) -> None:
    supervisor = Supervisor()
    code = "import os, time; print(os.environ['OMP_THREAD_LIMIT'], os.getsid(0) == os.getpid(), flush=True); time.sleep(600)"
    log = tmp_path / "log"
    supervisor.start(Child("c", python(code), log=log))
    wait(lambda: log.read_text().strip() == "1 True", supervisor)
    supervisor.stop()


def test_a_log_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOG_BYTES", 10_000)
    log = tmp_path / "log"
    supervisor = Supervisor(log)
    supervisor.start(Child("c", python("import time\nwhile True: print('x' * 999, flush=True); time.sleep(0.01)")))
    wait(lambda: log.with_name("log.1").exists(), supervisor)
    supervisor.stop()
    assert log.stat().st_size < log.with_name("log.1").stat().st_size + 100_000


def test_a_child_does_not_outlive_its_supervisor(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom commands.supervisor import Child, Supervisor\n"
        f"child = Supervisor().start(Child('c', [sys.executable, '-c', {FOREVER!r}]))\n"
        "print(child.process.pid, flush=True); time.sleep(600)"
    )
    log = tmp_path / "log"
    with log.open("wb") as out:
        parent = psutil.Popen(python(code), stdout=out)
    end = time.monotonic() + 60
    while not log.read_text().strip().splitlines()[-1:] or not log.read_text().strip().splitlines()[-1].isdecimal():
        assert time.monotonic() < end
        time.sleep(0.1)
    child = psutil.Process(int(log.read_text().strip().splitlines()[-1]))
    parent.kill()
    parent.wait()
    gone, _ = psutil.wait_procs([child], timeout=10)
    assert gone == [child]
