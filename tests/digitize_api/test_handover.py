"""A dossier handed over and taken in elsewhere: everything that was told is there, each PDF byte for byte, and twice is the same as once."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from digitize_api.handover import package
from models.agencies import find_agency
from models.database import transaction
from models.dossiers import create_dossier
from models.entities import (
    Agency,
    Component,
    Dossier,
    Event,
    Holder,
    InventoryImport,
    InventoryLine,
    IssuedCode,
    Page,
    Result,
    ReuseLink,
    Role,
    Scan,
    now,
)
from models.errors import (
    DigitizeError,
    PackageConflict,
    PackageDamaged,
    PackageMalformed,
    PackageTooLarge,
    PackageUnsafe,
)
from models.handover.take import Taken
from models.live_catalog import LiveCatalog
from models.search import SearchQuery, make_index
from models.settings import sqlite_url
from storage.bags import Bounds
from tests.commands.machine import at_once, digitize
from tests.digitize_api.api import Api, running_api
from tests.digitize_api.test_pages import HOLDER
from tests.digitize_api.test_upload import post

MARRIAGE = "giay_chung_nhan_ket_hon"


def pdf(number: int) -> bytes:
    return b"%PDF-1.7\n" + f"{number}\n".encode() * (2000 + number) + b"%%EOF\n"


def handed_over(api: Api, role: Role = Role.CLERK) -> tuple[str, str, httpx.Client]:
    """A dossier of two papers, one of them stored, that uses the stored paper of an earlier dossier again; its code and that one's."""
    station, person = api.station(), api.person(role)
    earlier = api.dossier(station, holder=HOLDER, procedure="2.000806")
    kept = api.read(
        post(station, earlier, b"%PDF-1.4 a", key="a").json()["id"], ["Giấy chứng nhận kết hôn"], pdf=pdf(1)
    )
    fields = {"number": {"value": "12/2023"}, "issued_on": {"value": "2023-05-02"}, "issuer": {"value": "UBND xã Mẫu"}}
    api.keep(kept, paper_type=MARRIAGE, fields=fields)
    code = api.dossier(station, holder=HOLDER, procedure="2.001263", title="Xác nhận tình trạng hôn nhân")
    first = api.read(
        post(station, code, b"%PDF-1.4 b", key="b").json()["id"], ["Tờ khai", "trang hai: đề nghị cấp"], pdf=pdf(2)
    )
    second = api.read(post(station, code, b"%PDF-1.4 c", key="c").json()["id"], ["Quyết định về việc"], pdf=pdf(3))
    with transaction(api.sessions) as session:
        session.get_one(Component, first).paper_type = "to_khai"
    api.keep(
        second, paper_type="quyet_dinh", fields={"number": {"value": "383/QĐ-UBND"}, "summary": {"value": "v" * 700}}
    )
    used = {"dossier": code, "slot": "tinh_trang_hon_nhan"}
    assert person.post(f"/api/v1/results/{kept}/reuse", json=used).status_code == 201
    assert person.post(f"/api/v1/results/{second}/hand-over").status_code == 200
    return code, earlier, person


def fetched(client: httpx.Client, code: str) -> bytes:
    answer = client.get(f"/api/v1/dossiers/{code}/handover.zip")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="{code}-ban-giao.zip"'
    assert "content-length" not in answer.headers, "streamed"
    return answer.content


def taken(api: Api, content: bytes) -> Taken:
    stored = package.Stored(api.sessions, api.store, LiveCatalog())
    return package.take_in(io.BytesIO(content), stored, make_index(api.engine), actor="command:test", name="a.zip")


