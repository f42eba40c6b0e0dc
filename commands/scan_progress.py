"""How far ``digitize scan`` is, on stderr: a bar on a terminal, one line a file otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars


class Task(Protocol):
    """One input; told by the thread that reads it."""

    def pages(self, count: int) -> None: ...

    def page(self) -> None: ...

    def done(self, message: str) -> None: ...


class Progress(Protocol):
    def begin(self, name: str) -> Task: ...


@contextmanager
def progress(files: int) -> Iterator[Progress]:
    """Something to report to while ``files`` inputs are read."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield _Lines(console, files)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console, transient=True) as bars:
        yield _Bars(bars, bars.add_task("tệp / files", total=files))


@dataclass(slots=True)
class _Lines:
    console: Console
    files: int
    count: int = 0

    def begin(self, name: str) -> Task:
        return _Line(self, name)


@dataclass(slots=True)
class _Line:
    all: _Lines
    name: str

    def pages(self, count: int) -> None:
        """Said when it is done."""

    def page(self) -> None:
        """The same."""

    def done(self, message: str) -> None:
        self.all.count += 1
        line = f"[{self.all.count}/{self.all.files}] {self.name}: {message}"
        self.all.console.print(line, markup=False, soft_wrap=True)


@dataclass(slots=True)
class _Bars:
    bars: Bars
    files: TaskID

    def begin(self, name: str) -> Task:
        return _Bar(self, name, self.bars.add_task(escape(name), total=None))


@dataclass(slots=True)
class _Bar:
    all: _Bars
    name: str
    task: TaskID

    def pages(self, count: int) -> None:
        self.all.bars.update(self.task, total=count)

    def page(self) -> None:
        self.all.bars.advance(self.task)

    def done(self, message: str) -> None:
        self.all.bars.remove_task(self.task)
        self.all.bars.console.print(f"{self.name}: {message}", markup=False, soft_wrap=True)
        self.all.bars.advance(self.all.files)
