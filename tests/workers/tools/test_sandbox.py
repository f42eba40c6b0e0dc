from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from models.errors import EncryptedPdf, ProcessingLimit
from workers.tools.sandbox import ChildDied, Sandbox

MEMORY = 1 << 30


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox("tests.workers.tools.crashing_child")
    yield made
    made.close()


def call(
    sandbox: Sandbox, name: str, *, seconds: float = 20, max_reply: int = 1 << 24
) -> tuple[dict[str, object], int]:
    answer, buffers = sandbox.call(name, {}, seconds=seconds, memory_bytes=MEMORY, max_reply=max_reply)
    return answer, sum(len(buffer) for buffer in buffers)


def test_answers_and_the_same_child_goes_on(sandbox: Sandbox) -> None:
    answer, buffers = sandbox.call("echo", {"x": [1, "đ"]}, seconds=20, memory_bytes=MEMORY, max_reply=100)
    assert answer["x"] == [1, "đ"]
    assert buffers == [b"abc", b""]
    assert call(sandbox, "echo")[0]["pid"] == answer["pid"] != os.getpid()


def test_a_crash_costs_one_call(sandbox: Sandbox) -> None:
    before = call(sandbox, "echo")[0]["pid"]
    with pytest.raises(ChildDied):
        call(sandbox, "crash")
    assert call(sandbox, "echo")[0]["pid"] != before


def test_a_hang_is_ended_and_the_child_is_gone(sandbox: Sandbox) -> None:
    pid = call(sandbox, "echo")[0]["pid"]
    started = time.monotonic()
    with pytest.raises(ProcessingLimit, match=r"more than 0\.5 s"):
        call(sandbox, "hang", seconds=0.5)
    assert time.monotonic() - started < 10
    assert isinstance(pid, int)
    assert not psutil.pid_exists(pid)
    call(sandbox, "echo")


def test_memory_is_limited(sandbox: Sandbox) -> None:
    with pytest.raises(ProcessingLimit, match="memory"):
        call(sandbox, "swell")
    call(sandbox, "echo")


def test_coded_errors_come_through_and_defects_with_their_traceback(sandbox: Sandbox) -> None:
    with pytest.raises(EncryptedPdf, match="geheim"):
        call(sandbox, "refuse")
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        call(sandbox, "fail")


def test_a_chatting_library_does_not_garble_the_answer(sandbox: Sandbox) -> None:
    assert call(sandbox, "chatter") == ({}, 5_000_000)


def test_an_answer_over_its_limit_is_not_believed(sandbox: Sandbox) -> None:
    with pytest.raises(ChildDied, match="more than it may"):
        call(sandbox, "chatter", max_reply=1000)


def test_threads_take_turns(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: call(sandbox, "echo")[0]["pid"], range(20)))
    assert len(set(answers)) == 1


def test_a_forked_process_starts_its_own_child(sandbox: Sandbox) -> None:
    pid = call(sandbox, "echo")[0]["pid"]
    read, write = os.pipe()
    fork = os.fork()
    if fork == 0:
        try:
            theirs = call(sandbox, "echo")[0]["pid"]
            sandbox.close()
            os.write(write, str(theirs).encode())
        finally:
            os._exit(0)
    os.waitpid(fork, 0)
    theirs = int(os.read(read, 20))
    assert theirs != pid
    assert call(sandbox, "echo")[0]["pid"] == pid


def test_the_child_ends_with_its_parent(sandbox: Sandbox) -> None:
    pid = call(sandbox, "echo")[0]["pid"]
    assert isinstance(pid, int)
    child = psutil.Process(pid)
    process = sandbox._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()  # what the kernel does when the parent is killed
    assert process.wait(timeout=10) == 0
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
