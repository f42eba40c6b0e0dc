"""A back-scan on real processes, killed for real: every file ends once, and reconciliation says so."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from models.agencies import create_agency
from models.batches.entities import BatchItem, ItemState
from models.database import reading, transaction
from models.entities import Component, Dossier, Scan
from tests.commands.machine import at_once
from tests.faults.system import System, draw_document

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.timeout(600)]

PAGE_SECONDS = 0.15


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with System(tmp_path_factory.mktemp("system")) as made:
        with transaction(made.runtime.sessions) as session:
            create_agency(session, code="H56.14", name="UBND xã Mẫu")
        start_pool(made)
        made.start_sweeper()
        yield made


def start_pool(system: System, seconds: float = PAGE_SECONDS) -> None:
    system.start("backscan", "tests.faults.pool", "backscan", str(seconds))


def batch(system: System, *words: str, expect: int = 0, alone: bool = False) -> str:
    """``alone``: as a process of its own. Those that are killed are started by their tests."""
    if alone:
        done = subprocess.run(
            [sys.executable, "-m", "commands", "batch", *words],
            env=system.environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    else:
        done = at_once("batch", *words, settings=system.environment)
    assert done.returncode == expect, (done.returncode, done.stdout[-2000:], done.stderr[-4000:])
    return done.stdout


def create(system: System, name: str, *words: str) -> str:
    return batch(system, "create", name, "--agency", "H56.14", "--settle", "0.2", *words).strip()


def documents(folder: Path, count: int, pages: int = 1) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    return [draw_document(folder / f"{number:03d}-KQ.pdf", pages) for number in range(1, count + 1)]


def items(system: System, batch_id: str) -> list[BatchItem]:
    with reading(system.runtime.sessions) as session:
        return list(session.scalars(select(BatchItem).where(BatchItem.batch_id == batch_id).order_by(BatchItem.number)))


def states(system: System, batch_id: str) -> dict[str, int]:
    return dict(Counter(item.state for item in items(system, batch_id)))


def status(system: System, batch_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(batch(system, "status", batch_id, "--json"))
    return found


def assert_once(system: System, batch_id: str, paths: list[Path], pages: int = 1) -> None:
    """Reconciliation: every file one item, one scan, one dossier, every page, and the command finds no difference."""
    found = items(system, batch_id)
    assert [item.path for item in found] == [str(path) for path in paths]
    assert {item.state for item in found} == {ItemState.DONE}
    scans = [item.scan_id for item in found]
    assert len(set(scans)) == len(paths)
    with reading(system.runtime.sessions) as session:
        rows = session.execute(
            select(Scan.id, Scan.sha256, Scan.dossier_id, Scan.queue, func.count(Component.id))
            .join(Component, Component.scan_id == Scan.id)
            .where(Scan.idempotency_key.startswith(f"batch:{batch_id}:"))
            .group_by(Scan.id)
        ).all()
        dossiers = session.scalar(select(func.count()).select_from(Dossier).where(Dossier.id.in_([r[2] for r in rows])))
    assert sorted(row[0] for row in rows) == sorted(str(scan) for scan in scans)
    assert {row[3] for row in rows} == {"backscan"}
    assert {row[4] for row in rows} == {1}
    assert len({row[1] for row in rows}) == len(paths) == dossiers
    for scan in scans:
        assert scan is not None
        system.assert_done_once(scan, pages)
    assert batch(system, "verify", batch_id) == ""


def test_a_folder_goes_through_and_is_told(system: System, tmp_path: Path) -> None:
    paths = documents(tmp_path / "kệ 4", 3, pages=2)
    (tmp_path / "kệ 4" / "004.pdf.part").write_bytes(paths[0].read_bytes())
    (tmp_path / "kệ 4" / ".an.pdf").write_bytes(paths[0].read_bytes())
    made = create(system, "Kết quả 2023, kệ 4", "--key", r"(?P<key>\d+)-KQ")
    batch(system, "add", made, str(tmp_path / "kệ 4"))
    batch(system, "run", made)
    assert_once(system, made, paths, pages=2)
    told = status(system, made)
    assert (told["total"], told["settled"], told["pages"], told["items"]["done"]) == (3, 3, 6, 3)
    assert told["pages_per_hour"] > 0
    rows = list(csv.DictReader(io.StringIO(batch(system, "report", made).removeprefix("\ufeff"))))
    assert [row["Mã kiểm kê"] for row in rows] == ["001", "002", "003"]
    assert {row["Trạng thái"] for row in rows} == {"done"}
    assert all(row["Mã hồ sơ"].startswith("H56.14-") for row in rows)
    full = json.loads(batch(system, "report", made, "--json"))
    assert [one["sha256"] for one in full["items"]] == [row["SHA-256"] for row in rows]
    batch(system, "run", made)  # again: nothing more
    assert_once(system, made, paths, pages=2)


def test_the_command_killed_again_and_again(system: System, tmp_path: Path) -> None:
    paths = documents(tmp_path / "in", 24)
    made = create(system, "giết lệnh", "--at-once", "4")
    batch(system, "add", made, str(tmp_path / "in"))
    for turn in range(5):
        command = subprocess.Popen(
            [sys.executable, "-m", "commands", "batch", "run", made], env=system.environment, stderr=subprocess.PIPE
        )
        before = len(items(system, made))
        end = time.monotonic() + 20
        while len(items(system, made)) <= before + turn and time.monotonic() < end and command.poll() is None:
            time.sleep(0.01)
        command.kill()
        command.wait()
        assert command.stderr is not None
        command.stderr.close()
    batch(system, "run", made)
    assert_once(system, made, paths)


def test_worker_sweeper_and_redis_killed_in_the_middle(system: System, tmp_path: Path) -> None:
    paths = documents(tmp_path / "in", 16, pages=2)
    made = create(system, "mất điện", "--at-once", "6")
    batch(system, "add", made, str(tmp_path / "in"))
    command = subprocess.Popen(
        [sys.executable, "-m", "commands", "batch", "run", made], env=system.environment, stderr=subprocess.DEVNULL
    )

    def settled(count: int) -> None:
        system.wait_for(lambda: states(system, made).get("done", 0) >= count, f"{count} files to be done")

    settled(2)
    system.kill("backscan")
    system.kill("sweeper")
    command.kill()
    command.wait()
    system.redis.kill()
    for left in system.redis.folder.glob("appendonlydir/*"):
        left.unlink()
    system.redis.start()
    start_pool(system)
    system.start_sweeper()
    settled(6)
    system.kill("backscan")
    start_pool(system)
    system.kill("sweeper")
    system.start_sweeper()
    batch(system, "run", made)
    assert_once(system, made, paths, pages=2)


def test_two_commands_and_two_sweepers_at_once(system: System, tmp_path: Path) -> None:
    paths = documents(tmp_path / "in", 10)
    made = create(system, "hai lệnh")
    batch(system, "add", made, str(tmp_path / "in"))
    system.start_sweeper("sweeper-2")
    argv = [sys.executable, "-m", "commands", "batch", "run", made]
    commands = [subprocess.Popen(argv, env=system.environment, stderr=subprocess.DEVNULL) for _ in range(2)]
    assert [command.wait(200) for command in commands] == [0, 0]
    assert system.kill("sweeper-2") is None
    found = items(system, made)
    assert sorted(item.path for item in found) == [str(path) for path in paths]
    assert states(system, made) == {"done": 10}
    assert batch(system, "verify", made) == ""


def test_a_zip_a_duplicate_and_a_bad_file_each_have_a_reason(system: System, tmp_path: Path) -> None:
    paths = documents(tmp_path / "in", 2)
    (tmp_path / "in" / "003-again.pdf").write_bytes(paths[0].read_bytes())
    (tmp_path / "in" / "004-note.txt").write_text("không phải bản quét")
    with zipfile.ZipFile(tmp_path / "in" / "hop.zip", "w") as archive:
        archive.write(draw_document(tmp_path / "z.pdf", 1), "Hộp 1/giấy.pdf")
        archive.writestr("../../etc/evil.pdf", b"%PDF-1.4")
    made = create(system, "có lỗi")
    batch(system, "add", made, str(tmp_path / "in"))
    batch(system, "run", made, expect=3)
    found = {item.path.removeprefix(f"{tmp_path}/in/"): item for item in items(system, made)}
    assert {path: (item.state, item.reason_code) for path, item in found.items()} == {
        "001-KQ.pdf": ("done", None),
        "002-KQ.pdf": ("done", None),
        "003-again.pdf": ("duplicate", None),
        "004-note.txt": ("refused", "UNSUPPORTED_TYPE"),
        "hop.zip!/Hộp 1/giấy.pdf": ("done", None),
        "hop.zip!/../../etc/evil.pdf": ("refused", "UNSAFE_ARCHIVE"),
    }
    assert found["003-again.pdf"].duplicate_of_id == found["001-KQ.pdf"].id
    assert batch(system, "verify", made) == ""


def test_verify_tells_what_is_not_as_it_was(system: System, tmp_path: Path) -> None:
    paths = documents(tmp_path / "in", 3)
    made = create(system, "kiểm tra")
    batch(system, "add", made, str(tmp_path / "in"))
    batch(system, "run", made)
    paths[0].write_bytes(draw_document(tmp_path / "other.pdf", 1).read_bytes())
    documents(tmp_path / "late", 1)[0].rename(tmp_path / "in" / "new.pdf")
    (first, second, _) = items(system, made)
    component = system.components(str(second.scan_id))[0]
    assert component.pdf_key is not None
    system.runtime.store.delete(component.pdf_key)
    lines = [line.split("\t") for line in batch(system, "verify", made, expect=4).splitlines()]
    assert [(line[0], Path(line[2]).name) for line in lines] == [
        ("changed", "001-KQ.pdf"),
        ("no_item", "new.pdf"),
        ("pdf_missing", "002-KQ.pdf"),
    ]
    assert first.number == int(lines[0][1])


def test_a_page_that_crashes_the_worker_sets_its_paper_aside_and_resume_tries_it_again(
    system: System, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    paths = [draw_document(folder / f"{n}.pdf", 2, crashing=2 if n == 2 else None) for n in range(1, 4)]
    made = create(system, "hỏng trang", "--page-failure", "skip")
    batch(system, "add", made, str(folder))
    batch(system, "run", made, expect=4)
    assert states(system, made) == {"done": 2, "failed": 1}
    failed = items(system, made)[1]
    assert (failed.reason_code, failed.pages, failed.pages_failed) == ("PAGE_FAILED", 2, 1)
    before = failed.scan_id
    system.kill("backscan")
    env = {**system.environment}
    log = (system.folder / "backscan.log").open("ab")
    # The same pool, whose engine has no trouble with landscape pages: what was mended while the batch waited.
    mended = "import sys, tests.faults.pool as p; o=p.FakeEngine.read; p.FakeEngine.read=lambda s,g,d: o(s,g if g.shape[1]<=g.shape[0] else g.T,d); sys.exit(p.main('backscan','0.1'))"
    pool = subprocess.Popen([sys.executable, "-c", mended], env=env, stdout=log, stderr=log)
    try:
        batch(system, "resume", made)
        assert states(system, made) == {"done": 3}
        again = items(system, made)[1]
        assert again.scan_id == before
        assert [page.state for page in system.pages(str(before))] == ["read", "read"]
        assert len(system.components(str(before))) == 1
        assert batch(system, "verify", made) == ""
        assert len(paths) == 3
    finally:
        pool.terminate()
        pool.wait(30)
        log.close()
        start_pool(system)


def test_a_batch_that_aborted_goes_on_by_resume_alone(system: System, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(1, 4):
        (folder / f"{number}.pdf").write_bytes(b"%PDF-1.7 broken " + bytes([number]))
    made = create(system, "dừng", "--page-failure", "abort", "--at-once", "1")
    batch(system, "add", made, str(folder))
    batch(system, "run", made, expect=4)
    assert states(system, made) == {"failed": 1, "waiting": 2}
    batch(system, "run", made, expect=2)
    for number in range(1, 4):
        draw_document(folder / f"{number}.pdf", 1)
    batch(system, "resume", made, expect=0)
    assert states(system, made) == {"done": 3}, "the mended files, and not the broken ones again"
    assert batch(system, "verify", made) == ""


def test_the_counter_goes_first(system: System, tmp_path: Path) -> None:
    """While work of the counter waits, nothing is posted; and nothing outside the hours."""
    paths = documents(tmp_path / "in", 2)
    scan_id = system.post(draw_document(tmp_path / "counter.pdf", 1))  # nobody reads the counter's queue here
    made = create(system, "nhường quầy")
    batch(system, "add", made, str(tmp_path / "in"))
    batch(system, "run", made, "--no-wait")
    time.sleep(2.0)
    assert states(system, made) == {"waiting": 2}
    system.start("counter", "tests.faults.pool", "counter,pages", "0.1")
    system.wait_for_end(scan_id)
    system.wait_for(lambda: states(system, made) == {"done": 2}, "the batch to go on")
    system.kill("counter")
    assert_once(system, made, paths)


def test_the_hash_seed_of_the_process_changes_nothing(system: System, tmp_path: Path) -> None:
    """Documents put together of two sides are the same bytes in every process, so that a crash before their row is no second document."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in (1, 2):
        draw_document(folder / f"{number}-truoc.pdf", 2)
        draw_document(folder / f"{number}-sau.pdf", 2)
    hashes = []
    for seed, name in (("1", "một"), ("2", "hai")):
        system.environment["PYTHONHASHSEED"] = seed
        made = create(system, f"hai mặt {name}", "--duplex", "pairs-back")
        batch(system, "add", made, str(folder))
        batch(system, "run", made, "--no-wait", alone=True)
        hashes.append([item.sha256 for item in items(system, made)])
        batch(system, "run", made)
        assert [item.pages for item in items(system, made)] == [4, 4]
        assert batch(system, "verify", made) == ""
    del system.environment["PYTHONHASHSEED"]
    assert hashes[0] == hashes[1]


