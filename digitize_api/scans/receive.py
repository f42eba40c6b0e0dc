"""Bytes from the network to the store, without a copy in between.

The event loop reads and parses; a thread, which may block, runs ``store.put_original`` and pulls the bytes through a bounded
pipe. The thread sees the end of the file only after the whole body has been received and everything known about it agrees
(closing boundary, size, checksum, idempotency key); until then any trouble becomes an exception inside the store's read,
and the store keeps nothing.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass

import anyio
import anyio.from_thread
import anyio.to_thread
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from starlette.requests import Request

from digitize_api.scans.magic import ENOUGH_BYTES, media_type
from digitize_api.scans.multipart import FileParts, boundary_of
from models.errors import ChecksumMismatch, TooLarge, UploadIncomplete
from storage.objects import ObjectInfo, ObjectStore

PIPE_CHUNKS = 16  # at most about 1 MiB of a fast sender waits for a slow store
READ_BYTES = 256 * 1024
PROOF = "csrf_token"
FORM_OVERHEAD = 64 * 1024  # boundaries, headers and small parts around the file

Check = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Received:
    """Durable in the store."""

    info: ObjectInfo
    filename: str
    media_type: str


class _Pipe(io.RawIOBase):
    """The reading end, used by the store's thread. ``check`` is asked with the hash before the end is admitted."""

    def __init__(self, stream: MemoryObjectReceiveStream[bytes], check: Check) -> None:
        self._stream = stream
        self._check = check
        self._rest = memoryview(b"")
        self._hash = hashlib.sha256()
        self._ended = False
        self.failure: BaseException | None = UploadIncomplete(
            "The upload was given up."
        )  # until the body has ended well

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed's Buffer; BufferedReader passes a memoryview
        if not self._rest and not self._ended:
            try:
                chunk = anyio.from_thread.run(self._stream.receive)
            except anyio.EndOfStream:
                if self.failure is not None:
                    raise self.failure from None
                self._check(self._hash.hexdigest())
                self._ended = True
            else:
                self._hash.update(chunk)
                self._rest = memoryview(chunk)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


async def receive_upload(
    request: Request,
    store: ObjectStore,
    *,
    max_bytes: int,
    stall_seconds: float,
    limiter: anyio.CapacityLimiter,
    expected_sha256: str | None,
    check: Check,
    check_form: Callable[[str], None] | None = None,
) -> Received:
    """Receive the one file of ``request`` into ``store``.

    ``check`` (run in the store's thread, with the SHA-256) may still raise to have nothing kept; so may ``check_form``, with what the form's part
    ``csrf_token`` says. Raises ``EmptyFile``,
    ``UnsupportedType``, ``TooLarge``, ``ChecksumMismatch``, ``UploadIncomplete``, ``InvalidRequest``, ``ClientDisconnect``.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_bytes + FORM_OVERHEAD:
        raise TooLarge(f"The file is over {max_bytes} bytes.")
    parts = FileParts(boundary_of(request.headers.get("content-type", "")), max_bytes)

    def agree(sha256: str) -> None:
        if expected_sha256 is not None and sha256 != expected_sha256:
            raise ChecksumMismatch("The file's SHA-256 is not the one in X-Content-SHA256.")
        if check_form is not None:
            check_form(parts.text(PROOF))
        check(sha256)

    async with limiter, aclosing(_pieces(request, parts, stall_seconds)) as pieces:
        head = await _head(pieces)
        kind = media_type(head)
        info = await _store(store=store, kind=kind, head=head, pieces=pieces, agree=agree, max_bytes=max_bytes)
    return Received(info, parts.filename, kind)


async def _pieces(request: Request, parts: FileParts, stall_seconds: float) -> AsyncGenerator[bytes]:
    """The file's bytes; ends only when the body ended well."""
    body = request.stream()
    while True:
        chunk = None
        with anyio.move_on_after(stall_seconds):
            chunk = await anext(body, b"")
        if chunk is None:
            raise UploadIncomplete(f"Nothing arrived for {stall_seconds:g} s.")
        if not chunk:
            break
        for piece in parts.feed(chunk):
            yield piece
    parts.finish()


async def _head(pieces: AsyncIterator[bytes]) -> bytes:
    """Enough of the file to know its kind, or all of a short one."""
    head = bytearray()
    async for piece in pieces:
        head += piece
        if len(head) >= ENOUGH_BYTES:
            break
    return bytes(head)


async def _store(
    *,
    store: ObjectStore,
    kind: str,
    head: bytes,
    pieces: AsyncIterator[bytes],
    agree: Check,
    max_bytes: int,
) -> ObjectInfo:
    sender, receiver = anyio.create_memory_object_stream[bytes](PIPE_CHUNKS)
    pipe = _Pipe(receiver, agree)
    stored: list[ObjectInfo] = []
    failures: list[BaseException] = []

    def put() -> ObjectInfo:
        with io.BufferedReader(pipe, READ_BYTES) as stream:
            return store.put_original(stream, media_type=kind, max_bytes=max_bytes)

    async def pull() -> None:
        try:
            # A thread each for the uploads at once, so that a full pool of ordinary requests can't stop them.
            stored.append(await anyio.to_thread.run_sync(put, limiter=anyio.CapacityLimiter(1)))
        except Exception as error:  # noqa: BLE001 - carried over to the caller below
            failures.append(error)
        finally:
            receiver.close()

    async with anyio.create_task_group() as group:
        group.start_soon(pull)
        try:
            await _feed(sender, head, pieces)
            pipe.failure = None
        except Exception as error:  # noqa: BLE001 - carried over to the caller below, after the store has dropped the bytes
            pipe.failure = error
            failures.insert(0, error)
        finally:
            sender.close()
    if failures:
        raise failures[0]
    return stored[0]


async def _feed(sender: MemoryObjectSendStream[bytes], head: bytes, pieces: AsyncIterator[bytes]) -> None:
    with suppress(anyio.BrokenResourceError):  # the store gave up; its own error says why
        if head:
            await sender.send(head)
        async for piece in pieces:
            await sender.send(piece)
