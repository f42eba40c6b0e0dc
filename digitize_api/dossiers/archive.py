"""All PDFs of a dossier as one ZIP with a manifest, streamed: no file is ever whole in memory, and nothing is written to disk.

Files are stored, not compressed (a PDF's images are compressed already). The manifest comes last, since it tells the SHA-256 of the bytes
that were sent; should they differ from what the database says of a file, the answer breaks off instead of passing on a damaged paper.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.local_time import LOCAL
from storage.objects import ChecksumMismatch, ObjectStore

SCHEMA = "digitize.dossier-zip/1"
CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """A PDF. ``name``: within the ZIP, ASCII; ``sha256``: as the database has it, if it does; ``about``: its line of the manifest."""

    name: str
    key: str
    sha256: str | None
    about: dict[str, Any]


class _Sink(io.RawIOBase):
    """Takes what ``zipfile`` writes and hands it on; it can't seek, so sizes follow each file (a data descriptor)."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def stream(
    store: ObjectStore, folder: str, members: Sequence[Member], manifest: dict[str, Any], at: datetime
) -> Iterator[bytes]:
    """The ZIP's bytes. Every file lies in ``folder``; ``manifest`` gets ``files`` with name, size and SHA-256 of each.

    ``manifest.json`` is for programs, ``SHA256SUMS`` for ``sha256sum --check``. ``ObjectMissing``, ``StoreUnavailable``, ``ChecksumMismatch``.
    """
    sink = _Sink()
    when = at.astimezone(LOCAL).timetuple()[:6]
    files: list[dict[str, Any]] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for member in members:
            info = _info(folder, member.name, when)
            info.file_size = store.stat(member.key).size  # tells zipfile whether the entry needs 64-bit sizes
            digest, size = hashlib.sha256(), 0
            with store.open(member.key) as source, archive.open(info, "w") as target:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    target.write(chunk)
                    yield sink.taken()
            if member.sha256 is not None and digest.hexdigest() != member.sha256:
                raise ChecksumMismatch(f"{member.key} is not what was stored")
            files.append({"name": member.name, "bytes": size, "sha256": digest.hexdigest(), **member.about})
        told = json.dumps({"schema": SCHEMA, **manifest, "files": files}, ensure_ascii=False, indent=2)
        archive.writestr(_info(folder, "manifest.json", when), told.encode())
        sums = "".join(f"{file['sha256']}  {file['name']}\n" for file in files)
        archive.writestr(_info(folder, "SHA256SUMS", when), sums.encode())
    yield sink.taken()


def _info(folder: str, name: str, when: tuple[int, ...]) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(f"{folder}/{name}", (when[0], when[1], when[2], when[3], when[4], when[5]))
    info.external_attr = 0o644 << 16
    return info
