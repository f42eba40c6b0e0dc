"""Reading a stream once while hashing, with a limit; shared by the stores."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from storage.objects import ChecksumMismatch

CHUNK = 1 << 20  # 1 MiB: large enough for the disk, small enough for a thousand readers


class Writable(Protocol):
    def write(self, data: bytes, /) -> object: ...


def chunks(stream: BinaryIO, size: int = CHUNK) -> Iterator[bytes]:
    """All of ``stream`` in chunks of at most ``size`` bytes."""
    while chunk := stream.read(size):
        yield chunk


def hash_stream(stream: BinaryIO) -> tuple[str, int]:
    """SHA-256 (hex) and length of what is left of ``stream``."""
    digest, length = hashlib.sha256(), 0
    for chunk in chunks(stream):
        digest.update(chunk)
        length += len(chunk)
    return digest.hexdigest(), length


def copy_hashing(source: BinaryIO, target: Writable, *, max_bytes: int | None = None) -> tuple[str, int]:
    """Copy and hash in one pass; ``ValueError`` as soon as there is more than ``max_bytes``."""
    digest, length = hashlib.sha256(), 0
    for chunk in chunks(source):
        length += len(chunk)
        if max_bytes is not None and length > max_bytes:
            raise ValueError(f"more than {max_bytes} bytes")
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest(), length


def check_announced(announced: str | None, computed: str) -> None:
    """``ChecksumMismatch`` when the bytes are not the announced ones."""
    if announced is not None and announced.lower() != computed:
        raise ChecksumMismatch(f"the SHA-256 should be {announced[:64]}, the bytes give {computed}")


def primed(generator: Generator[bytes]) -> Iterator[bytes]:
    """Run a generator to its first ``yield`` (which must give ``b""``).

    Errors are raised now instead of at the first read, and a generator that was started closes what it opened even
    when nobody reads from it.
    """
    next(generator)
    return generator


def copy_to_path(source: BinaryIO, path: Path, *, sha256: str) -> None:
    """Write ``source`` beside ``path`` and rename it there, if it hashes to ``sha256``; else ``ChecksumMismatch``."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:80]}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as target:
            computed, _ = copy_hashing(source, target)
        check_announced(sha256, computed)
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
