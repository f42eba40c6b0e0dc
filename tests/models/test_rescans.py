"""Returned papers scanned again, on both databases: the paper is there once, before and after, and what people said of it goes where it belongs."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from models import lifecycle, review_leases, warehouse, withdrawals
from models.batches import feed as batch_feed
from models.batches import items as batch_items
from models.batches import papers as batch_papers
from models.batches import store as batches
from models.batches.entities import (
    BatchFile,
    BatchItem,
    BatchPaper,
    BatchRescan,
    BatchState,
    ExistingOutput,
    ItemState,
    PageFailure,
    RescanState,
)
from models.batches.items import Content, Happened, Taken, TakenFile
from models.batches.quality import papers, rescans, sample
from models.batches.quality.entities import QualityFinding, QualityStratum, StratumState
from models.batches.quality.rescans import Came
from models.batches.store import Policies
from models.catalog import default_catalog
from models.database import reading, transaction
from models.entities import (
    Agency,
    Component,
    ComponentState,
    Dispatch,
    Dossier,
    Event,
    InventoryException,
    InventoryImport,
    InventoryLine,
    Page,
    PageState,
    Scan,
    ScanState,
    new_id,
)
from models.errors import Conflict, FileKnown, HeldByAnother, NotFound, PaperKept
from models.inventory import decisions
from models.rules.faults import Fault
from models.search import make_index
from tests.models.batch_papers import scanned
from tests.models.papers import MARRIAGE
from tests.models.test_quality import confirm, draw, look, send_back, set_plan, standings

Sessions = sessionmaker[Session]
LAN, HOA, HEAD = "account:lan", "account:hoa", "account:phu.trach"


@pytest.fixture
def batch(factory: Sessions, agency: Agency) -> str:
    return make(factory, agency)


def make(factory: Sessions, agency: Agency, **policies: Any) -> str:
    with transaction(factory) as session:
        where = session.get_one(Agency, agency.id)
        return batches.create(session, agency=where, name="Kệ 4", policies=Policies(**policies), actor=HEAD).id


def scan(factory: Sessions, batch: str, count: int = 1, **values: Any) -> list[str]:
    with transaction(factory) as session:
        made = [scanned(session, batch, **values) for _ in range(count)]
        session.execute(update(BatchItem).where(BatchItem.batch_id == batch).values(key_from="name"))
        return made


def file(name: str = "moi") -> Came:
    sha256 = name.encode().hex().ljust(64, "0")[:64]
    return Came(Content("application/pdf", 100, sha256, f"originals/{sha256[:2]}/{sha256}"), f"{name}.pdf")


def ask(factory: Sessions, batch: str, paper: str, came: Came | None = None, *, actor: str = LAN) -> rescans.Sent:
    with transaction(factory) as session:
        return rescans.ask(session, batch, paper, came or file(), make_index(factory.kw["bind"]), actor=actor)


def read(
    factory: Sessions, scan_id: str, *, pages: int = 2, failed: int = 0, state: ScanState = ScanState.DONE
) -> list[str]:
    """Play the workers; the new papers' ids."""
    index = make_index(factory.kw["bind"])
    with transaction(factory) as session:
        found = session.get_one(Scan, scan_id)
        if state is ScanState.REFUSED:
            lifecycle.move_scan(session, found, state, data={"code": "CORRUPT_FILE", "detail": "broken"})
            return []
        lifecycle.move_scan(session, found, ScanState.READING)
        found.page_count = pages
        for number in range(1, pages + 1):
            usual = {"width": 2480, "height": 3508, "dpi": 300.0, "text": "Giấy chứng nhận kết hôn"}
            read_state = PageState.FAILED if number <= failed else PageState.READ
            session.add(Page(scan_id=scan_id, number=number, state=read_state, **usual))
        lifecycle.move_scan(session, found, ScanState.ASSEMBLING)
        component = Component(
            scan_id=scan_id, dossier_id=found.dossier_id, agency_id=found.agency_id, position=1, first_page=1,
            last_page=pages, paper_type="giay_chung_nhan_ket_hon", fields=dict(MARRIAGE), pdf_key="k",
        )  # fmt: skip
        session.add(component)
        session.flush()
        lifecycle.move_scan(session, found, ScanState.DONE)
        rescans.take_place(session, scan_id, [component], index)
        session.expire_all()
        ids = list(session.scalars(select(Component.id).where(Component.scan_id == scan_id)))
        told = [batch_papers.Told(session.get_one(Component, one), None, ()) for one in ids]
        batch_papers.keep_keys(session, scan_id, told)
        return ids


