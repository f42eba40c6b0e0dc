"""Reading a bag that somebody sent: bounds first, then every path, then every byte against the manifests.

Nothing is unpacked to disk and no path of the package is ever one of ours: files are asked for by name and read as streams.
"""

from __future__ import annotations

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, BinaryIO

from storage.bags.paths import (
    DECLARATION,
    FETCH,
    INFO,
    MANIFEST,
    PAYLOAD,
    TAG_MANIFEST,
    BagProblem,
    Fault,
    check_path,
    parse_manifest,
)
from storage.streams import chunks

MIB = 1 << 20
_RATIO = 100  # a text of JSON compresses to a tenth or twentieth; what unpacks to more than this is made to harm
_SMALL = MIB  # below, a ratio tells nothing
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a package may be at most; bytes but for ``files``. ``text``: of a manifest or a metadata file, which is read whole."""

    packed: int = 64 * 1024 * MIB
    unpacked: int = 64 * 1024 * MIB
    file: int = 4 * 1024 * MIB
    files: int = 500_000
    text: int = 64 * MIB


@dataclass(frozen=True, slots=True)
class BagFile:
    """``path`` within the bag; ``sha256`` as its manifest has it."""

    path: str
    bytes: int
    sha256: str


class Bag:
    """An open bag. Paths are safe and the manifests complete; bytes are checked as they are read (:meth:`check` reads all)."""

    def __init__(
        self, archive: zipfile.ZipFile, folder: str, entries: dict[str, zipfile.ZipInfo], bounds: Bounds
    ) -> None:
        self._archive, self._entries, self._bounds = archive, entries, bounds
        self.name = folder
        self._tags = self._manifest(TAG_MANIFEST, None)
        self._payload = self._manifest(MANIFEST, self._tags.get(MANIFEST))
        self.info = self._info()
        self._complete()

    @property
    def payload(self) -> list[BagFile]:
        """In the order of the manifest."""
        return [BagFile(path, self._entries[path].file_size, digest) for path, digest in self._payload.items()]

    @property
    def tags(self) -> list[BagFile]:
        """Files beside the payload that the tag manifest names."""
        return [BagFile(path, self._entries[path].file_size, digest) for path, digest in self._tags.items()]

    def text(self, path: str) -> bytes:
        """A whole tag file, checked. ``BagProblem``."""
        return self._read(path, self._tags.get(path))

    @contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        """A payload file's bytes; who reads them checks their digest (the store does while it takes them)."""
        with self._stream(path) as stream:
            yield stream  # type: ignore[misc] # zipfile's own class is a BinaryIO but for its name

    def check(self) -> None:
        """Read everything and compare it with the manifests. ``BagProblem`` names the first file that differs."""
        for path, expected in {**self._payload, **self._tags}.items():
            digest = hashlib.sha256()
            with self._stream(path) as stream:
                try:
                    for chunk in chunks(stream):  # type: ignore[arg-type] # as above
                        digest.update(chunk)
                except _BROKEN as error:
                    raise BagProblem(Fault.DAMAGED, f"{path} can't be read") from error
            _same(path, expected, digest.hexdigest())

    def _manifest(self, name: str, sha256: str | None) -> dict[str, str]:
        if name not in self._entries:
            raise BagProblem(Fault.MALFORMED, f"the package has no {name}")
        try:
            return parse_manifest(self._read(name, sha256).decode(), name)
        except UnicodeDecodeError as error:
            raise BagProblem(Fault.MALFORMED, f"{name} is not UTF-8") from error

    def _complete(self) -> None:
        """Every file is in a manifest and every line of a manifest is a file: nothing missing, nothing smuggled in."""
        if FETCH in self._entries:
            raise BagProblem(Fault.UNSAFE, "a package that is to be completed from the network (fetch.txt)")
        payload = {path for path in self._entries if path.startswith(PAYLOAD)}
        if missing := sorted(set(self._payload) - payload):
            raise BagProblem(Fault.DAMAGED, f"missing: {missing[0]}")
        if extra := sorted(payload - set(self._payload)):
            raise BagProblem(Fault.DAMAGED, f"in no manifest: {extra[0]}")
        beside = set(self._entries) - payload - {TAG_MANIFEST}
        if missing := sorted(set(self._tags) - beside):
            raise BagProblem(Fault.DAMAGED, f"missing: {missing[0]}")
        if extra := sorted(beside - set(self._tags)):
            raise BagProblem(Fault.DAMAGED, f"in no manifest: {extra[0]}")
        oxum = f"{sum(one.bytes for one in self.payload)}.{len(self._payload)}"
        if self.info.get("Payload-Oxum", oxum) != oxum:
            raise BagProblem(Fault.DAMAGED, "the payload is not as large as bag-info.txt says")

    def _info(self) -> dict[str, str]:
        if INFO not in self._entries:
            return {}
        text = self._read(INFO, self._tags.get(INFO)).decode("utf-8", "replace")
        pairs = (line.partition(":") for line in text.splitlines())
        return {key.strip(): value.strip() for key, sign, value in pairs if sign}

    def _read(self, path: str, sha256: str | None) -> bytes:
        entry = self._entries.get(path)
        if entry is None:
            raise BagProblem(Fault.DAMAGED, f"missing: {path}")
        if entry.file_size > self._bounds.text:
            raise BagProblem(Fault.TOO_LARGE, f"{path} is longer than {self._bounds.text} bytes")
        with self._stream(path) as stream:
            try:
                content = stream.read()
            except _BROKEN as error:
                raise BagProblem(Fault.DAMAGED, f"{path} can't be read") from error
        if sha256 is not None:
            _same(path, sha256, hashlib.sha256(content).hexdigest())
        return content

    def _stream(self, path: str) -> IO[bytes]:
        try:
            return self._archive.open(self._entries[path])
        except _BROKEN as error:
            raise BagProblem(Fault.DAMAGED, f"{path} can't be read") from error


