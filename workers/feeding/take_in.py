"""One document from its source into the store and its batch.

First the bytes, then the row: killed in between, the store holds an original that the same document finds again under its hash. The row of a file that
is as it was is not touched, and the file not read.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from sqlalchemy.orm import Session, sessionmaker

from models.batches import items as batch_items
from models.batches import store as batches
from models.batches.entities import Batch, BatchItem, Duplex
from models.batches.items import Content, Happened, Taken, TakenFile
from models.database import transaction
from models.errors import DigitizeError, EmptyFile, NestedArchive, TooLarge
from storage.objects import ObjectStore
from workers.feeding.archive import ARCHIVES, INSIDE, MAGIC
from workers.feeding.collate import Part, collate
from workers.feeding.files import Document, Side
from workers.feeding.look import HALVES
from workers.limits import MEBIBYTE, Limits
from workers.scratch import Scratch
from workers.steps.decode.kinds import HEAD_BYTES, PDF, media_type_of
from workers.steps.signatures import is_signed


@dataclass(frozen=True, slots=True)
class Taker:
    """Of one batch."""

    sessions: sessionmaker[Session]
    store: ObjectStore
    scratch: Scratch
    limits: Limits
    batch: Batch

    def is_known(self, document: Document, stamps: Mapping[str, str]) -> bool:
        """Whether every file of it was taken as it is now."""
        return bool(document.sides) and all(
            stamps.get(batches.path_key(side.file.path)) == side.file.stamp for side in document.sides
        )

    def take(self, document: Document) -> tuple[BatchItem, Happened]:
        """Raises ``StillChanging`` for a file that is being written, ``OSError`` for one that can't be reached, ``StoreUnavailable``."""
        files, content = self._read(document)
        taken = Taken(
            path=document.path,
            filename=document.filename,
            files=files,
            content=content,
            key=document.key.text,
            key_from=document.key.source,
            key_told=document.key.told,
        )
        with transaction(self.sessions) as session:
            return batch_items.register(session, self.batch.id, taken)

    def _read(self, document: Document) -> tuple[list[TakenFile], Content | DigitizeError]:
        unread = [_told(side, None) for side in document.sides]
        if document.error is not None:
            return unread, document.error
        try:
            if document.joined:
                return self._joined(document)
            side = document.sides[0]
            content = self._stored(side)
        except DigitizeError as error:
            return unread, error
        return [_told(side, content.sha256)], content

    def _stored(self, side: Side) -> Content:
        with side.file.open() as stream:
            head = stream.read(HEAD_BYTES)
            kind = kind_of(head, side.file.path)
            return self._put(cast("BinaryIO", io.BufferedReader(_Chained(head, stream), MEBIBYTE)), kind)

    def _put(self, stream: BinaryIO, media_type: str) -> Content:
        try:
            info = self.store.put_original(stream, media_type=media_type, max_bytes=self.limits.max_bytes)
        except ValueError as error:
            raise TooLarge(f"the limit is {self.limits.max_bytes} bytes") from error
        return Content(media_type, info.size, info.sha256, info.key)

    def _joined(self, document: Document) -> tuple[list[TakenFile], Content]:
        with self.scratch.work() as folder:
            parts, files = list[Part](), list[TakenFile]()
            for number, side in enumerate(document.sides):
                path = folder / str(number)
                sha256 = self._copy(side, path)
                with path.open("rb") as stream:
                    kind = kind_of(stream.read(HEAD_BYTES), side.file.path)
                parts.append(Part(path, kind, side.side))
                files.append(_told(side, sha256))
            duplex = Duplex(self.batch.duplex)
            if len(parts) == 1 and duplex in HALVES and parts[0].media_type == PDF and is_signed(parts[0].path):
                # Its signature is worth more than the order of its pages; and what is signed was not scanned in halves.
                with parts[0].path.open("rb") as stream:
                    return files, self._put(stream, PDF)
            return files, self._put(io.BytesIO(collate(parts, duplex, self.limits)), PDF)

    def _copy(self, side: Side, path: Path) -> str:
        if side.file.size > self.limits.max_bytes:
            raise TooLarge(f"the limit is {self.limits.max_bytes} bytes")
        with side.file.open() as stream, path.open("wb") as out:
            shutil.copyfileobj(stream, out, MEBIBYTE)
        with path.open("rb") as copied:
            return hashlib.file_digest(copied, "sha256").hexdigest()


def kind_of(head: bytes, path: str) -> str:
    """The media type. ``EmptyFile``, ``NestedArchive``, ``UnsupportedType``."""
    if not head:
        raise EmptyFile
    inside = INSIDE in path
    if inside and (path.lower().endswith(ARCHIVES) or head.startswith(MAGIC)):
        raise NestedArchive("archives within archives are not opened")
    return media_type_of(head)


def _told(side: Side, sha256: str | None) -> TakenFile:
    return TakenFile(side.file.path, side.file.size, side.file.stamp, sha256, side.side)


class _Chained(io.RawIOBase):
    """The bytes already read, then the rest of the stream."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed's Buffer; readers pass a memoryview
        data = self._head[: len(buffer)] or self._rest.read(len(buffer))
        self._head = self._head[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)
