"""Files of a folder, and which of them are complete."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from models.errors import UnsupportedType
from workers.feeding.files import SourceFile, is_ignored, shown


class StillChanging(Exception):
    """The file was written to while it was read, or is gone: it is taken later."""


def files_below(folder: Path) -> Iterator[SourceFile]:
    """Every file below the folder in the order of their paths; links lead nowhere, and are told as what can't be taken."""
    for where, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = sorted(name for name in folders if not is_ignored(name))
        for name in sorted(names):
            if not is_ignored(name) and (found := one_file(Path(where, name))) is not None:
                yield found


def one_file(path: Path) -> SourceFile | None:
    """The file as it is now; ``None`` when it is gone."""
    try:
        stat = path.lstat()
    except FileNotFoundError:
        return None
    stamp = f"{stat.st_size}-{stat.st_mtime_ns}"
    told, name = shown(str(path)), shown(path.name)
    if path.is_symlink() or not path.is_file():
        error = UnsupportedType("a link or a special file; only plain files are taken")
        return SourceFile(told, name, 0, stamp, partial(_open, path, stamp), error=error, real=path)
    return SourceFile(told, name, stat.st_size, stamp, partial(_open, path, stamp), real=path)


@contextmanager
def _open(path: Path, stamp: str) -> Iterator[BinaryIO]:
    """``StillChanging`` at the end of the block when the file is not what it was, so that what was read counts for nothing."""
    try:
        with path.open("rb") as stream:
            yield stream
            stat = os.fstat(stream.fileno())
        now = path.lstat()
    except FileNotFoundError as error:
        raise StillChanging(shown(str(path))) from error
    if f"{stat.st_size}-{stat.st_mtime_ns}" != stamp or now.st_ino != stat.st_ino:
        raise StillChanging(shown(str(path)))


def _raise(error: OSError) -> None:
    raise error


class Stability:
    """A file is complete when it has looked the same for ``seconds``: its size and its time of change, from look to look.

    The time of change alone says nothing: programs that copy set it to the original's before they are done.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._seen: dict[str, tuple[str, float]] = {}

    def part(self, files: Iterable[SourceFile]) -> tuple[list[SourceFile], list[SourceFile]]:
        """(complete, still to be waited for), each in the order given."""
        now = self._clock()
        complete, waiting = list[SourceFile](), list[SourceFile]()
        for file in files:
            stamp, since = self._seen.get(file.path, ("", now))
            if stamp != file.stamp:
                since = now
                self._seen[file.path] = (file.stamp, now)
            (complete if now - since >= self._seconds else waiting).append(file)
        return complete, waiting