def again(factory: Sessions, batch: str, paper: str, name: str = "moi") -> str:
    """Scanned again and read; the new paper."""
    (made,) = read(factory, ask(factory, batch, paper, file(name)).rescan.scan_id)
    return made


def items(factory: Sessions, batch: str) -> list[BatchItem]:
    with reading(factory) as session:
        return list(session.scalars(select(BatchItem).where(BatchItem.batch_id == batch).order_by(BatchItem.number)))


def state_of(factory: Sessions, scan_id: str) -> str:
    with reading(factory) as session:
        return session.get_one(Scan, scan_id).state


def returned_ids(factory: Sessions, batch: str) -> list[str]:
    with reading(factory) as session:
        return [one.component.id for one in papers.returned(session, batch, limit=10)]


def told(factory: Sessions, did: str) -> list[Event]:
    with reading(factory) as session:
        found = session.scalars(select(Event).where(Event.kind == "quality_checked").order_by(Event.id))
        return [event for event in found if event.data["did"] == did]


def test_the_new_scan_takes_the_place_when_it_is_read(factory: Sessions, batch: str) -> None:
    one, other = scan(factory, batch, 2)
    send_back(factory, batch, one, Fault.MISSING_PAGE, words="thiếu mặt sau")
    (before, _) = items(factory, batch)
    sent = ask(factory, batch, one)
    assert sent.accepted is not None
    assert sent.accepted.queue == "backscan"
    new = sent.rescan.scan_id
    with reading(factory) as session:
        posted = session.get_one(Scan, new)
        assert (posted.dossier_id, posted.actor, posted.filename) == (before.dossier_id, LAN, "moi.pdf")
        assert session.get_one(Dispatch, sent.accepted.dispatch_id).scan_id == new
    assert items(factory, batch)[0].scan_id == before.scan_id, "nothing changes before it is read"
    assert standings(factory, batch) == {"returned": 1, "waiting": 1}

    (made,) = read(factory, new)
    (item, untouched) = items(factory, batch)
    assert (item.scan_id, item.sha256, item.content_key, item.pages) == (new, file().content.sha256, item.sha256, 2)
    assert (item.number, item.path, item.state, item.key) == (1, before.path, "done", "0001")
    assert untouched.scan_id != new
    assert standings(factory, batch) == {"waiting": 2}
    with reading(factory) as session:
        assert papers.waiting_for(session, batch, HOA) == [made, other]
        assert session.get(Component, one) is None
        assert session.get_one(BatchPaper, made).key == "0001"
        row = rescans.came_of(session, new)
        assert row is not None
        assert (row.faults, row.words, row.old_scan_id) == (["missing_page"], "thiếu mặt sau", before.scan_id)
        old = session.get_one(Scan, before.scan_id)
        assert (old.state, old.original_key, old.sha256) == ("withdrawn", "k", before.sha256), "kept, with its file"
        assert session.scalars(select(func.count()).where(Page.scan_id == old.id)).one() == 1
    (asked,) = told(factory, "rescan")
    assert (asked.component_id, asked.data["reason"], asked.data["scan"]) == (one, "thiếu mặt sau", new)
    (replaced,) = told(factory, "replaced")
    assert (replaced.component_id, replaced.data["instead_of"], replaced.data["faults"]) == (
        made,
        one,
        ["missing_page"],
    )


def test_the_same_file_twice_is_once(factory: Sessions, batch: str) -> None:
    (one,) = scan(factory, batch)
    send_back(factory, batch, one, Fault.CUT_OFF)
    first, second = ask(factory, batch, one), ask(factory, batch, one)
    assert (second.rescan.id, second.accepted) == (first.rescan.id, None)
    with pytest.raises(Conflict, match="being read"):
        ask(factory, batch, one, file("khac"))
    read(factory, first.rescan.scan_id)
    third = ask(factory, batch, one)
    assert (third.rescan.id, third.accepted) == (first.rescan.id, None), "also when it has taken the place"
    with reading(factory) as session:
        rescans.may_ask(session, batch, one)
        assert session.scalars(select(func.count()).select_from(BatchRescan)).one() == 1
        with pytest.raises(NotFound):
            rescans.may_ask(session, batch, new_id())
    with pytest.raises(NotFound):
        ask(factory, batch, one, file("khac"))


