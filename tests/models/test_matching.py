"""Papers matched to lines, exception records and decisions that last, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from models import warehouse
from models.agencies import create_agency
from models.batches.entities import Batch, BatchItem, BatchPaper, ItemState
from models.catalog import default_catalog
from models.database import reading, transaction
from models.entities import (
    Agency,
    Component,
    ComponentState,
    Dossier,
    Event,
    InventoryException,
    InventoryLine,
    Result,
    Scan,
    ScanState,
)
from models.errors import Conflict, InvalidRequest, NotFound
from models.inventory import exceptions, matching, store
from models.inventory.decisions import Decision, State
from models.inventory.exceptions import Asked, Choice
from models.inventory.matching import Matched
from models.inventory.sheet import Usual, read_inventory
from models.rules.matching import Kind
from tests.models.stored import Paper, at, open_dossier
from tests.models.stored import store as keep_paper

Factory = sessionmaker[Session]
HEAD = "Mã kiểm đếm;Số, ký hiệu;Họ và tên;Ngày cấp;Số định danh"
DAY = date(2023, 5, 2)
NOON = at(date(2023, 9, 15))
ACTOR = "account:le.giam.sat"


@pytest.fixture
def commune(factory: Factory) -> Agency:
    with transaction(factory) as session:
        return create_agency(session, code="H58.2", name="UBND xã Tây")


def bring(factory: Factory, folder: Path, *rows: str, replace: bool = False, head: str = HEAD) -> None:
    path = folder / "danh-sach.csv"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    found = read_inventory(path, default_catalog(), Usual("H58.2", 2023), agencies=["H58.2"])
    assert found.errors == ()
    with transaction(factory) as session:
        agency = session.scalars(select(Agency).where(Agency.code == "H58.2")).one()
        store.take(session, found, store.Source(agency, "a.csv", ACTOR), default_catalog(), replace=replace)


def stored(factory: Factory, agency: Agency, *, key: str = "", queue: str = "backscan", **says: Any) -> str:
    """A stored paper; with ``key`` as one of a batch."""
    with transaction(factory) as session:
        here = session.get_one(Agency, agency.id)
        dossier = open_dossier(session, here, NOON)
        result = keep_paper(session, dossier, Paper(**says), NOON, queue=queue)
        if key:
            declare(session, here, dossier, result.id, key)
        return result.id


def declare(session: Session, agency: Agency, dossier: Dossier, component_id: str, key: str) -> None:
    batch = session.scalar(select(Batch)) or Batch(agency_id=agency.id, name="Lô", created_by=ACTOR)
    session.add(batch)
    session.flush()
    number = session.scalars(select(func.count(BatchItem.id))).one() + 1
    item = BatchItem(
        batch_id=batch.id,
        agency_id=agency.id,
        number=number,
        path=f"{number}.pdf",
        path_key=str(number),
        filename=f"{number}.pdf",
        state=ItemState.DONE,
    )
    session.add(item)
    session.flush()
    session.add(BatchPaper(component_id=component_id, item_id=item.id, agency_id=agency.id, key=key, key_from="name"))


def match(factory: Factory, agency: Agency) -> Matched:
    with reading(factory) as session:
        looked = matching.look(session, agency.id, default_catalog())
    with transaction(factory) as session:
        return matching.keep(session, looked, ACTOR)


def records(factory: Factory, agency: Agency, state: State | None = State.OPEN) -> list[InventoryException]:
    with reading(factory) as session:
        return exceptions.listed(session, Asked(state=state, limit=500), [agency.id])[0]


def kinds(factory: Factory, agency: Agency) -> list[tuple[str, str]]:
    """Of each open record its kind and the line's or paper's number."""
    found = []
    for one in records(factory, agency):
        assert one.line or one.component
        number = one.line.number if one.line else one.component and one.component.fields["number"]["value"]
        found.append((one.kind, str(number)))
    return sorted(found)


def settle(factory: Factory, agency: Agency, record: InventoryException, choice: Choice) -> InventoryException:
    with transaction(factory) as session:
        return exceptions.settle(session, record.id, [agency.id], choice, ACTOR)


def undo(factory: Factory, agency: Agency, record: InventoryException) -> None:
    with transaction(factory) as session:
        exceptions.undo(session, record.id, [agency.id], ACTOR)


def tied(factory: Factory) -> dict[str, str]:
    """Paper by the line's number."""
    with reading(factory) as session:
        return {line.number: line.result_id for line in session.scalars(select(InventoryLine)) if line.result_id}


