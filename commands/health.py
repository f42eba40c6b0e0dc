"""``python -m commands.health ROLE [PORT]``: does this container do its work? For health checks: quick, and starts nothing.

A program of its own and not a command of ``digitize``, whose command line takes a second of imports to build.
"""

from __future__ import annotations

import sys
import urllib.request
from pathlib import Path

from commands.pools import ROLES

USAGE = "python -m commands.health api PORT | " + " | ".join(ROLES)
API_SECONDS = 4.0
_PROC = Path("/proc")


def main(words: list[str]) -> int:
    """0: at work, 1: not, 2: wrong usage."""
    match words:
        case ["api", port] if port.isdecimal():
            wrong = _api(int(port))
        case [role] if role in ROLES:
            wrong = _pools(role)
        case _:
            sys.stderr.write(f"{USAGE}\n")
            return 2
    sys.stderr.write(f"{wrong}\n" if wrong else "")
    return 1 if wrong else 0


def _api(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=API_SECONDS):
            return ""
    except OSError as error:
        return f"api: {error}"


def _pools(role: str) -> str:
    """Every pool of the role runs and has processes of its own (a pool that is being restarted has none)."""
    tree = {number: _process(number) for number in _numbers()}
    missing = []
    for queue in ROLES[role]:
        parents = {number for number, (_, words) in tree.items() if _is_pool(words, queue.value)}
        if not any(parent in parents for parent, _ in tree.values()):
            missing.append(f"worker-{queue.value}")
    return f"not running: {', '.join(missing)}" if missing else ""


def _is_pool(words: list[str], queue: str) -> bool:
    return "commands" in words and "--pool" in words and words[words.index("--pool") + 1 :][:1] == [queue]


def _numbers() -> list[int]:
    return [int(path.name) for path in _PROC.iterdir() if path.name.isdigit()]


def _process(number: int) -> tuple[int, list[str]]:
    """The parent of a process and its words; (0, []) when it ended meanwhile."""
    try:
        words = (_PROC / str(number) / "cmdline").read_bytes().decode(errors="replace").split("\0")
        status = (_PROC / str(number) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0, []
    return int(status[1]), words


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
