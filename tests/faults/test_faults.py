"""What breaks in the night: every scan still ends once, with every page. Real processes, killed for real.

One installation goes through all of it, one disaster after the other, as a real one does in a year.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.system import System, draw_document
from workers.doorbell import Ring

pytestmark = [pytest.mark.services, pytest.mark.slow]

PAGES = 4
PAGE_SECONDS = 0.7
PROCESSES = 2  # of the pool


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with System(tmp_path_factory.mktemp("system")) as made:
        made.start_pool(PAGE_SECONDS)
        made.start_sweeper()
        yield made


@pytest.fixture
def document(tmp_path: Path) -> Path:
    return draw_document(tmp_path / "scan.pdf", PAGES)


def being_read(system: System, scan_id: str) -> int:
    """The process that has just begun with one of its pages."""
    system.wait_for(lambda: system.reader_pid(scan_id) is not None, "a page being read")
    pid = system.reader_pid(scan_id)
    assert pid is not None
    return pid


def test_a_scan_goes_through(system: System, document: Path) -> None:
    scan_id = system.post(document)
    system.assert_done_once(scan_id, PAGES)
    (component,) = system.components(scan_id)
    assert component.pdf_key is not None
    assert system.runtime.store.stat(component.pdf_key).sha256 == component.pdf_sha256


def test_a_worker_killed_in_the_middle_of_a_page(system: System, document: Path) -> None:
    scan_id = system.post(document)
    os.kill(being_read(system, scan_id), signal.SIGKILL)
    system.assert_done_once(scan_id, PAGES)
    assert max(row.attempts for row in system.dispatches(scan_id, "digitize.read_page")) == 2


def test_a_whole_pool_killed_and_started_again(system: System, document: Path) -> None:
    scan_id = system.post(document)
    pid = being_read(system, scan_id)
    system.kill("pool")
    system.wait_for(lambda: not alive(pid), "the pool's processes to follow it", seconds=10)
    system.start_pool(PAGE_SECONDS)
    system.assert_done_once(scan_id, PAGES)


def test_redis_restarted_with_its_data_wiped(system: System, document: Path) -> None:
    scan_id = system.post(document)
    system.wait_for(lambda: system.pages_in_work(scan_id) == PROCESSES, "every process being at work")
    system.redis.kill()
    for left in system.redis.folder.glob("appendonlydir/*"):
        left.unlink()
    # Both pages end meanwhile, and nobody takes their acknowledgement (workers/broker.py).
    system.wait_for(lambda: system.pages_in_work(scan_id) == 0, "the pages in work to end")
    time.sleep(0.5)
    system.redis.start()
    system.assert_done_once(scan_id, PAGES)


def test_redis_is_away_when_the_scan_is_posted(system: System, document: Path) -> None:
    system.redis.stop()
    scan_id = system.post(document)
    time.sleep(1.0)
    assert system.scan(scan_id).state == "received"
    system.redis.start()
    system.assert_done_once(scan_id, PAGES)


def test_the_store_refuses_for_a_while(system: System, document: Path) -> None:
    objects, away = system.folder / "objects", system.folder / "away"
    scan_id = system.post(document)
    being_read(system, scan_id)
    objects.rename(away)  # root may write to a read-only folder, but not to one that isn't there
    objects.touch()
    time.sleep(6.0)  # longer than three attempts
    assert system.scan(scan_id).state == "reading"
    objects.unlink()
    away.rename(objects)
    system.assert_done_once(scan_id, PAGES)
    assert all(row.attempts <= 2 for row in system.dispatches(scan_id, "digitize.read_page"))


def test_the_front_door_died_between_commit_and_ringing(system: System, document: Path) -> None:
    system.assert_done_once(system.post(document, ring=False), PAGES)


def test_every_message_delivered_again_and_again(system: System, document: Path) -> None:
    scan_id = system.post(document)
    stop = threading.Event()

    def ring_again() -> None:
        while not stop.wait(0.2):
            for task in ("digitize.inspect_scan", "digitize.read_page", "digitize.assemble_scan"):
                rows = system.dispatches(scan_id, task)
                system.runtime.doorbell.ring([Ring(row.id, row.task, row.queue) for row in rows] * 2)

    thread = threading.Thread(target=ring_again)
    thread.start()
    try:
        system.assert_done_once(scan_id, PAGES)
    finally:
        stop.set()
        thread.join()
    assert all(row.attempts == 1 for row in system.dispatches(scan_id, "digitize.read_page"))


def test_a_second_sweeper_disturbs_nobody(system: System, document: Path) -> None:
    system.start_sweeper("sweeper-2")
    system.assert_done_once(system.post(document, ring=False), PAGES)
    assert system.kill("sweeper-2") is None  # it ran until now


def test_a_page_that_always_crashes_the_worker(system: System, tmp_path: Path) -> None:
    scan_id = system.post(draw_document(tmp_path / "crash.pdf", 3, crashing=2))
    assert system.wait_for_end(scan_id).state == "done"
    pages = system.pages(scan_id)
    assert [page.state for page in pages] == ["read", "failed", "read"]
    assert pages[1].failure_code == "PAGE_CRASHED"
    assert pages[1].image_key is not None  # the paper is not lost for it
    (component,) = system.components(scan_id)
    assert (component.first_page, component.last_page) == (1, 3)


def test_the_original_is_gone(system: System, document: Path) -> None:
    away = system.folder / "gone"
    scan_id = system.post(
        document, ring=False, before_commit=lambda key: (system.folder / "objects" / key).rename(away)
    )
    scan = system.wait_for_end(scan_id)
    assert (scan.state, scan.refused_code) == ("failed", "INTERNAL")
    assert len(system.events(scan_id, "done")) == 1


def test_what_is_no_document_is_refused(system: System, tmp_path: Path) -> None:
    bad = tmp_path / "cut.pdf"
    bad.write_bytes(b"%PDF-1.4\n1 0 obj\n<<")
    scan = system.wait_for_end(system.post(bad))
    assert (scan.state, scan.refused_code) == ("refused", "CORRUPT_FILE")


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
