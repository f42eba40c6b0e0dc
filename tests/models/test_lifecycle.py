from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session, sessionmaker

from models import events
from models.database import reading, transaction
from models.entities import Component, ComponentState, Dossier, Scan, ScanState
from models.errors import Conflict
from models.lifecycle import move_component, move_scan
from tests.models.test_intake import accept


@pytest.fixture
def scan(factory: sessionmaker[Session], dossier: Dossier) -> Scan:
    with transaction(factory) as session:
        return accept(session, dossier).scan


def load(session: Session, scan: Scan) -> Scan:
    return session.get_one(Scan, scan.id)


def timeline(factory: sessionmaker[Session], scan: Scan, last_id: int = 0) -> list[tuple[str, str]]:
    with reading(factory) as session:
        return [(event.kind, event.data["state"]) for event in events.after(session, scan.id, last_id)]


def test_a_whole_life_leaves_an_event_a_step(factory: sessionmaker[Session], scan: Scan) -> None:
    for state in (ScanState.READING, ScanState.ASSEMBLING, ScanState.DONE):
        with transaction(factory) as session:
            assert move_scan(session, load(session, scan), state)
            assert not move_scan(session, load(session, scan), state)  # the task ran twice
    steps = [("state", "received"), ("state", "reading"), ("state", "assembling"), ("state", "done"), ("done", "done")]
    assert timeline(factory, scan) == steps
    with reading(factory) as session:
        assert load(session, scan).finished_at is not None
        first = events.after(session, scan.id)[0]
        assert [(e.kind, e.data["state"]) for e in events.after(session, scan.id, first.id)] == steps[1:]
        assert len(events.after(session, scan.id, limit=2)) == 2


def test_a_refusal_is_kept_with_the_scan(factory: sessionmaker[Session], scan: Scan) -> None:
    with transaction(factory) as session:
        move_scan(session, load(session, scan), ScanState.REFUSED, data={"code": "ENCRYPTED_PDF", "detail": "locked"})
    with reading(factory) as session:
        refused = load(session, scan)
        assert (refused.refused_code, refused.refused_detail) == ("ENCRYPTED_PDF", "locked")
        assert events.after(session, scan.id)[-1].data == {
            "state": "refused",
            "code": "ENCRYPTED_PDF",
            "detail": "locked",
        }


@pytest.mark.parametrize(
    ("path", "illegal"),
    [
        ([], ScanState.DONE),
        ([], ScanState.ASSEMBLING),
        ([ScanState.READING], ScanState.RECEIVED),
        ([ScanState.READING, ScanState.ASSEMBLING], ScanState.REFUSED),
        ([ScanState.REFUSED], ScanState.READING),
        ([ScanState.READING, ScanState.ASSEMBLING, ScanState.DONE], ScanState.FAILED),
    ],
)
def test_illegal_moves(factory: sessionmaker[Session], scan: Scan, path: list[ScanState], illegal: ScanState) -> None:
    with transaction(factory) as session:
        for state in path:
            move_scan(session, load(session, scan), state)
        before = load(session, scan).state
        with pytest.raises(Conflict, match="can't go"):
            move_scan(session, load(session, scan), illegal)
        assert load(session, scan).state == before


def test_two_workers_move_it_once(factory: sessionmaker[Session], scan: Scan) -> None:
    start = threading.Barrier(8)

    def move(_: int) -> bool:
        start.wait()
        with transaction(factory) as session:
            return move_scan(session, load(session, scan), ScanState.READING)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(move, range(8))).count(True) == 1
    assert timeline(factory, scan) == [("state", "received"), ("state", "reading")]


def test_a_listener_misses_no_event(factory: sessionmaker[Session], scan: Scan) -> None:
    """Ids become visible in order, though transactions of very different length write them."""
    done = threading.Event()
    heard: list[int] = []

    def listen() -> None:
        last = 0
        while True:
            over = done.is_set()
            with reading(factory) as session:
                for event in events.after(session, scan.id, last):
                    heard.append(event.id)
                    last = event.id
            if over:
                return

    def work(number: int) -> None:
        with transaction(factory) as session:
            events.record(session, kind="page", actor="system", scan=load(session, scan), data={"page": number})
            time.sleep(0.002 * (number % 7))

    listener = threading.Thread(target=listen)
    listener.start()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(60)))
    done.set()
    listener.join()
    with reading(factory) as session:
        assert heard == [event.id for event in events.after(session, scan.id)]
    assert len(heard) == 61


def test_components_go_step_by_step(factory: sessionmaker[Session], scan: Scan) -> None:
    with transaction(factory) as session:
        component = Component(
            scan_id=scan.id, dossier_id=scan.dossier_id, agency_id=scan.agency_id, position=1, first_page=1, last_page=1
        )
        session.add(component)
        session.flush()
        with pytest.raises(Conflict):
            move_component(session, component, ComponentState.SIGNED)  # signed before checked
        for state in list(ComponentState)[1:]:
            assert move_component(session, component, state, actor="account:lan")
            assert not move_component(session, component, state)
        with pytest.raises(Conflict):
            move_component(session, component, ComponentState.CAPTURED)
        event = events.after(session, scan.id)[-1]
    assert (event.component_id, event.scan_id, event.dossier_id) == (component.id, scan.id, scan.dossier_id)
    assert (event.actor, event.data) == ("account:lan", {"state": "stored"})
