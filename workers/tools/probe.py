"""What a probe of an external program answers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.errors import DigitizeError
from workers.tools.run import run_tool

PROBE_SECONDS = 10.0
_PROBE_MEMORY = 4 << 30  # node reserves gigabytes of address space to say its version


@dataclass(frozen=True, slots=True)
class Probe:
    """``found`` is a path, or ``None``. ``needed``: without it the main job stops; else a convenience.

    ``install`` is the command, for Debian and Ubuntu, that mends it. ``detail`` says more, e.g. which languages are there.
    """

    name: str
    found: str | None
    version: str | None
    minimum: str
    install: str
    needed: bool = True
    detail: str = ""
    usable: bool = True  # false: found and new enough, but something it needs is missing (``detail`` says what)

    @property
    def ok(self) -> bool:
        return self.found is not None and self.usable and at_least(self.version, self.minimum)


def at_least(version: str | None, minimum: str) -> bool:
    """Whether a dotted version is ``minimum`` or newer; an unreadable one is not."""
    if version is None:
        return False
    have, want = (tuple(int(part) for part in re.findall(r"\d+", text)) for text in (version, minimum))
    return have >= want


def ask_version(argv: list[str], pattern: str) -> str | None:
    """The first group of ``pattern`` in what ``argv`` prints (stdout, then stderr); ``None`` when it says nothing."""
    try:
        answer = run_tool(argv, timeout=PROBE_SECONDS, memory_bytes=_PROBE_MEMORY, max_output=1 << 20)
    except DigitizeError:
        return None
    match = re.search(pattern, (answer.stdout + b"\n" + answer.stderr).decode("utf-8", "replace"))
    return match.group(1) if match else None
