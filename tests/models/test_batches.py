"""Batches on both databases: what is registered, posted and settled, and what the policies make of it. Workers are played by moving scans."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from models import lifecycle
from models.batches import feed as batch_feed
from models.batches import items as batch_items
from models.batches import papers as batch_papers
from models.batches import progress as batch_progress
from models.batches import store as batches
from models.batches.entities import (
    Batch,
    BatchFile,
    BatchItem,
    BatchPaper,
    BatchState,
    Duplex,
    ExistingOutput,
    ItemState,
    Layout,
    PageFailure,
    SourceKind,
)
from models.batches.items import Content, Happened, Taken, TakenFile
from models.batches.store import Policies
from models.database import reading, transaction
from models.entities import (
    Agency,
    Component,
    ComponentState,
    Dispatch,
    DispatchState,
    Dossier,
    Page,
    PageState,
    Scan,
    ScanState,
    now,
)
from models.errors import Conflict, CorruptFile, InvalidRequest, NotFound, PaperFixed
from models.retries import try_again
from models.search import make_index

Sessions = sessionmaker[Session]
ACTOR = "account:phu.trach"


def make(factory: Sessions, agency: Agency, name: str = "Kệ 4", **policies: Any) -> str:
    with transaction(factory) as session:
        where = session.get_one(Agency, agency.id)
        batch = batches.create(session, agency=where, name=name, policies=Policies(**policies), actor=ACTOR)
        batches.move(session, batch, BatchState.RUNNING, actor=ACTOR)
        return batch.id


def taken(
    name: str, content: str | Exception = "", *, key: str | None = None, told: bool = False, files: int = 1
) -> Taken:
    sha256 = (content if isinstance(content, str) and content else name).encode().hex().ljust(64, "0")[:64]
    good = Content("application/pdf", 100, sha256, f"originals/{sha256[:2]}/{sha256}")
    return Taken(
        path=f"/in/{name}.pdf",
        filename=f"{name}.pdf",
        files=[
            TakenFile(f"/in/{name}.pdf" if n == 0 else f"/in/{name}-{n}.pdf", 100, f"100-{sha256[:8]}", sha256)
            for n in range(files)
        ],
        content=content if isinstance(content, CorruptFile) else good,
        key=key,
        key_from="name" if key else None,
        key_told=told,
    )


def register(factory: Sessions, batch_id: str, *all_taken: Taken) -> list[Happened]:
    happened = []
    for one in all_taken:
        with transaction(factory) as session:
            happened.append(batch_items.register(session, batch_id, one)[1])
    return happened


def items(factory: Sessions, batch_id: str) -> list[BatchItem]:
    with reading(factory) as session:
        return list(session.scalars(select(BatchItem).where(BatchItem.batch_id == batch_id).order_by(BatchItem.number)))


def states(factory: Sessions, batch_id: str) -> list[str]:
    return [item.state for item in items(factory, batch_id)]


def post_all(factory: Sessions, batch_id: str) -> int:
    index = make_index(factory.kw["bind"])
    count = 0
    while True:
        with transaction(factory) as session:
            step = batch_feed.post_next(session, batch_id, index)
        if step is None:
            return count
        count += 1


def settle(factory: Sessions, batch_id: str) -> int:
    with transaction(factory) as session:
        return batch_feed.settle(session, batch_id)


def end(
    factory: Sessions, scan_id: str | None, state: ScanState = ScanState.DONE, *, failed: int = 0, pages: int = 2
) -> None:
    """Play the workers."""
    assert scan_id is not None
    with transaction(factory) as session:
        scan = session.get_one(Scan, scan_id)
        if state is ScanState.REFUSED:
            lifecycle.move_scan(session, scan, state, data={"code": "CORRUPT_FILE", "detail": "broken"})
            return
        lifecycle.move_scan(session, scan, ScanState.READING)
        scan.page_count = pages
        for number in range(1, pages + 1):
            bad = number <= failed
            session.add(
                Page(
                    scan_id=scan.id,
                    number=number,
                    state=PageState.FAILED if bad else PageState.READ,
                    failure_code="PAGE_FAILED" if bad else None,
                    read_at=now(),
                )
            )
        if state is ScanState.BLOCKED_SECRET:
            lifecycle.move_scan(session, scan, state, data={"code": "SECRET_MATERIAL"})
            return
        lifecycle.move_scan(session, scan, ScanState.ASSEMBLING)
        if state is ScanState.FAILED:
            lifecycle.move_scan(session, scan, state, data={"code": "INTERNAL"})
            return
        session.add(
            Component(
                scan_id=scan.id,
                dossier_id=scan.dossier_id,
                agency_id=scan.agency_id,
                position=1,
                first_page=1,
                last_page=pages,
            )
        )
        lifecycle.move_scan(session, scan, ScanState.DONE)


def end_all(factory: Sessions, batch_id: str, **how: Any) -> None:
    for item in items(factory, batch_id):
        if item.state == ItemState.POSTED:
            end(factory, item.scan_id, **how)
    settle(factory, batch_id)


def batch_of(factory: Sessions, batch_id: str) -> Batch:
    with reading(factory) as session:
        return session.get_one(Batch, batch_id)


# ---- batches themselves


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": "all day"},
        {"key_pattern": "("},
        {"key_pattern": r"\d+"},
        {"code_pattern": "x" * 300},
        {"max_failure_share": 1.5},
        {"max_under_way": 0},
        {"failure_floor": 0},
        {"settle_seconds": -1.0},
    ],
)
def test_policies_that_cannot_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        Policies(**wrong)


def test_a_batch_is_made_found_and_moved(factory: Sessions, agency: Agency) -> None:
    batch_id = make(factory, agency)
    with pytest.raises(Conflict):
        make(factory, agency)
    with reading(factory) as session:
        assert batches.named(session, "Kệ 4").id == batches.named(session, batch_id[:8]).id == batch_id
        with pytest.raises(NotFound):
            batches.named(session, "khác")
        with pytest.raises(NotFound):
            batches.load(session, batch_id, {"0" * 32})
        assert [one.id for one in batches.newest(session, {agency.id})] == [batch_id]
    with transaction(factory) as session:
        batch = batches.hold(session, batch_id)
        assert not batches.move(session, batch, BatchState.RUNNING, actor=ACTOR)
        assert batches.move(session, batch, BatchState.PAUSED, actor=ACTOR)
        batches.change(session, batch, {"hours": "19:00-06:00", "max_under_way": 3}, actor=ACTOR)
        with pytest.raises(InvalidRequest):
            batches.change(session, batch, {"hours": "x"}, actor=ACTOR)
        with pytest.raises(InvalidRequest):
            batches.change(session, batch, {"state": "running"}, actor=ACTOR)
        assert batches.add_source(session, batch, SourceKind.FOLDER, "/in")
        assert not batches.add_source(session, batch, SourceKind.FOLDER, "/in")
    batch = batch_of(factory, batch_id)
    assert (batch.state, batch.hours, batch.max_under_way) == ("paused", "19:00-06:00", 3)


# ---- registering


def test_a_document_is_there_once_whatever_is_asked(factory: Sessions, agency: Agency) -> None:
    batch_id = make(factory, agency)
    assert register(factory, batch_id, taken("1"), taken("2"), taken("1")) == ["new", "new", "same"]
    assert [(item.number, item.state) for item in items(factory, batch_id)] == [(1, "waiting"), (2, "waiting")]
    with reading(factory) as session:
        stamps = batch_items.known_stamps(session, batch_id)
    assert set(stamps) == {batches.path_key("/in/1.pdf"), batches.path_key("/in/2.pdf")}


def test_parallel_registrations_number_without_gap_or_double(factory: Sessions, agency: Agency) -> None:
    batch_id = make(factory, agency)
    todo = [taken(str(number % 20)) for number in range(60)]
    threads = [threading.Thread(target=register, args=(factory, batch_id, *todo[start::4])) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(item.number for item in items(factory, batch_id)) == list(range(1, 21))


def test_the_same_content_twice_is_told_and_takes_over_when_the_first_changes(
    factory: Sessions, agency: Agency
) -> None:
    batch_id = make(factory, agency, existing=ExistingOutput.OVERWRITE)
    register(factory, batch_id, taken("1", "same"), taken("2", "same"), taken("3", "same"))
    first, second, third = items(factory, batch_id)
    assert states(factory, batch_id) == ["waiting", "duplicate", "duplicate"]
    assert second.duplicate_of_id == third.duplicate_of_id == first.id
    assert register(factory, batch_id, taken("1", "other")) == ["replaced"]
    assert states(factory, batch_id) == ["waiting", "waiting", "duplicate"]
    assert items(factory, batch_id)[2].duplicate_of_id == second.id


def test_a_file_that_changes_after_it_was_done(factory: Sessions, agency: Agency) -> None:
    skip = make(factory, agency, "skip")
    over = make(factory, agency, "over", existing=ExistingOutput.OVERWRITE)
    for batch_id, happened in ((skip, "kept"), (over, "replaced")):
        register(factory, batch_id, taken("1", f"old {batch_id}"))
        post_all(factory, batch_id)
        assert register(factory, batch_id, taken("1", f"new {batch_id}")) == ["kept"], "it is being read"
        end_all(factory, batch_id)
        assert register(factory, batch_id, taken("1", f"new {batch_id}")) == [happened]
    (kept,) = items(factory, skip)
    assert (kept.state, kept.reason_code) == ("done", "SOURCE_CHANGED")
    before = items(factory, over)[0].replaces_id
    assert post_all(factory, over) == 1
    end_all(factory, over)
    (item,) = items(factory, over)
    assert item.state == "done"
    with reading(factory) as session:
        old, new = session.get_one(Scan, before), session.get_one(Scan, item.scan_id)
        assert (old.state, new.state) == ("withdrawn", "done")
        assert old.dossier_id == new.dossier_id, "the paper keeps its dossier"
    register(factory, over, taken("1", f"old {over}"))
    post_all(factory, over)
    with reading(factory) as session:
        assert items(factory, over)[0].scan_id == before, "the first content again is its own scan, put back"


def test_a_confirmed_paper_is_not_overwritten(factory: Sessions, agency: Agency) -> None:
    batch_id = make(factory, agency, existing=ExistingOutput.OVERWRITE)
    register(factory, batch_id, taken("1", "old"))
    post_all(factory, batch_id)
    end_all(factory, batch_id)
    with transaction(factory) as session:
        session.scalars(select(Component)).one().state = ComponentState.VERIFIED
    register(factory, batch_id, taken("1", "new"))
    post_all(factory, batch_id)
    (item,) = items(factory, batch_id)
    assert (item.state, item.reason_code) == ("failed", "PAPER_FIXED")
    with reading(factory) as session:
        assert session.get_one(Scan, item.replaces_id).state == "done"


@pytest.mark.parametrize("existing", ExistingOutput)
def test_a_second_file_for_a_key(factory: Sessions, agency: Agency, existing: ExistingOutput) -> None:
    batch_id = make(factory, agency, existing=existing)
    register(factory, batch_id, taken("1", key="12", told=True))
    post_all(factory, batch_id)
    register(factory, batch_id, taken("2", key="12", told=True), taken("3", key="13", told=True), taken("4", key="12"))
    if existing is ExistingOutput.SKIP:
        assert states(factory, batch_id) == ["posted", "skipped", "waiting", "waiting"]
        assert items(factory, batch_id)[1].reason_code == "KEY_TAKEN"
        return
    assert states(factory, batch_id) == ["posted", "waiting", "waiting", "waiting"]
    post_all(factory, batch_id)
    assert states(factory, batch_id) == ["posted", "waiting", "posted", "posted"], "the first is waited for"
    end_all(factory, batch_id)
    post_all(factory, batch_id)
    end_all(factory, batch_id)
    assert states(factory, batch_id) == ["skipped", "done", "done", "done"]


def test_a_refused_file_that_was_mended(factory: Sessions, agency: Agency) -> None:
    batch_id = make(factory, agency)
    register(factory, batch_id, taken("1", CorruptFile("cut short")))
    (item,) = items(factory, batch_id)
    assert (item.state, item.reason_code, item.reason_detail) == ("refused", "CORRUPT_FILE", "cut short")
    assert register(factory, batch_id, taken("1", "mended")) == ["replaced"]
    post_all(factory, batch_id)
    end_all(factory, batch_id)
    assert states(factory, batch_id) == ["done"]
    assert register(factory, batch_id, taken("1", CorruptFile("gone bad"))) == ["same"], "nothing is taken away"
    assert states(factory, batch_id) == ["done"]


def test_a_side_that_stood_alone_finds_its_document(factory: Sessions, agency: Agency) -> None:
    batch_id = make(factory, agency, duplex=Duplex.PAIRS)
    alone = replace(taken("1-1", CorruptFile("no front")), path="/in/1-1.pdf")
    register(factory, batch_id, alone)
    assert register(factory, batch_id, taken("1", files=2)) == ["new"]
    (item,) = items(factory, batch_id)
    assert (item.path, item.state) == ("/in/1.pdf", "waiting")
    with reading(factory) as session:
        assert session.scalar(select(func.count()).select_from(BatchFile)) == 2


def test_a_refused_file_that_was_cleared_away_is_told_and_may_come_back(factory: Sessions, agency: Agency) -> None:
    batch_id = make(factory, agency)
    register(factory, batch_id, taken("1", CorruptFile("x")), taken("2", CorruptFile("x")), taken("3"))
    with transaction(factory) as session:
        assert batch_items.note_gone(session, batch_id, {batches.path_key("/in/2.pdf")}) == 1
    assert states(factory, batch_id) == ["skipped", "refused", "waiting"]
    assert items(factory, batch_id)[0].reason_code == "SOURCE_GONE"
    with reading(factory) as session:
        assert batches.path_key("/in/1.pdf") not in batch_items.known_stamps(session, batch_id)
    assert register(factory, batch_id, taken("1", CorruptFile("x"))) == ["replaced"]
    assert states(factory, batch_id) == ["refused", "refused", "waiting"]


# ---- posting


def test_posting_makes_dossier_scan_and_work_once(factory: Sessions, agency: Agency) -> None:
    batch_id = make(factory, agency, procedure="1.001193")
    register(factory, batch_id, taken("1", key="12/2023"), taken("2"))
    assert post_all(factory, batch_id) == 2
    assert post_all(factory, batch_id) == 0
    with reading(factory) as session:
        scans = list(session.scalars(select(Scan).order_by(Scan.filename)))
        assert [scan.queue for scan in scans] == ["backscan", "backscan"]
        assert scans[0].idempotency_key == f"batch:{batch_id}:{scans[0].sha256}"
        assert scans[0].actor == ACTOR
        dossier = session.get_one(Dossier, scans[0].dossier_id)
        assert (dossier.title, dossier.procedure) == ("12/2023", "1.001193")
        work = list(session.scalars(select(Dispatch)))
        assert {(row.task, row.queue) for row in work} == {("digitize.inspect_scan", "backscan")}
        assert len(work) == 2


def test_an_item_whose_row_forgot_its_scan_is_not_posted_twice(factory: Sessions, agency: Agency) -> None:
    """As after a restored backup of half of the data: the idempotency key still knows."""
    batch_id = make(factory, agency)
    register(factory, batch_id, taken("1"))
    post_all(factory, batch_id)
    before = items(factory, batch_id)[0].scan_id
    with transaction(factory) as session:
        item = session.scalars(select(BatchItem)).one()
        item.state, item.scan_id, item.dossier_id = ItemState.WAITING, None, None
    post_all(factory, batch_id)
    assert items(factory, batch_id)[0].scan_id == before
    with reading(factory) as session:
        assert session.scalar(select(func.count()).select_from(Dossier)) == 1


def test_no_more_are_under_way_than_allowed(factory: Sessions, agency: Agency) -> None:
    batch_id = make(factory, agency, max_under_way=3)
    register(factory, batch_id, *(taken(str(n)) for n in range(7)))
    assert post_all(factory, batch_id) == 3
    end_all(factory, batch_id)
    assert post_all(factory, batch_id) == 3


@pytest.mark.services
def test_parallel_feeders_post_each_once(factory: Sessions, agency: Agency) -> None:
    batch_id = make(factory, agency, max_under_way=30)
    register(factory, batch_id, *(taken(str(n)) for n in range(20)))
    threads = [threading.Thread(target=post_all, args=(factory, batch_id)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states(factory, batch_id) == ["posted"] * 20
    with reading(factory) as session:
        assert session.scalar(select(func.count()).select_from(Scan)) == 20
        assert session.scalar(select(func.count()).select_from(Dossier)) == 20


def test_paused_new_closed_hours_and_a_waiting_counter_post_nothing(
    factory: Sessions, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = make(factory, agency, hours="19:00-06:00")
    register(factory, batch_id, taken("1"), taken("2"))
    noon = now().replace(hour=5, minute=0)  # 12:00 at +07:00
    monkeypatch.setattr(batch_feed, "now", lambda: noon)
    assert post_all(factory, batch_id) == 0
    monkeypatch.setattr(batch_feed, "now", lambda: noon.replace(hour=13))
    with transaction(factory) as session:
        row = Dispatch(task="digitize.inspect_scan", subject="counter", queue="counter")
        session.add(row)
    assert post_all(factory, batch_id) == 0
    with transaction(factory) as session:
        session.scalars(select(Dispatch)).one().state = DispatchState.DONE
        batches.move(session, batches.hold(session, batch_id), BatchState.PAUSED, actor=ACTOR)
    assert post_all(factory, batch_id) == 0
    with transaction(factory) as session:
        batches.move(session, batches.hold(session, batch_id), BatchState.RUNNING, actor=ACTOR)
    assert post_all(factory, batch_id) == 2
    with reading(factory) as session:
        assert batch_feed.to_feed(session) == [batch_id]


# ---- settling and policies


@pytest.mark.parametrize(
    ("policy", "state", "batch_state"),
    [
        (PageFailure.COPY, "done", "running"),
        (PageFailure.SKIP, "failed", "running"),
        (PageFailure.ABORT, "failed", "aborted"),
    ],
)
def test_a_page_that_failed(
    factory: Sessions, agency: Agency, policy: PageFailure, state: str, batch_state: str
) -> None:
    batch_id = make(factory, agency, page_failure=policy, max_under_way=1)
    register(factory, batch_id, taken("1"), taken("2"))
    post_all(factory, batch_id)
    end_all(factory, batch_id, failed=1)
    first = items(factory, batch_id)[0]
    assert (first.state, first.pages, first.pages_failed) == (state, 2, 1)
    assert batch_of(factory, batch_id).state == batch_state
    assert post_all(factory, batch_id) == (0 if batch_state == "aborted" else 1)


@pytest.mark.parametrize(
    ("share", "bad", "aborts"), [(0.1, 2, True), (0.5, 2, False), (0.0, 0, False), (None, 9, False)]
)
def test_abort_above_a_share_of_failures(
    factory: Sessions, agency: Agency, share: float | None, bad: int, aborts: bool
) -> None:
    batch_id = make(factory, agency, max_failure_share=share, failure_floor=10, max_under_way=100)
    register(factory, batch_id, *(taken(str(n)) for n in range(10)))
    post_all(factory, batch_id)
    for number, item in enumerate(items(factory, batch_id)):
        end(factory, item.scan_id, ScanState.REFUSED if number < bad else ScanState.DONE)
        if number == 8:
            settle(factory, batch_id)
            assert batch_of(factory, batch_id).state == "running", "nine are fewer than the floor"
    settle(factory, batch_id)
    batch = batch_of(factory, batch_id)
    assert (batch.state, batch.state_code) == (("aborted", "FAILURE_SHARE") if aborts else ("running", None))


def test_a_source_full_of_bad_files_aborts_before_anything_is_read(factory: Sessions, agency: Agency) -> None:
    batch_id = make(factory, agency, max_failure_share=0.2, failure_floor=5)
    register(factory, batch_id, *(taken(str(n), CorruptFile("x")) for n in range(4)))
    assert batch_of(factory, batch_id).state == "running"
    register(factory, batch_id, taken("5", CorruptFile("x")))
    batch = batch_of(factory, batch_id)
    assert (batch.state, batch.state_code, batch.state_detail) == ("aborted", "FAILURE_SHARE", "5 / 5")


def test_resume_tries_again_in_the_same_scan(factory: Sessions, agency: Agency) -> None:
    batch_id = make(factory, agency, page_failure=PageFailure.ABORT)
    register(factory, batch_id, *(taken(str(n)) for n in range(4)), taken("bad", CorruptFile("x")))
    post_all(factory, batch_id)
    before = [item.scan_id for item in items(factory, batch_id)]
    end(factory, before[0], failed=1)
    end(factory, before[1], ScanState.REFUSED)
    end(factory, before[2], ScanState.FAILED)
    end(factory, before[3], ScanState.BLOCKED_SECRET)
    settle(factory, batch_id)
    assert batch_of(factory, batch_id).state == "aborted"
    with transaction(factory) as session:
        assert batch_feed.resume(session, batch_id, actor=ACTOR) == 4
    assert states(factory, batch_id) == ["waiting", "waiting", "waiting", "failed", "again"], (
        "what is secret is read once"
    )
    assert batch_of(factory, batch_id).state == "running"
    assert post_all(factory, batch_id) == 3
    assert [item.scan_id for item in items(factory, batch_id)] == before
    with reading(factory) as session:
        scans = {scan.id: scan for scan in session.scalars(select(Scan))}
        assert [scans[str(one)].state for one in before[:3]] == ["received", "received", "assembling"]
        tasks = {
            (row.scan_id, row.task)
            for row in session.scalars(select(Dispatch).where(Dispatch.state == DispatchState.PENDING))
            if row.attempts == 0
        }
        inspect, assemble = "digitize.inspect_scan", "digitize.assemble_scan"
        assert {(before[0], inspect), (before[1], inspect), (before[2], assemble)} <= tasks
        pages = session.scalars(select(Page.state).where(Page.scan_id == before[0])).all()
        assert pages == ["read"], "what was read stays"
        assert session.scalar(select(func.count()).select_from(Component)) == 0
        assert session.scalar(select(func.count()).select_from(Dossier)) == 4


def test_a_scan_is_not_tried_again_while_it_runs_or_its_paper_is_confirmed(factory: Sessions, agency: Agency) -> None:
    batch_id = make(factory, agency)
    register(factory, batch_id, taken("1"))
    post_all(factory, batch_id)
    index, scan_id = make_index(factory.kw["bind"]), items(factory, batch_id)[0].scan_id

    def attempt() -> None:
        with transaction(factory) as session:
            try_again(session, session.get_one(Scan, scan_id), index, actor=ACTOR)

    with pytest.raises(Conflict):
        attempt()
    end_all(factory, batch_id, failed=1)
    with transaction(factory) as session:
        session.scalars(select(Component)).one().state = ComponentState.STORED
    with pytest.raises(PaperFixed):
        attempt()


# ---- how far it is


def test_progress_counts_measures_and_foretells(factory: Sessions, agency: Agency) -> None:
    batch_id = make(factory, agency, max_under_way=4)
    register(factory, batch_id, *(taken(str(n)) for n in range(10)))
    post_all(factory, batch_id)
    end_all(factory, batch_id, pages=3, failed=1)
    with transaction(factory) as session:
        for item in session.scalars(select(BatchItem).where(BatchItem.state == ItemState.DONE)):
            item.posted_at, item.settled_at = now() - timedelta(minutes=12), now() - timedelta(minutes=1)
    batch = batch_of(factory, batch_id)
    at = now()
    with reading(factory) as session:
        progress = batch_progress.progress(session, batch, at)
        assert batch_progress.changed_at(session, batch_id) == batch.changed_at
        shown = batch_progress.items(session, batch, {agency.id}, states=[ItemState.DONE], after=1, limit=2)
    assert (progress.total, progress.settled, progress.open, progress.failed) == (10, 4, 6, 0)
    assert (progress.pages, progress.pages_failed) == (12, 4)
    assert progress.per_hour == pytest.approx(60, rel=0.02)  # 12 pages in 12 minutes
    assert progress.ends_at is not None
    assert (progress.ends_at - at).total_seconds() == pytest.approx(18 * 60, rel=0.02)  # 6 files of 3 pages
    assert [(item.number, item.scan is not None) for item in shown] == [(2, True), (3, True)]
    with reading(factory) as session:
        later = batch_progress.progress(session, batch, at + timedelta(hours=2))
    assert later.per_hour is None
    assert later.ends_at is None


# ---- keys of papers


def papers(session: Session, scan_id: str | None, count: int) -> list[Component]:
    scan = session.get_one(Scan, scan_id)
    made = [
        Component(
            scan_id=scan.id, dossier_id=scan.dossier_id, agency_id=scan.agency_id, position=n, first_page=n, last_page=n
        )
        for n in range(1, count + 1)
    ]
    session.add_all(made)
    session.flush()
    return made


def told(*pairs: tuple[str | None, list[str]]) -> Callable[[list[Component]], list[batch_papers.Told]]:
    return lambda made: [batch_papers.Told(one, *pair) for one, pair in zip(made, pairs, strict=True)]


@pytest.mark.parametrize(
    ("pairs", "keys", "item_key"),
    [
        (told((None, [])), [("7", "name")], "7"),
        (told(("S1", ["KQ-9"])), [("S1", "sheet")], "S1"),
        (told((None, ["http://x", "KQ-9"])), [("9", "code")], "9"),
        (told(("S1", []), (None, ["KQ-9"]), (None, [])), [("S1", "sheet"), ("9", "code")], "7"),
    ],
)
def test_a_papers_key_is_the_nearest_one(
    factory: Sessions,
    agency: Agency,
    pairs: Callable[[list[Component]], list[batch_papers.Told]],
    keys: list[tuple[str, str]],
    item_key: str,
) -> None:
    batch_id = make(factory, agency, code_pattern=r"KQ-(?P<key>\d+)")
    register(factory, batch_id, taken("1", key="7"))
    post_all(factory, batch_id)
    scan_id = items(factory, batch_id)[0].scan_id
    with transaction(factory) as session:
        assert batch_papers.is_one_paper(session, str(scan_id))
        count = len(keys) if item_key != "7" or len(keys) == 1 else 3
        found = pairs(papers(session, scan_id, count))
        for _ in range(2):  # assembled twice
            batch_papers.keep_keys(session, str(scan_id), found)
        rows = session.scalars(
            select(BatchPaper).join(Component, Component.id == BatchPaper.component_id).order_by(Component.position)
        ).all()
        assert [(row.key, row.key_from) for row in rows] == keys
    assert items(factory, batch_id)[0].key == item_key


def test_a_stack_is_parted_by_the_machine(factory: Sessions, agency: Agency) -> None:
    batch_id = make(factory, agency, layout=Layout.STACK)
    register(factory, batch_id, taken("1"))
    post_all(factory, batch_id)
    with reading(factory) as session:
        assert not batch_papers.is_one_paper(session, str(items(factory, batch_id)[0].scan_id))
        assert not batch_papers.is_one_paper(session, "0" * 32)
