"""ZIPs, read member by member into the store; nothing is ever unpacked under a name that a ZIP says.

What a stranger's ZIP may try is refused with a code, member by member where the others may still be well: names that lead out (zip-slip), links,
archives within, passwords, members that swell (measured while they are read, whatever their headers say), more members than a counter ever scans.
"""

from __future__ import annotations

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Final, cast

from models.errors import ArchiveLimit, CorruptFile, DigitizeError, EncryptedArchive, NestedArchive, UnsafeArchive
from workers.feeding.files import SourceFile, is_ignored, shown
from workers.limits import MEBIBYTE

INSIDE: Final = "!/"
"""Between the ZIP's path and the member's in what is told: ``/thu-vien/hop-1.zip!/001.pdf``."""
MOST_MEMBERS: Final = 100_000
MOST_DIRECTORY: Final = 64 * MEBIBYTE  # of the list of members, which is read as a whole
MOST_UNPACKED: Final = 64 * 1024 * MEBIBYTE
SWELLS: Final = 200
"""How many times its packed size a large member may be; scans, even of white paper, come nowhere near."""
LARGE: Final = 32 * MEBIBYTE
ARCHIVES: Final = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")
MAGIC: Final = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b\x08")

_UTF8_FLAG, _LOCKED_FLAG = 0x800, 0x1
_END = struct.Struct("<4s4H2LH")
_END64_PLACE = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")


def is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip"


def members(path: Path, *, max_bytes: int) -> Iterator[SourceFile]:
    """Every file of the ZIP in its own order. ``CorruptFile``, ``ArchiveLimit`` for the whole; the errors of single members are told with them."""
    _check_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise CorruptFile(f"not a ZIP that can be read: {error}") from error
    if len(infos) > MOST_MEMBERS:
        raise ArchiveLimit(f"more than {MOST_MEMBERS} members")
    if sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise ArchiveLimit(f"unpacks to more than {MOST_UNPACKED // MEBIBYTE} MiB")
    seen: dict[str, int] = {}
    for info in infos:
        name = _name(info)
        if info.is_dir() or _is_ignored(name):
            continue
        count = seen[name] = seen.get(name, 0) + 1
        told = name if count == 1 else f"{name}#{count}"  # two members may have one name: each is a file
        yield SourceFile(
            path=shown(f"{path}{INSIDE}{told}"),
            name=shown(PurePosixPath(name).name),
            size=info.file_size,
            stamp=f"{info.file_size}-{info.CRC:08x}",
            open=partial(_opened, path, info, max_bytes),
            error=_fault(info, name),
        )


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; without the flag for UTF-8, many programs wrote it all the same, and Vietnamese Windows its own page."""
    if info.flag_bits & _UTF8_FLAG or info.orig_filename.isascii():
        return unicodedata.normalize("NFC", info.orig_filename)
    raw = info.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "cp1258"):
        try:
            return unicodedata.normalize("NFC", raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _is_ignored(name: str) -> bool:
    return any(is_ignored(part) for part in name.replace("\\", "/").split("/") if part not in {"", "..", "."})


def _fault(info: zipfile.ZipInfo, name: str) -> DigitizeError | None:
    parts = name.replace("\\", "/").split("/")
    drive = len(parts[0]) == 2 and parts[0].endswith(":")
    if not parts[0] or drive or ".." in parts or "\0" in name or "\\" in name:
        return UnsafeArchive("a member's name leads out of the archive")
    if stat.S_ISLNK(info.external_attr >> 16):
        return UnsafeArchive("a member is a link")
    if info.flag_bits & _LOCKED_FLAG:
        return EncryptedArchive("a member is locked")
    if name.lower().endswith(ARCHIVES):
        return NestedArchive("archives within archives are not opened")
    if info.file_size > LARGE and info.file_size > SWELLS * max(1, info.compress_size):
        return ArchiveLimit(f"a member swells to more than {SWELLS} times its size")
    return None


@contextmanager
def _opened(path: Path, info: zipfile.ZipInfo, max_bytes: int) -> Iterator[BinaryIO]:
    with zipfile.ZipFile(path) as archive:
        try:
            with archive.open(info) as stream:
                yield cast("BinaryIO", io.BufferedReader(_Measured(stream, info, max_bytes), MEBIBYTE))
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise CorruptFile(f"the member can't be unpacked: {error}") from error
        except RuntimeError as error:  # zipfile's for a password
            raise EncryptedArchive("a member is locked") from error
        except NotImplementedError as error:
            raise CorruptFile("the member is packed in a way that is not known") from error


class _Measured(io.RawIOBase):
    """The member's bytes; more of them than its header says, or than a file may have, is an attack."""

    def __init__(self, stream: IO[bytes], info: zipfile.ZipInfo, max_bytes: int) -> None:
        self._stream = stream
        self._most = min(info.file_size, max_bytes)
        self._packed = max(1, info.compress_size)
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed's Buffer; BufferedReader passes a memoryview
        data = self._stream.read(len(buffer))
        self._read += len(data)
        if self._read > self._most:
            raise ArchiveLimit("a member is larger than its header says, or than a file may be")
        if self._read > LARGE and self._read > SWELLS * self._packed:
            raise ArchiveLimit(f"a member swells to more than {SWELLS} times its size")
        buffer[: len(data)] = data
        return len(data)


def _check_directory(path: Path) -> None:
    """How long the list of members says it is, before the library reads it as a whole."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 65_536 - _END.size))
        tail = file.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or at + _END.size > len(tail):
            raise CorruptFile("not a ZIP, or cut short")
        _, _, _, _, count, length, _, _ = _END.unpack_from(tail, at)
        if count == 0xFFFF or length == 0xFFFFFFFF:
            count, length = _zip64(file, tail, at)
    if count > MOST_MEMBERS or length > MOST_DIRECTORY:
        raise ArchiveLimit(f"more than {MOST_MEMBERS} members")


def _zip64(file: BinaryIO, tail: bytes, at: int) -> tuple[int, int]:
    place = at - _END64_PLACE.size
    if place < 0 or not tail.startswith(b"PK\x06\x07", place):
        raise CorruptFile("its list of members is broken")
    file.seek(_END64_PLACE.unpack_from(tail, place)[2])
    record = file.read(_END64.size)
    if len(record) < _END64.size or not record.startswith(b"PK\x06\x06"):
        raise CorruptFile("its list of members is broken")
    fields = _END64.unpack(record)
    return int(fields[7]), int(fields[8])
