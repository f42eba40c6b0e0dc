"""Objects in one bucket of an S3 service (SeaweedFS, MinIO, Ceph, AWS), through the ``minio`` client.

- A stream is first spooled (in memory up to 8 MiB, else in a temporary file): its hash is part of the key or of the
  metadata, which S3 wants before the first byte, and a sender that breaks off then leaves nothing in the bucket.
- A key is made with ``If-None-Match: *``, so that two writers can't overwrite each other.
- Large objects go up in parts of 16 MiB, one at a time: memory stays bounded whatever the size.
- Every call ends within seconds when the service is down: ``StoreUnavailable``.
- When the bucket has object lock, protected objects get a retention. Without it they are only marked, and this client
  refuses to touch them; someone else with the key could. ``ensure_bucket`` makes new buckets with object lock.
"""

from __future__ import annotations

import io
import logging
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast

import urllib3
from minio.error import MinioException, S3Error
from minio.retention import Retention

from storage.keys import check_key, check_prefix, original_key, sha256_of
from storage.objects import InvalidRange, ObjectExists, ObjectInfo, ObjectMissing, StoreUnavailable
from storage.s3_http import Body, CreateOnlyPool, create_only, make_client, make_pool
from storage.s3_options import S3Options
from storage.streams import CHUNK, check_announced, copy_hashing, copy_to_path, hash_stream, primed

log = logging.getLogger(__name__)

PART_BYTES = 16 << 20
SPOOL_BYTES = 8 << 20
_SHA256 = "x-amz-meta-sha256"
_PROTECTED = "x-amz-meta-protected"
_NO_LOCK = ("ObjectLockConfigurationNotFoundError", "NotImplemented", "NoSuchObjectLockConfiguration")


