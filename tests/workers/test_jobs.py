"""The life of a scan in one process, job by job, on a real database and store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from sqlalchemy import select

from models.database import transaction
from models.entities import Component, Dispatch, DispatchState, Event, Page, PageState
from models.search import SearchQuery
from storage.keys import first_look_key, page_image_key
from tests.faults.pool import FakeEngine
from tests.faults.system import draw_document
from tests.workers.runtimes import post, runtime_in, scan_of
from tests.workers.signed import OFFICE, make_signer, signed
from workers.jobs import HANDLERS
from workers.runner import run
from workers.runtime import Runtime
from workers.steps import signatures as module

PAGES = 3


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    with runtime_in(tmp_path, load_engine=lambda: FakeEngine(0.0)) as made:
        monkeypatch.setattr(made.doorbell, "ring", lambda _rings: [])  # nobody listens: the test runs the rows
        yield made


@pytest.fixture
def document(tmp_path: Path) -> Path:
    return draw_document(tmp_path / "scan.pdf", PAGES)


def pending(runtime: Runtime, scan_id: str) -> list[Dispatch]:
    with runtime.sessions() as session:
        statement = select(Dispatch).where(Dispatch.scan_id == scan_id, Dispatch.state == DispatchState.PENDING)
        return list(session.scalars(statement.order_by(Dispatch.created_at, Dispatch.subject)))


def run_all(runtime: Runtime, scan_id: str) -> list[str]:
    """Run what is pending until nothing is; the tasks that ran, in order."""
    ran = []
    while rows := pending(runtime, scan_id):
        for row in rows:
            assert run(runtime, HANDLERS, row.id)
            ran.append(row.task.removeprefix("digitize."))
    return ran


def events_of(runtime: Runtime, scan_id: str) -> list[tuple[str, dict[str, Any]]]:
    with runtime.sessions() as session:
        found = session.scalars(select(Event).where(Event.scan_id == scan_id).order_by(Event.id))
        return [(event.kind, event.data) for event in found]


def test_from_the_post_to_the_pdf(runtime: Runtime, document: Path) -> None:
    scan_id, _ = post(runtime, document)
    assert run_all(runtime, scan_id) == ["inspect_scan", "read_page", "read_page", "read_page", "assemble_scan"]
    scan = scan_of(runtime, scan_id)
    assert (scan.state, scan.page_count) == ("done", PAGES)
    told = events_of(runtime, scan_id)
    states = [data["state"] for kind, data in told if kind == "state"]
    assert states == ["received", "reading", "assembling", "done"]
    kind, last = told[-1]
    assert kind == "done"
    with runtime.sessions() as session:
        component = session.scalars(select(Component).where(Component.scan_id == scan_id)).one()
        assert last["components"][0]["pdf"] == f"/api/v1/components/{component.id}/pdf"
        found = runtime.index.search(session, SearchQuery(q="khai sinh", agency_ids=[component.agency_id]))
        assert component.id in {hit.component_id for hit in found.hits}
    assert component.pdf_key is not None
    with runtime.store.open(component.pdf_key) as stream:
        assert stream.read(5) == b"%PDF-"


def test_who_signed_the_posted_file_is_told_with_the_scan(runtime: Runtime, document: Path, tmp_path: Path) -> None:
    sealed = tmp_path / "sealed.pdf"
    with pikepdf.open(document) as pdf:
        pdf.save(sealed)  # in a form that the signing library takes
    sealed.write_bytes(signed(sealed.read_bytes(), make_signer(tmp_path), "Lanh_dao"))
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(document.read_bytes().replace(b"%%EOF", b"% /ByteRange\n%%EOF"))
    told, subjects = list[list[Any]](), list[str]()
    for path in (document, sealed, broken):
        scan_id, _ = post(runtime, path)
        run_all(runtime, scan_id)
        told.append(scan_of(runtime, scan_id).signatures or [])
        subjects.append(_subject(runtime, scan_id))
    unsigned, (signature,), unclear = told
    assert unsigned == []
    assert (signature["signer"], signature["intact"], signature["valid"]) == (OFFICE, True, True)
    # It says that it is signed, but its cross-references are not what the checking library understands.
    assert [(each["intact"], bool(each["problem"])) for each in unclear] == [(None, True)]
    assert [bool(subject) for subject in subjects] == [False, True, True]
    module.stop()


def _subject(runtime: Runtime, scan_id: str) -> str:
    with runtime.sessions() as session:
        key = session.scalars(select(Component.pdf_key).where(Component.scan_id == scan_id)).one()
    with runtime.store.open(str(key)) as stream, pikepdf.open(stream) as pdf:
        return str(pdf.docinfo.get("/Subject", ""))


def test_the_first_look_tells_pages_and_warnings_before_anything_is_read(runtime: Runtime, document: Path) -> None:
    scan_id, inspect_id = post(runtime, document)
    assert run(runtime, HANDLERS, inspect_id)
    told = events_of(runtime, scan_id)
    assert told[1] == ("state", {"state": "reading", "pages": PAGES, "warnings": []})
    looks = [data for kind, data in told if kind == "page"]
    assert [data["number"] for data in looks] == list(range(1, PAGES + 1))
    assert {data["state"] for data in looks} == {"inspected"}
    assert all(data["regions"] == [] for data in looks)
    assert all("DPI_LOW" in data["warnings"] for kind, data in told if kind == "warning")


def test_a_picture_is_there_with_the_first_look(runtime: Runtime, document: Path) -> None:
    """The counter shows what came before it is read; the straightened picture takes its place, and the first one is not kept."""
    scan_id, inspect_id = post(runtime, document)
    assert run(runtime, HANDLERS, inspect_id)
    first = [first_look_key(scan_id, number) for number in range(1, PAGES + 1)]
    assert _images(runtime, scan_id) == first
    with runtime.store.open(first[0]) as stream:
        assert stream.read(2) == b"\xff\xd8"
    run_all(runtime, scan_id)
    assert _images(runtime, scan_id) == [page_image_key(scan_id, number) for number in range(1, PAGES + 1)]
    assert not set(first) & {item.key for item in runtime.store.list(f"derived/{scan_id[:2]}/{scan_id}/pages/")}


def _images(runtime: Runtime, scan_id: str) -> list[str | None]:
    with runtime.sessions() as session:
        return list(session.scalars(select(Page.image_key).where(Page.scan_id == scan_id).order_by(Page.number)))


def test_a_backscan_is_not_looked_at_and_read_on_its_own_queue(runtime: Runtime, document: Path) -> None:
    scan_id, inspect_id = post(runtime, document, queue="backscan")
    assert run(runtime, HANDLERS, inspect_id)
    assert {row.queue for row in pending(runtime, scan_id)} == {"backscan"}
    assert not [kind for kind, _ in events_of(runtime, scan_id) if kind == "page"]


def test_counter_pages_are_read_beside_the_inspections_and_not_before_them(runtime: Runtime, document: Path) -> None:
    scan_id, inspect_id = post(runtime, document)
    assert run(runtime, HANDLERS, inspect_id)
    assert {row.queue for row in pending(runtime, scan_id)} == {"pages"}


def test_every_job_may_run_twice(runtime: Runtime, document: Path) -> None:
    scan_id, _ = post(runtime, document)
    while rows := pending(runtime, scan_id):
        for row in rows:
            assert run(runtime, HANDLERS, row.id)
            again(runtime, row.id)
            assert run(runtime, HANDLERS, row.id)
    told = events_of(runtime, scan_id)
    assert len([1 for kind, _ in told if kind == "done"]) == 1
    assert sorted(data["number"] for kind, data in told if kind == "page" and data["state"] == "read") == [1, 2, 3]
    with runtime.sessions() as session:
        assert session.query(Component).filter_by(scan_id=scan_id).count() == 1
        assert session.query(Page).filter_by(scan_id=scan_id).count() == PAGES


def again(runtime: Runtime, dispatch_id: str) -> None:
    """As if the commit that completed it had been lost with the lease."""
    with transaction(runtime.sessions) as session:
        row = session.get_one(Dispatch, dispatch_id)
        row.state, row.lease_owner = DispatchState.PENDING, None


def test_an_inspection_killed_after_its_first_commit_goes_on(runtime: Runtime, document: Path) -> None:
    scan_id, inspect_id = post(runtime, document)
    assert run(runtime, HANDLERS, inspect_id)
    with transaction(runtime.sessions) as session:  # announced, but no pages handed out
        session.query(Page).filter_by(scan_id=scan_id).delete()
        session.query(Dispatch).filter_by(scan_id=scan_id, task="digitize.read_page").delete()
    again(runtime, inspect_id)
    run_all(runtime, scan_id)
    assert scan_of(runtime, scan_id).state == "done"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"%PDF-1.4\n1 0 obj\n<<", "CORRUPT_FILE"), (b"not a document at all", "UNSUPPORTED_TYPE")],
)
def test_what_is_no_document_is_refused(runtime: Runtime, tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "bad.pdf"
    path.write_bytes(content)
    scan_id, _ = post(runtime, path)
    assert run_all(runtime, scan_id) == ["inspect_scan"]
    scan = scan_of(runtime, scan_id)
    assert (scan.state, scan.refused_code) == ("refused", code)
    assert events_of(runtime, scan_id)[-1][1]["code"] == code


def test_a_page_whose_every_attempt_failed_keeps_its_image_and_the_scan_goes_on(
    runtime: Runtime, document: Path
) -> None:
    scan_id, inspect_id = post(runtime, document)
    assert run(runtime, HANDLERS, inspect_id)
    victim = pending(runtime, scan_id)[1]
    with transaction(runtime.sessions) as session:
        session.get_one(Dispatch, victim.id).attempts = 3  # the worker was killed in each
    run_all(runtime, scan_id)
    assert scan_of(runtime, scan_id).state == "done"
    with runtime.sessions() as session:
        pages = list(session.scalars(select(Page).where(Page.scan_id == scan_id).order_by(Page.number)))
    assert [page.state for page in pages] == [PageState.READ, PageState.FAILED, PageState.READ]
    assert (pages[1].failure_code, pages[1].image_key is not None) == ("PAGE_CRASHED", True)


def test_a_page_that_kills_the_rescue_too_is_let_go(runtime: Runtime, document: Path) -> None:
    scan_id, inspect_id = post(runtime, document)
    assert run(runtime, HANDLERS, inspect_id)
    victim = pending(runtime, scan_id)[0]
    with transaction(runtime.sessions) as session:
        session.get_one(Dispatch, victim.id).attempts = 4
    run_all(runtime, scan_id)
    with runtime.sessions() as session:
        page = session.scalars(select(Page).where(Page.scan_id == scan_id, Page.number == 1)).one()
    # What came is still shown, as the first look saw it.
    assert (page.failure_code, page.image_key) == ("PAGE_CRASHED", first_look_key(scan_id, 1))
    assert scan_of(runtime, scan_id).state == "done"


def test_a_scan_that_can_not_be_assembled_fails_with_an_event(runtime: Runtime, document: Path) -> None:
    scan_id, inspect_id = post(runtime, document)
    assert run(runtime, HANDLERS, inspect_id)
    for row in pending(runtime, scan_id):
        run(runtime, HANDLERS, row.id)
    (assemble,) = pending(runtime, scan_id)
    with transaction(runtime.sessions) as session:
        session.get_one(Dispatch, assemble.id).attempts = 3
    assert run(runtime, HANDLERS, assemble.id)
    scan = scan_of(runtime, scan_id)
    assert (scan.state, scan.refused_code) == ("failed", "INTERNAL")
    assert events_of(runtime, scan_id)[-1][0] == "done"
