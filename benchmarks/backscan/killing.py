"""What is killed on the way, and how its processes are found: by their command lines, below the one `digitize up`."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil

WORKER, API, REDIS, SWEEPER = "worker", "api", "redis", "sweeper"
_WORDS: dict[str, Callable[[list[str]], bool]] = {
    WORKER: lambda words: "worker" in words and "backscan" in words,
    API: lambda words: "api" in words,
    REDIS: lambda words: "redis-server" in words[0],
    SWEEPER: lambda words: "sweep" in words,
}


@dataclass(frozen=True, slots=True)
class Blow:
    """Once ``share`` of the papers are done: SIGKILL to these and all below them; nothing named: to everything, as when the power fails."""

    share: float
    victims: tuple[str, ...]

    @property
    def told(self) -> str:
        return ", ".join(self.victims) or "everything (power cut)"


BLOWS: Sequence[Blow] = (
    Blow(0.10, (WORKER,)),
    Blow(0.22, (API,)),
    Blow(0.34, (REDIS,)),
    Blow(0.46, (WORKER, REDIS)),
    Blow(0.58, (SWEEPER, API)),
    Blow(0.70, (WORKER, API, REDIS)),
    Blow(0.82, ()),
)


def strike(root: psutil.Process, victims: Sequence[str]) -> int:
    """SIGKILL; how many processes died."""
    children = root.children(recursive=True)
    if victims:
        chosen = [child for child in children if any(_is(child, victim) for victim in victims)]
        doomed = {one.pid: one for head in chosen for one in [head, *_below(head)]}
    else:
        doomed = {one.pid: one for one in [root, *children]}
    for one in doomed.values():
        with suppress(psutil.NoSuchProcess):
            one.send_signal(signal.SIGKILL)
    psutil.wait_procs(list(doomed.values()), timeout=10)
    return len(doomed)


def below(root: psutil.Process, victim: str, seconds: float = 60.0) -> psutil.Process:
    """The first process of that kind, once there is one."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for child in root.children(recursive=True):
            if _is(child, victim):
                return child
        time.sleep(0.2)
    raise TimeoutError(f"no {victim} within {seconds:g} s")


def _below(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return list(process.children(recursive=True))
    return []


def _is(process: psutil.Process, victim: str) -> bool:
    with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
        words = process.cmdline()
        return bool(words) and _WORDS[victim](words)
    return False
