"""How far ``digitize scan`` is, on stderr: a bar on a terminal, one line a file otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars


class Progress(Protocol):
    def begin(self, name: str) -> None: ...

    def pages(self, count: int) -> None: ...

    def page(self) -> None: ...

    def done(self, name: str, message: str) -> None: ...


@contextmanager
def progress(files: int) -> Iterator[Progress]:
    """Something to report to while ``files`` inputs are read."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield _Lines(console, files)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console, transient=True) as bars:
        yield _Bars(bars, files)


class _Lines:
    def __init__(self, console: Console, files: int) -> None:
        self._console, self._files, self._count = console, files, 0

    def begin(self, name: str) -> None:
        """Said when it is done."""

    def pages(self, count: int) -> None:
        """The same."""

    def page(self) -> None:
        """The same."""

    def done(self, name: str, message: str) -> None:
        self._count += 1
        self._console.print(f"[{self._count}/{self._files}] {name}: {message}", markup=False, soft_wrap=True)


class _Bars:
    def __init__(self, bars: Bars, files: int) -> None:
        self._bars = bars
        self._all: TaskID | None = bars.add_task("tệp / files", total=files) if files > 1 else None
        self._now: TaskID | None = None

    def begin(self, name: str) -> None:
        self._now = self._bars.add_task(name.replace("[", r"\["), total=None)

    def pages(self, count: int) -> None:
        if self._now is not None:
            self._bars.update(self._now, total=count)

    def page(self) -> None:
        if self._now is not None:
            self._bars.advance(self._now)

    def done(self, name: str, message: str) -> None:
        if self._now is not None:
            self._bars.remove_task(self._now)
            self._now = None
        self._bars.console.print(f"{name}: {message}", markup=False, soft_wrap=True)
        if self._all is not None:
            self._bars.advance(self._all)
