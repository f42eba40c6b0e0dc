"""`digitize` as a person calls it: as a process, or what a process of it does, with a data folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import psutil
import pytest
from typer.testing import CliRunner

from commands.main import run
from commands.up import wait_for_url


def environment() -> dict[str, str]:
    """Ours, without settings that would lead a test to somebody's real database."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DIGITIZE_")}


def digitize(*words: str, stdin: str = "", seconds: float = 120) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "commands", *words],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=seconds,
        env=environment(),
        check=False,
    )


def at_once(
    *words: str, stdin: str = "", settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The same in this process: of a second that such a command takes, nearly all is Python's start. One call of each module
    stays a process of its own, since here everything is imported already.

    ``settings``: the whole environment; default: ours without ``DIGITIZE_*``.
    """
    with (
        patch.dict(os.environ, settings or environment(), clear=True),
        patch.object(sys, "argv", ["digitize", *words]),
        CliRunner().isolation(stdin) as (out, err, _),
    ):
        with pytest.raises(SystemExit) as ended:
            run()
        sys.stdout.flush()
        code = ended.value.code
        return subprocess.CompletedProcess(
            words,
            code if isinstance(code, int) else 0,
            *(told.getvalue().decode().replace("\r\n", "\n") for told in (out, err)),
        )


class Machine:
    """`digitize up` on ``data``. ``stop`` is what Ctrl-C does, ``cut_power`` what a cleaner's plug does."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.process: subprocess.Popen[bytes] | None = None
        self.url = ""
        self.family: list[psutil.Process] = []

    def start(self, *options: str) -> None:
        with (self.data / "up.log").open("ab") as log:
            argv = [sys.executable, "-m", "commands", "up", "--port", "0", "--data", str(self.data), *options]
            process = self.process = subprocess.Popen(argv, stdout=log, stderr=log, env=environment())
        try:
            self.url = wait_for_url(self.data, alive=lambda: process.poll() is None)
        except TimeoutError:
            raise TimeoutError((self.data / "up.log").read_text(errors="replace")[-5000:]) from None
        self.family = psutil.Process(process.pid).children(recursive=True)

    def child(self, *words: str) -> psutil.Process:
        """The child process whose command line holds ``words``."""
        assert self.process is not None
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # a zombie counts as such
                if set(words) <= set(child.cmdline()):
                    return child
        raise LookupError(words)

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(90)

    def cut_power(self) -> None:
        """Every process at once, none asked."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        for each in self.family:
            if each.is_running():
                each.kill()

    def left_over(self, seconds: float = 10) -> Sequence[psutil.Process]:
        """Processes of the family that still live after ``seconds``."""
        alive: Sequence[psutil.Process] = psutil.wait_procs(self.family, timeout=seconds)[1]
        return alive
