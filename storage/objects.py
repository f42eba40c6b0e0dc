"""The store protocol: immutable, content-addressed originals and replaceable derived objects, behind one interface.

Keys are ``/``-separated ASCII segments of ``[A-Za-z0-9._=-]``; no segment begins with a dot. Originals live under
``originals/<first 2 hex>/<sha256>``, derived objects under ``derived/…``. Every implementation passes
``tests/storage/test_contract.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol


class StorageError(Exception):
    """Base of what a store can raise."""


class ObjectMissing(StorageError):
    """No object under this key."""


class ObjectExists(StorageError):
    """Another object is already under this key, and it must not be replaced."""


class InvalidKey(StorageError, ValueError):
    """Not a key: empty, absolute, with ``..`` or characters outside the allowed set."""


class InvalidRange(StorageError, ValueError):
    """The range lies outside the object."""


class StoreUnavailable(StorageError):
    """The store can't be reached or refuses for now; the same call may succeed later."""


class ChecksumMismatch(StorageError):
    """The bytes are not the ones announced or stored."""


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """``sha256`` is hex; ``modified_at`` aware UTC."""

    key: str
    size: int
    sha256: str
    media_type: str
    modified_at: datetime


class ObjectStore(Protocol):
    """All methods may raise ``StoreUnavailable`` and ``InvalidKey``; all are safe from several threads and processes."""

    def put(
        self,
        key: str,
        stream: BinaryIO,
        *,
        media_type: str = "application/octet-stream",
        sha256: str | None = None,
        protect: bool = False,
        overwrite: bool = False,
    ) -> ObjectInfo:
        """Store all of ``stream`` under ``key``; durable when it returns, never half there.

        SHA-256 is computed on the way; if ``sha256`` is given and differs, nothing is kept and ``ChecksumMismatch`` is
        raised. The same bytes under an existing key: no error. Other bytes: ``ObjectExists`` unless ``overwrite``.
        ``protect``: read-only on a filesystem, object lock (retention) on S3 where the bucket has it.
        """
        ...

    def put_original(self, stream: BinaryIO, *, media_type: str, max_bytes: int | None = None) -> ObjectInfo:
        """Store a stream whose hash is not known yet under ``originals/<aa>/<sha256>``, protected.

        Raises ``ValueError`` after ``max_bytes`` + 1 bytes, keeping nothing. The same bytes twice are stored once.
        """
        ...

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """A readable stream of the whole object. ``ObjectMissing``."""
        ...

    def read_range(self, key: str, start: int, length: int) -> Iterator[bytes]:
        """Chunks of ``length`` bytes from ``start`` (fewer at the end). ``ObjectMissing``, ``InvalidRange``."""
        ...

    def stat(self, key: str) -> ObjectInfo:
        """``ObjectMissing`` when there is none."""
        ...

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """Objects whose key begins with ``prefix``, in key order."""
        ...

    def delete(self, key: str) -> None:
        """Remove a derived object; no error when there is none. Protected objects raise ``ObjectExists``."""
        ...

    def url(self, key: str, *, expires: timedelta) -> str | None:
        """A time-limited link that the store itself serves to browsers, or ``None`` when ours must serve the bytes."""
        ...

    def fetch(self, key: str, path: Path) -> None:
        """Copy the object to a local file (hard link or rename-safe), for programs that need a path."""
        ...

    def sweep_temporary(self, older_than: timedelta = timedelta(days=1)) -> int:
        """Remove what killed writers left behind (never visible as objects); how many there were."""
        ...

    def ping(self) -> None:
        """Raises ``StoreUnavailable`` when the store can't be used."""
        ...