def test_who_may_not(factory: Sessions, batch: str, agency: Agency) -> None:
    one, other, third = scan(factory, batch, 3)
    with pytest.raises(Conflict, match="returned"):
        ask(factory, batch, one)
    send_back(factory, batch, one, Fault.ILLEGIBLE)
    with transaction(factory) as session:
        review_leases.take(session, session.get_one(Component, one), HOA)
    with pytest.raises(HeldByAnother):
        ask(factory, batch, one)
    with transaction(factory) as session:
        review_leases.release(session, one, HOA)
    own, neighbour, _ = items(factory, batch)
    for known in (own, neighbour):
        with transaction(factory) as session:
            session.get_one(BatchItem, known.id).content_key = known.sha256
        same = Came(Content("application/pdf", 1, str(known.sha256), "k"), "x.pdf")
        with pytest.raises(FileKnown):
            ask(factory, batch, one, same)
    send_back(factory, batch, third, Fault.ILLEGIBLE)
    for state in (ComponentState.CODED, ComponentState.STORED):
        with transaction(factory) as session:
            session.execute(update(Component).where(Component.id == third).values(state=state))
        with pytest.raises(PaperKept):
            ask(factory, batch, third, file("ba"))
    assert standings(factory, batch)["returned"] == 2
    with reading(factory) as session:
        assert session.scalars(select(func.count()).select_from(BatchRescan)).one() == 0
    assert other


def test_a_file_that_cannot_be_read_loses_nothing(factory: Sessions, batch: str) -> None:
    (one,) = scan(factory, batch)
    send_back(factory, batch, one, Fault.ILLEGIBLE)
    bad = ask(factory, batch, one, file("hong"))
    read(factory, bad.rescan.scan_id, state=ScanState.REFUSED)
    assert returned_ids(factory, batch) == [one]
    with reading(factory) as session:
        row = rescans.newest(session, batch, [one])[one]
        assert (rescans.failure(row), rescans.is_reading(row)) == ("CORRUPT_FILE", False)
    retried = ask(factory, batch, one, file("hong"), actor=HOA)
    assert retried.accepted is not None, "the same file is read again"
    assert (retried.rescan.id, retried.rescan.asked_by) == (bad.rescan.id, HOA)
    read(factory, bad.rescan.scan_id, state=ScanState.REFUSED)
    made = again(factory, batch, one)
    assert standings(factory, batch) == {"waiting": 1}
    with reading(factory) as session:
        assert papers.waiting_for(session, batch, HOA) == [made]
        assert rescans.failure(rescans.newest(session, batch, [one])[one]) == ""


def test_a_page_that_failed_counts_as_the_batch_says(factory: Sessions, agency: Agency) -> None:
    batch = make(factory, agency, page_failure=PageFailure.SKIP)
    (one,) = scan(factory, batch)
    send_back(factory, batch, one, Fault.ILLEGIBLE)
    sent = ask(factory, batch, one)
    assert read(factory, sent.rescan.scan_id, failed=1) == []
    assert returned_ids(factory, batch) == [one]
    assert state_of(factory, sent.rescan.scan_id) == "withdrawn"
    with reading(factory) as session:
        assert rescans.failure(rescans.newest(session, batch, [one])[one]) == "PAGE_FAILED"
    with pytest.raises(FileKnown):
        ask(factory, batch, one)
    again(factory, batch, one, "lần ba")
    assert standings(factory, batch) == {"waiting": 1}


def test_a_paper_with_a_code_by_then_stays(factory: Sessions, batch: str) -> None:
    (one,) = scan(factory, batch)
    send_back(factory, batch, one, Fault.CROOKED)
    sent = ask(factory, batch, one)
    with transaction(factory) as session:
        session.execute(update(Component).where(Component.id == one).values(state=ComponentState.CODED))
    assert read(factory, sent.rescan.scan_id) == []
    assert state_of(factory, sent.rescan.scan_id) == "withdrawn"
    with reading(factory) as session:
        assert papers.load(session, batch, one).component.id == one
        assert session.get_one(BatchRescan, sent.rescan.id).reason_code == "PAPER_KEPT"


