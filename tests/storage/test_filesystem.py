"""What only the folder store does: modes, leftovers of a killed writer, mending, lost notes, a disk that goes away."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from storage.filesystem import FilesystemStore
from storage.fixity import verify
from storage.keys import original_key
from storage.objects import InvalidKey, ObjectMissing, StoreUnavailable
from tests.paths import ROOT

KEY = "derived/ab/abcd/pages/0001.jpg"

SLOW_WRITER = """
import io, sys, time
from pathlib import Path
from storage.filesystem import FilesystemStore

class Slow(io.RawIOBase):
    def readable(self): return True
    def read(self, size=-1):
        print("reading", flush=True)
        time.sleep(0.05)
        return b"x" * 100_000

FilesystemStore(Path(sys.argv[1])).put(sys.argv[2], Slow())
"""


@pytest.fixture
def store(tmp_path: Path) -> FilesystemStore:
    return FilesystemStore(tmp_path / "objects")


def original(store: FilesystemStore, data: bytes = b"scan") -> str:
    return store.put_original(io.BytesIO(data), media_type="image/tiff").key


def test_originals_are_read_only_and_the_folder_is_ours_alone(store: FilesystemStore) -> None:
    path = store.root / original(store)
    assert path.stat().st_mode & 0o777 == 0o444
    assert store.root.stat().st_mode & 0o777 == 0o700


def test_a_killed_writer_leaves_no_object_and_its_leftovers_are_swept(store: FilesystemStore) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", SLOW_WRITER, str(store.root), KEY], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert writer.stdout is not None
    for _ in range(4):
        assert writer.stdout.readline()
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    assert list(store.list()) == []
    with pytest.raises(ObjectMissing):
        store.stat(KEY)
    assert store.sweep_temporary() == 0  # young: it might still be written
    assert store.sweep_temporary(timedelta(0)) == 1
    assert list((store.root / ".tmp").iterdir()) == []


def test_a_damaged_original_is_reported_and_mended_by_its_next_arrival(store: FilesystemStore) -> None:
    good, bad = original(store, b"good"), original(store, b"scan")
    path = store.root / bad
    path.chmod(0o644)
    path.write_bytes(b"rot!")
    reports = {report.key: report for report in verify(store)}
    assert reports[good].intact
    assert reports[bad].verdict == "changed"
    assert reports[bad].found == hashlib.sha256(b"rot!").hexdigest()
    assert original(store, b"scan") == bad
    assert path.read_bytes() == b"scan"
    assert all(report.intact for report in verify(store))


def test_damage_that_keeps_size_and_time_is_found_in_derived_objects(store: FilesystemStore) -> None:
    store.put(KEY, io.BytesIO(b"page"))
    path = store.root / KEY
    times = path.stat()
    path.write_bytes(b"PAGE")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert [report.verdict for report in verify(store, "derived/")] == ["changed"]


@pytest.mark.parametrize("note", [None, "", "{", '{"sha256": "0", "media_type": "image/jpeg", "size": 1}'])
def test_a_lost_or_stale_note_costs_a_hash_not_the_truth(store: FilesystemStore, note: str | None) -> None:
    store.put(KEY, io.BytesIO(b"page"), media_type="image/jpeg")
    path = store.root / ".meta" / f"{KEY}.json"
    path.unlink() if note is None else path.write_text(note)
    assert store.stat(KEY).sha256 == hashlib.sha256(b"page").hexdigest()
    assert [info.key for info in store.list()] == [KEY]


def test_an_object_is_not_a_folder(store: FilesystemStore) -> None:
    store.put("derived/a", io.BytesIO(b""))
    with pytest.raises(InvalidKey):
        store.put("derived/a/b", io.BytesIO(b""))
    store.put("derived/c/d", io.BytesIO(b""))
    with pytest.raises(InvalidKey):
        store.put("derived/c", io.BytesIO(b""))
    assert [info.key for info in store.list()] == ["derived/a", "derived/c/d"]


def test_a_store_that_went_away_is_unavailable_not_empty(store: FilesystemStore, tmp_path: Path) -> None:
    key = original(store)
    store.root.rename(tmp_path / "unmounted")
    for call in (
        lambda: store.stat(key),
        lambda: list(store.list()),
        lambda: store.delete(key),
        lambda: store.open(key).__enter__(),
    ):
        with pytest.raises(StoreUnavailable):
            call()
    store.root.write_bytes(b"something else")
    for other in (store.ping, lambda: original(store), lambda: store.stat(key)):
        with pytest.raises(StoreUnavailable):
            other()


def test_a_full_disk_is_unavailable_and_keeps_nothing(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)], check=False)
    if mounted.returncode != 0:
        pytest.skip("this machine does not let us mount")
    try:
        store = FilesystemStore(disk / "objects")
        original(store, b"small")
        with pytest.raises(StoreUnavailable):
            original(store, b"x" * 2_000_000)
        assert [info.size for info in store.list()] == [5]
        assert store.sweep_temporary(timedelta(0)) == 0
        original(store, b"another small one")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_no_link_is_offered(store: FilesystemStore) -> None:
    assert store.url(original_key("0" * 64), expires=timedelta(minutes=1)) is None


def test_a_duplicate_costs_no_second_copy(store: FilesystemStore) -> None:
    path = store.root / original(store)
    inode = path.stat().st_ino
    time.sleep(0.01)
    original(store)
    assert path.stat().st_ino == inode
    assert path.stat().st_nlink == 1
