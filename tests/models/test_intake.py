from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from models import events
from models.database import reading, transaction
from models.dossiers import create_dossier
from models.entities import Agency, Dispatch, Dossier, Event, Scan
from models.errors import IdempotencyConflict
from models.intake import INSPECT_TASK, Accepted, accept_scan
from workers.names import TaskName


def accept(session: Session, dossier: Dossier, *, sha: str = "a", **changes: Any) -> Accepted:
    values: dict[str, Any] = {
        "dossier": dossier,
        "actor": "station:quầy 1",
        "idempotency_key": None,
        "filename": "a.pdf",
        "media_type": "application/pdf",
        "size": 10,
        "sha256": sha * 64,
        "original_key": f"originals/{sha * 2}/{sha * 64}",
        "queue": "counter",
    }
    return accept_scan(session, **(values | changes))


def count(session: Session, entity: type[Any]) -> int:
    return session.scalars(select(func.count()).select_from(entity)).one()


def test_the_task_is_the_one_workers_know() -> None:
    assert TaskName.INSPECT_SCAN == INSPECT_TASK


def test_scan_event_and_outbox_row_come_together(factory: sessionmaker[Session], dossier: Dossier) -> None:
    with transaction(factory) as session:
        accepted = accept(session, dossier)
    assert accepted.created
    with reading(factory) as session:
        dispatch = session.get_one(Dispatch, accepted.dispatch_id)
        assert (dispatch.task, dispatch.subject, dispatch.queue) == (INSPECT_TASK, accepted.scan.id, "counter")
        (event,) = events.after(session, accepted.scan.id)
        assert (event.kind, event.data, event.actor) == ("state", {"state": "received"}, "station:quầy 1")
        assert (event.agency_id, event.dossier_id) == (dossier.agency_id, dossier.id)


def test_a_dossier_that_holds_a_back_scan_says_so(factory: sessionmaker[Session], dossier: Dossier) -> None:
    for sha, queue, backscan in (("a", "counter", False), ("b", "backscan", True), ("c", "counter", True)):
        with transaction(factory) as session:
            here = session.get_one(Dossier, dossier.id)
            accept(session, here, queue=queue, sha=sha)
        with reading(factory) as session:
            assert session.get_one(Dossier, dossier.id).backscan is backscan


def test_a_rolled_back_acceptance_leaves_nothing(factory: sessionmaker[Session], dossier: Dossier) -> None:
    def stop_half_way() -> None:
        with transaction(factory) as session:
            accept(session, dossier)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        stop_half_way()
    with reading(factory) as session:
        assert [count(session, entity) for entity in (Scan, Event, Dispatch)] == [0, 0, 0]


def test_the_same_bytes_again_are_the_same_scan(factory: sessionmaker[Session], dossier: Dossier) -> None:
    with transaction(factory) as session:
        first = accept(session, dossier, idempotency_key="k")
        again = accept(session, dossier, idempotency_key="k")
        other_key = accept(session, dossier, idempotency_key="k2", actor="account:lan")
        assert {each.scan.id for each in (first, again, other_key)} == {first.scan.id}
        assert (again.created, again.dispatch_id, other_key.created) == (False, None, False)
        assert [count(session, entity) for entity in (Scan, Event, Dispatch)] == [1, 1, 1]


def test_the_same_bytes_in_another_dossier_are_another_scan(
    factory: sessionmaker[Session], dossier: Dossier, agency: Agency
) -> None:
    with transaction(factory) as session:
        other = create_dossier(session, agency=agency)
        assert accept(session, dossier).scan.id != accept(session, other).scan.id


def test_a_key_stands_for_one_request(factory: sessionmaker[Session], dossier: Dossier, agency: Agency) -> None:
    with transaction(factory) as session:
        accept(session, dossier, idempotency_key="k")
        other = create_dossier(session, agency=agency)
        with pytest.raises(IdempotencyConflict):
            accept(session, dossier, idempotency_key="k", sha="b")
        with pytest.raises(IdempotencyConflict):
            accept(session, other, idempotency_key="k")
        assert accept(session, dossier, idempotency_key="k", actor="station:quầy 2", sha="b").created


def test_twelve_requests_at_once_make_one_scan(factory: sessionmaker[Session], dossier: Dossier) -> None:
    start = threading.Barrier(12)

    def post(number: int) -> Accepted:
        start.wait()
        with transaction(factory) as session:
            return accept(session, dossier, idempotency_key="k" if number % 2 else None)

    with ThreadPoolExecutor(12) as pool:
        made = list(pool.map(post, range(12)))
    assert len({each.scan.id for each in made}) == 1
    assert [each.created for each in made].count(True) == 1
    with reading(factory) as session:
        assert [count(session, entity) for entity in (Scan, Event, Dispatch)] == [1, 1, 1]
