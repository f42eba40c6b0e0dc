"""``digitize health``: does this container do its work? For health checks; quick, and starts nothing."""

from __future__ import annotations

import urllib.request
from pathlib import Path
from typing import Annotated

import typer

from commands.exit_codes import ExitCode
from commands.pools import ROLES

API_SECONDS = 4.0
_PROC = Path("/proc")


def register(app: typer.Typer) -> None:
    """Add ``health``."""
    app.command("health")(health)


def health(
    role: Annotated[str, typer.Argument(help="api, " + ", ".join(ROLES))],
) -> None:
    """Kiểm tra dịch vụ trong container này còn chạy. / Is this container's service at work? Exit status 0: yes."""
    if role != "api" and role not in ROLES:
        raise typer.BadParameter("api, " + ", ".join(ROLES))
    missing = _api() if role == "api" else _pools(role)
    if missing:
        typer.echo(missing, err=True)
        raise typer.Exit(ExitCode.MISSING)


def _api() -> str:
    from digitize_api.settings import ApiSettings  # noqa: PLC0415 - the other roles have no need of it

    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{ApiSettings().port}/livez", timeout=API_SECONDS):
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
