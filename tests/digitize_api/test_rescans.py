"""A returned paper scanned again, over HTTP and by the page's plain form, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from digitize_api.batches.check import stored
from models import lifecycle
from models.batches.entities import BatchItem, BatchRescan
from models.batches.quality import rescans
from models.database import transaction
from models.entities import Component, Dispatch, Page, PageState, Scan, ScanState
from models.search import make_index
from models.settings import sqlite_url
from tests.digitize_api.api import PDF, Api, running_api
from tests.digitize_api.test_quality import COMMUNE, base, check, clerk, follow, make, seen
from tests.digitize_api.test_upload import kept

NEW = PDF + b"% scanned again"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Api]:
    url = sqlite_url(tmp_path) if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with running_api(tmp_path, url, max_upload_bytes=100_000) as api:
        api.agency("H58", "UBND tỉnh Mẫu")
        api.agency(COMMUNE, "UBND xã Tây", parent="H58")
        api.agency("H58.3", "UBND xã Đông", parent="H58")
        yield api


def send(client: httpx.Client, batch: str, paper: str, data: bytes = NEW, name: str = "12-moi.pdf") -> httpx.Response:
    return client.post(f"{base(batch)}/papers/{paper}/rescan", files={"file": (name, data)})


def read(api: Api, scan_id: str) -> str:
    """Play the workers; the new paper."""
    with transaction(api.sessions) as session:
        scan = session.get_one(Scan, scan_id)
        lifecycle.move_scan(session, scan, ScanState.READING)
        lifecycle.move_scan(session, scan, ScanState.ASSEMBLING)
        component = Component(
            scan_id=scan_id, dossier_id=scan.dossier_id, agency_id=scan.agency_id, position=1, first_page=1, last_page=1,
            fields={}, pdf_key="k",
        )  # fmt: skip
        page = Page(scan_id=scan_id, number=1, state=PageState.READ, width=60, height=80)
        session.add_all([component, page])
        session.flush()
        lifecycle.move_scan(session, scan, ScanState.DONE)
        rescans.take_place(session, scan_id, [component], make_index(api.engine))
        return component.id


def test_a_returned_paper_is_scanned_again(office: Api) -> None:
    batch, (paper, _) = make(office, 2)
    lan = clerk(office, "lan")
    assert check(lan, batch, paper, "missing_page", words="mất trang 2").status_code == 200
    answer = send(lan, batch, paper)
    assert answer.status_code == 202, answer.text
    told = answer.json()
    assert (told["state"], told["reason"], told["faults"], told["words"]) == (
        "reading",
        None,
        ["missing_page"],
        "mất trang 2",
    )
    assert (told["component"], told["filename"], told["asked_by"]) == (paper, "12-moi.pdf", "account:lan")
    scan = lan.get(told["links"]["scan"]).json()
    assert (scan["queue"], scan["state"], scan["sha256"] != "") == ("backscan", "received", True)
    with office.sessions() as session:
        (row,) = session.scalars(select(Dispatch).where(Dispatch.scan_id == told["scan"]))
        assert office.rings == [(row.id, "digitize.inspect_scan", "backscan")]
    again = send(lan, batch, paper)
    assert (again.status_code, again.json()["id"]) == (200, told["id"])
    assert len(office.rings) == 1
    made = read(office, told["scan"])
    assert seen(lan, batch)["round1"] == {"waiting": 2, "passed": 0, "returned": 0}
    again = send(lan, batch, paper)
    assert (again.status_code, again.json()["state"]) == (200, "done"), "an answer that was lost is asked for again"
    assert check(lan, batch, made).status_code in {200, 409}, "the new paper is one of the batch"
    with office.sessions() as session:
        item = session.scalars(select(BatchItem).where(BatchItem.scan_id == told["scan"])).one()
        assert item.number == 1
    differences = [one.what for one in stored(office.sessions, office.store, batch, deep=True) if one.number == 1]
    assert differences == ["pdf_missing"], "the test keeps no PDF; original, scan and bytes are what the item says"


def test_what_is_refused_changes_nothing(office: Api) -> None:
    batch, (paper, other) = make(office, 2)
    lan = clerk(office, "lan")
    refused = send(lan, batch, paper)
    assert (refused.status_code, refused.json()["code"]) == (409, "CONFLICT"), "it was not returned"
    check(lan, batch, paper, "illegible")
    for data, status, code in (
        (b"", 422, "EMPTY_FILE"),
        (b"GIF89a not a scan", 415, "UNSUPPORTED_TYPE"),
        (PDF + bytes(110_000), 413, "TOO_LARGE"),
    ):
        answer = send(lan, batch, paper, data)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["advice"]["vi"]
    assert lan.post(f"{base(batch)}/papers/{paper}/rescan", data={"x": "1"}).status_code == 422
    assert kept(office) == []
    assert seen(lan, batch)["round1"]["returned"] == 1
    hoa = clerk(office, "hoa")
    assert hoa.put(f"/api/v1/components/{paper}/lease", json={}).status_code == 200
    assert send(lan, batch, paper).json()["code"] == "HELD_BY_ANOTHER"
    assert hoa.delete(f"/api/v1/components/{paper}/lease").status_code == 204
    assert send(lan, batch, other).status_code == 409
    first = send(lan, batch, paper)
    assert first.status_code == 202
    second = send(lan, batch, paper, NEW + b"%")
    assert (second.status_code, second.json()["code"]) == (409, "CONFLICT"), "one is being read"
    with transaction(office.sessions) as session:
        scan = session.get_one(Scan, first.json()["scan"])
        lifecycle.move_scan(session, scan, ScanState.REFUSED, data={"code": "ENCRYPTED_PDF", "detail": "locked"})
    page = lan.get(f"/so-hoa-lo/{batch}/chat-luong").text
    assert "Bản quét mới 12-moi.pdf không dùng được: PDF đặt mật khẩu" in page
    check(lan, batch, other, "cut_off")
    assert send(lan, batch, other, PDF + b"2").status_code == 202
    known = send(lan, batch, paper, PDF + b"2")
    assert (known.status_code, known.json()["code"]) == (409, "FILE_KNOWN")


def test_by_the_page_without_scripts(office: Api) -> None:
    batch, (paper, _) = make(office, 2)
    here, lan = f"/so-hoa-lo/{batch}/chat-luong", clerk(office, "lan")
    check(lan, batch, paper, "missing_page", words="<b>mặt sau</b>")
    page = lan.get(here).text
    path = f"{here}/quet-lai/{paper}"
    assert f'action="{path}" enctype="multipart/form-data"' in page
    token = {"csrf_token": lan.headers.pop("X-CSRF-Token")}
    stale = lan.post(path, files={"file": ("a.pdf", NEW)})
    assert (stale.status_code, kept(office)) == (403, []), "of no page of ours"
    assert lan.post(path, files={"file": ("a.pdf", NEW)}, data={"csrf_token": "x"}).status_code == 403
    for name, data, why in (("a.gif", b"GIF89a", "Định dạng tệp"), ("", b"", "Tệp rỗng")):
        refused = lan.post(path, data=token, files={"file": (name, data)})
        assert refused.status_code in {415, 422}
        alert = refused.text.split(f'id="wrong-{paper}" role="alert">')[1].split("</p>")[0]
        assert why in alert
        assert "autofocus" in refused.text
    assert kept(office) == []
    sent = lan.post(path, data=token, files={"file": ("12 <i>.pdf", NEW)})
    page = follow(lan, sent).text
    assert sent.headers["location"].endswith(f"#paper-{paper}")
    assert "Đang đọc bản quét mới 12 &lt;i&gt;.pdf (Trần Mẫu gửi" in page
    assert f'action="{path}"' not in page, "one at a time"
    with office.sessions() as session:
        (row,) = session.scalars(select(BatchRescan))
    other = lan.post(path, data=token, files={"file": ("b.pdf", NEW + b"2")})
    assert (other.status_code, "Tệp chưa được nhận." in other.text) == (409, True)
    made = read(office, row.scan_id)
    assert "Không có giấy tờ nào bị trả lại." in lan.get(here).text
    bench = lan.get(f"{here}/kiem/{made}").text
    assert "Bản quét lại. Bản trước bị trả lại vì" in bench
    assert "Thiếu trang, &lt;b&gt;mặt sau&lt;/b&gt;" in bench
    gone = lan.post(path, data=token, files={"file": ("b.pdf", NEW + b"3")})
    assert gone.status_code == 404


def test_a_paper_of_the_warehouse_is_not_taken_away(office: Api) -> None:
    batch, (paper,) = make(office, 1)
    lan = clerk(office, "lan")
    check(lan, batch, paper, "cut_off")
    office.keep(paper)
    answer = send(lan, batch, paper)
    assert (answer.status_code, answer.json()["code"]) == (409, "PAPER_KEPT")
    page = lan.get(f"/so-hoa-lo/{batch}/chat-luong").text
    assert "lãnh đạo hủy hiệu lực bản trong kho" in page
    assert "quet-lai" not in page
