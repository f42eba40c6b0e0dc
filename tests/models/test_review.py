"""Leases and the queue, on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from models import review_leases, review_queue
from models.catalog import Exclusion, default_catalog
from models.database import reading, transaction
from models.entities import Component, ComponentState, Dossier, Event, Page, PageState, ReviewLease, now
from models.errors import HeldByAnother
from tests.models.papers import MARRIAGE, papers

KIND = {"paper_type": "giay_chung_nhan_ket_hon", "paper_type_score": 0.95}


@pytest.fixture
def paper(factory: sessionmaker[Session], dossier: Dossier) -> str:
    return papers(factory, dossier)[0]


def take(factory: sessionmaker[Session], paper: str, actor: str, *, over: bool = False) -> ReviewLease:
    with transaction(factory) as session:
        return review_leases.take(session, session.get_one(Component, paper), actor, over=over)


def at_once(*actors: str, factory: sessionmaker[Session], paper: str, over: bool = False) -> list[bool]:
    """Who of them has got it, all asking at the same moment."""
    start = threading.Barrier(len(actors))

    def ask(actor: str) -> bool:
        start.wait()
        try:
            take(factory, paper, actor, over=over)
        except HeldByAnother:
            return False
        return True

    with ThreadPoolExecutor(len(actors)) as pool:
        return list(pool.map(ask, actors))


def test_of_many_at_once_one_has_it(factory: sessionmaker[Session], paper: str) -> None:
    actors = [f"account:can.bo.{number}" for number in range(8)]
    won = at_once(*actors, factory=factory, paper=paper)
    assert won.count(True) == 1
    holder = actors[won.index(True)]
    with reading(factory) as session:
        assert {one: lease.actor for one, lease in review_leases.held(session, [paper]).items()} == {paper: holder}
    assert at_once(*[holder] * 4, factory=factory, paper=paper) == [True] * 4, "one officer's pages share it"
    assert at_once(*actors, factory=factory, paper=paper).count(True) == 1


def test_a_lease_ends_by_itself_and_again_one_of_many_has_it(factory: sessionmaker[Session], paper: str) -> None:
    first = take(factory, paper, "account:mot")
    with pytest.raises(HeldByAnother, match="Another officer"):
        take(factory, paper, "account:hai")
    renewed = take(factory, paper, "account:mot")
    assert (renewed.since, renewed.until > first.until) == (first.since, True)
    with transaction(factory) as session:
        session.execute(update(ReviewLease).values(until=now() - timedelta(seconds=1)))
    with reading(factory) as session:
        assert review_leases.held(session, [paper]) == {}
    assert at_once("account:hai", "account:ba", "account:tu", factory=factory, paper=paper).count(True) == 1


def test_taken_over_is_on_record_and_told_to_the_first(factory: sessionmaker[Session], paper: str) -> None:
    take(factory, paper, "account:mot")
    take(factory, paper, "account:hai", over=True)
    take(factory, paper, "account:hai", over=True)
    with pytest.raises(HeldByAnother) as refused:
        take(factory, paper, "account:mot")
    assert str(refused.value.reasons[0]["vi"]).startswith("hai đang giữ giấy tờ này từ ")
    with reading(factory) as session:
        events = session.scalars(select(Event).where(Event.kind == "review_taken_over")).all()
        assert [(event.actor, event.component_id, event.data) for event in events] == [
            ("account:hai", paper, {"from": "account:mot"})
        ]
    assert at_once("account:mot", "account:ba", factory=factory, paper=paper, over=True) == [True, True]


def test_only_its_holder_ends_it_and_not_one_renewed_since(factory: sessionmaker[Session], paper: str) -> None:
    first = take(factory, paper, "account:mot")
    take(factory, paper, "account:mot")
    for actor, until in (("account:hai", None), ("account:mot", first.until)):
        with transaction(factory) as session:
            review_leases.release(session, paper, actor, until=until)
        with pytest.raises(HeldByAnother):
            take(factory, paper, "account:ba")
    with transaction(factory) as session:
        review_leases.release(session, paper, "account:mot")
    take(factory, paper, "account:ba")


def test_whoever_changes_a_component_keeps_its_lease_until_they_have(
    factory: sessionmaker[Session], paper: str
) -> None:
    take(factory, paper, "account:mot")
    with transaction(factory) as session, pytest.raises(HeldByAnother):
        review_leases.demand_free(session, paper, "account:hai")
    order: list[str] = []

    def take_over() -> None:
        take(factory, paper, "account:hai", over=True)
        order.append("taken over")

    with ThreadPoolExecutor(1) as pool:
        with transaction(factory) as session:
            review_leases.demand_free(session, paper, "account:mot")
            other = pool.submit(take_over)
            with pytest.raises(TimeoutError):
                other.result(0.2)
            order.append("changed")
        other.result(20)
    assert order == ["changed", "taken over"]


def values(factory: sessionmaker[Session], paper: str, *, grade: float | None = 0.9, **columns: Any) -> None:
    with transaction(factory) as session:
        component = session.get_one(Component, paper)
        for name, value in (KIND | columns).items():
            setattr(component, name, value)
        page = Page(scan_id=component.scan_id, number=component.first_page, state=PageState.READ, grade_low=grade)
        session.add(page)


def test_the_most_doubtful_first(factory: sessionmaker[Session], dossier: Dossier) -> None:
    made = papers(factory, dossier, 9)
    doubtful = MARRIAGE | {"issuer": MARRIAGE["issuer"] | {"doubt": "MENDED"}}
    two = doubtful | {"number": MARRIAGE["number"] | {"doubt": "UNSURE"}}
    values(factory, made[0], fields=MARRIAGE)
    values(factory, made[1], fields=MARRIAGE, grade=None)
    values(factory, made[2], fields=MARRIAGE, paper_type_score=0.5)
    values(factory, made[3], fields=doubtful)
    values(factory, made[4], fields=two)
    values(factory, made[5], fields=two | {"wife_name": {"value": None, "reason": "HANDWRITING"}})
    values(factory, made[6], fields=MARRIAGE, paper_type=None)
    values(factory, made[7], fields=two, state=ComponentState.VERIFIED)
    values(factory, made[8], fields=two, scope={"exclusion": next(iter(Exclusion)).value})
    weights = review_queue.Weights()
    with reading(factory) as session:
        queue = weights.queue(session, [dossier.agency_id], default_catalog())
        assert [one.id for one in queue.waiting] == [made[place] for place in (6, 5, 4, 3, 2, 1, 0)]
        assert queue.total == 7
        assert [(one.open, one.doubts) for one in queue.waiting[:3]] == [(0, 0), (1, 2), (0, 2)]
        assert [one.dossier.code for one in review_queue.load_waiting(session, queue.waiting[:2])] == [dossier.code] * 2
        assert weights.queue(session, [], default_catalog()).total == 0
        few = weights.queue(session, [dossier.agency_id], default_catalog(), window=2)
        assert len(few.waiting) == 2, "those that have waited longest"


def test_a_new_version_is_weighed_anew(factory: sessionmaker[Session], dossier: Dossier) -> None:
    (paper,) = papers(factory, dossier)
    values(factory, paper, fields=MARRIAGE | {"number": None})
    weights, catalog = review_queue.Weights(), default_catalog()

    def opened() -> list[int]:
        with reading(factory) as session:
            return [one.open for one in weights.queue(session, [dossier.agency_id], catalog).waiting]

    assert opened() == [1]
    with transaction(factory) as session:
        component = session.get_one(Component, paper)
        component.fields, component.version = MARRIAGE, 2
    assert opened() == [0]
    with transaction(factory) as session:
        session.get_one(Component, paper).state = ComponentState.VERIFIED
    assert opened() == []
