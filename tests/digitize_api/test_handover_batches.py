"""A whole batch handed over: every file of it is told, what is finished goes in, and elsewhere it is taken in once."""

from __future__ import annotations

import csv
import gc
import io
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from digitize_api.handover import package
from models.agencies import find_agency
from models.batches import store as batches
from models.batches.entities import BatchItem, ItemState
from models.database import transaction
from models.entities import Agency, Component, ComponentState, Event, Role, Scan
from models.handover.of_batch import OfBatch
from models.handover.steps import Entry, Left, Part, Step, parts, steps
from models.live_catalog import LiveCatalog
from models.settings import sqlite_url
from tests.commands.machine import at_once
from tests.digitize_api.api import Api, running_api
from tests.digitize_api.test_batches import feed, make, run, send
from tests.digitize_api.test_handover import pdf, rows, taken

PAPER = "giay_chung_nhan_ket_hon"


@dataclass
class Scanned:
    """``items``: as the API tells them, by number; ``papers``: component ids by number."""

    head: httpx.Client
    batch: str
    items: dict[int, dict[str, Any]]
    papers: dict[int, str] = field(default_factory=dict)


def scanned(api: Api, count: int, *, size: int = 0) -> Scanned:
    """``count`` files that were read, one paper each, none of them stored."""
    head = api.person(Role.SUPERVISOR)
    batch = make(head, "Kết quả 2023, kệ 4", max_under_way=1000)["id"]
    for number in range(1, count + 1):
        assert send(head, batch, f"{number}-2023.pdf", b"%PDF-1.4 " + str(number).encode()).status_code == 202
    run(head, batch)
    feed(api, batch)
    told = head.get(f"/api/v1/batches/{batch}/items", params={"limit": 500}).json()["items"]
    made = Scanned(head, batch, {one["number"]: one for one in told})
    for number, item in made.items.items():
        content = pdf(number) if not size else b"%PDF-1.7\n" + bytes([65 + number % 26]) * (size - 9)
        made.papers[number] = api.read(item["scan"], [f"Quyết định số {number}"], pdf=content)
    feed(api, batch)
    return made


def stored(api: Api, made: Scanned, *numbers: int) -> None:
    for number in numbers:
        api.keep(made.papers[number], paper_type=PAPER, fields={"number": {"value": f"{number}/2023"}})


def mixed(api: Api) -> Scanned:
    """1 and 2 in the warehouse, 3 signed, 4 just read, 5 in the warehouse but lost by the store, 6 refused, 7 taken out, 8 the same as 1, 9 waiting."""
    made = scanned(api, 7)
    stored(api, made, 1, 2, 5)
    with transaction(api.sessions) as session:
        session.get_one(Component, made.papers[3]).state = ComponentState.SIGNED
        lost = session.get_one(Component, made.papers[5]).pdf_key
        session.delete(session.get_one(Component, made.papers[6]))
    assert lost is not None
    api.store.delete(lost)
    assert made.head.put(f"/api/v1/scans/{made.items[7]['scan']}/withdrawal").status_code == 200
    with transaction(api.sessions) as session:
        item = session.scalars(select(BatchItem).where(BatchItem.number == 6)).one()
        item.state, item.reason_code = ItemState.FAILED, "CORRUPT_FILE"
    assert send(made.head, made.batch, "8.pdf", b"%PDF-1.4 1").json()["state"] == "duplicate"
    made.head.patch(f"/api/v1/batches/{made.batch}", json={"state": "paused"})
    send(made.head, made.batch, "9.pdf", b"%PDF-1.4 9")
    return made


LEFT = {3: "unfinished", 4: "unsigned", 5: "damaged", 6: "failed", 7: "withdrawn", 8: "duplicate", 9: "under_way"}


def fetched(made: Scanned, **asked: Any) -> tuple[str, bytes]:
    answer = made.head.get(f"/api/v1/batches/{made.batch}/handover.zip", params=asked)
    assert answer.status_code == 200, answer.text
    assert "content-length" not in answer.headers, "streamed"
    return answer.headers["content-disposition"].partition('"')[2].removesuffix('.zip"'), answer.content


