"""Objects as files in one folder: the store of a single machine, readable without us.

::

    <root>/originals/ab/abcd…     the objects under their keys; originals are read-only (0444)
    <root>/derived/…
    <root>/.meta/<key>.json       SHA-256 and media type as they were stored
    <root>/.tmp/                  what is being written; an entry older than a day is what a crash left

A file is written to ``.tmp``, fsynced, and only then linked to its name: a name never shows half an object, and two
writers of the same key can't overwrite each other. A note in ``.meta`` counts only while it fits the file's size and
time; otherwise (a restored backup, a crash between the two renames) the file is hashed again. Notes in files of their
own survive backup tools and disks that lose extended attributes.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import stat as stat_bits
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from storage.files import Guarded, as_unavailable, make_folder, sync_folder
from storage.keys import check_key, check_prefix, original_key, sha256_of
from storage.objects import InvalidKey, InvalidRange, ObjectExists, ObjectInfo, ObjectMissing, StoreUnavailable
from storage.streams import CHUNK, check_announced, copy_hashing, copy_to_path, hash_stream, primed

log = logging.getLogger(__name__)

_MISSING = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR)
READ_ONLY = 0o444
REPLACEABLE = 0o644


class FilesystemStore:
    """``root`` is made when absent, open to its owner only; it must lie on one file system that has hard links.

    When ``root`` goes away later (an unmounted disk), objects are not "missing": ``StoreUnavailable``.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self._temporary = self.root / ".tmp"
        self._notes = self.root / ".meta"
        with suppress(OSError):  # whatever is wrong shows at the first call, and at ping()
            make_folder(self.root, below=self.root)

    # -- writing

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
        check_key(key)
        with self._incoming(stream, None) as (temporary, computed):
            check_announced(sha256, computed)
            return self._place(temporary, key, computed, media_type, protect=protect, overwrite=overwrite)

    def put_original(self, stream: BinaryIO, *, media_type: str, max_bytes: int | None = None) -> ObjectInfo:
        with self._incoming(stream, max_bytes) as (temporary, computed):
            return self._place(temporary, original_key(computed), computed, media_type, protect=True, overwrite=False)

    @contextmanager
    def _incoming(self, stream: BinaryIO, max_bytes: int | None) -> Iterator[tuple[Path, str]]:
        """The stream in a synced temporary file, which is removed afterwards; and its SHA-256."""
        with as_unavailable():
            make_folder(self._temporary, below=self.root)
            handle, name = tempfile.mkstemp(dir=self._temporary)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                computed, _ = copy_hashing(stream, Guarded(file), max_bytes=max_bytes)
                with as_unavailable():
                    file.flush()
                    os.fsync(file.fileno())
            yield temporary, computed
        finally:
            with suppress(OSError):
                temporary.unlink()

    def _place(
        self, temporary: Path, key: str, sha256: str, media_type: str, *, protect: bool, overwrite: bool
    ) -> ObjectInfo:
        path = self._path(key)
        with as_unavailable():
            temporary.chmod(READ_ONLY if protect else REPLACEABLE)
            make_folder(path.parent, below=self.root)
            try:
                os.link(temporary, path)
            except FileExistsError:
                return self._replace(temporary, key, sha256, media_type, protect=protect, overwrite=overwrite)
            sync_folder(path.parent)
            return self._note(key, path.stat(), sha256, media_type)

    def _replace(
        self, temporary: Path, key: str, sha256: str, media_type: str, *, protect: bool, overwrite: bool
    ) -> ObjectInfo:
        """The key is taken. The same bytes are no error; other bytes only replace what may be replaced."""
        path = self._path(key)
        if path.is_dir():
            raise InvalidKey(f"other keys lie below this one: {key}")
        with path.open("rb") as resident:
            found, _ = hash_stream(resident)
            protected = _protected(os.fstat(resident.fileno()))
        if found == sha256:
            if protect and not protected:
                path.chmod(READ_ONLY)
            sync_folder(path.parent)  # the other writer may not have come so far
            return self.stat(key)
        if sha256_of(key) == sha256:
            # The key says what the bytes must be, and the file there is not that: damage on the disk. Mend it.
            log.error("a damaged original was replaced by a fresh copy: %s", key)
        elif protected or not overwrite:
            raise ObjectExists(f"another object is under {key}")
        temporary.replace(path)
        sync_folder(path.parent)
        return self._note(key, path.stat(), sha256, media_type)

    def _note(self, key: str, status: os.stat_result, sha256: str, media_type: str) -> ObjectInfo:
        """Write down what the file itself can't tell. Losing the note costs a re-hash, so it isn't synced."""
        path = self._note_path(key)
        make_folder(path.parent, below=self.root)
        note = {"sha256": sha256, "media_type": media_type, "size": status.st_size, "mtime_ns": status.st_mtime_ns}
        handle, name = tempfile.mkstemp(dir=self._temporary)
        with os.fdopen(handle, "w") as file:
            json.dump(note, file)
        Path(name).replace(path)
        return _info(key, status, sha256, media_type)

    def delete(self, key: str) -> None:
        path = self._path(check_key(key))
        with self._reading(key):
            try:
                status = path.stat()
                if _protected(status):
                    raise ObjectExists(f"protected: {key}")
                path.unlink()
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                if not self.root.is_dir():
                    raise
                return
            sync_folder(path.parent)
            self._note_path(key).unlink(missing_ok=True)

    def sweep_temporary(self, older_than: timedelta = timedelta(days=1)) -> int:
        """Remove what crashed writers left, and say how many; younger files may still be written."""
        limit = datetime.now(UTC).timestamp() - older_than.total_seconds()
        removed = 0
        with as_unavailable():
            for path in self._temporary.iterdir() if self._temporary.is_dir() else ():
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime <= limit:
                        path.unlink()
                        removed += 1
        return removed

    # -- reading

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        path = self._path(check_key(key))
        with self._reading(key):
            file = path.open("rb")
        with file:
            yield file

    def read_range(self, key: str, start: int, length: int) -> Iterator[bytes]:
        return primed(self._range(check_key(key), start, length))

    def _range(self, key: str, start: int, length: int) -> Generator[bytes]:
        with self.open(key) as file, self._reading(key):
            if start < 0 or length < 1 or start >= os.fstat(file.fileno()).st_size:
                raise InvalidRange(f"{length} bytes from {start}")
            yield b""
            file.seek(start)
            while length > 0 and (chunk := file.read(min(CHUNK, length))):
                length -= len(chunk)
                yield chunk

    def stat(self, key: str) -> ObjectInfo:
        path = self._path(check_key(key))
        with self._reading(key):
            status = path.stat()
            if not stat_bits.S_ISREG(status.st_mode):
                raise ObjectMissing(key)
            return self._describe(key, path, status)

    def _describe(self, key: str, path: Path, status: os.stat_result) -> ObjectInfo:
        note: dict[str, str | int] = {}
        with suppress(OSError, ValueError):
            note = json.loads(self._note_path(key).read_text())
        media_type = str(note.get("media_type", "application/octet-stream"))
        if announced := sha256_of(key):
            return _info(key, status, announced, media_type)
        if "sha256" in note and _protected(status):  # never replaced, so the note is the truth whatever the file says
            return _info(key, status, str(note["sha256"]), media_type)
        if (note.get("size"), note.get("mtime_ns")) == (status.st_size, status.st_mtime_ns):
            return _info(key, status, str(note["sha256"]), media_type)
        with path.open("rb") as file:
            sha256, _ = hash_stream(file)
        return _info(key, status, sha256, media_type)

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        folder = check_prefix(prefix).rpartition("/")[0]
        for key in self._keys(folder, prefix):
            with suppress(ObjectMissing):  # deleted since
                yield self.stat(key)

    def _keys(self, folder: str, prefix: str) -> Iterator[str]:
        """Keys below ``folder`` that begin with ``prefix``, in the order of the whole key as text."""
        with as_unavailable():
            try:
                with os.scandir(self.root / folder) as entries:
                    # A folder sorts as "name/": "a-b/x" comes before "a/x", because "-" sorts before "/".
                    names = sorted(entry.name + "/" * entry.is_dir() for entry in entries if entry.name[0] != ".")
            except (FileNotFoundError, NotADirectoryError):
                if not self.root.is_dir():
                    raise
                return
        for name in names:
            key = f"{folder}/{name}" if folder else name
            if name.endswith("/"):
                if key.startswith(prefix) or prefix.startswith(key):
                    yield from self._keys(key[:-1], prefix)
            elif key.startswith(prefix):
                yield key

    def url(self, key: str, *, expires: timedelta) -> str | None:  # noqa: ARG002  # the protocol's shape
        check_key(key)
        return None

    def fetch(self, key: str, path: Path) -> None:
        info = self.stat(key)
        with self.open(key) as file:
            copy_to_path(file, path, sha256=info.sha256)

    def ping(self) -> None:
        with as_unavailable():
            make_folder(self._temporary, below=self.root)
            with tempfile.NamedTemporaryFile(dir=self._temporary) as probe:
                probe.write(b"ping")
                probe.flush()
                twin = Path(f"{probe.name}.link")
                os.link(probe.name, twin)  # a file system without hard links can't be used
                twin.unlink()

    # -- paths

    @contextmanager
    def _reading(self, key: str) -> Iterator[None]:
        """A name that isn't there is ``ObjectMissing``, unless the whole store is gone."""
        try:
            with as_unavailable():
                yield
        except StoreUnavailable as error:
            cause = error.__cause__
            if isinstance(cause, OSError) and cause.errno in _MISSING and self.root.is_dir():
                raise ObjectMissing(key) from None
            raise

    def _path(self, key: str) -> Path:
        return self.root / key

    def _note_path(self, key: str) -> Path:
        return self._notes / f"{key}.json"


def _info(key: str, status: os.stat_result, sha256: str, media_type: str) -> ObjectInfo:
    return ObjectInfo(key, status.st_size, sha256, media_type, datetime.fromtimestamp(status.st_mtime, UTC))


def _protected(status: os.stat_result) -> bool:
    return not status.st_mode & (stat_bits.S_IWUSR | stat_bits.S_IWGRP | stat_bits.S_IWOTH)
