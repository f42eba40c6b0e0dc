"""What every store promises; run against the folder store and against a real SeaweedFS."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.keys import original_key
from storage.objects import (
    ChecksumMismatch,
    InvalidKey,
    InvalidRange,
    ObjectExists,
    ObjectInfo,
    ObjectMissing,
    ObjectStore,
)

KEY = "derived/ab/abcd/pages/0001.jpg"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def put(store: ObjectStore, key: str, data: bytes, *, overwrite: bool = False, protect: bool = False) -> ObjectInfo:
    return store.put(key, io.BytesIO(data), media_type="image/jpeg", overwrite=overwrite, protect=protect)


def read(store: ObjectStore, key: str) -> bytes:
    with store.open(key) as stream:
        return stream.read()


def keys(store: ObjectStore, prefix: str = "") -> list[str]:
    return [info.key for info in store.list(prefix)]


class Breaking(io.BytesIO):
    """A sender that goes away in the middle."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > 3_000_000:
            raise ConnectionResetError("the sender went away")
        return super().read(size)


def test_what_is_put_comes_back(store: ObjectStore) -> None:
    before = datetime.now(UTC) - timedelta(seconds=5)
    info = put(store, KEY, b"page one")
    assert info == store.stat(KEY)
    assert (info.key, info.size, info.sha256, info.media_type) == (KEY, 8, sha256(b"page one"), "image/jpeg")
    assert before < info.modified_at < datetime.now(UTC) + timedelta(seconds=5)
    assert read(store, KEY) == b"page one"


def test_an_empty_object_is_an_object(store: ObjectStore) -> None:
    assert put(store, KEY, b"").size == 0
    assert read(store, KEY) == b""
    with pytest.raises(InvalidRange):
        b"".join(store.read_range(KEY, 0, 1))


def test_an_object_of_several_parts(store: ObjectStore) -> None:
    data = bytes(range(256)) * (4096 * 40)  # 40 MiB: three parts on S3
    info = store.put_original(io.BytesIO(data), media_type="application/pdf")
    assert (info.size, info.sha256) == (len(data), sha256(data))
    with store.open(info.key) as stream:
        assert hashlib.file_digest(stream, "sha256").hexdigest() == info.sha256  # type: ignore[arg-type]  # BinaryIO reads into buffers
    assert b"".join(store.read_range(info.key, 16 * 2**20 - 5, 10)) == data[16 * 2**20 - 5 :][:10]


def test_r08_an_original_lies_under_its_hash_once(store: ObjectStore) -> None:
    first = store.put_original(io.BytesIO(b"scan"), media_type="image/tiff")
    again = store.put_original(io.BytesIO(b"scan"), media_type="image/tiff")
    assert first == again
    assert first.key == original_key(sha256(b"scan"))
    assert keys(store) == [first.key]


def test_too_many_bytes_keep_nothing(store: ObjectStore) -> None:
    with pytest.raises(ValueError, match="more than 3 bytes"):
        store.put_original(io.BytesIO(b"scan"), media_type="image/tiff", max_bytes=3)
    assert keys(store) == []
    assert store.put_original(io.BytesIO(b"scan"), media_type="image/tiff", max_bytes=4).size == 4


def test_a_wrong_hash_keeps_nothing(store: ObjectStore) -> None:
    with pytest.raises(ChecksumMismatch):
        store.put(KEY, io.BytesIO(b"arrived"), sha256=sha256(b"announced"))
    assert keys(store) == []
    assert store.put(KEY, io.BytesIO(b"arrived"), sha256=sha256(b"arrived").upper()).size == 7


def test_a_sender_that_breaks_off_leaves_nothing_and_hears_its_own_error(store: ObjectStore) -> None:
    with pytest.raises(ConnectionResetError):
        store.put_original(Breaking(b"x" * 5_000_000), media_type="image/tiff")
    with pytest.raises(ConnectionResetError):
        store.put(KEY, Breaking(b"x" * 5_000_000))
    assert keys(store) == []
    assert store.sweep_temporary(timedelta(0)) == 0


def test_the_same_bytes_again_are_no_error_and_other_bytes_are(store: ObjectStore) -> None:
    put(store, KEY, b"one")
    assert put(store, KEY, b"one").sha256 == sha256(b"one")
    with pytest.raises(ObjectExists):
        put(store, KEY, b"two")
    assert read(store, KEY) == b"one"
    assert put(store, KEY, b"three", overwrite=True).size == 5
    assert read(store, KEY) == b"three"
    assert store.stat(KEY).sha256 == sha256(b"three")


def test_protected_objects_are_neither_replaced_nor_deleted(store: ObjectStore) -> None:
    original = store.put_original(io.BytesIO(b"scan"), media_type="image/tiff").key
    put(store, KEY, b"signed", protect=True)
    for key in (original, KEY):
        with pytest.raises(ObjectExists):
            store.delete(key)
        with pytest.raises(ObjectExists):
            put(store, key, b"other", overwrite=True)
    assert (read(store, original), read(store, KEY)) == (b"scan", b"signed")


def test_protection_can_be_added_later(store: ObjectStore) -> None:
    put(store, KEY, b"one")
    put(store, KEY, b"one", protect=True)
    with pytest.raises(ObjectExists):
        store.delete(KEY)


def test_deleting_removes_and_may_be_repeated(store: ObjectStore) -> None:
    put(store, KEY, b"one")
    store.delete(KEY)
    store.delete(KEY)
    store.delete("derived/never/was")
    assert keys(store) == []
    for call in (store.stat, lambda key: read(store, key), lambda key: b"".join(store.read_range(key, 0, 1))):
        with pytest.raises(ObjectMissing):
            call(KEY)