def test_what_round_two_found_stays_in_its_sample(factory: Sessions, batch: str) -> None:
    set_plan(factory, batch, sample_share=1.0, error_limit=0.5)
    wrong, right, open_ = scan(factory, batch, 3)
    confirm(factory, [wrong, right, open_])
    draw(factory, batch)
    look(factory, batch, wrong, Fault.MISSING_PAGE)
    look(factory, batch, right)
    send_back(factory, batch, open_, Fault.CUT_OFF, actor=HOA)  # drawn, but nobody has looked at it in round 2
    made = again(factory, batch, wrong)
    with reading(factory) as session:
        (stratum,) = session.scalars(select(QualityStratum))
        assert sample.counted(session, [stratum.id])[stratum.id] == (3, 2, 1), "mending makes no sample better"
        assert (stratum.papers, stratum.state) == (2, StratumState.OPEN)
        (gone,) = session.scalars(select(QualityFinding).where(QualityFinding.component_id.is_(None)))
        assert (gone.state, gone.faults, gone.checked_by) == ("wrong", ["missing_page"], HOA)
    again(factory, batch, open_, "mới hai")
    with reading(factory) as session:
        (stratum,) = session.scalars(select(QualityStratum))
        assert sample.counted(session, [stratum.id])[stratum.id] == (2, 2, 1)
        assert stratum.state == StratumState.PASSED, "one of two is 50 %, not more"
    assert standings(factory, batch) == {"passed": 1, "waiting": 2}
    with pytest.raises(NotFound):
        look(factory, batch, made)
    confirm(factory, [made])
    drawn = draw(factory, batch)
    assert drawn.new == 1, "the new paper passes round 1, and is drawn of those that passed since"
    look(factory, batch, made)
    assert standings(factory, batch) == {"passed": 2, "waiting": 1}


def test_a_stratum_of_which_nothing_is_left_goes(factory: Sessions, batch: str) -> None:
    set_plan(factory, batch, sample_share=1.0)
    (one,) = scan(factory, batch)
    confirm(factory, [one])
    draw(factory, batch)
    send_back(factory, batch, one, Fault.CUT_OFF, actor=HOA)
    again(factory, batch, one)
    with reading(factory) as session:
        assert session.scalars(select(func.count()).select_from(QualityStratum)).one() == 0


def test_of_a_stack_only_the_returned_paper_goes(factory: Sessions, batch: str) -> None:
    (first,) = scan(factory, batch, 1, pages=({}, {}, {}))
    index = make_index(factory.kw["bind"])
    with transaction(factory) as session:
        one = session.get_one(Component, first)
        one.last_page = 1
        second = Component(
            scan_id=one.scan_id, dossier_id=one.dossier_id, agency_id=one.agency_id, position=2, first_page=2,
            last_page=3, fields={}, pdf_key="k2",
        )  # fmt: skip
        session.add(second)
        session.flush()
        (item,) = session.scalars(select(BatchItem).where(BatchItem.batch_id == batch))
        session.add(
            BatchPaper(component_id=second.id, item_id=item.id, agency_id=item.agency_id, key="13", key_from="sheet")
        )
        index.index_component(session, second.id)
    send_back(factory, batch, second.id, Fault.WRONG_SPLIT)
    made = again(factory, batch, second.id)
    stack, own = items(factory, batch)
    assert (stack.scan_id, stack.id) == (item.scan_id, item.id)
    assert (own.number, own.state, own.key, own.key_from) == (2, "done", "13", "sheet")
    assert own.path.startswith("upload:moi.pdf#")
    assert standings(factory, batch) == {"waiting": 2}
    with reading(factory) as session:
        assert papers.waiting_for(session, batch, HOA) == [first, made]
        assert session.get_one(BatchPaper, made).key == "13"
        pages = session.scalars(select(Page).where(Page.scan_id == stack.scan_id).order_by(Page.number))
        assert [page.left_out for page in pages] == [False, True, True]
        assert session.get_one(Scan, stack.scan_id).state == "done"
    with reading(factory) as session:
        assert batch_papers.is_one_paper(session, str(own.scan_id))