def test_the_package(api: Api) -> None:
    code, earlier, person = handed_over(api)
    assert f'href="/api/v1/dossiers/{code}/handover.zip"' in person.get(f"/ho-so/{code}").text
    content = fetched(person, code)
    assert content == fetched(person, code), "the same content, the same bytes"
    checked = package.check(io.BytesIO(content))
    assert (checked.name, checked.dossiers, checked.papers) == (code, 2, 3)
    archive = zipfile.ZipFile(io.BytesIO(content))
    names = [f"{code}.001.pdf", f"{code}.002.pdf", f"{earlier}.001.pdf"]
    for number, name in zip((2, 3, 1), names, strict=True):
        assert archive.read(f"{code}/data/{name}") == pdf(number)
    told = json.loads(archive.read(f"{code}/metadata/{code}.json"))
    decision = told["papers"][1]
    assert told["schema"] == "digitize.handover/1"
    assert (decision["appendix"]["CodeNumber"], decision["appendix"]["CodeNotation"]) == ("383", "QĐ-UBND")
    assert (len(decision["appendix"]["Subject"]), decision["cut"]) == (500, ["Subject"])
    assert decision["fields"]["summary"]["value"] == "v" * 700, "cut for the appendix, whole beside it"
    assert [len(one["text"]) > 0 for one in told["papers"][0]["pages"]] == [True, True]
    table = archive.read(f"{code}/metadata/giay-to.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table), delimiter=";"))
    assert [row["Tệp"] for row in rows] == names
    assert rows[2]["FileNotation"] == earlier
    info = archive.read(f"{code}/bag-info.txt").decode()
    assert "Source-Organization: UBND xã Mẫu (H56.14)\n" in info
    with api.sessions() as session:
        looks = session.scalars(select(Event).where(Event.kind == "viewed"))
        assert len({event.component_id for event in looks if event.data["what"] == "handover"}) == 3


def rows(api: Api) -> dict[str, object]:
    """What a package should carry from one installation to another."""
    with api.sessions() as session:
        told: dict[str, object] = {}
        for dossier in session.scalars(select(Dossier)):
            holder = session.get(Holder, dossier.holder_id) if dossier.holder_id else None
            agency = session.get_one(Agency, dossier.agency_id)
            told[dossier.code] = (
                *(dossier.id, dossier.procedure, dossier.title, dossier.channel, dossier.created_at),
                *(dossier.created_by, dossier.finished_on, dossier.result_form, agency.code, agency.name),
                *((holder.kind, holder.id_number, holder.name, holder.birth_date) if holder else ()),
            )
        for one in session.scalars(select(Component)):
            pages = session.scalars(
                select(Page)
                .where(Page.scan_id == one.scan_id, Page.number.between(one.first_page, one.last_page))
                .order_by(Page.number)
            )
            with api.store.open(one.pdf_key or "") as stream:
                content = stream.read()
            told[one.id] = (
                *(one.dossier_id, one.paper_type, one.paper_type_score, one.title, one.fields, one.state, one.version),
                *(one.code, one.pdf_sha256, one.pdf_bytes, one.attributes, one.slot, one.scope, one.created_at),
                [(page.text, page.width, page.dpi, page.grade_mean, page.warnings) for page in pages],
                content,
            )
        for result in session.scalars(select(Result)):
            number = session.scalar(select(Holder.id_number).where(Holder.id == result.holder_id))
            told[f"result {result.id}"] = (
                *(number, result.paper_type, result.number_key, result.issued_on, result.valid_until, result.scope),
                *(result.expiry_rule, result.stored_at, result.returned_at, result.cancelled_at, result.cancel_reason),
                result.replaced_by_id,
            )
        for link in session.scalars(select(ReuseLink)):
            told[f"link {link.result_id}"] = (link.dossier_id, link.slot, link.version, link.state, link.actor, link.at)
        return told


def test_into_an_empty_installation_and_again(api: Api, tmp_path: Path) -> None:
    code, earlier, person = handed_over(api)
    content = fetched(person, code)
    folder = tmp_path / "other"
    folder.mkdir()
    with running_api(folder, sqlite_url(folder)) as other:
        done = taken(other, content)
        assert (done.dossiers, done.papers, done.unchanged, done.links, done.not_linked) == (2, 3, 0, 1, 0)
        assert rows(other) == rows(api)
        again = taken(other, content)
        assert (again.dossiers, again.papers, again.unchanged, again.links) == (0, 0, 3, 0)
        assert rows(other) == rows(api)
        with other.sessions() as session:
            assert session.scalars(select(func.count()).select_from(Scan)).one() == 3
            events = session.scalars(select(Event).where(Event.kind == "taken_in", Event.scan_id.is_(None))).all()
            assert {event.data["package"] for event in events} == {"a.zip"}
        clerk = other.person()
        assert fetched(clerk, code) == content, "handed on, it is the same package"
        page = clerk.get(f"/ho-so/{code}").text
        assert "Nhập từ gói bàn giao a.zip" in page
        query = SearchQuery(q="de nghi cap", agency_ids=other_agencies(other))
        with other.sessions() as session:
            assert make_index(other.engine).search(session, query).total == 1
        for scan in other_scans(other):
            with other.store.open(scan.original_key) as stream:
                assert len(stream.read()) == scan.bytes
        with transaction(other.sessions) as session:
            fresh = create_dossier(session, agency=find_agency(session, "H56.14"))
            assert fresh.code not in {code, earlier}, "numbers that were taken in are not given again"
            assert session.scalars(select(func.count()).select_from(IssuedCode)).one() == 2


@pytest.mark.services
def test_into_a_province(api: Api, postgres_url: str, tmp_path: Path) -> None:
    code, _, person = handed_over(api)
    content = fetched(person, code)
    folder = tmp_path / "other"
    folder.mkdir()
    with running_api(folder, postgres_url) as other:
        for done in (taken(other, content), taken(other, content)):
            assert done.not_linked == 0
            assert rows(other) == rows(api)
        assert fetched(other.person(), code) == content


def other_agencies(api: Api) -> frozenset[str]:
    with api.sessions() as session:
        return frozenset(session.scalars(select(Agency.id)))


def other_scans(api: Api) -> list[Scan]:
    with api.sessions() as session:
        return list(session.scalars(select(Scan)))


def test_into_where_it_came_from_changes_nothing_and_what_ended_since_is_told(api: Api, tmp_path: Path) -> None:
    code, earlier, person = handed_over(api)
    content, before = fetched(person, code), rows(api)
    assert taken(api, content).unchanged == 3
    assert rows(api) == before
    folder = tmp_path / "other"
    folder.mkdir()
    with running_api(folder, sqlite_url(folder)) as other:
        taken(other, content)
        head = api.person(Role.SUPERVISOR)
        with api.sessions() as session:
            result = session.scalars(select(Result).where(Result.paper_type == MARRIAGE)).one().id
        assert head.post(f"/api/v1/results/{result}/cancel", json={"reason": "cấp sai"}).status_code == 200
        assert taken(other, fetched(person, earlier)).papers == 0
        with other.sessions() as session:
            assert session.get_one(Result, result).cancel_reason == "cấp sai"


def test_what_contradicts_is_refused_and_nothing_of_it_kept(api: Api, tmp_path: Path) -> None:
    code, _, person = handed_over(api)
    content = fetched(person, code)
    with transaction(api.sessions) as session:
        paper = session.scalars(select(Component).where(Component.paper_type == "to_khai")).one()
        paper.version = 2
    before = rows(api)
    with pytest.raises(PackageConflict, match="other content"):
        taken(api, content)
    assert rows(api) == before
    folder = tmp_path / "other"
    folder.mkdir()
    with running_api(folder, sqlite_url(folder)) as other:
        other.agency("H56.14")
        with transaction(other.sessions) as session:
            agency = find_agency(session, "H56.14")
            session.add(Dossier(code=code, agency_id=agency.id))
        with pytest.raises(PackageConflict, match=f"another dossier has the code {code}"):
            taken(other, content)
        with other.sessions() as session:
            dossier = session.scalars(select(Dossier.id).where(Dossier.code == code)).one()
            assert session.scalars(select(Component).where(Component.dossier_id == dossier)).all() == []


def changed(content: bytes, ending: str, old: bytes, new: bytes, *, sums: bool = False) -> bytes:
    """The package with some bytes of one file replaced; ``sums``: and its manifests made to fit, as a forger would."""
    import hashlib  # noqa: PLC0415

    source = zipfile.ZipFile(io.BytesIO(content))
    files = {info.filename: source.read(info) for info in source.infolist()}
    name = next(one for one in files if one.endswith(ending))
    assert old in files[name]
    files[name] = files[name].replace(old, new)
    if sums:
        root = name.partition("/")[0]
        lines = [
            f"{hashlib.sha256(files[f'{root}/{line[66:]}']).hexdigest()}  {line[66:]}\n"
            for line in files[f"{root}/tagmanifest-sha256.txt"].decode().splitlines()
        ]
        files[f"{root}/tagmanifest-sha256.txt"] = "".join(lines).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for one, inside in files.items():
            target.writestr(one, inside)
    return out.getvalue()


def test_bad_packages_are_refused_with_their_codes(api: Api, tmp_path: Path) -> None:
    code, _, person = handed_over(api)
    good = fetched(person, code)
    climbing = io.BytesIO(good)
    with zipfile.ZipFile(climbing, "a") as archive:
        archive.writestr(f"{code}/data/../../../tmp/x.pdf", b"%PDF")
    record = f"metadata/{code}.json"
    cases: list[tuple[bytes, type[DigitizeError], str]] = [
        (b"no zip", PackageMalformed, "not a ZIP"),
        (climbing.getvalue(), PackageUnsafe, "lead out"),
        (changed(good, ".001.pdf", b"%%EOF", b"%%XXX"), PackageDamaged, "SHA-256"),
        (changed(good, record, b'"version": 1', b'"version": 7'), PackageDamaged, "metadata/"),
        (changed(good, record, b'"version": 1', b'"version": 0', sums=True), PackageMalformed, "version"),
        (changed(good, record, b".001.pdf", b".009.pdf", sums=True), PackageMalformed, "another name"),
        (changed(good, record, b'"bytes": ', b'"bytes": 1', sums=True), PackageDamaged, "tells of"),
    ]
    folder = tmp_path / "other"
    folder.mkdir()
    with running_api(folder, sqlite_url(folder)) as other:
        for content, kind, words in cases:
            with pytest.raises(kind, match=words):
                taken(other, content)
        with pytest.raises(PackageTooLarge):
            package.check(io.BytesIO(good), Bounds(packed=100))
        assert rows(other) == {}
        assert list(other.store.list("originals/")) == [], "nothing of them is stored"


def test_a_dossier_without_papers_and_a_damaged_paper(api: Api) -> None:
    code = api.dossier(api.station())
    person = api.person()
    assert person.get(f"/api/v1/dossiers/{code}/handover.zip").json()["code"] == "NOT_READY"
    paper = api.read(post(api.station(), code, b"%PDF-1.4 d").json()["id"], ["a"])
    with transaction(api.sessions) as session:
        session.get_one(Component, paper).pdf_sha256 = "0" * 64
    with pytest.raises(httpx.RemoteProtocolError):
        person.get(f"/api/v1/dossiers/{code}/handover.zip")


def test_two_papers_of_the_same_bytes(api: Api, tmp_path: Path) -> None:
    station = api.station()
    code = api.dossier(station)
    for one in (b"%PDF-1.4 e", b"%PDF-1.4 f"):
        api.read(post(station, code, one, key=one[-1:].decode()).json()["id"], ["một", "hai"], pdf=pdf(4))
    folder = tmp_path / "other"
    folder.mkdir()
    with running_api(folder, sqlite_url(folder)) as other:
        taken(other, fetched(api.person(), code))
        assert rows(other) == rows(api)


def box_over_http(api: Api) -> bytes:
    """The package that the box's page leads to."""
    head = api.person(Role.SUPERVISOR)
    page = head.get("/kiem-dem/hop", params={"co-quan": "H56.14", "nam": 2023, "hop": "Hộp 07"})
    (link,) = re.findall(r'href="(/api/v1/inventory/handover[^"]+)"', page.text)
    assert "handover.zip" not in api.person(Role.CLERK).get(page.request.url.raw_path.decode()).text
    assert head.get("/api/v1/inventory/handover.zip", params={"year": 2020}).json()["code"] == "NOT_READY"
    return head.get(link.replace("&amp;", "&")).content


def test_a_selection_of_an_inventory(api: Api, tmp_path: Path) -> None:
    """``digitize handover export|check|import``: only papers that the year's lines are tied to; their numbers are the dossier's."""
    _, earlier, _ = handed_over(api)
    with transaction(api.sessions) as session:
        owner = find_agency(session, "H56.14")
        result = session.scalars(select(Result).where(Result.paper_type == MARRIAGE)).one()
        brought = InventoryImport(agency_id=owner.id, actor="x", filename="a.csv")
        session.add(brought)
        session.flush()
        line = {"agency_id": owner.id, "code": "1", "listed": True, "import_id": brought.id, "row": 2}
        session.add(InventoryLine(year=2023, result_id=result.id, scanned_at=now(), box="Hộp 07", **line))
        other = {"agency_id": owner.id, "import_id": brought.id, "year": 2023}
        session.add(InventoryLine(code="2", listed=True, row=3, box="Hộp 07", shelf="A2", **other))
        session.add(InventoryLine(code="3", listed=False, count=12, row=4, **other))
        session.add(InventoryLine(code="4", listed=True, row=5, withdrawn_at=now(), **other))
    out, data = tmp_path / "year.zip", tmp_path
    words = ("handover", "export", str(out), "--data", str(data))
    assert at_once(*words).returncode == 2
    none = at_once(*words, "--agency", "H56.14", "--year", "2020")
    assert (none.returncode, out.exists()) == (3, False), none.stderr
    made = digitize(*words, "--agency", "H56.14", "--year", "2023")
    assert made.returncode == 0, made.stderr
    checked = at_once("handover", "check", str(out))
    assert (checked.returncode, "H56.14-2023: 1 hồ sơ / dossiers, 1 giấy tờ" in checked.stdout) == (0, True)
    with zipfile.ZipFile(out) as archive:
        told = json.loads(archive.read(f"H56.14-2023/metadata/{earlier}.json"))
        assert [one["file"] for one in told["papers"]] == [f"{earlier}.001.pdf"]
        listed = list(csv.DictReader(io.StringIO(archive.read("H56.14-2023/metadata/danh-sach.csv").decode("utf-8-sig")), delimiter=";"))  # fmt: skip
        assert [(one["Mã kiểm kê"], one["Tệp trong gói"], one["Mã lý do"], one["Chi tiết"]) for one in listed] == [
            ("1", f"{earlier}.001.pdf", "", ""),
            ("2", "", "not_found", ""),
            ("3", "", "count_only", "12"),
        ]
    assert "left out: 1 chưa số hóa hoặc chưa khớp danh sách" in made.stderr
    boxed = at_once(*words[:2], str(tmp_path / "box.zip"), *words[3:], "--agency", "H56.14", "--year", "2023", "--box", "Hộp 07")  # fmt: skip
    assert (boxed.returncode, boxed.stderr.count("left out")) == (0, 1), boxed.stderr
    with zipfile.ZipFile(tmp_path / "box.zip") as archive:
        assert archive.namelist()[0].startswith("H56.14-2023-hop-")
    assert box_over_http(api) == (tmp_path / "box.zip").read_bytes(), "the command and the page make the same package"
    with api.sessions() as session:
        notes = session.scalars(select(Event).where(Event.kind == "handed_over")).all()
        assert [(one.data["name"], one.data["papers"], one.data["left_out"]) for one in notes] == [
            ("H56.14-2023", 1, 2),
            ("H56.14 2023 Hộp 07", 1, 1),
            ("H56.14 2023 Hộp 07", 1, 1),
        ]
    elsewhere = tmp_path / "elsewhere"
    taken_in = at_once("handover", "import", str(out), "--data", str(elsewhere))
    assert (taken_in.returncode, "giấy tờ mới / new papers: 1" in taken_in.stdout) == (0, True), taken_in.stderr
    out.write_bytes(changed(out.read_bytes(), ".001.pdf", b"%%EOF", b"%%XXX"))
    bad = at_once("handover", "import", str(out), "--data", str(elsewhere))
    assert (bad.returncode, "PACKAGE_DAMAGED" in bad.stderr) == (3, True)
    alone = at_once("handover", "export", str(out), "--data", str(data), "--dossier", earlier)
    assert alone.returncode == 0, alone.stderr
