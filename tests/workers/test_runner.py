from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models import outbox
from models.database import transaction
from models.entities import Dispatch, DispatchState
from models.errors import MissingProgram
from storage.objects import StoreUnavailable
from tests.workers.runtimes import runtime_in
from workers.leases import Job, claim
from workers.runner import Save, run
from workers.runtime import Runtime

TASK = "digitize.test"


class Recorder:
    """A handler whose work is a function; it remembers what was saved."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.work_of = work
        self.started = 0
        self.saved = 0
        self.given_up: list[str] = []

    def work(self, runtime: Runtime, job: Job) -> Save:
        _ = runtime
        self.started += 1
        self.work_of()

        def save(session: Session) -> Sequence[Dispatch]:
            self.saved += 1
            return (outbox.enqueue(session, "digitize.next", job.subject, "pages", None),)

        return save

    def give_up(self, runtime: Runtime, job: Job, error: str) -> Save:
        _ = runtime, job

        def save(_session: Session) -> Sequence[Dispatch]:
            self.given_up.append(error)
            return ()

        return save


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    with runtime_in(tmp_path, lease_seconds=0.6) as made:
        yield made


def enqueue(runtime: Runtime) -> str:
    with transaction(runtime.sessions) as session:
        return outbox.enqueue(session, TASK, "s", "pages", None).id


def row(runtime: Runtime, dispatch_id: str) -> Dispatch:
    with runtime.sessions() as session:
        return session.get_one(Dispatch, dispatch_id)


def fail_with(error: Exception) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


def test_a_job_is_saved_with_what_follows(runtime: Runtime) -> None:
    handler = Recorder(lambda: None)
    dispatch_id = enqueue(runtime)
    assert run(runtime, {TASK: handler}, dispatch_id)
    assert row(runtime, dispatch_id).state == DispatchState.DONE
    with runtime.sessions() as session:
        assert session.query(Dispatch).filter_by(task="digitize.next", state=DispatchState.PENDING).count() == 1


def test_a_message_delivered_twice_runs_once(runtime: Runtime) -> None:
    handler = Recorder(lambda: None)
    dispatch_id = enqueue(runtime)
    assert run(runtime, {TASK: handler}, dispatch_id)
    assert not run(runtime, {TASK: handler}, dispatch_id)
    assert not run(runtime, {TASK: handler}, "nobody")
    assert handler.started == 1


def test_two_deliveries_at_the_same_time_run_once(runtime: Runtime) -> None:
    handler = Recorder(lambda: time.sleep(0.2))
    dispatch_id = enqueue(runtime)
    threads = [threading.Thread(target=run, args=(runtime, {TASK: handler}, dispatch_id)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (handler.started, handler.saved) == (1, 1)


def test_work_longer_than_the_lease_keeps_it(runtime: Runtime) -> None:
    handler = Recorder(lambda: time.sleep(1.5))
    dispatch_id = enqueue(runtime)
    thread = threading.Thread(target=run, args=(runtime, {TASK: handler}, dispatch_id))
    thread.start()
    time.sleep(1.0)  # well past the first lease of 0.6 s
    assert claim(runtime.sessions, dispatch_id, 1.0) is None
    thread.join()
    assert row(runtime, dispatch_id).state == DispatchState.DONE
    assert row(runtime, dispatch_id).attempts == 1


def test_the_result_of_a_lost_lease_is_dropped(runtime: Runtime) -> None:
    dispatch_id = enqueue(runtime)

    def suspended() -> None:  # as a laptop lid would: the lease lapses unseen and another worker takes the row
        with transaction(runtime.sessions) as session:
            session.get_one(Dispatch, dispatch_id).lease_owner = "another"

    handler = Recorder(suspended)
    assert not run(runtime, {TASK: handler}, dispatch_id)
    assert handler.saved == 0
    assert row(runtime, dispatch_id).state == DispatchState.PENDING


@pytest.mark.parametrize("error", [StoreUnavailable("down"), MissingProgram("tesseract"), OSError(28, "disk full")])
def test_an_outage_never_uses_up_attempts(runtime: Runtime, error: Exception) -> None:
    handler = Recorder(fail_with(error))
    dispatch_id = enqueue(runtime)
    for _ in range(10):
        assert not run(runtime, {TASK: handler}, dispatch_id)
    found = row(runtime, dispatch_id)
    assert (found.state, found.attempts, found.lease_owner) == (DispatchState.PENDING, 0, None)
    assert handler.given_up == []
    handler.work_of = lambda: None
    assert run(runtime, {TASK: handler}, dispatch_id)


def test_a_defect_is_tried_again_and_then_given_up(runtime: Runtime) -> None:
    handler = Recorder(fail_with(ZeroDivisionError("oops")))
    dispatch_id = enqueue(runtime)
    outcomes = [run(runtime, {TASK: handler}, dispatch_id) for _ in range(4)]
    assert outcomes == [False, False, True, False]
    assert handler.given_up == ["ZeroDivisionError: oops"]
    found = row(runtime, dispatch_id)
    assert (found.state, found.last_error) == (DispatchState.DEAD, "ZeroDivisionError: oops")


def test_a_worker_that_dies_in_every_attempt_is_given_up_without_trying_again(runtime: Runtime) -> None:
    handler = Recorder(lambda: None)
    dispatch_id = enqueue(runtime)
    for _ in range(3):
        assert claim(runtime.sessions, dispatch_id, 0.0) is not None  # claimed, and never heard of again
    assert run(runtime, {TASK: handler}, dispatch_id)
    assert handler.started == 0
    assert handler.given_up == ["the worker stopped in every attempt"]


def test_a_save_that_fails_saves_nothing(runtime: Runtime) -> None:
    class Broken(Recorder):
        def work(self, runtime: Runtime, job: Job) -> Save:
            good = super().work(runtime, job)

            def save(session: Session) -> Sequence[Dispatch]:
                good(session)
                raise ValueError("half-way")

            return save

    dispatch_id = enqueue(runtime)
    assert not run(runtime, {TASK: Broken(lambda: None)}, dispatch_id)
    with runtime.sessions() as session:
        assert session.query(Dispatch).filter_by(task="digitize.next").count() == 0
    assert row(runtime, dispatch_id).state == DispatchState.PENDING
