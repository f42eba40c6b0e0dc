"""What only the S3 store does: object lock, multipart uploads cut short, a service that is down, slow or failing."""

from __future__ import annotations

import hashlib
import io
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from minio.error import S3Error

from storage.objects import ObjectExists, StoreUnavailable
from storage.s3 import S3Store
from tests.paths import ROOT
from tests.services import S3Server, free_ports
from tests.storage.conftest import s3_options

pytestmark = pytest.mark.services

KEY = "derived/ab/abcd/components/0001-v0001.pdf"

KILLED_UPLOAD = """
import io, sys, time
from storage.s3 import S3Store
from storage.s3_http import CreateOnlyPool
from storage.s3_options import S3Options

urlopen = CreateOnlyPool.urlopen
def slow(self, method, url, redirect=True, **kw):
    print(method, url.partition("?")[2], flush=True)
    if "partNumber=3" in url:
        time.sleep(60)
    return urlopen(self, method, url, redirect, **kw)
CreateOnlyPool.urlopen = slow

endpoint, access, secret, bucket, key = sys.argv[1:]
S3Store(S3Options(endpoint, access, secret, bucket, secure=False)).put(key, io.BytesIO(bytes(60 << 20)))
"""


@contextmanager
def service(status: int | None) -> Iterator[str]:
    """A service that answers every call with ``status``, or accepts calls and never answers (None)."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if status is None:
                released.wait(30)
                return
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815  # names that http.server looks for

        def log_message(self, *_: object) -> None:
            pass

    released = threading.Event()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            released.set()
            server.shutdown()
            thread.join()


def everything(store: S3Store) -> None:
    """Each method, and none may say anything but StoreUnavailable."""
    for call in (
        store.ping,
        lambda: store.stat(KEY),
        lambda: list(store.list()),
        lambda: store.read_range(KEY, 0, 1),
        lambda: store.open(KEY).__enter__(),
        lambda: store.delete(KEY),
        lambda: store.put(KEY, io.BytesIO(b"x")),
        lambda: store.put_original(io.BytesIO(b"x"), media_type="image/tiff"),
        store.ensure_bucket,
        store.sweep_temporary,
    ):
        with pytest.raises(StoreUnavailable):
            call()


def test_a_service_that_is_down_is_unavailable_within_seconds(s3_server: S3Server) -> None:
    (port,) = free_ports(1)
    started = time.monotonic()
    everything(S3Store(replace(s3_options(s3_server, "none"), endpoint=f"127.0.0.1:{port}")))
    assert time.monotonic() - started < 15  # ten calls


def test_a_service_that_fails_is_unavailable(s3_server: S3Server) -> None:
    with service(503) as endpoint:
        everything(S3Store(replace(s3_options(s3_server, "none"), endpoint=endpoint)))


def test_a_service_that_never_answers_is_unavailable_after_the_timeout(s3_server: S3Server) -> None:
    with service(None) as endpoint:
        store = S3Store(replace(s3_options(s3_server, "none"), endpoint=endpoint, read_seconds=0.5))
        started = time.monotonic()
        with pytest.raises(StoreUnavailable):
            store.stat(KEY)
        with pytest.raises(StoreUnavailable):
            store.ping()
        assert time.monotonic() - started < 8


def test_a_service_that_never_accepts_is_unavailable(s3_server: S3Server) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        endpoint = f"127.0.0.1:{full.getsockname()[1]}"
        with socket.create_connection(full.getsockname()):  # takes the only place in the queue
            store = S3Store(
                replace(s3_options(s3_server, "none"), endpoint=endpoint, connect_seconds=0.5, read_seconds=0.5)
            )
            with pytest.raises(StoreUnavailable):
                store.stat(KEY)


def test_a_wrong_key_and_a_missing_bucket_are_said(s3_server: S3Server, s3_bucket: str) -> None:
    options = s3_options(s3_server, s3_bucket)
    with pytest.raises(StoreUnavailable, match="SignatureDoesNotMatch"):
        list(S3Store(replace(options, secret_key="wrong")).list())
    with pytest.raises(StoreUnavailable, match="no-such-bucket does not exist"):
        S3Store(replace(options, bucket="no-such-bucket")).ping()
    with pytest.raises(StoreUnavailable):
        S3Store(replace(options, bucket="no-such-bucket")).put(KEY, io.BytesIO(b"x"))


def test_a_killed_upload_leaves_no_object_and_is_swept(s3_server: S3Server, s3_store: S3Store) -> None:
    arguments = [s3_server.endpoint, s3_server.access_key, s3_server.secret_key, s3_store.bucket, KEY]
    upload = subprocess.Popen([sys.executable, "-c", KILLED_UPLOAD, *arguments], stdout=subprocess.PIPE, cwd=ROOT)
    assert upload.stdout is not None
    for line in upload.stdout:
        if b"partNumber=3" in line:
            break
    upload.send_signal(signal.SIGKILL)
    upload.wait()
    upload.stdout.close()
    assert list(s3_store.list()) == []
    assert s3_store.sweep_temporary() == 0
    assert s3_store.sweep_temporary(timedelta(seconds=-60)) == 1  # the service's clock is as good as ours, to a minute
    assert s3_store.sweep_temporary(timedelta(seconds=-60)) == 0
    assert s3_store.put(KEY, io.BytesIO(b"again")).size == 5


def test_originals_are_locked_where_the_bucket_has_object_lock(s3_server: S3Server) -> None:
    options = replace(s3_options(s3_server, "locked-originals"), retention=timedelta(days=400))
    store = S3Store(options)
    store.ensure_bucket()
    store.ensure_bucket()
    assert store.has_object_lock()
    original = store.put_original(io.BytesIO(b"scan"), media_type="image/tiff")
    assert store.put_original(io.BytesIO(b"scan"), media_type="image/tiff") == original
    client = s3_server.client()
    retention = client.get_object_retention(store.bucket, original.key)
    assert retention is not None
    assert retention.mode == "GOVERNANCE"
    assert retention.retain_until_date - datetime.now(UTC) > timedelta(days=399)
    version = client.stat_object(store.bucket, original.key).version_id
    with pytest.raises(S3Error, match="AccessDenied"):  # not even with the key of the service
        client.remove_object(store.bucket, original.key, version_id=version)
    with pytest.raises(ObjectExists):
        store.delete(original.key)
    derived = store.put(KEY, io.BytesIO(b"page"))
    store.put(KEY, io.BytesIO(b"better page"), overwrite=True)
    store.delete(derived.key)
    assert [info.key for info in store.list()] == [original.key]


def test_without_object_lock_only_this_client_guards_originals(s3_server: S3Server, s3_store: S3Store) -> None:
    assert not s3_store.has_object_lock()
    original = s3_store.put_original(io.BytesIO(b"scan"), media_type="image/tiff")
    with pytest.raises(ObjectExists):
        s3_store.delete(original.key)
    s3_server.client().remove_object(s3_store.bucket, original.key)  # another client could: use object lock
    assert list(s3_store.list()) == []


def test_what_others_uploaded_without_our_metadata_is_hashed(s3_server: S3Server, s3_store: S3Store) -> None:
    s3_server.client().put_object(s3_store.bucket, KEY, io.BytesIO(b"restored"), 8)
    assert s3_store.stat(KEY).sha256 == hashlib.sha256(b"restored").hexdigest()
    assert s3_store.put(KEY, io.BytesIO(b"restored")).size == 8


def test_a_link_works_without_our_help_until_it_expires(s3_store: S3Store) -> None:
    s3_store.put(KEY, io.BytesIO(b"page"), media_type="application/pdf")
    link = s3_store.url(KEY, expires=timedelta(seconds=2))
    assert link is not None
    with urllib.request.urlopen(link) as answer:
        assert (answer.read(), answer.headers["Content-Type"]) == (b"page", "application/pdf")
    time.sleep(3)
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(link)
    caught.value.close()
    assert caught.value.code == 403
    assert S3Store(replace(s3_store.options, public_endpoint=None)).url(KEY, expires=timedelta(seconds=2)) is None


def test_an_upload_of_100_mib_keeps_memory_bounded(s3_server: S3Server, s3_bucket: str, tmp_path: Path) -> None:
    script = (
        "import resource, sys; from storage.s3 import S3Store; from storage.s3_options import S3Options\n"
        "store = S3Store(S3Options(*sys.argv[2:6], secure=False)); before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "store.put_original(open(sys.argv[1], 'rb'), media_type='application/pdf')\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    big = tmp_path / "big.pdf"
    with big.open("wb") as file:
        file.truncate(100 << 20)
    arguments = [str(big), s3_server.endpoint, s3_server.access_key, s3_server.secret_key, s3_bucket]
    done = subprocess.run([sys.executable, "-c", script, *arguments], check=True, capture_output=True, cwd=ROOT)
    assert int(done.stdout) < 80 * 1024  # KiB
