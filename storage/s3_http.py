"""The HTTP side of the S3 store: short timeouts, few retries, and "only if there is none yet"."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

import urllib3
from minio import Minio

from storage.objects import StoreUnavailable
from storage.s3_options import S3Options

Pool = TypeVar("Pool", bound=urllib3.PoolManager)
_create_only: ContextVar[bool] = ContextVar("create_only", default=False)


def make_client(options: S3Options, pool: urllib3.PoolManager, *, public: bool = False) -> Minio:
    return Minio(
        (options.public_endpoint or options.endpoint) if public else options.endpoint,
        access_key=options.access_key,
        secret_key=options.secret_key,
        secure=options.public_secure if public else options.secure,
        region=options.region,  # given, so that the client never has to ask for it
        http_client=pool,
    )


@contextmanager
def create_only(on: bool) -> Iterator[None]:
    """Within this block, an upload made through a ``CreateOnlyPool`` fails when its key is taken."""
    token = _create_only.set(on)
    try:
        yield
    finally:
        _create_only.reset(token)


class CreateOnlyPool(urllib3.PoolManager):
    """Adds ``If-None-Match: *`` to the request that makes an object appear.

    The minio client has no argument for it. The header is added after signing: SigV4 signs only ``host`` and
    ``x-amz-*`` by necessity, and services accept others unsigned.
    """

    def urlopen(self, method: str, url: str, redirect: bool = True, **kw: Any) -> urllib3.BaseHTTPResponse:  # type: ignore[override]  # the base has overloads only for typing
        whole = method == "PUT" and "partNumber=" not in url
        last_part = method == "POST" and "uploadId=" in url
        if _create_only.get() and (whole or last_part):
            kw["headers"]["If-None-Match"] = "*"
        return super().urlopen(method, url, redirect=redirect, **kw)


def make_pool(
    kind: type[Pool], connect_seconds: float, read_seconds: float, ca_file: Path | None, *, retries: int
) -> Pool:
    """Without ``ca_file`` the system's certificates count."""
    return kind(
        maxsize=16,
        timeout=urllib3.Timeout(connect=connect_seconds, read=read_seconds),
        retries=urllib3.Retry(total=retries, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504)),
        cert_reqs="CERT_REQUIRED",
        ca_certs=str(ca_file) if ca_file else None,
    )


class Body(io.RawIOBase):
    """The body of an answer: its network errors are the store's, and closing gives the connection back."""

    def __init__(self, response: urllib3.BaseHTTPResponse) -> None:
        self._response = response

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        try:
            data = self._response.read(len(buffer))
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise StoreUnavailable(f"the object store broke off: {type(error).__name__}") from error
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._response.close()
            self._response.release_conn()
        super().close()
