"""All PDFs of a dossier as one ZIP with a manifest, streamed: no file is ever whole in memory, and nothing is written to disk.

Files are stored, not compressed (a PDF's images are compressed already). The manifest comes last, since it tells the SHA-256 of the bytes
that were sent; should they differ from what the database says of a file, the answer breaks off instead of passing on a damaged paper.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.local_time import LOCAL
from storage.objects import ChecksumMismatch, ObjectStore
from storage.streams import chunks
from storage.zip_stream import Sink, entry

SCHEMA = "digitize.dossier-zip/1"
CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """A PDF. ``name``: within the ZIP, ASCII; ``sha256``: as the database has it, if it does; ``about``: its line of the manifest."""

    name: str
    key: str
    sha256: str | None
    about: dict[str, Any]


def stream(
    store: ObjectStore, folder: str, members: Sequence[Member], manifest: dict[str, Any], at: datetime
) -> Iterator[bytes]:
    """The ZIP's bytes. Every file lies in ``folder``; ``manifest`` gets ``files`` with name, size and SHA-256 of each.

    ``manifest.json`` is for programs, ``SHA256SUMS`` for ``sha256sum --check``. ``ObjectMissing``, ``StoreUnavailable``, ``ChecksumMismatch``.
    """
    sink = Sink()
    year, month, day, hour, minute, second = at.astimezone(LOCAL).timetuple()[:6]
    when = (year, month, day, hour, minute, second)
    files: list[dict[str, Any]] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for member in members:
            info = entry(f"{folder}/{member.name}", when)
            info.file_size = store.stat(member.key).size  # tells zipfile whether the entry needs 64-bit sizes
            digest, size = hashlib.sha256(), 0
            with store.open(member.key) as source, archive.open(info, "w") as target:
                for chunk in chunks(source, CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    target.write(chunk)
                    yield sink.taken()
            if member.sha256 is not None and digest.hexdigest() != member.sha256:
                raise ChecksumMismatch(f"{member.key} is not what was stored")
            files.append({"name": member.name, "bytes": size, "sha256": digest.hexdigest(), **member.about})
        told = json.dumps({"schema": SCHEMA, **manifest, "files": files}, ensure_ascii=False, indent=2)
        archive.writestr(entry(f"{folder}/manifest.json", when), told.encode())
        sums = "".join(f"{file['sha256']}  {file['name']}\n" for file in files)
        archive.writestr(entry(f"{folder}/SHA256SUMS", when), sums.encode())
    yield sink.taken()
