"""Pages of one document after another, read by several processes, each with its engine loaded once.

A process that dies or hangs costs its page (``PAGE_CRASHED``, ``PROCESSING_LIMIT``) and is replaced; the others go on. Outcomes
travel by files, so that neither side ever holds more than one page of a long document.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import TracebackType
from typing import Self

from models.errors import MissingProgram, PageCrashed, ProcessingLimit
from workers.limits import Limits
from workers.outcome_codec import encode
from workers.page import DocumentInfo, Failure, PageOutcome

PAGE_SECONDS = 240.0
_STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class ReaderConfig:
    """What a reading process needs to know; sent to it when it starts."""

    engine: str = "tesserocr"
    languages: str = "vie"
    limits: Limits = field(default_factory=Limits)
    page_seconds: float = PAGE_SECONDS


@dataclass(slots=True)
class _Reader:
    process: SpawnProcess
    pipe: Connection
    number: int | None = None  # the page it works on
    since: float = 0.0


class ReaderPool:
    """``size`` reading processes, started when first needed and kept for all documents of a run. A context manager."""

    def __init__(self, config: ReaderConfig, size: int) -> None:
        self._config = config
        self._size = max(1, size)
        self._readers: list[_Reader] = []
        # Spawned, not forked: the libraries' threads and the parent's locks must not be copied.
        self._context = multiprocessing.get_context("spawn")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, info: DocumentInfo, folder: Path) -> Iterator[tuple[int, Path]]:
        """(page number, file with its encoded outcome) as pages get done, in any order; each page once.

        Raises ``MissingProgram`` when the engine can't be loaded.
        """
        todo = deque(range(1, info.page_count + 1))
        try:
            while todo or any(reader.number is not None for reader in self._readers):
                while len(self._readers) < min(self._size, info.page_count) and self._idle() < len(todo):
                    self._readers.append(self._start())
                for reader in self._readers:
                    if todo and reader.number is None:
                        _hand_over(reader, info, todo.popleft(), folder)
                for reader in self._ready():
                    yield self._result(reader, folder)
        finally:
            for reader in list(self._readers):  # the caller stopped half-way
                if reader.number is not None:
                    self._kill(reader)

    def close(self) -> None:
        for reader in self._readers:
            with contextlib.suppress(OSError):
                reader.pipe.send(None)
        for reader in self._readers:
            reader.process.join(_STOP_SECONDS)
            if reader.process.is_alive():
                reader.process.kill()
                reader.process.join()
            reader.pipe.close()
        self._readers.clear()

    def _start(self) -> _Reader:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._config), daemon=False)
        process.start()
        theirs.close()
        return _Reader(process, ours)

    def _idle(self) -> int:
        return sum(reader.number is None for reader in self._readers)

    def _ready(self) -> list[_Reader]:
        """Readers that answered, died or passed their time."""
        busy = [reader for reader in self._readers if reader.number is not None]
        deadline = min(reader.since for reader in busy) + self._config.page_seconds
        answered = wait([reader.pipe for reader in busy], timeout=max(0.0, deadline - time.monotonic()))
        late = time.monotonic() - self._config.page_seconds
        return [reader for reader in busy if reader.pipe in answered or reader.since <= late]

    def _result(self, reader: _Reader, folder: Path) -> tuple[int, Path]:
        number = reader.number or 0
        failure = Failure(ProcessingLimit.code, f"reading the page took over {self._config.page_seconds:.0f} seconds")
        if reader.pipe.poll():
            try:
                missing = reader.pipe.recv()
            except (EOFError, OSError):
                failure = Failure(PageCrashed.code, "the process that read this page died")
            else:
                reader.number = None
                if missing is not None:
                    raise MissingProgram(missing)
                return number, _file(folder, number)
        self._kill(reader)
        _file(folder, number).write_bytes(encode(PageOutcome(number, failure=failure)))
        return number, _file(folder, number)

    def _kill(self, reader: _Reader) -> None:
        reader.process.kill()
        reader.process.join()
        reader.pipe.close()
        self._readers.remove(reader)  # its successor starts when a page needs one


def _hand_over(reader: _Reader, info: DocumentInfo, number: int, folder: Path) -> None:
    reader.number, reader.since = number, time.monotonic()
    with contextlib.suppress(OSError):  # it died while idle: its closed pipe is seen as a crash of this page
        reader.pipe.send((info, number, _file(folder, number)))


def _file(folder: Path, number: int) -> Path:
    return folder / f"{number:06d}.page"


def _serve(pipe: Connection, config: ReaderConfig) -> None:
    """A reading process: answers ``None`` for each page written, a sentence when the engine is missing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    import cv2  # noqa: PLC0415 - the parent needs none of these

    from workers.ocr.factory import make_engine  # noqa: PLC0415
    from workers.pipeline import read_page  # noqa: PLC0415
    from workers.steps import decode  # noqa: PLC0415

    cv2.setNumThreads(1)  # one process a core
    engine = None
    try:
        while True:
            job = pipe.recv()
            if job is None:
                break
            info, number, file = job
            try:
                engine = engine or make_engine(config.engine, config.languages)
                outcome = read_page(info, number, engine, config.limits)
            except MissingProgram as error:
                pipe.send(error.detail)
                continue
            file.write_bytes(encode(outcome))
            pipe.send(None)
    except EOFError:
        pass  # the parent is gone
    finally:
        decode.stop()
        if engine is not None:
            engine.close()