def of(factory: Factory, agency: Agency, kind: Kind) -> InventoryException:
    found = [one for one in records(factory, agency) if one.kind == kind]
    assert len(found) == 1, found
    return found[0]


def test_the_four_lists_and_twice_is_the_same_as_once(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    papers = {
        "slip": stored(factory, commune, number="18/2023", issued_on=DAY, holder="079200000123"),
        "by key": stored(factory, commune, key="H-2", number="2/2023"),
        "contradicts": stored(factory, commune, key="h-3", number="99/2023"),
        "stray": stored(factory, commune, number="500/2023", issued_on=DAY),
        "one": stored(factory, commune, number="4/2023", issued_on=DAY),
        "two": stored(factory, commune, number="4/2023", issued_on=DAY),
        "at the counter": stored(factory, commune, queue="counter", number="600/2023", issued_on=DAY),
    }
    bring(
        factory,
        tmp_path,
        "H-1;13/2023;;02/05/2023;079200000123",
        "H-2;7/2023;;;",
        "H-3;3/2023;;;",
        "H-4;4/2023;;02/05/2023;",
        "H-5;5/2023;;02/05/2023;",
    )
    done = match(factory, commune)
    # 2 for 7 is what a reader takes; the key says it is the line. 18 for 13 with day and holder's number.
    assert tied(factory) == {"13/2023": papers["slip"], "7/2023": papers["by key"]}
    assert (done.lines, done.papers, done.tied, done.loosened, done.waiting) == (5, 7, 2, 0, 0)
    assert kinds(factory, commune) == [
        ("duplicate", "4/2023"),
        ("duplicate", "4/2023"),
        ("mismatched", "3/2023"),
        ("missing", "5/2023"),
        ("unlisted", "500/2023"),
    ]
    before = {one.id: one.found_at for one in records(factory, commune)}
    again = match(factory, commune)
    assert (again.tied, again.new, again.gone) == (0, 0, 0)
    assert {one.id: one.found_at for one in records(factory, commune)} == before
    assert again.open == {Kind.MISSING: 1, Kind.UNLISTED: 1, Kind.MISMATCHED: 1, Kind.DUPLICATE: 2}


def test_what_is_found_no_more_is_gone_and_kept(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    bring(factory, tmp_path, ";1/2023;;02/05/2023;")
    match(factory, commune)
    record = of(factory, commune, Kind.MISSING)
    stored(factory, commune, number="1/2023", issued_on=DAY)
    assert match(factory, commune).gone == 1
    assert records(factory, commune) == []
    assert [one.id for one in records(factory, commune, State.GONE)] == [record.id]
    bring(factory, tmp_path, ";9/2023;;02/05/2023;", replace=True)  # the line is withdrawn, its paper free again
    match(factory, commune)
    bring(factory, tmp_path, ";1/2023;;09/09/2023;", ";9/2023;;02/05/2023;")
    match(factory, commune)
    assert kinds(factory, commune) == [("mismatched", "1/2023"), ("missing", "9/2023")]


def test_a_tie_by_a_person_outlives_lists_corrections_and_runs(
    tmp_path: Path, factory: Factory, commune: Agency
) -> None:
    paper = stored(factory, commune, number="500/2023", issued_on=DAY)
    bring(factory, tmp_path, "H-1;1/2023;A;03/05/2023;", "H-2;2/2023;B;04/05/2023;")
    match(factory, commune)
    choice = Choice(Decision.TIE, "xem bản gốc", number="01/2023")
    record = settle(factory, commune, of(factory, commune, Kind.UNLISTED), choice)
    assert (record.state, record.settled_by, record.reason) == ("settled", ACTOR, "xem bản gốc")
    assert tied(factory) == {"1/2023": paper}
    assert kinds(factory, commune) == [("missing", "2/2023")]  # the line's own record is gone at once
    assert match(factory, commune).loosened == 0
    bring(factory, tmp_path, "H-1;10/2023;A;03/05/2023;", "H-2;2/2023;B;04/05/2023;")  # its number is mended
    assert tied(factory) == {"10/2023": paper}
    bring(factory, tmp_path, "H-2;2/2023;B;04/05/2023;", replace=True)  # withdrawn, and back
    assert tied(factory) == {}
    bring(factory, tmp_path, "H-1;10/2023;A;03/05/2023;")
    assert tied(factory) == {"10/2023": paper}
    with transaction(factory) as session:  # the paper is corrected
        component = session.get_one(Component, paper)
        component.fields = {**component.fields, "number": {"value": "501/2023"}}
        warehouse.keep(session, component, session.get_one(Dossier, component.dossier_id), default_catalog())
    match(factory, commune)
    assert tied(factory) == {"10/2023": paper}
    undo(factory, commune, record)
    assert tied(factory) == {}
    match(factory, commune)
    assert kinds(factory, commune) == [("missing", "10/2023"), ("missing", "2/2023"), ("unlisted", "501/2023")]
    with reading(factory) as session:
        told = session.scalars(select(Event).where(Event.kind.like("inventory_%settled")).order_by(Event.id)).all()
    assert [(one.kind, one.actor, one.data["decision"], one.data["reason"]) for one in told] == [
        ("inventory_settled", ACTOR, "tie", "xem bản gốc"),
        ("inventory_unsettled", ACTOR, "tie", "xem bản gốc"),
    ]


def test_kept_apart_stays_apart_however_alike(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    papers = [stored(factory, commune, number="1/2023", issued_on=DAY) for _ in range(2)]
    rows = ["H-1;1/2023;A;02/05/2023;"]
    bring(factory, tmp_path, *rows)
    match(factory, commune)
    first = next(one for one in records(factory, commune) if one.component_id == papers[0])
    settle(factory, commune, first, Choice(Decision.APART, "bản lưu khác"))
    bring(factory, tmp_path, *rows)  # the rules of lists alone would tie the other now, and not the one kept apart
    assert tied(factory) == {"1/2023": papers[1]}
    match(factory, commune)
    assert kinds(factory, commune) == [("unlisted", "1/2023")]
    undo(factory, commune, first)
    match(factory, commune)
    assert kinds(factory, commune) == [("duplicate", "1/2023")]


def test_another_paper_instead_of_the_one_that_was_tied(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    bring(factory, tmp_path, "H-1;1/2023;A;02/05/2023;")
    old, new = (stored(factory, commune, number="1/2023", issued_on=DAY) for _ in range(2))
    match(factory, commune)
    assert tied(factory) == {"1/2023": old}
    settle(factory, commune, of(factory, commune, Kind.DUPLICATE), Choice(Decision.TIE, "bản rõ hơn"))
    assert tied(factory) == {"1/2023": new}
    match(factory, commune)
    assert of(factory, commune, Kind.DUPLICATE).component_id == old
    with pytest.raises(Conflict, match="somebody has tied"):
        settle(factory, commune, of(factory, commune, Kind.DUPLICATE), Choice(Decision.TIE, "không"))


def test_what_is_not_ours_is_asked_no_more(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    paper = stored(factory, commune, number="500/2023", issued_on=DAY)
    bring(factory, tmp_path, "H-1;1/2023;A;02/05/2023;")
    match(factory, commune)
    for kind in (Kind.UNLISTED, Kind.MISSING):
        settle(factory, commune, of(factory, commune, kind), Choice(Decision.NOT_OURS, "của xã khác"))
    done = match(factory, commune)
    assert (done.lines, done.papers, sum(done.open.values())) == (0, 0, 0)
    bring(factory, tmp_path, "H-1;1/2023;A;02/05/2023;", "H-9;500/2023;;02/05/2023;")
    assert tied(factory) == {}
    match(factory, commune)
    assert kinds(factory, commune) == [("missing", "500/2023")]
    with reading(factory) as session:
        assert session.get_one(Result, paper).number_key == "500/2023"  # nothing is lost


def test_a_paper_not_yet_stored_waits_and_its_line_is_not_missing(
    tmp_path: Path, factory: Factory, commune: Agency
) -> None:
    with transaction(factory) as session:
        here = session.get_one(Agency, commune.id)
        dossier = open_dossier(session, here, NOON)
        scan = Scan(
            dossier_id=dossier.id,
            agency_id=here.id,
            actor="batch:x",
            filename="a.pdf",
            media_type="application/pdf",
            bytes=1,
            sha256="0",
            original_key="k",
            queue="backscan",
            created_at=NOON,
            state=ScanState.DONE,
        )
        session.add(scan)
        session.flush()
        values = {"paper_type": "giay_chung_nhan_ket_hon", "fields": {"number": {"value": "77/2023"}}}
        paper = Component(
            scan_id=scan.id, dossier_id=dossier.id, agency_id=here.id, position=1, first_page=1, last_page=1, **values
        )
        session.add(paper)
        session.flush()
        declare(session, here, dossier, paper.id, "H-1")
    bring(factory, tmp_path, "H-1;17/2023;;;", "H-2;2/2023;;;")
    done = match(factory, commune)
    assert (done.tied, done.waiting, done.open[Kind.MISSING], done.open[Kind.MISMATCHED]) == (0, 1, 1, 0)
    record = of(factory, commune, Kind.MISSING)
    assert record.line is not None
    assert record.line.number == "2/2023"
    # A person ties the paper to the other line; it is tied when it is stored, not before.
    settle(factory, commune, record, Choice(Decision.TIE, "số đọc sai", paper=paper.id))
    assert tied(factory) == {}
    with transaction(factory) as session:
        component = session.get_one(Component, paper.id)
        component.state = ComponentState.STORED
        warehouse.keep(session, component, session.get_one(Dossier, component.dossier_id), default_catalog())
    assert tied(factory) == {"2/2023": paper.id}
    with transaction(
        factory
    ) as session:  # taken out of its dossier: it is a paper no more, but the person's word stands
        session.get_one(Scan, scan.id).state = ScanState.WITHDRAWN
    match(factory, commune)
    assert tied(factory) == {"2/2023": paper.id}


def test_decisions_need_a_reason_a_half_and_an_open_record(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    stored(factory, commune, number="500/2023", issued_on=DAY)
    bring(factory, tmp_path, "H-1;1/2023;A;02/05/2023;", "H-2;1/2023;B;03/05/2023;")
    match(factory, commune)
    record = of(factory, commune, Kind.UNLISTED)
    for wrong, says in (
        (Choice(Decision.APART, "  "), "reason"),
        (Choice(Decision.TIE, "x"), "needs a line"),
        (Choice(Decision.TIE, "x", line="0" * 32), "needs a line"),
        (Choice(Decision.TIE, "x", number="1/2023"), "several"),
        (Choice(Decision.TIE, "x", number="8/2023"), "needs a line"),
    ):
        with pytest.raises(InvalidRequest, match=says):
            settle(factory, commune, record, wrong)
    settle(factory, commune, record, Choice(Decision.APART, "x"))
    settle(factory, commune, record, Choice(Decision.APART, "x"))  # again is the same as once
    with pytest.raises(Conflict):
        settle(factory, commune, record, Choice(Decision.NOT_OURS, "x"))
    with pytest.raises(NotFound), transaction(factory) as session:
        exceptions.settle(session, record.id, [], Choice(Decision.APART, "x"), ACTOR)
    with pytest.raises(NotFound), transaction(factory) as session:
        exceptions.undo(session, record.id, [], ACTOR)


def test_numbers_alone_list_nothing(tmp_path: Path, factory: Factory, commune: Agency) -> None:
    stored(factory, commune, number="500/2023", issued_on=DAY)
    bring(factory, tmp_path, "2023;40", head="Năm;Số lượng")
    assert match(factory, commune).papers == 0
    assert records(factory, commune) == []
