"""A scan arranged by a person, job by job, on a real database and store: parted, joined, turned, refused, done twice, given up."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import select

from models import arrangements, corrections, intake, outbox, withdrawals
from models.arrangements import Wanted
from models.database import transaction
from models.entities import Component, ComponentState, Dispatch, Dossier, Page, ReviewLease, Scan, now
from models.errors import Conflict, HeldByAnother, InvalidRequest, PaperFixed
from models.scans import load_scan, scans_of
from models.search import SearchQuery
from tests.faults.pool import FakeEngine
from tests.faults.system import draw_document
from tests.workers.runtimes import post, runtime_in
from tests.workers.test_jobs import again, events_of, run_all
from workers.jobs import HANDLERS, arrange_scan
from workers.leases import Job
from workers.names import Queue, TaskName
from workers.page import Line, Pixels
from workers.runtime import Runtime

PAGES, OFFICER = 4, "account:can.bo"


class Engine(FakeEngine):
    """As the fake one, but a page on its side does not kill it."""

    def read(self, grey: Pixels, dpi: float) -> tuple[Line, ...]:
        return super().read(grey[:, :1], dpi)


@dataclass
class World:
    runtime: Runtime
    scan: str

    def ask(self, begins: set[int], turned: Mapping[int, int] | None = None, actor: str = OFFICER) -> int | None:
        return self.want(Wanted(frozenset(begins), turned or {}), actor)

    def want(self, wanted: Wanted, actor: str = OFFICER) -> int | None:
        with transaction(self.runtime.sessions) as session:
            agency = session.get_one(Scan, self.scan).agency_id
            scan = load_scan(session, self.scan, {agency})
            serial = arrangements.ask(session, scan, wanted, actor=actor)
            if serial is not None:
                outbox.enqueue(session, TaskName.ARRANGE_SCAN, f"{scan.id}/{serial}", Queue.PAGES, scan.id)
        return serial

    def move(self, *order: int, begins: set[int] | None = None, out: set[int] | None = None) -> list[tuple[int, ...]]:
        """The papers as pages of the file, once it is done."""
        wanted = Wanted(
            None if begins is None else frozenset(begins),
            order=order or None,
            left_out=None if out is None else frozenset(out),
        )
        assert self.want(wanted) is not None
        assert run_all(self.runtime, self.scan) == ["arrange_scan"]
        return self.in_file()

    def in_file(self) -> list[tuple[int, ...]]:
        return [
            tuple(self.page(number).source_number for number in range(one.first_page, one.last_page + 1))
            for one in self.papers()
        ]

    def arrange(self, begins: set[int], turned: Mapping[int, int] | None = None) -> list[tuple[int, int]]:
        assert self.ask(begins, turned) is not None
        assert run_all(self.runtime, self.scan) == ["arrange_scan"]
        return [(one.first_page, one.last_page) for one in self.papers()]

    def papers(self) -> list[Component]:
        with self.runtime.sessions() as session:
            statement = select(Component).where(Component.scan_id == self.scan).order_by(Component.position)
            return list(session.scalars(statement))

    def pdf_pages(self, paper: Component) -> int:
        with self.runtime.store.open(str(paper.pdf_key)) as stream, pikepdf.open(stream) as pdf:
            return len(pdf.pages)

    def take_out(self) -> bool:
        with transaction(self.runtime.sessions) as session:
            scan = load_scan(session, self.scan, {session.get_one(Scan, self.scan).agency_id})
            return withdrawals.withdraw(session, scan, self.runtime.index, actor=OFFICER)

    def state(self) -> str:
        with self.runtime.sessions() as session:
            return session.get_one(Scan, self.scan).state

    def change(self, paper: str, **values: Any) -> None:
        with transaction(self.runtime.sessions) as session:
            for name, value in values.items():
                setattr(session.get_one(Component, paper), name, value)

    def page(self, number: int) -> Page:
        with self.runtime.sessions() as session:
            return session.scalars(select(Page).where(Page.scan_id == self.scan, Page.number == number)).one()

    def found(self, words: str) -> set[str]:
        with self.runtime.sessions() as session:
            agency = session.get_one(Scan, self.scan).agency_id
            hits = self.runtime.index.search(session, SearchQuery(q=words, agency_ids=[agency])).hits
            return {hit.component_id for hit in hits}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose only scan has four pages, one paper; to be copied, since reading them takes longer than the tests."""
    folder = tmp_path_factory.mktemp("read")
    with runtime_in(folder, load_engine=lambda: Engine(0.0)) as runtime:
        made = read_in(runtime, folder, PAGES)
        if len(made.papers()) > 1:
            made.arrange({1})
    return folder


