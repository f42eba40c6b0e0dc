"""Originals beside the worker: fetched once for all pages of a document, the longest unused removed first."""

from __future__ import annotations

import os
import time
import uuid
from collections import OrderedDict
from pathlib import Path

from storage.objects import ChecksumMismatch, ObjectStore
from workers.limits import Limits
from workers.page import DocumentInfo
from workers.steps.decode import open_document

IN_USE_SECONDS = 600.0  # a document touched so recently may be open in another process
INFOS = 32
PARTIAL = ".part-"


class Originals:
    """``folder`` is shared by the worker processes of a machine; the facts about documents are this process' own."""

    def __init__(self, folder: Path, max_bytes: int, limits: Limits) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._limits = limits
        self._infos: OrderedDict[str, DocumentInfo] = OrderedDict()

    def open(self, store: ObjectStore, key: str, sha256: str) -> DocumentInfo:
        """The document as a local file, and what its headers say.

        Raises the coded refusals of ``open_document``; ``storage.objects.ChecksumMismatch`` when the store returned other
        bytes than were received.
        """
        path = self._fetch(store, key, sha256)
        info = self._infos.get(sha256)
        if info is None:
            info = open_document(path, self._limits)
            if info.sha256 != sha256:
                path.unlink(missing_ok=True)
                raise ChecksumMismatch(f"the original under {key} is not what was received")
            self._infos[sha256] = info
            if len(self._infos) > INFOS:
                self._infos.popitem(last=False)
        self._infos.move_to_end(sha256)
        return info

    def _fetch(self, store: ObjectStore, key: str, sha256: str) -> Path:
        path = self._folder / sha256
        if _touch(path):
            return path
        part = self._folder / f"{PARTIAL}{uuid.uuid4().hex}"
        try:
            store.fetch(key, part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        _touch(path)
        self.trim()
        return path

    def trim(self) -> int:
        """Remove the longest unused until what is left fits; returns the bytes removed."""
        now = time.time()
        found = []
        for path in self._folder.iterdir():
            try:
                stat = path.stat()
            except FileNotFoundError:
                continue  # another process trims too
            found.append((stat.st_atime, stat.st_size, path))
        total = sum(size for _, size, _ in found)
        removed = 0
        for used_at, size, path in sorted(found):
            if total - removed <= self._max_bytes or now - used_at < IN_USE_SECONDS:
                break
            path.unlink(missing_ok=True)
            removed += size
        return removed


def _touch(path: Path) -> bool:
    """Note the use; false when it isn't there. Only the access time: the file may be a hard link to the stored original."""
    try:
        os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))
    except FileNotFoundError:
        return False
    return True