class S3Store:
    def __init__(self, options: S3Options) -> None:
        self.options = options
        self.bucket = options.bucket
        pool = make_pool(CreateOnlyPool, options.connect_seconds, options.read_seconds, options.ca_file, retries=2)
        quick = make_pool(urllib3.PoolManager, 2, 2, options.ca_file, retries=0)
        self._client = make_client(options, pool)
        self._probe = make_client(options, quick)
        self._public = make_client(options, quick, public=True) if options.public_endpoint else None
        self._locked: bool | None = None

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
        with self._spooled(stream, None) as (spool, computed, size):
            check_announced(sha256, computed)
            return self._place(key, spool, computed, size, media_type, protect=protect, overwrite=overwrite)

    def put_original(self, stream: BinaryIO, *, media_type: str, max_bytes: int | None = None) -> ObjectInfo:
        with self._spooled(stream, max_bytes) as (spool, computed, size):
            key = original_key(computed)
            return self._place(key, spool, computed, size, media_type, protect=True, overwrite=False)

    @contextmanager
    def _spooled(self, stream: BinaryIO, max_bytes: int | None) -> Iterator[tuple[BinaryIO, str, int]]:
        with tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES) as spool:
            computed, size = copy_hashing(stream, spool, max_bytes=max_bytes)
            spool.seek(0)
            yield cast("BinaryIO", spool), computed, size

    def _place(
        self,
        key: str,
        spool: BinaryIO,
        sha256: str,
        size: int,
        media_type: str,
        *,
        protect: bool,
        overwrite: bool,
    ) -> ObjectInfo:
        resident = self._head_or_none(key)
        if resident is not None:
            info, protected = resident
            if (info.sha256, info.size) == (sha256, size) and (protected or not protect):
                return info
            damaged = sha256_of(key) == sha256 and info.size != size
            if damaged:
                log.error("a damaged original was replaced by a fresh copy: %s", key)
            elif info.sha256 != sha256 and (protected or not overwrite):
                raise ObjectExists(f"another object is under {key}")
        try:
            with create_only(resident is None and not overwrite):
                self._upload(key, spool, sha256, size, media_type, protect=protect)
        except _KeyTaken:  # by another writer, since we looked
            info = self.stat(key)
            if info.sha256 != sha256:
                raise ObjectExists(f"another object is under {key}") from None
            return info
        return self.stat(key)

    def _upload(self, key: str, spool: BinaryIO, sha256: str, size: int, media_type: str, *, protect: bool) -> None:
        metadata: dict[str, str | list[str] | tuple[str]] = {"sha256": sha256}
        if protect:
            metadata["protected"] = "1"
        retention = None
        if protect and self.has_object_lock():
            retention = Retention(self.options.retention_mode, datetime.now(UTC) + self.options.retention)
        with self._calls():
            self._client.put_object(
                self.bucket,
                key,
                spool,
                size,
                content_type=media_type,
                metadata=metadata,
                part_size=PART_BYTES,
                num_parallel_uploads=1,
                retention=retention,
            )

    def delete(self, key: str) -> None:
        resident = self._head_or_none(check_key(key))
        if resident is None:
            return
        if resident[1]:
            raise ObjectExists(f"protected: {key}")
        with self._calls():
            self._client.remove_object(self.bucket, key)

    # -- reading

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        with self._calls(check_key(key)):
            response = self._client.get_object(self.bucket, key)
        with io.BufferedReader(Body(response), CHUNK) as body:
            yield body

    def read_range(self, key: str, start: int, length: int) -> Iterator[bytes]:
        return primed(self._range(check_key(key), start, length))

    def _range(self, key: str, start: int, length: int) -> Generator[bytes]:
        if start < 0 or length < 1:
            raise InvalidRange(f"{length} bytes from {start}")
        with self._calls(key):
            response = self._client.get_object(self.bucket, key, offset=start, length=length)
        with Body(response) as body:
            yield b""
            while chunk := body.read(CHUNK):
                yield chunk

    def stat(self, key: str) -> ObjectInfo:
        resident = self._head_or_none(check_key(key))
        if resident is None:
            raise ObjectMissing(key)
        return resident[0]

    def _head_or_none(self, key: str) -> tuple[ObjectInfo, bool] | None:
        """What is under the key, and whether it is protected."""
        try:
            with self._calls(key):
                head = self._client.stat_object(self.bucket, key)
        except ObjectMissing:
            return None
        metadata = {name.lower(): value for name, value in (head.metadata or {}).items()}
        sha256 = sha256_of(key) or metadata.get(_SHA256) or self._hash(key)  # put there by other hands: no metadata
        info = ObjectInfo(
            key=key,
            size=head.size or 0,
            sha256=sha256,
            media_type=head.content_type or "application/octet-stream",
            modified_at=(head.last_modified or datetime.now(UTC)).astimezone(UTC),
        )
        return info, sha256_of(key) is not None or _PROTECTED in metadata

    def _hash(self, key: str) -> str:
        with self.open(key) as body:
            return hash_stream(body)[0]

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        folder, slash, _ = check_prefix(prefix).rpartition("/")
        for key in self._keys(folder + slash, prefix):
            resident = self._head_or_none(key)
            if resident is not None:  # else deleted since
                yield resident[0]

    def _keys(self, folder: str, prefix: str) -> Iterator[str]:
        """Folder by folder, each sorted: S3 promises key order, SeaweedFS lists ``a/x`` before ``a-b/x``."""
        with self._calls():
            names = sorted(
                item.object_name
                for item in self._client.list_objects(self.bucket, prefix=folder or None)
                if item.object_name is not None and item.object_name != folder
            )
        for name in names:
            if name.endswith("/"):
                if name.startswith(prefix) or prefix.startswith(name):
                    yield from self._keys(name, prefix)
            elif name.startswith(prefix):
                yield name

    def url(self, key: str, *, expires: timedelta) -> str | None:
        check_key(key)
        if self._public is None:
            return None
        return self._public.presigned_get_object(self.bucket, key, expires=expires)

    def fetch(self, key: str, path: Path) -> None:
        info = self.stat(key)
        with self.open(key) as body:
            copy_to_path(body, path, sha256=info.sha256)

    # -- the bucket

    def ping(self) -> None:
        with self._calls():
            found = self._probe.bucket_exists(self.bucket)
        if not found:
            raise StoreUnavailable(f"the bucket {self.bucket} does not exist")

    def ensure_bucket(self) -> None:
        """Make the bucket when there is none, with object lock."""
        with self._calls():
            if self._client.bucket_exists(self.bucket):
                return
            try:
                self._client.make_bucket(self.bucket, object_lock=True)
            except S3Error as error:  # somebody else made it since we looked
                if error.code not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                    raise

    def has_object_lock(self) -> bool:
        """Asked once: object lock is chosen when a bucket is made."""
        if self._locked is None:
            with self._calls():
                try:
                    self._client.get_object_lock_config(self.bucket)
                    self._locked = True
                except S3Error as error:
                    if error.code not in _NO_LOCK:
                        raise
                    self._locked = False
        return self._locked

    def sweep_temporary(self, older_than: timedelta = timedelta(days=1)) -> int:
        """Give up uploads in parts that nobody finished (a killed process), and say how many."""
        limit = datetime.now(UTC) - older_than
        removed = 0
        client: Any = self._client  # the client has both calls, but keeps them private; its version is pinned
        with self._calls():
            for upload in client._list_multipart_uploads(self.bucket).uploads:  # noqa: SLF001  # see above
                if upload.initiated_time is not None and upload.initiated_time <= limit:
                    client._abort_multipart_upload(self.bucket, upload.object_name, upload.upload_id)  # noqa: SLF001  # see above
                    removed += 1
        return removed

    @contextmanager
    def _calls(self, key: str = "") -> Iterator[None]:
        """The service's answers as the store's errors; with ``key``, "no such key" means that object is missing."""
        try:
            yield
        except S3Error as error:
            if error.code == "PreconditionFailed":
                raise _KeyTaken from None
            if key and error.code in {"NoSuchKey", "NoSuchObject"}:
                raise ObjectMissing(key) from None
            if error.code == "InvalidRange":
                raise InvalidRange(key) from None
            raise StoreUnavailable(f"the object store refuses: {error.code}") from error
        except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:
            raise StoreUnavailable(f"the object store does not answer: {type(error).__name__}") from error


class _KeyTaken(Exception):
    """``If-None-Match: *`` found an object."""