@contextmanager
def open_bag(file: BinaryIO, bounds: Bounds | None = None) -> Iterator[Bag]:
    """The bag in a ZIP that can be sought in. ``BagProblem``; nothing is written anywhere."""
    bounds = bounds or Bounds()
    size = file.seek(0, 2)
    if size > bounds.packed:
        raise BagProblem(Fault.TOO_LARGE, f"the package has more than {bounds.packed} bytes")
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except _BROKEN as error:
        raise BagProblem(Fault.MALFORMED, "not a ZIP file") from error
    with archive:
        folder, entries = _entries(archive, bounds)
        declared = entries.get(DECLARATION)
        if declared is None or declared.file_size > 4096:
            raise BagProblem(Fault.MALFORMED, "no bag: bagit.txt is missing")
        try:
            lines = archive.read(declared).decode().split("\n")
        except _BROKEN as error:
            raise BagProblem(Fault.MALFORMED, "bagit.txt can't be read") from error
        told = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
        if told.get("BagIt-Version") != "1.0" or told.get("Tag-File-Character-Encoding", "").upper() != "UTF-8":
            raise BagProblem(Fault.MALFORMED, "not BagIt 1.0 in UTF-8")
        yield Bag(archive, folder, entries, bounds)


def _entries(archive: zipfile.ZipFile, bounds: Bounds) -> tuple[str, dict[str, zipfile.ZipInfo]]:
    """The one folder of the ZIP and its files by path within it."""
    infos = archive.infolist()
    if len(infos) > bounds.files:
        raise BagProblem(Fault.TOO_LARGE, f"the package has more than {bounds.files} files")
    folders: set[str] = set()
    found: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    total = 0
    for info in infos:
        # zipfile cuts a name at a NUL and turns the host's separator; the name as it came is what is judged.
        name = check_path(info.orig_filename.removesuffix("/"))
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise BagProblem(Fault.UNSAFE, f"neither file nor folder: {name[:80]!r}")
        folder, _, path = name.partition("/")
        folders.add(folder)
        if info.is_dir():
            continue
        if info.flag_bits & _ENCRYPTED or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise BagProblem(Fault.MALFORMED, f"encrypted, or compressed in a way that is not read: {path[:80]!r}")
        if not path or path.casefold() in seen:
            raise BagProblem(Fault.UNSAFE, f"beside the package's folder, or twice: {name[:80]!r}")
        seen.add(path.casefold())
        total += info.file_size
        _bounded(info, total, bounds)
        found[path] = info
    if len(folders) != 1:
        raise BagProblem(Fault.MALFORMED, "a package is one folder")
    return folders.pop(), found


def _bounded(info: zipfile.ZipInfo, total: int, bounds: Bounds) -> None:
    if info.file_size > _SMALL and info.file_size > _RATIO * max(info.compress_size, 1):
        raise BagProblem(Fault.UNSAFE, f"unpacks to more than {_RATIO} times its size: {info.filename[:80]!r}")
    if info.file_size > bounds.file or total > bounds.unpacked:
        raise BagProblem(Fault.TOO_LARGE, "the package unpacks to more than is taken")


def _same(path: str, expected: str, found: str) -> None:
    if found != expected:
        raise BagProblem(Fault.DAMAGED, f"{path} is not what the manifest says: SHA-256 {found}")
