"""Quality control of a batch on both databases: who passed what, samples and strata, odd pages, and what two people keyed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from models import arrangements, lifecycle, review_leases, warehouse
from models.batches import store as batches
from models.batches.quality import check, deviations, figures, keying, papers, plan, sample
from models.batches.quality.entities import (
    DeviationState,
    KeyingState,
    QualityFinding,
    QualityKeying,
    QualityPaper,
    QualityPlan,
    QualityStratum,
    Standing,
    StratumState,
)
from models.batches.store import Policies
from models.catalog import default_catalog
from models.database import reading, transaction
from models.entities import Agency, Component, ComponentState, ComponentVersion, Dossier, Event, Result
from models.errors import Conflict, HeldByAnother, InvalidRequest, NotFound, OwnWork
from models.events import record
from models.rules import sampling
from models.rules.faults import Fault
from models.rules.keying import Answer, Keyed, keyed
from models.search import SearchQuery, make_index
from tests.models.batch_papers import scanned
from tests.models.papers import MARRIAGE
from tests.models.papers import papers as loose

Sessions = sessionmaker[Session]
LAN, HOA, MINH, HEAD = "account:lan", "account:hoa", "account:minh", "account:phu.trach"


@pytest.fixture
def batch(factory: Sessions, agency: Agency) -> str:
    with transaction(factory) as session:
        where = session.get_one(Agency, agency.id)
        return batches.create(session, agency=where, name="Kệ 4", policies=Policies(), actor=HEAD).id


def scan(factory: Sessions, batch: str, count: int = 1, **values: Any) -> list[str]:
    with transaction(factory) as session:
        return [scanned(session, batch, **values) for _ in range(count)]


def confirm(factory: Sessions, ids: Sequence[str], actor: str = LAN) -> None:
    """As the page that reviews does it."""
    for one in ids:
        with transaction(factory) as session:
            component = session.get_one(Component, one)
            lifecycle.advance(
                session, component, ComponentState.VERIFIED, default_catalog(), actor=actor, by_person=True
            )


def set_plan(factory: Sessions, batch: str, seed: str = "", **told: Any) -> None:
    with transaction(factory) as session:
        row = plan.change(session, batches.hold(session, batch), told, default_catalog(), actor=HEAD)
        row.seed = seed or row.seed


def draw(factory: Sessions, batch: str) -> sample.Drawn:
    with transaction(factory) as session:
        return sample.draw(session, batch, actor=HEAD)


def drawn_ids(factory: Sessions, batch: str) -> list[str]:
    with reading(factory) as session:
        return list(session.scalars(select(QualityFinding.component_id).where(QualityFinding.batch_id == batch)))


def send_back(factory: Sessions, batch: str, one: str, *faults: Fault, actor: str = LAN, words: str = "") -> None:
    with transaction(factory) as session:
        found = check.load_free(session, batches.hold(session, batch), one, actor)
        check.send_back(session, batches.hold(session, batch), found, faults, words, actor=actor)


def look(factory: Sessions, batch: str, one: str, *faults: Fault, actor: str = HOA) -> QualityFinding:
    with transaction(factory) as session:
        where = batches.hold(session, batch)
        found = check.load_free(session, where, one, actor)
        return sample.look(session, where, found, faults, "", actor=actor)


def standings(factory: Sessions, batch: str) -> dict[str, int]:
    with reading(factory) as session:
        return {one.value: count for one, count in papers.counts(session, batch).items() if count}


def strata(factory: Sessions, batch: str) -> list[QualityStratum]:
    with reading(factory) as session:
        return sample.strata_of(session, batch)


def events_of(factory: Sessions, kind: str) -> list[Event]:
    with reading(factory) as session:
        return list(session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def test_a_paper_that_was_confirmed_anywhere_has_passed(factory: Sessions, batch: str) -> None:
    one, other, third = scan(factory, batch, 3)
    confirm(factory, [one])
    assert standings(factory, batch) == {"passed": 1, "waiting": 2}
    with reading(factory) as session:
        row = session.get_one(QualityPaper, one)
        assert (row.checked_by, row.state) == (LAN, "passed")
        assert papers.waiting_for(session, batch, HOA) == [other, third]
        assert papers.waiting_for(session, batch, HOA, after=other) == [third]
        assert papers.waiting_for(session, batch, HOA, after=third) == [other]


def test_papers_of_no_batch_have_no_row(factory: Sessions, dossier: Dossier, batch: str) -> None:
    made = loose(factory, dossier, paper_type="giay_chung_nhan_ket_hon", fields=MARRIAGE, pdf_key="k")
    confirm(factory, made)
    with reading(factory) as session:
        assert session.scalars(select(func.count()).select_from(QualityPaper)).one() == 0
        with pytest.raises(NotFound):
            papers.load(session, batch, made[0])


def test_what_is_not_to_be_digitised_is_no_paper_of_it(factory: Sessions, batch: str) -> None:
    scan(factory, batch, 1, scope={"exclusion": "x2"})
    scan(factory, batch, 1, scope={"class": "a"})
    assert standings(factory, batch) == {"waiting": 1}


def test_a_returned_paper_waits_until_it_is_mended(factory: Sessions, batch: str) -> None:
    one, other = scan(factory, batch, 2)
    with pytest.raises(InvalidRequest):
        send_back(factory, batch, one)
    for _ in range(2):
        send_back(factory, batch, one, Fault.CUT_OFF, Fault.MISSING_PAGE, words="  mất   trang 2 ")
    assert standings(factory, batch) == {"returned": 1, "waiting": 1}
    (told,) = events_of(factory, "quality_checked")
    assert told.data["faults"] == ["missing_page", "cut_off"]
    assert (told.data["reason"], told.component_id, told.actor) == ("mất trang 2", one, LAN)
    with reading(factory) as session:
        assert papers.waiting_for(session, batch, HOA) == [other]
        (back,) = papers.returned(session, batch, limit=10)
        assert back.component.id == one
    with transaction(factory) as session:
        where = batches.hold(session, batch)
        check.mended(session, where, check.load_free(session, where, one, HOA), actor=HOA)
    assert standings(factory, batch) == {"waiting": 2}
    confirm(factory, [one], HOA)
    assert standings(factory, batch) == {"passed": 1, "waiting": 1}


def test_a_correction_mends_too_and_a_stored_paper_is_passed_again(factory: Sessions, batch: str) -> None:
    (one,) = scan(factory, batch)
    confirm(factory, [one])
    send_back(factory, batch, one, Fault.WRONG_FIELD, actor=HOA)
    assert standings(factory, batch) == {"returned": 1}
    with transaction(factory) as session:
        session.get_one(Component, one).version += 1
    assert standings(factory, batch) == {"waiting": 1}
    with transaction(factory) as session:
        where = batches.hold(session, batch)
        for _ in range(2):
            check.pass_again(session, where, check.load_free(session, where, one, MINH), actor=MINH)
    assert standings(factory, batch) == {"passed": 1}
    assert [event.data["did"] for event in events_of(factory, "quality_checked")] == ["returned", "passed"]
    with transaction(factory) as session:
        assert session.get_one(QualityPaper, one).checked_by == MINH


def test_who_has_not_confirmed_passes_nothing_again(factory: Sessions, batch: str) -> None:
    (one,) = scan(factory, batch)
    with transaction(factory) as session:
        where = batches.hold(session, batch)
        found = check.load_free(session, where, one, LAN)
        with pytest.raises(Conflict):
            check.pass_again(session, where, found, actor=LAN)


def test_what_another_holds_is_passed_over_and_not_returned(factory: Sessions, batch: str) -> None:
    one, other = scan(factory, batch, 2)
    with transaction(factory) as session:
        review_leases.take(session, session.get_one(Component, one), LAN)
    with reading(factory) as session:
        assert papers.waiting_for(session, batch, HOA) == [other]
        assert papers.waiting_for(session, batch, LAN) == [one, other]
    with pytest.raises(HeldByAnother):
        send_back(factory, batch, one, Fault.CROOKED, actor=HOA)
    with transaction(factory) as session, pytest.raises(Conflict):
        check.load_free(session, batches.hold(session, batch), one, LAN, version=2)


def test_a_paper_taken_away_leaves_the_log(factory: Sessions, batch: str) -> None:
    """A returned paper is scanned again: its scan is withdrawn, and its component with what was looked at of it goes."""
    (one,) = scan(factory, batch)
    send_back(factory, batch, one, Fault.ILLEGIBLE)
    with transaction(factory) as session:
        component = session.get_one(Component, one)
        record(session, kind="viewed", actor=LAN, component=component, data={"what": "page"})
        arrangements.remove(session, component, make_index(factory.kw["bind"]))
    assert [event.component_id for event in events_of(factory, "viewed")] == [one]
    assert standings(factory, batch) == {}


def test_a_third_of_each_checker_station_and_doubt(factory: Sessions, batch: str) -> None:
    unsure = {**MARRIAGE, "number": {**MARRIAGE["number"], "confidence": 0.3}}
    by_lan = scan(factory, batch, 10)
    by_hoa = scan(factory, batch, 5)
    doubtful = scan(factory, batch, 2, fields=unsure)
    faint = scan(factory, batch, 1, pages=({"grade_low": 0.6},))
    other_station = scan(factory, batch, 1, scanner="station:may-2")
    confirm(factory, [*by_lan, *doubtful, *faint, *other_station])
    confirm(factory, by_hoa, HOA)
    scan(factory, batch, 4)  # nobody has looked at
    made = draw(factory, batch)
    # 30 % of 19 is 5.7, so 6: quotas 3.16, 1.58, 0.63, 0.32, 0.32; two have none of it and get one on top.
    found = {(one.checker, one.scanner, one.band): one.papers for one in strata(factory, batch)}
    assert found == {
        (LAN, HEAD, "low"): 10,
        (HOA, HEAD, "low"): 5,
        (LAN, HEAD, "high"): 2,
        (LAN, HEAD, "middle"): 1,
        (LAN, "station:may-2", "low"): 1,
    }
    assert (made.papers, made.strata, made.drawn, made.new) == (19, 5, 8, 8)
    assert set(faint + other_station) <= set(drawn_ids(factory, batch))
    again = draw(factory, batch)
    assert (again.drawn, again.new) == (8, 0)
    assert len(events_of(factory, "quality_drawn")) == 1


def test_the_same_seed_draws_the_same_and_drawn_papers_stay(factory: Sessions, batch: str) -> None:
    set_plan(factory, batch, seed="0" * 32, sample_share=0.5)
    first = scan(factory, batch, 8)
    confirm(factory, first)
    draw(factory, batch)
    before = set(drawn_ids(factory, batch))
    assert before == set(sorted(first, key=lambda one: sampling.rank("0" * 32, one))[:4])
    confirm(factory, scan(factory, batch, 8))
    made = draw(factory, batch)
    assert (made.papers, made.drawn, made.new) == (16, 8, 4)
    assert before < set(drawn_ids(factory, batch))


def test_two_draws_at_once_draw_once(factory: Sessions, batch: str) -> None:
    confirm(factory, scan(factory, batch, 12))
    threads = [threading.Thread(target=draw, args=(factory, batch)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(drawn_ids(factory, batch)) == 4  # 30 % of 12 is 3.6
    assert len(strata(factory, batch)) == 1


def test_papers_confirmed_before_there_were_rows_are_drawn_by_who_the_log_names(factory: Sessions, batch: str) -> None:
    old = scan(factory, batch, 2)
    unknown = scan(factory, batch, 1, state=ComponentState.STORED)
    confirm(factory, old, HOA)
    with transaction(factory) as session:
        for row in session.scalars(select(QualityPaper)):
            session.delete(row)
    draw(factory, batch)
    assert {one.checker: one.papers for one in strata(factory, batch)} == {"": 1, HOA: 2}
    with reading(factory) as session:
        assert sample.waiting_for(session, batch, LAN)[0] in {*old, *unknown}


def test_round_two_is_another_persons(factory: Sessions, batch: str) -> None:
    set_plan(factory, batch, sample_share=1.0)
    one, other = scan(factory, batch, 2)
    confirm(factory, [one, other])
    with pytest.raises(NotFound):
        look(factory, batch, one)
    draw(factory, batch)
    with reading(factory) as session:
        assert sample.waiting_for(session, batch, LAN) == []
        queue = sample.waiting_for(session, batch, HOA)
        assert set(queue) == {one, other}
        assert sample.waiting_for(session, batch, HOA, after=queue[0]) == [queue[1]]
        assert sample.waiting_for(session, batch, HOA, after=queue[1]) == [queue[0]]
    with pytest.raises(OwnWork):
        look(factory, batch, one, actor=LAN)
    for _ in range(2):
        assert look(factory, batch, one).state == "right"
    with pytest.raises(Conflict):
        look(factory, batch, one, Fault.CROOKED)
    with pytest.raises(Conflict):
        look(factory, batch, one, actor=MINH)
    assert len(events_of(factory, "quality_checked")) == 1
    assert strata(factory, batch)[0].state == StratumState.OPEN
    look(factory, batch, other, Fault.CROOKED)  # a fault, but none that is critical
    assert strata(factory, batch)[0].state == StratumState.PASSED
    assert standings(factory, batch) == {"passed": 1, "returned": 1}
    with reading(factory) as session:
        seen = figures.overview(session, batches.load(session, batch, [strata(factory, batch)[0].agency_id]))
    assert (seen.drawn, seen.looked, seen.rate.wrong, seen.undrawn) == (2, 2, 0, 0)


def test_a_stratum_with_too_many_faults_goes_back_to_round_one(factory: Sessions, batch: str) -> None:
    set_plan(factory, batch, sample_share=0.5, error_limit=0.2)
    bad, good = scan(factory, batch, 8), scan(factory, batch, 4)
    confirm(factory, bad)
    confirm(factory, good, MINH)
    draw(factory, batch)
    wrong = [one for one in drawn_ids(factory, batch) if one in bad]
    assert len(wrong) == 4
    look(factory, batch, wrong[0], Fault.WRONG_FIELD)  # one of four is 25 %: whatever the others are
    failed, passing = strata(factory, batch)
    assert (failed.state, failed.checker, passing.checker) == (StratumState.FAILED, LAN, MINH)
    assert standings(factory, batch) == {"passed": 4, "waiting": 7, "returned": 1}
    (told,) = events_of(factory, "quality_failed")
    assert (told.actor, told.data["papers"], told.data["wrong"], told.data["checker"]) == (HOA, 8, 1, LAN)
    with pytest.raises((Conflict, NotFound)):
        look(factory, batch, wrong[1])
    with transaction(factory) as session:
        where = batches.hold(session, batch)
        for one in bad[:3]:
            found = check.load_free(session, where, one, MINH)
            if found.standing is Standing.WAITING:
                check.pass_again(session, where, found, actor=MINH)
    made = draw(factory, batch)
    assert made.new > 0, "what passed again is drawn anew"
    assert {one.checker for one in strata(factory, batch) if one.state != StratumState.FAILED} == {MINH}


def test_a_leader_lets_a_failed_stratum_pass(factory: Sessions, batch: str) -> None:
    set_plan(factory, batch, sample_share=1.0, error_limit=0.1)
    ids = scan(factory, batch, 4)
    confirm(factory, ids)
    draw(factory, batch)
    look(factory, batch, ids[0], Fault.WRONG_KEY)
    (stratum,) = strata(factory, batch)
    with transaction(factory) as session:
        where = batches.hold(session, batch)
        check.pass_again(session, where, check.load_free(session, where, ids[1], HOA), actor=HOA)
    for reason in ("", "   "):
        with transaction(factory) as session, pytest.raises(InvalidRequest):
            sample.waive(session, batch, stratum.id, reason, actor=HEAD)
    for _ in range(2):
        with transaction(factory) as session:
            waived = sample.waive(session, batch, stratum.id, "lỗi của máy quét, đã xem cả hộp", actor=HEAD)
            assert (waived.state, waived.waived_by) == (StratumState.WAIVED, HEAD)
    assert standings(factory, batch) == {"passed": 3, "returned": 1}
    with reading(factory) as session:
        who = {one: session.get_one(QualityPaper, one).checked_by for one in ids[1:]}
    assert who == {ids[1]: HOA, ids[2]: LAN, ids[3]: LAN}
    assert len(events_of(factory, "quality_waived")) == 1
    with transaction(factory) as session, pytest.raises(NotFound):
        sample.waive(session, batch, "0" * 32, "x", actor=HEAD)
    draw(factory, batch)
    open_now = [one for one in strata(factory, batch) if one.state == StratumState.OPEN]
    assert [(one.checker, one.papers) for one in open_now] == [(HOA, 1)]


@pytest.mark.parametrize(
    "told",
    [
        {"sample_share": 1.5},
        {"error_limit": -0.1},
        {"keyed_fields": ["no_such_field"]},
        {"keyed_fields": ["number", "number"]},
        {"colour": "red"},
    ],
)
def test_a_plan_that_can_not_be(factory: Sessions, batch: str, told: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest), transaction(factory) as session:
        plan.change(session, batches.hold(session, batch), told, default_catalog(), actor=HEAD)
    with reading(factory) as session:
        assert session.scalars(select(func.count()).select_from(QualityPlan)).one() == 0


def find(factory: Sessions, batch: str) -> deviations.Found:
    with transaction(factory) as session:
        return deviations.find(session, batch, actor=LAN)


def test_pages_unlike_their_neighbours(factory: Sessions, batch: str) -> None:
    scan(factory, batch, 8, pages=({}, {}))
    (leaning,) = scan(factory, batch, 1, pages=({}, {"skew": -4.5}))
    (small,) = scan(factory, batch, 1, pages=({"width": 1748, "height": 2480}, {}))
    (long,) = scan(factory, batch, 1, pages=({}, {}, {}, {"blank": True, "skew": 40.0}))
    (blurred,) = scan(factory, batch, 1, pages=({"warnings": ["BLURRED", "SKEWED"]}, {}))
    turned = {"width": 3508, "height": 2480}
    scan(factory, batch, 1, pages=(turned, turned))  # the same paper lying
    assert find(factory, batch) == deviations.Found(open=6, new=6, gone=0)
    assert find(factory, batch) == deviations.Found(open=6, new=0, gone=0)
    with reading(factory) as session:
        rows, total = deviations.listed(session, batch)
        by_order = [one.item_number for one, _ in deviations.listed(session, batch, sort=deviations.Sort.ORDER)[0]]
    told = {(one.component_id, one.page, one.what) for one, _ in rows}
    assert told == {
        (leaning, 2, "angle"),
        (small, 1, "short_side"),
        (small, 1, "long_side"),
        (long, 0, "pages"),
        (long, 4, "BLANK"),
        (blurred, 1, "BLURRED"),
    }
    assert total == 6
    scores = [one.score for one, _ in rows]
    assert scores[-2:] == [None, None], "marks have no score and come last"
    assert scores[:-2] == sorted((score for score in scores if score), reverse=True)
    assert by_order == sorted(by_order)
    number = next(one for one, _ in rows if one.what == "pages")
    assert (number.value, number.usual) == (4.0, 2.0)


def test_what_people_say_of_odd_pages(factory: Sessions, batch: str) -> None:
    scan(factory, batch, 8)
    (odd,) = scan(factory, batch, 1, pages=({"skew": 9.0, "warnings": ["BLURRED"]},))
    find(factory, batch)
    with reading(factory) as session:
        ids = {one.what: one.id for one, _ in deviations.listed(session, batch)[0]}

    def say(what: str, decision: DeviationState, words: str = "") -> None:
        with transaction(factory) as session:
            where = batches.hold(session, batch)
            deviations.decide(session, where, ids[what], decision, words, actor=HOA)

    for _ in range(2):
        say("angle", DeviationState.FINE, "giấy bị xé lệch")
    assert len(events_of(factory, "quality_deviation")) == 1
    assert find(factory, batch) == deviations.Found(open=1, new=0, gone=0), "what was seen stays seen"
    say("BLURRED", DeviationState.RESCAN, "mờ")
    say("angle", DeviationState.OPEN)
    say("angle", DeviationState.RESCAN)
    with reading(factory) as session:
        (back,) = papers.returned(session, batch, limit=5)
        assert back.component.id == odd
        assert back.row is not None
        assert back.row.faults == ["illegible", "crooked"]
    with pytest.raises(NotFound), transaction(factory) as session:
        deviations.decide(session, batches.hold(session, batch), "0" * 32, DeviationState.FINE, "", actor=HOA)
    with pytest.raises(InvalidRequest):
        say("angle", DeviationState.GONE)


def prepare(factory: Sessions, batch: str) -> int:
    with transaction(factory) as session:
        return keying.prepare(session, batch, default_catalog(), actor=HEAD)


def by_key(
    factory: Sessions, batch: str, one: str, actor: str, *, third: bool = False, **typed: str | Answer
) -> keying.Settled:
    answers = {name: Keyed(text) if isinstance(text, Answer) else keyed(name, text) for name, text in typed.items()}
    with transaction(factory) as session:
        do: Callable[..., keying.Settled] = keying.settle if third else keying.key
        where, index = batches.hold(session, batch), make_index(factory.kw["bind"])
        return do(session, where, one, answers, catalog=default_catalog(), index=index, actor=actor)


def field(factory: Sessions, one: str, name: str) -> dict[str, Any]:
    with reading(factory) as session:
        return dict(session.get_one(Component, one).fields[name])


def test_two_who_agree_settle_and_the_search_follows(factory: Sessions, batch: str) -> None:
    set_plan(factory, batch, keyed_fields=["number", "issued_on", "holder_name"])
    (one,) = scan(factory, batch)
    assert prepare(factory, batch) == 2, "a marriage certificate has no single holder"
    assert prepare(factory, batch) == 0
    assert by_key(factory, batch, one, LAN, number="77/2023", issued_on="2/5/2023") == keying.Settled((), (), False)
    by_key(factory, batch, one, LAN, number="78/2023", issued_on="2/5/2023")  # put right before anybody else came
    with reading(factory) as session:
        assert keying.to_key(session, batch, LAN) == []
        assert keying.to_key(session, batch, HOA) == [one]
    done = by_key(factory, batch, one, HOA, number="078 / 2023", issued_on="02052023")
    assert done == keying.Settled(("issued_on", "number"), (), True)
    number = field(factory, one, "number")
    assert (number["value"], number["source"], number["origin"]) == ("78/2023", "manual", "double_keying")
    assert (number["page"], number["box"]) == (1, [1, 2, 3, 4]), "where the machine saw it stays known"
    issued = field(factory, one, "issued_on")
    assert (issued["source"], issued["confirmed_by"], issued["origin"]) == ("ocr", HOA, "double_keying")
    with reading(factory) as session:
        version = session.scalars(select(ComponentVersion).where(ComponentVersion.component_id == one)).one()
        assert version.content["fields"]["number"]["value"] == "12/2023"
        index = make_index(factory.kw["bind"])
        agency_ids = {session.get_one(Component, one).agency_id}
        found = index.search(session, SearchQuery(agency_ids, number="78/2023"))
        assert [hit.component_id for hit in found.hits] == [one]
    assert by_key(factory, batch, one, HOA, number="078 / 2023") == keying.Settled((), (), False)
    with pytest.raises(Conflict):
        by_key(factory, batch, one, MINH, number="78/2023")
    (reviewed,) = events_of(factory, "reviewed")
    assert reviewed.data["origin"] == "double_keying"
    assert all("value" not in event.data for event in events_of(factory, "quality_keyed"))


def test_a_third_person_settles_what_two_typed_differently(factory: Sessions, batch: str) -> None:
    set_plan(factory, batch, keyed_fields=["number"])
    (one,) = scan(factory, batch)
    prepare(factory, batch)
    by_key(factory, batch, one, LAN, number="12/2023")
    assert by_key(factory, batch, one, HOA, number="72/2023").differ == ("number",)
    for actor in (LAN, HOA):
        with reading(factory) as session:
            assert keying.to_settle(session, batch, actor) == []
        with pytest.raises(OwnWork):
            by_key(factory, batch, one, actor, third=True, number="72/2023")
    with reading(factory) as session:
        assert keying.to_settle(session, batch, MINH) == [one]
    for _ in range(2):
        by_key(factory, batch, one, MINH, third=True, number="72/2023")
    assert field(factory, one, "number")["origin"] == "double_keying_settled"
    with pytest.raises(Conflict):
        by_key(factory, batch, one, HEAD, third=True, number="12/2023")
    with reading(factory) as session:
        seen = keying.figures(session, batch)
    (of_field,) = seen.fields
    assert (of_field.asked, of_field.keyed, of_field.agreed, of_field.settled) == (1, 1, 0, 1)
    assert (of_field.machine_judged, of_field.machine_right) == (1, 0)
    people = {one.actor: (one.keyed, one.judged, one.right, one.settled) for one in seen.people}
    assert people == {LAN: (1, 1, 0, 0), HOA: (1, 1, 1, 0), MINH: (0, 0, 0, 1)}


def test_what_nobody_can_read_is_no_value(factory: Sessions, batch: str) -> None:
    set_plan(factory, batch, keyed_fields=["number", "issuer"])
    (one,) = scan(factory, batch)
    prepare(factory, batch)
    for actor in (LAN, HOA):
        by_key(factory, batch, one, actor, number=Answer.UNREADABLE, issuer=Answer.ABSENT)
    assert field(factory, one, "number")["value"] is None
    assert field(factory, one, "number")["reason"] == "UNREADABLE"
    assert field(factory, one, "issuer")["reason"] == "ABSENT"
    with reading(factory) as session:
        (number, issuer) = keying.figures(session, batch).fields
    assert (number.unreadable, number.machine_judged) == (1, 0), "nobody knows what would have been right"
    assert (issuer.machine_judged, issuer.machine_right) == (1, 0)


def test_a_stored_result_follows_what_was_keyed(factory: Sessions, batch: str) -> None:
    set_plan(factory, batch, keyed_fields=["number"])
    (one,) = scan(factory, batch, state=ComponentState.STORED)
    with transaction(factory) as session:
        component = session.get_one(Component, one)
        warehouse.keep(session, component, session.get_one(Dossier, component.dossier_id), default_catalog())
    prepare(factory, batch)
    for actor in (LAN, HOA):
        by_key(factory, batch, one, actor, number="99/2023")
    with reading(factory) as session:
        assert session.get_one(Result, one).number_key == "99/2023"
        assert session.get_one(QualityKeying, session.scalars(select(QualityKeying.id)).one()).state == "settled"


def test_a_part_of_the_papers_is_keyed_and_fields_that_nobody_began_are_dropped(factory: Sessions, batch: str) -> None:
    set_plan(factory, batch, seed="1" * 32, keyed_fields=["number", "issuer"], keying_share=0.25)
    first = scan(factory, batch, 8)
    assert prepare(factory, batch) == 4
    with reading(factory) as session:
        drawn = keying.to_key(session, batch, LAN)
    assert len(drawn) == 2
    assert set(drawn) < set(first)
    by_key(factory, batch, drawn[0], LAN, issuer="UBND xã Mẫu")
    set_plan(factory, batch, keyed_fields=["number"])
    scan(factory, batch, 4)
    assert prepare(factory, batch) == 1
    with reading(factory) as session:
        states = keying.left_for(session, batch)
        assert states[KeyingState.OPEN] == 4, "two and one of number, and the issuer that was begun"


def test_of_three_who_key_at_once_two_do(factory: Sessions, batch: str) -> None:
    set_plan(factory, batch, keyed_fields=["number"])
    (one,) = scan(factory, batch)
    prepare(factory, batch)
    outcomes: list[str] = []

    def type_it(actor: str) -> None:
        try:
            by_key(factory, batch, one, actor, number="12/2023")
            outcomes.append("kept")
        except Conflict:
            outcomes.append("refused")

    threads = [threading.Thread(target=type_it, args=(actor,)) for actor in (LAN, HOA, MINH)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["kept", "kept", "refused"]
    assert field(factory, one, "number")["origin"] == "double_keying"
