"""Pages of one document after another, read by several processes, each with its engine loaded once.

A process that dies or hangs costs its page (``PAGE_CRASHED``, ``PROCESSING_LIMIT``) and is replaced; the others go on. Outcomes
travel by files, so that neither side ever holds more than one page of a long document.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
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

    engine: str = "reader"
    languages: str = "vie"
    limits: Limits = field(default_factory=Limits)
    page_seconds: float = PAGE_SECONDS


class Stopped(Exception):
    """The pool was closed while pages were waiting."""


class _Reader:
    """One reading process; used by one thread."""

    def __init__(self, config: ReaderConfig) -> None:
        # Spawned, not forked: the libraries' threads and the parent's locks must not be copied.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._seconds = config.page_seconds
        self._process = context.Process(target=_serve, args=(theirs, config))
        self._process.start()
        theirs.close()

    def read(self, info: DocumentInfo, number: int, file: Path) -> Failure | None:
        """``None``: the outcome lies in ``file``. A failure: the process died or was ended, and can't be used again."""
        try:
            self._pipe.send((info, number, file))
            if not self._pipe.poll(self._seconds):
                return Failure(ProcessingLimit.code, f"reading the page took over {self._seconds:g} seconds")
            missing = self._pipe.recv()
        except (EOFError, OSError):
            return Failure(PageCrashed.code, "the process that read this page died")
        if missing is not None:
            raise MissingProgram(missing)
        return None

    def kill(self) -> None:
        self._process.kill()
        self._process.join()

    def dismiss(self) -> None:
        """Tell it to end by itself; ``close`` waits for that."""
        with contextlib.suppress(OSError):
            self._pipe.send(None)

    def close(self) -> None:
        """Give it a moment to end."""
        self._process.join(_STOP_SECONDS)
        self.kill()
        self._pipe.close()


class ReaderPool:
    """``size`` reading processes, started when first needed and kept for all documents of a run. A context manager.

    Safe from several threads: the pages of several documents then wait in one queue, and no process idles while another
    document's PDF is written.
    """

    def __init__(self, config: ReaderConfig, size: int) -> None:
        self._config = config
        self._size = max(1, size)
        self._threads = ThreadPoolExecutor(self._size, thread_name_prefix="reader")
        self._own = threading.local()
        self._lock = threading.Lock()
        self._readers: set[_Reader] = set()
        self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.stop()
        self.close()

    def warm_up(self, readers: int = 1) -> None:
        """Start so many processes now (``size`` at most), which load their engines while the caller still looks at the document."""
        readers = min(readers, self._size)
        together = threading.Barrier(readers)  # else the first thread, idle again, would take the second one's turn

        def start() -> None:
            with contextlib.suppress(threading.BrokenBarrierError):
                together.wait(_STOP_SECONDS)
            self._reader()

        for _ in range(readers):
            self._threads.submit(start)

    def read(self, info: DocumentInfo, folder: Path) -> Iterator[tuple[int, Path]]:
        """(page number, file with its encoded outcome) as pages get done, in any order; each page once.

        Raises ``MissingProgram`` when the engine can't be loaded, ``Stopped`` after ``stop``.
        """
        pages = {
            self._threads.submit(self._read, info, number, folder / f"{number:06d}.page"): number
            for number in range(1, info.page_count + 1)
        }
        try:
            for done in as_completed(pages):
                yield pages[done], done.result()
        finally:
            for page in pages:
                page.cancel()
            wait(pages)  # those at work still write into the folder

    def stop(self) -> None:
        """End all processes now; pages being read and waiting are given up."""
        with self._lock:
            self._stopped = True
            for reader in self._readers:
                reader.kill()

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)
        for reader in self._readers:
            reader.dismiss()
        for reader in self._readers:
            reader.close()
        self._readers.clear()

    def _read(self, info: DocumentInfo, number: int, file: Path) -> Path:
        reader = self._reader()
        failure = reader.read(info, number, file)
        if failure is not None:
            self._drop(reader)
            file.write_bytes(encode(PageOutcome(number, failure=failure)))
        return file

    def _reader(self) -> _Reader:
        """The process of the calling thread, started when it has none."""
        reader: _Reader | None = getattr(self._own, "reader", None)
        with self._lock:
            if self._stopped:
                raise Stopped
            if reader is None:
                reader = self._own.reader = _Reader(self._config)
                self._readers.add(reader)
        return reader

    def _drop(self, reader: _Reader) -> None:
        reader.kill()
        self._own.reader = None
        with self._lock:
            self._readers.discard(reader)
            if self._stopped:
                raise Stopped


def _serve(pipe: Connection, config: ReaderConfig) -> None:
    """A reading process: answers ``None`` for each page written, a sentence when the engine is missing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    import cv2  # noqa: PLC0415 - the parent needs none of these

    from workers.ocr.factory import make_engine  # noqa: PLC0415
    from workers.pipeline import read_page  # noqa: PLC0415
    from workers.repeats import Repeats  # noqa: PLC0415
    from workers.steps import decode  # noqa: PLC0415

    cv2.setNumThreads(1)  # one process a core
    decode.warm_up(config.limits)
    engine, repeats = None, Repeats()
    with contextlib.suppress(MissingProgram):  # told to who asks for a page
        engine = make_engine(config.engine, config.languages)
    try:
        while True:
            job = pipe.recv()
            if job is None:
                break
            info, number, file = job
            try:
                engine = engine or make_engine(config.engine, config.languages)
                outcome = read_page(info, number, engine, config.limits, repeats)
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