def test_what_people_tied_goes_over_to_the_new_paper(factory: Sessions, batch: str, agency: Agency) -> None:
    (one,) = scan(factory, batch)
    with transaction(factory) as session:
        brought = InventoryImport(agency_id=agency.id, actor=HEAD, filename="a.csv")
        session.add(brought)
        session.flush()
        line = InventoryLine(
            agency_id=agency.id, import_id=brought.id, year=2023, code="=7", number="7/2023", number_key="7/2023", row=2,
            listed=True,
        )  # fmt: skip
        session.add(line)
        session.flush()
        identity = f"mismatched:{line.id}:{one}"
        record = InventoryException(
            agency_id=agency.id, identity=identity, kind="mismatched", state="settled", decision="tie", line_id=line.id,
            component_id=one, tied_line_id=line.id, tied_component_id=one, candidates=[{"line": line.id, "paper": one}],
        )  # fmt: skip
        session.add(record)
    send_back(factory, batch, one, Fault.ILLEGIBLE)
    made = again(factory, batch, one)
    with reading(factory) as session:
        (kept,) = session.scalars(select(InventoryException))
        assert (kept.component_id, kept.tied_component_id, kept.tied_line_id) == (made, made, line.id)
        assert kept.identity == f"mismatched:{line.id}:{made}"
        assert kept.candidates[0]["paper"] == made
        assert decisions.settled_ties(session, [agency.id]) == {line.id: made}
    with transaction(factory) as session:
        paper = session.get_one(Component, made)
        paper.state, paper.code = ComponentState.STORED, "x.01"
        warehouse.keep(session, paper, session.get_one(Dossier, paper.dossier_id), default_catalog())
    with reading(factory) as session:
        assert session.get_one(InventoryLine, line.id).result_id == made, "though the numbers differ: a person said so"


def test_the_old_scan_is_not_put_back_beside_the_new_one(factory: Sessions, batch: str) -> None:
    (one,) = scan(factory, batch)
    old = str(items(factory, batch)[0].scan_id)
    send_back(factory, batch, one, Fault.ILLEGIBLE)
    again(factory, batch, one)
    with transaction(factory) as session, pytest.raises(Conflict, match="newer scan"):
        withdrawals.restore(session, session.get_one(Scan, old), actor=LAN)


def taken(item: BatchItem, sha256: str, path: str = "") -> Taken:
    path = path or item.path
    content = Content("application/pdf", 100, sha256, f"originals/{sha256}")
    return Taken(path, "a.pdf", [TakenFile(path, 100, "2", sha256)], content)


@pytest.mark.parametrize("existing", list(ExistingOutput))
def test_the_source_that_still_holds_the_old_scan_undoes_nothing(
    factory: Sessions, agency: Agency, existing: ExistingOutput
) -> None:
    batch = make(factory, agency, existing=existing)
    (one,) = scan(factory, batch)
    (before,) = items(factory, batch)
    old = str(before.sha256)
    with transaction(factory) as session:
        session.get_one(BatchItem, before.id).content_key = old
        key = batches.path_key(before.path)
        session.add(BatchFile(batch_id=batch, item_id=before.id, path=before.path, path_key=key, bytes=1, stamp="1", sha256=old, place=1))  # fmt: skip
    send_back(factory, batch, one, Fault.ILLEGIBLE)
    again(factory, batch, one)
    with transaction(factory) as session:
        assert batch_items.register(session, batch, taken(before, old))[1] is Happened.SAME, "copied anew"
    with transaction(factory) as session:
        copy, _ = batch_items.register(session, batch, taken(before, old, "/scan/copy.pdf"))
        assert (copy.state, copy.duplicate_of_id) == (ItemState.DUPLICATE, before.id)
        same = batch_items.register(session, batch, taken(before, file().content.sha256, "/scan/new.pdf"))[0]
        assert same.state == ItemState.DUPLICATE
    with transaction(factory) as session:
        changed = batch_items.register(session, batch, taken(before, "f" * 64))[1]
    assert changed is (Happened.REPLACED if existing is ExistingOutput.OVERWRITE else Happened.KEPT)


def test_another_file_that_took_the_place_meanwhile_keeps_it(factory: Sessions, agency: Agency) -> None:
    batch = make(factory, agency, existing=ExistingOutput.OVERWRITE)
    index = make_index(factory.kw["bind"])
    (one,) = scan(factory, batch)
    (before,) = items(factory, batch)
    send_back(factory, batch, one, Fault.ILLEGIBLE)
    sent = ask(factory, batch, one)
    with transaction(factory) as session:
        batches.move(session, batches.hold(session, batch), BatchState.RUNNING, actor=HEAD)
        assert batch_items.register(session, batch, taken(before, "e" * 64))[1] is Happened.REPLACED
    with transaction(factory) as session:
        assert batch_feed.post_next(session, batch, index) is not None
    assert read(factory, sent.rescan.scan_id) == []
    with reading(factory) as session:
        assert session.get_one(BatchRescan, sent.rescan.id).reason_code == "KEY_TAKEN"
        assert session.get_one(BatchRescan, sent.rescan.id).state == RescanState.GIVEN_UP
    assert items(factory, batch)[0].sha256 == "e" * 64
