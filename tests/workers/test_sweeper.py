from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from models import outbox
from models.database import transaction
from models.entities import Dispatch, DispatchState, Event, now
from tests.workers.runtimes import NOBODY, post, runtime_in, scan_of
from workers.doorbell import Ring
from workers.fixity import PREFIXES, check_prefix, expected_keys, prefixes_of_day
from workers.jobs import HANDLERS
from workers.names import TaskName
from workers.runner import run
from workers.runtime import Runtime
from workers.sweeper import Sweeper


@pytest.fixture
def runtime(tmp_path: Path, clean_redis: str) -> Iterator[Runtime]:
    with runtime_in(tmp_path, broker=clean_redis, queue_high_water=5, resend_seconds=0.5) as made:
        yield made


def enqueue(runtime: Runtime, count: int, queue: str = "pages") -> None:
    with transaction(runtime.sessions) as session:
        outbox.enqueue_all(session, "digitize.read_page", [f"{queue}/{n}" for n in range(count)], queue, None)


def waiting(runtime: Runtime, queue: str) -> int:
    return runtime.settings.queue_high_water - runtime.doorbell.room(queue)


@pytest.mark.services
def test_what_is_due_is_sent_and_not_at_once_again(runtime: Runtime) -> None:
    sweeper = Sweeper(runtime)
    sweeper.chores()
    enqueue(runtime, 3)
    sweeper.once()
    assert waiting(runtime, "pages") == 3
    sweeper.once()
    assert waiting(runtime, "pages") == 3


@pytest.mark.services
def test_a_full_queue_waits_in_the_database_and_blocks_no_other(runtime: Runtime) -> None:
    sweeper = Sweeper(runtime)
    enqueue(runtime, 20, "backscan")
    enqueue(runtime, 2, "counter")
    for _ in range(3):
        sweeper.once()
    assert (waiting(runtime, "backscan"), waiting(runtime, "counter")) == (5, 2)


@pytest.mark.services
def test_ringing_leaves_what_a_full_queue_has_no_room_for(runtime: Runtime) -> None:
    rings = [Ring(f"id{n}", TaskName.READ_PAGE.value, "pages") for n in range(9)]
    assert runtime.doorbell.ring(rings) == [f"id{n}" for n in range(5)]


def test_a_broker_that_is_away_takes_nothing_and_raises_nothing(tmp_path: Path) -> None:
    with runtime_in(tmp_path, broker=NOBODY) as runtime:
        enqueue(runtime, 2)
        assert Sweeper(runtime).once() == 0
        with runtime.sessions() as session:
            assert len(outbox.due(session, 10, queue="pages")) == 2
        with pytest.raises(ConnectionError):
            runtime.doorbell.ping()


@pytest.mark.services
def test_chores(runtime: Runtime) -> None:
    with transaction(runtime.sessions) as session:
        old = outbox.enqueue(session, "digitize.read_page", "old", "pages", None)
        old.state, old.done_at = DispatchState.DONE, now() - timedelta(days=90)
        new = outbox.enqueue(session, "digitize.read_page", "new", "pages", None)
        new.state, new.done_at = DispatchState.DONE, now()
    left = runtime.scratch.root / "work-dead"
    left.mkdir()
    sweeper = Sweeper(runtime)
    sweeper.chores()
    assert left.exists()  # it may be somebody's who lives
    runtime.scratch.clean(older_than_seconds=-1)
    assert not left.exists()
    with runtime.sessions() as session:
        subjects = {row.subject for row in session.query(Dispatch).filter_by(task="digitize.read_page")}
        planned = session.query(Dispatch).filter_by(task="digitize.check_fixity").count()
    assert subjects == {"new"}
    assert planned == len(prefixes_of_day(datetime.now(UTC).date(), 30))
    Sweeper(runtime).chores()  # another sweeper plans nothing twice
    with runtime.sessions() as session:
        assert session.query(Dispatch).filter_by(task="digitize.check_fixity").count() == planned


@pytest.mark.services
def test_the_loop_ends_when_asked(runtime: Runtime) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=Sweeper(runtime).loop, args=(stop,))
    thread.start()
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_every_prefix_has_its_turn_once_in_the_period() -> None:
    days = [prefixes_of_day(date(2026, 11, 1) + timedelta(days=n), 30) for n in range(30)]
    assert sorted(prefix for day in days for prefix in day) == sorted(PREFIXES)


@pytest.mark.services
def test_fixity_finds_what_changed_and_what_is_missing(runtime: Runtime, tmp_path: Path) -> None:
    scans = []
    for number in range(3):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(b"%PDF-" + bytes([number]))
        scans.append(post(runtime, path)[0])
    keys = [scan_of(runtime, scan_id).original_key for scan_id in scans]
    objects = tmp_path / "objects"
    for key in keys[:2]:
        (objects / key).chmod(0o600)
    (objects / keys[0]).write_bytes(b"%PDF-\xff")
    (objects / keys[1]).unlink()
    verdicts = {}
    for key in keys:
        prefix = key.split("/")[1]
        for report in check_prefix(runtime.store, prefix, expected_keys(runtime.sessions, prefix)):
            verdicts[report.key] = report.verdict
    assert verdicts == {keys[0]: "changed", keys[1]: "missing", keys[2]: "intact"}

    with transaction(runtime.sessions) as session:
        subject = f"2026-11-21/{keys[1].split('/')[1]}"
        row = outbox.enqueue(session, TaskName.CHECK_FIXITY, subject, "maintenance", None)
    assert run(runtime, HANDLERS, row.id)
    with runtime.sessions() as session:
        found = session.query(Event).filter_by(scan_id=scans[1], kind="fixity")
        data = [event.data for event in found]
    assert data == [{"key": keys[1], "verdict": "missing", "found": ""}]
