"""Durable folders, and the operating system's refusals turned into the store's own errors."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from storage.objects import InvalidKey, StoreUnavailable


@contextmanager
def as_unavailable() -> Iterator[None]:
    """``OSError`` becomes ``StoreUnavailable``."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"the store's folder can't be used: {error.strerror}") from error


class Guarded:
    """A file whose write errors (a full disk) are the store's; the sender's read errors stay the sender's."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        with as_unavailable():
            return self._file.write(data)


def make_folder(folder: Path, *, below: Path) -> None:
    """Make missing folders one by one, each durable in its parent before anything is put into it.

    ``below`` itself is made open to its owner only: scans are personal data.
    """
    if folder.is_dir():
        return
    if folder == below:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    else:
        make_folder(folder.parent, below=below)
        with suppress(FileExistsError):
            folder.mkdir()
        if not folder.is_dir():
            raise InvalidKey(f"an object is in the way of the folder {folder.name}")
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make a new or changed name in this folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