def read_in(runtime: Runtime, folder: Path, pages: int) -> World:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runtime.doorbell, "ring", lambda _rings: [])
        scan_id, _ = post(runtime, draw_document(folder / "scan.pdf", pages))
        run_all(runtime, scan_id)
    return World(runtime, scan_id)


@contextmanager
def copy_of(folder: Path, to: Path, database: str | None = None) -> Iterator[World]:
    """What was read, in a folder of the test's own; ``database``: a copy of its PostgreSQL database."""
    shutil.copytree(folder, to, dirs_exist_ok=True)
    with runtime_in(to, load_engine=lambda: Engine(0.0), database=database) as runtime:
        with runtime.sessions() as session:
            scan_id = session.scalars(select(Scan.id)).one()
        yield World(runtime, scan_id)


@pytest.fixture
def world(read: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Four pages, one paper."""
    with copy_of(read, tmp_path) as made:
        monkeypatch.setattr(made.runtime.doorbell, "ring", lambda _rings: [])
        yield made


def test_a_paper_is_parted_and_joined_again(world: World) -> None:
    (before,) = world.papers()
    assert world.arrange({1, 3}) == [(1, 2), (3, 4)]
    first, second = world.papers()
    assert first.id == before.id
    assert [world.pdf_pages(first), world.pdf_pages(second)] == [2, 2]
    assert [one.position for one in (first, second)] == [1, 2]
    assert first.version == before.version + 1
    with world.runtime.sessions() as session:
        (earlier,) = corrections.versions(session, first.id)
    assert earlier.content["pages"] == [1, 4]
    assert earlier.replaced_by == OFFICER
    assert {first.id, second.id} <= world.found("khai sinh")

    assert world.arrange({1}) == [(1, 4)]
    (joined,) = world.papers()
    assert joined.id == before.id
    assert second.id not in world.found("khai sinh")
    kind, data = events_of(world.runtime, world.scan)[-1]
    assert kind == "arranged"
    assert [one["pages"] for one in data["before"]] == [[1, 2], [3, 4]]
    assert [one["pages"] for one in data["after"]] == [[1, 4]]
    assert data["removed"][0]["pages"] == [3, 4], "what the paper said is kept with the event"


def test_papers_that_keep_their_pages_are_left_alone(world: World) -> None:
    world.arrange({1, 2, 4})
    first, second, third = world.papers()
    for paper in (first, third):
        world.change(paper.id, fields={"title": {"value": "GIẤY CỦA TÔI", "source": "manual"}}, state="verified")
    assert world.arrange({1, 2, 3, 4}) == [(1, 1), (2, 2), (3, 3), (4, 4)]
    now_first, now_second, new, last = world.papers()
    assert [now_first.id, now_second.id, last.id] == [first.id, second.id, third.id]
    assert new.id not in {first.id, second.id, third.id}
    for then, paper in ((first, now_first), (third, last)):
        assert paper.state == ComponentState.VERIFIED
        assert paper.fields["title"]["value"] == "GIẤY CỦA TÔI"
        assert (paper.version, paper.pdf_sha256) == (then.version, then.pdf_sha256)
    assert last.position == 4


def test_what_somebody_typed_stays(world: World) -> None:
    (paper,) = world.papers()
    typed = {"value": "123/QĐ-UBND", "source": "manual", "confidence": 1.0}
    world.change(paper.id, fields={**paper.fields, "number": typed}, state="extracted")
    world.arrange({1, 2})
    first = world.papers()[0]
    assert first.fields["number"] == typed
    assert first.state == ComponentState.CAPTURED, "nothing that was checked of other pages stands"


def test_a_page_is_turned(world: World) -> None:
    world.arrange({1, 2, 3})
    before, kept = world.page(2), [one.pdf_sha256 for one in world.papers()]
    assert world.arrange({1, 2, 3}, {2: 90}) == [(1, 1), (2, 2), (3, 4)]
    after = world.page(2)
    assert after.rotation == (before.rotation + 90) % 360
    assert (after.width or 0) > (after.height or 0)
    with world.runtime.store.open(str(after.image_key)) as stream, Image.open(io.BytesIO(stream.read())) as image:
        assert image.width > image.height
    shas = [one.pdf_sha256 for one in world.papers()]
    assert [one == other for one, other in zip(kept, shas, strict=True)] == [True, False, True]
    assert world.arrange({1, 2, 3}, {2: 270}) == [(1, 1), (2, 2), (3, 4)]
    assert world.page(2).rotation == before.rotation


def test_nothing_to_do_is_nothing_done(world: World) -> None:
    assert world.ask({1}) is None
    assert world.ask(set()) is None, "the first page always begins a paper"


@pytest.mark.parametrize(
    ("begins", "turned"),
    [({1, 9}, {}), ({1}, {9: 90}), ({1}, {2: 45}), ({0}, {})],
    ids=["page", "turn", "angle", "zero"],
)
def test_pages_and_turns_that_are_none_are_refused(world: World, begins: set[int], turned: dict[int, int]) -> None:
    with pytest.raises(InvalidRequest):
        world.ask(begins, turned)


def test_confirmed_papers_keep_their_pages(world: World) -> None:
    world.arrange({1, 3})
    first, _ = world.papers()
    world.change(first.id, state="verified")
    for begins, turned in (({1, 2, 3}, {}), ({1}, {}), ({1, 4}, {}), ({1, 3}, {1: 90})):
        with pytest.raises(PaperFixed) as refused:
            world.ask(begins, turned)
        assert [reason["vi"] for reason in refused.value.reasons] == ["Giấy tờ ở trang 1-2 đã xác nhận."]
    assert world.arrange({1, 3, 4}) == [(1, 2), (3, 3), (4, 4)]


def test_a_paper_that_another_officer_has_is_left_to_them(world: World) -> None:
    (paper,) = world.papers()
    with transaction(world.runtime.sessions) as session:
        session.add(
            ReviewLease(component_id=paper.id, actor="account:nguoi.khac", since=now(), until=now().replace(year=9999))
        )
    with pytest.raises(HeldByAnother):
        world.ask({1, 2})
    assert world.ask({1, 2}, actor="account:nguoi.khac") == 1


def test_one_at_a_time_and_none_of_a_scan_that_is_not_read(world: World) -> None:
    world.ask({1, 2})
    with pytest.raises(Conflict, match="being arranged"):
        world.ask({1, 3})
    run_all(world.runtime, world.scan)
    with transaction(world.runtime.sessions) as session:
        session.get_one(Scan, world.scan).state = "reading"
    with pytest.raises(Conflict, match="is read"):
        world.ask({1})


def test_confirmed_meanwhile_stays_as_it_was(world: World) -> None:
    (paper,) = world.papers()
    world.ask({1, 2})
    world.change(paper.id, state="verified")
    run_all(world.runtime, world.scan)
    (still,) = world.papers()
    assert (still.first_page, still.last_page, still.pdf_sha256) == (1, 4, paper.pdf_sha256)
    assert events_of(world.runtime, world.scan)[-1] == ("arrangement_failed", {"code": "PAPER_FIXED"})
    with world.runtime.sessions() as session:
        assert not arrangements.is_pending(session.get_one(Scan, world.scan))


def test_the_job_may_run_twice(world: World) -> None:
    world.arrange({1, 3}, {4: 180})
    before = [(one.id, one.version, one.pdf_sha256) for one in world.papers()]
    with world.runtime.sessions() as session:
        row = session.scalars(select(Dispatch).where(Dispatch.task == TaskName.ARRANGE_SCAN)).all()[-1]
    again(world.runtime, row.id)
    assert [(one.id, one.version, one.pdf_sha256) for one in world.papers()] == before


def test_given_up_all_is_as_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (paper,) = world.papers()

    def broken(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(arrange_scan, "make_pdf", broken)
    world.ask({1, 2})
    with world.runtime.sessions() as session:
        row = session.scalars(select(Dispatch).where(Dispatch.task == TaskName.ARRANGE_SCAN)).one()
        save = HANDLERS[TaskName.ARRANGE_SCAN].give_up(
            world.runtime,
            Job(row.id, "owner", row.task, row.subject, row.queue, row.scan_id, 1),
            "no space left",
        )
    with transaction(world.runtime.sessions) as session:
        save(session)
    assert [one.id for one in world.papers()] == [paper.id]
    assert events_of(world.runtime, world.scan)[-1][0] == "arrangement_failed"


def test_a_mark_of_secrecy_that_shows_when_a_page_is_turned_stops_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R2: what was made of the scan while the mark was unread goes too."""

    @dataclass
    class Mark:
        named: str = "TỐI MẬT"

    monkeypatch.setattr(arrange_scan, "secrecy_mark", lambda _outcome: Mark())
    papers = [one.id for one in world.papers()]
    world.ask({1}, {2: 180})
    run_all(world.runtime, world.scan)
    with world.runtime.sessions() as session:
        assert session.get_one(Scan, world.scan).state == "blocked_secret"
    assert world.papers() == []
    assert not world.found("khai sinh") & set(papers)
    assert not list(world.runtime.store.list(f"derived/{world.scan[:2]}/{world.scan}/"))


def test_a_scan_is_taken_out_and_put_back(world: World) -> None:
    world.arrange({1, 3})
    before = [(one.first_page, one.last_page, one.paper_type) for one in world.papers()]
    ids = {one.id for one in world.papers()}
    assert world.take_out()
    assert not world.take_out(), "once is enough"
    assert (world.state(), world.papers()) == ("withdrawn", [])
    assert not world.found("khai sinh") & ids
    with world.runtime.sessions() as session:
        scan = session.get_one(Scan, world.scan)
        assert scans_of(session, scan.dossier_id, {scan.agency_id}) == []
    told = next(data for kind, data in reversed(events_of(world.runtime, world.scan)) if kind == "state")
    assert [one["pages"] for one in told["removed"]] == [[1, 2], [3, 4]]

    with transaction(world.runtime.sessions) as session:
        assert intake.put_back(session, session.get_one(Scan, world.scan), OFFICER).dispatch_id
    assert run_all(world.runtime, world.scan) == ["arrange_scan"]
    assert world.state() == "done"
    assert [(one.first_page, one.last_page, one.paper_type) for one in world.papers()] == before
    assert {one.id for one in world.papers()} <= world.found("khai sinh")
    with transaction(world.runtime.sessions) as session, pytest.raises(Conflict):
        withdrawals.restore(session, session.get_one(Scan, world.scan), actor=OFFICER)


def test_the_same_file_posted_again_puts_it_back(world: World) -> None:
    world.take_out()
    with transaction(world.runtime.sessions) as session:
        scan = session.get_one(Scan, world.scan)
        accepted = intake.accept_scan(
            session,
            dossier=session.get_one(Dossier, scan.dossier_id),
            actor=OFFICER,
            idempotency_key=None,
            filename=scan.filename,
            media_type=scan.media_type,
            size=scan.bytes,
            sha256=scan.sha256,
            original_key=scan.original_key,
            queue="counter",
        )
        assert (accepted.scan.id, accepted.created, accepted.task) == (scan.id, False, TaskName.ARRANGE_SCAN)
    run_all(world.runtime, world.scan)
    assert (world.state(), len(world.papers())) == ("done", 1)


def test_confirmed_papers_and_scans_at_work_are_not_taken_out(world: World) -> None:
    (paper,) = world.papers()
    world.change(paper.id, state="coded")
    with pytest.raises(PaperFixed):
        world.take_out()
    world.change(paper.id, state="captured")
    world.ask({1, 2})
    with pytest.raises(Conflict, match="being read"):
        world.take_out()
    run_all(world.runtime, world.scan)
    assert world.take_out()


def test_what_was_refused_is_put_back_as_it_was(world: World) -> None:
    with transaction(world.runtime.sessions) as session:
        scan = session.get_one(Scan, world.scan)
        scan.state, scan.refused_code = "refused", "CORRUPT_FILE"
    world.take_out()
    with transaction(world.runtime.sessions) as session:
        assert intake.put_back(session, session.get_one(Scan, world.scan), OFFICER).dispatch_id is None
    with world.runtime.sessions() as session:
        scan = session.get_one(Scan, world.scan)
        assert (scan.state, scan.refused_code) == ("refused", "CORRUPT_FILE")
