"""A bag as a ZIP, made while it is sent: no file is ever whole in memory, and nothing but long tag files touches the disk.

The same content gives the same bytes: entries in the order in which they are added, with the times that are told, stored and not compressed (the images
of a PDF are compressed already). Manifests come last, since they tell the SHA-256 of the bytes that were sent.
"""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO

from storage.bags.paths import (
    DECLARATION,
    DECLARED,
    INFO,
    MANIFEST,
    PAYLOAD,
    TAG_MANIFEST,
    check_path,
    manifest_line,
)
from storage.objects import ChecksumMismatch
from storage.streams import chunks
from storage.zip_stream import Sink, entry

CHUNK = 256 * 1024
IN_MEMORY = 1 << 20  # of a list of lines; above, it waits in a temporary file
_FIRST_YEAR = 1980  # of a ZIP's clock


class BagWriter:
    """One bag in the folder ``name`` of a ZIP. ``at``: the time of the entries that follow, as its own clock shows it; may be changed.

    Each method gives the bytes to send next; the order is :meth:`payload` and :meth:`tag` as often as wanted, then :meth:`finish`; :meth:`close` in any case.
    """

    def __init__(self, name: str, at: datetime) -> None:
        if "/" in check_path(name):
            raise ValueError("the folder of a bag has one name")
        self._folder, self.at = name, at
        self._sink = Sink()
        self._archive = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_STORED)
        self._payload, self._tags = _Lines(), _Lines()
        self._bytes = self._files = 0
        self._declared = False

    def payload(self, name: str, stream: BinaryIO, size: int, sha256: str | None = None) -> Iterator[bytes]:
        """Add ``data/<name>``. ``ChecksumMismatch`` when the bytes are not those of ``sha256``."""
        path = check_path(f"{PAYLOAD}{name}")
        yield from self._begin()
        digest, length = hashlib.sha256(), 0
        info = self._info(path)
        info.file_size = size  # tells zipfile whether the entry needs 64-bit sizes
        with self._archive.open(info, "w") as target:
            for chunk in chunks(stream, CHUNK):
                digest.update(chunk)
                length += len(chunk)
                target.write(chunk)
                yield self._sink.taken()
        if length != size or (sha256 is not None and digest.hexdigest() != sha256):
            raise ChecksumMismatch(f"{name} is not what was stored")
        self._payload.add(manifest_line(digest.hexdigest(), path))
        self._bytes += length
        self._files += 1

    def tag(self, path: str, content: Iterable[bytes]) -> Iterator[bytes]:
        """Add a file beside the payload (metadata)."""
        check_path(path)
        yield from self._begin()
        yield from self._tag(path, content)

    def finish(self, info: Mapping[str, str]) -> Iterator[bytes]:
        """bag-info (with the payload's size added), the manifests, and the end of the ZIP."""
        yield from self._begin()
        told = {**info, "Payload-Oxum": f"{self._bytes}.{self._files}"}
        lines = "".join(f"{key}: {' '.join(value.split())}\n" for key, value in told.items())
        yield from self._tag(INFO, [lines.encode()])
        yield from self._tag(MANIFEST, self._payload.read())
        yield from self._write(TAG_MANIFEST, self._tags.read())
        self._archive.close()
        yield self._sink.taken()

    def close(self) -> None:
        """Let go of what is held, also of a bag that was broken off."""
        self._archive.close()  # what it still writes goes nowhere
        self._payload.close()
        self._tags.close()

    def _begin(self) -> Iterator[bytes]:
        if not self._declared:
            self._declared = True
            yield from self._tag(DECLARATION, [DECLARED.encode()])

    def _tag(self, path: str, content: Iterable[bytes]) -> Iterator[bytes]:
        digest = hashlib.sha256()
        yield from self._write(path, content, digest)
        self._tags.add(manifest_line(digest.hexdigest(), path))

    def _write(self, path: str, content: Iterable[bytes], digest: Any = None) -> Iterator[bytes]:
        with self._archive.open(self._info(path), "w", force_zip64=True) as target:
            for chunk in content:
                if digest is not None:
                    digest.update(chunk)
                target.write(chunk)
                yield self._sink.taken()

    def _info(self, path: str) -> zipfile.ZipInfo:
        year, month, day, hour, minute, second = self.at.timetuple()[:6]
        when = (max(year, _FIRST_YEAR), month, day, hour, minute, second)
        return entry(f"{self._folder}/{path}", when)


class _Lines:
    """Lines that are collected until they are sent: in memory while they are few."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by close()

    def add(self, line: str) -> None:
        self._file.write(line.encode())

    def read(self) -> Iterator[bytes]:
        self._file.seek(0)
        while chunk := self._file.read(CHUNK):
            yield chunk

    def close(self) -> None:
        self._file.close()
