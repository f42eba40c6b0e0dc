from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from models import outbox
from models.database import reading, transaction
from models.entities import Dispatch, DispatchState, now

LEASE = 60.0


@pytest.fixture
def dispatch_id(factory: sessionmaker[Session]) -> str:
    with transaction(factory) as session:
        return outbox.enqueue(session, "digitize.read_page", "s/1", "counter", None).id


def load(factory: sessionmaker[Session], dispatch_id: str) -> Dispatch:
    with reading(factory) as session:
        return session.get_one(Dispatch, dispatch_id)


def make_due(factory: sessionmaker[Session], dispatch_id: str) -> None:
    """As if the lease or delay had passed."""
    with transaction(factory) as session:
        past = now() - timedelta(seconds=1)
        session.execute(update(Dispatch).where(Dispatch.id == dispatch_id).values(due_at=past))


def test_enqueue_twice_is_one_row(factory: sessionmaker[Session], dispatch_id: str) -> None:
    with transaction(factory) as session:
        assert outbox.enqueue(session, "digitize.read_page", "s/1", "counter", None).id == dispatch_id
        assert outbox.enqueue(session, "digitize.read_page", "s/2", "counter", None).id != dispatch_id


def test_one_of_twenty_claimers_wins(factory: sessionmaker[Session], dispatch_id: str) -> None:
    start = threading.Barrier(20)

    def claim(number: int) -> bool:
        start.wait()
        with transaction(factory) as session:
            return outbox.claim(session, dispatch_id, f"worker-{number}", LEASE) is not None

    with ThreadPoolExecutor(20) as pool:
        won = list(pool.map(claim, range(20)))
    assert won.count(True) == 1
    row = load(factory, dispatch_id)
    assert row.attempts == 1
    assert row.lease_owner == f"worker-{won.index(True)}"


def test_a_killed_owner_loses_it_after_the_lease(factory: sessionmaker[Session], dispatch_id: str) -> None:
    with transaction(factory) as session:
        first = outbox.claim(session, dispatch_id, "killed", LEASE)
        assert first is not None
        assert first.due_at > now() + timedelta(seconds=LEASE - 5)
    with transaction(factory) as session:
        assert outbox.claim(session, dispatch_id, "second", LEASE) is None
        assert outbox.due(session, 10) == []
    make_due(factory, dispatch_id)
    with transaction(factory) as session:
        second = outbox.claim(session, dispatch_id, "second", LEASE)
        assert second is not None
        assert second.attempts == 2
        assert not outbox.renew(session, dispatch_id, "killed", LEASE)  # it was only slow: now it must stop
        assert not outbox.complete(session, dispatch_id, "killed")
        assert not outbox.release(session, dispatch_id, "killed", 0, "late")
        assert outbox.renew(session, dispatch_id, "second", LEASE)


def test_a_done_row_is_never_claimed_again(factory: sessionmaker[Session], dispatch_id: str) -> None:
    with transaction(factory) as session:
        assert outbox.claim(session, dispatch_id, "a", LEASE)
        assert outbox.complete(session, dispatch_id, "a")
        assert not outbox.complete(session, dispatch_id, "a")
    make_due(factory, dispatch_id)
    with transaction(factory) as session:
        assert outbox.claim(session, dispatch_id, "b", LEASE) is None
        assert outbox.due(session, 10) == []
        assert not outbox.bury(session, dispatch_id, "too late")
    row = load(factory, dispatch_id)
    assert (row.state, row.lease_owner) == (DispatchState.DONE, None)
    assert row.done_at is not None


def test_unknown_rows_are_nobodys(factory: sessionmaker[Session]) -> None:
    with transaction(factory) as session:
        assert outbox.claim(session, "unknown", "a", LEASE) is None


def test_released_for_later_then_buried(factory: sessionmaker[Session], dispatch_id: str) -> None:
    with transaction(factory) as session:
        outbox.claim(session, dispatch_id, "a", LEASE)
        assert outbox.release(session, dispatch_id, "a", 30, "x" * 1000)
        assert outbox.due(session, 10) == []  # not before its delay
    make_due(factory, dispatch_id)
    with transaction(factory) as session:
        assert [row.id for row in outbox.due(session, 10)] == [dispatch_id]
        again = outbox.claim(session, dispatch_id, "b", LEASE)
        assert again is not None
        assert again.attempts == 2
        assert outbox.bury(session, dispatch_id, "gave up")
    row = load(factory, dispatch_id)
    assert (row.state, row.last_error) == (DispatchState.DEAD, "gave up")


def test_two_sweepers_do_not_send_twice(factory: sessionmaker[Session]) -> None:
    with transaction(factory) as session:
        ids = {outbox.enqueue(session, "t", str(number), "counter", None).id for number in range(60)}
    start = threading.Barrier(4)

    def sweep(_: int) -> list[str]:
        start.wait()
        sent: list[str] = []
        for _round in range(5):
            with transaction(factory) as session:
                sent += [row.id for row in outbox.take_due(session, 10, 60)]
        return sent

    with ThreadPoolExecutor(4) as pool:
        sent = [each for batch in pool.map(sweep, range(4)) for each in batch]
    assert len(sent) == len(set(sent))
    assert set(sent) == ids


def test_what_a_sweeper_sent_can_be_claimed(factory: sessionmaker[Session], dispatch_id: str) -> None:
    with transaction(factory) as session:
        outbox.claim(session, dispatch_id, "killed", LEASE)
    make_due(factory, dispatch_id)
    with transaction(factory) as session:
        assert [row.id for row in outbox.take_due(session, 10, 60)] == [dispatch_id]
    with transaction(factory) as session:
        assert outbox.claim(session, dispatch_id, "next", LEASE) is not None


def test_postponing_leaves_a_fresh_claim_alone(factory: sessionmaker[Session], dispatch_id: str) -> None:
    with transaction(factory) as session:
        outbox.claim(session, dispatch_id, "quick", LEASE)
        assert outbox.postpone(session, [dispatch_id], 600) == 0
        assert outbox.postpone(session, [], 600) == 0
    assert load(factory, dispatch_id).lease_owner == "quick"