def test_a_watched_folder_and_a_zip_that_was_mended(system: System, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "hop.zip").write_bytes(b"PK, cut short")
    made = create(system, "theo dõi")
    batch(system, "add", made, str(folder))
    command = subprocess.Popen(
        [sys.executable, "-m", "commands", "batch", "run", made, "--watch"],
        env=system.environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        system.wait_for(lambda: states(system, made) == {"refused": 1}, "the ZIP to be refused")
        draw_document(tmp_path / "a.pdf", 1).rename(folder / "1.pdf.part")
        time.sleep(1.5)
        assert len(items(system, made)) == 1, "a file that is being written is none yet"
        (folder / "1.pdf.part").rename(folder / "1.pdf")
        with zipfile.ZipFile(tmp_path / "hop", "w") as archive:
            archive.write(draw_document(tmp_path / "z.pdf", 1), "2.pdf")
        (tmp_path / "hop").replace(folder / "hop.zip")
        system.wait_for(lambda: states(system, made).get("done") == 2, "both to be read")
    finally:
        command.kill()
        command.wait()
    batch(system, "run", made)
    found = {Path(item.path).name: (item.state, item.reason_code) for item in items(system, made)}
    assert found == {"hop.zip": ("skipped", "SOURCE_GONE"), "1.pdf": ("done", None), "2.pdf": ("done", None)}
    assert batch(system, "verify", made) == "source_gone\t1\t" + str(folder / "hop.zip") + "\n"