def listed(name: str, content: bytes) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read(f"{name}/metadata/danh-sach.csv").decode("utf-8-sig")
        told = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        inside = {one for one in archive.namelist() if one.endswith(".pdf")}
        assert inside == {f"{name}/data/{one['Tệp trong gói']}" for one in told if one["Tệp trong gói"]}
    return told


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Api]:
    """An empty installation."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with running_api(folder, sqlite_url(folder)) as api:
        yield api


def test_every_file_is_told_and_what_is_finished_goes_in(api: Api, elsewhere: Api) -> None:
    made = mixed(api)
    plan = made.head.get(f"/api/v1/batches/{made.batch}/handover").json()
    assert (plan["papers"], plan["dossiers"], plan["unfinished"]) == (3, 3, False), "the store is asked when it is sent"
    assert {one["reason"]: one["files"] for one in plan["left_out"]} == dict.fromkeys(
        set(LEFT.values()) - {"damaged"}, 1
    )
    (part,) = plan["parts"]
    assert (part["first"], part["last"], part["papers"], part["left_out"]) == (1, 9, 3, 6)
    name, content = fetched(made)
    assert made.head.get(part["link"]).content == content, "the same content, the same bytes"
    assert name == f"lo-{made.batch[:8]}"
    checked = package.check(io.BytesIO(content))
    assert (checked.name, checked.dossiers, checked.papers) == (name, 2, 2)
    told = listed(name, content)
    assert [int(one["STT"]) for one in told] == list(range(1, 10)), "each file once"
    assert {int(one["STT"]): one["Mã lý do"] for one in told if one["Mã lý do"]} == LEFT
    assert all(one["Không giao vì"] for one in told if one["Mã lý do"])
    assert told[0]["Tệp trong gói"] == f"{made.items[1]['dossier']}.001.pdf"
    assert (told[0]["Nguồn"], told[7]["Chi tiết"], told[5]["Chi tiết"]) == (made.items[1]["path"], "#1", "CORRUPT_FILE")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read(f"{name}/data/{made.items[2]['dossier']}.001.pdf") == pdf(2)
        info = archive.read(f"{name}/bag-info.txt").decode()
    for line in ("External-Description: Kết quả 2023, kệ 4", "Handover-Files: 1-9 of 9", "Handover-Left-Out: 7"):
        assert f"{line}\n" in info, info

    done = taken(elsewhere, content)
    assert (done.dossiers, done.papers, done.unchanged) == (2, 2, 0)
    there, here = rows(elsewhere), rows_but_lost(api, made)
    assert there == {key: here[key] for key in there}
    assert len([key for key in there if key.startswith("result ")]) == 2
    assert (taken(elsewhere, content).papers, rows(elsewhere)) == (0, there), "twice is the same as once"


def rows_but_lost(api: Api, made: Scanned) -> dict[str, object]:
    """All that is stored here; the lost PDF is put back first."""
    with api.sessions() as session:
        key = session.get_one(Component, made.papers[5]).pdf_key
    api.store.put(key or "", io.BytesIO(pdf(5)), media_type="application/pdf")
    return rows(api)


def test_who_took_it_out_is_on_record(api: Api) -> None:
    made = scanned(api, 2)
    stored(api, made, 1, 2)
    fetched(made)
    with api.sessions() as session:
        (note,) = session.scalars(select(Event).where(Event.kind == "handed_over"))
        assert note.actor.startswith("account:supervisor")
        assert note.data | {"papers": 2, "left_out": 0, "files": [1, 2], "batch": made.batch} == note.data
        looks = [
            one
            for one in session.scalars(select(Event).where(Event.kind == "viewed"))
            if one.data["what"] == "handover"
        ]
        assert {one.component_id for one in looks} == set(made.papers.values())
    assert "Bàn giao Kết quả 2023, kệ 4: 2 giấy tờ" in made.head.get("/nhat-ky?loai=looks").text
    clerk = api.person(Role.CLERK)
    for path in ("handover", "handover.zip"):
        assert clerk.get(f"/api/v1/batches/{made.batch}/{path}").status_code == 403
    assert clerk.get(f"/so-hoa-lo/{made.batch}/ban-giao").status_code == 403
    assert "ban-giao" not in clerk.get(f"/so-hoa-lo/{made.batch}").text
    stranger = api.person(Role.SUPERVISOR, "H57.1")
    assert stranger.get(f"/api/v1/batches/{made.batch}/handover.zip").status_code == 404


def test_papers_that_are_not_in_the_warehouse_go_in_when_they_are_asked_for(api: Api, elsewhere: Api) -> None:
    made = mixed(api)
    name, content = fetched(made, unfinished=True)
    reasons = {int(one["STT"]): one["Mã lý do"] for one in listed(name, content) if one["Mã lý do"]}
    assert reasons == {number: why for number, why in LEFT.items() if number not in {3, 4}}
    assert taken(elsewhere, content).papers == 4
    with elsewhere.sessions() as session:
        states = {one.id: one.state for one in session.scalars(select(Component))}
    assert (states[made.papers[3]], states[made.papers[4]]) == (ComponentState.SIGNED, ComponentState.CAPTURED)


def test_nothing_to_hand_over(api: Api) -> None:
    made = scanned(api, 1)
    assert made.head.get(f"/api/v1/batches/{made.batch}/handover").json()["parts"] == []
    refused = made.head.get(f"/api/v1/batches/{made.batch}/handover.zip")
    assert (refused.status_code, refused.json()["code"]) == (409, "NOT_READY")
    shown = made.head.get(f"/so-hoa-lo/{made.batch}/ban-giao").text
    assert "chưa bàn giao được" in shown
    assert "Chưa kiểm tra, chưa ký" in shown
    stored(api, made, 1)
    refused = made.head.get(f"/api/v1/batches/{made.batch}/handover.zip", params={"first": 2})
    assert refused.json()["code"] == "NOT_READY"


def test_a_large_batch_in_parts(api: Api, elsewhere: Api) -> None:
    """Each paper is in one part and each file told in one; parts may be taken in, in any order."""
    made = scanned(api, 8, size=400_000)
    stored(api, made, 1, 2, 3, 5, 6, 8)
    plan = made.head.get(f"/api/v1/batches/{made.batch}/handover", params={"part_mib": 1}).json()
    assert [(one["first"], one["last"], one["papers"]) for one in plan["parts"]] == [(1, 2, 2), (3, 5, 2), (6, 8, 2)]
    numbers: list[int] = []
    for part in reversed(plan["parts"]):
        name, content = fetched(made, first=part["first"], last=part["last"])
        assert name == f"lo-{made.batch[:8]}-{part['first']:06d}-{part['last']:06d}"
        numbers += [int(one["STT"]) for one in listed(name, content)]
        assert taken(elsewhere, content).papers == 2
    assert sorted(numbers) == list(range(1, 9))
    there = rows(elsewhere)
    assert there == {key: value for key, value in rows(api).items() if key in there}
    assert taken(elsewhere, fetched(made)[1]).papers == 0, "the whole brings nothing that the parts did not"


def test_a_part_ends_where_it_would_be_too_large() -> None:
    def of(*sizes: int) -> list[tuple[int, int | None, int]]:
        made = [
            Step(str(number), None, (Entry(number, number, "", "", "stored", None, bytes=size),))
            if size
            else Step(None, None, (Entry(number, number, "", "", "failed", Left.FAILED),))
            for number, size in enumerate(sizes, 1)
        ]
        found: list[Part] = parts(iter(made), 10, most_papers=3)
        return [(one.first, one.before, one.papers) for one in found]

    assert of() == []
    assert of(0, 0) == [(1, None, 0)]
    assert of(0, 4, 4, 0, 4, 99, 0, 1) == [(1, 5, 2), (5, 6, 1), (6, 8, 1), (8, None, 1)]
    assert of(1, 1, 1, 1) == [(1, 4, 3), (4, None, 1)]


def test_a_second_scan_of_the_same_dossier_comes_once(api: Api, elsewhere: Api) -> None:
    """Two files whose papers lie in one dossier: one record of it in the package, both papers in it, each file told."""
    made = scanned(api, 3)
    stored(api, made, 1, 2, 3)
    with transaction(api.sessions) as session:
        first, third = (session.get_one(Component, made.papers[number]) for number in (1, 3))
        third.dossier_id = first.dossier_id
        session.get_one(Scan, third.scan_id).dossier_id = first.dossier_id
    name, content = fetched(made)
    assert package.check(io.BytesIO(content)).papers == 3
    assert sorted((int(one["STT"]), one["Tệp trong gói"]) for one in listed(name, content)) == [
        (1, f"{made.items[1]['dossier']}.001.pdf"),
        (2, f"{made.items[2]['dossier']}.001.pdf"),
        (3, f"{made.items[1]['dossier']}.002.pdf"),
    ]
    plan = made.head.get(f"/api/v1/batches/{made.batch}/handover", params={"part_mib": 1}).json()
    assert (plan["dossiers"], plan["papers"]) == (2, 3)
    for within in ({"last": 2}, {"first": 3}):
        taken(elsewhere, fetched(made, **within)[1])
    with elsewhere.sessions() as session:
        assert {one.id for one in session.scalars(select(Component))} == set(made.papers.values())


def test_memory_does_not_grow_with_what_is_handed_over(api: Api) -> None:
    """Neither with the bytes of the PDFs nor with how many files the batch has."""
    made = scanned(api, 12, size=4_000_000)
    stored(api, made, *made.papers)
    wanted = package.Chosen("a", steps(api.sessions, OfBatch(made.batch)), {}, frozenset(agencies(api)), listed=True)
    with peak() as most:
        size = sum(
            len(chunk) for chunk in package.stream(package.Stored(api.sessions, api.store, LiveCatalog()), wanted)
        )
        held = most()
    assert size > 48_000_000
    assert held < 8_000_000
    many = waiting(api, 3200)
    found: list[int] = []
    for last in (800, 3200):
        with peak() as most:
            count = 0
            for step in steps(api.sessions, OfBatch(many), 1, last + 1):
                count += len(step.entries)
                if count % 250 == 0:
                    gc.collect()  # garbage in circles is not what is held
            found.append(most())
        assert count == last
    assert found[1] < 1.2 * found[0], found


@contextmanager
def peak() -> Iterator[Callable[[], int]]:
    """How many bytes more were held at once within the block than at its beginning."""
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        yield lambda: tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def agencies(api: Api) -> frozenset[str]:
    with api.sessions() as session:
        return frozenset(session.scalars(select(Agency.id)))


def waiting(api: Api, count: int) -> str:
    with transaction(api.sessions) as session:
        agency = find_agency(session, "H56.14")
        batch = batches.create(session, agency=agency, name="dài", policies=batches.Policies(), actor="command:x")
        session.flush()
        for number in range(1, count + 1):
            session.add(
                BatchItem(batch_id=batch.id, agency_id=agency.id, number=number, path=f"/scan/{number}.pdf",
                          path_key=batches.path_key(str(number)), filename=f"{number}.pdf", state=ItemState.WAITING)
            )  # fmt: skip
        return batch.id


@pytest.mark.services
def test_into_a_province_and_out_of_it(api: Api, postgres_url: str, tmp_path: Path) -> None:
    made = scanned(api, 3)
    stored(api, made, 1, 3)
    _, content = fetched(made)
    folder = tmp_path / "province"
    folder.mkdir()
    with running_api(folder, postgres_url) as other:
        assert (taken(other, content).papers, taken(other, content).papers) == (2, 0)
        there = rows(other)
        assert there == {key: value for key, value in rows(api).items() if key in there}
        own = scanned(other, 2)
        stored(other, own, 2)
        name, again = fetched(own)
        assert [one["Mã lý do"] for one in listed(name, again)] == ["unsigned", ""]


def test_as_a_command(api: Api, tmp_path: Path) -> None:
    made = scanned(api, 5, size=400_000)
    stored(api, made, 1, 2, 4)
    refuse_nothing = tmp_path / "none.zip"
    words = ("handover", "export", "--data", str(tmp_path), "--batch")
    assert at_once(*words, "không có", str(refuse_nothing)).returncode == 3
    both = at_once(*words, made.batch[:8], "--dossier", "x", str(refuse_nothing))
    assert (both.returncode, refuse_nothing.exists()) == (2, False)
    out = tmp_path / "lo.zip"
    whole = at_once(*words, "Kết quả 2023, kệ 4", str(out))
    assert (whole.returncode, "3 giấy tờ / papers" in whole.stdout) == (0, True), whole.stderr
    assert "left out: 2 chưa kiểm tra, chưa ký" in whole.stderr
    assert out.read_bytes() == fetched(made)[1], "the command and the page make the same package"
    divided = at_once(*words, made.batch, str(out), "--part-mib", "1")
    assert divided.returncode == 0, divided.stderr
    found = [tmp_path / f"lo-{number:03d}.zip" for number in (1, 2)]
    assert [package.check(io.BytesIO(one.read_bytes())).papers for one in found] == [2, 1]
    taken_in = at_once("handover", "import", str(found[1]), "--data", str(tmp_path / "other"))
    assert "giấy tờ mới / new papers: 1" in taken_in.stdout, taken_in.stderr
    with api.sessions() as session:
        notes = session.scalars(select(Event).where(Event.kind == "handed_over", Event.actor.startswith("command:")))
        assert [one.data["papers"] for one in notes] == [3, 2, 1]