def test_a_folder_is_no_object(store: ObjectStore) -> None:
    put(store, KEY, b"one")
    folder = KEY.rpartition("/")[0]
    with pytest.raises(ObjectMissing):
        store.stat(folder)
    with pytest.raises(ObjectMissing):
        read(store, folder)
    store.delete(folder)
    assert keys(store) == [KEY]


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [(0, 10, b"0123456789"), (0, 1, b"0"), (3, 4, b"3456"), (9, 1, b"9"), (8, 100, b"89")],
)
def test_ranges(store: ObjectStore, start: int, length: int, expected: bytes) -> None:
    put(store, KEY, b"0123456789")
    assert b"".join(store.read_range(KEY, start, length)) == expected


@pytest.mark.parametrize(("start", "length"), [(10, 1), (-1, 5), (0, 0), (3, -1), (10**12, 1)])
def test_ranges_outside_are_refused_at_once(store: ObjectStore, start: int, length: int) -> None:
    put(store, KEY, b"0123456789")
    with pytest.raises(InvalidRange):
        store.read_range(KEY, start, length)  # before anything is read: the HTTP status depends on it


def test_a_range_nobody_reads_leaves_nothing_open(store: ObjectStore) -> None:
    put(store, KEY, b"0123456789")
    store.read_range(KEY, 0, 5)
    half = store.read_range(KEY, 0, 5)
    assert next(half)
    del half  # pytest turns a ResourceWarning into a failure


def test_list_is_in_key_order_and_knows_prefixes(store: ObjectStore) -> None:
    names = ["a", "a-b/x", "a.txt", "a/x", "a/y/z", "a=", "ab", "A/x", "b"]
    for name in names:
        if name != "a":  # a file system can't hold "a" beside "a/x"
            put(store, f"derived/{name}", name.encode())
    expected = sorted(f"derived/{name}" for name in names if name != "a")
    assert keys(store) == expected
    for prefix in ("derived/", "derived/a", "derived/a/", "derived/a/y", "d", "derived/nothing", "derived/b"):
        assert keys(store, prefix) == [key for key in expected if key.startswith(prefix)], prefix
    assert next(iter(store.list("derived/ab"))).sha256 == sha256(b"ab")


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/",
        "/etc/passwd",
        "derived/",
        "derived//x",
        "derived/../../etc/passwd",
        "..",
        "./x",
        "derived/.hidden",
        ".tmp/x",
        "derived/x\n",
        "derived/x y",
        "derived\\x",
        "derived/hồ-sơ",
        "derived/x\0",
        "derived/%2e%2e/x",
        "a" * 201,
        "a/" * 300 + "a",
    ],
)
def test_path_tricks_are_not_keys(store: ObjectStore, key: str, tmp_path: Path) -> None:
    for call in (
        lambda: put(store, key, b"x"),
        lambda: store.stat(key),
        lambda: read(store, key),
        lambda: store.read_range(key, 0, 1),
        lambda: store.delete(key),
        lambda: store.fetch(key, tmp_path / "copy"),
        lambda: store.url(key, expires=timedelta(minutes=1)),
    ):
        with pytest.raises(InvalidKey):
            call()


def test_of_many_writers_of_one_key_one_wins(store: ObjectStore) -> None:
    bodies = [bytes([65 + n]) * 200_000 for n in range(8)]

    def write(data: bytes) -> bytes | None:
        try:
            put(store, KEY, data)
        except ObjectExists:
            return None
        return data

    with ThreadPoolExecutor(8) as pool:
        winners = [data for data in pool.map(write, bodies) if data is not None]
    assert len(winners) == 1
    assert read(store, KEY) == winners[0]


def test_the_same_original_from_many_senders_at_once(store: ObjectStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda _: store.put_original(io.BytesIO(b"scan" * 9999), media_type="image/tiff"), range(8))
        )
    assert {info.key for info in found} == set(keys(store))
    assert len({info.key for info in found}) == 1


def test_readers_see_the_old_or_the_new_object_never_a_mixture(store: ObjectStore) -> None:
    old, new = b"o" * 3_000_000, b"n" * 2_000_000
    put(store, KEY, old)

    def looks(times: int) -> Iterator[bytes]:
        for _ in range(times):
            yield read(store, KEY)

    with ThreadPoolExecutor(2) as pool:
        seen = pool.submit(lambda: set(looks(12)))
        for data in (new, old, new):
            put(store, KEY, data, overwrite=True)
        assert seen.result() <= {old, new}


def test_fetch_writes_a_whole_file_or_none(store: ObjectStore, tmp_path: Path) -> None:
    info = put(store, KEY, b"page" * 1000)
    target = tmp_path / "work" / "page.jpg"
    target.parent.mkdir()
    store.fetch(KEY, target)
    assert target.read_bytes() == b"page" * 1000
    target.write_bytes(b"changed by a program")  # a copy: the stored object doesn't follow
    assert read(store, KEY) == b"page" * 1000
    with pytest.raises(ObjectMissing):
        store.fetch("derived/none", target)
    assert target.read_bytes() == b"changed by a program"
    assert [path.name for path in target.parent.iterdir()] == ["page.jpg"]
    assert info == store.stat(KEY)


def test_ping(store: ObjectStore) -> None:
    store.ping()
    assert keys(store) == []
